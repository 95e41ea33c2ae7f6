const LINE_EVERY_MS = 15_000;

/**
 * Prints one line.
 * @param line what to print
 */
export function say(line = ''): void {
	process.stdout.write(`${line}\n`);
}

/**
 * Says what is being done, and says again every 15 seconds for how long. Whole lines only, so it
 * reads the same in a terminal, a pipe and a log.
 * @param what what is being done, for example "Installing n8n"
 * @param work does it; it is handed a function that replaces the remark after the elapsed time
 * @returns what `work` returns
 */
export async function withProgress<Result>(
	what: string,
	work: (remark: (text: string) => void) => Promise<Result>,
): Promise<Result> {
	const started = Date.now();
	let remark = '';
	say(`${what} ...`);
	const timer = setInterval(() => {
		const seconds = Math.round((Date.now() - started) / 1000);
		say(`  ${String(seconds)} s${remark && `, ${remark}`}`);
	}, LINE_EVERY_MS);
	try {
		return await work((text) => {
			remark = text;
		});
	} finally {
		clearInterval(timer);
	}
}

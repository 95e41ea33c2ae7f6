import '../../test/support/environment';
import type { Gateway } from '../n8n/demo';
import { LiveCheck } from './check';
import { readEverything } from './reading';
import { writeAndRemove } from './writing';

/** What is to be checked. */
export interface LiveRun {
	gateway: Gateway;
	/** Whether things are created, changed and deleted as well */
	writes: boolean;
	/** Ends the writing early; what was made is removed all the same */
	signal?: AbortSignal;
	/** Prints a line */
	print: (line: string) => void;
}

/**
 * Checks the built node against Maton and Kit. What it prints has no value of an answer in it.
 * @returns whether everything is as it is known to be, and nothing was left behind
 * @throws {Failure} where the key or the connection does not work
 */
export async function runLive({ gateway, writes, signal, print }: LiveRun): Promise<boolean> {
	const check = await LiveCheck.begin(gateway, print);
	try {
		await readEverything(check);
		const { left, failed } = writes
			? await writeAndRemove(check, signal ?? new AbortController().signal)
			: { left: [] };
		const differences = check.differences();
		print('');
		for (const difference of differences) print(difference);
		for (const thing of left) print(`could not be removed, remove it in Kit: ${thing}`);
		print(check.summary());
		if (failed) throw failed;
		return differences.length === 0 && left.length === 0;
	} finally {
		await check.close();
	}
}

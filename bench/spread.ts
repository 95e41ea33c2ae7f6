/** What several runs of one measurement gave. */
export interface Spread {
	median: number;
	min: number;
	max: number;
	/** How many runs */
	n: number;
}

/**
 * @param values at least one
 * @returns their median and range
 */
export function spreadOf(values: readonly number[]): Spread {
	const sorted = [...values].sort((a, b) => a - b);
	const at = (index: number) => sorted[index] ?? NaN;
	const middle = (sorted.length - 1) / 2;
	return {
		median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
		min: at(0),
		max: at(sorted.length - 1),
		n: sorted.length,
	};
}

/** What each run of a measurement gave, by the name of the value. */
export type Values<Name extends string> = Record<Name, number>;

/**
 * Runs a measurement several times.
 * @param times how often
 * @param measure runs it once
 * @returns the spread of each of its values
 */
export async function repeat<Name extends string>(
	times: number,
	measure: () => Promise<Values<Name>>,
): Promise<Record<Name, Spread>> {
	const runs: Values<Name>[] = [];
	for (let run = 0; run < times; run++) runs.push(await measure());
	const names = Object.keys(runs[0] ?? {}) as Name[];
	return Object.fromEntries(
		names.map((name) => [name, spreadOf(runs.map((values) => values[name]))]),
	) as Record<Name, Spread>;
}

/**
 * @param work what is to be timed
 * @returns how long it took, in milliseconds
 */
export async function timed(work: () => Promise<unknown>): Promise<number> {
	const startedAt = performance.now();
	await work();
	return performance.now() - startedAt;
}

/**
 * @param work what is to be weighed
 * @returns the time that this process had a processor meanwhile, all threads together, in milliseconds
 */
export async function cpuMsOf(work: () => Promise<unknown>): Promise<number> {
	const before = process.cpuUsage();
	await work();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1000;
}

/** How many requests one run has under way at most: as many as the rate limit lets start in 2.5 s. */
export const MOST_UNDER_WAY = 25;

/** Tasks that run beside each other. */
export class TaskPool {
	private readonly underWay = new Set<Promise<void>>();

	get size(): number {
		return this.underWay.size;
	}

	/** @param task must not reject */
	start(task: Promise<void>): void {
		const ended = task.finally(() => this.underWay.delete(ended));
		this.underWay.add(ended);
	}

	/** Waits until one of the tasks has ended. */
	async next(): Promise<void> {
		await Promise.race(this.underWay);
	}
}

/**
 * Does something with many things at once, and starts nothing any more once that has failed.
 * @param things what there is to do
 * @param run does one of them
 * @returns what `run` returned, in the order of the things
 * @throws what `run` threw first
 */
export async function inParallel<T, R>(
	things: readonly T[],
	run: (thing: T) => Promise<R>,
): Promise<R[]> {
	const pool = new TaskPool();
	const results: R[] = [];
	const failures: unknown[] = [];
	for (const [index, thing] of things.entries()) {
		while (pool.size >= MOST_UNDER_WAY) await pool.next();
		if (failures.length > 0) break;
		const keep = (result: R) => {
			results[index] = result;
		};
		pool.start(run(thing).then(keep, (error: unknown) => void failures.push(error)));
	}
	while (pool.size > 0) await pool.next();
	if (failures.length > 0) throw failures[0];
	return results;
}

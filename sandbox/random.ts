/** A repeatable stream of numbers from 0 up to but not including 1. */
export type Random = () => number;

/** Makes a stream of numbers that a seed fixes (the mulberry32 generator). */
export function seeded(seed: number): Random {
	let state = seed | 0;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}

/** Picks one of several values. */
export function pick<T>(random: Random, pool: readonly T[]): T {
	const picked = pool[Math.floor(random() * pool.length)];
	if (picked === undefined) throw new Error('Nothing to pick from');
	return picked;
}

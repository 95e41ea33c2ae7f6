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

/** Mixes two integers to one of 32 bits that looks random, so that a fact about a pair needs no storage. */
export function mixed(a: number, b: number): number {
	let hash = Math.imul(a | 0, 0x9e3779b1) ^ Math.imul(b | 0, 0x85ebca77);
	hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
	hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
	return (hash ^ (hash >>> 15)) >>> 0;
}

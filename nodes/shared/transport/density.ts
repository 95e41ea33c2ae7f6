/** Where somebody has come to in a list that is sorted by time, and how dense its rows are there. */
export interface Place {
	/** Milliseconds since 1970 */
	at: number;
	/** Rows a millisecond */
	density: number;
}

/** A density beside another one that is so many times as large says no more than that it is small. */
const MOST_RATIO = 1e6;

/**
 * @param from where the rows begin
 * @param to where they end, in the direction of the sign
 * @param sign 1 where times ascend, -1 where they descend
 * @returns how many rows there are if the density grows by the same factor each day; below 0 where the
 * places have passed each other
 */
export function rowsBetween(from: Place, to: Place, sign: number): number {
	const k = growth(from, to);
	const mean = Math.abs(k) < 1e-6 ? from.density : (from.density * (Math.exp(k) - 1)) / k;
	return sign * (to.at - from.at) * mean;
}

/**
 * @param share of the rows between two places, from 0 to 1
 * @returns the place that has so many of them before it
 */
export function placeAfter(from: Place, to: Place, share: number): Place {
	const k = growth(from, to);
	const part = Math.abs(k) < 1e-6 ? share : Math.log(1 + share * (Math.exp(k) - 1)) / k;
	return {
		at: from.at + part * (to.at - from.at),
		density: from.density * Math.exp(k * part),
	};
}

/** @returns where the rows are so dense, be it beyond both places; they are nowhere where all are as dense */
export function placeOfDensity(from: Place, to: Place, density: number): Place {
	const part = Math.log(density / from.density) / growth(from, to);
	return { at: from.at + part * (to.at - from.at), density };
}

function growth(from: Place, to: Place): number {
	const most = Math.log(MOST_RATIO);
	return Math.max(-most, Math.min(most, Math.log(to.density / from.density)));
}

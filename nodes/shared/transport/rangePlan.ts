import { DAY_MS } from '../durations';
import type { Place } from './density';
import { placeAfter, placeOfDensity, rowsBetween } from './density';
import { Range, Side } from './range';

/** Shorter than this, no range is made. */
const SHORTEST_PAGES = 2;

/** A range has this share of what may be held, as others are read at the same time. */
const SHARE_OF_HELD = 1.5;

/** Of a list that is longer than what may be held, a day must not be longer than this share of a range. */
const LONGEST_DAY = 1 / 3;

/** What bounds the ranges of a list. */
export interface Bounds {
	/** How many rows a page has */
	pageSize: number;
	/** How many pages may be under way together */
	mostUnderWay: number;
	/** How many rows may be held */
	mostHeld: number;
}

/**
 * @param sign 1 where the list ascends, -1 where it descends
 * @returns how many rows may be left of a range beyond what is under way, by how dense they are at its
 * ends; not a number where nothing is known of that
 */
export function rowsLeft<T>(
	{ front, back, isComplete }: Range<T>,
	sign: 1 | -1,
	pageSize: number,
): number {
	if (isComplete) return 0;
	return rowsBetween(nextPlace(front, sign, pageSize), nextPlace(back, sign, pageSize), sign);
}

/** Where a side will have come to when what is under way is there. */
function nextPlace<T>({ isUnderWay, isFront, place }: Side<T>, sign: 1 | -1, pageSize: number) {
	if (!isUnderWay) return place;
	const ms = pageSize / place.density;
	return { ...place, at: place.at + (isFront ? sign : -sign) * ms };
}

/**
 * @param left how many rows are left of each range
 * @returns how many are to be left of one, so that all end at the same time, two pages of each being read
 * at once
 */
export function wantedRows(left: number[], { pageSize, mostUnderWay, mostHeld }: Bounds): number {
	const all = left.reduce((sum, rows) => sum + rows, 0);
	const wanted = Math.min(2 * all, SHARE_OF_HELD * mostHeld) / mostUnderWay;
	return Math.max(wanted, SHORTEST_PAGES * pageSize);
}

/**
 * Cuts the ranges that would end later than the others, as far as they are to be read already.
 * @param ranges of a list, in its order
 * @returns the same and what they have been cut into
 */
export function cutLong<T>(ranges: Range<T>[], sign: 1 | -1, bounds: Bounds): Range<T>[] {
	const { pageSize, mostUnderWay, mostHeld } = bounds;
	const left = ranges.map((range) => Math.max(0, rowsLeft(range, sign, pageSize) || 0));
	const wanted = wantedRows(left, bounds);
	let before = 0;
	return ranges.flatMap((range, index) => {
		const rows = left[index] ?? 0;
		const isFar = before > mostHeld;
		before += range.size + rows;
		if (isFar || rows < wanted + SHORTEST_PAGES * pageSize) return [range];
		const count = Math.min(Math.floor(rows / wanted), mostUnderWay);
		const isLong = rows > mostHeld;
		const share = isLong ? wanted / rows : 1 / count;
		const shares = Array.from({ length: count - 1 }, (_, part) => (part + 1) * share);
		const longestDay = isLong ? LONGEST_DAY * wanted : pageSize;
		return cut(range, shares, sign, pageSize, longestDay);
	});
}

/**
 * Cuts a range after such shares of its rows. Two ranges have the day between them in common, which is
 * therefore one of few rows.
 */
function cut<T>(
	whole: Range<T>,
	shares: number[],
	sign: 1 | -1,
	pageSize: number,
	longestDay: number,
): Range<T>[] {
	const front = nextPlace(whole.front, sign, pageSize);
	const back = nextPlace(whole.back, sign, pageSize);
	const parts = [whole];
	let range = whole;
	let day = dayOf(front.at);
	for (const share of shares) {
		const { at, density } = sparse(front, back, share, longestDay / DAY_MS);
		const next = dayOf(at);
		const isBetween = sign * (next - day) >= 1 && sign * (dayOf(back.at) - next) >= 1;
		if (!isBetween) continue;
		day = next;
		const place = { at: (day + 0.5) * DAY_MS, density };
		range = range.cut(day, new Side<T>(false, place), new Side<T>(true, place));
		parts.push(range);
	}
	return parts;
}

/** Where so many rows are before, or the next place that is no denser than it may be. */
function sparse(front: Place, back: Place, share: number, densest: number): Place {
	const place = placeAfter(front, back, share);
	return place.density > densest ? placeOfDensity(front, back, densest) : place;
}

/** @returns the day of a time, counted from 1970 on */
export function dayOf(time: number): number {
	return Math.floor(time / DAY_MS);
}

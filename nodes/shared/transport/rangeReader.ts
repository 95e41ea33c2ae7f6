import type { IDataObject } from 'n8n-workflow';
import { NodeApiError, sleep, UserError } from 'n8n-workflow';
import { DAY_MS } from '../durations';
import type { KitClient, KitRequest } from './client';
import type { Page } from './pagination';
import { fetchPage, LARGEST_PAGE, rememberCursor } from './pagination';
import type { Entry } from './range';
import { idOf, Range, Side } from './range';
import type { Bounds } from './rangePlan';
import { cutLong, dayOf, rowsLeft, wantedRows } from './rangePlan';
import { REQUESTS_PER_SECOND } from './rateLimiter';
import { MOST_UNDER_WAY } from './taskPool';

/** Whoever answers later than this, in milliseconds, is far away. */
const LATE_MS = 300;

/** By so little the times of two rows differ at least. */
const SHORTEST_MS = 1000;

/** So many of the rows before are known, and more than two ranges have of the same days. */
const MOST_IDS = 200_000;

/**
 * Where no more pages than this may be left beyond the one that is under way at the other end, this end
 * waits for it: far away a page too much costs less than one that is missing in the end.
 */
const MEETING_NEAR = 0.1;
const MEETING_FAR = -0.2;

/** Thrown where the ranges of a list turn out not to be what they should be. */
export class UnlikeRanges extends UserError {}

/** How a list is read. */
export interface ReadOptions<T> {
	/** What is kept of a row */
	toValue: (row: IDataObject) => T;
	/** How many rows may be held that come later than those that were asked for; any number if left out */
	mostHeld?: number;
	/** It may be cut into ranges, if left out */
	ranges?: RangeUse;
}

/** Whether a list is cut into ranges, and what came of it. */
export interface RangeUse {
	mayCut: boolean;
	/** Set where the list was unlike its ranges: n8n wraps an error, and some versions lose what they wrap */
	areUnlike: boolean;
}

/** As many pages are to be under way as the rate limit lets start while one takes so long, and two more. */
function pagesFor(responseMs: number): number {
	const needed = Math.ceil((REQUESTS_PER_SECOND * (responseMs + 50)) / 1000);
	return needed <= 2 ? 2 : Math.min(needed + 2, MOST_UNDER_WAY);
}

/** Reads a list that is sorted by ID, far away in ranges, each of them from both ends. */
export class RangeReader<T> {
	private readonly sign: 1 | -1;

	/** In the order of the list; those that have been handed on are gone */
	private ranges: Range<T>[];

	private mayCut: boolean;

	private readonly mostHeld: number;

	/** How many pages may be under way together */
	private mostUnderWay = 2;

	/** How many rows the largest page had, be it that Kit gives fewer than were asked for */
	private pageSize = 1;

	private underWay = 0;

	private failures: unknown[] = [];

	private waiting: (() => void)[] = [];

	/** Those that were handed on, in their order */
	private ids: number[] = [];

	constructor(
		private readonly client: KitClient,
		private readonly request: KitRequest,
		private readonly key: string,
		private readonly options: ReadOptions<T>,
	) {
		this.sign = request.query?.sort_order === 'asc' ? 1 : -1;
		const unknown = { at: NaN, density: NaN };
		this.ranges = [
			new Range<T>(this.sign, new Side<T>(true, unknown), new Side<T>(false, unknown)),
		];
		const { ranges, mostHeld = Infinity } = options;
		this.mayCut = ranges?.mayCut ?? true;
		this.mostHeld = mostHeld;
	}

	/** @returns its rows, some at a time, in the order of one walk */
	async *read(): AsyncGenerator<T[]> {
		await this.readFirst();
		for (;;) {
			if (this.failures.length > 0) throw this.failures[0];
			const [range] = this.ranges;
			if (!range) return;
			this.fetchNext();
			const entries = this.inOrder(range.take());
			if (entries.length > 0) yield entries.map(({ value }) => value);
			else if (range.isComplete) {
				this.ranges.shift();
				this.ids = this.ids.slice(-MOST_IDS);
			} else await this.change();
		}
	}

	/** The first page; and the last one, which tells how long the list is, where the first one takes long. */
	private async readFirst(): Promise<void> {
		const [whole] = this.ranges;
		if (!whole) return;
		const { front, back } = whole;
		this.fetch(front, whole);
		// In pieces, since a time in which n8n does something else says nothing of how far Kit is.
		for (let ms = 0; ms < LATE_MS && front.isUnderWay; ms += LATE_MS / 3) {
			await Promise.race([this.change(), sleep(LATE_MS / 3)]);
		}
		if (front.isUnderWay && this.mayCut) this.fetch(back, whole);
		while (front.isUnderWay) await this.change();
		this.mostUnderWay = pagesFor(this.client.responseMs);
		if (!this.isNear) return;
		this.mayCut = false;
		// One walk is fast enough near a server; where nothing is to be held, it has to be.
		if (this.mostHeld < Infinity) whole.loseBack();
	}

	/** Whether two pages at once are as many as the rate limit allows */
	private get isNear(): boolean {
		return this.mostUnderWay <= 2;
	}

	private get bounds(): Bounds {
		const { pageSize, mostUnderWay, mostHeld } = this;
		return { pageSize, mostUnderWay, mostHeld };
	}

	private get isCut(): boolean {
		return this.ranges.some(({ firstDay, lastDay }) => (firstDay ?? lastDay) !== undefined);
	}

	/** Leaves out what the ranges before had too. */
	private inOrder(entries: Entry<T>[]): Entry<T>[] {
		if (!this.mayCut) return entries;
		const { isCut } = this;
		return entries.filter(({ id }) => {
			const last = this.ids.at(-1);
			if (isCut && last !== undefined && this.sign * (id - last) <= 0) {
				if (isAmong(this.ids, id, this.sign)) return false;
				throw new UnlikeRanges('IDs and days are not in the same order');
			}
			this.ids.push(id);
			return true;
		});
	}

	/** Lets as many pages be under way as may be, first those of the ranges of which the most is left. */
	private fetchNext(): void {
		if (this.mayCut) this.ranges = cutLong(this.ranges, this.sign, this.bounds);
		for (const { side, range } of this.nextSides()) {
			if (this.underWay >= this.mostUnderWay) return;
			if (this.isNeeded(range)) this.fetch(side, range);
		}
	}

	/** The sides that can be read on, so that no more rows than may be held come before those wanted first. */
	private nextSides(): { side: Side<T>; range: Range<T>; rows: number }[] {
		const left = this.ranges.map((range) => Math.max(0, this.rowsLeft(range) || 0));
		const wanted = wantedRows(left, this.bounds);
		let before = 0;
		const sides = this.ranges.flatMap((range, index) => {
			const { front, back, size } = range;
			const all = size + (left[index] ?? 0);
			const rows = Math.min(left[index] ?? 0, wanted);
			const mayFront = index === 0 || before + front.entries.length < this.mostHeld;
			const mayBack = before <= this.mostHeld && !(back.isStarted && before + all > this.mostHeld);
			before += all;
			const [first, second] = back.isStarted ? [front, back] : [back, front];
			return [first, second]
				.filter((side) => (side.isFront ? mayFront : mayBack))
				.filter((side) => !range.isComplete && !side.isLost && !side.isUnderWay)
				.map((side) => ({ side, range, rows }));
		});
		return sides.sort((one, other) => other.rows - one.rows);
	}

	/** Whether what is under way of a range may not be all there is left of it. */
	private isNeeded(range: Range<T>): boolean {
		if (!range.sides.some(({ isUnderWay }) => isUnderWay)) return true;
		const pages = this.rowsLeft(range) / this.pageSize;
		return !(pages <= (this.isNear ? MEETING_NEAR : MEETING_FAR));
	}

	private rowsLeft(range: Range<T>): number {
		return rowsLeft(range, this.sign, this.pageSize);
	}

	private fetch(side: Side<T>, range: Range<T>): void {
		const { firstDay, lastDay } = range;
		this.underWay += 1;
		side.isUnderWay = true;
		side.isStarted = true;
		void fetchPage(this.client, this.requestOf(range, side), this.key, LARGEST_PAGE, side.cursor)
			.then((page) => {
				checkDays(page.rows, firstDay, lastDay);
				this.add(side, page);
			})
			.catch((error: unknown) => {
				const isCut = (firstDay ?? lastDay) !== undefined;
				const isTooMuch = side.isFront && isOutage(error);
				const isUnlike = isCut && (isRefused(error) || isTooMuch);
				const failure = isUnlike ? new UnlikeRanges('Kit does not answer them') : error;
				// What cannot be read from its back can be read from its front.
				if (side.isFront || failure instanceof UnlikeRanges) this.failures.push(failure);
				else this.rangeOf(side)?.loseBack();
			})
			.finally(() => {
				this.underWay -= 1;
				side.isUnderWay = false;
				for (const resolve of this.waiting.splice(0)) resolve();
			});
	}

	/** A range may have been cut while a page of it was under way. */
	private rangeOf(side: Side<T>): Range<T> | undefined {
		return this.ranges.find(({ sides }) => sides.includes(side));
	}

	private add(side: Side<T>, { rows, next }: Page): void {
		const [from, to] = [timeOf(rows[0]), timeOf(rows.at(-1))];
		const ms = Math.max(Math.abs(to - from), SHORTEST_MS);
		if (rows.length > 0) side.place = { at: to, density: rows.length / ms };
		this.pageSize = Math.max(this.pageSize, rows.length);
		side.cursor = next;
		if (next !== undefined) rememberCursor(this.client, side.cursors, next);
		// A page may begin with the row that the one before ended with.
		const entries = rows
			.map((row) => ({ id: idOf(row), value: this.options.toValue(row) }))
			.filter(({ id }) => id !== side.lastId);
		const isSorted = this.rangeOf(side)?.add(side, entries, next === undefined) ?? true;
		if (!isSorted && side.isFront && this.isCut) {
			throw new UnlikeRanges('The rows are not sorted by ID');
		}
	}

	private requestOf({ firstDay, lastDay }: Range<T>, { isFront }: Side<T>): KitRequest {
		const query = {
			...this.request.query,
			...(firstDay !== undefined && { created_after: dateOf(firstDay) }),
			...(lastDay !== undefined && { created_before: dateOf(lastDay + 1) }),
			...(!isFront && { sort_order: this.sign > 0 ? 'desc' : 'asc' }),
		};
		return { ...this.request, query };
	}

	/** Waits until something has been read or lost. */
	private async change(): Promise<void> {
		await new Promise<void>((resolve) => this.waiting.push(resolve));
	}
}

/** Kit takes no such days, or no cursor that it gave before the list was cut. */
function isRefused(error: unknown): boolean {
	return error instanceof NodeApiError && ['400', '404', '422'].includes(error.httpCode ?? '');
}

/** A list by days may take Kit longer than the gateway waits, although the whole list does not. */
function isOutage(error: unknown): boolean {
	return error instanceof NodeApiError && (error.httpCode ?? '').startsWith('5');
}

/** A day begins as much as 14 hours earlier or later elsewhere, and the filters may include their day. */
function checkDays(rows: IDataObject[], firstDay?: number, lastDay?: number): void {
	if (firstDay === undefined && lastDay === undefined) return;
	const isInside = (day: number) =>
		day >= (firstDay ?? -Infinity) - 1 && day <= (lastDay ?? Infinity) + 2;
	if (rows.every((row) => isInside(dayOf(timeOf(row))))) return;
	throw new UnlikeRanges('The filters by date do not do what they say');
}

/** @param ids in their order: ascending with sign 1, descending with -1 */
function isAmong(ids: number[], id: number, sign: number): boolean {
	let [low, high] = [0, ids.length];
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (sign * ((ids[middle] ?? 0) - id) < 0) low = middle + 1;
		else high = middle;
	}
	return ids[low] === id;
}

/** When a subscriber was created, in milliseconds since 1970; not a number where that is missing. */
function timeOf(row: IDataObject | undefined): number {
	return typeof row?.created_at === 'string' ? Date.parse(row.created_at) : NaN;
}

/** As Kit's filters take a day, `yyyy-mm-dd`. */
function dateOf(day: number): string {
	return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

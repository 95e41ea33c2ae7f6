import type { IDataObject } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';
import { linkedAbort } from './cancellation';
import type { KitClient, KitRequest } from './client';
import type { Page } from './pagination';
import { fetchPage, LARGEST_PAGE, readRows, walkPages } from './pagination';
import type { Entry } from './range';
import { idOf, Range } from './range';
import { REQUESTS_PER_SECOND } from './rateLimiter';
import { MOST_UNDER_WAY } from './taskPool';

const DAY_MS = 86_400_000;

/** As many pages as this are cut into ranges, or into smaller ones. */
const LONG_PAGES = 12;

/** So many pages a range has after a cut, if its rows are spread evenly. */
const RANGE_PAGES = 10;

const SPARE_WALKERS = 1;

/** More ranges than this a cut never makes of one, since it may hold all of its rows on one day. */
const MOST_PARTS = 6;

/** Thrown where the ranges of a list turn out not to be what they should be. */
class UnlikeRanges extends UserError {}

/** How a list is read. */
interface ReadOptions<T> {
	/** What is kept of a row */
	toValue: (row: IDataObject) => T;
	/** How many rows may be held that come later than those that were asked for; any number if left out */
	mostHeld?: number;
	/** Whether it may be cut into ranges; it may, if left out */
	mayCut?: boolean;
}

/**
 * Collects a list of subscribers. One walk waits for every page in turn, since the cursor to a page comes
 * only with the page before it; so a long list is cut into ranges of days by the documented filters
 * `created_after` and `created_before`, which are read beside each other, from their backs too where
 * that helps, and joined by ID. The ranges overlap by the day between them, since Kit does not say to
 * which of them it belongs. Where they are not what they should be, such as with a server that ignores the
 * filters, or where IDs and days are not in the same order, the list is read without them.
 * @param client sends the requests
 * @param request the list's request
 * @param key where the rows stand in each response
 * @param limit how many rows are wanted; a part of the list is read in one walk
 * @returns so many rows, or all there are, in the order of one walk
 * @throws {NodeApiError} what `walkPages` throws
 */
export async function readSortedList(
	client: KitClient,
	request: KitRequest,
	key: string,
	limit = Infinity,
): Promise<IDataObject[]> {
	if (limit < Infinity) return await readRows(client, request, key, limit);
	const read = async (mayCut: boolean) => {
		const found: IDataObject[] = [];
		const options = { toValue: (row: IDataObject) => row, mayCut };
		for await (const rows of walkSortedList(client, request, key, options)) {
			for (const row of rows) found.push(row);
		}
		return found;
	};
	return await orWithoutRanges(read);
}

/**
 * @param read reads a list, cut into ranges or not
 * @returns what it returned, without ranges where the list is unlike them
 */
export async function orWithoutRanges<T>(read: (mayCut: boolean) => Promise<T>): Promise<T> {
	try {
		return await read(true);
	} catch (error) {
		if (!isUnlikeRanges(error)) throw error as Error;
		return await read(false);
	}
}

/** n8n wraps what a stream fails with. */
function isUnlikeRanges(error: unknown): boolean {
	if (error instanceof UnlikeRanges) return true;
	const { cause } = (error ?? {}) as { cause?: unknown };
	return cause !== undefined && isUnlikeRanges(cause);
}

/**
 * Walks through a list of subscribers as `readSortedList` reads it, and hands on its rows as they come.
 * @param client sends the requests
 * @param request the list's request
 * @param key where the rows stand in each response
 * @param options how it is read
 * @returns its rows, some at a time, in the order of one walk
 * @throws {NodeApiError} what `walkPages` throws, and what `orWithoutRanges` catches
 */
export async function* walkSortedList<T>(
	client: KitClient,
	request: KitRequest,
	key: string,
	options: ReadOptions<T>,
): AsyncGenerator<T[]> {
	const { after, before, sort_field: field = 'id' } = request.query ?? {};
	if (after !== undefined || before !== undefined || field !== 'id') {
		for await (const { rows } of walkPages(client, request, key)) yield rows.map(options.toValue);
		return;
	}
	const first = await fetchPage(client, request, key, LARGEST_PAGE);
	if (first.next === undefined) {
		yield first.rows.map(options.toValue);
		return;
	}
	const { signal, abort, release } = linkedAbort(client.signal);
	const walkers = walkersFor(client.responseMs);
	const reader = new SortedListReader(client.with({ signal }), request, key, options, walkers);
	try {
		yield* reader.read(first);
	} finally {
		// Whatever is still under way is of no use any more.
		abort();
		release();
	}
}

/**
 * As many requests are to be under way as the rate limit lets start while one takes so long, and one more,
 * since ranges do not end at the same time.
 */
function walkersFor(responseMs: number): number {
	const needed = Math.ceil((REQUESTS_PER_SECOND * (responseMs + 50)) / 1000);
	return needed <= 2 ? 2 : Math.min(needed + SPARE_WALKERS, MOST_UNDER_WAY);
}

class SortedListReader<T> {
	private readonly sign: 1 | -1;

	/** In the order of the list; those that have been handed on are gone */
	private ranges: Range<T>[];

	private isCut = false;

	/** The days of the first and the last row */
	private days = { first: 0, last: 0 };

	private pageSize = LARGEST_PAGE;

	private walking = 0;

	private failures: unknown[] = [];

	private waiting: (() => void)[] = [];

	/** The IDs of this range and of the one before, in their order, as far as they were handed on */
	private ids: number[] = [];

	private idsBefore: number[] = [];

	private readonly mostHeld: number;

	/** @param walkers how many pages may be under way together */
	constructor(
		private readonly client: KitClient,
		private readonly request: KitRequest,
		private readonly key: string,
		private readonly options: ReadOptions<T>,
		private readonly walkers: number,
	) {
		this.sign = request.query?.sort_order === 'asc' ? 1 : -1;
		this.ranges = [new Range<T>(this.sign)];
		this.mostHeld = options.mostHeld ?? Infinity;
	}

	/** @param first the first page of the whole list */
	async *read(first: Page): AsyncGenerator<T[]> {
		const { mayCut = true } = this.options;
		// Near a server one walk is as fast as the rate limit; where nothing may be held, that is enough.
		const isNear = this.walkers <= 2;
		const far = isNear ? undefined : await this.fetchFar();
		if (far && mayCut) this.cutWhole(first, far);
		const [whole] = this.ranges;
		if (whole && !this.isCut) {
			if (far || (isNear && this.mostHeld === Infinity)) this.walk(this.walkBack(whole, far));
			this.walk(this.walkFront(whole, first));
		}
		for (;;) {
			const [range] = this.ranges;
			if (!range) return;
			this.startWalks();
			if (this.failures.length > 0) throw this.failures[0];
			const entries = this.inOrder(range.take());
			if (entries.length > 0) {
				this.wake();
				yield entries.map(({ value }) => value);
			} else if (range.isComplete) {
				this.ranges.shift();
				if (this.ids.length > 0) this.idsBefore = this.ids;
				this.ids = [];
			} else await this.change();
		}
	}

	/** Leaves out what the range before had too. */
	private inOrder(entries: Entry<T>[]): Entry<T>[] {
		if (!this.isCut) return entries;
		return entries.filter(({ id }) => {
			const last = this.ids.at(-1) ?? this.idsBefore.at(-1);
			if (last !== undefined && this.sign * (id - last) <= 0) {
				if (isAmong(this.idsBefore, id, this.sign)) return false;
				throw new UnlikeRanges('IDs and days are not in the same order');
			}
			this.ids.push(id);
			return true;
		});
	}

	/** The last page, which is the first one the other way round; undefined where it cannot be had. */
	private async fetchFar(): Promise<Page | undefined> {
		const reversed = this.reversed(this.request);
		return await fetchPage(this.client, reversed, this.key, LARGEST_PAGE).catch(() => undefined);
	}

	private cutWhole(first: Page, far: Page): void {
		this.pageSize = first.rows.length;
		const times = [first, far].flatMap(({ rows }) => [rows[0], rows.at(-1)]).map(timeOf);
		if (times.some(Number.isNaN)) return;
		const [first0 = 0, first1 = 0, far0 = 0, far1 = 0] = times;
		this.days = {
			first: dayOf(Math.min(first0, far0)),
			last: dayOf(Math.max(first0, far0)),
		};
		const all = Math.abs(first0 - far0);
		const estimates = [
			this.pagesIn(all, first0 - first1, first.rows.length),
			this.pagesIn(all, far0 - far1, far.rows.length),
		];
		const [fewest, most] = [Math.min(...estimates), Math.max(...estimates)];
		if (most < LONG_PAGES) return;
		const wanted = Math.max(
			Math.min(this.walkers - SPARE_WALKERS, Math.floor(fewest / 2)),
			Math.ceil(fewest / RANGE_PAGES),
			// Where only one end is dense, they are cut again when their own first page is known.
			3,
		);
		const [whole] = this.ranges;
		if (whole) this.cut(whole, wanted);
	}

	/** @returns whether the range has been cut into so many parts, or as many as it has days for */
	private cut(range: Range<T>, wanted: number): boolean {
		const { firstDay = this.days.first, lastDay = this.days.last } = range;
		const count = Math.min(wanted, Math.floor((lastDay - firstDay) / 2));
		if (count < 2) return false;
		const borderOf = (index: number) =>
			firstDay + Math.round((index * (lastDay - firstDay)) / count);
		const parts = Array.from({ length: count }, (_, index) => {
			const from = index === 0 ? range.firstDay : borderOf(index);
			const to = index === count - 1 ? range.lastDay : borderOf(index + 1);
			return new Range<T>(this.sign, from, to);
		});
		if (this.sign < 0) parts.reverse();
		this.ranges.splice(this.ranges.indexOf(range), 1, ...parts);
		this.isCut = true;
		return true;
	}

	private startWalks(): void {
		while (this.walking < this.walkers) {
			const isFull = this.ranges[0]?.isStarted === true && this.held() >= this.mostHeld;
			const next = this.ranges.find(({ isStarted }) => !isStarted);
			if (isFull) return;
			if (next) this.walk(this.walkFront(next));
			else {
				const longest = this.longest();
				if (!longest) return;
				this.walk(this.walkBack(longest));
			}
		}
	}

	/** The range that is worth reading from its back as well, if there is one. */
	private longest(): Range<T> | undefined {
		return this.ranges
			.filter(({ isComplete, hasBack, pagesLeft }) => !isComplete && !hasBack && pagesLeft > 2)
			.sort((one, other) => other.pagesLeft - one.pagesLeft)[0];
	}

	private held(): number {
		return this.ranges.reduce((sum, range) => sum + range.size, 0);
	}

	/** The first walk that fails ends all. */
	private walk(walk: Promise<void>): void {
		this.walking += 1;
		void walk
			.catch((error: unknown) => this.failures.push(error))
			.finally(() => {
				this.walking -= 1;
				this.wake();
			});
	}

	private async walkFront(range: Range<T>, known?: Page): Promise<void> {
		range.isStarted = true;
		let isFirst = known === undefined;
		for await (const { rows, next } of this.pagesOf(this.requestOf(range), known)) {
			this.checkDays(range, rows);
			range.pagesLeft = next === undefined ? 0 : this.pagesAfter(range, rows);
			const isLong = isFirst && this.isCut && range.pagesLeft >= LONG_PAGES;
			const wanted = Math.min(Math.ceil(range.pagesLeft / RANGE_PAGES), MOST_PARTS);
			if (isLong && this.cut(range, wanted)) return;
			isFirst = false;
			const isSorted = range.addToFront(this.entriesOf(rows), next === undefined);
			if (!isSorted && this.isCut) throw new UnlikeRanges('The rows are not sorted by ID');
			this.wake();
			while (!range.isComplete && this.ranges[0] !== range && this.held() >= this.mostHeld) {
				await this.change();
			}
			if (range.isComplete) return;
		}
	}

	private async walkBack(range: Range<T>, known?: Page): Promise<void> {
		range.hasBack = true;
		try {
			const request = this.reversed(this.requestOf(range));
			for await (const { rows, next } of this.pagesOf(request, known)) {
				if (!range.addToBack(this.entriesOf(rows), next === undefined)) return;
				while (!range.isComplete && this.held() >= this.mostHeld) await this.change();
			}
		} catch {
			range.loseBack();
		}
	}

	private async *pagesOf(request: KitRequest, known?: Page): AsyncGenerator<Page> {
		if (known) yield known;
		if (known && known.next === undefined) return;
		const query = { ...request.query, ...(known && { after: known.next }) };
		yield* walkPages(this.client, { ...request, query }, this.key);
	}

	private requestOf({ firstDay, lastDay }: Range<T>): KitRequest {
		const days = {
			...(firstDay !== undefined && { created_after: dateOf(firstDay) }),
			...(lastDay !== undefined && { created_before: dateOf(lastDay + 1) }),
		};
		return { ...this.request, query: { ...this.request.query, ...days } };
	}

	private reversed(request: KitRequest): KitRequest {
		return { ...request, query: { ...request.query, sort_order: this.sign > 0 ? 'desc' : 'asc' } };
	}

	/** A day begins as much as 14 hours earlier or later elsewhere, and the filters may include their day. */
	private checkDays({ firstDay = -Infinity, lastDay = Infinity }: Range<T>, rows: IDataObject[]) {
		if (!this.isCut) return;
		const isInside = (day: number) => day >= firstDay - 1 && day <= lastDay + 2;
		if (rows.every((row) => isInside(dayOf(timeOf(row))))) return;
		throw new UnlikeRanges('The filters by date do not do what they say');
	}

	private pagesAfter({ firstDay, lastDay }: Range<T>, rows: IDataObject[]): number {
		const [from, to] = [timeOf(rows[0]), timeOf(rows.at(-1))];
		const { first, last } = this.days;
		const end = this.sign > 0 ? (lastDay ?? last) + 1 : (firstDay ?? first);
		return this.isCut ? this.pagesIn(to - end * DAY_MS, to - from, rows.length) : 1;
	}

	/** How many pages so much time has, by how much so many rows have. */
	private pagesIn(wholeMs: number, partMs: number, rows: number): number {
		const part = Math.max(Math.abs(partMs), 1000);
		return (Math.abs(wholeMs) / part) * (rows / this.pageSize);
	}

	private entriesOf(rows: IDataObject[]): Entry<T>[] {
		return rows.map((row) => ({ id: idOf(row), value: this.options.toValue(row) }));
	}

	/** Waits until something has been read, handed on or lost. */
	private async change(): Promise<void> {
		await new Promise<void>((resolve) => this.waiting.push(resolve));
	}

	private wake(): void {
		for (const resolve of this.waiting.splice(0)) resolve();
	}
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

function dayOf(time: number): number {
	return Math.floor(time / DAY_MS);
}

/** As Kit's filters take a day, `yyyy-mm-dd`. */
function dateOf(day: number): string {
	return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

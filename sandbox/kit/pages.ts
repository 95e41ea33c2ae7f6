import { answer, invalid } from './route';
import { countFirst } from './rows';
import type { Account } from './account';
import type { Answer, Call, Operations, PageQuery } from './route';

/** What orders a row in its list: compared part by part. */
export type Key = readonly (number | string)[];

/** A list to be paged. */
export interface List<T> {
	/** Every row, ascending by its key. */
	readonly rows: readonly T[];
	readonly key: (row: T) => Key;
	/** Which rows are in the list; all where it is left out. */
	readonly keep?: ((row: T) => boolean) | undefined;
	/** Newest first where it is left out, as in Kit's examples. */
	readonly order?: 'asc' | 'desc';
	/** How many rows a page has at most, however many are asked for; 1000 where it is left out. */
	readonly largestPage?: number;
}

/** `pagination` in every list answer of Kit's. */
export interface Pagination {
	has_previous_page: boolean;
	has_next_page: boolean;
	start_cursor: string | null;
	end_cursor: string | null;
	per_page: number;
	total_count?: number;
}

const DEFAULT_PAGE = 500;
const LARGEST_PAGE = 1000;

function compare(a: Key, b: Key): number {
	for (const [index, value] of a.entries()) {
		const other = b[index] ?? 0;
		if (value !== other) return value < other ? -1 : 1;
	}
	return 0;
}

function cursorOf(key: Key): string {
	return Buffer.from(JSON.stringify(key)).toString('base64');
}

function keyIn(cursor: string): Key {
	try {
		const key: unknown = JSON.parse(Buffer.from(cursor, 'base64').toString());
		const isPart = (part: unknown) => typeof part === 'number' || typeof part === 'string';
		if (Array.isArray(key) && key.length > 0 && key.every(isPart)) return key;
	} catch {
		// Not one of our cursors.
	}
	throw invalid('Cursor is invalid');
}

/** How many rows of an ascending list come before a key, or up to and including it. */
function countBefore<T>({ rows, key }: List<T>, bound: Key, including: boolean): number {
	return countFirst(rows, (row) => compare(key(row), bound) < Number(including));
}

/**
 * Cuts one page out of a list the way Kit documents it: `per_page` (500, at most 1000), `after` or
 * `before` a cursor, `total_count` only when asked for. It costs what the page and the rows it passes
 * over cost, never the whole list, unless `total_count` is asked for.
 * @param list the rows
 * @param asked the query of a GET, or the body of `POST /subscribers/filter`
 * @returns the rows of the page, and `pagination`
 */
export function page<T>(
	list: List<T>,
	asked: Omit<PageQuery, 'include'>,
): { rows: T[]; pagination: Pagination } {
	const { rows, key, keep = () => true, order = 'desc', largestPage = LARGEST_PAGE } = list;
	const size = rows.length;
	const ascending = order === 'asc';
	const at = (place: number) => rows[ascending ? place : size - 1 - place];

	/** Up to `wanted` kept rows from a place on, in either direction. */
	const collect = (from: number, step: 1 | -1, wanted: number) => {
		const found: T[] = [];
		let place = from;
		for (; place >= 0 && place < size && found.length < wanted; place += step) {
			const row = at(place);
			if (row !== undefined && keep(row)) found.push(row);
		}
		return { found, next: place };
	};
	const any = (from: number, step: 1 | -1) => collect(from, step, 1).found.length > 0;
	const placeOf = (cursor: string, past: boolean) =>
		ascending
			? countBefore(list, keyIn(cursor), past)
			: size - countBefore(list, keyIn(cursor), !past);

	const perPage = Math.min(asked.per_page ?? DEFAULT_PAGE, largestPage);
	const { after = '', before = '' } = asked;
	let found: T[];
	let previous: boolean;
	let next: boolean;
	if (before !== '' && after === '') {
		const end = placeOf(before, false);
		const backwards = collect(end - 1, -1, perPage);
		found = backwards.found.reverse();
		previous = any(backwards.next, -1);
		next = any(end, 1);
	} else {
		const start = after === '' ? 0 : placeOf(after, true);
		const forwards = collect(start, 1, perPage);
		found = forwards.found;
		previous = any(start - 1, -1);
		next = any(forwards.next, 1);
	}

	const first = found[0];
	const last = found.at(-1);
	return {
		rows: found,
		pagination: {
			has_previous_page: previous,
			has_next_page: next,
			start_cursor: first === undefined ? null : cursorOf(key(first)),
			end_cursor: last === undefined ? null : cursorOf(key(last)),
			per_page: perPage,
			...(asked.include_total_count === true && {
				total_count: list.keep ? rows.filter(keep).length : size,
			}),
		},
	};
}

/**
 * Answers one page of a list.
 * @param key of the rows in the answer
 * @param row as it is answered
 */
export function listed<T>(
	{ query }: Call,
	key: string,
	list: List<T>,
	row: (row: T) => object,
): Answer {
	const { rows, pagination } = page(list, query);
	return answer({ [key]: rows.map(row), pagination });
}

/** The list of everything that has an id, newest first, without a filter. */
export function listOfAll<T extends { readonly id: number }>(
	key: string,
	rows: (account: Account) => readonly T[],
	row: (row: T, call: Call) => object,
): Operations[string] {
	return (call: Call) =>
		listed(call, key, { rows: rows(call.account), key: ({ id }) => [id] }, (one) => row(one, call));
}

import { answer, invalid } from './route';
import { countFirst } from './rows';
import type { Account } from './account';
import type { Answer, Call, Operations, PageQuery } from './route';

/** What orders a row in its list: compared part by part. */
type Key = readonly (number | string)[];

/** A list to be paged. */
export interface List<T> {
	/** Every row, ascending by its key. */
	readonly rows: readonly T[];
	/** By id where it is left out. */
	readonly key?: (row: T) => Key;
	/** Which rows are in the list; all where it is left out. */
	readonly keep?: (row: T) => boolean;
	/** Newest first where it is left out, as in Kit's examples. */
	readonly order?: 'asc' | 'desc' | undefined;
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

/**
 * Cuts one page out of a list the way Kit documents it: `per_page` (500, at most 1000), `after` or
 * `before` a cursor, `total_count` only when asked for. It costs what the page and the rows it passes
 * over cost, never the whole list, unless `total_count` is asked for.
 * @param asked the query of a GET, or the body of `POST /subscribers/filter`
 */
export function page<T extends { readonly id: number }>(
	{ rows, key = ({ id }) => [id], keep = () => true, order, largestPage = LARGEST_PAGE }: List<T>,
	asked: Omit<PageQuery, 'include'>,
): { rows: T[]; pagination: Pagination } {
	const isAscending = order === 'asc';
	const perPage = Math.min(asked.per_page ?? DEFAULT_PAGE, largestPage);
	const { after = '', before = '' } = asked;

	/** Up to so many rows that are kept, from a place on, and the place where it stopped. */
	const collect = (from: number, step: 1 | -1, wanted: number) => {
		const found: T[] = [];
		let place = from;
		for (; place >= 0 && place < rows.length && found.length < wanted; place += step) {
			const row = rows[isAscending ? place : rows.length - 1 - place];
			if (row !== undefined && keep(row)) found.push(row);
		}
		return { found, next: place };
	};
	const isAny = (from: number, step: 1 | -1) => collect(from, step, 1).found.length > 0;
	/** The place of the row that a cursor names, or the one past it. */
	const placeOf = (cursor: string, isPast: boolean) => {
		const bound = keyIn(cursor);
		const most = Number(isAscending === isPast);
		const count = countFirst(rows, (row) => compare(key(row), bound) < most);
		return isAscending ? count : rows.length - count;
	};
	const cursorOf = (row: T | undefined) =>
		row === undefined ? null : Buffer.from(JSON.stringify(key(row))).toString('base64');

	const isBackwards = before !== '' && after === '';
	const start = after === '' ? 0 : placeOf(after, true);
	const [begin, step, back] = isBackwards
		? ([placeOf(before, false) - 1, -1, 1] as const)
		: ([start, 1, -1] as const);
	const { found, next } = collect(begin, step, perPage);
	const [isMoreBehind, isMoreAhead] = [isAny(begin + back, back), isAny(next, step)];
	if (isBackwards) found.reverse();
	return {
		rows: found,
		pagination: {
			has_previous_page: isBackwards ? isMoreAhead : isMoreBehind,
			has_next_page: isBackwards ? isMoreBehind : isMoreAhead,
			start_cursor: cursorOf(found[0]),
			end_cursor: cursorOf(found.at(-1)),
			per_page: perPage,
			...(asked.include_total_count === true && { total_count: rows.filter(keep).length }),
		},
	};
}

/** Answers one page of a list, with its rows under a key. */
export function listed<T extends { readonly id: number }>(
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
	row: (row: T, call: Call) => object = (one) => one,
): Operations[string] {
	return (call: Call) => listed(call, key, { rows: rows(call.account) }, (one) => row(one, call));
}

import type { Account, ListName } from './account';
import { answer, EMPTY, existing, invalid } from './route';
import type { Answer, Call, Operations, PageQuery } from './route';
import type { Row } from './rows';
import { countFirst } from './rows';

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
export function page<T extends Row>(
	{ rows, key = ({ id }) => [id], keep = () => true, order = 'desc' }: List<T>,
	asked: Omit<PageQuery, 'include'>,
) {
	const isAscending = order === 'asc';
	const { after = '', before = '' } = asked;
	const perPage = Math.min(asked.per_page ?? DEFAULT_PAGE, LARGEST_PAGE);
	/** Up to so many rows that are kept, from a place on, and the place where it stopped. */
	const collect = (from: number, step: 1 | -1, wanted: number) => {
		const found: T[] = [];
		let place = from;
		for (; place >= 0 && place < rows.length && found.length < wanted; place += step) {
			const row = rows[isAscending ? place : rows.length - 1 - place];
			if (row !== undefined && keep(row)) found.push(row);
		}
		return { found, place };
	};
	const isAny = (from: number, step: 1 | -1) => collect(from, step, 1).found.length > 0;
	/** How many rows there are before the one that a cursor names, or up to it. */
	const countTo = (cursor: string, most: 0 | 1) => {
		const bound = keyIn(cursor);
		const smallest = isAscending ? most : 1 - most;
		const count = countFirst(rows, (row) => compare(key(row), bound) < smallest);
		return isAscending ? count : rows.length - count;
	};
	const cursorOf = (row: T | undefined) =>
		row === undefined ? null : Buffer.from(JSON.stringify(key(row))).toString('base64');

	const isBackwards = before !== '' && after === '';
	const [step, back] = isBackwards ? ([-1, 1] as const) : ([1, -1] as const);
	const begin = isBackwards ? countTo(before, 0) - 1 : after === '' ? 0 : countTo(after, 1);
	const { found, place } = collect(begin, step, perPage);
	const [isMoreBehind, isMoreAhead] = [isAny(begin + back, back), isAny(place, step)];
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
export function listed<T extends Row, C extends Call>(
	call: C,
	key: string,
	list: List<T>,
	row: (row: T, call: C) => object = (shown) => shown,
): Answer {
	const { rows, pagination } = page(list, call.query);
	return answer({ [key]: rows.map((shown) => row(shown, call)), pagination });
}

/** Lists everything, newest first, without a filter. */
export function all<K extends ListName>(
	name: K,
	row?: (row: Account[K][number], call: Call) => object,
): Operations[string] {
	return (call: Call) => {
		const rows: readonly Account[K][number][] = call.account[name];
		return listed(call, name, { rows }, row);
	};
}

/** Answers the row with the id of the path, under a key. */
export function one<K extends ListName>(
	name: K,
	row: (row: Account[K][number], call: Call) => object = (shown) => shown,
): Operations[string] {
	return (call: Call) => {
		const rows: readonly Account[K][number][] = call.account[name];
		return answer({ [name.slice(0, -1)]: row(existing(rows, call.ids.id), call) });
	};
}

/** Deletes the row with the id of the path. */
export function deletion(name: ListName): Operations[string] {
	return ({ account, ids }: Call) => {
		account.remove(name, existing<Row>(account[name], ids.id));
		return EMPTY;
	};
}

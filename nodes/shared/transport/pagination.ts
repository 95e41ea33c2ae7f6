import type { IDataObject } from 'n8n-workflow';
import { getPath } from '../objectPath';
import type { KitBody, KitClient, KitRequest } from './client';
import { unreadableResponse } from './errors';

/** The most rows that Kit puts on one page (Kit's documentation of `per_page`). */
export const LARGEST_PAGE = 1000;

/** One page of a list. */
export interface Page {
	rows: IDataObject[];
	/** The cursor to the next page; undefined on the last one */
	next?: string;
	/** The cursor of the last row that was read, behind which others may come later; undefined without rows */
	end?: string;
}

/** Whether a list is read from a cursor on, or back from it. */
export type Direction = 'after' | 'before';

/** What says of a page whether there is another, and where that begins. */
const CURSORS = {
	after: { flag: 'has_next_page', cursor: 'end_cursor' },
	before: { flag: 'has_previous_page', cursor: 'start_cursor' },
};

/**
 * Reads one page of a response. What is missing is an error, never the end of the list.
 * @param body the response
 * @param key where the rows stand in it, such as `subscribers` or `broadcast.clicks`
 * @param direction in which the list is read
 * @returns the page, or a sentence that says what is missing
 */
export function readPage(
	body: KitBody,
	key: string,
	direction: Direction = 'after',
): Page | string {
	const { flag, cursor } = CURSORS[direction];
	const rows = getPath(body as IDataObject, key);
	if (!Array.isArray(rows)) return `it has no “${key}”`;
	const pagination = body.pagination as Record<string, unknown> | null | undefined;
	if (typeof pagination !== 'object' || pagination === null) return 'it has no “pagination”';
	if (!(flag in pagination)) return `its “pagination” has no “${flag}”`;
	const found = pagination[cursor];
	const end = typeof found === 'string' && found !== '' ? found : undefined;
	if (pagination[flag] !== true) return { rows: rows as IDataObject[], end };
	if (end === undefined) return `there is a next page but no “${cursor}”`;
	return { rows: rows as IDataObject[], next: end, end };
}

/**
 * Fetches one page.
 * @param client sends the requests
 * @param request the list's request; a POST carries its cursor in the body, as Kit's filter wants it
 * @param key where the rows stand in the response
 * @param perPage how many rows to ask for
 * @param cursor to the page, if it is not the first one
 * @param direction in which the list is read
 * @throws {NodeApiError} what the client throws, and when the response is no page
 */
export async function fetchPage(
	client: KitClient,
	request: KitRequest,
	key: string,
	perPage: number,
	cursor?: string,
	direction: Direction = 'after',
): Promise<Page> {
	const carrier = carrierOf(request);
	const asked = { per_page: perPage, ...(cursor !== undefined && { [direction]: cursor }) };
	const body = await client.send({
		...request,
		[carrier]: { ...request[carrier], ...asked },
	});
	const page = readPage(body, key, direction);
	if (typeof page !== 'string') return page;
	throw unreadableResponse(client.node, page);
}

function carrierOf({ method }: KitRequest): 'body' | 'query' {
	return method === 'POST' ? 'body' : 'query';
}

/**
 * Walks a list to its end, or as far as it is asked to: from its beginning, or from the cursor that the
 * request has as `after` or `before`.
 * @param client sends the requests
 * @param request the list's request
 * @param key where the rows stand in each response
 * @param limit how many rows are wanted; no more are fetched
 * @param pageSize the most rows that Kit puts on one page of this list
 * @returns its pages, in Kit's order, each row once; of the last one, no more rows than are wanted
 * @throws {NodeApiError} what `fetchPage` throws, and when Kit sends a cursor for the second time
 */
export async function* walkPages(
	client: KitClient,
	request: KitRequest,
	key: string,
	limit = Infinity,
	pageSize = LARGEST_PAGE,
): AsyncGenerator<Page> {
	const direction = request[carrierOf(request)]?.before === undefined ? 'after' : 'before';
	const cursors = new Set<string>();
	// A row that moves while the list is read, such as by when it was updated, comes again on a later page.
	const ids = new Set<unknown>();
	let cursor: string | undefined;
	for (let missing = limit; missing > 0;) {
		const perPage = Math.min(missing, pageSize);
		const page = await fetchPage(client, request, key, perPage, cursor, direction);
		const rows = page.rows.filter(({ id }) => id === undefined || !ids.has(id)).slice(0, missing);
		for (const { id } of rows) ids.add(id);
		yield { ...page, rows };
		missing -= rows.length;
		cursor = page.next;
		if (cursor === undefined) return;
		rememberCursor(client, cursors, cursor);
	}
}

/**
 * @param client sends the requests
 * @param request the list's request
 * @param key where the rows stand in each response
 * @param limit how many rows are wanted
 * @param pageSize the most rows that Kit puts on one page of this list
 * @returns so many rows, or all there are, in Kit's order
 * @throws {NodeApiError} what `walkPages` throws
 */
export async function readRows(
	client: KitClient,
	request: KitRequest,
	key: string,
	limit = Infinity,
	pageSize = LARGEST_PAGE,
): Promise<IDataObject[]> {
	const found: IDataObject[] = [];
	for await (const { rows } of walkPages(client, request, key, limit, pageSize))
		found.push(...rows);
	return found;
}

/**
 * @param cursors that were given before
 * @throws {NodeApiError} where it is one of them, since the list would never end
 */
export function rememberCursor(client: KitClient, cursors: Set<string>, cursor: string): void {
	if (cursors.has(cursor)) {
		throw unreadableResponse(client.node, 'Kit sent the same page cursor twice');
	}
	cursors.add(cursor);
}

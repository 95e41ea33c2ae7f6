import type { IDataObject } from 'n8n-workflow';
import { getPath } from '../objectPath';
import type { KitBody, KitClient, KitRequest } from './client';
import { unreadableResponse } from './errors';

/** The most rows that Kit puts on one page (Kit's documentation of `per_page`). */
export const LARGEST_PAGE = 1000;

/** One page of a list. */
export interface Page {
	rows: IDataObject[];
	/** What to pass as `after` for the next page; undefined on the last one */
	next?: string;
}

/**
 * Reads one page of a response. What is missing is an error, never the end of the list.
 * @param body the response
 * @param key where the rows stand in it, such as `subscribers` or `broadcast.clicks`
 * @returns the page, or a sentence that says what is missing
 */
export function readPage(body: KitBody, key: string): Page | string {
	const rows = getPath(body as IDataObject, key);
	if (!Array.isArray(rows)) return `it has no “${key}”`;
	const { pagination } = body;
	if (typeof pagination !== 'object' || pagination === null) return 'it has no “pagination”';
	if (!('has_next_page' in pagination)) return 'its “pagination” has no “has_next_page”';
	if (pagination.has_next_page !== true) return { rows: rows as IDataObject[] };
	const next = 'end_cursor' in pagination ? pagination.end_cursor : undefined;
	if (typeof next !== 'string' || next === '') return 'there is a next page but no “end_cursor”';
	return { rows: rows as IDataObject[], next };
}

/**
 * Fetches one page.
 * @param client sends the requests
 * @param request the list's request; a POST carries its cursor in the body, as Kit's filter wants it
 * @param key where the rows stand in the response
 * @param perPage how many rows to ask for
 * @param after the cursor of the page before, if any
 * @throws {NodeApiError} what the client throws, and when the response is no page
 */
export async function fetchPage(
	client: KitClient,
	request: KitRequest,
	key: string,
	perPage: number,
	after?: string,
): Promise<Page> {
	const carrier = request.method === 'POST' ? 'body' : 'query';
	const cursor = { per_page: perPage, ...(after !== undefined && { after }) };
	const body = await client.send({
		...request,
		[carrier]: { ...request[carrier], ...cursor },
	});
	const page = readPage(body, key);
	if (typeof page !== 'string') return page;
	throw unreadableResponse(client.node, page);
}

/**
 * Walks a list to its end, or as far as it is asked to.
 * @param client sends the requests
 * @param request the list's request
 * @param key where the rows stand in each response
 * @param limit how many rows are wanted; no more are fetched
 * @returns its pages, in Kit's order; of the last one, no more rows than are wanted
 * @throws {NodeApiError} what `fetchPage` throws, and when Kit sends a cursor for the second time
 */
export async function* walkPages(
	client: KitClient,
	request: KitRequest,
	key: string,
	limit = Infinity,
): AsyncGenerator<Page> {
	const seen = new Set<string>();
	let after: string | undefined;
	for (let missing = limit; missing > 0;) {
		const page = await fetchPage(client, request, key, Math.min(missing, LARGEST_PAGE), after);
		yield page.rows.length > missing ? { rows: page.rows.slice(0, missing) } : page;
		missing -= page.rows.length;
		after = page.next;
		if (after === undefined) return;
		if (seen.has(after)) {
			throw unreadableResponse(client.node, 'Kit sent the same page cursor twice');
		}
		seen.add(after);
	}
}

/**
 * @param client sends the requests
 * @param request the list's request
 * @param key where the rows stand in each response
 * @param limit how many rows are wanted
 * @returns so many rows, or all there are, in Kit's order
 * @throws {NodeApiError} what `walkPages` throws
 */
export async function readRows(
	client: KitClient,
	request: KitRequest,
	key: string,
	limit = Infinity,
): Promise<IDataObject[]> {
	const found: IDataObject[] = [];
	for await (const { rows } of walkPages(client, request, key, limit)) found.push(...rows);
	return found;
}

import type { IDataObject } from 'n8n-workflow';
import { DAY_MS } from '../durations';
import type { Occurrence } from '../timeline';
import type { KitClient, KitRequest } from './client';
import { unreadableResponse } from './errors';
import { fetchPage, LARGEST_PAGE } from './pagination';

/** Where nothing is new, so many rows are read at most. */
export const FIRST_PAGE = 50;

/**
 * Reads a list from its beginning, in a small page and then in large ones.
 * @param client sends the requests
 * @param request the list's request
 * @param key where the rows stand in each response
 * @param pageSizes how many rows the first page has at most, and the others
 * @returns its pages
 * @throws {NodeApiError} what `fetchPage` throws, and when Kit sends a cursor for the second time
 */
export async function* pagesOf(
	client: KitClient,
	request: KitRequest,
	key: string,
	pageSizes = { first: FIRST_PAGE, others: LARGEST_PAGE },
): AsyncGenerator<IDataObject[]> {
	const cursors = new Set<string>();
	let perPage = pageSizes.first;
	for (let cursor: string | undefined; ; perPage = pageSizes.others) {
		const { rows, next } = await fetchPage(client, request, key, perPage, cursor);
		yield rows;
		if (next === undefined) return;
		if (cursors.has(next)) {
			throw unreadableResponse(client.node, 'Kit sent the same page cursor twice');
		}
		cursors.add(next);
		cursor = next;
	}
}

/**
 * Reads a list from its newest row on.
 * @param pages of the list
 * @param toOccurrence tells where a row stands; nowhere, if it gives nothing
 * @param isEnough whether no more need be read
 * @returns what was read, in the order of the list
 */
export async function readUntil(
	pages: AsyncGenerator<IDataObject[]>,
	toOccurrence: (row: IDataObject) => Occurrence | undefined,
	isEnough: (newest: Occurrence, last: Occurrence) => boolean,
): Promise<Occurrence[]> {
	const found: Occurrence[] = [];
	for await (const rows of pages) {
		found.push(...rows.map(toOccurrence).filter((one) => one !== undefined));
		const [newest] = found;
		const last = found.at(-1);
		if (newest && last && isEnough(newest, last)) break;
	}
	return found;
}

/**
 * Kit's filters take a day, and its documentation does not say of which time zone, nor whether what happened
 * on that day is left in: two days before are early enough for all.
 * @param moment milliseconds since 1970
 * @returns a day, `yyyy-mm-dd`: a filter by "after" it leaves in what happened from the moment on
 */
export function dayBefore(moment: number): string {
	return new Date(Math.max(0, moment - 2 * DAY_MS)).toISOString().slice(0, 10);
}

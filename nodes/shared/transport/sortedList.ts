import type { IDataObject } from 'n8n-workflow';
import { linkedAbort } from './cancellation';
import type { KitClient, KitRequest } from './client';
import { readRows, walkPages } from './pagination';
import type { RangeUse, ReadOptions } from './rangeReader';
import { RangeReader, UnlikeRanges } from './rangeReader';

/**
 * Collects a list of subscribers. One walk waits for every page in turn, since the cursor to a page comes
 * only with the page before it; so a long list is cut into ranges of days by the documented filters
 * `created_after` and `created_before`, which are read beside each other, each from both of its ends, and
 * joined by ID. Where they are cut follows from how dense the rows are on the pages that have been read.
 * The ranges overlap by the day between them, since Kit does not say to which of them it belongs. Where
 * they are not what they should be, such as with a server that ignores the filters, or where IDs and days
 * are not in the same order, the list is read without them.
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
	const read = async (ranges: RangeUse) => {
		const found: IDataObject[] = [];
		const options = { toValue: (row: IDataObject) => row, ranges };
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
export async function orWithoutRanges<T>(read: (ranges: RangeUse) => Promise<T>): Promise<T> {
	const ranges: RangeUse = { mayCut: true, areUnlike: false };
	try {
		return await read(ranges);
	} catch (error) {
		if (!ranges.areUnlike) throw error as Error;
		return await read({ mayCut: false, areUnlike: false });
	}
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
	const { signal, abort, release } = linkedAbort(client.signal);
	try {
		yield* new RangeReader(client.with({ signal }), request, key, options).read();
	} catch (error) {
		if (options.ranges && error instanceof UnlikeRanges) options.ranges.areUnlike = true;
		throw error as Error;
	} finally {
		// Whatever is still under way is of no use any more.
		abort();
		release();
	}
}

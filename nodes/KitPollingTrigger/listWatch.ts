import type { IDataObject } from 'n8n-workflow';
import { DAY_MS } from '../shared/durations';
import type { Row } from '../shared/fields/field';
import { toText } from '../shared/fields/parsers';
import type { KitRequest } from '../shared/transport/client';
import { unreadableResponse } from '../shared/transport/errors';
import { fetchPage, LARGEST_PAGE } from '../shared/transport/pagination';
import { dayBefore, FIRST_PAGE, pagesOf, readUntil } from '../shared/transport/newestFirst';
import type { Mark, Occurrence } from '../shared/timeline';
import { LIST_LAG_MS, markAt, sift } from '../shared/timeline';
import type { Memory, Watch, WatchContext } from './watch';
import { eventItem, MOST_LATEST } from './watch';

/** A list of Kit's of which each row is something that happened. */
export interface ListWatch extends Pick<
	Watch,
	'description' | 'fields' | 'name' | 'notice' | 'value'
> {
	/** Kit's name of what happened, or one of that form */
	event: string;
	request: (settings: Row) => KitRequest;
	/** Where the rows stand in each response */
	key: string;
	/** The column by which rows stand in time: `id`, or one with a time, or others where that is empty */
	column: string;
	otherColumns?: string[];
	/** The column that says when it happened, if it is another */
	createdColumn?: string;
	/**
	 * Kit's filter by day, for a list that is in another order than that of the column. It is read to its
	 * end, and any other until what is known is reached.
	 */
	dayFilter?: string;
	/** For how long rows may come after others that stand beyond them; an hour if left out */
	lagMs?: number;
	/** Whether it is as long for rows that are there when the mark is set */
	isSlow?: boolean;
	/** What an item is about */
	data: (row: IDataObject, settings: Row) => IDataObject;
}

/** @returns where a row stands; nothing where Kit does not say when it happened */
function occurrenceOf(
	{ client }: WatchContext,
	{ column, otherColumns = [] }: ListWatch,
	row: IDataObject,
): Occurrence | undefined {
	const { id } = row;
	const value = [column, ...otherColumns].map((name) => row[name]).find((one) => one !== null);
	if (value === undefined && row[column] === null) return undefined;
	const position = column === 'id' ? Number(value) : Date.parse(toText(value));
	if (!(position > 0)) throw unreadableResponse(client.node, `a row has no “${column}”`);
	const key = Number(id).toString(36);
	return { key: column === 'id' ? key : `${key}.${position.toString(36)}`, position, row };
}

/** @returns what is there from a position on, newest first, and perhaps more */
async function read(
	context: WatchContext,
	list: ListWatch,
	from: (newest: number) => number,
	since: number,
): Promise<Occurrence[]> {
	const { request, key, dayFilter } = list;
	const asked = request(context.settings);
	const query = { ...asked.query, ...(dayFilter && { [dayFilter]: dayBefore(since) }) };
	const sizes = { first: dayFilter ? LARGEST_PAGE : FIRST_PAGE, others: LARGEST_PAGE };
	return await readUntil(
		pagesOf(context.client, { ...asked, query }, key, sizes),
		(row) => occurrenceOf(context, list, row),
		(newest, last) => dayFilter === undefined && last.position < from(newest.position),
	);
}

/** Watches a list, each of whose rows is reported once. */
export function listWatch(list: ListWatch): Watch {
	const { name, value, description, notice, fields, event, key, data, lagMs = LIST_LAG_MS } = list;
	const { column, createdColumn = column } = list;
	const itemOf = ({ key: rowKey, row }: Occurrence, { settings }: WatchContext) =>
		eventItem(event, rowKey, row[createdColumn], data(row, settings));
	return {
		name,
		value,
		description,
		notice,
		fields,
		async begin(context): Promise<Memory> {
			const { now } = context;
			const behind = list.isSlow ? lagMs : 0;
			const found = await read(context, list, (newest) => newest, now - behind);
			return markAt(found, now, list.dayFilter ? now - 2 * DAY_MS - behind : 0, behind);
		},
		async poll(context, memory) {
			const mark = memory as Mark;
			const { floor } = mark;
			const found = await read(context, list, () => floor + 1, floor);
			const sifted = sift(mark, found, context.now, lagMs);
			const items = sifted.fresh.map((one) => itemOf(one, context));
			return { items, memory: sifted.mark };
		},
		async latest(context) {
			const request = list.request(context.settings);
			const { rows } = await fetchPage(context.client, request, key, MOST_LATEST);
			const occurrences = rows.map((row) => occurrenceOf(context, list, row));
			return occurrences
				.filter((one) => one !== undefined)
				.map((occurrence) => itemOf(occurrence, context));
		},
	};
}

import { createHash } from 'crypto';
import type { IDataObject } from 'n8n-workflow';
import { HOUR_MS } from '../shared/durations';
import { toText } from '../shared/fields/parsers';
import { LISTS } from '../shared/lists';
import { isRecord } from '../shared/record';
import type { KitRequest } from '../shared/transport/client';
import { fetchPage } from '../shared/transport/pagination';
import { dayBefore, pagesOf } from '../shared/transport/newestFirst';
import type { Memory, Watch, WatchContext } from './watch';
import { eventItem, MOST_LATEST } from './watch';

const { path: PATH, key: KEY } = LISTS.subscribers;

/** Who was updated lately, and what they were like. It is kept as JSON. */
interface Updates extends IDataObject {
	/** When that was read, or had changed last, in milliseconds since 1970 */
	since: number;
	/** `id.version id.version …` in the order of Kit's list, the last who was updated first */
	known: string;
}

/** So many are remembered: what is saved stays below 200 kB. */
const MOST_KNOWN = 10_000;

/** A subscriber may show so late in Kit's lists, or n8n's clock be wrong by so much. */
const LATE_MS = HOUR_MS;

/** A row, and what tells it from the same row before a change. */
interface Version {
	row: IDataObject;
	id: string;
	version: string;
}

/** Without what is empty: a new custom field of the account is in every row, and changes nobody. */
function filled(value: unknown): unknown {
	if (!isRecord(value)) return value;
	const entries = Object.entries(value).filter(([, one]) => one !== null);
	return Object.fromEntries(entries.sort(byKey).map(([key, one]) => [key, filled(one)]));
}

function byKey([one]: [string, unknown], [other]: [string, unknown]): number {
	return one < other ? -1 : 1;
}

function versionOf(row: IDataObject): Version {
	const text = JSON.stringify(filled(row));
	const version = createHash('sha256').update(text).digest('base64url').slice(0, 8);
	return { row, id: Number(row.id).toString(36), version };
}

function textOf({ id, version }: Version): string {
	return `${id}.${version}`;
}

/**
 * Those who were updated since two days before, the last first. Kit does not say when, and may think of other
 * changes than those that a row shows.
 */
function requestFor(since: number): KitRequest {
	const order = { sort_field: 'updated_at', sort_order: 'desc' };
	return { path: PATH, query: { status: 'all', updated_after: dayBefore(since), ...order } };
}

/** @returns the list; undefined where it begins as before, since each change puts a row to the top */
async function readChanged(
	{ client }: WatchContext,
	since: number,
	known?: string[],
): Promise<Version[] | undefined> {
	const found: Version[] = [];
	for await (const rows of pagesOf(client, requestFor(since), KEY)) {
		const isFirst = found.length === 0;
		found.push(...rows.map(versionOf));
		const isAsBefore = found.every((one, index) => textOf(one) === known?.[index]);
		if (known && isFirst && isAsBefore) return undefined;
	}
	return found;
}

function textsOf(rows: Version[]): string {
	return rows.slice(0, MOST_KNOWN).map(textOf).join(' ');
}

function remember(rows: Version[], since: number): Updates {
	return { since, known: textsOf(rows) };
}

/** @returns those of the rows that are not as they were, the last who was updated first */
function changedOf(rows: Version[], known: string[]): Version[] {
	const before = new Set(known);
	const isKnown = rows.map((row) => before.has(textOf(row)));
	// More than are remembered were updated: who stands below all of those was not updated since. Where all of
	// those have changed, nobody can tell, and who was updated shortly before is reported as well.
	const last = known.length < MOST_KNOWN ? -1 : isKnown.lastIndexOf(true);
	const end = last < 0 ? rows.length : last;
	return rows.filter((_, index) => index < end && isKnown[index] !== true);
}

function itemOf(one: Version, since: number, ids: Set<string>): IDataObject {
	const { row } = one;
	const isNew = !ids.has(one.id) && Date.parse(toText(row.created_at)) > since - LATE_MS;
	const event = isNew ? 'subscriber.created' : 'subscriber.updated';
	// Who becomes what they were before has changed once more.
	const key = `${textOf(one)}.${since.toString(36)}`;
	return eventItem(event, key, isNew ? row.created_at : null, { subscriber: row });
}

/** Watches who is new, and whose email address, first name, state or custom fields have changed. */
export const newOrUpdatedSubscriber: Watch = {
	name: 'New or Updated Subscriber',
	value: 'newOrUpdatedSubscriber',
	description:
		'Somebody was added, or their email address, first name, state or custom fields changed',
	notice:
		'A poll takes one small request while nobody was updated for an hour. Otherwise it takes one more for each 1,000 people who were updated in the last days, because Kit does not say when that was. Of several changes between two polls, only the last one is reported.',
	fields: [],
	async begin(context): Promise<Memory> {
		return remember((await readChanged(context, context.now)) ?? [], context.now);
	},
	async poll(context, memory) {
		const { since, known: text } = memory as Updates;
		const known = text === '' ? [] : text.split(' ');
		// Of what happened lately, some may come late and below what is there.
		const isSettled = context.now - since > LATE_MS;
		const rows = await readChanged(context, since, isSettled ? known : undefined);
		if (!rows || textsOf(rows) === text) return { items: [], memory };
		const ids = new Set(known.map((entry) => entry.split('.')[0] ?? ''));
		const items = changedOf(rows, known).map((one) => itemOf(one, since, ids));
		const later = Math.max(since, context.now);
		return { items: items.reverse(), memory: remember(rows, later) };
	},
	async latest({ client, now }) {
		const query = { ...requestFor(now).query, updated_after: undefined };
		const { rows } = await fetchPage(client, { path: PATH, query }, KEY, MOST_LATEST);
		return rows.map((row) => itemOf(versionOf(row), now, new Set()));
	},
};

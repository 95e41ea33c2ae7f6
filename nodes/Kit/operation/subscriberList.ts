import type { IDataObject } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';
import type { ValueField } from '../../shared/fields/field';
import { text } from '../../shared/fields/parsers';
import { fingerprint } from '../../shared/fingerprint';
import { LIST_LAG_MS, markAt, sift } from '../../shared/timeline';
import type { KitRequest } from '../../shared/transport/client';
import { fetchPage, walkPages } from '../../shared/transport/pagination';
import { pagesOf, readUntil } from '../../shared/transport/newestFirst';
import { readSortedList } from '../../shared/transport/sortedList';
import type { Item, Settings } from './operation';

const KEY = 'subscribers';

/** Where a list goes on, or where it begins if that is empty; each row then says how far it was read. */
export const cursors: ValueField[] = [
	{
		displayName: 'Continue After Cursor',
		name: 'after',
		type: 'string',
		default: '',
		placeholder: 'e.g. {{ $json.cursor }}',
		description:
			'Only subscribers who come after this cursor of Kit’s in the list; from its beginning, if it is empty. Each subscriber then comes with the cursor of the last one that was read, with which the next run goes on.',
		parse: (value, context) => text(value, context) ?? '',
	},
	{
		displayName: 'Continue Before Cursor',
		name: 'before',
		type: 'string',
		default: '',
		placeholder: 'e.g. {{ $json.cursor }}',
		description:
			'Only subscribers who come before this cursor of Kit’s in the list, those next to it first. Each subscriber then comes with the cursor of the one that is farthest from it, with which the next run goes on.',
		parse: (value, context) => text(value, context) ?? '',
	},
];

/** Where the list is not read again from its beginning each time. */
export const onlyNew: ValueField = {
	displayName: 'Only New Since Last Run',
	name: 'onlyNew',
	type: 'boolean',
	default: false,
	description:
		'Whether to return only who was created since the last run, the oldest first, each once. The first run returns nobody, and those beyond Limit come with the next. n8n remembers it for runs that a trigger of the published workflow starts; one from the editor shows some of the latest, and changes nothing.',
};

/**
 * @throws {UserError} that says which fields do not go together
 */
export function checkPlace({ query = {} }: KitRequest, settings: Settings): void {
	const { after, before } = settings as { after?: string; before?: string };
	const isCursorWanted = after !== undefined || before !== undefined;
	if ((after ?? '') !== '' && (before ?? '') !== '') {
		throw new UserError(
			'Continue After Cursor and Continue Before Cursor must not both be filled in',
		);
	}
	if (settings.onlyNew === true) {
		const others = [
			...(isCursorWanted ? ['a cursor'] : []),
			...(query.sort_field !== undefined || query.sort_order !== undefined ? ['an order'] : []),
			...(settings.onlyCount === true ? ['Only Count'] : []),
		];
		if (others.length > 0) {
			throw new UserError(
				`Only New Since Last Run cannot be used together with ${others.join(' and ')}`,
			);
		}
	}
	if ((after ?? '') !== '') query.after = after;
	if ((before ?? '') !== '') query.before = before;
}

/** So many are shown in the editor. */
const MOST_LATEST = 5;

const NOT_REMEMBERED =
	'Only New Since Last Run: n8n remembers nothing of a run from the editor, so this one shows some of the latest subscribers. Runs of the published workflow return who is new.';

const FIRST_RUN =
	'Only New Since Last Run: this was the first run with it, so nobody was returned. The next one returns who was created since.';

/** Days move on with each run, and who is new depends on them as little as on what is told of each. */
const NO_MATTER = /_(after|before)$|^include$|^slim$/;

async function listOf({ client, request }: Item): Promise<string> {
	const { baseUrl, connectionId } = await client.credentials();
	const filters = Object.entries(request.query ?? {}).filter(([name]) => !NO_MATTER.test(name));
	return fingerprint(baseUrl, connectionId, Object.fromEntries(filters.sort()));
}

function occurrenceOf(row: IDataObject) {
	const id = Number(row.id);
	return { key: id.toString(36), position: id, row };
}

async function newOnes(item: Item, wanted: number): Promise<IDataObject[]> {
	const { client, context, memory, note, request } = item;
	if (context.getMode() === 'manual') {
		note(NOT_REMEMBERED);
		const most = Math.min(wanted, MOST_LATEST);
		return (await fetchPage(client, request, KEY, most)).rows.reverse();
	}
	const now = Date.now();
	let rows: IDataObject[] = [];
	await memory.marks.move(context, await listOf(item), now, async (mark) => {
		const floor = mark?.floor ?? Infinity;
		const found = await readUntil(
			pagesOf(client, request, KEY),
			occurrenceOf,
			(_, { position }) => position <= floor,
		);
		if (!mark) {
			note(FIRST_RUN);
			return markAt(found, now);
		}
		const sifted = sift(mark, found, now, LIST_LAG_MS, wanted);
		rows = sifted.fresh.map(({ row }) => row);
		return sifted.mark;
	});
	return rows;
}

async function withCursor({ client, request }: Item, wanted: number): Promise<IDataObject[]> {
	const rows: IDataObject[] = [];
	let cursor: string | undefined;
	for await (const page of walkPages(client, request, KEY, wanted)) {
		rows.push(...page.rows);
		cursor = page.end ?? cursor;
	}
	return rows.map((row) => ({ ...row, cursor }));
}

/**
 * @param item of the list of subscribers
 * @param wanted how many there are to be
 * @returns them: those of a list from its beginning or from a cursor on, or those who are new
 */
export async function readSubscribers(item: Item, wanted: number): Promise<IDataObject[]> {
	const { client, request, settings } = item;
	if (settings.onlyNew === true) return await newOnes(item, wanted);
	const isContinued = settings.after !== undefined || settings.before !== undefined;
	if (isContinued) return await withCursor(item, wanted);
	return await readSortedList(client, request, KEY, wanted);
}

import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import { accountsOf } from '../../shared/connections';
import type { ValueField } from '../../shared/fields/field';
import { number, refuse, toText } from '../../shared/fields/parsers';
import { getPath } from '../../shared/objectPath';
import { isRecord } from '../../shared/record';
import { isNotFound, subscriberByAddress } from '../../shared/subscribers';
import { notFound, unreadableResponse } from '../../shared/transport/errors';
import { kitSentences } from '../../shared/transport/explanations';
import { readRows } from '../../shared/transport/pagination';
import { DELETE_TAGS } from '../bulk/endpoints';
import { orApiError } from '../bulk/sendEntries';
import type { Done } from './done';
import { doneRecord } from './done';
import type { Item, Returns, Settings } from './operation';

/** What of a record becomes output, where not all of it should. */
type Show = (row: IDataObject, settings: Settings) => IDataObject;

const everything: Show = (row) => row;

/**
 * @param read gives the rows of an item
 * @returns what makes output items of them
 */
export function returning(read: (item: Item) => Promise<IDataObject[]>): {
	readItem: typeof readItem;
} {
	async function readItem(item: Item): Promise<INodeExecutionData[]> {
		const rows = await read(item);
		return rows.map((json) => ({ json, pairedItem: { item: item.itemIndex } }));
	}
	return { readItem };
}

/**
 * One record, out of its envelope.
 * @param key the envelope, such as `tag`
 * @param show what of the record becomes output
 */
export function record(key: string, show = everything): Returns {
	return returning(async (item) => [show(await readRecord(item, key), item.settings)]);
}

/**
 * @param key the envelope, such as `tag`
 * @returns the record in it, with what Kit warns of
 * @throws {NodeApiError} what the client throws, and when there is none
 */
export async function readRecord(
	{ client, request, note }: Pick<Item, 'client' | 'note' | 'request'>,
	key: string,
): Promise<IDataObject> {
	const { [key]: found, warnings = [] } = await client.send(request);
	if (!isRecord(found)) {
		throw unreadableResponse(client.node, `it has no “${key}”`, request.idempotent === false);
	}
	// Kit says beside a record what of it was ignored, such as unknown custom fields.
	if (!Array.isArray(warnings) || warnings.length === 0) return found;
	for (const warning of warnings) note(`Kit warns: ${toText(warning)}`);
	return { ...found, warnings };
}

/** One subscriber, asked for by ID or looked for by email address; none where that is wanted so. */
export function subscriberByIdOrAddress(): Returns {
	return returning(async (item) => {
		const address = toText(item.request.query?.email_address);
		const found = await orApiError(
			address === '' ? readRecord(item, 'subscriber') : subscriberByAddress(item.client, address),
		);
		if (!(found instanceof NodeApiError)) return [found];
		if (item.settings.whenNotFound === 'nothing' && isNotFound(found)) return [];
		throw found;
	});
}

/** Whether a subscriber has the tag of the settings, as a field that a later node can ask about. */
export function hasTag(): Returns {
	return returning(async (item) => {
		const { client, named, request, settings } = item;
		const id = settings.tagId as number;
		const tags = await readRows(client, request, 'tags', Infinity);
		const found = tags.find((tag) => Number(tag.id) === id);
		const about = found && { tag_name: found.name, tagged_at: found.tagged_at };
		return [{ has_tag: found !== undefined, ...named, tag_id: id, ...about }];
	});
}

/**
 * Deletes a tag. Maton documents `DELETE /v4/tags/{id}`; Kit's own documents know only the bulk request,
 * which tells whether the tag was there.
 */
export function deletedTag(): Returns {
	return returning(async ({ client, named, request }) => {
		const deleted = await client.send(request).then(
			() => true,
			(error: unknown) => {
				if (isNotFound(error)) return false;
				throw error as Error;
			},
		);
		if (!deleted) {
			const id = Number(request.path.split('/').at(-1));
			const body = { tags: [{ id }] };
			const { failures } = await client.send({ ...DELETE_TAGS, body, idempotent: true });
			const sentences = (Array.isArray(failures) ? failures : []).flatMap(kitSentences);
			if (sentences.length > 0)
				throw notFound(client.node, `${sentences.join('; ')} (tag ${String(id)})`);
		}
		return [doneRecord({ word: 'deleted', own: 'tag' }, named)];
	});
}

/**
 * Everything that Kit answers, where there is no single record to take out of an envelope.
 * @param key an envelope that is taken off where it is there; the documentation does not say for all
 */
export function wholeResponse(key = ''): Returns {
	return returning(async ({ client, request }) => {
		const body = await client.send(request);
		const found = body[key];
		return [isRecord(found) ? found : (body as IDataObject)];
	});
}

/**
 * Operations that Kit answers with 204 and nothing else.
 * @param own what it is done to, where that is one thing
 */
export function success(own?: string): Returns {
	return done({ word: 'success', own });
}

/**
 * Deletes what Kit then answers nothing about.
 * @param own what is deleted
 */
export function deleted(own: string): Returns {
	return done({ word: 'deleted', own });
}

function done(what: Done): Returns {
	return returning(async ({ client, named, request }) => {
		await client.send(request);
		return [doneRecord(what, named)];
	});
}

/** Where Only Count is set in the options below. */
const ONLY_COUNTED = { '/options.onlyCount': [true] };

const returnAll: ValueField = {
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	default: false,
	description: 'Whether to return all results or only up to a given limit',
	displayOptions: { hide: ONLY_COUNTED },
};

const howMany = number({ min: 1, decimals: false });

const limit: ValueField = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 50,
	description: 'Max number of results to return',
	displayOptions: { show: { returnAll: [false] }, hide: ONLY_COUNTED },
	parse: (value, context) =>
		howMany(value, context) ?? refuse('must be a whole number from 1', value),
};

/** What is special about a list. */
interface ListOptions {
	/** What of each row becomes output */
	show?: Show;
	/** Collects the rows, of which so many are wanted */
	read?: (item: Item, wanted: number) => Promise<IDataObject[]>;
	/** The most rows that Kit puts on one page, where it is not as many as usual */
	pageSize?: number;
}

/**
 * The rows of a list, page after page, all or as many as Limit says.
 * @param key where the rows stand in each response, such as `tags`
 * @param options what is special about it
 */
export function list(key: string, options: ListOptions = {}): Returns {
	const { show = everything, pageSize } = options;
	const readPages = async ({ client, request }: Item, wanted: number) =>
		await readRows(client, request, key, wanted, pageSize);
	const { read = readPages } = options;
	return {
		fields: [returnAll, limit],
		...returning(async (item) => {
			if (item.settings.onlyCount === true) return [await count(item)];
			const { settings } = item;
			const rows = await read(item, wantedRows(settings));
			return rows.map((row) => show(row, settings));
		}),
	};
}

/**
 * Connections of Maton's, which come in one piece, all or as many as Limit says, with the account of each.
 * @param show what of each row becomes output
 */
export function connectionList(show: Show): Returns {
	return {
		fields: [returnAll, limit],
		...returning(async ({ client, request, settings }) => {
			const { connections } = await client.send(request);
			if (!Array.isArray(connections)) {
				throw unreadableResponse(client.node, 'it has no “connections”');
			}
			const rows = (connections as IDataObject[]).slice(0, wantedRows(settings));
			const accounts = await accountsOf(client, rows);
			return rows.map((row, index) => ({ ...show(row, settings), ...accounts[index] }));
		}),
	};
}

/**
 * Kit counts only when it is asked to, since that is slow (Kit's documentation).
 * @returns how many rows the list of an item has, as `total_count`
 */
export async function count({
	client,
	request,
}: Pick<Item, 'client' | 'request'>): Promise<IDataObject> {
	const query = { ...request.query, per_page: 1, include_total_count: true };
	const body = await client.send({ ...request, query });
	const total = getPath(body as IDataObject, 'pagination.total_count');
	if (typeof total === 'number') return { total_count: total };
	throw unreadableResponse(client.node, 'it has no “total_count”');
}

/** @returns how many rows Return All and Limit ask for */
function wantedRows(settings: Settings): number {
	return settings.returnAll === true ? Infinity : (settings.limit as number);
}

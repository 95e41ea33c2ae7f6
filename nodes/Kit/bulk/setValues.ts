import type { IDataObject } from 'n8n-workflow';
import { toText } from '../../shared/fields/parsers';
import { foldAddress } from '../../shared/subscribers';
import type { KitClient } from '../../shared/transport/client';
import type { EntryResult, Item, Returns } from '../operation/operation';
import { SET_VALUES } from './endpoints';
import type { WithEntry } from './sendEntries';
import { ResultCache, sendEntries } from './sendEntries';
import { SubscriberIds } from './subscriberIds';

/** A value of an item on its way into a custom field. */
interface ValueEntry extends WithEntry {
	item: Item;
	/** Of the custom field */
	key: string;
}

/**
 * @param client sends the requests
 * @param item whose request has the values by key, under `fields`
 * @param subscriberId whose custom fields they are for
 * @returns an entry of the bulk request for each
 */
export async function valueEntries(
	client: KitClient,
	item: Item,
	subscriberId: unknown,
): Promise<ValueEntry[]> {
	const { memory, request } = item;
	const values = Object.entries((request.body?.fields ?? {}) as IDataObject);
	return await Promise.all(
		values.map(async ([key, value]) => {
			const subscriber_custom_field_id = await memory.customFieldId(client, key);
			const subscriber_id = subscriberId as number;
			return { item, key, entry: { subscriber_id, subscriber_custom_field_id, value } };
		}),
	);
}

/** Puts values into custom fields of subscribers who exist, with as few requests as Kit allows. */
export function setValues(): Returns {
	return {
		startRun() {
			const cache = new ResultCache();
			const subscriberIds = new SubscriberIds();
			return async (client, items) => {
				const unknown = await subscriberIds.fillIn(client, items);
				const known = items.filter((item) => !unknown.has(item));
				const entries = await Promise.all(
					known.map(
						async (item) => await valueEntries(client, item, item.request.body?.subscriber_id),
					),
				);
				// Whoever has been created for it is not left without what they were created for.
				const hasCreated = items.some(({ settings }) => settings.createSubscribers === true);
				const sender = hasCreated ? client.with({ stop: undefined }) : client;
				const results = await sendEntries(sender, SET_VALUES, entries.flat(), cache);
				const own = known.map((item, index): [Item, EntryResult] => [
					item,
					resultOf(item, entries[index] ?? [], results),
				]);
				return new Map([...unknown, ...own]);
			};
		},
		targetOf({ request: { body = {} } }) {
			const { subscriber_id: id, email_address: address } = body;
			const key = id === undefined ? foldAddress(toText(address)) : toText(id);
			return { kind: id === undefined ? 'name' : 'id', key };
		},
	};
}

function resultOf(
	{ named, request }: Item,
	entries: ValueEntry[],
	results: Map<ValueEntry, EntryResult>,
): EntryResult {
	const fields: IDataObject = {};
	const failed: { key: string; result: Extract<EntryResult, { refused: string }> }[] = [];
	for (const entry of entries) {
		const result = results.get(entry) ?? {
			refused: 'Kit’s response does not say what became of this',
		};
		if ('refused' in result) failed.push({ key: entry.key, result });
		else if (result.record.queued === true) return result;
		else fields[entry.key] = entry.entry.value;
	}
	const [first] = failed;
	if (!first) {
		return { record: { ...named, subscriber_id: request.body?.subscriber_id, fields } };
	}
	const { error } = first.result;
	if (
		error &&
		failed.length === entries.length &&
		failed.every(({ result }) => result.error === error)
	) {
		return first.result;
	}
	const reasons = failed.map(({ key, result }) => `custom field “${key}”: ${result.refused}`);
	const set = Object.keys(fields).map((key) => `“${key}”`);
	if (set.length > 0) reasons.unshift(`Of the custom fields, only ${set.join(', ')} could be set`);
	return { refused: reasons.join('; ') };
}

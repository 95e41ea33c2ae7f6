import type { IDataObject } from 'n8n-workflow';
import { toText } from '../../shared/fields/parsers';
import { foldAddress } from '../../shared/subscribers';
import { doneRecord } from '../operation/done';
import type { EntryResult, Item, Returns } from '../operation/operation';
import type { BulkEndpoint } from './endpoints';
import { identityOf } from './entryResults';
import { ResultCache, sendEntries } from './sendEntries';
import { SubscriberIds } from './subscriberIds';

/**
 * Many items with one request to one of Kit's bulk endpoints. n8n's declarative engine asks for one
 * item at a time; it gets the same for a request of one.
 * @param endpoint to which the items go
 */
export function bulk(endpoint: BulkEndpoint): Returns {
	return {
		startRun() {
			const cache = new ResultCache();
			const subscriberIds = new SubscriberIds();
			return async (client, items) => {
				const unknown =
					'subscriber_id' in endpoint.fields
						? await subscriberIds.fillIn(client, items)
						: new Map<Item, EntryResult>();
				const owners = items
					.filter((item) => !unknown.has(item))
					.map((item) => ({ item, entry: entryOf(endpoint, item.request.body ?? {}) }));
				// Whoever has been created for it is not left without what they were created for.
				const hasCreated = items.some(({ settings }) => settings.createSubscribers === true);
				const sender = hasCreated ? client.with({ stop: undefined }) : client;
				const results = await sendEntries(sender, endpoint, owners, cache);
				return new Map([
					...unknown,
					...[...results].map(
						([{ item }, result]) => [item, shown(endpoint, item, result)] as const,
					),
				]);
			};
		},
		targetOf({ request: { body = {} } }) {
			const { subscriber_id: id, email_address: address } = body;
			const named = { ...body, subscriber_id: id ?? foldAddress(toText(address)) };
			const key = identityOf(entryOf(endpoint, named), endpoint.identity);
			return { kind: id === undefined ? 'name' : 'id', key };
		},
	};
}

/** Kit says nothing of what went through, where it answers failures only; what it was is known all the same. */
function shown({ done }: BulkEndpoint, { named, request }: Item, result: EntryResult): EntryResult {
	if (!done || 'refused' in result || result.record.queued === true) return result;
	const { subscriber_id: id } = request.body ?? {};
	return { record: doneRecord(done, { ...named, ...(id !== undefined && { subscriber_id: id }) }) };
}

/**
 * @param endpoint to which the entry goes
 * @param body what the fields of the item gave
 * @returns the entry
 */
export function entryOf({ fields }: BulkEndpoint, body: IDataObject): IDataObject {
	const given = Object.entries(fields).filter(([, name]) => body[name] !== undefined);
	return Object.fromEntries(given.map(([name, own]) => [name, body[own]]));
}

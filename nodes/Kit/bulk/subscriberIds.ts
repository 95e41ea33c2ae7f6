import type { IDataObject } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import { toText } from '../../shared/fields/parsers';
import { foldAddress } from '../../shared/subscribers';
import type { KitClient } from '../../shared/transport/client';
import { unknownAddress } from '../../shared/transport/errors';
import { fetchPage } from '../../shared/transport/pagination';
import type { EntryResult, Item } from '../operation/operation';
import { CREATE_SUBSCRIBERS } from './endpoints';
import { MOST_ENTRIES, orApiError, ResultCache, sendEntries } from './sendEntries';

/** Longer lists of addresses could make a URL that what lies between does not take, in bytes. */
const LONGEST_LIST = 4000;

/**
 * Kit's bulk endpoints know subscribers by id only. This turns the email addresses of a run's items
 * into ids, up to 100 with one request: by an upsert where the item allows that new subscribers are
 * created, else by looking them up.
 */
export class SubscriberIds {
	/** By address as Kit compares them */
	private readonly ids = new Map<string, number>();

	private readonly cache = new ResultCache();

	/**
	 * Puts `subscriber_id` into the body of each item that has an `email_address`.
	 * @param client sends the requests
	 * @param items of one chunk
	 * @returns why an item has no id, for those that have none
	 */
	async fillIn(client: KitClient, items: Item[]): Promise<Map<Item, EntryResult>> {
		const unknown = items.filter((item) => addressOf(item) && this.idOf(item) === undefined);
		const mayCreate = ({ settings }: Item) => settings.createSubscribers === true;
		const refused = new Map([
			...(await this.lookUp(
				client,
				unknown.filter((item) => !mayCreate(item)),
			)),
			...(await this.create(client, unknown.filter(mayCreate))),
		]);
		const withoutId = new Map<Item, EntryResult>();
		for (const item of items) {
			const subscriberId = this.idOf(item);
			const result = refused.get(foldAddress(addressOf(item)));
			if (subscriberId !== undefined) Object.assign(bodyOf(item), { subscriber_id: subscriberId });
			else if (result) withoutId.set(item, result);
		}
		return withoutId;
	}

	private idOf(item: Item): number | undefined {
		return this.ids.get(foldAddress(addressOf(item)));
	}

	private async create(client: KitClient, items: Item[]): Promise<Map<string, EntryResult>> {
		const refused = new Map<string, EntryResult>();
		const owners = items.map((item) => ({ item, entry: { email_address: addressOf(item) } }));
		const results = await sendEntries(client, CREATE_SUBSCRIBERS, owners, this.cache);
		for (const [{ item }, result] of results) {
			const address = foldAddress(addressOf(item));
			if ('refused' in result) refused.set(address, result);
			else if (typeof result.record.id === 'number') this.ids.set(address, result.record.id);
			else refused.set(address, { refused: toText(result.record.message) });
		}
		return refused;
	}

	private async lookUp(client: KitClient, items: Item[]): Promise<Map<string, EntryResult>> {
		const refused = new Map<string, EntryResult>();
		const wanted = new Set(items.map((item) => foldAddress(addressOf(item))));
		for (const addresses of inLists(wanted)) {
			const rows = await orApiError(rowsOf(client, addresses));
			const failed = rows instanceof NodeApiError ? rows : undefined;
			for (const { id, email_address } of rows instanceof NodeApiError ? [] : rows) {
				this.ids.set(foldAddress(toText(email_address)), Number(id));
			}
			for (const address of addresses) {
				const error = failed ?? unknownAddress(client.node, address);
				refused.set(address, { refused: error.message, error });
			}
		}
		return refused;
	}
}

function bodyOf({ request }: Item): IDataObject {
	return (request.body ??= {});
}

function addressOf(item: Item): string {
	return toText(bodyOf(item).email_address);
}

async function rowsOf(client: KitClient, addresses: string[]): Promise<IDataObject[]> {
	const query = { email_address: addresses.join(','), status: 'all' };
	const request = { path: '/kit/v4/subscribers', query };
	return (await fetchPage(client, request, 'subscribers', addresses.length)).rows;
}

/** Cuts addresses into lists for one request each. */
function* inLists(addresses: Iterable<string>): Iterable<string[]> {
	let list: string[] = [];
	let bytes = 0;
	for (const address of addresses) {
		const own = encodeURIComponent(`${address},`).length;
		if (list.length === MOST_ENTRIES || bytes + own > LONGEST_LIST) {
			if (list.length > 0) yield list;
			list = [];
			bytes = 0;
		}
		list.push(address);
		bytes += own;
	}
	if (list.length > 0) yield list;
}

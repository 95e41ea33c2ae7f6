import type { IDataObject } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import { toText } from '../../shared/fields/parsers';
import {
	foldAddress,
	lookUp,
	recentSubscriberId,
	rememberSubscriber,
} from '../../shared/subscribers';
import type { KitClient } from '../../shared/transport/client';
import { unknownAddress } from '../../shared/transport/errors';
import { inParallel } from '../../shared/transport/taskPool';
import type { EntryResult, Item } from '../operation/operation';
import { CREATE_SUBSCRIBERS } from './endpoints';
import { MOST_ENTRIES, orApiError, ResultCache, sendEntries } from './sendEntries';

/** Longer lists of addresses could make a URL that what lies between does not take, in bytes. */
const LONGEST_LIST = 4000;

/** So many addresses are asked for one by one again where Kit's lists may lag behind. */
const FEW = 10;

/**
 * Kit's bulk endpoints know subscribers by id only. This turns the email addresses of a run's items
 * into ids, up to 100 with one request: by an upsert where the item allows that new subscribers are
 * created, else by looking them up.
 */
export class SubscriberIds {
	/** By address as Kit compares them */
	private readonly ids = new Map<string, number>();

	private readonly cache = new ResultCache();

	/** Whether Kit has answered more than one address at once */
	private takesLists = false;

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
			else if (typeof result.record.id === 'number') {
				this.ids.set(address, result.record.id);
				await rememberSubscriber(client, result.record);
			} else refused.set(address, { refused: toText(result.record.message) });
		}
		return refused;
	}

	private async lookUp(client: KitClient, items: Item[]): Promise<Map<string, EntryResult>> {
		const refused = new Map<string, EntryResult>();
		let missing = [...new Set(items.map((item) => foldAddress(addressOf(item))))];
		for (const address of missing) {
			const id = await recentSubscriberId(client, address);
			if (id !== undefined) this.ids.set(address, id);
		}
		missing = missing.filter((address) => !this.ids.has(address));
		for (let asked = 1; missing.length > 0; asked++) {
			// In a list of many, whoever is missing later is asked for together alone.
			const each = asked === 1 || missing.length <= FEW;
			const failed = await inParallel(
				[...inLists(missing)],
				async (addresses) => await this.ask(client, addresses, each),
			);
			for (const [address, error] of failed.flatMap((one) => [...one])) {
				refused.set(address, { refused: error.message, error });
			}
			missing = missing.filter((address) => !this.ids.has(address) && !refused.has(address));
			if (missing.length === 0 || !(await client.waitForLag(asked))) break;
		}
		for (const address of missing) {
			const error = unknownAddress(client.node, address);
			refused.set(address, { refused: error.message, error });
		}
		return refused;
	}

	/**
	 * Asks for several addresses at once. That Kit takes a list of them is documented nowhere: where it
	 * refuses one, or has never answered more than one of it, the others are asked for one by one.
	 * @param each whether they may be asked for one by one
	 * @returns why one could not be asked for
	 */
	private async ask(
		client: KitClient,
		addresses: string[],
		each: boolean,
	): Promise<Map<string, NodeApiError>> {
		const failed = new Map<string, NodeApiError>();
		const found = await orApiError(lookUp(client, addresses, { per_page: addresses.length }));
		if (!(found instanceof NodeApiError)) {
			for (const [address, { id }] of found) this.ids.set(address, Number(id));
			this.takesLists ||= found.size > 1;
			if (addresses.length === 1 || this.takesLists || !each) return failed;
		} else if (addresses.length === 1 || !isRefused(found)) {
			for (const address of addresses) failed.set(address, found);
			return failed;
		}
		const alone = addresses.filter((address) => !this.ids.has(address));
		const failures = await inParallel(
			alone,
			async (address) => await this.ask(client, [address], each),
		);
		return new Map(failures.flatMap((one) => [...one]));
	}
}

/** Kit refuses what is asked, as it does where an address is malformed; not who asks, or how often. */
function isRefused({ httpCode }: NodeApiError): boolean {
	return httpCode === '400' || httpCode === '422';
}

function bodyOf({ request }: Item): IDataObject {
	return (request.body ??= {});
}

function addressOf(item: Item): string {
	return toText(bodyOf(item).email_address);
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

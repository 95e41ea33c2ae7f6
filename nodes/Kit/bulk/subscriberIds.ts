import type { IDataObject, IExecutePaginationFunctions } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import { unknownAddress } from '../../shared/errors';
import { fetchPage } from '../../shared/pages';
import { asText } from '../fields/checks';
import type { BulkItem } from './answer';
import { NEW_SUBSCRIBER } from './entries';
import { MOST_ENTRIES, orError, sendEntries, Told } from './send';
import type { Verdict } from './verdicts';

/** Longer lists of addresses could make a URL that what lies between does not take. */
const LONGEST_LIST = 4000;

/**
 * Kit's bulk endpoints know subscribers by id only. This turns the email addresses of a run's items
 * into ids, up to 100 with one request: by an upsert where the item allows that new subscribers are
 * created, else by looking them up.
 */
export class SubscriberIds {
	/** By address in small letters, as Kit compares them */
	private readonly ids = new Map<string, number>();

	private readonly told = new Told();

	/**
	 * Puts `subscriber_id` into the request of each item that has an `email_address`.
	 * @param items of one chunk
	 * @returns why an item has no id, for those that have none
	 */
	async fillIn(items: BulkItem[]): Promise<Map<BulkItem, Verdict>> {
		const unknown = items.filter((item) => addressOf(item) && this.idOf(item) === undefined);
		const mayCreate = ({ context }: BulkItem) =>
			context.getNodeParameter('options.createSubscribers', false) === true;
		const refused = new Map([
			...(await this.lookUp(unknown.filter((item) => !mayCreate(item)))),
			...(await this.create(unknown.filter(mayCreate))),
		]);
		const withoutId = new Map<BulkItem, Verdict>();
		for (const item of items) {
			const subscriberId = this.idOf(item);
			const verdict = refused.get(addressOf(item).toLowerCase());
			if (subscriberId !== undefined) {
				Object.assign(item.request.body as IDataObject, { subscriber_id: subscriberId });
			} else if (verdict) withoutId.set(item, verdict);
		}
		return withoutId;
	}

	private idOf(item: BulkItem): number | undefined {
		return this.ids.get(addressOf(item).toLowerCase());
	}

	private async create(items: BulkItem[]): Promise<Map<string, Verdict>> {
		const refused = new Map<string, Verdict>();
		const [first] = items;
		if (!first) return refused;
		const verdicts = await sendEntries(
			first.context,
			{ method: 'POST', url: '/kit/v4/bulk/subscribers' },
			NEW_SUBSCRIBER,
			items.map((item) => ({ item, entry: { email_address: addressOf(item) } })),
			this.told,
		);
		for (const [{ item }, verdict] of verdicts) {
			const address = addressOf(item).toLowerCase();
			if ('refused' in verdict) refused.set(address, verdict);
			else if (typeof verdict.record.id === 'number') this.ids.set(address, verdict.record.id);
			else refused.set(address, { refused: asText(verdict.record.message) });
		}
		return refused;
	}

	private async lookUp(items: BulkItem[]): Promise<Map<string, Verdict>> {
		const refused = new Map<string, Verdict>();
		const [first] = items;
		if (!first) return refused;
		const { context } = first;
		for (const addresses of inLists(new Set(items.map((item) => addressOf(item).toLowerCase())))) {
			const rows = await orError(rowsOf(context, addresses));
			const failed = rows instanceof NodeApiError ? rows : undefined;
			for (const { id, email_address } of failed ? [] : (rows as IDataObject[])) {
				this.ids.set(asText(email_address).toLowerCase(), Number(id));
			}
			for (const address of addresses) {
				const because = failed ?? unknownAddress(context.getNode(), address);
				refused.set(address, { refused: because.message, because });
			}
		}
		return refused;
	}
}

function addressOf({ request }: BulkItem): string {
	return asText((request.body as IDataObject).email_address);
}

async function rowsOf(
	context: IExecutePaginationFunctions,
	addresses: string[],
): Promise<IDataObject[]> {
	const qs = { email_address: addresses.join(','), status: 'all' };
	const request = { method: 'GET', url: '/kit/v4/subscribers', qs } as const;
	return (await fetchPage(context, request, 'subscribers', addresses.length)).rows;
}

/** Cuts addresses into lists for one request each. */
function* inLists(addresses: Iterable<string>): Iterable<string[]> {
	let list: string[] = [];
	let length = 0;
	for (const address of addresses) {
		if (list.length === MOST_ENTRIES || length + address.length > LONGEST_LIST) {
			yield list;
			list = [];
			length = 0;
		}
		list.push(address);
		length += address.length + 1;
	}
	if (list.length > 0) yield list;
}

import type { IDataObject, IExecutePaginationFunctions, INode } from 'n8n-workflow';
import { entryRefused } from '../../shared/errors';
import type { KitRequest } from '../../shared/send';
import type { Answer } from '../answers';
import type { Pagination } from '../routing';
import type { EntryKind } from './entries';
import { sendEntries, Told } from './send';
import { SubscriberIds } from './subscriberIds';
import type { Verdict } from './verdicts';

/** An item on its way to a bulk endpoint: its context, and its request with the entry as body. */
export interface BulkItem {
	context: IExecutePaginationFunctions;
	request: KitRequest;
}

/** Sends some items of a run, and says what became of each. */
export type SendChunk = (items: BulkItem[]) => Promise<Map<BulkItem, Verdict>>;

/** The pagination function of a bulk operation, which also knows how to send many items together. */
export type BulkPagination = Pagination & {
	/** Begins a run, which remembers what it has sent */
	startRun: () => SendChunk;
};

/** @returns whether an operation sends many items with one request */
export function isBulk(pagination: Pagination): pagination is BulkPagination {
	return 'startRun' in pagination;
}

/**
 * Many items with one request. n8n's declarative engine asks for one item at a time; it gets the same
 * for a chunk of one.
 * @param startRun begins a run
 */
export function inChunks(startRun: () => SendChunk): Answer {
	const pagination: Pagination = async function ({ options }) {
		const item = { context: this, request: options as KitRequest };
		const verdict = (await startRun()([item])).get(item);
		if (!verdict || 'refused' in verdict) throw refusalOf(this.getNode(), verdict);
		return [{ json: verdict.record, pairedItem: { item: this.getItemIndex() } }];
	};
	return {
		send: { paginate: true },
		operations: { pagination: Object.assign(pagination, { startRun }) },
	};
}

/**
 * Many items with one request to one of Kit's bulk endpoints.
 * @param kind what an entry of it looks like
 */
export function bulk(kind: EntryKind): Answer {
	return inChunks(() => {
		const told = new Told();
		const subscriberIds = new SubscriberIds();
		return async (items) => {
			const unknown =
				'subscriber_id' in kind.holds
					? await subscriberIds.fillIn(items)
					: new Map<BulkItem, Verdict>();
			const ready = items
				.filter((item) => !unknown.has(item))
				.map((item) => ({ item, entry: entryOf(kind, item.request.body as IDataObject) }));
			const [first] = ready;
			if (!first) return unknown;
			const { context, request } = first.item;
			const verdicts = await sendEntries(context, request, kind, ready, told);
			return new Map([...unknown, ...[...verdicts].map(([{ item }, one]) => [item, one] as const)]);
		};
	});
}

/**
 * @param kind what an entry looks like
 * @param body what the fields of the item gave
 * @returns the entry
 */
export function entryOf({ holds }: EntryKind, body: IDataObject): IDataObject {
	const given = Object.entries(holds).filter(([, field]) => body[field] !== undefined);
	return Object.fromEntries(given.map(([name, field]) => [name, body[field]]));
}

/**
 * @param node the node that asked
 * @param verdict about an item
 * @returns the error for that item
 */
export function refusalOf(node: INode, verdict: Extract<Verdict, { refused: string }> | undefined) {
	return verdict?.because ?? entryRefused(node, verdict?.refused ?? '');
}

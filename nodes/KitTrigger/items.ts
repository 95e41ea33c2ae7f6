import type { IDataObject } from 'n8n-workflow';
import type { KitEvent } from '../shared/events';
import { toText } from '../shared/fields/parsers';
import { LISTS } from '../shared/lists';
import { isRecord } from '../shared/record';
import type { SignedEvent } from '../shared/signedEvent';
import type { KitClient } from '../shared/transport/client';
import type { Choice } from './parameters';
import { EVENT_TARGETS, TARGET_LISTS } from './parameters';
import { isMeant } from './plan';

/** A delivery as a signed endpoint gets it. */
export interface Delivery {
	id: number | string;
	events: SignedEvent[];
}

/**
 * @param event of a delivery
 * @param choice of a person
 * @returns whether it is to start the workflow: it is chosen, and about what is chosen, by ID or by name
 */
export function isChosen({ type, data }: SignedEvent, { events, targets }: Choice): boolean {
	if (!events.some(({ value }) => value === type)) return false;
	const wanted = targets.get(type);
	const { list } = EVENT_TARGETS.find(({ event }) => event === type) ?? {};
	if (!wanted || !list) return true;
	const about = isRecord(data) ? data[TARGET_LISTS[list].subject] : undefined;
	// What does not say what it is about is not held back: it may be what was meant.
	if (!isRecord(about)) return true;
	return wanted.some((one) => isMeant(list, about, one));
}

/**
 * @param event that a classic webhook was made for
 * @param body that Kit posted
 * @returns the item that it becomes, of the form of a signed one, without what Kit does not tell
 */
export function classicItem({ value }: KitEvent, body: IDataObject): IDataObject {
	// Kit posts a purchase as it is, and everything else under its own name.
	const data = value === 'purchase.created' && !isRecord(body.purchase) ? { purchase: body } : body;
	return { event: value, ...data };
}

/** What a list of subscribers adds to each. */
const MORE = 'tags,location,attribution';

/** What is not there after this long is left out: the run of a delivery waits for no more. */
const LOOKUP_MS = 60_000;

/**
 * Adds to items what Kit's lists know of their subscribers beyond what it tells with an event.
 * @param client sends the requests
 * @param items of events
 * @returns the items with it, or with why they are without
 */
export async function withFullSubscribers(
	client: KitClient,
	items: IDataObject[],
): Promise<IDataObject[]> {
	const signal = AbortSignal.timeout(LOOKUP_MS);
	const limited = client.with({ signal });
	const found: IDataObject[] = [];
	for (const item of items) found.push(await withFullSubscriber(limited, item));
	return found;
}

async function withFullSubscriber(client: KitClient, item: IDataObject): Promise<IDataObject> {
	const { subscriber } = item;
	if (!isRecord(subscriber)) return item;
	const query = { email_address: toText(subscriber.email_address), status: 'all', include: MORE };
	try {
		const { subscribers } = await client.send({ path: LISTS.subscribers.path, query });
		const found = Array.isArray(subscribers)
			? (subscribers as IDataObject[]).find(({ id }) => toText(id) === toText(subscriber.id))
			: undefined;
		if (found) return { ...item, subscriber: { ...subscriber, ...found } };
		const path = `${LISTS.subscribers.path}/${toText(subscriber.id)}/tags`;
		const { tags } = await client.send({ path, query: { per_page: 1000 } });
		return {
			...item,
			subscriber: { ...subscriber, tags: (tags ?? []) as IDataObject[] },
			full_subscriber_error:
				'Kit’s lists do not have this subscriber yet, so location and attribution are missing',
		};
	} catch (error) {
		const isLate = client.signal?.aborted === true;
		return {
			...item,
			full_subscriber_error: isLate
				? 'Kit did not answer in a minute what it knows of the subscribers of this delivery'
				: (error as Error).message,
		};
	}
}

import { randomUUID } from 'node:crypto';
import { iso } from '../kit/dates';
import { arrayOf, isObject, objectOf, textOf } from '../kit/route';
import { byId } from '../kit/state';
import type { Account } from '../kit/state';
import type { DeliveryRequest } from './sender';
import { headersOf, secretsOf, signatureOf } from './signature';

/** What can be wrong with a delivery on purpose. */
export const WRONGS = [
	'unsigned',
	'wrongSecret',
	'unreadableSignature',
	'changed',
	'stale',
	'future',
	'notJson',
] as const;

/** A delivery that a test makes up, to be posted once, whatever the endpoint is subscribed to. */
export interface CraftedDelivery {
	/** The id of the webhook endpoint. */
	readonly endpoint: number;
	/** Any number of them; an event gets the `id`, `created` and `data` that it lacks. */
	readonly events: readonly unknown[];
	/** Which account's, by its connection; the main one by default. */
	readonly connection?: string;
	/** A new one by default. */
	readonly deliveryId?: number;
	/** What is wrong with it; nothing by default. */
	readonly wrong?: (typeof WRONGS)[number];
}

/** Receivers are to refuse what is signed this many seconds away; Kit documents 300. */
const TOO_FAR = 301;

/**
 * Reads a crafted delivery that arrived.
 * @returns the delivery, or a sentence about what is wrong with it
 */
export function craftedDeliveryIn(body: unknown): CraftedDelivery | string {
	const { endpoint, events, connection, deliveryId, wrong } = objectOf(body);
	const list = arrayOf(events);
	if (typeof endpoint !== 'number') return 'endpoint must be the id of a webhook endpoint.';
	if (list === undefined) return 'events must be an array.';
	if (deliveryId !== undefined && typeof deliveryId !== 'number') {
		return 'deliveryId must be a number.';
	}
	const fault = WRONGS.find((one) => one === wrong);
	if (wrong !== undefined && fault === undefined)
		return `wrong must be one of: ${WRONGS.join(', ')}.`;
	const named = textOf(connection);
	return {
		endpoint,
		events: list,
		...(named !== undefined && { connection: named }),
		...(deliveryId !== undefined && { deliveryId }),
		...(fault !== undefined && { wrong: fault }),
	};
}

function signed(text: string, secrets: readonly string[], wrong: CraftedDelivery['wrong']) {
	const now = Math.floor(Date.now() / 1000);
	switch (wrong) {
		case 'unsigned':
			return undefined;
		case 'unreadableSignature':
			return `t=now,v1=${'0'.repeat(10)}`;
		case 'wrongSecret':
			return signatureOf(['whsec_another'], text, now);
		case 'stale':
			return signatureOf(secrets, text, now - TOO_FAR);
		case 'future':
			return signatureOf(secrets, text, now + TOO_FAR + 1);
		default:
			return signatureOf(secrets, text, now);
	}
}

/**
 * What is posted for a crafted delivery. Throws where the endpoint does not exist.
 * @returns it, with the text that is its body
 */
export function craftedRequest(
	account: Account,
	crafted: CraftedDelivery,
): { request: DeliveryRequest; text: string } {
	const { endpoint: id, events, deliveryId = account.nextId(), wrong } = crafted;
	const endpoint = byId(account.webhookEndpoints, id);
	if (endpoint === undefined) throw new Error(`There is no webhook endpoint ${String(id)}`);
	const now = account.now();
	const whole = (event: unknown) =>
		isObject(event) ? { id: randomUUID(), created: iso(now), data: {}, ...event } : event;
	const body = { delivery_id: deliveryId, events: events.map(whole) };
	const json = JSON.stringify(body);
	const text = wrong === 'notJson' ? json.slice(0, -1) : json;
	const headers = headersOf(deliveryId, signed(text, secretsOf(endpoint, now), wrong));
	const request: DeliveryRequest = {
		kind: 'signed',
		to: endpoint.id,
		url: endpoint.url,
		event: textOf(objectOf(events[0]).type) ?? '',
		headers,
		body: wrong === 'notJson' ? text : body,
		attempt: 1,
	};
	return { request, text: wrong === 'changed' ? `${text} ` : text };
}

import { randomUUID } from 'node:crypto';
import type { Shape } from '../facts/notation';
import type { Account } from '../kit/account';
import { iso } from '../kit/dates';
import { isObject, objectOf } from '../kit/route';
import { byId } from '../kit/rows';
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

/** A crafted delivery as it comes over HTTP. */
export const CRAFTED_DELIVERY: Shape = {
	endpoint: 'integer',
	events: ['any'],
	'connection?': 'string',
	'deliveryId?': 'number',
	'wrong?': `string(${WRONGS.join('|')})`,
};

/** Receivers are to refuse what is signed this many seconds away; Kit documents 300. */
const TOO_FAR = 301;

function signed(text: string, secrets: readonly string[], wrong: CraftedDelivery['wrong']) {
	const now = Math.floor(Date.now() / 1000);
	const away = { stale: -TOO_FAR, future: TOO_FAR + 1 } as Readonly<Record<string, number>>;
	if (wrong === 'unsigned') return undefined;
	if (wrong === 'unreadableSignature') return `t=now,v1=${'0'.repeat(10)}`;
	const by = wrong === 'wrongSecret' ? ['whsec_another'] : secrets;
	return signatureOf(by, text, now + (away[wrong ?? ''] ?? 0));
}

/** What is posted for a crafted delivery, and the text of its body. Throws where there is no such endpoint. */
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
	const { type } = objectOf(events[0]);
	const request: DeliveryRequest = {
		kind: 'signed',
		to: endpoint.id,
		url: endpoint.url,
		event: typeof type === 'string' ? type : '',
		headers: headersOf(deliveryId, signed(text, secretsOf(endpoint, now), wrong)),
		body: wrong === 'notJson' ? text : body,
		attempt: 1,
	};
	return { request, text: wrong === 'changed' ? `${text} ` : text };
}

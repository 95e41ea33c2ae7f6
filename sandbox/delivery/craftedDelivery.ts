import { randomUUID } from 'node:crypto';
import { z } from 'zod/v4';
import type { Account } from '../kit/account';
import { iso } from '../kit/dates';
import { isObject, objectOf } from '../kit/route';
import { byId } from '../kit/rows';
import type { DeliveryRequest } from './sender';
import { secretsOf, signedHeaders } from './signature';

/** What may be wrong with a delivery, so that receivers are to refuse it. */
export const FLAWS = [
	'unsigned',
	'wrongSecret',
	'unreadableSignature',
	'changed',
	'stale',
	'future',
	'notJson',
] as const;

/** A delivery that a test makes up, to be posted once, whatever the endpoint is subscribed to. */
export const CRAFTED_DELIVERY = z.strictObject({
	/** The id of the webhook endpoint. */
	endpoint: z.int(),
	/** Any number of them; an event gets the `id`, `created` and `data` that it lacks. */
	events: z.array(z.unknown()),
	/** Which account's, by its connection; the main one by default. */
	connection: z.string().optional(),
	/** A new one by default. */
	deliveryId: z.number().optional(),
	/** What is wrong with it; nothing by default. */
	wrong: z.enum(FLAWS).optional(),
});

export type CraftedDelivery = z.infer<typeof CRAFTED_DELIVERY>;

/** Receivers are to refuse what is signed this many seconds away; Kit documents 300. */
const TOO_FAR = 301;

/** What is posted for a crafted delivery, and the text of its body. Throws where there is no such endpoint. */
export function craftedRequest(
	account: Account,
	{ endpoint: id, events, deliveryId = account.nextId(), wrong }: CraftedDelivery,
): { request: DeliveryRequest; text: string } {
	const endpoint = byId(account.webhookEndpoints, id);
	if (endpoint === undefined) throw new Error(`There is no webhook endpoint ${String(id)}`);
	const now = account.now();
	const whole = (event: unknown) =>
		isObject(event) ? { id: randomUUID(), created: iso(now), data: {}, ...event } : event;
	const body = { delivery_id: deliveryId, events: events.map(whole) };
	const text = JSON.stringify(body).slice(0, wrong === 'notJson' ? -1 : undefined);
	const secrets = wrong === 'wrongSecret' ? ['whsec_another'] : secretsOf(endpoint, now);
	const away = { stale: -TOO_FAR, future: TOO_FAR + 1 } as Readonly<Record<string, number>>;
	const time = Math.floor(Date.now() / 1000) + (away[wrong ?? ''] ?? 0);
	const { 'X-Kit-Signature': signature, ...headers } = signedHeaders(
		deliveryId,
		text,
		secrets,
		time,
	);
	const given = wrong === 'unreadableSignature' ? `t=now,v1=${'0'.repeat(10)}` : signature;
	const { type } = objectOf(events[0]);
	const request: DeliveryRequest = {
		kind: 'signed',
		to: endpoint.id,
		url: endpoint.url,
		event: typeof type === 'string' ? type : '',
		headers: { ...headers, ...(wrong !== 'unsigned' && { 'X-Kit-Signature': given }) },
		body: wrong === 'notJson' ? text : body,
		attempt: 1,
	};
	return { request, text: wrong === 'changed' ? `${text} ` : text };
}

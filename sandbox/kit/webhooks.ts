import { createHash } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import type { Account } from './account';
import { broadcastRow } from './broadcasts';
import { customFieldRow } from './customFields';
import { DAY, isoOrNull } from './dates';
import type { KitEvent } from './events';
import { all, deletion, listed } from './pages';
import { answer, existing, invalid, KitError } from './route';
import type { Answer, Call, Operations } from './route';
import { isLike, without } from './rows';
import type { Delivery, Webhook } from './rows';
import { sequenceRow } from './sequences';
import { listedSubscriber } from './subscribers';

/** An event is named without its prefix, with the key it is about, as in Kit's examples. */
function createWebhook({
	account,
	body: { target_url, event },
}: Call<{ target_url: string; event: Webhook['event'] & { name: string } }>): Answer {
	const { name, ...about } = event;
	for (const [key, id] of Object.entries(about)) {
		if (!account.has(key, id)) throw invalid(`${key} does not exist`);
	}
	const named = Object.keys(about).length === 0 ? { initiator_value: null } : about;
	const webhook: Webhook = {
		id: account.nextId(),
		account_id: account.profile.accountId,
		event: { name: name.slice(name.indexOf('.') + 1), ...named },
		target_url,
	};
	return answer({ webhook: account.add('webhooks', webhook) }, 201);
}

/** What the internet does not route; this machine is told apart. */
const INTERNAL = ['unspecified', 'private', 'carrierGradeNat', 'linkLocal', 'uniqueLocal'];

function reachOf(url: string): 'public' | 'internal' | 'loopback' {
	if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) return 'internal';
	const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
	if (ipaddr.isValid(host)) {
		const range = ipaddr.process(host).range();
		if (range === 'loopback') return range;
		return INTERNAL.includes(range) ? 'internal' : 'public';
	}
	if (/(^|\.)localhost$/.test(host)) return 'loopback';
	return /\.(local|internal|lan)$/.test(host) || !host.includes('.') ? 'internal' : 'public';
}

/** Whether a URL leads to this machine. */
export function isOnThisMachine(url: string): boolean {
	return reachOf(url) === 'loopback';
}

/** How long a rotation leaves the secret before valid; Kit documents that it does, not how long. */
const OVERLAP = DAY;

const LONGEST_DESCRIPTION = 255;

type SentEndpoint = Partial<
	Pick<WebhookEndpoint, 'name' | 'url' | 'description' | 'status' | 'events'>
>;

function previousExpiry({ now }: Account, { previousSecret }: WebhookEndpoint): number | null {
	const expiresAt = previousSecret?.expiresAt ?? 0;
	return expiresAt > now() ? expiresAt : null;
}

function endpointRow(account: Account, endpoint: WebhookEndpoint) {
	const previous_secret_expires_at = isoOrNull(previousExpiry(account, endpoint));
	const row = without(endpoint, 'secret', 'previousSecret', 'deliveries');
	return { ...row, previous_secret_expires_at };
}

/** A new secret. It follows from an id of the account's, since it guards nothing here. */
function newSecret(account: Account): string {
	const seed = `${String(account.profile.accountId)} ${String(account.nextId())}`;
	return `whsec_${createHash('sha256').update(seed).digest('hex')}`;
}

const endpointIn = ({ account, ids }: Call) => existing(account.webhookEndpoints, ids.id);

/** Refuses private, internal and loopback URLs, as Kit does, and what is too short or too long. */
function checked({ body: sent, settings }: Call<SentEndpoint>): SentEndpoint {
	const { url, events, description } = sent;
	const reach = url === undefined ? 'public' : reachOf(url);
	if (reach === 'internal' || (reach === 'loopback' && !settings.allowLoopbackWebhooks)) {
		throw invalid('url must be a public HTTP(S) URL');
	}
	if (events?.length === 0) throw invalid('events must include at least one event type');
	if ((description?.length ?? 0) > LONGEST_DESCRIPTION) {
		throw invalid(`description is too long (maximum is ${String(LONGEST_DESCRIPTION)} characters)`);
	}
	return { ...sent, ...(events && { events: [...new Set(events)] }) };
}

/** An endpoint of which nothing is said. */
function blankEndpoint(account: Account) {
	const fresh = account.fresh({});
	return {
		...fresh,
		name: `webhook-${String(fresh.id)}`,
		url: '',
		events: [] as readonly string[],
		status: 'active' as 'active' | 'disabled',
		source: 'api',
		description: null as string | null,
		created_by_app: 'Maton',
		secret: newSecret(account),
		/** What a rotation left valid for a while. */
		previousSecret: null as { readonly secret: string; readonly expiresAt: number } | null,
		/** Ascending by id. */
		deliveries: [] as Delivery[],
	};
}

/** A signed webhook endpoint: many events, one URL. */
export type WebhookEndpoint = ReturnType<typeof blankEndpoint>;

function createEndpoint(call: Call<SentEndpoint>): Answer {
	const { account } = call;
	const sent = checked(call);
	const endpoint = { ...blankEndpoint(account), ...sent };
	account.webhookEndpoints.push(endpoint);
	const { secret } = endpoint;
	return answer({ webhook_endpoint: { ...endpointRow(account, endpoint), secret } }, 201);
}

function rotateSecret(call: Call<{ force?: boolean }>): Answer {
	const { account, body } = call;
	const endpoint = endpointIn(call);
	if (previousExpiry(account, endpoint) !== null && body.force !== true) {
		throw new KitError(409, [
			'A previous rotation is still in its overlap window. Pass `force: true` to rotate anyway.',
		]);
	}
	endpoint.previousSecret = { secret: endpoint.secret, expiresAt: account.now() + OVERLAP };
	endpoint.secret = newSecret(account);
	const { secret } = endpoint;
	return answer({ webhook_endpoint: { ...endpointRow(account, endpoint), secret } });
}

/** An endpoint after something was done with it. */
const withEndpoint =
	<B>(change: (endpoint: WebhookEndpoint, call: Call<B>) => void): Operations[string] =>
	(call: Call<B>) => {
		const endpoint = endpointIn(call as Call);
		change(endpoint, call);
		return answer({ webhook_endpoint: endpointRow(call.account, endpoint) });
	};

/** How long Kit keeps deliveries. */
const KEPT = 30 * DAY;

/** The deliveries of an endpoint that are still kept. */
function keptDeliveries(call: Call): Delivery[] {
	const since = call.account.now() - KEPT;
	return endpointIn(call).deliveries.filter((one) => Date.parse(one.created_at) >= since);
}

function listDeliveries(call: Call<object, { status?: string; event_type?: string }>): Answer {
	const { status, event_type } = call.query;
	const rows = keptDeliveries(call).filter((one) => isLike(one, { status, event_type }));
	return listed(call, 'deliveries', { rows }, (one) => without(one, 'events', 'attempts'));
}

const ENDPOINT = '/webhook_endpoints/{id}';

/** Kit's endpoints for webhooks, classic and signed, and for what was delivered to the latter. */
export const webhookOperations: Operations = {
	'GET /webhooks': all('webhooks'),
	'POST /webhooks': createWebhook,
	'DELETE /webhooks/{id}': deletion('webhooks'),
	'GET /webhook_endpoints': (call: Call<object, { status?: string }>) => {
		const { account, query } = call;
		const rows = account.webhookEndpoints.filter((one) => isLike(one, { status: query.status }));
		return listed(call, 'webhook_endpoints', { rows }, (row) => endpointRow(account, row));
	},
	'POST /webhook_endpoints': createEndpoint,
	[`GET ${ENDPOINT}`]: withEndpoint(() => undefined),
	[`PATCH ${ENDPOINT}`]: withEndpoint<SentEndpoint>((endpoint, call) => {
		Object.assign(endpoint, checked(call));
	}),
	[`DELETE ${ENDPOINT}`]: deletion('webhookEndpoints'),
	[`POST ${ENDPOINT}/rotate_secret`]: rotateSecret,
	[`POST ${ENDPOINT}/revoke_previous_secret`]: withEndpoint((endpoint) => {
		endpoint.previousSecret = null;
	}),
	[`GET ${ENDPOINT}/deliveries`]: listDeliveries,
	[`GET ${ENDPOINT}/deliveries/{delivery_id}`]: (
		call: Call<object, { include_payload?: boolean }>,
	) => {
		const delivery = existing(keptDeliveries(call), call.ids.delivery_id);
		const { id: delivery_id, events } = delivery;
		const payload = call.query.include_payload && { delivery_id, events };
		return answer({ delivery: { ...without(delivery, 'events'), ...(payload && { payload }) } });
	},
};

function fieldData({ custom_field, value }: KitEvent) {
	return (
		custom_field && {
			custom_field: { ...customFieldRow(custom_field), ...(value !== undefined && { value }) },
		}
	);
}

/**
 * What an event delivered to a webhook endpoint carries as `data`. Kit documents which keys there are
 * and that `subscriber` is as its API answers it; that the others are too is a guess.
 */
export function dataOf(account: Account, event: KitEvent): object {
	const { subscriber, form, sequence, tag, broadcast, post } = event;
	return {
		...(subscriber && { subscriber: listedSubscriber(account, subscriber) }),
		...(form && { form }),
		...(sequence && { sequence: sequenceRow(account, sequence) }),
		...(tag && { tag: { ...tag } }),
		...fieldData(event),
		...(broadcast && { broadcast: broadcastRow(account, broadcast) }),
		...(post && { post: without(post, 'content') }),
	};
}

/**
 * What a classic webhook is sent. Kit documents it for subscribers and purchases; for custom fields it
 * is a guess.
 */
export function classicBodyOf(account: Account, event: KitEvent): object {
	const { purchase, custom_field, subscriber } = event;
	if (purchase) return without(purchase, 'subscriber_id');
	if (custom_field) return { ...fieldData(event) };
	return subscriber ? { subscriber: listedSubscriber(account, subscriber) } : {};
}

import { randomUUID } from 'node:crypto';
import type { SandboxSettings } from '../index';
import type { Account } from '../kit/account';
import { iso } from '../kit/dates';
import { classicName, isFor } from '../kit/events';
import type { KitEvent } from '../kit/events';
import type { Delivery, Webhook } from '../kit/rows';
import { classicBodyOf, dataOf } from '../kit/webhooks';
import type { WebhookEndpoint } from '../kit/webhooks';
import type { CraftedDelivery } from './craftedDelivery';
import { craftedRequest } from './craftedDelivery';
import type { PostedDelivery } from './sender';
import { send } from './sender';
import { headersOf, secretsOf, signatureOf } from './signature';
import { TaskQueue } from './taskQueue';

/** One event as it is delivered. */
interface EndpointEventRow {
	readonly id: string;
	readonly type: string;
	readonly created: string;
	readonly data: object;
}

/** Kit puts no more events into one delivery. */
const MOST_EVENTS = 100;

const SECOND = 1000;
const HOUR = 3600 * SECOND;

/** How long Kit waits after each attempt, in milliseconds; after the eighth it gives up. */
const WAITS = [30 * SECOND, 120 * SECOND, 900 * SECOND, HOUR, 4 * HOUR, 12 * HOUR, 24 * HOUR];

/**
 * When Kit tries a delivery again, as its documentation of retries has it. What `Retry-After` asks for is
 * brought between a second and 24 hours.
 * @returns in how many milliseconds, or undefined where it gives up
 */
function waitAfter(attempts: number, status: number | null, retryAfter: string | null) {
	const wait = WAITS[attempts - 1];
	if (wait === undefined || status === 410) return undefined;
	if ((status !== 429 && status !== 503) || retryAfter === null) return wait;
	const isSeconds = /^\s*\d+\s*$/.test(retryAfter);
	const asked = isSeconds ? Number(retryAfter) * SECOND : Date.parse(retryAfter) - Date.now();
	return Number.isNaN(asked) ? wait : Math.min(Math.max(asked, SECOND), 24 * HOUR);
}

/** Whether an endpoint still receives: neither removed nor disabled. */
function receives({ webhookEndpoints }: Account, endpoint: WebhookEndpoint): boolean {
	return endpoint.status === 'active' && webhookEndpoints.includes(endpoint);
}

/** Tells webhooks and webhook endpoints of what happens in accounts, until it is stopped. */
export class WebhookDispatcher {
	private readonly tasks = new TaskQueue();
	private readonly collecting = new Map<WebhookEndpoint, Map<string, EndpointEventRow[]>>();

	/** Writes every post into a log; the settings are read anew each time. */
	constructor(
		private readonly log: PostedDelivery[],
		private readonly settings: Readonly<SandboxSettings>,
	) {}

	/** Tells of what happens in an account from now on. */
	serve(account: Account): void {
		account.listen((event) => {
			const webhooks = account.webhooks.filter((webhook) => isFor(webhook, event));
			const endpoints = account.webhookEndpoints.filter(
				({ status, events }) => status === 'active' && events.includes(event.type),
			);
			if (webhooks.length + endpoints.length === 0) return;
			const created = iso(account.now());
			// What is told is as it stands when the request is through, such as with its custom fields.
			queueMicrotask(() => {
				for (const webhook of webhooks) this.tell(account, webhook, event);
				if (endpoints.length === 0) return;
				const { type } = event;
				const row = { id: randomUUID(), type, created, data: dataOf(account, event) };
				for (const endpoint of endpoints) this.collect(account, endpoint, row);
			});
		});
	}

	/** Posts a crafted delivery, once; rejects where the endpoint does not exist. */
	async deliver(account: Account, crafted: CraftedDelivery): Promise<PostedDelivery> {
		const { request, text } = craftedRequest(account, crafted);
		const { entry } = await send(this.log, request, this.tasks.signal, text);
		return entry;
	}

	/** Brings the waits before retries forward. */
	hasten(milliseconds: number): void {
		this.tasks.hasten(milliseconds);
	}

	/** Resolves when nothing is being delivered or waits to be. */
	async settled(): Promise<void> {
		await this.tasks.settled();
	}

	/** Breaks everything off. */
	stop(): void {
		this.tasks.stop();
	}

	/** Posts to a classic webhook, once. */
	private tell(account: Account, { id, target_url: url }: Webhook, event: KitEvent): void {
		const name = classicName(event) ?? '';
		const body = classicBodyOf(account, event);
		const about = { kind: 'classic', to: id, url, event: name, headers: {}, body } as const;
		this.tasks.start(() => send(this.log, { ...about, attempt: 1 }, this.tasks.signal));
	}

	/** Collects an event for an endpoint, to be delivered with the others of its type. */
	private collect(account: Account, endpoint: WebhookEndpoint, event: EndpointEventRow): void {
		const { type } = event;
		const byType = this.collecting.get(endpoint) ?? new Map<string, EndpointEventRow[]>();
		this.collecting.set(endpoint, byType);
		const events = byType.get(type) ?? [];
		events.push(event);
		byType.set(type, events);
		if (events.length > 1) return;
		this.tasks.later(this.settings.batchWindowMs, () => {
			byType.delete(type);
			if (!receives(account, endpoint)) return;
			for (let from = 0; from < events.length; from += MOST_EVENTS) {
				this.send(account, endpoint, type, events.slice(from, from + MOST_EVENTS));
			}
		});
	}

	private send(
		account: Account,
		endpoint: WebhookEndpoint,
		event_type: string,
		events: readonly EndpointEventRow[],
	): void {
		const { id, created_at } = account.fresh();
		const delivery: Delivery = {
			id,
			event_type,
			status: 'pending',
			attempt_count: 0,
			created_at,
			completed_at: null,
			events,
			attempts: [],
		};
		endpoint.deliveries.push(delivery);
		this.tasks.start(() => this.attempt(account, endpoint, delivery));
	}

	private async attempt(
		account: Account,
		endpoint: WebhookEndpoint,
		delivery: Delivery,
	): Promise<void> {
		const attempted_at = iso(account.now());
		const finish = (status: Delivery['status']) => {
			Object.assign(delivery, { status, completed_at: iso(account.now()) });
		};
		// That a delivery which waits for its next attempt fails with its endpoint is a guess.
		if (!receives(account, endpoint)) {
			finish('failed');
			return;
		}
		const { wasSent, retryAfter, durationMs, entry } = await this.post(account, endpoint, delivery);
		const { status, response } = entry;
		const came = { response_status: status, response_body: response, duration_ms: durationMs };
		delivery.attempts.push({ attempted_at, ...came });
		delivery.attempt_count = delivery.attempts.length;
		const isWell = status !== null && status >= 200 && status < 300;
		const wait = wasSent ? waitAfter(delivery.attempt_count, status, retryAfter) : undefined;
		if (isWell) finish('delivered');
		else if (wait === undefined) finish('failed');
		else {
			delivery.status = 'retrying';
			this.tasks.later(wait * this.settings.retryScale, () => {
				this.tasks.start(() => this.attempt(account, endpoint, delivery));
			});
		}
	}

	/** Signed with the real time, whatever the sandbox's clock says, since receivers check it. */
	private async post(account: Account, endpoint: WebhookEndpoint, delivery: Delivery) {
		const { id, events, event_type: event, attempt_count: attempts } = delivery;
		const body = { delivery_id: id, events };
		const time = Math.floor(Date.now() / 1000);
		const secrets = secretsOf(endpoint, account.now());
		const headers = headersOf(id, signatureOf(secrets, JSON.stringify(body), time));
		const to = { kind: 'signed', to: endpoint.id, url: endpoint.url } as const;
		const request = { ...to, event, headers, body, attempt: attempts + 1 };
		return await send(this.log, request, this.tasks.signal);
	}
}

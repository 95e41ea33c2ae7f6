import type { Account, Delivery, DeliveryStatus, WebhookEndpoint } from '../kit/state';
import type { PostedDelivery } from './log';
import { waitAfter } from './retries';
import { send } from './sender';
import type { Outcome } from './sender';
import { headersOf, secretsOf, signatureOf } from './signature';
import type { TaskQueue } from './taskQueue';

/** Kit puts no more events into one delivery. */
const MOST_EVENTS = 100;

/** One event as it is delivered. */
export interface EndpointEventRow {
	readonly id: string;
	readonly type: string;
	readonly created: string;
	readonly data: object;
}

/** How deliveries are made here. */
export interface DeliverySettings {
	/** What a second of Kit's waits is here, in seconds. */
	readonly retryScale: number;
	/** For how many milliseconds events of one type are collected for one delivery. */
	readonly batchWindowMs: number;
}

/** Whether an endpoint still receives: neither removed nor disabled. */
function receives({ webhookEndpoints }: Account, endpoint: WebhookEndpoint): boolean {
	return endpoint.status === 'active' && webhookEndpoints.includes(endpoint);
}

/** Delivers to webhook endpoints: signed, many events at once, again where it fails. */
export class EndpointDeliveries {
	private readonly collecting = new Map<WebhookEndpoint, Map<string, EndpointEventRow[]>>();

	constructor(
		private readonly tasks: TaskQueue,
		private readonly log: PostedDelivery[],
		private readonly settings: DeliverySettings,
	) {}

	/** Collects an event for an endpoint, to be delivered with the others of its type. */
	add(account: Account, endpoint: WebhookEndpoint, event: EndpointEventRow): void {
		const { type } = event;
		const byType = this.collecting.get(endpoint) ?? new Map<string, EndpointEventRow[]>();
		this.collecting.set(endpoint, byType);
		const events = byType.get(type);
		if (events) {
			events.push(event);
			return;
		}
		byType.set(type, [event]);
		this.tasks.later(this.settings.batchWindowMs, () => {
			const collected = byType.get(type) ?? [];
			byType.delete(type);
			this.deliver(account, endpoint, collected);
		});
	}

	private deliver(
		account: Account,
		endpoint: WebhookEndpoint,
		collected: readonly EndpointEventRow[],
	): void {
		if (!receives(account, endpoint)) return;
		for (let from = 0; from < collected.length; from += MOST_EVENTS) {
			const events = collected.slice(from, from + MOST_EVENTS);
			const delivery: Delivery = {
				id: account.nextId(),
				eventType: events[0]?.type ?? '',
				events,
				createdAt: account.now(),
				status: 'pending',
				completedAt: null,
				attempts: [],
			};
			endpoint.deliveries.push(delivery);
			this.tasks.start(async () => {
				await this.attempt(account, endpoint, delivery);
			});
		}
	}

	private async attempt(
		account: Account,
		endpoint: WebhookEndpoint,
		delivery: Delivery,
	): Promise<void> {
		const at = account.now();
		const finish = (status: DeliveryStatus) => {
			Object.assign(delivery, { status, completedAt: account.now() });
		};
		// That a delivery which waits for its next attempt fails with its endpoint is a guess.
		if (!receives(account, endpoint)) {
			finish('failed');
			return;
		}
		const outcome = await this.post(endpoint, delivery, at);
		const { status, body, retryAfter, durationMs, wasSent } = outcome;
		const attempt = { at, responseStatus: status, responseBody: body, durationMs };
		delivery.attempts.push(attempt);
		if (status !== null && status >= 200 && status < 300) {
			finish('delivered');
			return;
		}
		const wait = wasSent ? waitAfter(delivery.attempts.length, status, retryAfter) : undefined;
		if (wait === undefined) {
			finish('failed');
			return;
		}
		delivery.status = 'retrying';
		this.tasks.later(wait * this.settings.retryScale, () => {
			this.tasks.start(async () => {
				await this.attempt(account, endpoint, delivery);
			});
		});
	}

	/** Signed with the real time, whatever the sandbox's clock says, since receivers check it. */
	private async post(endpoint: WebhookEndpoint, delivery: Delivery, at: number): Promise<Outcome> {
		const body = { delivery_id: delivery.id, events: delivery.events };
		const text = JSON.stringify(body);
		const time = Math.floor(Date.now() / 1000);
		const headers = headersOf(delivery.id, signatureOf(secretsOf(endpoint, at), text, time));
		const request = {
			kind: 'signed',
			to: endpoint.id,
			url: endpoint.url,
			event: delivery.eventType,
			headers,
			body,
			attempt: delivery.attempts.length + 1,
		} as const;
		return await send(this.log, request, this.tasks.signal, text);
	}
}

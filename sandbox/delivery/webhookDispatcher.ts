import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import PQueue from 'p-queue';
import type { Account } from '../kit/account';
import { iso } from '../kit/dates';
import { classicName, isFor } from '../kit/events';
import type { KitEvent } from '../kit/events';
import type { Delivery, Webhook } from '../kit/rows';
import { classicBodyOf, dataOf, isOnThisMachine } from '../kit/webhooks';
import type { WebhookEndpoint } from '../kit/webhooks';
import type { SandboxSettings } from '../settings';
import type { CraftedDelivery } from './craftedDelivery';
import { craftedRequest } from './craftedDelivery';
import type { PostedDelivery } from './sender';
import { send } from './sender';
import { secretsOf, signedHeaders } from './signature';

/** One event as it is delivered. */
interface EndpointEventRow {
	readonly id: string;
	readonly type: string;
	readonly created: string;
	readonly data: object;
}

/** Kit puts no more events into one delivery. */
const MOST_EVENTS = 100;

/** So many posts are under way at once; the others wait. */
const MOST_AT_ONCE = 20;

/** The longest that a timer of Node.js can wait. */
const LONGEST = 2 ** 31 - 1;

const SECOND = 1000;
const HOUR = 3600 * SECOND;

/** How long Kit waits after each attempt, in milliseconds; after the eighth it gives up. */
const WAITS = [30 * SECOND, 120 * SECOND, 900 * SECOND, HOUR, 4 * HOUR, 12 * HOUR, 24 * HOUR];

/**
 * What comes after an attempt, as Kit's documentation of retries has it. What `Retry-After` asks for is
 * brought between a second and 24 hours.
 * @returns the end of it, or in how many milliseconds Kit tries again
 */
function nextAfter(
	{ status, attempt, url }: PostedDelivery,
	retryAfter: string | null,
): 'delivered' | 'failed' | number {
	if (status !== null && status >= 200 && status < 300) return 'delivered';
	const usual = WAITS[attempt - 1];
	if (usual === undefined || status === 410 || !isOnThisMachine(url)) return 'failed';
	if ((status !== 429 && status !== 503) || retryAfter === null) return usual;
	const isSeconds = /^\s*\d+\s*$/.test(retryAfter);
	const asked = isSeconds ? Number(retryAfter) * SECOND : Date.parse(retryAfter) - Date.now();
	return Number.isNaN(asked) ? usual : Math.min(Math.max(asked, SECOND), 24 * HOUR);
}

/** Tells webhooks and webhook endpoints of what happens in accounts, until it is stopped. */
export class WebhookDispatcher {
	private readonly stopper = new AbortController();
	private readonly posts = new PQueue({ concurrency: MOST_AT_ONCE });
	private readonly waiting = new Set<{ due: number; timer: NodeJS.Timeout; go: () => void }>();
	/** By endpoint and type. */
	private readonly collecting = new Map<string, EndpointEventRow[]>();
	private underWay = 0;

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
				if (this.isStopped) return;
				for (const webhook of webhooks) this.start(this.tell(account, webhook, event));
				if (endpoints.length === 0) return;
				const { type } = event;
				const row = { id: randomUUID(), type, created, data: dataOf(account, event) };
				for (const endpoint of endpoints) this.start(this.collect(account, endpoint, row));
			});
		});
	}

	/** Posts a crafted delivery, once; rejects where the endpoint does not exist. */
	async deliver(account: Account, crafted: CraftedDelivery): Promise<PostedDelivery> {
		const { request, text } = craftedRequest(account, crafted);
		const { entry } = await send(this.log, request, this.stopper.signal, text);
		return entry;
	}

	/** Brings the waits before deliveries and retries forward. */
	hasten(milliseconds: number): void {
		for (const one of this.waiting) {
			clearTimeout(one.timer);
			one.due -= milliseconds;
			one.timer = setTimeout(one.go, Math.max(0, one.due - Date.now())).unref();
		}
	}

	/** Resolves when nothing is being delivered or waits to be, or when everything has been stopped. */
	async settled(): Promise<void> {
		// What was told of just now begins when the code that runs is through.
		do await wait(1);
		while (this.underWay > 0 && !this.isStopped);
	}

	/** Breaks off what is under way and forgets the rest. */
	stop(): void {
		this.stopper.abort();
		this.posts.clear();
		for (const { timer } of this.waiting) clearTimeout(timer);
	}

	private get isStopped(): boolean {
		return this.stopper.signal.aborted;
	}

	private start(task: Promise<unknown>): void {
		this.underWay += 1;
		task.catch(console.error).finally(() => (this.underWay -= 1));
	}

	private async pause(milliseconds: number): Promise<void> {
		await new Promise<void>((resolve) => {
			const go = () => {
				this.waiting.delete(one);
				resolve();
			};
			const time = Math.min(milliseconds, LONGEST);
			const one = { due: Date.now() + time, timer: setTimeout(go, time).unref(), go };
			this.waiting.add(one);
		});
	}

	/** Posts to a classic webhook, once. */
	private async tell(account: Account, webhook: Webhook, event: KitEvent): Promise<void> {
		const { id: to, target_url: url } = webhook;
		const about = { kind: 'classic', to, url, event: classicName(event) ?? '' } as const;
		const request = { ...about, headers: {}, body: classicBodyOf(account, event), attempt: 1 };
		await this.posts.add(() => send(this.log, request, this.stopper.signal));
	}

	/** Collects an event for an endpoint, to be delivered with the others of its type. */
	private async collect(account: Account, endpoint: WebhookEndpoint, event: EndpointEventRow) {
		const key = `${String(endpoint.id)} ${event.type}`;
		const collected = this.collecting.get(key);
		collected?.push(event);
		if (collected) return;
		const events = [event];
		this.collecting.set(key, events);
		await this.pause(this.settings.batchWindowMs);
		this.collecting.delete(key);
		if (!this.reaches(account, endpoint)) return;
		for (let from = 0; from < events.length; from += MOST_EVENTS) {
			this.start(this.deliverAll(account, endpoint, events.slice(from, from + MOST_EVENTS)));
		}
	}

	/** Whether an endpoint still receives: neither removed nor disabled. */
	private reaches({ webhookEndpoints }: Account, endpoint: WebhookEndpoint): boolean {
		return !this.isStopped && endpoint.status === 'active' && webhookEndpoints.includes(endpoint);
	}

	/** Delivers events, at most a hundred, as often as Kit tries. */
	private async deliverAll(
		account: Account,
		endpoint: WebhookEndpoint,
		events: readonly EndpointEventRow[],
	): Promise<void> {
		const { id, created_at } = account.fresh({});
		const delivery: Delivery = {
			id,
			event_type: events[0]?.type ?? '',
			status: 'pending',
			attempt_count: 0,
			created_at,
			completed_at: null,
			events,
			attempts: [],
		};
		endpoint.deliveries.push(delivery);
		for (;;) {
			const next = await this.posts.add(() => this.attempt(account, endpoint, delivery));
			if (typeof next !== 'number') {
				Object.assign(delivery, { status: next, completed_at: iso(account.now()) });
				return;
			}
			delivery.status = 'retrying';
			await this.pause(next * this.settings.retryScale);
		}
	}

	/** Signed with the real time, whatever the sandbox's clock says, since receivers check it. */
	private async attempt(account: Account, endpoint: WebhookEndpoint, delivery: Delivery) {
		// That a delivery which waits for its next attempt fails with its endpoint is a guess.
		if (!this.reaches(account, endpoint)) return 'failed';
		const { id, events, event_type: event, attempts } = delivery;
		const attempted_at = iso(account.now());
		const body = { delivery_id: id, events };
		const headers = signedHeaders(id, JSON.stringify(body), secretsOf(endpoint, account.now()));
		const to = { kind: 'signed', to: endpoint.id, url: endpoint.url, event } as const;
		const request = { ...to, headers, body, attempt: attempts.length + 1 };
		const { entry, retryAfter } = await send(this.log, request, this.stopper.signal);
		const { status: response_status, response: response_body } = entry;
		const duration_ms = Date.now() - entry.time;
		attempts.push({ attempted_at, response_status, response_body, duration_ms });
		delivery.attempt_count = attempts.length;
		return nextAfter(entry, retryAfter);
	}
}

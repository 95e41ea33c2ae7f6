import { randomUUID } from 'node:crypto';
import { classicName, isFor } from '../kit/classicEvents';
import { iso } from '../kit/dates';
import { classicBodyOf, dataOf } from '../kit/eventData';
import type { Account, KitEvent, Webhook, WebhookEndpoint } from '../kit/state';
import { EndpointDeliveries } from './endpointDeliveries';
import type { DeliverySettings } from './endpointDeliveries';
import type { CraftedDelivery } from './craftedDelivery';
import { craftedRequest } from './craftedDelivery';
import type { PostedDelivery } from './log';
import { send } from './sender';
import { TaskQueue } from './taskQueue';

/** An event with who is told of it. */
interface Notice {
	readonly event: KitEvent;
	readonly at: number;
	readonly webhooks: readonly Webhook[];
	readonly endpoints: readonly WebhookEndpoint[];
}

/** Tells webhooks and webhook endpoints of what happens in accounts, until it is stopped. */
export class WebhookDispatcher {
	private readonly tasks = new TaskQueue();

	private readonly endpointDeliveries: EndpointDeliveries;

	/**
	 * @param log where every post is written into
	 * @param settings how deliveries are made; read anew each time
	 */
	constructor(
		private readonly log: PostedDelivery[],
		settings: DeliverySettings,
	) {
		this.endpointDeliveries = new EndpointDeliveries(this.tasks, log, settings);
	}

	/** Tells of what happens in an account from now on. */
	serve(account: Account): void {
		account.listen((event) => {
			const webhooks = account.webhooks.filter((webhook) => isFor(webhook, event));
			const endpoints = account.webhookEndpoints.filter(
				({ status, events }) => status === 'active' && events.includes(event.type),
			);
			if (webhooks.length + endpoints.length === 0) return;
			const notice = { event, at: account.now(), webhooks, endpoints };
			// What is told is as it stands when the request is through, such as with its custom fields.
			this.tasks.afterThis(() => {
				this.tell(account, notice);
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

	private tell(account: Account, { event, at, webhooks, endpoints }: Notice): void {
		for (const { id, targetUrl } of webhooks) {
			const request = {
				kind: 'classic',
				to: id,
				url: targetUrl,
				event: classicName(event) ?? '',
				headers: {},
				body: classicBodyOf(account, event),
				attempt: 1,
			} as const;
			this.tasks.start(async () => {
				await send(this.log, request, this.tasks.signal);
			});
		}
		if (endpoints.length === 0) return;
		const { type } = event;
		const row = { id: randomUUID(), type, created: iso(at), data: dataOf(account, event) };
		for (const endpoint of endpoints) this.endpointDeliveries.add(account, endpoint, row);
	}
}

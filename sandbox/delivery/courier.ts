import { randomUUID } from 'node:crypto';
import { classicName, isFor } from '../kit/classicEvents';
import { iso } from '../kit/dates';
import { classicBodyOf, dataOf } from '../kit/eventData';
import type { Account, KitEvent, Webhook, WebhookEndpoint } from '../kit/state';
import { EndpointDeliveries } from './endpointDeliveries';
import type { DeliverySettings } from './endpointDeliveries';
import type { Handmade } from './handmade';
import { handmadeLetter } from './handmade';
import type { PostedDelivery } from './log';
import { send } from './sender';
import { Work } from './work';

/** An event with who is told of it. */
interface Notice {
	readonly event: KitEvent;
	readonly at: number;
	readonly webhooks: readonly Webhook[];
	readonly endpoints: readonly WebhookEndpoint[];
}

/** Tells webhooks and webhook endpoints of what happens in accounts, until it is stopped. */
export class Courier {
	private readonly work = new Work();

	private readonly endpointDeliveries: EndpointDeliveries;

	/**
	 * @param log where every post is written into
	 * @param settings how deliveries are made; read anew each time
	 */
	constructor(
		private readonly log: PostedDelivery[],
		settings: DeliverySettings,
	) {
		this.endpointDeliveries = new EndpointDeliveries(this.work, log, settings);
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
			this.work.afterThis(() => {
				this.tell(account, notice);
			});
		});
	}

	/** Posts a handmade delivery, once; rejects where the endpoint does not exist. */
	async deliver(account: Account, handmade: Handmade): Promise<PostedDelivery> {
		const { letter, text } = handmadeLetter(account, handmade);
		const { entry } = await send(this.log, letter, this.work.signal, text);
		return entry;
	}

	/** Brings the waits before retries forward. */
	hasten(milliseconds: number): void {
		this.work.hasten(milliseconds);
	}

	/** Resolves when nothing is being delivered or waits to be. */
	async settled(): Promise<void> {
		await this.work.settled();
	}

	/** Breaks everything off. */
	stop(): void {
		this.work.stop();
	}

	private tell(account: Account, { event, at, webhooks, endpoints }: Notice): void {
		for (const { id, targetUrl } of webhooks) {
			const letter = {
				kind: 'classic',
				to: id,
				url: targetUrl,
				event: classicName(event) ?? '',
				headers: {},
				body: classicBodyOf(account, event),
				attempt: 1,
			} as const;
			this.work.start(async () => {
				await send(this.log, letter, this.work.signal);
			});
		}
		if (endpoints.length === 0) return;
		const { type } = event;
		const row = { id: randomUUID(), type, created: iso(at), data: dataOf(account, event) };
		for (const endpoint of endpoints) this.endpointDeliveries.add(account, endpoint, row);
	}
}

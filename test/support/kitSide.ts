import type { IDataObject } from 'n8n-workflow';
import type { PostedDelivery } from '../../sandbox';
import type { TestSandbox } from './sandbox';

/** An endpoint as Kit shows it. */
export interface EndpointAtKit {
	id: number;
	url: string;
	events: string[];
	status: string;
}

/** A classic webhook as Kit shows it. */
export interface WebhookAtKit {
	id: number;
	target_url: string;
	event: { name: string };
}

/** What somebody does at Kit, and what is there. */
export class KitSide {
	/** @param sandbox that is Kit */
	constructor(private readonly sandbox: TestSandbox) {}

	/** @returns what is there now, whatever the lists that n8n reads show */
	private async rows(path: string): Promise<unknown> {
		const { settings } = this.sandbox.current;
		const { lagMs } = settings;
		settings.lagMs = 0;
		const answer = await this.sandbox.ask('GET', `/kit/v4/${path}?per_page=1000`);
		settings.lagMs = lagMs;
		return answer[path];
	}

	async endpoints(): Promise<EndpointAtKit[]> {
		return (await this.rows('webhook_endpoints')) as EndpointAtKit[];
	}

	/** @returns the only one */
	async endpoint(): Promise<EndpointAtKit> {
		const [endpoint, ...others] = await this.endpoints();
		if (!endpoint || others.length > 0) throw new Error('Kit does not have exactly one endpoint');
		return endpoint;
	}

	async webhooks(): Promise<WebhookAtKit[]> {
		return (await this.rows('webhooks')) as WebhookAtKit[];
	}

	/** @returns where each of them posts to */
	async urls(): Promise<string[]> {
		const [endpoints, webhooks] = [await this.endpoints(), await this.webhooks()];
		return [...endpoints.map(({ url }) => url), ...webhooks.map((row) => row.target_url)];
	}

	/** Changes an endpoint as somebody else. */
	async patch(id: number, change: IDataObject): Promise<void> {
		await this.sandbox.ask('PATCH', `/kit/v4/webhook_endpoints/${String(id)}`, change);
	}

	/**
	 * Somebody rotates the secret of an endpoint.
	 * @param isOver whether the secret before is no longer valid
	 * @returns the new one
	 */
	async rotate(id: number, isOver: boolean): Promise<string> {
		const path = `/kit/v4/webhook_endpoints/${String(id)}`;
		const answer = await this.sandbox.ask('POST', `${path}/rotate_secret`, { force: true });
		if (isOver) await this.sandbox.ask('POST', `${path}/revoke_previous_secret`);
		return (answer.webhook_endpoint as { secret: string }).secret;
	}

	/**
	 * Makes a tag, of which endpoints are told that are for `tag.created`, and waits until they took it or
	 * Kit gave up.
	 * @returns the posts that this caused
	 */
	async createTag(name: string): Promise<PostedDelivery[]> {
		const { deliveries } = this.sandbox.current;
		const before = deliveries.length;
		await this.sandbox.ask('POST', '/kit/v4/tags', { name });
		await this.sandbox.current.settled();
		return deliveries.slice(before);
	}
}

import type { IDataObject } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { toText } from '../shared/fields/parsers';
import { LISTS } from '../shared/lists';
import { sentEvents, WITH_EVENTS } from '../shared/missedEvents';
import type { KitClient } from '../shared/transport/client';
import { readRows } from '../shared/transport/pagination';
import { removeById, unlessAnswered } from './statuses';
import type { Delivery } from './items';
import type { EndpointSecret } from './sealedSecret';
import type { KeptEndpoint } from './state';

/** With these Kit refuses signed endpoints to a connection that cannot have them. */
export const NO_ENDPOINTS = ['401', '403'];

const { path: ENDPOINTS, key: KEY } = LISTS.webhookEndpoints;

/** With these Kit may refuse to tell of the deliveries of an endpoint, or to let go of it. */
const REFUSED = ['400', '404', '422', ...NO_ENDPOINTS];

/** A signed endpoint as Kit shows it. */
export interface EndpointRow {
	id: number;
	url: string;
	events: string[];
	status: string;
	description: string;
	/** Until when Kit signs with the secret before as well, because it was changed; empty otherwise */
	rotatedUntil: string;
}

/** What an endpoint is to be. */
export interface EndpointWish {
	url: string;
	events: string[];
	name: string;
	description: string;
}

function rowOf(row: IDataObject): EndpointRow {
	return {
		id: Number(row.id),
		url: toText(row.url),
		events: Array.isArray(row.events) ? row.events.map(toText) : [],
		status: toText(row.status),
		description: toText(row.description),
		rotatedUntil: toText(row.previous_secret_expires_at),
	};
}

/** The signed endpoints of one account. */
export class Endpoints {
	/**
	 * @param client sends the requests
	 * @param connectionId the connection that leads to the account
	 */
	constructor(
		private readonly client: KitClient,
		private readonly connectionId: string,
	) {}

	/** @returns those of the account, whoever made them, as far as Kit's list knows */
	async list(): Promise<EndpointRow[]> {
		const request = { path: ENDPOINTS, connectionId: this.connectionId };
		return (await readRows(this.client, request, KEY)).map(rowOf);
	}

	/** @returns one, or undefined where it is gone */
	async get(id: number): Promise<EndpointRow | undefined> {
		const answer = await unlessAnswered(this.client, ['404'], () =>
			this.send('GET', `/${String(id)}`),
		);
		return answer && rowOf(answer.webhook_endpoint as IDataObject);
	}

	/** @throws {NodeOperationError} where Kit does not tell its secret; then it is not left behind */
	async create(wish: EndpointWish): Promise<EndpointSecret> {
		const answer = await this.send('POST', '', { ...wish });
		const row = (answer.webhook_endpoint ?? {}) as IDataObject;
		const secret = toText(row.secret);
		if (secret !== '' && Number(row.id) > 0) return { id: Number(row.id), secret };
		if (Number(row.id) > 0) await this.remove(Number(row.id));
		throw new NodeOperationError(
			this.client.node,
			'Kit created a signed endpoint without telling its secret',
			{ description: 'It was deleted again. Publish the workflow once more.' },
		);
	}

	/** Changes what is named, and nothing else. */
	async update(id: number, change: Partial<EndpointWish & { status: string }>): Promise<void> {
		await this.send('PATCH', `/${String(id)}`, change);
	}

	/** @returns a new secret; Kit signs with the one before for a while as well */
	async rotate(id: number): Promise<KeptEndpoint> {
		const path = `/${String(id)}/rotate_secret`;
		const answer = await this.send('POST', path, { force: true });
		const row = (answer.webhook_endpoint ?? {}) as IDataObject;
		const secret = toText(row.secret);
		if (secret !== '') return { id, secret, rotatedUntil: rowOf(row).rotatedUntil };
		throw new NodeOperationError(
			this.client.node,
			'Kit gave a signed endpoint a new secret without telling it',
			{ description: 'Unpublish the workflow and publish it again: that makes another one.' },
		);
	}

	/** @returns a delivery as Kit has it, if it sent it, with these events, to an endpoint: IDs alone can be guessed */
	async findDelivery(id: number, delivery: Delivery): Promise<IDataObject | undefined> {
		if (!/^\d+$/.test(String(delivery.id))) return undefined;
		const path = `/${String(id)}/deliveries/${String(delivery.id)}`;
		const { connectionId } = this;
		const request = { path: ENDPOINTS + path, connectionId, query: WITH_EVENTS };
		const answer = await unlessAnswered(this.client, ['404'], () => this.client.send(request));
		const found = (answer?.delivery ?? {}) as IDataObject;
		const sent = sentEvents(found).events.map((event) => event.id);
		return delivery.events.every((event) => sent.includes(event.id)) ? found : undefined;
	}

	/** @returns whether Kit has something for an endpoint that has not arrived, whether it still tries or has given up */
	async hasUndelivered(id: number): Promise<boolean> {
		for (const status of ['retrying', 'pending', 'failed']) {
			if ((await this.hasDeliveries(id, status)) === true) return true;
		}
		return false;
	}

	/** @returns whether Kit has a delivery to an endpoint, of the 30 days; undefined where it does not tell */
	private async hasDeliveries(id: number, status?: string): Promise<boolean | undefined> {
		const path = `${ENDPOINTS}/${String(id)}/deliveries`;
		const query = { per_page: 1, ...(status !== undefined && { status }) };
		const request = { path, connectionId: this.connectionId, query };
		const answer = await unlessAnswered(this.client, REFUSED, () => this.client.send(request));
		return Array.isArray(answer?.deliveries) ? answer.deliveries.length > 0 : undefined;
	}

	/** Deletes one that is disabled and of which Kit keeps nothing any more; what Kit does not let go stays. */
	async removeUnused(id: number): Promise<void> {
		// The list may be behind.
		const row = await this.get(id);
		if (row?.status !== 'disabled' || (await this.hasDeliveries(id)) !== false) return;
		await unlessAnswered(this.client, REFUSED, () => this.remove(id));
	}

	/** Deletes one; what is gone already is fine, and is told by false. */
	async remove(id: number): Promise<boolean> {
		return await removeById(this.client, ENDPOINTS, id, this.connectionId);
	}

	private async send(method: 'GET' | 'PATCH' | 'POST', path: string, body?: IDataObject) {
		const { connectionId } = this;
		return await this.client.send({ method, path: ENDPOINTS + path, connectionId, body });
	}
}

/** @returns whether an endpoint is for exactly these events */
export function hasEvents({ events }: EndpointRow, wanted: string[]): boolean {
	return events.length === wanted.length && wanted.every((event) => events.includes(event));
}

import type { IDataObject } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { toText } from '../shared/fields/parsers';
import { LISTS } from '../shared/lists';
import type { KitClient } from '../shared/transport/client';
import { readRows } from '../shared/transport/pagination';
import { leadsTo, queryOf } from './address';
import { removeById } from './statuses';
import type { WantedWebhook } from './plan';
import type { KeptWebhook } from './state';

const { path: WEBHOOKS, key: KEY } = LISTS.webhooks;

/** A classic webhook as Kit shows it. */
export interface WebhookRow {
	id: number;
	targetUrl: string;
}

/** Kit may write a link in another form than it was told. */
function subjectText(value: unknown): string {
	const text = toText(value);
	return URL.canParse(text) ? new URL(text).href : text;
}

/** @returns what a wanted webhook is about, as it is kept */
function subjectOf({ about }: WantedWebhook): string {
	return Object.values(about).map(subjectText).join(' ');
}

/** The classic webhooks of one account. */
export class ClassicWebhooks {
	/**
	 * @param client sends the requests
	 * @param connectionId the connection that leads to the account
	 */
	constructor(
		private readonly client: KitClient,
		private readonly connectionId: string,
	) {}

	/** @returns those that post to a webhook of n8n's, as far as Kit's list knows */
	async listFor(webhookUrl: string): Promise<WebhookRow[]> {
		const request = { path: WEBHOOKS, connectionId: this.connectionId };
		const rows = await readRows(this.client, request, KEY);
		return rows
			.map((row) => ({ id: Number(row.id), targetUrl: toText(row.target_url) }))
			.filter(({ targetUrl }) => leadsTo(targetUrl, webhookUrl));
	}

	/** @throws {NodeApiError} when Kit refuses it, or its answer is lost */
	async create(wanted: WantedWebhook, targetUrl: string): Promise<KeptWebhook> {
		const { connectionId, client } = this;
		const body = { target_url: targetUrl, event: { name: wanted.name, ...wanted.about } };
		const answer = await client.send({ method: 'POST', path: WEBHOOKS, connectionId, body });
		const { id } = (answer.webhook ?? {}) as IDataObject;
		if (!(Number(id) > 0)) {
			throw new NodeOperationError(client.node, 'Kit created a webhook without telling its ID');
		}
		const { name } = wanted;
		return { id: Number(id), name, subject: subjectOf(wanted) };
	}

	/** Deletes one; what is gone already is fine, and is told by false. */
	async remove(id: number): Promise<boolean> {
		return await removeById(this.client, WEBHOOKS, id, this.connectionId);
	}
}

/**
 * @param webhookUrl of n8n
 * @param name Kit's name of the event
 * @param token by which n8n knows that Kit calls
 * @param workflow its ID, by which what Kit has is told to be the workflow's
 * @returns the address for one event
 */
export function classicUrl(
	webhookUrl: string,
	name: string,
	token: string,
	workflow: string,
): string {
	const event = encodeURIComponent(name);
	return `${webhookUrl}?event=${event}&workflow=${encodeURIComponent(workflow)}&token=${token}`;
}

/** @returns whether a webhook calls with what n8n takes for this event now */
export function callsAs({ targetUrl }: WebhookRow, name: string, token: string): boolean {
	return queryOf(targetUrl, 'event') === name && queryOf(targetUrl, 'token') === token;
}

/** @returns whether a webhook that was made is one that is wanted */
export function isWanted(wanted: WantedWebhook, { name, subject }: KeptWebhook): boolean {
	return wanted.name === name && subjectOf(wanted) === subject;
}

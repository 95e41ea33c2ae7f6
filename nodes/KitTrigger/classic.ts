import type { IDataObject, IHookFunctions, IWebhookFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { CLASSIC_EVENTS } from '../shared/events';
import { SUBJECT_FIELDS } from '../shared/fields/eventSubjects';
import { toText } from '../shared/fields/parsers';
import { KitClient } from '../shared/transport/client';
import { readRows } from '../shared/transport/pagination';
import type { RefusedDelivery } from './delivery';
import { parseJson, rawBodyOf } from './delivery';
import { classicEvents, fieldValue } from './parameters';
import type { WebhookProvider, WebhookTarget } from './provider';
import { removeAll } from './provider';
import { sameToken, tokenFor } from './signature';

const WEBHOOKS = '/kit/v4/webhooks';

/** A webhook that should be at Kit. */
interface Wanted {
	targetUrl: string;
	/** The event as Kit takes it: its name, and the key that it needs */
	event: IDataObject & { name: string };
}

/** Kit answers the name of an event without what stands before the dot (Kit's documentation). */
function shortName(name: string): string {
	return name.slice(name.lastIndexOf('.') + 1);
}

async function tokenOf(context: IHookFunctions | IWebhookFunctions): Promise<string> {
	const { apiKey } = await new KitClient(context).credentials();
	const { webhookId, id } = context.getNode();
	return tokenFor(apiKey, webhookId ?? id);
}

/**
 * @param context of the activation
 * @param url the webhook's URL
 * @returns one webhook for each chosen event
 * @throws {NodeOperationError} when an event lacks what it needs
 */
async function wantedWebhooks(context: IHookFunctions, url: string): Promise<Wanted[]> {
	const token = await tokenOf(context);
	return fieldValue(context, classicEvents).map((name) => {
		const needs = CLASSIC_EVENTS.find(({ value }) => value === name)?.needs;
		const targetUrl = `${url}?event=${encodeURIComponent(name)}&token=${token}`;
		const subject = needs && { [needs]: fieldValue(context, SUBJECT_FIELDS[needs]) };
		return { targetUrl, event: { name, ...subject } };
	});
}

/** The webhooks at Kit that post to this node, whoever made them and however they got there. */
async function ownWebhooks(
	context: IHookFunctions,
	{ url, connectionId }: WebhookTarget,
): Promise<IDataObject[]> {
	const all = await readRows(new KitClient(context), { path: WEBHOOKS, connectionId }, 'webhooks');
	return all.filter(({ target_url }) => toText(target_url).startsWith(`${url}?`));
}

function isFor({ targetUrl, event }: Wanted, webhook: IDataObject): boolean {
	const listed = (webhook.event ?? {}) as IDataObject;
	return (
		webhook.target_url === targetUrl &&
		Object.entries(event).every(([key, value]) =>
			key === 'name'
				? shortName(toText(value)) === shortName(toText(listed.name))
				: toText(value) === toText(listed[key]),
		)
	);
}

/** Sorts what is at Kit into one webhook for each wanted one, and what is too much. */
function compare(wanted: Wanted[], own: IDataObject[]) {
	const surplus = [...own];
	const missing = wanted.filter((one) => {
		const index = surplus.findIndex((webhook) => isFor(one, webhook));
		if (index >= 0) surplus.splice(index, 1);
		return index < 0;
	});
	return { missing, surplus };
}

/** One webhook at Kit for each event, each with an address of its own. */
export const classic: WebhookProvider = {
	async isInSync(context, target) {
		const { missing, surplus } = compare(
			await wantedWebhooks(context, target.url),
			await ownWebhooks(context, target),
		);
		return missing.length === 0 && surplus.length === 0;
	},

	async create(context, target) {
		const { url, connectionId } = target;
		const { missing, surplus } = compare(
			await wantedWebhooks(context, url),
			await ownWebhooks(context, target),
		);
		try {
			await removeAll(context, { path: WEBHOOKS, connectionId }, surplus);
			const client = new KitClient(context);
			for (const { targetUrl, event } of missing) {
				const body = { target_url: targetUrl, event };
				await client.send({ method: 'POST', path: WEBHOOKS, connectionId, body });
			}
		} catch (error) {
			await this.remove(context, target);
			throw new NodeOperationError(context.getNode(), error as Error);
		}
	},

	async hasAny(context, target) {
		return (await ownWebhooks(context, target)).length > 0;
	},

	async remove(context, target) {
		const { connectionId } = target;
		const own = await ownWebhooks(context, target);
		return await removeAll(context, { path: WEBHOOKS, connectionId }, own);
	},
};

/**
 * Reads a delivery of Kit's.
 * @param context of the delivery
 * @returns the item it becomes, or why it is not taken
 */
export async function readClassic(
	context: IWebhookFunctions,
): Promise<IDataObject[] | RefusedDelivery> {
	const { event, token } = context.getQueryData() as IDataObject;
	const isGenuine = sameToken(token, await tokenOf(context));
	if (!isGenuine || !fieldValue(context, classicEvents).includes(toText(event))) {
		return { status: 401, reason: 'it does not have the right token' };
	}
	const body = parseJson(await rawBodyOf(context));
	if (!body) return { status: 400, reason: 'it is no JSON object' };
	return [{ event: toText(event), ...body }];
}

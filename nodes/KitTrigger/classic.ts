import type { IDataObject, IHookFunctions, IWebhookFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import type { DeliveryKind, Place } from './kind';
import { removeAll } from './kind';
import type { Refused } from './received';
import { bytesOf, parseJson } from './received';
import { sameToken, tokenFor } from './signature';
import { CLASSIC_EVENTS } from '../shared/events';
import type { EventSubject } from '../shared/events';
import type { MatonKitCredentials } from '../shared/send';
import { readRows } from '../shared/pages';
import { send } from '../shared/send';
import { asText } from '../Kit/fields/checks';
import { SUBJECTS } from '../Kit/resources/webhook/event';

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
	const { apiKey } = await context.getCredentials<MatonKitCredentials>('matonKitApi');
	const { webhookId, id } = context.getNode();
	return tokenFor(apiKey.trim(), webhookId ?? id);
}

/**
 * @param context of the activation
 * @param url the webhook's URL
 * @returns one webhook for each chosen event
 * @throws {NodeOperationError} when an event lacks what it needs
 */
async function wantedWebhooks(context: IHookFunctions, url: string): Promise<Wanted[]> {
	const token = await tokenOf(context);
	const chosen = context.getNodeParameter('events', []) as string[];
	if (chosen.length === 0) {
		throw new NodeOperationError(context.getNode(), 'Events must have at least one event');
	}
	return chosen.map((name) => {
		const needs = CLASSIC_EVENTS.find(({ value }) => value === name)?.needs;
		const targetUrl = `${url}?event=${encodeURIComponent(name)}&token=${token}`;
		return { targetUrl, event: { name, ...(needs && { [needs]: subjectOf(context, needs) }) } };
	});
}

function subjectOf(context: IHookFunctions, needs: EventSubject): string | number {
	const { field, check } = SUBJECTS[needs];
	const value = context.getNodeParameter(field.name, '', { extractValue: true });
	try {
		return (check(value) ?? refuseEmpty()) as string | number;
	} catch (error) {
		const problem = error instanceof Error ? error.message : 'is wrong';
		throw new NodeOperationError(context.getNode(), `${field.displayName} ${problem}`);
	}
}

function refuseEmpty(): never {
	throw new Error('must be filled in');
}

/** The webhooks at Kit that post to this node, whoever made them and however they got there. */
async function ownWebhooks(
	context: IHookFunctions,
	{ url, connectionId }: Place,
): Promise<IDataObject[]> {
	const all = await readRows(context, { url: WEBHOOKS, connectionId }, 'webhooks');
	return all.filter(({ target_url }) => asText(target_url).startsWith(`${url}?`));
}

function isFor({ targetUrl, event }: Wanted, webhook: IDataObject): boolean {
	const listed = (webhook.event ?? {}) as IDataObject;
	return (
		webhook.target_url === targetUrl &&
		Object.entries(event).every(([key, value]) =>
			key === 'name'
				? shortName(asText(value)) === shortName(asText(listed.name))
				: asText(value) === asText(listed[key]),
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
export const classic: DeliveryKind = {
	async exists(context, place) {
		const { missing, surplus } = compare(
			await wantedWebhooks(context, place.url),
			await ownWebhooks(context, place),
		);
		return missing.length === 0 && surplus.length === 0;
	},

	async create(context, place) {
		const { url, connectionId } = place;
		const { missing, surplus } = compare(
			await wantedWebhooks(context, url),
			await ownWebhooks(context, place),
		);
		try {
			await removeAll(context, { url: WEBHOOKS, connectionId }, surplus);
			for (const { targetUrl, event } of missing) {
				const body = { target_url: targetUrl, event };
				await send(context, { method: 'POST', url: WEBHOOKS, connectionId, body });
			}
		} catch (error) {
			await this.remove(context, place);
			throw new NodeOperationError(context.getNode(), error as Error);
		}
	},

	async isThere(context, place) {
		return (await ownWebhooks(context, place)).length > 0;
	},

	async remove(context, place) {
		const { connectionId } = place;
		const own = await ownWebhooks(context, place);
		return await removeAll(context, { url: WEBHOOKS, connectionId }, own);
	},
};

/**
 * Reads a call of Kit's.
 * @param context of the call
 * @returns the item it becomes, or why it is not taken
 */
export async function readClassic(context: IWebhookFunctions): Promise<IDataObject[] | Refused> {
	const { event, token } = context.getQueryData() as IDataObject;
	const chosen = context.getNodeParameter('events', []) as string[];
	if (!sameToken(token, await tokenOf(context)) || !chosen.includes(asText(event))) {
		return { status: 401, reason: 'it does not have the right token' };
	}
	const body = parseJson(await bytesOf(context));
	if (!body) return { status: 400, reason: 'it is no JSON object' };
	return [{ event: asText(event), ...body }];
}

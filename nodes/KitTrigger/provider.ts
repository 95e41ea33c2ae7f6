import type { IDataObject, IHookFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { toText } from '../shared/fields/parsers';
import type { KitRequest } from '../shared/transport/client';
import { KitClient } from '../shared/transport/client';

/** Where webhooks are made. */
export interface WebhookTarget {
	/** The URL of n8n's webhook */
	url: string;
	/** The connection at Maton that leads to the Kit account; empty for the one that Maton chooses */
	connectionId: string;
}

/** A target as it is kept in static data. */
export interface KeptTarget extends WebhookTarget {
	/** Tells one Maton key, at one gateway, from another without showing it */
	key: string;
	/** Whose it is: the n8n and its webhook. Static data can be copied to another n8n, and a node renamed. */
	owner: string;
}

/** One of the two ways in which Kit delivers events. */
export interface WebhookProvider {
	/** Whether Kit has exactly what the node wants */
	isInSync(context: IHookFunctions, target: WebhookTarget): Promise<boolean>;
	/** Makes Kit have exactly what the node wants; when it cannot, nothing of it is left */
	create(context: IHookFunctions, target: WebhookTarget): Promise<void>;
	/** Whether Kit has anything of this kind for the target */
	hasAny(context: IHookFunctions, target: WebhookTarget): Promise<boolean>;
	/** Removes everything of this kind for the target and counts it; what is gone already is fine */
	remove(context: IHookFunctions, target: WebhookTarget): Promise<number>;
}

/**
 * @param context of the activation
 * @param list the list in which they stand, and the connection to ask
 * @param webhooks what to delete; what is gone already is fine
 * @returns how many there were to delete
 * @throws {NodeOperationError} when Kit does not delete one
 */
export async function removeAll(
	context: IHookFunctions,
	list: KitRequest,
	webhooks: IDataObject[],
): Promise<number> {
	const client = new KitClient(context);
	for (const { id } of webhooks) {
		try {
			await client.send({ ...list, method: 'DELETE', path: `${list.path}/${toText(id)}` });
		} catch (error) {
			if ((error as { httpCode?: unknown }).httpCode === '404') continue;
			throw new NodeOperationError(context.getNode(), error as Error);
		}
	}
	return webhooks.length;
}

import type { IDataObject, IHookFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { asText } from '../Kit/fields/checks';
import type { KitRequest } from '../shared/send';
import { send } from '../shared/send';

/** Where webhooks are made. */
export interface Place {
	/** The URL of n8n's webhook */
	url: string;
	/** The connection at Maton that leads to the Kit account; empty for the one that Maton chooses */
	connectionId: string;
}

/** One of the two ways in which Kit delivers events. */
export interface DeliveryKind {
	/** Whether Kit has exactly what the node wants */
	exists(context: IHookFunctions, place: Place): Promise<boolean>;
	/** Makes Kit have exactly what the node wants; when it cannot, nothing of it is left */
	create(context: IHookFunctions, place: Place): Promise<void>;
	/** Whether Kit has anything of this kind for the place */
	isThere(context: IHookFunctions, place: Place): Promise<boolean>;
	/** Removes everything of this kind for the place and counts it; what is gone already is fine */
	remove(context: IHookFunctions, place: Place): Promise<number>;
}

/**
 * @param context of the activation
 * @param list the list in which they stand, and the connection to ask
 * @param things what to delete; what is gone already is fine
 * @returns how many there were to delete
 * @throws {NodeOperationError} when Kit does not delete one
 */
export async function removeAll(
	context: IHookFunctions,
	list: KitRequest,
	things: IDataObject[],
): Promise<number> {
	for (const { id } of things) {
		try {
			await send(context, { ...list, method: 'DELETE', url: `${list.url}/${asText(id)}` });
		} catch (error) {
			if ((error as { httpCode?: unknown }).httpCode === '404') continue;
			throw new NodeOperationError(context.getNode(), error as Error);
		}
	}
	return things.length;
}

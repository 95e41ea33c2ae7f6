import type { IDataObject, IHookFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { asText } from '../Kit/fields/checks';
import { walkPages } from '../shared/pages';
import { send } from '../shared/send';

/** One of the two ways in which Kit delivers events. The URL is that of n8n's webhook. */
export interface DeliveryKind {
	/** Whether Kit has exactly what the node wants */
	exists(context: IHookFunctions, url: string): Promise<boolean>;
	/** Makes Kit have exactly what the node wants; when it cannot, nothing of it is left */
	create(context: IHookFunctions, url: string): Promise<void>;
	/** Whether Kit has anything of this kind for the URL */
	isThere(context: IHookFunctions, url: string): Promise<boolean>;
	/** Removes everything of this kind for the URL; what is gone already is fine */
	remove(context: IHookFunctions, url: string): Promise<void>;
}

/**
 * @param context of the activation
 * @param url the path of a list
 * @param key where its rows stand
 * @returns all rows of all pages
 */
export async function listAll(
	context: IHookFunctions,
	url: string,
	key: string,
): Promise<IDataObject[]> {
	const all: IDataObject[] = [];
	for await (const rows of walkPages(context, { url }, key)) all.push(...rows);
	return all;
}

/**
 * @param context of the activation
 * @param url the path of the list in which they stand
 * @param things what to delete; what is gone already is fine
 * @throws {NodeOperationError} when Kit does not delete one
 */
export async function removeAll(
	context: IHookFunctions,
	url: string,
	things: IDataObject[],
): Promise<void> {
	for (const { id } of things) {
		try {
			await send(context, { method: 'DELETE', url: `${url}/${asText(id)}` });
		} catch (error) {
			if ((error as { httpCode?: unknown }).httpCode === '404') continue;
			throw new NodeOperationError(context.getNode(), error as Error);
		}
	}
}

import type { JsonObject } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import type { KitClient } from '../shared/transport/client';

/** @returns the status that Kit or Maton answered, or none where something else failed */
export function statusOf(error: unknown): string {
	return error instanceof NodeApiError ? (error.httpCode ?? '') : '';
}

/**
 * @param client that sends
 * @param statuses with which a request may be refused
 * @param send sends it
 * @returns what came of it, or undefined where it was refused with one of them
 * @throws {NodeApiError} for anything else
 */
export async function unlessAnswered<T>(
	{ node }: KitClient,
	statuses: string[],
	send: () => Promise<T>,
): Promise<T | undefined> {
	try {
		return await send();
	} catch (error) {
		if (statuses.includes(statusOf(error))) return undefined;
		throw new NodeApiError(node, error as JsonObject);
	}
}

/**
 * Deletes something at Kit; what is gone already is fine.
 * @param client sends the request
 * @param list in which it stands
 * @param id its ID
 * @param connectionId the connection that leads to the account
 * @returns whether it was there
 * @throws {NodeApiError} when Kit does not delete it
 */
export async function removeById(
	client: KitClient,
	list: string,
	id: number,
	connectionId: string,
): Promise<boolean> {
	const request = { path: `${list}/${String(id)}`, connectionId };
	const send = () => client.send({ ...request, method: 'DELETE' });
	return (await unlessAnswered(client, ['404'], send)) !== undefined;
}

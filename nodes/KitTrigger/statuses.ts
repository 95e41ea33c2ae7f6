import { NodeOperationError } from 'n8n-workflow';
import type { KitClient } from '../shared/transport/client';

/** @returns the status that Kit or Maton answered, which n8n keeps at the error or at what caused it */
export function statusOf(error: unknown): string {
	const { httpCode, cause } = (error ?? {}) as { httpCode?: unknown; cause?: unknown };
	if (typeof httpCode === 'string') return httpCode;
	return cause === undefined ? '' : statusOf(cause);
}

/**
 * @param client that sends
 * @param statuses with which a request may be refused
 * @param send sends it
 * @returns what came of it, or undefined where it was refused with one of them
 * @throws {NodeOperationError} for anything else
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
		throw new NodeOperationError(node, error as Error);
	}
}

/**
 * Deletes something at Kit; what is gone already is fine.
 * @param client sends the request
 * @param list in which it stands
 * @param id its ID
 * @param connectionId the connection that leads to the account
 * @returns whether it was there
 * @throws {NodeOperationError} when Kit does not delete it
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

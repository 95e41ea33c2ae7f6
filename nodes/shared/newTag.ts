import { LISTS } from './lists';
import type { KitClient } from './transport/client';
import { unreadableResponse } from './transport/errors';

/**
 * Creates a tag, or finds the one that has the name already.
 * @param client sends the request
 * @param name of the tag
 * @returns its ID
 * @throws {NodeApiError} when Kit does not create it
 */
export async function createTag(client: KitClient, name: string): Promise<number> {
	const { path } = LISTS.tags;
	const { tag } = await client.send({ method: 'POST', path, body: { name }, idempotent: true });
	const { id } = (tag ?? {}) as { id?: unknown };
	if (typeof id !== 'number') throw unreadableResponse(client.node, 'it has no “tag”');
	return id;
}

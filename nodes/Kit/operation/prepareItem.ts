import { KitClient } from '../../shared/transport/client';
import type { ClientOptions } from '../../shared/transport/client';
import { toText } from '../../shared/fields/parsers';
import { subscriberByAddress } from '../../shared/subscribers';
import type { Finder } from './buildRequest';
import { buildRequest, connectionOf } from './buildRequest';
import type { ItemContext } from './itemContext';
import type { Item, Operation, Resource } from './operation';
import { httpSettings } from './requestOptions';
import type { RunMemory } from './runMemory';

/**
 * @param context of the item
 * @param resource of the operation
 * @param operation that is chosen
 * @param options what all requests of the run share
 * @param memory what the run has found out so far
 * @param note tells the person who runs the node something, beside the output
 * @returns the item with its request, and with what sends it
 * @throws {NodeOperationError} what `buildRequest` and `httpSettings` throw
 */
export async function prepareItem(
	context: ItemContext,
	resource: Resource,
	operation: Operation,
	options: ClientOptions,
	memory: RunMemory,
	note: Item['note'] = () => undefined,
): Promise<Item> {
	const connectionId = connectionOf(context, resource);
	const client = new KitClient(context, { ...options, connectionId, http: httpSettings(context) });
	const find: Finder = {
		id: async (wanted, mayCreate) => await memory.find(client, wanted, mayCreate),
		key: async (wanted, isColumn) => await memory.customFieldKey(client, wanted, isColumn),
		leaveOut: async (column) => {
			await memory.leaveOut(client, column);
		},
	};
	return {
		...(await buildRequest(context, resource, operation, find)),
		itemIndex: context.getItemIndex(),
		context,
		note,
		client,
		memory,
	};
}

/**
 * Puts the id of a subscriber into the path, where they were named by email address and Kit's path takes
 * no address.
 * @param item whose request may still lack it
 * @returns the same with a complete path
 * @throws {NodeApiError} when nobody has the address
 */
export async function findSubscriber(item: Item): Promise<Item> {
	const { client, named, request, subscriberToFind } = item;
	if (subscriberToFind === undefined) return item;
	const { id } = await subscriberByAddress(client, subscriberToFind);
	const path = request.path.replace('{subscriber_id}', encodeURIComponent(toText(id)));
	return { ...item, request: { ...request, path }, named: { subscriber_id: id, ...named } };
}

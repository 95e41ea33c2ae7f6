import { KitClient } from '../../shared/transport/client';
import type { ClientOptions } from '../../shared/transport/client';
import { toText } from '../../shared/fields/parsers';
import { subscriberByAddress } from '../../shared/subscribers';
import { buildRequest } from './buildRequest';
import type { ItemContext } from './itemContext';
import type { Item, Operation, Resource } from './operation';
import { httpSettings } from './requestOptions';

/**
 * @param context of the item
 * @param resource of the operation
 * @param operation that is chosen
 * @param options what all requests of the run share
 * @param note tells the person who runs the node something, beside the output
 * @returns the item with its request, and with what sends it
 * @throws {NodeOperationError} what `buildRequest` and `httpSettings` throw
 */
export function prepareItem(
	context: ItemContext,
	resource: Resource,
	operation: Operation,
	options: ClientOptions = {},
	note: Item['note'] = () => undefined,
): Item {
	return {
		...buildRequest(context, resource, operation),
		itemIndex: context.getItemIndex(),
		context,
		note,
		client: new KitClient(context, { ...options, http: httpSettings(context) }),
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

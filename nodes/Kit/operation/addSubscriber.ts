import { NodeApiError } from 'n8n-workflow';
import { toText } from '../../shared/fields/parsers';
import { isNotFound } from '../../shared/subscribers';
import type { KitRequest } from '../../shared/transport/client';
import { orApiError } from '../bulk/sendEntries';
import type { Item, Returns } from './operation';
import { readRecord, returning } from './returns';

/**
 * A subscriber who was given a tag, or added to a form or a sequence. Kit answers 404 without saying which
 * of the two it does not know, so one of them is asked for then.
 */
export function addedSubscriber(): Returns {
	return returning(async (item) => {
		const added = await orApiError(readRecord(item, 'subscriber'));
		if (!(added instanceof NodeApiError)) return [added];
		if (!isNotFound(added)) throw added;
		throw await whatIsMissing(item, added);
	});
}

const TARGET = /^(?<path>.*\/(?<list>tags|forms|sequences)\/(?<id>\d+))\/subscribers/;

/** @returns the error that says which of the two is missing, else the one that Kit answered */
async function whatIsMissing(item: Item, refused: NodeApiError): Promise<NodeApiError> {
	const { client, named, request } = item;
	const { path = '', list = '', id = '' } = TARGET.exec(request.path)?.groups ?? {};
	const target = `${list.replace(/s$/, '')} ${id}`;
	const { subscriber_id: subscriberId, email_address: address } = named;
	// A subscriber is current by their id, and by their address only after a while.
	const asked: KitRequest =
		subscriberId !== undefined
			? { path: `/kit/v4/subscribers/${toText(subscriberId)}` }
			: list === 'sequences'
				? { path }
				: { path: `${path}/subscribers`, query: { per_page: 1 } };
	const found = await orApiError(client.send(asked));
	const isMissing = found instanceof NodeApiError;
	if (isMissing && !isNotFound(found)) return refused;
	const isTarget = isMissing === (subscriberId === undefined);
	return isTarget
		? missing(item, target)
		: missing(item, `subscriber ${toText(subscriberId ?? address)}`);
}

function missing({ client }: Item, what: string): NodeApiError {
	const message = `Not Found (${what})`;
	const description = what.startsWith('subscriber')
		? 'Check the subscriber, and the Connection ID in the credential. A subscriber has to exist before they can be added.'
		: 'It was deleted, or belongs to another Kit account: check it, and the Connection ID in the credential';
	return new NodeApiError(client.node, { message }, { message, description, httpCode: '404' });
}

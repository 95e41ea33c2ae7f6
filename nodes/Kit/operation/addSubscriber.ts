import type { IDataObject } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import { toText } from '../../shared/fields/parsers';
import { isNotFound, rememberSubscriber } from '../../shared/subscribers';
import type { KitRequest } from '../../shared/transport/client';
import { notFound } from '../../shared/transport/errors';
import { orApiError } from '../bulk/sendEntries';
import type { Item, Returns } from './operation';
import { readRecord, returning } from './returns';

/**
 * A subscriber who was given a tag, or added to a form or a sequence; one whom Kit does not know is created
 * where that is wanted. Kit answers 404 without saying which of the two it does not know, so one of them is
 * asked for then.
 */
export function addedSubscriber(): Returns {
	return returning(async (item) => {
		const { client, memory, named, settings } = item;
		const target = targetOf(item);
		const added = await orApiError(readRecord(item, 'subscriber'));
		if (!(added instanceof NodeApiError)) {
			await memory.remember(client, target.path);
			return [added];
		}
		if (!isNotFound(added)) throw added;
		const missing = await whichIsMissing(item, target);
		if (missing === undefined) throw added;
		const isToBeCreated = settings.createSubscriber === true && named.subscriber_id === undefined;
		if (missing === 'target' || !isToBeCreated) throw missingError(item, missing, target);
		return [await createAndAdd(item, target)];
	});
}

/** What a subscriber is added to. */
interface AddTarget {
	path: string;
	/** As Kit calls its list: `tags` */
	list: string;
	/** As errors call it: `tag 12` */
	text: string;
}

const TARGET = /^(?<path>.*\/(?<list>tags|forms|sequences)\/(?<id>\d+))\/subscribers/;

function targetOf({ request }: Item): AddTarget {
	const { path = '', list = '', id = '' } = TARGET.exec(request.path)?.groups ?? {};
	return { path, list, text: `${list.replace(/s$/, '')} ${id}` };
}

/** @returns which of the two Kit does not know; undefined where that cannot be found out */
async function whichIsMissing(
	{ client, memory, named }: Item,
	{ path, list }: AddTarget,
): Promise<'subscriber' | 'target' | undefined> {
	const { subscriber_id: subscriberId } = named;
	if (subscriberId === undefined && (await memory.exists(client, path))) return 'subscriber';
	// A subscriber is current by their id, and by their address only after a while.
	const asked: KitRequest =
		subscriberId !== undefined
			? { path: `/kit/v4/subscribers/${toText(subscriberId)}` }
			: list === 'sequences'
				? { path }
				: { path: `${path}/subscribers`, query: { per_page: 1 } };
	const found = await orApiError(client.send(asked));
	const isMissing = found instanceof NodeApiError;
	if (isMissing && !isNotFound(found)) return undefined;
	return isMissing === (subscriberId === undefined) ? 'target' : 'subscriber';
}

function missingError(
	{ client, named }: Item,
	missing: 'subscriber' | 'target',
	{ text }: AddTarget,
): NodeApiError {
	const { email_address: address, subscriber_id: id } = named;
	const isTarget = missing === 'target';
	const message = `Not Found (${isTarget ? text : `subscriber ${toText(id ?? address)}`})`;
	const description =
		isTarget || id !== undefined
			? undefined
			: 'Kit adds only subscribers who exist: check the email address, or name them By Email and turn on Create Missing Subscriber';
	return notFound(client.node, message, description);
}

/** Whoever has been created for it is not left without what they were created for. */
async function createAndAdd(item: Item, target: AddTarget): Promise<IDataObject> {
	const { client, named, note, request, settings } = item;
	const { email_address } = named;
	const create: KitRequest = {
		method: 'POST',
		path: '/kit/v4/subscribers',
		body: { email_address, ...(settings.newSubscriber as IDataObject | undefined) },
		idempotent: true,
	};
	const created = await readRecord({ client, note, request: create }, 'subscriber');
	await rememberSubscriber(client, created);
	await item.memory.remember(client, target.path);
	const others = { ...request.body };
	delete others.email_address;
	const add: KitRequest = {
		...request,
		path: `${target.path}/subscribers/${toText(created.id)}`,
		body: others,
	};
	const goingOn = client.with({ stop: undefined });
	const added = await orApiError(readRecord({ client: goingOn, note, request: add }, 'subscriber'));
	if (!(added instanceof NodeApiError)) return added;
	added.message = `The subscriber was created, but not added; ${target.text}: ${added.message}`;
	throw added;
}

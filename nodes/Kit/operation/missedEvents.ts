import type { IDataObject } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import type { ValueField } from '../../shared/fields/field';
import { OF_THIS_WORKFLOW } from '../../shared/fields/locators';
import { toText } from '../../shared/fields/parsers';
import { LISTS } from '../../shared/lists';
import { isRecord } from '../../shared/record';
import type { SignedEvent } from '../../shared/signedEvent';
import { endpointDescription, isSignedEvent, signedItem } from '../../shared/signedEvent';
import type { KitClient } from '../../shared/transport/client';
import { unreadableResponse } from '../../shared/transport/errors';
import { readRows } from '../../shared/transport/pagination';
import { inParallel } from '../../shared/transport/taskPool';
import type { Item, Returns } from './operation';

/** From when on failures count. */
export const since: ValueField = {
	displayName: 'Since',
	name: 'since',
	type: 'dateTime',
	default: '',
	description:
		'Only what Kit gave up on since then, after its last try. Left empty, all of the 30 days that Kit keeps.',
};

/** The endpoint that the Kit Trigger of the same workflow made, the newest if there are several. */
async function endpointOfWorkflow({ client, context }: Item): Promise<string> {
	const { id, name } = context.getWorkflow();
	const { path, key } = LISTS.webhookEndpoints;
	const rows = await readRows(client, { path }, key);
	const own = rows
		.filter(({ description }) => description === endpointDescription(String(id)))
		.map((row) => Number(row.id));
	if (own.length > 0) return String(Math.max(...own));
	throw new NodeOperationError(
		client.node,
		`The workflow “${String(name)}” has no signed endpoint at Kit`,
		{
			description:
				'A Kit Trigger makes one when its workflow is published. Publish this workflow, or choose the endpoint of another in Webhook Endpoint.',
		},
	);
}

interface Missed {
	deliveryId: unknown;
	events: SignedEvent[];
}

async function readDelivery(client: KitClient, path: string, id: unknown): Promise<Missed> {
	const { delivery } = await client.send({ path: `${path}/${toText(id)}` });
	const events: unknown = isRecord(delivery) ? delivery.events : undefined;
	if (!Array.isArray(events)) throw unreadableResponse(client.node, 'it has no “events”');
	return { deliveryId: id, events: (events as unknown[]).filter(isSignedEvent) };
}

/** The events of the deliveries, oldest first, each once. */
function itemsOf(missed: Missed[]): IDataObject[] {
	const byId = new Map<string, IDataObject>();
	for (const { deliveryId, events } of missed) {
		for (const event of events) {
			if (!byId.has(event.id)) byId.set(event.id, signedItem(event, deliveryId));
		}
	}
	const time = ({ created }: IDataObject) => Date.parse(toText(created)) || 0;
	return [...byId.values()].sort((one, other) => time(one) - time(other));
}

/** What Kit could not deliver to an endpoint, as the Kit Trigger would have made items of it. */
export function missedEvents(): Returns {
	return {
		async readItem(item) {
			const { client, request, settings } = item;
			const endpoint = request.path.includes(`/${OF_THIS_WORKFLOW}/`)
				? await endpointOfWorkflow(item)
				: undefined;
			const path = endpoint
				? request.path.replace(`/${OF_THIS_WORKFLOW}/`, `/${endpoint}/`)
				: request.path;
			const failed = await readRows(client, { ...request, path }, 'deliveries');
			const from = settings.since === undefined ? undefined : Date.parse(toText(settings.since));
			const wanted = failed.filter(({ completed_at: gaveUp }) => {
				const at = Date.parse(toText(gaveUp));
				return from === undefined || Number.isNaN(at) || at >= from;
			});
			const ids = wanted.map(({ id }) => id).sort((one, other) => Number(one) - Number(other));
			const missed = await inParallel(ids, (id) => readDelivery(client, path, id));
			return itemsOf(missed).map((json) => ({ json, pairedItem: { item: item.itemIndex } }));
		},
	};
}

import type { IDataObject } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { toText } from './fields/parsers';
import { LISTS } from './lists';
import { isRecord } from './record';
import type { SignedEvent } from './signedEvent';
import { endpointDescription, isSignedEvent, signedItem } from './signedEvent';
import type { KitClient } from './transport/client';
import { unreadableResponse } from './transport/errors';
import { readRows } from './transport/pagination';
import { inParallel } from './transport/taskPool';

const { path: ENDPOINTS, key: KEY } = LISTS.webhookEndpoints;

/**
 * @param client sends the request
 * @param workflow in which the Kit Trigger is
 * @returns the ID of the endpoint that the Kit Trigger of a workflow made, the newest if there are several
 * @throws {NodeOperationError} when there is none
 */
export async function endpointOfWorkflow(
	client: KitClient,
	{ id, name }: { id?: string; name?: string },
): Promise<number> {
	const rows = await readRows(client, { path: ENDPOINTS }, KEY);
	const own = rows
		.filter(({ description }) => description === endpointDescription(String(id)))
		.map((row) => Number(row.id));
	if (own.length > 0) return Math.max(...own);
	throw new NodeOperationError(
		client.node,
		`The workflow “${String(name)}” has no signed endpoint at Kit`,
		{
			description:
				'A Kit Trigger makes one when its workflow is published. Publish this workflow, or choose the endpoint of another in Webhook Endpoint.',
		},
	);
}

/**
 * @param client sends the request
 * @param endpoint its ID
 * @returns the deliveries that Kit gave up on in the 30 days for which it keeps them, in its order
 */
export async function failedDeliveries(
	client: KitClient,
	endpoint: number,
): Promise<IDataObject[]> {
	const path = `${ENDPOINTS}/${String(endpoint)}/deliveries`;
	return await readRows(client, { path, query: { status: 'failed' } }, 'deliveries');
}

/** @returns when Kit gave up on a delivery, in milliseconds since 1970; not a number where it does not say */
export function gaveUpAt({ completed_at: at }: IDataObject): number {
	return Date.parse(toText(at));
}

interface Missed {
	deliveryId: unknown;
	events: SignedEvent[];
}

async function readDelivery(client: KitClient, endpoint: number, id: unknown): Promise<Missed> {
	const path = `${ENDPOINTS}/${String(endpoint)}/deliveries/${toText(id)}`;
	const { delivery } = await client.send({ path });
	const events: unknown = isRecord(delivery) ? delivery.events : undefined;
	if (!Array.isArray(events)) throw unreadableResponse(client.node, 'it has no “events”');
	return { deliveryId: id, events: (events as unknown[]).filter(isSignedEvent) };
}

/**
 * @param client sends the requests
 * @param endpoint its ID
 * @param deliveries of it
 * @returns the items that the Kit Trigger would have made of their events, oldest first, each once
 */
export async function eventsOf(
	client: KitClient,
	endpoint: number,
	deliveries: IDataObject[],
): Promise<IDataObject[]> {
	const ids = deliveries.map(({ id }) => id).sort((one, other) => Number(one) - Number(other));
	const missed = await inParallel(ids, async (id) => await readDelivery(client, endpoint, id));
	const byId = new Map<string, IDataObject>();
	for (const { deliveryId, events } of missed) {
		for (const event of events) {
			if (!byId.has(event.id)) byId.set(event.id, signedItem(event, deliveryId));
		}
	}
	const time = ({ created }: IDataObject) => Date.parse(toText(created)) || 0;
	return [...byId.values()].sort((one, other) => time(one) - time(other));
}

import type { IDataObject } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { toText } from './fields/parsers';
import { LISTS } from './lists';
import { isRecord } from './record';
import type { SignedEvent } from './signedEvent';
import { endpointDescription, isSignedEvent, isTakenAnswer, signedItem } from './signedEvent';
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

/**
 * @param client sends the request
 * @param endpoint its ID
 * @returns the deliveries of those 30 days that Kit is through with, in its order
 */
export async function completedDeliveries(
	client: KitClient,
	endpoint: number,
): Promise<IDataObject[]> {
	const path = `${ENDPOINTS}/${String(endpoint)}/deliveries`;
	const rows = await readRows(client, { path }, 'deliveries');
	return rows.filter(({ status }) => status === 'failed' || status === 'delivered');
}

/** @returns when Kit was through with a delivery, in milliseconds since 1970; not a number where it does not say */
export function completedAt({ completed_at: at }: IDataObject): number {
	return Date.parse(toText(at));
}

/**
 * Kit counts everything as delivered that was answered with 2xx, also what n8n answers by itself while it starts.
 * It keeps the first part of each response (Kit's documentation), but names the key of it nowhere.
 * @param delivery with its attempts
 * @returns whether the Kit Trigger has dealt with it
 */
export function wasTaken({ attempts }: IDataObject): boolean {
	const all: unknown[] = Array.isArray(attempts) ? attempts : [];
	return all.some((attempt) => isRecord(attempt) && Object.values(attempt).some(isTakenAnswer));
}

interface Missed {
	deliveryId: unknown;
	events: SignedEvent[];
}

async function readDelivery(
	client: KitClient,
	endpoint: number,
	id: unknown,
	isWanted: (delivery: IDataObject) => boolean,
): Promise<Missed> {
	const path = `${ENDPOINTS}/${String(endpoint)}/deliveries/${toText(id)}`;
	const { delivery } = await client.send({ path });
	const events: unknown = isRecord(delivery) ? delivery.events : undefined;
	if (!isRecord(delivery) || !Array.isArray(events)) {
		throw unreadableResponse(client.node, 'it has no “events”');
	}
	const wanted: unknown[] = isWanted(delivery) ? events : [];
	return { deliveryId: id, events: wanted.filter(isSignedEvent) };
}

/**
 * @param client sends the requests
 * @param endpoint its ID
 * @param deliveries of it
 * @param isWanted tells by a delivery with its attempts whether it is meant
 * @returns the items that the Kit Trigger would have made of their events, oldest first, each once
 */
export async function eventsOf(
	client: KitClient,
	endpoint: number,
	deliveries: IDataObject[],
	isWanted: (delivery: IDataObject) => boolean = () => true,
): Promise<IDataObject[]> {
	const ids = deliveries.map(({ id }) => id).sort((one, other) => Number(one) - Number(other));
	const read = async (id: unknown) => await readDelivery(client, endpoint, id, isWanted);
	const missed = await inParallel(ids, read);
	const byId = new Map<string, IDataObject>();
	for (const { deliveryId, events } of missed) {
		for (const event of events) {
			if (!byId.has(event.id)) byId.set(event.id, signedItem(event, deliveryId));
		}
	}
	const time = ({ created }: IDataObject) => Date.parse(toText(created)) || 0;
	return [...byId.values()].sort((one, other) => time(one) - time(other));
}

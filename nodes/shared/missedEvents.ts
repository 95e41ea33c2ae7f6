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

/** What one delivery is asked for with, so that Kit tells its events (Kit's reference). */
export const WITH_EVENTS = { include_payload: true };

/**
 * Kit's reference has the events of a delivery in its `payload`, and says no more of that; its guide has them
 * beside the attempts, as `events`.
 * @param delivery read by its ID, with `WITH_EVENTS`
 * @returns its events, as they were posted; undefined where it has none
 */
export function sentEvents({ events, payload }: IDataObject): unknown[] | undefined {
	if (Array.isArray(events)) return events as unknown[];
	let sent: unknown = payload;
	if (typeof payload === 'string') {
		try {
			sent = JSON.parse(payload);
		} catch {
			return undefined;
		}
	}
	if (Array.isArray(sent)) return sent as unknown[];
	return isRecord(sent) && Array.isArray(sent.events) ? sent.events : undefined;
}

/**
 * @param client sends the request
 * @param workflow in which the Kit Triggers are
 * @returns the IDs of the endpoints that they made; of those that are disabled something may not have arrived
 * @throws {NodeOperationError} when there is none
 */
export async function endpointsOfWorkflow(
	client: KitClient,
	{ id, name }: { id?: string; name?: string },
): Promise<number[]> {
	const rows = await readRows(client, { path: ENDPOINTS }, KEY);
	const own = rows
		.filter(({ description }) => description === endpointDescription(String(id)))
		.map((row) => Number(row.id));
	if (own.length > 0) return own;
	throw new NodeOperationError(
		client.node,
		`The workflow “${String(name)}” has no signed endpoint at Kit`,
		{
			description:
				'A Kit Trigger makes one when its workflow is published. Publish this workflow, or choose the endpoint of another in Webhook Endpoint.',
		},
	);
}

/** By which a delivery is found. */
const ENDPOINT_ID = 'webhook_endpoint_id';

/** The deliveries of endpoints, each with the ID of its own. */
async function deliveriesOf(
	client: KitClient,
	endpoints: number[],
	query: IDataObject = {},
): Promise<IDataObject[]> {
	const lists = await inParallel(endpoints, async (endpoint) => {
		const path = `${ENDPOINTS}/${String(endpoint)}/deliveries`;
		const rows = await readRows(client, { path, query }, 'deliveries');
		return rows.map((row) => ({ ...row, [ENDPOINT_ID]: endpoint }));
	});
	return lists.flat();
}

/**
 * @param client sends the request
 * @param endpoints their IDs
 * @returns the deliveries that Kit gave up on in the 30 days for which it keeps them
 */
export async function failedDeliveries(
	client: KitClient,
	endpoints: number[],
): Promise<IDataObject[]> {
	return await deliveriesOf(client, endpoints, { status: 'failed' });
}

/**
 * @param client sends the request
 * @param endpoints their IDs
 * @returns the deliveries of those 30 days that Kit is through with
 */
export async function completedDeliveries(
	client: KitClient,
	endpoints: number[],
): Promise<IDataObject[]> {
	const rows = await deliveriesOf(client, endpoints);
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
	return holdsTakenAnswer(attempts);
}

function holdsTakenAnswer(value: unknown): boolean {
	if (isTakenAnswer(value)) return true;
	return typeof value === 'object' && value !== null && Object.values(value).some(holdsTakenAnswer);
}

interface Missed {
	deliveryId: unknown;
	events: SignedEvent[];
}

async function readDelivery(
	client: KitClient,
	{ id, [ENDPOINT_ID]: endpoint }: IDataObject,
	isWanted: (delivery: IDataObject) => boolean,
): Promise<Missed> {
	const path = `${ENDPOINTS}/${toText(endpoint)}/deliveries/${toText(id)}`;
	const { delivery } = await client.send({ path, query: WITH_EVENTS });
	const events = isRecord(delivery) ? sentEvents(delivery) : undefined;
	if (!isRecord(delivery) || !events) {
		throw unreadableResponse(client.node, 'it has neither “payload” nor “events”');
	}
	const wanted: unknown[] = isWanted(delivery) ? events : [];
	return { deliveryId: id, events: wanted.filter(isSignedEvent) };
}

/**
 * @param client sends the requests
 * @param deliveries of endpoints, as they were read here
 * @param isWanted tells by a delivery with its attempts whether it is meant
 * @returns the items that the Kit Trigger would have made of their events, oldest first, each once
 */
export async function eventsOf(
	client: KitClient,
	deliveries: IDataObject[],
	isWanted: (delivery: IDataObject) => boolean = () => true,
): Promise<IDataObject[]> {
	const oldestFirst = [...deliveries].sort((one, other) => Number(one.id) - Number(other.id));
	const read = async (delivery: IDataObject) => await readDelivery(client, delivery, isWanted);
	const missed = await inParallel(oldestFirst, read);
	const byId = new Map<string, IDataObject>();
	for (const { deliveryId, events } of missed) {
		for (const event of events) {
			if (!byId.has(event.id)) byId.set(event.id, signedItem(event, deliveryId));
		}
	}
	const time = ({ created }: IDataObject) => Date.parse(toText(created)) || 0;
	return [...byId.values()].sort((one, other) => time(one) - time(other));
}

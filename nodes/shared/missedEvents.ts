import type { IDataObject } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { toText } from './fields/parsers';
import { LISTS } from './lists';
import { isRecord } from './record';
import type { SignedEvent } from './signedEvent';
import { endpointDescription, isSignedEvent, isTakenAnswer, signedItem } from './signedEvent';
import { isNotFound } from './subscribers';
import type { KitClient } from './transport/client';
import { readRows } from './transport/pagination';
import { inParallel } from './transport/taskPool';

const { path: ENDPOINTS, key: KEY } = LISTS.webhookEndpoints;

/** What one delivery is asked for with, so that Kit tells its events (Kit's reference). */
export const WITH_EVENTS = { include_payload: true };

/** What may hold events as they were posted: a list of them, or an envelope around it, or the JSON of either. */
function eventsIn(value: unknown): unknown[] {
	if (Array.isArray(value)) return value as unknown[];
	if (typeof value !== 'string') return isRecord(value) ? eventsIn(value.events) : [];
	try {
		return eventsIn(JSON.parse(value));
	} catch {
		return [];
	}
}

/**
 * Kit's reference has the events of a delivery in its `payload`, and says no more of that; its guide has them
 * beside the attempts, as `events`.
 * @param delivery read by its ID, with `WITH_EVENTS`
 * @returns its events, and whether these are all that it has
 */
export function sentEvents({ events, payload }: IDataObject): {
	events: SignedEvent[];
	isWhole: boolean;
} {
	const beside = eventsIn(events);
	const sent = beside.length > 0 ? beside : eventsIn(payload);
	const told = sent.filter(isSignedEvent);
	// A delivery has 1 to 100 events.
	return { events: told, isWhole: told.length > 0 && told.length === sent.length };
}

/**
 * @param client sends the request
 * @param workflowId in which the Kit Triggers are
 * @returns the IDs of the endpoints that they made; of those that are disabled something may not have arrived
 */
export async function endpointsOf(client: KitClient, workflowId?: string): Promise<number[]> {
	const rows = await readRows(client, { path: ENDPOINTS }, KEY);
	return rows
		.filter(({ description }) => description === endpointDescription(String(workflowId)))
		.map((row) => Number(row.id));
}

/** @returns the error where a workflow has none of them */
export function noEndpoint({ node }: KitClient, workflowName?: string): NodeOperationError {
	const message = `The workflow “${String(workflowName)}” has no signed endpoint at Kit`;
	return new NodeOperationError(node, message, {
		description:
			'A Kit Trigger makes one when its workflow is published. Publish this workflow, or choose the endpoint of another in Webhook Endpoint.',
	});
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

interface Told extends ReturnType<typeof sentEvents> {
	id: unknown;
}

async function readDelivery(
	client: KitClient,
	{ id, [ENDPOINT_ID]: endpoint }: IDataObject,
	isWanted: (delivery: IDataObject) => boolean,
): Promise<Told> {
	const path = `${ENDPOINTS}/${toText(endpoint)}/deliveries/${toText(id)}`;
	try {
		const { delivery } = await client.send({ path, query: WITH_EVENTS });
		if (!isRecord(delivery)) return { id, events: [], isWhole: false };
		return isWanted(delivery) ? { id, ...sentEvents(delivery) } : { id, events: [], isWhole: true };
	} catch (error) {
		// Kit deletes them when they are 30 days old.
		if (isNotFound(error)) return { id, events: [], isWhole: false };
		throw error as Error;
	}
}

/** So many deliveries are named. */
const MOST_NAMED = 10;

function untold({ node }: KitClient, ids: unknown[]): NodeOperationError {
	const named = ids.slice(0, MOST_NAMED).map(toText).join(', ');
	const what = ids.length === 1 ? 'a delivery' : `${String(ids.length)} deliveries`;
	const message = `Kit does not tell what was in ${what} that it lists: ${named}`;
	return new NodeOperationError(node, ids.length > MOST_NAMED ? `${message} and others` : message, {
		description:
			'Their events are missing. Webhook Endpoint → Get Delivery shows what Kit has of one of them.',
	});
}

/** What Kit tells of deliveries. */
export interface FetchedEvents {
	/** The items that the Kit Trigger makes of their events, oldest first, each once */
	items: IDataObject[];
	/** Names the deliveries whose events Kit does not tell */
	problem?: NodeOperationError;
}

/**
 * @param client sends the requests
 * @param deliveries of endpoints, as they were read here
 * @param isWanted tells by a delivery with its attempts whether it is meant
 * @returns what was in them; one of which Kit does not tell that keeps none of the others back
 */
export async function eventsOf(
	client: KitClient,
	deliveries: IDataObject[],
	isWanted: (delivery: IDataObject) => boolean = () => true,
): Promise<FetchedEvents> {
	const oldestFirst = [...deliveries].sort((one, other) => Number(one.id) - Number(other.id));
	const read = async (delivery: IDataObject) => await readDelivery(client, delivery, isWanted);
	const told = await inParallel(oldestFirst, read);
	const byId = new Map<string, IDataObject>();
	for (const { id, events } of told) {
		for (const event of events) {
			if (!byId.has(event.id)) byId.set(event.id, signedItem(event, id));
		}
	}
	const time = ({ created }: IDataObject) => Date.parse(toText(created)) || 0;
	const items = [...byId.values()].sort((one, other) => time(one) - time(other));
	const missing = told.filter(({ isWhole }) => !isWhole).map(({ id }) => id);
	return { items, ...(missing.length > 0 && { problem: untold(client, missing) }) };
}

import type { IDataObject } from 'n8n-workflow';
import { OF_THIS_WORKFLOW, ownWebhookEndpointId } from '../shared/fields/locators';
import {
	completedAt,
	endpointsOfWorkflow,
	eventsOf,
	failedDeliveries,
} from '../shared/missedEvents';
import type { Mark, Occurrence } from '../shared/timeline';
import { markAt, sift } from '../shared/timeline';
import type { Asking, Memory, Watch } from './watch';
import { MOST_ASKED, MOST_LATEST } from './watch';

/** Kit's lists of deliveries are current, and n8n may have been away. */
const LAG_MS = 3_600_000;

async function failedOf({ client, settings, workflow }: Asking): Promise<IDataObject[]> {
	const { webhookEndpointId: chosen } = settings;
	const isOwn = chosen === OF_THIS_WORKFLOW;
	const endpoints = isOwn ? await endpointsOfWorkflow(client, workflow) : [Number(chosen)];
	return await failedDeliveries(client, endpoints);
}

/** By when Kit gave up on them, since a delivery that it made earlier may fail later. */
function occurrenceOf(row: IDataObject): Occurrence {
	return { key: Number(row.id).toString(36), position: completedAt(row) || 1, row };
}

async function failed(asking: Asking): Promise<Occurrence[]> {
	return (await failedOf(asking)).map(occurrenceOf);
}

/** Watches what Kit could not deliver to a signed endpoint. */
export const missedEventsWatch: Watch = {
	name: 'Missed Events',
	value: 'missedEvents',
	description:
		'Kit gave up on a delivery to a signed webhook endpoint, such as that of a Kit Trigger while n8n was away',
	notice:
		'A poll takes one small request, or two for the endpoint of this workflow’s Kit Trigger, and one more for each delivery that Kit has given up on since: after eight tries, in about two days. One poll reads 200 of them. It needs a connection to Kit by OAuth2.',
	fields: [ownWebhookEndpointId],
	async begin(asking): Promise<Memory> {
		return markAt(await failed(asking), asking.now);
	},
	async poll(asking, memory) {
		const { fresh, mark } = sift(
			memory as Mark,
			await failed(asking),
			asking.now,
			LAG_MS,
			MOST_ASKED,
		);
		const deliveries = fresh.map(({ row }) => row);
		return { items: await eventsOf(asking.client, deliveries), memory: mark };
	},
	async latest(asking) {
		return await eventsOf(asking.client, (await failedOf(asking)).slice(0, MOST_LATEST));
	},
};

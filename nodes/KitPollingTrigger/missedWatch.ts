import type { IDataObject } from 'n8n-workflow';
import { OF_THIS_WORKFLOW, ownWebhookEndpointId } from '../shared/fields/locators';
import {
	completedAt,
	endpointOfWorkflow,
	eventsOf,
	failedDeliveries,
} from '../shared/missedEvents';
import type { Mark, Occurrence } from '../shared/timeline';
import { markAt, sift } from '../shared/timeline';
import type { Asking, Memory, Watch } from './watch';
import { MOST_LATEST } from './watch';

/** Kit's lists of deliveries are current, and n8n may have been away. */
const LAG_MS = 3_600_000;

/** Each takes a request, and n8n may give a poll 45 seconds: the others are reported by the next ones. */
const MOST_READ = 200;

async function endpointOf({ client, settings, workflow }: Asking): Promise<number> {
	const { webhookEndpointId: chosen } = settings;
	return chosen === OF_THIS_WORKFLOW ? await endpointOfWorkflow(client, workflow) : Number(chosen);
}

/** By when Kit gave up on them, since a delivery that it made earlier may fail later. */
function occurrenceOf(row: IDataObject): Occurrence {
	return { key: Number(row.id).toString(36), position: completedAt(row) || 1, row };
}

async function failed(asking: Asking, endpoint: number): Promise<Occurrence[]> {
	return (await failedDeliveries(asking.client, endpoint)).map(occurrenceOf);
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
		return markAt(await failed(asking, await endpointOf(asking)), asking.now);
	},
	async poll(asking, memory) {
		const endpoint = await endpointOf(asking);
		const { fresh, mark } = sift(
			memory as Mark,
			await failed(asking, endpoint),
			asking.now,
			LAG_MS,
			MOST_READ,
		);
		const deliveries = fresh.map(({ row }) => row);
		return { items: await eventsOf(asking.client, endpoint, deliveries), memory: mark };
	},
	async latest(asking) {
		const endpoint = await endpointOf(asking);
		const rows = await failedDeliveries(asking.client, endpoint);
		return await eventsOf(asking.client, endpoint, rows.slice(0, MOST_LATEST));
	},
};

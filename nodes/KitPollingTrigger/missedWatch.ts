import type { IDataObject } from 'n8n-workflow';
import { HOUR_MS } from '../shared/durations';
import { OF_THIS_WORKFLOW, ownWebhookEndpointId } from '../shared/fields/locators';
import { fingerprint } from '../shared/fingerprint';
import {
	completedAt,
	endpointsOf,
	eventsOf,
	failedDeliveries,
	noEndpoint,
} from '../shared/missedEvents';
import type { Mark, Occurrence } from '../shared/timeline';
import { markAt, sift } from '../shared/timeline';
import type { Memory, Watch, WatchContext } from './watch';
import { MOST_ASKED, MOST_LATEST } from './watch';

/** Kit's lists of deliveries are current, and n8n may have been away. */
const LAG_MS = HOUR_MS;

/** So many events are remembered, since Kit may give up on one at several endpoints of a workflow, not at once. */
const MOST_EVENTS = 1000;

interface MissedMark extends Mark {
	/** What the last events that were reported are known by, the oldest first */
	events?: string[];
}

async function endpointsMeant({ client, settings, workflow }: WatchContext): Promise<number[]> {
	const { webhookEndpointId: chosen } = settings;
	return chosen === OF_THIS_WORKFLOW ? await endpointsOf(client, workflow.id) : [Number(chosen)];
}

async function failedOf(context: WatchContext): Promise<IDataObject[]> {
	const { client, workflow } = context;
	const endpoints = await endpointsMeant(context);
	if (endpoints.length === 0) throw noEndpoint(client, workflow.name);
	return await failedDeliveries(client, endpoints);
}

/** By when Kit gave up on them, since a delivery that it made earlier may fail later. */
function occurrenceOf(row: IDataObject): Occurrence {
	return { key: Number(row.id).toString(36), position: completedAt(row) || 1, row };
}

/** Watches what Kit could not deliver to a signed endpoint. */
export const missedEventsWatch: Watch = {
	name: 'Missed Events',
	value: 'missedEvents',
	description:
		'Kit gave up on a delivery to a signed webhook endpoint, such as that of a Kit Trigger while n8n was away',
	notice:
		'A poll takes one small request (for this workflow’s Kit Triggers one, and another for each of their endpoints), and one more for each delivery that Kit has given up on since: after eight tries, in about two days. One poll reads at most 200 of them. What a Kit Trigger is limited to, such as a form, does not apply here. It needs a connection to Kit by OAuth2.',
	fields: [ownWebhookEndpointId],
	async begin(context): Promise<Memory> {
		// n8n publishes the Kit Trigger just before, and Kit's list may not have its endpoint yet.
		const rows = await failedDeliveries(context.client, await endpointsMeant(context));
		return markAt(rows.map(occurrenceOf), context.now);
	},
	async poll(context, memory) {
		const { events = [], ...before } = memory as MissedMark;
		const { fresh, mark } = sift(
			before,
			(await failedOf(context)).map(occurrenceOf),
			context.now,
			LAG_MS,
			MOST_ASKED,
		);
		if (mark === before) return { items: [], memory };
		const deliveries = fresh.map(({ row }) => row);
		const { items, problem } = await eventsOf(context.client, deliveries);
		const known = new Set(events);
		const unreported = items.filter(({ id }) => !known.has(fingerprint(id)));
		const reported = [...events, ...unreported.map(({ id }) => fingerprint(id))];
		return {
			items: unreported,
			memory: { ...mark, events: reported.slice(-MOST_EVENTS) },
			...(problem && { problem }),
		};
	},
	async latest(context) {
		const deliveries = (await failedOf(context)).slice(0, MOST_LATEST);
		const { items, problem } = await eventsOf(context.client, deliveries);
		if (problem && items.length === 0) throw problem;
		return items;
	},
};

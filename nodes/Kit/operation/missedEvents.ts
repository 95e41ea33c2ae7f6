import type { IDataObject } from 'n8n-workflow';
import type { ValueField } from '../../shared/fields/field';
import { OF_THIS_WORKFLOW } from '../../shared/fields/locators';
import { toText } from '../../shared/fields/parsers';
import {
	completedAt,
	completedDeliveries,
	endpointsOf,
	eventsOf,
	failedDeliveries,
	noEndpoint,
	wasTaken,
} from '../../shared/missedEvents';
import type { Returns } from './operation';
import { returning } from './returns';

/** Which deliveries are meant. */
export const deliveries: ValueField = {
	displayName: 'Deliveries',
	name: 'deliveries',
	type: 'options',
	options: [
		{
			name: 'All',
			value: 'all',
			description: 'Also those that the Kit Trigger took, to let a workflow have them again',
		},
		{
			name: 'Failed',
			value: 'failed',
			description: 'Those that Kit gave up on, after eight tries in two days',
		},
		{
			name: 'Failed or Not Taken',
			value: 'notTaken',
			description:
				'Also those that were answered by something else than the Kit Trigger, such as n8n while it starts, which Kit takes for delivered',
		},
	],
	default: 'failed',
	description:
		'Which deliveries to take the events from. Other choices than Failed take one request for each delivery, so set Since with them.',
};

/** From when on they count. */
export const since: ValueField = {
	displayName: 'Since',
	name: 'since',
	type: 'dateTime',
	default: '',
	description:
		'Only deliveries whose last try was after this time. Left empty, all of the 30 days that Kit keeps.',
};

/** What was delivered to an endpoint or could not be, as the Kit Trigger would have made items of it. */
export function missedEvents(): Returns {
	return returning(async ({ client, context, named, note, request, settings }) => {
		const { webhook_endpoint_id: chosen } = named;
		const { id, name } = context.getWorkflow();
		const isOwn = request.path.includes(`/${OF_THIS_WORKFLOW}/`);
		const endpoints = isOwn ? await endpointsOf(client, id) : [Number(chosen)];
		if (endpoints.length === 0) throw noEndpoint(client, name);
		const { deliveries: which } = settings;
		const read = which === 'failed' ? failedDeliveries : completedDeliveries;
		const from = settings.since === undefined ? undefined : Date.parse(toText(settings.since));
		const recent = (await read(client, endpoints)).filter((delivery) => {
			const at = completedAt(delivery);
			return from === undefined || Number.isNaN(at) || at >= from;
		});
		const isMissed = (delivery: IDataObject) => which !== 'notTaken' || !wasTaken(delivery);
		const { items, problem } = await eventsOf(client, recent, isMissed);
		if (problem && items.length === 0) throw problem;
		if (problem) note(problem.message);
		return items;
	});
}

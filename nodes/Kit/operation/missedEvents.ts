import type { ValueField } from '../../shared/fields/field';
import { OF_THIS_WORKFLOW } from '../../shared/fields/locators';
import { toText } from '../../shared/fields/parsers';
import {
	endpointOfWorkflow,
	eventsOf,
	failedDeliveries,
	gaveUpAt,
} from '../../shared/missedEvents';
import type { Returns } from './operation';
import { returning } from './returns';

/** From when on failures count. */
export const since: ValueField = {
	displayName: 'Since',
	name: 'since',
	type: 'dateTime',
	default: '',
	description:
		'Only what Kit gave up on since then, after its last try. Left empty, all of the 30 days that Kit keeps.',
};

/** What Kit could not deliver to an endpoint, as the Kit Trigger would have made items of it. */
export function missedEvents(): Returns {
	return returning(async ({ client, context, named, request, settings }) => {
		const { webhook_endpoint_id: chosen } = named;
		const { id, name } = context.getWorkflow();
		const isOwn = request.path.includes(`/${OF_THIS_WORKFLOW}/`);
		const endpoint = isOwn ? await endpointOfWorkflow(client, { id, name }) : Number(chosen);
		const failed = await failedDeliveries(client, endpoint);
		const from = settings.since === undefined ? undefined : Date.parse(toText(settings.since));
		const wanted = failed.filter((delivery) => {
			const at = gaveUpAt(delivery);
			return from === undefined || Number.isNaN(at) || at >= from;
		});
		return await eventsOf(client, endpoint, wanted);
	});
}

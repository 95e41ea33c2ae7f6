import type { KitEvent } from '../../nodes/shared/events';
import { EVENTS } from '../../nodes/shared/events';
import type { Deliveries, DeliveryName } from './deliveries';
import { describedNode } from './description';
import { exampleBlock } from './example';
import { fieldLines } from './fields';

function itemOf({ value }: KitEvent, deliveries: Deliveries): string {
	const item = deliveries.get(value);
	if (!item) throw new Error(`Nothing was delivered for ${value}`);
	return exampleBlock(item);
}

function section(event: KitEvent, deliveries: Record<DeliveryName, Deliveries>): string[] {
	const { name, value, description, signed, classic } = event;
	const way = signed
		? classic
			? 'signed, or by a classic webhook'
			: 'signed'
		: 'by a classic webhook';
	const heading = [`### ${name}`, `${description}. Delivered ${way}: \`${value}\``];
	const block = itemOf(event, deliveries.auto);
	if (!signed || classic === undefined) return [...heading, block];
	const other = itemOf(event, deliveries.classic);
	return [...heading, block, 'By a classic webhook:', other];
}

/**
 * @param deliveries the items of each kind of delivery
 * @returns the page about the trigger, with an item of every event
 */
export function eventsPage(deliveries: Record<DeliveryName, Deliveries>): string {
	const { properties, description } = describedNode('KitTrigger');
	return (
		[
			'# Kit Trigger',
			'[All pages](README.md)',
			`${description}.`,
			fieldLines(properties).join('\n'),
			'n8n shows the fields of a trigger’s output only after something arrived, or where sample items ' +
				'are pinned to it. To have them before: copy an item from this page, open the Kit Trigger, ' +
				'click the pencil in its output (**Edit Output**), paste the item and save. The workflows ' +
				'[When readers come and go](../examples/readers-come-and-go.json) and ' +
				'[When something is tagged or sent](../examples/tagged-or-sent.json) come with such items. Pinned items are used only in the editor, never when Kit starts the ' +
				'workflow.',
			'The items are from a made-up account that is modelled on Kit’s documentation, which shows ' +
				'subscribers and purchases; what Kit sends for everything else may have further fields.',
			'## Events',
			'What Kit signs has the `id` of the event, when it was `created`, and the `delivery_id` of the ' +
				'delivery, as the operation [Get Deliveries](resources/webhookEndpoint.md#get-deliveries) ' +
				'lists it. A classic webhook brings none of these, and of what an event is about only the ' +
				'subscriber.',
			...EVENTS.flatMap((event) => section(event, deliveries)),
		].join('\n\n') + '\n'
	);
}

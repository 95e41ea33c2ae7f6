import { CLASSIC_EVENTS, ENDPOINT_EVENTS } from '../../nodes/shared/events';
import type { Deliveries, DeliveryName } from './deliveries';
import { describedNode } from './description';
import { exampleBlock } from './example';
import { fieldLines } from './fields';

function section(name: string, value: string, deliveries: Deliveries): string[] {
	const item = deliveries.get(value);
	if (!item) throw new Error(`Nothing was delivered for ${value}`);
	return [`### ${name}`, `\`${value}\``, exampleBlock(item)];
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
				'[When readers come and go](../examples/kit-trigger-classic.json) (classic webhook) and ' +
				'[When something is tagged or sent](../examples/kit-trigger-signed.json) (signed endpoint) ' +
				'come with such items. Pinned items are used only in the editor, never when Kit starts the ' +
				'workflow.',
			'The items are from a made-up account that is modelled on Kit’s documentation, which shows ' +
				'subscribers and purchases; what Kit sends for everything else may have further fields.',
			'## Events of a Classic Webhook',
			...CLASSIC_EVENTS.flatMap(({ name, value }) => section(name, value, deliveries.classic)),
			'## Events of a Signed Endpoint',
			'`delivery_id` is the delivery in which Kit sent the event, as the operation ' +
				'[Get Deliveries](resources/webhookEndpoint.md#get-deliveries) lists it.',
			...ENDPOINT_EVENTS.flatMap(({ name, value }) => section(name, value, deliveries.signed)),
		].join('\n\n') + '\n'
	);
}

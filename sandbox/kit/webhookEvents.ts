import { arrayOf, invalid, textOf } from './route';

/** The events that Kit delivers to webhook endpoints. */
export const ENDPOINT_EVENTS = [
	'subscriber.created',
	'subscriber.activated',
	'subscriber.unsubscribed',
	'subscriber.bounced',
	'subscriber.complained',
	'subscriber.subscribed_to_form',
	'subscriber.added_to_sequence',
	'subscriber.sequence_completed',
	'subscriber.tag_added',
	'subscriber.tag_removed',
	'subscriber.custom_field_value_updated',
	'tag.created',
	'tag.deleted',
	'custom_field.created',
	'custom_field.deleted',
	'sequence.created',
	'sequence.deleted',
	'sequence.published',
	'sequence.disabled',
	'broadcast.created',
	'broadcast.sent',
	'broadcast.deleted',
	'post.published',
] as const;

/** An event that Kit delivers to webhook endpoints. */
export type EndpointEvent = (typeof ENDPOINT_EVENTS)[number];

/** The events that Kit only plans, and refuses. */
const PLANNED_EVENTS = [
	'subscriber.product_purchased',
	'subscriber.link_clicked',
	'subscriber.email_opened',
	'landing_page.created',
	'landing_page.deleted',
];

/**
 * Reads the events of an endpoint, each once.
 * @param value as it arrived
 * @returns the events; Kit's sentence where there are none, or one that it does not deliver
 */
export function eventsIn(value: unknown): string[] {
	const events = [...new Set((arrayOf(value) ?? []).map((event) => textOf(event) ?? ''))];
	if (events.length === 0) throw invalid('events must include at least one event type');
	const planned = events.filter((event) => PLANNED_EVENTS.includes(event));
	if (planned.length > 0) throw invalid(`events are not available yet: ${planned.join(', ')}`);
	const unknown = events.filter((event) => !ENDPOINT_EVENTS.some((known) => known === event));
	if (unknown.length > 0) throw invalid(`events are unknown: ${unknown.join(', ')}`);
	return events;
}

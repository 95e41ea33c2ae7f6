/** What an event of a classic webhook is about, by the key under which Kit takes it. */
export type EventSubject =
	'form_id' | 'sequence_id' | 'tag_id' | 'custom_field_id' | 'product_id' | 'initiator_value';

/** An event that a classic webhook can be for (Kit's documentation of webhooks). */
export interface ClassicEvent {
	/** As a person reads it */
	name: string;
	/** As Kit takes it */
	value: string;
	/** What Kit needs to know besides */
	needs?: EventSubject;
}

/** All events of classic webhooks, in the order of their names. */
export const CLASSIC_EVENTS: ClassicEvent[] = [
	{ name: 'Custom Field Created', value: 'custom_field.field_created' },
	{ name: 'Custom Field Deleted', value: 'custom_field.field_deleted' },
	{
		name: 'Custom Field Value Updated',
		value: 'custom_field.field_value_updated',
		needs: 'custom_field_id',
	},
	{ name: 'Purchase Created', value: 'purchase.purchase_create' },
	{ name: 'Subscriber Activated', value: 'subscriber.subscriber_activate' },
	{
		name: 'Subscriber Added to Sequence',
		value: 'subscriber.course_subscribe',
		needs: 'sequence_id',
	},
	{ name: 'Subscriber Bounced', value: 'subscriber.subscriber_bounce' },
	{
		name: 'Subscriber Clicked a Link',
		value: 'subscriber.link_click',
		needs: 'initiator_value',
	},
	{ name: 'Subscriber Complained', value: 'subscriber.subscriber_complain' },
	{
		name: 'Subscriber Completed Sequence',
		value: 'subscriber.course_complete',
		needs: 'sequence_id',
	},
	{
		name: 'Subscriber Purchased a Product',
		value: 'subscriber.product_purchase',
		needs: 'product_id',
	},
	{
		name: 'Subscriber Subscribed to Form',
		value: 'subscriber.form_subscribe',
		needs: 'form_id',
	},
	{ name: 'Subscriber Unsubscribed', value: 'subscriber.subscriber_unsubscribe' },
	{ name: 'Tag Added to Subscriber', value: 'subscriber.tag_add', needs: 'tag_id' },
	{ name: 'Tag Removed From Subscriber', value: 'subscriber.tag_remove', needs: 'tag_id' },
];

/** @returns the names of the events that need to know this, as Kit takes them */
export function eventsNeeding(subject: EventSubject): string[] {
	return CLASSIC_EVENTS.filter(({ needs }) => needs === subject).map(({ value }) => value);
}

/** An event that a signed webhook endpoint can be for. */
export interface EndpointEvent {
	name: string;
	value: string;
}

/**
 * The events that signed webhook endpoints deliver (Kit's documentation of webhook endpoints). Those
 * that are only planned are refused by Kit and left out here.
 */
export const ENDPOINT_EVENTS: EndpointEvent[] = [
	{ name: 'Broadcast Created', value: 'broadcast.created' },
	{ name: 'Broadcast Deleted', value: 'broadcast.deleted' },
	{ name: 'Broadcast Sent', value: 'broadcast.sent' },
	{ name: 'Custom Field Created', value: 'custom_field.created' },
	{ name: 'Custom Field Deleted', value: 'custom_field.deleted' },
	{ name: 'Post Published', value: 'post.published' },
	{ name: 'Sequence Created', value: 'sequence.created' },
	{ name: 'Sequence Deleted', value: 'sequence.deleted' },
	{ name: 'Sequence Disabled', value: 'sequence.disabled' },
	{ name: 'Sequence Published', value: 'sequence.published' },
	{ name: 'Subscriber Activated', value: 'subscriber.activated' },
	{ name: 'Subscriber Added to Sequence', value: 'subscriber.added_to_sequence' },
	{ name: 'Subscriber Bounced', value: 'subscriber.bounced' },
	{ name: 'Subscriber Complained', value: 'subscriber.complained' },
	{ name: 'Subscriber Completed Sequence', value: 'subscriber.sequence_completed' },
	{ name: 'Subscriber Created', value: 'subscriber.created' },
	{
		name: 'Subscriber Custom Field Value Updated',
		value: 'subscriber.custom_field_value_updated',
	},
	{ name: 'Subscriber Subscribed to Form', value: 'subscriber.subscribed_to_form' },
	{ name: 'Subscriber Unsubscribed', value: 'subscriber.unsubscribed' },
	{ name: 'Tag Added to Subscriber', value: 'subscriber.tag_added' },
	{ name: 'Tag Created', value: 'tag.created' },
	{ name: 'Tag Deleted', value: 'tag.deleted' },
	{ name: 'Tag Removed From Subscriber', value: 'subscriber.tag_removed' },
];

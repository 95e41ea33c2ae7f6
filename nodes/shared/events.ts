import { byName } from './byName';

/** What an event of a classic webhook is about, by the key under which Kit takes it. */
export type EventSubject =
	'form_id' | 'sequence_id' | 'tag_id' | 'custom_field_id' | 'product_id' | 'initiator_value';

/** Something that happens in Kit and can start a workflow. */
export interface KitEvent {
	/** As a person reads it */
	name: string;
	/** Kit's name for it at signed endpoints, or one of that form for what only classic webhooks have */
	value: string;
	/** When it happens, in a sentence */
	description: string;
	/** Whether Kit delivers it to signed endpoints, those left out that are only planned */
	signed: boolean;
	/** Kit's name for it at classic webhooks; left out where they do not have it */
	classic?: string;
	/** What a classic webhook for it needs to know besides */
	needs?: EventSubject;
}

/**
 * Everything that Kit tells others about (Kit's documentation of webhooks and of webhook endpoints), what
 * people look for most first.
 */
export const EVENTS: readonly KitEvent[] = [
	{
		name: 'New Subscriber',
		value: 'subscriber.created',
		description: 'Somebody was added to the account, confirmed or not',
		signed: true,
	},
	{
		name: 'Subscriber Activated',
		value: 'subscriber.activated',
		description: 'A subscriber confirmed, or was added without having to confirm',
		signed: true,
		classic: 'subscriber.subscriber_activate',
	},
	{
		name: 'Subscriber Subscribed to Form',
		value: 'subscriber.subscribed_to_form',
		description: 'A subscriber signed up through a form or landing page, or was added to it',
		signed: true,
		classic: 'subscriber.form_subscribe',
		needs: 'form_id',
	},
	{
		name: 'Tag Added to Subscriber',
		value: 'subscriber.tag_added',
		description: 'A subscriber got a tag',
		signed: true,
		classic: 'subscriber.tag_add',
		needs: 'tag_id',
	},
	{
		name: 'Tag Removed From Subscriber',
		value: 'subscriber.tag_removed',
		description: 'A subscriber lost a tag',
		signed: true,
		classic: 'subscriber.tag_remove',
		needs: 'tag_id',
	},
	{
		name: 'Subscriber Added to Sequence',
		value: 'subscriber.added_to_sequence',
		description: 'A subscriber began a sequence',
		signed: true,
		classic: 'subscriber.course_subscribe',
		needs: 'sequence_id',
	},
	{
		name: 'Subscriber Completed Sequence',
		value: 'subscriber.sequence_completed',
		description: 'A subscriber was sent the last email of a sequence',
		signed: true,
		classic: 'subscriber.course_complete',
		needs: 'sequence_id',
	},
	{
		name: 'Subscriber Unsubscribed',
		value: 'subscriber.unsubscribed',
		description: 'A subscriber left the list',
		signed: true,
		classic: 'subscriber.subscriber_unsubscribe',
	},
	{
		name: 'Subscriber Bounced',
		value: 'subscriber.bounced',
		description: 'An email to a subscriber could not be delivered',
		signed: true,
		classic: 'subscriber.subscriber_bounce',
	},
	{
		name: 'Subscriber Complained',
		value: 'subscriber.complained',
		description: 'A subscriber marked an email as spam',
		signed: true,
		classic: 'subscriber.subscriber_complain',
	},
	{
		name: 'Subscriber Clicked a Link',
		value: 'subscriber.link_clicked',
		description: 'A subscriber clicked a certain link in an email',
		signed: false,
		classic: 'subscriber.link_click',
		needs: 'initiator_value',
	},
	{
		name: 'Purchase Created',
		value: 'purchase.created',
		description: 'Somebody bought something, at Kit or at a shop that tells Kit',
		signed: false,
		classic: 'purchase.purchase_create',
	},
	{
		name: 'Subscriber Purchased a Product',
		value: 'subscriber.product_purchased',
		description: 'A subscriber bought a certain product that is sold at Kit',
		signed: false,
		classic: 'subscriber.product_purchase',
		needs: 'product_id',
	},
	{
		name: 'Custom Field Value Updated',
		value: 'subscriber.custom_field_value_updated',
		description: 'A custom field of a subscriber got another value',
		signed: true,
		classic: 'custom_field.field_value_updated',
		needs: 'custom_field_id',
	},
	{
		name: 'Broadcast Sent',
		value: 'broadcast.sent',
		description: 'A broadcast went out',
		signed: true,
	},
	{
		name: 'Broadcast Created',
		value: 'broadcast.created',
		description: 'A broadcast was drafted',
		signed: true,
	},
	{
		name: 'Broadcast Deleted',
		value: 'broadcast.deleted',
		description: 'A broadcast was deleted',
		signed: true,
	},
	{
		name: 'Post Published',
		value: 'post.published',
		description: 'A post appeared on the creator profile',
		signed: true,
	},
	{
		name: 'Sequence Created',
		value: 'sequence.created',
		description: 'A sequence was created',
		signed: true,
	},
	{
		name: 'Sequence Published',
		value: 'sequence.published',
		description: 'A sequence was switched on',
		signed: true,
	},
	{
		name: 'Sequence Disabled',
		value: 'sequence.disabled',
		description: 'A sequence was switched off',
		signed: true,
	},
	{
		name: 'Sequence Deleted',
		value: 'sequence.deleted',
		description: 'A sequence was deleted',
		signed: true,
	},
	{ name: 'Tag Created', value: 'tag.created', description: 'A tag was created', signed: true },
	{ name: 'Tag Deleted', value: 'tag.deleted', description: 'A tag was deleted', signed: true },
	{
		name: 'Custom Field Created',
		value: 'custom_field.created',
		description: 'A custom field was created',
		signed: true,
		classic: 'custom_field.field_created',
	},
	{
		name: 'Custom Field Deleted',
		value: 'custom_field.deleted',
		description: 'A custom field was deleted',
		signed: true,
		classic: 'custom_field.field_deleted',
	},
];

/** An event that a webhook can be for. */
export interface WebhookEvent {
	/** As a person reads it */
	name: string;
	/** As Kit takes it */
	value: string;
	/** What a classic webhook needs to know besides */
	needs?: EventSubject;
}

/** The events of classic webhooks, in the order of their names. */
export const CLASSIC_EVENTS: WebhookEvent[] = EVENTS.flatMap(({ name, classic, needs }) =>
	classic === undefined ? [] : [{ name, value: classic, ...(needs && { needs }) }],
).sort(byName);

/** The events of signed webhook endpoints, in the order of their names. */
export const ENDPOINT_EVENTS: WebhookEvent[] = EVENTS.filter(({ signed }) => signed)
	.map(({ name, value }) => ({ name, value }))
	.sort(byName);

/** @returns the classic events that need to know this, as Kit takes them */
export function eventsNeeding(subject: EventSubject): string[] {
	return CLASSIC_EVENTS.filter(({ needs }) => needs === subject).map(({ value }) => value);
}

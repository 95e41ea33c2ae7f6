import type { KitEvent, KitEventType, Webhook } from './state';

/** The events of classic webhooks, as a webhook is created for them. */
const CLASSIC: Partial<Record<KitEventType, string>> = {
	'subscriber.activated': 'subscriber.subscriber_activate',
	'subscriber.unsubscribed': 'subscriber.subscriber_unsubscribe',
	'subscriber.bounced': 'subscriber.subscriber_bounce',
	'subscriber.complained': 'subscriber.subscriber_complain',
	'subscriber.subscribed_to_form': 'subscriber.form_subscribe',
	'subscriber.added_to_sequence': 'subscriber.course_subscribe',
	'subscriber.sequence_completed': 'subscriber.course_complete',
	'subscriber.link_clicked': 'subscriber.link_click',
	'subscriber.product_purchased': 'subscriber.product_purchase',
	'subscriber.tag_added': 'subscriber.tag_add',
	'subscriber.tag_removed': 'subscriber.tag_remove',
	'purchase.created': 'purchase.purchase_create',
	'custom_field.created': 'custom_field.field_created',
	'custom_field.deleted': 'custom_field.field_deleted',
	'subscriber.custom_field_value_updated': 'custom_field.field_value_updated',
};

/** What Kit's classic webhooks call an event; undefined where they have none for it. */
export function classicName({ type }: KitEvent): string | undefined {
	return CLASSIC[type];
}

/** Whether a classic webhook is for an event: by its name, and by what it is about. */
export function isFor({ event: name, subject }: Webhook, event: KitEvent): boolean {
	const about: Webhook['subject'] = {
		...(event.form && { form_id: event.form.id }),
		...(event.sequence && { sequence_id: event.sequence.id }),
		...(event.tag && { tag_id: event.tag.id }),
		...(event.customField && { custom_field_id: event.customField.id }),
		...(event.url !== undefined && { initiator_value: event.url }),
		...(event.productId !== undefined && { product_id: event.productId }),
	};
	return (
		classicName(event)?.split('.')[1] === name &&
		Object.entries(subject).every(([key, value]) => about[key] === value)
	);
}

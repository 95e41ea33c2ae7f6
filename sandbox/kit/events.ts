import type { Broadcast, Post } from './broadcasts';
import type { Purchase } from './purchases';
import type { CustomField, Form, Named, Subscriber, Webhook } from './rows';
import type { Sequence } from './sequences';

/**
 * What Kit tells classic webhooks about, by its name for webhook endpoints. Two of them Kit only plans for
 * endpoints, and purchases are for classic webhooks alone.
 */
const CLASSIC: Readonly<Record<string, string>> = {
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
	'subscriber.custom_field_value_updated': 'custom_field.field_value_updated',
	'purchase.created': 'purchase.purchase_create',
	'custom_field.created': 'custom_field.field_created',
	'custom_field.deleted': 'custom_field.field_deleted',
};

/** Something that happened in an account, with what it is about. */
export interface KitEvent {
	/** As webhook endpoints are told of it, if they are. */
	readonly type: string;
	readonly subscriber?: Subscriber;
	readonly form?: Form;
	readonly sequence?: Sequence;
	readonly tag?: Named;
	readonly custom_field?: CustomField;
	/** The new value of the custom field; null where it was emptied. */
	readonly value?: string | null;
	readonly broadcast?: Broadcast;
	readonly post?: Post;
	readonly purchase?: Purchase;
	/** The link that was clicked. */
	readonly url?: string;
	/** The product that was bought; products are not in Kit's API. */
	readonly productId?: number;
}

/** What Kit's classic webhooks call an event; undefined where they have none for it. */
export function classicName({ type }: KitEvent): string | undefined {
	return CLASSIC[type];
}

/** Whether a classic webhook is for an event: by its name, and by what it is about. */
export function isFor({ event: wanted }: Webhook, event: KitEvent): boolean {
	const about: Readonly<Record<string, string | number | undefined>> = {
		name: classicName(event)?.split('.')[1],
		form_id: event.form?.id,
		sequence_id: event.sequence?.id,
		tag_id: event.tag?.id,
		custom_field_id: event.custom_field?.id,
		initiator_value: event.url,
		product_id: event.productId,
	};
	return Object.entries(wanted).every(([key, value]) => value === null || about[key] === value);
}

import type { Broadcast, Post } from './broadcasts';
import type { Purchase } from './purchases';
import type { CustomField, Form, Named, Subscriber, Webhook } from './rows';
import type { Sequence } from './sequences';

/**
 * What Kit tells classic webhooks about, by its name for webhook endpoints. Two of them Kit only plans for
 * endpoints, and purchases are for classic webhooks alone.
 */
const CLASSIC = {
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
} as const;

/** Something that happened in an account, with what it is about. */
export interface KitEvent {
	readonly type:
		| keyof typeof CLASSIC
		| `${'tag' | 'sequence' | 'broadcast'}.${'created' | 'deleted'}`
		| `sequence.${'published' | 'disabled'}`
		| 'subscriber.created'
		| 'broadcast.sent'
		| 'post.published';
	readonly subscriber?: Subscriber;
	readonly form?: Form;
	readonly sequence?: Sequence;
	readonly tag?: Named;
	readonly customField?: CustomField;
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

const BY_STATE = {
	active: 'subscriber.activated',
	cancelled: 'subscriber.unsubscribed',
	bounced: 'subscriber.bounced',
	complained: 'subscriber.complained',
	inactive: null,
} as const;

/**
 * The events of a change of a subscriber: Kit has one for each state but `inactive`, and one for each
 * custom field of the account whose value is another.
 */
export function changesOf(
	before: Pick<Subscriber, 'state' | 'fields'>,
	subscriber: Subscriber,
	customFields: readonly CustomField[],
): KitEvent[] {
	const { state, fields } = subscriber;
	const entered = state === before.state ? null : BY_STATE[state];
	const type = 'subscriber.custom_field_value_updated';
	const ofFields = customFields
		.filter(({ id }) => fields.get(id) !== before.fields.get(id))
		.map((customField): KitEvent => {
			return { type, subscriber, customField, value: fields.get(customField.id) ?? null };
		});
	return entered === null ? ofFields : [{ type: entered, subscriber }, ...ofFields];
}

/** What Kit's classic webhooks call an event; undefined where they have none for it. */
export function classicName({ type }: KitEvent): string | undefined {
	return (CLASSIC as Readonly<Record<string, string>>)[type];
}

/** Whether a classic webhook is for an event: by its name, and by what it is about. */
export function isFor({ event: wanted }: Webhook, event: KitEvent): boolean {
	const about: Readonly<Record<string, string | number | undefined>> = {
		name: classicName(event)?.split('.')[1],
		form_id: event.form?.id,
		sequence_id: event.sequence?.id,
		tag_id: event.tag?.id,
		custom_field_id: event.customField?.id,
		initiator_value: event.url,
		product_id: event.productId,
	};
	return Object.entries(wanted).every(([key, value]) => value === null || about[key] === value);
}

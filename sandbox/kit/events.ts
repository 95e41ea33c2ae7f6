import type {
	Broadcast,
	CustomField,
	Form,
	Post,
	Purchase,
	Sequence,
	Subscriber,
	Tag,
	Webhook,
} from './rows';

/**
 * What Kit tells webhooks about, with the name for classic webhooks where they are told of it. Two that have
 * one Kit only plans for webhook endpoints, and purchases are for classic webhooks alone.
 */
const CLASSIC = {
	'subscriber.created': null,
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
	'tag.created': null,
	'tag.deleted': null,
	'custom_field.created': 'custom_field.field_created',
	'custom_field.deleted': 'custom_field.field_deleted',
	'sequence.created': null,
	'sequence.deleted': null,
	'sequence.published': null,
	'sequence.disabled': null,
	'broadcast.created': null,
	'broadcast.sent': null,
	'broadcast.deleted': null,
	'post.published': null,
} as const;

/** Something that happened in an account, with what it is about. */
export interface KitEvent {
	readonly type: keyof typeof CLASSIC;
	readonly subscriber?: Subscriber;
	readonly form?: Form;
	readonly sequence?: Sequence;
	readonly tag?: Tag;
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
	const ofFields = customFields.flatMap((customField) => {
		const value = fields.get(customField.id) ?? null;
		const isSame = value === (before.fields.get(customField.id) ?? null);
		const type = 'subscriber.custom_field_value_updated' as const;
		return isSame ? [] : [{ type, subscriber, customField, value }];
	});
	return entered === null ? ofFields : [{ type: entered, subscriber }, ...ofFields];
}

/** What Kit's classic webhooks call an event; null where they have none for it. */
export function classicName({ type }: KitEvent): string | null {
	return CLASSIC[type];
}

/** Whether a classic webhook is for an event: by its name, and by what it is about. */
export function isFor({ event: wanted }: Webhook, event: KitEvent): boolean {
	const about: Webhook['event'] = {
		name: classicName(event)?.split('.')[1] ?? null,
		form_id: event.form?.id ?? null,
		sequence_id: event.sequence?.id ?? null,
		tag_id: event.tag?.id ?? null,
		custom_field_id: event.customField?.id ?? null,
		initiator_value: event.url ?? null,
		product_id: event.productId ?? null,
	};
	return Object.entries(wanted).every(([key, value]) => value === null || about[key] === value);
}

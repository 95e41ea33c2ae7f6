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
 * What Kit tells webhooks about: what it delivers to webhook endpoints, two events that it only plans
 * for them but delivers to classic webhooks, and purchases, which are for classic webhooks alone and
 * have no such name with Kit.
 */
export type KitEventType =
	| `subscriber.${'created' | 'activated' | 'unsubscribed' | 'bounced' | 'complained'}`
	| `subscriber.${'subscribed_to_form' | 'added_to_sequence' | 'sequence_completed'}`
	| `subscriber.${'tag_added' | 'tag_removed' | 'custom_field_value_updated'}`
	| `subscriber.${'link_clicked' | 'product_purchased'}`
	| `${'tag' | 'custom_field'}.${'created' | 'deleted'}`
	| `sequence.${'created' | 'deleted' | 'published' | 'disabled'}`
	| `broadcast.${'created' | 'sent' | 'deleted'}`
	| 'post.published'
	| 'purchase.created';

/** Something that happened in an account, with what it is about. */
export interface KitEvent {
	readonly type: KitEventType;
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
 * custom field whose value is another.
 * @param before its state and values before
 * @param subscriber as it is now
 * @param customFields the account's
 */
export function changesOf(
	before: Pick<Subscriber, 'state' | 'fields'>,
	subscriber: Subscriber,
	customFields: readonly CustomField[],
): KitEvent[] {
	const { state, fields } = subscriber;
	const type = BY_STATE[state];
	const ofState: KitEvent[] = state !== before.state && type !== null ? [{ type, subscriber }] : [];
	if (fields === before.fields) return ofState;
	return customFields.reduce<KitEvent[]>((events, customField) => {
		const value = fields.get(customField.id) ?? null;
		if (value === (before.fields.get(customField.id) ?? null)) return events;
		const type = 'subscriber.custom_field_value_updated';
		return [...events, { type, subscriber, customField, value }];
	}, ofState);
}

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

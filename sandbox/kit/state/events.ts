import type { EndpointEvent } from '../webhookEvents';
import type { Broadcast, Post } from './emails';
import type { CustomField, Subscriber, Tag } from './people';
import type { Form, Purchase } from './sales';
import type { Sequence } from './sequences';

/**
 * What Kit tells webhooks about: what it delivers to webhook endpoints, two events that it only plans
 * for them but delivers to classic webhooks, and purchases, which are for classic webhooks alone and
 * have no such name with Kit.
 */
export type KitEventType =
	EndpointEvent | 'subscriber.link_clicked' | 'subscriber.product_purchased' | 'purchase.created';

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

/** Hears of every event of an account. */
export type KitListener = (event: KitEvent) => void;

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
	const events: KitEvent[] = [];
	const type = BY_STATE[state];
	if (state !== before.state && type !== null) events.push({ type, subscriber });
	if (fields === before.fields) return events;
	for (const customField of customFields) {
		const value = fields.get(customField.id) ?? null;
		if (value === (before.fields.get(customField.id) ?? null)) continue;
		events.push({
			type: 'subscriber.custom_field_value_updated',
			subscriber,
			customField,
			value,
		});
	}
	return events;
}

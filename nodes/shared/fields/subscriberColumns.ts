import type { IDataObject } from 'n8n-workflow';
import { SUBSCRIBER_STATES } from './subscriberFilters';

/** What a subscriber has besides the custom fields of the account: what people use of it, and the others. */
export const SUBSCRIBER = {
	simplified: ['id', 'email_address', 'first_name', 'state', 'created_at'],
	others: [
		'added_at',
		'attribution',
		'canceled_at',
		'form_id',
		'location',
		'referrer',
		'referrer_utm_parameters',
		'sequence_id',
		'stats',
		'tag_ids',
		'tag_names',
		'tagged_at',
		'tags',
	],
};

/** The same, most used first. */
export const SUBSCRIBER_FIELDS: readonly string[] = [
	...SUBSCRIBER.simplified,
	...SUBSCRIBER.others,
];

/** What is never left out: by what a record is known, with what a list goes on, and what Kit warns of. */
export const ALWAYS: readonly string[] = ['id', 'cursor', 'warnings'];

/** What stands before the name of a custom field where a field of a subscriber is called so. */
export const CUSTOM_FIELD = 'field';

/**
 * @param key of a custom field
 * @returns what it is called beside the other fields of a subscriber, of which one may be called so
 */
export function nameBeside(key: string): string {
	const isTaken = SUBSCRIBER_FIELDS.includes(key) || ALWAYS.includes(key);
	return isTaken ? `${CUSTOM_FIELD}_${key}` : key;
}

/**
 * @param item what may be a subscriber, as Kit or this node put it out
 * @returns what of it custom fields may be: a subscriber's state is none, where the account calls one so
 */
export function columnsToMap(item: IDataObject): IDataObject {
	const { email_address: address, created_at: createdAt, state } = item;
	const isSubscriber =
		typeof address === 'string' &&
		typeof createdAt === 'string' &&
		SUBSCRIBER_STATES.some(({ value }) => value === state);
	if (!isSubscriber) return item;
	const keys = new Map(SUBSCRIBER_FIELDS.map((key) => [nameBeside(key), key]));
	const columns = Object.entries(item).filter(([name]) => !SUBSCRIBER_FIELDS.includes(name));
	return Object.fromEntries(columns.map(([name, value]) => [keys.get(name) ?? name, value]));
}

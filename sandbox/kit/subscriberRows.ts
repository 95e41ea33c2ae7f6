import { iso } from './dates';
import type { Account, Location, Subscriber } from './state';

/**
 * A subscriber's values by key. Kit's documentation shows every key of the account where subscribers
 * are read, null where unset, and only what is set where a write is answered.
 * @param account whose custom fields
 * @param subscriber whom
 * @param which every key, or only those with a value
 */
export function fieldsOf(
	account: Account,
	subscriber: Subscriber,
	which: 'every' | 'set',
): Record<string, string | null> {
	const fields: Record<string, string | null> = {};
	for (const { id, key } of account.customFields) {
		const value = subscriber.fields.get(id) ?? null;
		if (value !== null || which === 'every') fields[key] = value;
	}
	return fields;
}

/** What every answer says of a subscriber. */
function basics(subscriber: Subscriber) {
	return {
		id: subscriber.id,
		first_name: subscriber.firstName,
		email_address: subscriber.emailAddress,
		state: subscriber.state,
		created_at: iso(subscriber.createdAt),
	};
}

/**
 * A subscriber as a row of a list.
 * @param slim leaves out `fields`
 * @param taggedAt for the list of a tag
 */
export function listedSubscriber(
	account: Account,
	subscriber: Subscriber,
	slim: boolean,
	taggedAt?: number,
) {
	return {
		...basics(subscriber),
		...(taggedAt !== undefined && { tagged_at: iso(taggedAt) }),
		...(!slim && { fields: fieldsOf(account, subscriber, 'every') }),
	};
}

/**
 * A subscriber as the answer to a write.
 * @param taggedAt for the answer to tagging
 */
export function writtenSubscriber(account: Account, subscriber: Subscriber, taggedAt?: number) {
	return {
		...basics(subscriber),
		...(taggedAt !== undefined && { tagged_at: iso(taggedAt) }),
		fields: fieldsOf(account, subscriber, 'set'),
	};
}

/** A subscriber in the answers of the bulk endpoints, which have no `fields`. */
export const bulkSubscriber = basics;

/** Where a subscriber is: as pinned, else as Kit worked it out. */
export function locationOf(subscriber: Subscriber): Location | null {
	return subscriber.pinnedLocation ?? subscriber.inferredLocation;
}

/** The tags of a subscriber as `include=tags` names them. */
export function tagsOf(subscriber: Subscriber) {
	return subscriber.taggings.map(({ tag }) => ({ id: tag.id, name: tag.name }));
}

import { DAY } from './dates';
import { engagementOf, statsOf } from './engagement';
import type { List } from './pages';
import { invalid, textOf } from './route';
import type { Account, Subscriber } from './state';

type SortKey = (subscriber: Subscriber) => number | string;

/** The fields that count what happened in the last 90 days, by Kit's document of 2026-10. */
const ENGAGEMENT = {
	engagement__sent: 'sent',
	engagement__opens: 'opened',
	engagement__clicks: 'clicked',
	engagement__open_rate: 'open_rate',
	engagement__click_rate: 'click_rate',
} as const;

/** Whether a field to sort by is one that Kit does not take together with `email_address`. */
export function isEngagement(field: unknown): field is keyof typeof ENGAGEMENT {
	return typeof field === 'string' && Object.hasOwn(ENGAGEMENT, field);
}

function engagementKey(account: Account, field: keyof typeof ENGAGEMENT): SortKey {
	const now = account.now();
	const emails = account.sentEmails.filter(({ sentAt }) => sentAt > now - 90 * DAY);
	const values = new Map(
		account.subscribers.map((subscriber) => [
			subscriber,
			statsOf(engagementOf(subscriber, emails, now))[ENGAGEMENT[field]],
		]),
	);
	return (subscriber) => values.get(subscriber) ?? 0;
}

/**
 * Every subscriber in the order that `sort_field` and `sort_order` ask for, newest first by default.
 * @param asked the query of a GET, or the body of the filter
 * @param fields what can be sorted by, besides `id` and what counts engagement
 */
export function orderedSubscribers(
	account: Account,
	asked: Readonly<Record<string, unknown>>,
	fields: Readonly<Record<string, SortKey>>,
): List<Subscriber> {
	const order = textOf(asked.sort_order) ?? 'desc';
	if (order !== 'asc' && order !== 'desc') throw invalid('Sort order must be `asc` or `desc`');
	const field = textOf(asked.sort_field) ?? 'id';
	if (field === 'id') return { rows: account.subscribers, key: ({ id }) => [id], order };
	if (isEngagement(field)) {
		const value = engagementKey(account, field);
		const rows = account.sortedBy(field, value, false);
		return { rows, key: (subscriber) => [value(subscriber), subscriber.id], order };
	}
	const value = Object.hasOwn(fields, field) ? fields[field] : undefined;
	if (value === undefined) throw invalid('Sort field is invalid');
	const rows = account.sortedBy(field, value, field !== 'location__distance');
	return { rows, key: (subscriber) => [value(subscriber), subscriber.id], order };
}

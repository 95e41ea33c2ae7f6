import { DAY } from './dates';
import { clickedAt, openedAt, outcomeOf, received } from './engagement';
import type { Account, SentEmail } from './state';

/** What came of an email, over everyone who got it. */
export interface Totals {
	recipients: number;
	delivered: number;
	/** How many opened it. */
	opened: number;
	/** How many clicked in it. */
	clicked: number;
	unsubscribed: number;
	/** How many clicked each of its links, in their order. */
	readonly byLink: number[];
}

/** After this long nothing changes any more. */
const SETTLED = 3 * DAY;

const settled = new WeakMap<SentEmail, Totals>();

/** Totals of an email that nobody got. */
export function noTotals(links: number): Totals {
	const byLink = Array<number>(links).fill(0);
	return { recipients: 0, delivered: 0, opened: 0, clicked: 0, unsubscribed: 0, byLink };
}

/**
 * Counts one who got an email.
 * @param totals what to count it in
 * @param subscriberId whom
 * @param emailId what
 * @param sentAt when
 * @param now the sandbox's time
 */
export function count(
	totals: Totals,
	subscriberId: number,
	emailId: number,
	sentAt: number,
	now: number,
): void {
	const { delivered, opens, clicked } = outcomeOf(subscriberId, emailId, totals.byLink.length);
	totals.recipients += 1;
	if (delivered) totals.delivered += 1;
	if (opens > 0 && openedAt(sentAt, 0) <= now) totals.opened += 1;
	if (clicked >= 0 && clickedAt(sentAt) <= now) {
		totals.clicked += 1;
		totals.byLink[clicked] = (totals.byLink[clicked] ?? 0) + 1;
	}
}

/** What came of a broadcast's email until now; who leaves within a day of it leaves because of it. */
export function totalsOf(account: Account, email: SentEmail): Totals {
	const known = settled.get(email);
	if (known) return known;
	const { id, sentAt, links } = email;
	const now = account.now();
	const totals = noTotals(links.length);
	for (const subscriber of account.subscribers) {
		if (!received(subscriber, email)) continue;
		count(totals, subscriber.id, id, sentAt, now);
		const { state, canceledAt } = subscriber;
		if (state === 'cancelled' && canceledAt !== null && canceledAt <= sentAt + DAY) {
			totals.unsubscribed += 1;
		}
	}
	if (now > sentAt + SETTLED) settled.set(email, totals);
	return totals;
}

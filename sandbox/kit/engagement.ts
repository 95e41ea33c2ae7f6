import { mixed } from '../random';
import { isoOrNull } from './dates';
import type { SentEmail, Subscriber } from './state';

/** What happened between one subscriber and one email. Moments are milliseconds since 1970. */
export interface Engagement {
	readonly email: SentEmail;
	readonly sentAt: number;
	readonly delivered: boolean;
	readonly openedAt: readonly number[];
	readonly clicks: readonly { readonly at: number; readonly id: number; readonly url: string }[];
}

const HOUR = 3_600_000;

/**
 * Everything a subscriber did with the account's emails. It follows from the two ids, so it is the
 * same whenever it is asked for and takes no room: about one in fifty emails bounces, half are opened
 * (one to three times), a third of those clicked.
 * @param subscriber whom
 * @param emails what was sent, oldest first
 * @returns one entry per email that was sent while the subscriber was on the list
 */
export function engagementOf(subscriber: Subscriber, emails: readonly SentEmail[]): Engagement[] {
	const until = subscriber.canceledAt ?? Infinity;
	return emails
		.filter(({ sentAt }) => sentAt > subscriber.createdAt && sentAt < until)
		.map((email) => {
			const { sentAt } = email;
			const dice = mixed(subscriber.id, email.id);
			const delivered = dice % 50 !== 0;
			const opens = delivered && (dice >>> 6) % 2 === 0 ? 1 + ((dice >>> 8) % 3) : 0;
			const openedAt = Array.from({ length: opens }, (_, n) => sentAt + HOUR * (1 + n * 20));
			const link = email.links[(dice >>> 12) % Math.max(1, email.links.length)];
			const clicked = opens > 0 && link !== undefined && (dice >>> 16) % 3 === 0;
			return {
				email,
				sentAt,
				delivered,
				openedAt,
				clicks: clicked ? [{ at: sentAt + 2 * HOUR, ...link }] : [],
			};
		});
}

/** A share rounded to three decimals, 0 of nothing, as Kit documents its rates of a subscriber. */
function rate(part: number, whole: number): number {
	return whole === 0 ? 0 : Math.round((part / whole) * 1000) / 1000;
}

/**
 * Sums engagement up in the shape of `GET /subscribers/{id}/stats` and of the filter's
 * `include: [{type: 'stats'}]`.
 * @param all one subscriber's engagement, oldest first
 */
export function statsOf(all: readonly Engagement[]) {
	const lastSent = all.at(-1);
	const opened = all.filter(({ openedAt }) => openedAt.length > 0);
	const clicked = all.filter(({ clicks }) => clicks.length > 0);
	const since = (last: Engagement | undefined) =>
		last === undefined ? all.length : all.length - 1 - all.indexOf(last);
	return {
		sent: all.length,
		opened: opened.length,
		clicked: clicked.length,
		bounced: all.filter(({ delivered }) => !delivered).length,
		open_rate: rate(opened.length, all.length),
		click_rate: rate(clicked.length, all.length),
		last_sent: isoOrNull(lastSent?.sentAt ?? null),
		last_opened: isoOrNull(opened.at(-1)?.openedAt.at(-1) ?? null),
		last_clicked: isoOrNull(clicked.at(-1)?.clicks.at(-1)?.at ?? null),
		sends_since_last_open: since(opened.at(-1)),
		sends_since_last_click: since(clicked.at(-1)),
	};
}

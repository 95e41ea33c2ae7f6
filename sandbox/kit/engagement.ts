import { mixed } from '../random';
import { DAY, dateIn, isoOrNull } from './dates';
import { KitError } from './route';
import type { Account, SentEmail, Subscriber } from './state';

/** What happened between one subscriber and one email. Moments are milliseconds since 1970. */
export interface Engagement {
	readonly email: SentEmail;
	readonly sentAt: number;
	readonly delivered: boolean;
	readonly openedAt: readonly number[];
	readonly clicks: readonly { readonly at: number; readonly id: number; readonly url: string }[];
}

const HOUR = 3_600_000;

/** What an email was to one who got it. */
export interface Outcome {
	readonly delivered: boolean;
	/** How often it is opened in the end. */
	readonly opens: number;
	/** Which of its links is clicked in the end; -1 for none. */
	readonly clicked: number;
}

/**
 * What comes of an email. It follows from the two ids, so it is the same whenever it is asked for and
 * takes no room: about one in fifty emails bounces, half are opened (one to three times), a third of
 * those clicked.
 * @param links how many it has
 */
export function outcomeOf(subscriberId: number, emailId: number, links: number): Outcome {
	const dice = mixed(subscriberId, emailId);
	const delivered = dice % 50 !== 0;
	const opens = delivered && (dice >>> 6) % 2 === 0 ? 1 + ((dice >>> 8) % 3) : 0;
	const clicks = opens > 0 && links > 0 && (dice >>> 16) % 3 === 0;
	return { delivered, opens, clicked: clicks ? (dice >>> 12) % links : -1 };
}

/** When an email is opened for the nth time, from 0. */
export function openedAt(sentAt: number, n: number): number {
	return sentAt + HOUR * (1 + n * 20);
}

/** When a link in an email is clicked. */
export function clickedAt(sentAt: number): number {
	return sentAt + 2 * HOUR;
}

/** Whether an email went to a subscriber: it was one of those aimed at, and on the list. */
export function received(subscriber: Subscriber, { sentAt, recipients }: SentEmail): boolean {
	const { createdAt, canceledAt } = subscriber;
	if (sentAt <= createdAt || (canceledAt !== null && sentAt >= canceledAt)) return false;
	return recipients?.has(subscriber) ?? true;
}

/**
 * Everything a subscriber did with the account's emails until now.
 * @param subscriber whom
 * @param emails what was sent, oldest first
 * @param now the sandbox's time
 * @returns one entry per email that was sent to the subscriber
 */
export function engagementOf(
	subscriber: Subscriber,
	emails: readonly SentEmail[],
	now: number,
): Engagement[] {
	return emails
		.filter((email) => received(subscriber, email))
		.map((email) => {
			const { sentAt, links } = email;
			const { delivered, opens, clicked } = outcomeOf(subscriber.id, email.id, links.length);
			const opened = Array.from({ length: opens }, (_, n) => openedAt(sentAt, n));
			const link = clickedAt(sentAt) <= now ? links[clicked] : undefined;
			return {
				email,
				sentAt,
				delivered,
				openedAt: opened.filter((at) => at <= now),
				clicks: link === undefined ? [] : [{ at: clickedAt(sentAt), ...link }],
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

/**
 * A date of statistics, which reach back five years since 2026-10-15; Kit answers 400 to earlier ones.
 * @param values the query or body
 * @param name of the date in it
 */
export function statsDateIn(
	account: Account,
	values: Readonly<Record<string, unknown>>,
	name: string,
): number | undefined {
	const moment = dateIn(values[name], name);
	const earliest = new Date(account.now());
	earliest.setUTCFullYear(earliest.getUTCFullYear() - 5);
	if (moment !== undefined && moment < earliest.getTime() - DAY) {
		throw new KitError(400, [`${name} must be within the last five years`]);
	}
	return moment;
}

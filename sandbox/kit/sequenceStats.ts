import { DAY } from './dates';
import { count, noTotals } from './emailTotals';
import type { Totals } from './emailTotals';
import { linksIn } from './addresses';
import { percent } from './percent';
import type { Account, Sequence, SequenceEmail } from './state';

const HOUR = 3_600_000;

function delayOf({ delayValue, delayUnit }: SequenceEmail): number {
	return delayValue * (delayUnit === 'days' ? DAY : HOUR);
}

/** What came of the emails of a sequence until now; the days and hours of sending are left out. */
function totalsByEmail(account: Account, sequence: Sequence): Map<SequenceEmail, Totals> {
	const now = account.now();
	const published = sequence.emails.filter((email) => email.published);
	published.sort((a, b) => a.position - b.position);
	let delay = 0;
	return new Map(
		published.map((email) => {
			delay += delayOf(email);
			const totals = noTotals(linksIn(email.content).length);
			for (const { at, subscriber } of sequence.members.rows) {
				const sentAt = at + delay;
				if (sentAt > now || sentAt >= (subscriber.canceledAt ?? Infinity)) continue;
				count(totals, subscriber.id, email.id, sentAt, now);
				const { state, canceledAt } = subscriber;
				if (state === 'cancelled' && (canceledAt ?? Infinity) <= sentAt + DAY) {
					totals.unsubscribed += 1;
				}
			}
			return [email, totals];
		}),
	);
}

/** Kit documents no keys for these stats; they are those of a broadcast that apply. */
function stats(all: readonly Totals[]) {
	const sum = (part: (totals: Totals) => number) =>
		all.reduce((total, totals) => total + part(totals), 0);
	const recipients = sum((totals) => totals.recipients);
	const opened = sum((totals) => totals.opened);
	const clicked = sum((totals) => totals.clicked);
	const unsubscribed = sum((totals) => totals.unsubscribed);
	return {
		recipients,
		open_rate: percent(opened, recipients),
		emails_opened: opened,
		click_rate: percent(clicked, recipients),
		unsubscribe_rate: percent(unsubscribed, recipients),
		unsubscribes: unsubscribed,
		total_clicks: clicked,
		open_tracking_disabled: false,
		click_tracking_disabled: false,
	};
}

/** `include=stats` on a sequence: all its emails together. */
export function sequenceStats(account: Account, sequence: Sequence) {
	return stats([...totalsByEmail(account, sequence).values()]);
}

/** `include=stats` on the emails of a sequence. */
export function sequenceEmailStats(account: Account, sequence: Sequence) {
	const totals = totalsByEmail(account, sequence);
	return (email: SequenceEmail) => {
		const own = totals.get(email);
		return stats(own === undefined ? [] : [own]);
	};
}

import { broadcastIn, listOfBroadcasts } from './broadcasts';
import { isoOrNull } from './dates';
import { noTotals, totalsOf } from './emailTotals';
import { page } from './pages';
import { percent } from './percent';
import { answer } from './route';
import type { Answer, Call, Route } from './route';
import type { Account, Broadcast } from './state';

function sentEmail({ sentEmails }: Account, { id }: Broadcast) {
	return sentEmails.find((email) => email.id === id);
}

/** How much of a broadcast is sent, from 0 to 1. */
function progressOf(account: Account, { startedAt, completesAt, status }: Broadcast): number {
	if (status === 'completed') return 1;
	if (startedAt === null || completesAt === null) return 0;
	return Math.min((account.now() - startedAt) / (completesAt - startedAt), 1);
}

function statsOf(account: Account, broadcast: Broadcast) {
	const email = sentEmail(account, broadcast);
	const totals = email ? totalsOf(account, email) : noTotals(0);
	const { recipients, opened, clicked, unsubscribed } = totals;
	return {
		recipients,
		open_rate: percent(opened, recipients),
		emails_opened: opened,
		click_rate: percent(clicked, recipients),
		unsubscribe_rate: percent(unsubscribed, recipients),
		unsubscribes: unsubscribed,
		total_clicks: clicked,
		show_total_clicks: false,
		status: broadcast.status,
		progress: progressOf(account, broadcast),
		open_tracking_disabled: false,
		click_tracking_disabled: false,
	};
}

function listStats(call: Call): Answer {
	const { rows, pagination } = page(listOfBroadcasts(call), call.query);
	const row = (broadcast: Broadcast) => ({
		id: broadcast.id,
		subject: broadcast.subject,
		send_at: isoOrNull(broadcast.sendAt),
		stats: statsOf(call.account, broadcast),
	});
	return answer({ broadcasts: rows.map(row), pagination });
}

function getStats(call: Call): Answer {
	const broadcast = broadcastIn(call, 'broadcast_id');
	return answer({ broadcast: { id: broadcast.id, stats: statsOf(call.account, broadcast) } });
}

/** A share as Kit's example of clicks has it: three decimals, 0 of nothing. */
function share(part: number, whole: number): number {
	return whole === 0 ? 0 : Math.round((part / whole) * 1000) / 1000;
}

function listClicks(call: Call): Answer {
	const { account, query } = call;
	const broadcast = broadcastIn(call, 'broadcast_id');
	const email = sentEmail(account, broadcast);
	const totals = email ? totalsOf(account, email) : noTotals(0);
	const links = (email?.links ?? []).map((link, index) => ({
		...link,
		clicks: totals.byLink[index] ?? 0,
	}));
	const { rows, pagination } = page({ rows: links, key: ({ id }) => [id], order: 'asc' }, query);
	const clicks = rows.map((link) => ({
		url: link.url,
		unique_clicks: link.clicks,
		click_to_delivery_rate: share(link.clicks, totals.delivered),
		click_to_open_rate: share(link.clicks, totals.opened),
	}));
	return answer({ broadcast: { id: broadcast.id, clicks }, pagination });
}

/** Kit's endpoints about what came of broadcasts. */
export const broadcastStatsRoutes: readonly Route[] = [
	{ method: 'GET', path: '/broadcasts/stats', handle: listStats },
	{ method: 'GET', path: '/broadcasts/:broadcast_id/stats', handle: getStats },
	{ method: 'GET', path: '/broadcasts/:broadcast_id/clicks', handle: listClicks },
];

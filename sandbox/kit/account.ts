import { siteOf, slugOf } from './addresses';
import { DAY, iso, offsetOf } from './dates';
import { engagementOf } from './engagement';
import { percent } from './percent';
import { answer, arrayOf, invalid, notFound, textOf } from './route';
import type { Answer, Call, Route } from './route';

const MOST_COLORS = 10;

function getAccount({ account: { profile, now } }: Call): Answer {
	return answer({
		user: { email: profile.emailAddress, id: profile.userId },
		account: {
			id: profile.accountId,
			name: profile.name,
			plan_type: profile.planType,
			plan: {
				plan_type: profile.planType,
				interval: 'month',
				subscriber_limit: 1000,
				on_trial: false,
				trial_lapse_date: null,
				renews_at: iso((Math.floor(now() / DAY) + 20) * DAY),
				cancels_at: null,
			},
			primary_email_address: profile.emailAddress,
			created_at: iso(profile.createdAt),
			timezone: {
				name: profile.timeZone,
				friendly_name: profile.timeZoneName,
				utc_offset: offsetOf(profile.timeZone, now()),
			},
			sending_addresses: [
				{
					email_address: profile.emailAddress,
					from_name: profile.senderName,
					status: 'confirmed',
					is_default: true,
					is_verified: true,
					is_dmarc_configured: true,
				},
			],
		},
	});
}

function getColors({ account }: Call): Answer {
	return answer({ colors: account.colors });
}

function updateColors({ account, body }: Call): Answer {
	const colors = arrayOf(body.colors);
	if (colors === undefined) throw invalid("Colors can't be blank");
	if (colors.length > MOST_COLORS) throw invalid('Colors is too long (maximum is 10 colors)');
	const wrong = colors.filter((color) => !/^#([\da-f]{3}|[\da-f]{6})$/i.test(textOf(color) ?? ''));
	if (wrong.length > 0) {
		const sentence = (color: unknown) =>
			`Colors ${textOf(color) ?? JSON.stringify(color)} is not a valid hex color code.`;
		throw invalid(...wrong.map(sentence));
	}
	account.colors = colors.map((color) => textOf(color) ?? '');
	return answer({ colors: account.colors });
}

function getCreatorProfile({ account: { profile } }: Call): Answer {
	if (profile.creatorProfile === null) throw notFound();
	return answer({
		profile: {
			...profile.creatorProfile,
			image_url: `https://images.example.com/${slugOf(profile.name)}.jpg?fit=crop&h=320&w=320`,
			profile_url: `${siteOf(profile)}/profile`,
		},
	});
}

function getEmailStats({ account }: Call): Answer {
	const ending = account.now();
	const starting = ending - 90 * DAY;
	const emails = account.sentEmails.filter(({ sentAt }) => sentAt >= starting);
	const sum = { sent: 0, opened: 0, clicked: 0, bounced: 0, unsubscribed: 0 };
	for (const subscriber of account.subscribers) {
		for (const { openedAt, clicks, delivered } of engagementOf(subscriber, emails, ending)) {
			sum.sent += 1;
			if (openedAt.length > 0) sum.opened += 1;
			if (clicks.length > 0) sum.clicked += 1;
			if (!delivered) sum.bounced += 1;
		}
		const { state, canceledAt } = subscriber;
		if (state === 'cancelled' && (canceledAt ?? 0) >= starting) sum.unsubscribed += 1;
	}
	return answer({
		stats: {
			sent: sum.sent,
			clicked: sum.clicked,
			opened: sum.opened,
			email_stats_mode: 'last_90',
			open_tracking_enabled: true,
			click_tracking_enabled: true,
			starting: iso(starting),
			ending: iso(ending),
			open_rate: percent(sum.opened, sum.sent),
			click_rate: percent(sum.clicked, sum.sent),
			unsubscribe_rate: percent(Math.min(sum.unsubscribed, sum.sent), sum.sent),
			bounce_rate: percent(sum.bounced, sum.sent),
		},
	});
}

/** Whether a text is a day, `yyyy-mm-dd`. */
function isDay(value: string): boolean {
	return /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value));
}

/** Growth is counted and answered in the account's own time zone, unlike everything else. */
function getGrowthStats({ account, query }: Call): Answer {
	const { timeZone } = account.profile;
	const dayOf = (moment: number) => new Intl.DateTimeFormat('en-CA', { timeZone }).format(moment);
	const sent = (value: unknown) => (textOf(value) === '' ? undefined : textOf(value));
	const starting = sent(query.starting) ?? dayOf(account.now() - 90 * DAY);
	const ending = sent(query.ending) ?? dayOf(account.now());
	const wrong: string[] = [];
	if (!isDay(starting)) wrong.push('Starting date is incorrectly formatted. Use YYYY-MM-DD.');
	if (!isDay(ending)) wrong.push('Ending date is incorrectly formatted. Use YYYY-MM-DD.');
	if (starting > ending) wrong.push('Starting date must be before the ending date.');
	if (wrong.length > 0) throw invalid(...wrong);

	// Kit answers today's offset whatever the day, by the tests of its own PHP SDK.
	const offset = offsetOf(timeZone, account.now());
	const at = (day: string, time: string) => `${day}T${time}${offset}`;
	const first = at(starting, '00:00:00');
	const last = at(ending, '23:59:59');
	const from = Date.parse(first);
	const to = Date.parse(last) + 999;
	let added = 0;
	let cancelled = 0;
	let subscribers = 0;
	for (const { createdAt, canceledAt } of account.subscribers) {
		if (createdAt >= from && createdAt <= to) added += 1;
		if (canceledAt !== null && canceledAt >= from && canceledAt <= to) cancelled += 1;
		if (createdAt <= to && (canceledAt === null || canceledAt > to)) subscribers += 1;
	}
	return answer({
		stats: {
			cancellations: cancelled,
			net_new_subscribers: added - cancelled,
			new_subscribers: added,
			subscribers,
			starting: first,
			ending: last,
		},
	});
}

/** Kit's account endpoints. */
export const accountRoutes: readonly Route[] = [
	{ method: 'GET', path: '/account', handle: getAccount },
	{ method: 'GET', path: '/account/colors', handle: getColors },
	{ method: 'PUT', path: '/account/colors', handle: updateColors },
	{ method: 'GET', path: '/account/creator_profile', handle: getCreatorProfile },
	{ method: 'GET', path: '/account/email_stats', handle: getEmailStats },
	{ method: 'GET', path: '/account/growth_stats', handle: getGrowthStats },
];

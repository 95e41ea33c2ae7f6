import { slugOf } from './account';
import type { Account } from './account';
import { DateTime } from 'luxon';
import { DAY, iso } from './dates';
import { answer, invalid, notFound } from './route';
import type { Answer, Call, Operations } from './route';

const nowIn = ({ now, profile }: Account) => DateTime.fromMillis(now(), { zone: profile.timeZone });

const MOST_COLORS = 10;

function getAccount({ account }: Call): Answer {
	const { accountId: id, name, timeZone, timeZoneName } = account.profile;
	const { emailAddress: email_address } = account;
	const plan_type = 'creator';
	return answer({
		user: { email: email_address, id: id + 5000 },
		account: {
			id,
			name,
			plan_type,
			plan: {
				plan_type,
				interval: 'month',
				subscriber_limit: 1000,
				on_trial: false,
				trial_lapse_date: null,
				renews_at: iso((Math.floor(account.now() / DAY) + 20) * DAY),
				cancels_at: null,
			},
			primary_email_address: email_address,
			created_at: '2022-02-17T11:43:55Z',
			timezone: {
				name: timeZone,
				friendly_name: timeZoneName,
				utc_offset: nowIn(account).toFormat('ZZ'),
			},
			sending_addresses: [
				{
					email_address,
					from_name: name,
					status: 'confirmed',
					is_default: true,
					is_verified: true,
					is_dmarc_configured: true,
				},
			],
		},
	});
}

function updateColors({ account, body: { colors } }: Call<{ colors: string[] }>): Answer {
	if (colors.length > MOST_COLORS) throw invalid('Colors is too long (maximum is 10 colors)');
	account.colors = colors;
	return answer({ colors });
}

function getCreatorProfile({ account }: Call): Answer {
	const { creatorProfile, name } = account.profile;
	if (creatorProfile === undefined) throw notFound();
	const image_url = `https://images.example.com/${slugOf(name)}.jpg?fit=crop&h=320&w=320`;
	return answer({
		profile: { name, ...creatorProfile, image_url, profile_url: `${account.site}/profile` },
	});
}

function getEmailStats({ account }: Call): Answer {
	return answer({
		stats: {
			sent: 1280,
			clicked: 191,
			opened: 604,
			email_stats_mode: 'last_90',
			open_tracking_enabled: true,
			click_tracking_enabled: true,
			starting: iso(account.now() - 90 * DAY),
			ending: iso(account.now()),
			open_rate: 47.19,
			click_rate: 14.92,
			unsubscribe_rate: 0.63,
			bounce_rate: 1.8,
		},
	});
}

/** Growth is answered in the account's own time zone, unlike everything else. */
function getGrowthStats(call: Call<object, { starting?: string; ending?: string }>): Answer {
	const { account, query } = call;
	const now = nowIn(account);
	const starting = query.starting ?? now.minus({ days: 90 }).toFormat('yyyy-MM-dd');
	const ending = query.ending ?? now.toFormat('yyyy-MM-dd');
	if (starting > ending) throw invalid('Starting date must be before the ending date.');
	// Kit answers today's offset whatever the day, by the tests of its own PHP SDK.
	const offset = now.toFormat('ZZ');
	return answer({
		stats: {
			cancellations: 6,
			net_new_subscribers: 34,
			new_subscribers: 40,
			subscribers: 412,
			starting: `${starting}T00:00:00${offset}`,
			ending: `${ending}T23:59:59${offset}`,
		},
	});
}

/** Kit's account endpoints. */
export const accountOperations: Operations = {
	'GET /account': getAccount,
	'GET /account/colors': ({ account }: Call) => answer({ colors: account.colors }),
	'PUT /account/colors': updateColors,
	'GET /account/creator_profile': getCreatorProfile,
	'GET /account/email_stats': getEmailStats,
	'GET /account/growth_stats': getGrowthStats,
};

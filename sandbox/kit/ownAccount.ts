import { slugOf } from './account';
import { DAY, inZone, iso } from './dates';
import { answer, invalid, notFound } from './route';
import type { Answer, Call, Operations } from './route';

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
				utc_offset: inZone(now(), profile.timeZone).toFormat('ZZ'),
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

function updateColors({ account, body: { colors } }: Call<{ colors: string[] }>): Answer {
	if (colors.length > MOST_COLORS) throw invalid('Colors is too long (maximum is 10 colors)');
	account.colors = colors;
	return answer({ colors });
}

function getCreatorProfile({ account }: Call): Answer {
	const { creatorProfile, name } = account.profile;
	if (creatorProfile === null) throw notFound();
	const image_url = `https://images.example.com/${slugOf(name)}.jpg?fit=crop&h=320&w=320`;
	return answer({
		profile: { ...creatorProfile, image_url, profile_url: `${account.site}/profile` },
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
	const now = inZone(account.now(), account.profile.timeZone);
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

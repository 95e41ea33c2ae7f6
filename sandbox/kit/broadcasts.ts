import type { Account } from './account';
import { linksOf } from './engagement';
import { slugOf } from './account';
import { isBetween } from './dates';
import { listed, page } from './pages';
import type { List } from './pages';
import { answer, EMPTY, existing, invalid } from './route';
import type { Answer, Call, Operations } from './route';
import { isLike, without } from './rows';
import type { Broadcast } from './rows';
import { templateOf } from './sequences';

type Sent = Partial<Omit<BroadcastDraft, 'email_template' | 'email_address'>> & {
	email_address?: string | null;
	email_template_id?: number;
	allow_starting_point?: boolean;
};

interface Filters {
	status?: Broadcast['status'];
	sent_after?: string;
	sent_before?: string;
	slim?: boolean;
}

/** The filter of a broadcast that is for everyone, as Kit's examples have it. */
const EVERYONE = [{ all: [{ type: 'all_subscribers' }] }];

/** A broadcast as Kit answers it. */
export function broadcastRow(account: Account, broadcast: Broadcast) {
	const { public: isPublic, subject } = broadcast;
	const public_url = isPublic ? `${account.site}/posts/${slugOf(subject)}` : null;
	return { ...without(broadcast, 'startedAt', 'completesAt'), public_url };
}

/** What `slim=true` leaves, by the tests of Kit's own PHP SDK. */
function slimRow(account: Account, broadcast: Broadcast) {
	const row = broadcastRow(account, broadcast);
	const left = ['content', 'public_url', 'email_address', 'email_template'] as const;
	return without(row, ...left, 'subscriber_filter');
}

/** The broadcasts that a list asks for. `sent_after` and `sent_before` leave out what was not sent. */
function listOf({ account, query }: Call<object, Filters>): List<Broadcast> {
	const { status, sent_after: after, sent_before: before } = query;
	const areSent = after !== undefined || before !== undefined;
	const keep = (broadcast: Broadcast) =>
		isLike(broadcast, { status }) &&
		(!areSent || isBetween(broadcast.startedAt ?? NaN, { after, before }));
	return { rows: account.broadcasts, keep };
}

function unsentIn({ account, ids }: Call): Broadcast {
	const broadcast = existing(account.broadcasts, ids.id);
	if (broadcast.startedAt !== null) throw invalid('Broadcast is already sending.');
	return broadcast;
}

/** The one group of a filter that has any rules. */
function filterOf(sent: readonly object[]): readonly object[] {
	const groups = sent.flatMap((entry) =>
		Object.entries(entry)
			.filter(([, rules]) => Array.isArray(rules) && rules.length > 0)
			.map(([match, rules]: [string, unknown]) => ({ [match]: rules })),
	);
	if (groups.length <= 1) return groups.length === 0 ? EVERYONE : groups;
	throw invalid('Only a single filter group is supported. Use one of `all`, `any`, or `none`.');
}

/** What was sent of a broadcast; Kit's sentence where it is no good for the account. */
function draftOf(account: Account, sent: Sent): Partial<BroadcastDraft> {
	const { email_template_id: id, allow_starting_point: allowed, email_address, ...rest } = sent;
	const template = id === undefined ? undefined : templateOf(account, id, allowed);
	return {
		...rest,
		...(email_address !== undefined && {
			email_address: email_address ?? account.profile.emailAddress,
		}),
		...(sent.subscriber_filter && { subscriber_filter: filterOf(sent.subscriber_filter) }),
		...(template && { email_template: { id: template.id, name: template.name } }),
	};
}

/** A broadcast of which nothing is said. */
export function blankBroadcast({ emailTemplates, profile }: Account) {
	const template = emailTemplates.find((one) => one.is_default);
	return {
		subject: '',
		preview_text: null as string | null,
		description: null as string | null,
		content: null as string | null,
		public: false,
		published_at: null as string | null,
		send_at: null as string | null,
		thumbnail_alt: null as string | null,
		thumbnail_url: null as string | null,
		email_address: profile.emailAddress,
		email_template: { id: template?.id ?? 0, name: template?.name ?? '' },
		subscriber_filter: EVERYONE as readonly object[],
	};
}

/** What the author of a broadcast decides. */
export type BroadcastDraft = ReturnType<typeof blankBroadcast>;

function create({ account, body }: Call<Sent>): Answer {
	if (body.content === '' && body.email_template_id === undefined) {
		throw invalid("Content can't be blank");
	}
	const draft = { ...blankBroadcast(account), ...draftOf(account, body) };
	return answer({ broadcast: broadcastRow(account, account.addBroadcast(draft)) }, 201);
}

function update(call: Call<Sent>): Answer {
	const { account, body } = call;
	const broadcast = unsentIn(call);
	account.updateBroadcast(broadcast, draftOf(account, body));
	return answer({ broadcast: broadcastRow(account, broadcast) });
}

function remove(call: Call): Answer {
	call.account.removeBroadcast(unsentIn(call));
	return EMPTY;
}

const NOBODY = { recipients: 0, emails_opened: 0, unsubscribes: 0, total_clicks: 0 };
const NO_RATES = { open_rate: 0, click_rate: 0, unsubscribe_rate: 0 };
const READERS = { recipients: 164, emails_opened: 81, unsubscribes: 1, total_clicks: 27 };
const RATES = { open_rate: 49.39, click_rate: 16.46, unsubscribe_rate: 0.61 };

/** The same figures for whatever was sent. */
function statsOf({ startedAt, status }: Broadcast) {
	return {
		...(startedAt === null ? { ...NOBODY, ...NO_RATES } : { ...READERS, ...RATES }),
		show_total_clicks: false,
		status,
		progress: { completed: 1, sending: 0.5, draft: 0, scheduled: 0, aborted: 0 }[status],
		open_tracking_disabled: false,
		click_tracking_disabled: false,
	};
}

function listStats(call: Call): Answer {
	return listed(call, 'broadcasts', listOf(call), (broadcast) => {
		const { id, subject, send_at } = broadcast;
		return { id, subject, send_at, stats: statsOf(broadcast) };
	});
}

function listClicks(call: Call): Answer {
	const clicked = existing(call.account.broadcasts, call.ids.broadcast_id);
	const { id, startedAt } = clicked;
	const urls = startedAt === null ? [] : linksOf(clicked);
	const rows = urls.map((url, index) => ({ id: index, url }));
	const figures = { unique_clicks: 13, click_to_delivery_rate: 0.081, click_to_open_rate: 0.16 };
	const { rows: clicks, pagination } = page({ rows, order: 'asc' }, call.query);
	return answer({
		broadcast: { id, clicks: clicks.map(({ url }) => ({ url, ...figures })) },
		pagination,
	});
}

/** Kit's endpoints for broadcasts. */
export const broadcastOperations: Operations = {
	'GET /broadcasts': (call: Call<object, Filters>) => {
		const row = call.query.slim === true ? slimRow : broadcastRow;
		return listed(call, 'broadcasts', listOf(call), (one) => row(call.account, one));
	},
	'POST /broadcasts': create,
	'GET /broadcasts/{id}': ({ account, ids }: Call) =>
		answer({ broadcast: broadcastRow(account, existing(account.broadcasts, ids.id)) }),
	'PUT /broadcasts/{id}': update,
	'DELETE /broadcasts/{id}': remove,
	'GET /broadcasts/stats': listStats,
	'GET /broadcasts/{broadcast_id}/stats': ({ account, ids }: Call) => {
		const broadcast = existing(account.broadcasts, ids.broadcast_id);
		return answer({ broadcast: { id: broadcast.id, stats: statsOf(broadcast) } });
	},
	'GET /broadcasts/{broadcast_id}/clicks': listClicks,
};

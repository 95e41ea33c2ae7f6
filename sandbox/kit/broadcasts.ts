import type { Account } from './account';
import { slugOf } from './account';
import { between, iso } from './dates';
import { all, listed, one, page } from './pages';
import type { List } from './pages';
import { answer, EMPTY, existing, invalid } from './route';
import type { Answer, Call, Operations } from './route';
import { byId, isLike, without } from './rows';
import type { EmailTemplate } from './rows';

type Text = string | null;

/** The filter of a broadcast that is for everyone, as Kit's examples have it. */
const EVERYONE: readonly object[] = [{ all: [{ type: 'all_subscribers' }] }];

/** How long it takes to send a broadcast, in milliseconds; made up. */
const SENDING_TIME = 60_000;

/** A broadcast of which nothing is said, as Kit answers it and with more besides. */
function blankBroadcast(account: Account) {
	const template = account.email_templates.find((one) => one.is_default);
	return {
		/** The publication is shared with the post that it was published as. */
		...account.fresh({ publication_id: account.nextId() }),
		subject: '',
		preview_text: null as Text,
		description: null as Text,
		content: null as Text,
		public: false,
		published_at: null as Text,
		send_at: null as Text,
		thumbnail_alt: null as Text,
		thumbnail_url: null as Text,
		email_address: account.emailAddress,
		email_template: { id: template?.id ?? 0, name: template?.name ?? '' },
		subscriber_filter: EVERYONE,
		status: 'draft' as 'draft' | 'scheduled' | 'sending' | 'completed' | 'aborted',
		/** When sending began; null before. */
		startedAt: null as number | null,
		/** When sending ends; null before it began. */
		completesAt: null as number | null,
	};
}

/** One email to many. */
export type Broadcast = ReturnType<typeof blankBroadcast>;

/** A page of the newsletter's site, a draft unless it is published. */
function newPost(
	account: Account,
	about: Partial<Broadcast> & { title: string; content: string; slug?: Text; sent_at?: Text },
) {
	const { slug = slugOf(about.title), published_at = null } = about;
	return {
		...account.fresh({ publication_id: about.publication_id ?? account.nextId() }),
		title: about.title,
		slug,
		description: about.description ?? null,
		content: about.content,
		status: published_at === null ? 'draft' : 'published',
		published_at,
		sent_at: about.sent_at ?? null,
		thumbnail_alt: about.thumbnail_alt ?? null,
		thumbnail_url: about.thumbnail_url ?? null,
		is_paid: false,
		meta_description: null,
		public_url: slug === null ? null : `${account.site}/posts/${slug}`,
	};
}

/** A page of the newsletter's site. */
export type Post = ReturnType<typeof newPost>;

/** Adds a post, which is published where it says when. */
export function addPost(account: Account, about: Parameters<typeof newPost>[1]): void {
	const post = newPost(account, about);
	account.posts.push(post);
	if (post.status === 'published') account.raise({ type: 'post.published', post });
}

/** Publishes a post, which may be published already. */
export function publishPost(account: Account, post: Post): void {
	Object.assign(post, {
		status: 'published',
		published_at: post.published_at ?? iso(account.now()),
	});
	account.raise({ type: 'post.published', post });
}

function send(account: Account, broadcast: Broadcast, at: number): void {
	const change = { status: 'sending', startedAt: at, completesAt: at + SENDING_TIME } as const;
	Object.assign(broadcast, change);
	if (!broadcast.public) return;
	broadcast.published_at ??= iso(at);
	const { subject: title, content } = broadcast;
	addPost(account, { ...broadcast, title, content: content ?? '', sent_at: iso(at) });
}

/** Makes a draft of a broadcast, schedules it, or sends it at once, as its `send_at` says. */
function schedule(account: Account, broadcast: Broadcast): void {
	const { send_at } = broadcast;
	broadcast.status = send_at === null ? 'draft' : 'scheduled';
	if (send_at !== null && Date.parse(send_at) <= account.now()) {
		send(account, broadcast, account.now());
	}
}

/**
 * Does what the clock has made due: scheduled broadcasts are sent, sending ones completed, which is
 * when Kit tells that they were sent (a guess).
 */
export function settle(account: Account): void {
	const now = account.now();
	for (const broadcast of account.broadcasts) {
		const due = Date.parse(broadcast.send_at ?? '');
		if (broadcast.status === 'scheduled' && due <= now) send(account, broadcast, due);
		if (broadcast.status !== 'sending' || (broadcast.completesAt ?? now) > now) continue;
		broadcast.status = 'completed';
		account.raise({ type: 'broadcast.sent', broadcast });
	}
}

/** A broadcast as Kit answers it. */
export function broadcastRow(account: Account, broadcast: Broadcast) {
	const { public: isPublic, subject } = broadcast;
	const public_url = isPublic ? `${account.site}/posts/${slugOf(subject)}` : null;
	return { ...without(broadcast, 'startedAt', 'completesAt'), public_url };
}

interface Filters {
	status?: Broadcast['status'];
	sent_after?: string;
	sent_before?: string;
	slim?: boolean;
}

/** A broadcast in a list. What `slim=true` leaves out is by the tests of Kit's own PHP SDK. */
function listedRow(broadcast: Broadcast, { account, query }: Call<object, Filters>) {
	const row = broadcastRow(account, broadcast);
	if (query.slim !== true) return row;
	const slim = ['content', 'public_url', 'email_address', 'email_template'] as const;
	return without(row, ...slim, 'subscriber_filter');
}

/** The broadcasts that a list asks for. `sent_after` and `sent_before` leave out what was not sent. */
function listOf({ account, query }: Call<object, Filters>): List<Broadcast> {
	const { status, sent_after, sent_before } = query;
	const isWithin = between(sent_after, sent_before);
	const keep = (one: Broadcast) => isLike(one, { status }) && isWithin(one.startedAt);
	return { rows: account.broadcasts, keep };
}

function unsentIn({ account, ids }: Call): Broadcast {
	const broadcast = existing(account.broadcasts, ids.id);
	if (broadcast.startedAt !== null) throw invalid('Broadcast is already sending.');
	return broadcast;
}

/** The email template that something is made with. For a "Starting point" Kit wants to be asked. */
export function templateOf(
	{ email_templates }: Account,
	id: number,
	allowStartingPoint = false,
): EmailTemplate {
	const template = byId(email_templates, id);
	if (template === undefined) throw invalid('Email template not found');
	if (template.category === 'Starting point' && !allowStartingPoint) {
		throw invalid('Starting point templates are not currently supported');
	}
	return template;
}

/** The one group of a filter that has any rules. */
function filterOf(sent: readonly object[]): readonly object[] {
	const groups = sent
		.flatMap((entry): [string, unknown][] => Object.entries(entry))
		.filter(([, rules]) => Array.isArray(rules) && rules.length > 0);
	if (groups.length <= 1) return groups.length === 0 ? EVERYONE : [Object.fromEntries(groups)];
	throw invalid('Only a single filter group is supported. Use one of `all`, `any`, or `none`.');
}

type Sent = Partial<Omit<Broadcast, 'email_address'>> & {
	email_address?: string | null;
	email_template_id?: number;
	allow_starting_point?: boolean;
};

/** What was sent of a broadcast; Kit's sentence where it is no good for the account. */
function draftOf(account: Account, sent: Sent): Partial<Broadcast> {
	const { email_template_id: id, allow_starting_point: allowed, email_address, ...rest } = sent;
	const template = id === undefined ? undefined : templateOf(account, id, allowed);
	return {
		...rest,
		...(email_address !== undefined && {
			email_address: email_address ?? account.emailAddress,
		}),
		...(sent.subscriber_filter && { subscriber_filter: filterOf(sent.subscriber_filter) }),
		...(template && { email_template: { id: template.id, name: template.name } }),
	};
}

/** Adds a broadcast. */
export function addBroadcast(account: Account, about: Partial<Broadcast>): Broadcast {
	const broadcast = { ...blankBroadcast(account), ...about };
	account.add('broadcasts', broadcast);
	schedule(account, broadcast);
	return broadcast;
}

function create({ account, body }: Call<Sent>): Answer {
	if (body.content === '' && body.email_template_id === undefined) {
		throw invalid("Content can't be blank");
	}
	const broadcast = addBroadcast(account, draftOf(account, body));
	return answer({ broadcast: broadcastRow(account, broadcast) }, 201);
}

function update(call: Call<Sent>): Answer {
	const { account, body } = call;
	const broadcast = Object.assign(unsentIn(call), draftOf(account, body));
	schedule(account, broadcast);
	return answer({ broadcast: broadcastRow(account, broadcast) });
}

/** The addresses that the content of a broadcast links to, each once. */
export function linksOf({ content }: Pick<Broadcast, 'content'>): string[] {
	const found = (content ?? '').matchAll(/href="(https?:\/\/[^"]+)"/g);
	return [...new Set([...found].map(([, url = '']) => url))];
}

const READERS = { recipients: 164, emails_opened: 81, unsubscribes: 1, total_clicks: 27 };
const RATES = { open_rate: 49.39, click_rate: 16.46, unsubscribe_rate: 0.61 };

/** The same figures for whatever was sent. */
export const SENT_STATS = { ...READERS, ...RATES };

function statsOf({ startedAt, status }: Broadcast) {
	const figures = Object.entries(SENT_STATS);
	return {
		...Object.fromEntries(figures.map(([key, value]) => [key, startedAt === null ? 0 : value])),
		show_total_clicks: false,
		status,
		progress: { completed: 1, sending: 0.5, draft: 0, scheduled: 0, aborted: 0 }[status],
		open_tracking_disabled: false,
		click_tracking_disabled: false,
	};
}

function listClicks(call: Call): Answer {
	const clicked = existing(call.account.broadcasts, call.ids.broadcast_id);
	const urls = clicked.startedAt === null ? [] : linksOf(clicked);
	const rows = urls.map((url, id) => ({ id, url }));
	const figures = { unique_clicks: 13, click_to_delivery_rate: 0.081, click_to_open_rate: 0.16 };
	const { rows: found, pagination } = page({ rows, order: 'asc' }, call.query);
	const clicks = found.map(({ url }) => ({ url, ...figures }));
	return answer({ broadcast: { id: clicked.id, clicks }, pagination });
}

/** Kit's endpoints for broadcasts, the posts that they become, and the templates they are made with. */
export const broadcastOperations: Operations = {
	'GET /broadcasts': (call: Call<object, Filters>) =>
		listed(call, 'broadcasts', listOf(call), listedRow),
	'POST /broadcasts': create,
	'GET /broadcasts/{id}': one('broadcasts', (row, { account }) => broadcastRow(account, row)),
	'PUT /broadcasts/{id}': update,
	'DELETE /broadcasts/{id}': (call: Call) => {
		call.account.remove('broadcasts', unsentIn(call));
		return EMPTY;
	},
	'GET /broadcasts/stats': (call: Call) =>
		listed(call, 'broadcasts', listOf(call), (broadcast) => {
			const { id, subject, send_at } = broadcast;
			return { id, subject, send_at, stats: statsOf(broadcast) };
		}),
	'GET /broadcasts/{broadcast_id}/stats': ({ account, ids }: Call) => {
		const broadcast = existing(account.broadcasts, ids.broadcast_id);
		return answer({ broadcast: { id: broadcast.id, stats: statsOf(broadcast) } });
	},
	'GET /broadcasts/{broadcast_id}/clicks': listClicks,
	'GET /posts': all('posts', (post, { query }: Call<object, { include_content?: boolean }>) =>
		query.include_content === true ? post : without(post, 'content'),
	),
	'GET /posts/{id}': one('posts'),
	'GET /email_templates': all('email_templates'),
};

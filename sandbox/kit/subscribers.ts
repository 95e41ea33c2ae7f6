import type { Account } from './account';
import { DAY, isBetween, iso, isoOrNull } from './dates';
import { listed } from './pages';
import type { List } from './pages';
import { answer, EMPTY, existing, includes, invalid, KitError } from './route';
import type { Answer, Call, Operations } from './route';
import type { Attribution, Location, Subscriber, SubscriberState, Tagging } from './rows';

/** With more custom fields than this in a request, Kit answers 202 and sets them afterwards. */
const MOST_FIELDS_AT_ONCE = 10;
/** Kit's limit of custom fields in one request. */
const MOST_FIELDS = 140;
/** How long the sandbox takes to do what Kit does afterwards, in milliseconds. */
export const AFTERWARDS = 50;

/** A subscriber in a request. */
export interface SentSubscriber {
	email_address?: string | null;
	first_name?: string | null;
	state?: SubscriberState | null;
	fields?: Record<string, string>;
}

/** What all lists of subscribers can be narrowed down by. */
export interface SubscriberFilters {
	status?: SubscriberState | 'all';
	created_after?: string;
	created_before?: string;
	slim?: boolean;
}

interface Order {
	sort_field?: string;
	sort_order?: 'asc' | 'desc';
}

interface Filters extends SubscriberFilters, Order {
	updated_after?: string;
	updated_before?: string;
	email_address?: string;
}

/** That it is not known how a subscriber signed up. */
export const NO_SOURCE: Attribution = {
	referrer: null,
	utm_source: null,
	utm_medium: null,
	utm_campaign: null,
	utm_term: null,
	utm_content: null,
	source_type: null,
	source_name: null,
	source_mechanism: null,
	source_mechanism_id: null,
};

const BY_API: Attribution = {
	...NO_SOURCE,
	source_type: 'api_subscription',
	source_name: 'Maton',
	source_mechanism: 'api',
	source_mechanism_id: 12345,
};

/**
 * A subscriber's values by key. Kit's documentation shows every key of the account where subscribers
 * are read, null where unset, and only what is set where a write is answered.
 */
export function fieldsOf(account: Account, { fields }: Subscriber, which: 'every' | 'set') {
	const values = account.customFields.map(({ id, key }) => [key, fields.get(id) ?? null] as const);
	const shown = which === 'every' ? values : values.filter(([, value]) => value !== null);
	return Object.fromEntries(shown);
}

/** What every answer says of a subscriber, and all that bulk answers say. */
export function basicsOf(subscriber: Subscriber) {
	return {
		id: subscriber.id,
		first_name: subscriber.firstName,
		email_address: subscriber.emailAddress,
		state: subscriber.state,
		created_at: iso(subscriber.createdAt),
	};
}

/** A subscriber as a row of a list; `slim` leaves out the fields. */
export function listedSubscriber(account: Account, subscriber: Subscriber, slim = false) {
	const basics = basicsOf(subscriber);
	return slim ? basics : { ...basics, fields: fieldsOf(account, subscriber, 'every') };
}

/** A subscriber as the answer to a write. */
export function writtenSubscriber(account: Account, subscriber: Subscriber) {
	return { ...basicsOf(subscriber), fields: fieldsOf(account, subscriber, 'set') };
}

/** Where a subscriber is: as pinned, else as Kit worked it out. */
export function locationOf(subscriber: Subscriber): Location | null {
	return subscriber.pinnedLocation ?? subscriber.inferredLocation;
}

type Inclusions = Readonly<Record<string, (subscriber: Subscriber) => object>>;

/** What can be asked for besides, in lists and in the filter. */
export const INCLUSIONS: Inclusions = {
	attribution: ({ attribution }) => ({ attribution }),
	tags: ({ taggings }) => ({ tags: taggings.map(({ tag: { id, name } }) => ({ id, name })) }),
	location: (subscriber) => ({ location: locationOf(subscriber) }),
	canceled_at: ({ canceledAt }) => ({ canceled_at: isoOrNull(canceledAt) }),
};

/** Whether a subscriber is in a list: the active ones, unless another state is asked for. */
export function isListed({ state, createdAt }: Subscriber, asked: SubscriberFilters): boolean {
	const { status = 'active', created_after: after, created_before: before } = asked;
	return (status === 'all' || state === status) && isBetween(createdAt, { after, before });
}

/** What some do with emails; who is new has got none. */
const HABITS = [
	{ sent: 36, opened: 24, clicked: 9, bounced: 0, open_rate: 0.667, click_rate: 0.25 },
	{ sent: 36, opened: 6, clicked: 0, bounced: 1, open_rate: 0.167, click_rate: 0 },
	{ sent: 36, opened: 0, clicked: 0, bounced: 0, open_rate: 0, click_rate: 0 },
] as const;
const NOTHING = { sent: 0, opened: 0, clicked: 0, bounced: 0, open_rate: 0, click_rate: 0 };

/** Figures of what a subscriber did with emails, the same whatever the time that is asked about. */
export function statsOf(account: Account, { id, createdAt }: Subscriber) {
	const now = account.now();
	const habits = now - createdAt < 10 * DAY ? NOTHING : (HABITS[id % HABITS.length] ?? NOTHING);
	const { sent, opened, clicked } = habits;
	const ago = (count: number, days: number) => (count === 0 ? null : iso(now - days * DAY));
	return {
		...habits,
		last_sent: ago(sent, 7),
		last_opened: ago(opened, 7),
		last_clicked: ago(clicked, 14),
		sends_since_last_open: opened === 0 ? sent : 0,
		sends_since_last_click: clicked === 0 ? sent : 1,
	};
}

/** Kit's statistics reach back five years since 2026-10-15; it answers 400 to earlier days. */
export function checkStatsDays(account: Account, ...days: (string | undefined)[]): void {
	const earliest = new Date(account.now());
	earliest.setUTCFullYear(earliest.getUTCFullYear() - 5);
	const isTooEarly = (day = '') => Date.parse(day) < earliest.getTime() - DAY;
	if (days.some(isTooEarly)) throw new KitError(400, ['Dates must be within the last five years']);
}

/** The fields that count what happened in the last 90 days, by Kit's document of 2026-10. */
const ENGAGEMENT: Readonly<Record<string, keyof typeof NOTHING>> = {
	engagement__sent: 'sent',
	engagement__opens: 'opened',
	engagement__clicks: 'clicked',
	engagement__open_rate: 'open_rate',
	engagement__click_rate: 'click_rate',
};

const SORT_KEYS: Readonly<Record<string, (subscriber: Subscriber) => number | string>> = {
	created_at: ({ createdAt }) => createdAt,
	updated_at: ({ updatedAt }) => updatedAt,
	cancelled_at: ({ canceledAt }) => canceledAt ?? 0,
	first_name: ({ firstName }) => firstName ?? '',
	email_address: ({ emailAddress }) => emailAddress,
};

/**
 * Every subscriber in the order that is asked for, newest first by default.
 * @param distance what `location__distance` sorts by, if it can
 */
export function orderedSubscribers(
	account: Account,
	{ sort_field: field = 'id', sort_order: order = 'desc' }: Order,
	distance?: (subscriber: Subscriber) => number,
): List<Subscriber> {
	if (field === 'id') return { rows: account.subscribers, order };
	const figure = ENGAGEMENT[field];
	const ofStats = figure && ((one: Subscriber) => statsOf(account, one)[figure]);
	const value = field === 'location__distance' ? distance : (ofStats ?? SORT_KEYS[field]);
	// That Kit cannot sort by a distance from nowhere is a guess.
	if (value === undefined) throw new KitError(500, [], '');
	const rows = account.sortedBy(Object.hasOwn(SORT_KEYS, field) ? field : '', value);
	return { rows, key: (subscriber) => [value(subscriber), subscriber.id], order };
}

/** The subscriber that a body names by its address; Kit's 404 where there is none. */
export function subscriberByEmail({ account, body }: Call<{ email_address: string }>): Subscriber {
	return existing(account.subscribers, account.subscriberByEmail(body.email_address)?.id);
}

/** Those whom a list looks through: all in their order, or those with one of the addresses. */
function listOf({ account, query }: Call<object, Filters>): List<Subscriber> {
	const { sort_field: field = '', sort_order: order, email_address: addresses } = query;
	if (addresses === undefined) return orderedSubscribers(account, query);
	if (field in ENGAGEMENT) throw invalid('Sort field cannot be combined with email_address');
	const found = addresses.split(',').flatMap((one) => account.subscriberByEmail(one) ?? []);
	return { rows: [...new Set(found)].sort((a, b) => a.id - b.id), order };
}

function listSubscribers(call: Call<object, Filters>): Answer {
	const { account, query } = call;
	const { status, sort_field: field, updated_after: after, updated_before: before } = query;
	const needsCancelled =
		(field === 'cancelled_at' && 'sort_field is `cancelled_at`') ||
		(includes(call, 'canceled_at') && 'include contains `canceled_at`');
	if (needsCancelled && status !== 'cancelled') {
		throw invalid(`The status param must be \`cancelled\` if ${needsCancelled}`);
	}
	const keep = (subscriber: Subscriber) =>
		isListed(subscriber, query) && isBetween(subscriber.updatedAt, { after, before });
	const wanted = Object.entries(INCLUSIONS).filter(([name]) => includes(call, name));
	return listed(call, 'subscribers', { ...listOf(call), keep }, (subscriber) =>
		wanted.reduce<object>(
			(row, [, include]) => ({ ...row, ...include(subscriber) }),
			listedSubscriber(account, subscriber, query.slim),
		),
	);
}

/** Custom field values in a request, sorted out by whether the account has their key. */
function fieldsIn(account: Account, sent: Record<string, string> = {}) {
	const entries = Object.entries(sent);
	if (entries.length > MOST_FIELDS) {
		throw invalid(`A maximum of ${String(MOST_FIELDS)} custom fields is supported`);
	}
	const values = new Map<number, string>();
	const warnings: string[] = [];
	for (const [key, value] of entries) {
		const field = account.customFields.find((one) => one.key === key);
		if (field) values.set(field.id, value);
		else warnings.push(`Custom field \`${key}\` does not exist and was ignored`);
	}
	return { values, warnings, count: entries.length };
}

/** Sets custom field values, by the id of the custom field. */
export function setFields(
	account: Account,
	subscriber: Subscriber,
	values: ReadonlyMap<number, string>,
): void {
	account.updateSubscriber(subscriber, { fields: new Map([...subscriber.fields, ...values]) });
}

/** Answers a write, with the custom fields set at once or, when they are many, afterwards. */
function written(
	account: Account,
	subscriber: Subscriber,
	{ values, warnings, count }: ReturnType<typeof fieldsIn>,
	status: number,
): Answer {
	const named = warnings.length > 0 && { warnings };
	if (count > MOST_FIELDS_AT_ONCE) {
		const row = listedSubscriber(account, subscriber);
		setTimeout(() => {
			setFields(account, subscriber, values);
		}, AFTERWARDS).unref();
		return answer({ subscriber: row, ...named }, 202);
	}
	if (values.size > 0) setFields(account, subscriber, values);
	return answer({ subscriber: writtenSubscriber(account, subscriber), ...named }, status);
}

/**
 * Creates a subscriber, or updates the first name of the one with this address, as Kit documents its
 * upsert; the state of one that exists stays.
 */
export function upsert(account: Account, sent: SentSubscriber) {
	const { email_address: emailAddress, first_name: firstName, state } = sent;
	if (typeof emailAddress !== 'string') throw invalid('Email address is invalid');
	const existing = account.subscriberByEmail(emailAddress);
	if (existing) {
		if (firstName !== undefined) account.updateSubscriber(existing, { firstName });
		return { subscriber: existing, isNew: false };
	}
	const now = account.now();
	const subscriber = account.addSubscriber({
		emailAddress,
		firstName: firstName ?? null,
		state: state ?? 'active',
		createdAt: now,
		canceledAt: state === 'cancelled' ? now : null,
		attribution: BY_API,
	});
	return { subscriber, isNew: true };
}

function create({ account, body }: Call<SentSubscriber>): Answer {
	const fields = fieldsIn(account, body.fields);
	const { subscriber, isNew } = upsert(account, body);
	return written(account, subscriber, fields, isNew ? 201 : 200);
}

function get({ account, ids }: Call): Answer {
	const subscriber = existing(account.subscribers, ids.id);
	const { canceledAt, pinnedLocation: location } = subscriber;
	const more = { canceled_at: isoOrNull(canceledAt), ...(location && { location }) };
	return answer({ subscriber: { ...listedSubscriber(account, subscriber), ...more } });
}

function update({ account, ids, body }: Call<SentSubscriber>): Answer {
	const subscriber = existing(account.subscribers, ids.id);
	const { email_address: emailAddress, first_name: firstName } = body;
	const holder = account.subscriberByEmail(emailAddress ?? subscriber.emailAddress);
	if (holder && holder !== subscriber) throw invalid('Email address has already been taken');
	const fields = fieldsIn(account, body.fields);
	account.updateSubscriber(subscriber, {
		...(typeof emailAddress === 'string' && { emailAddress }),
		...(firstName !== undefined && { firstName }),
	});
	return written(account, subscriber, fields, 200);
}

function unsubscribe({ account, ids }: Call): Answer {
	const subscriber = existing(account.subscribers, ids.id);
	if (subscriber.state !== 'cancelled') {
		account.updateSubscriber(subscriber, { state: 'cancelled', canceledAt: account.now() });
	}
	return EMPTY;
}

const subscriberIn = ({ account, ids }: Call) => existing(account.subscribers, ids.subscriber_id);

function getStats(
	call: Call<object, { email_sent_after?: string; email_sent_before?: string }>,
): Answer {
	const subscriber = subscriberIn(call);
	const { email_sent_after: after, email_sent_before: before } = call.query;
	checkStatsDays(call.account, after, before);
	return answer({ subscriber: { id: subscriber.id, stats: statsOf(call.account, subscriber) } });
}

function listTags(call: Call): Answer {
	const rows = [...subscriberIn(call).taggings].sort((a, b) => a.tag.id - b.tag.id);
	const list = { rows, key: ({ tag }: Tagging) => [tag.id] };
	return listed(call, 'tags', list, ({ tag, at }) => ({
		id: tag.id,
		name: tag.name,
		tagged_at: iso(at),
	}));
}

type SentLocation = Omit<Partial<Location>, 'state' | 'country'> & {
	state_province?: string;
	country_code: string;
};

/** Kit answers a pin with the subscriber's id and the location. */
function pin(call: Call<{ location: SentLocation }>): Answer {
	const subscriber = subscriberIn(call);
	const { state_province: state = null, country_code: country, ...rest } = call.body.location;
	const nowhere = { city: null, latitude: null, longitude: null, timezone: null };
	const location = { ...nowhere, ...rest, state, country };
	call.account.updateSubscriber(subscriber, { pinnedLocation: location });
	return answer({ subscriber: { id: subscriber.id, location } });
}

/** Kit's endpoints about subscribers, but for the filter. */
export const subscriberOperations: Operations = {
	'GET /subscribers': listSubscribers,
	'POST /subscribers': create,
	'GET /subscribers/{id}': get,
	'PUT /subscribers/{id}': update,
	'POST /subscribers/{id}/unsubscribe': unsubscribe,
	'GET /subscribers/{subscriber_id}/stats': getStats,
	'GET /subscribers/{subscriber_id}/tags': listTags,
	'POST /subscribers/{subscriber_id}/location': pin,
	'PATCH /subscribers/{subscriber_id}/location': pin,
	'DELETE /subscribers/{subscriber_id}/location': (call: Call) => {
		call.account.updateSubscriber(subscriberIn(call), { pinnedLocation: null });
		return EMPTY;
	},
};

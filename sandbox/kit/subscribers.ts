import type { Account } from './account';
import { between, DAY, iso, isoOrNull } from './dates';
import { listed } from './pages';
import type { List } from './pages';
import { answer, EMPTY, existing, includes, invalid, KitError } from './route';
import type { Answer, Call, Operations } from './route';
import type { Attribution, Location, Member, Named, Subscriber, SubscriberState } from './rows';

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

/** How subscribers are ordered. */
export interface Order {
	sort_field?: string;
	sort_order?: 'asc' | 'desc';
}

type Occasion = 'created' | 'updated' | 'added' | 'tagged';

/** What lists of subscribers can be narrowed down by. */
export interface Filters
	extends Order, Partial<Record<`${Occasion}_${'after' | 'before'}`, string>> {
	status?: SubscriberState | 'all';
	slim?: boolean;
	/** Several, with commas between them. */
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

/** How a subscriber signed up, of whom nothing more is known. */
export function signedUpBy(type: string, name: string, mechanism: string): Attribution {
	const source_mechanism_id = mechanism === 'api' ? 12345 : null;
	const source = { source_type: type, source_name: name, source_mechanism: mechanism };
	return { ...NO_SOURCE, ...source, source_mechanism_id };
}

/**
 * A subscriber's values by key. Kit's documentation shows every key of the account where subscribers
 * are read, null where unset, and only what is set where a write is answered.
 */
export function fieldsOf(account: Account, { fields }: Subscriber, which: 'every' | 'set') {
	const values = account.custom_fields.map(({ id, key }) => [key, fields.get(id) ?? null] as const);
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

/** The tags of a subscriber, each with when it was given. */
export function tagsOf(account: Account, { id }: Subscriber): (Named & Pick<Member, 'at'>)[] {
	return account.tags.flatMap((tag) => {
		const member = account.membersOf(tag).get(id);
		return member ? [{ ...tag, at: member.at }] : [];
	});
}

type Inclusion = (subscriber: Subscriber, account: Account) => object;

/** What can be asked for besides, in the filter; lists know the first four. */
const INCLUSIONS: Readonly<Record<string, Inclusion>> = {
	attribution: ({ attribution }) => ({ attribution }),
	tags: (subscriber, account) => ({
		tags: tagsOf(account, subscriber).map(({ id, name }) => ({ id, name })),
	}),
	location: (subscriber) => ({ location: locationOf(subscriber) }),
	canceled_at: ({ canceledAt }) => ({ canceled_at: isoOrNull(canceledAt) }),
	custom_fields: (subscriber, account) => ({ fields: fieldsOf(account, subscriber, 'every') }),
	stats: (_subscriber, account) => ({ stats: statsOf(account) }),
};

/** What is asked for of a subscriber besides, by its names in `include`. */
export function included(account: Account, subscriber: Subscriber, names: readonly string[]) {
	const parts = names.map((name) => INCLUSIONS[name]?.(subscriber, account));
	return Object.assign({}, ...parts) as object;
}

/** Whether subscribers are in a list: the active ones, unless another state is asked for. */
export function isListed(asked: Filters): (subscriber: Subscriber) => boolean {
	const { status = 'active', created_after, created_before } = asked;
	const isWithin = between(created_after, created_before);
	return ({ state, createdAt }) => (status === 'all' || state === status) && isWithin(createdAt);
}

/** Figures of what a subscriber did with emails: the same for everybody, whatever the days that are asked for. */
function statsOf(account: Account) {
	const ago = (days: number) => iso(account.now() - days * DAY);
	return {
		...{ sent: 36, opened: 24, clicked: 9, bounced: 0, open_rate: 0.667, click_rate: 0.25 },
		...{ last_sent: ago(7), last_opened: ago(7), last_clicked: ago(14) },
		...{ sends_since_last_open: 0, sends_since_last_click: 1 },
	};
}

/** Kit's statistics reach back five years since 2026-10-15; it answers 400 to earlier days. */
export function checkStatsDays(account: Account, ...days: (string | undefined)[]): void {
	const earliest = new Date(account.now() - DAY);
	earliest.setUTCFullYear(earliest.getUTCFullYear() - 5);
	const isTooEarly = (day = '') => Date.parse(day) < earliest.getTime();
	if (days.some(isTooEarly)) throw new KitError(400, ['Dates must be within the last five years']);
}

type SortKey = (subscriber: Subscriber) => number | string;

/** What lists can be sorted by. The figures of engagement, which Kit's document of 2026-10 adds, are all equal here. */
const SORT_KEYS: Readonly<Record<string, SortKey>> = {
	created_at: ({ createdAt }) => createdAt,
	updated_at: ({ updatedAt }) => updatedAt,
	cancelled_at: ({ canceledAt }) => canceledAt ?? 0,
	first_name: ({ firstName }) => firstName ?? '',
	email_address: ({ emailAddress }) => emailAddress,
};

const isOfEngagement = (field: string) => field.startsWith('engagement__');

/**
 * Every subscriber in the order that is asked for, newest first by default.
 * @param distance what `location__distance` sorts by, if it can
 */
export function orderedSubscribers(
	account: Account,
	{ sort_field: field = 'id', sort_order: order = 'desc' }: Order,
	distance?: SortKey,
): List<Subscriber> {
	if (field === 'id' || isOfEngagement(field)) return { rows: account.subscribers, order };
	const by = field === 'location__distance' ? distance : SORT_KEYS[field];
	// That Kit cannot sort by a distance from nowhere is a guess.
	if (by === undefined) throw new KitError(500, [], '');
	// What is equal stays in the order of ids.
	const rows = [...account.subscribers].sort((a, b) =>
		by(a) < by(b) ? -1 : Number(by(a) > by(b)),
	);
	return { rows, key: (subscriber) => [by(subscriber), subscriber.id], order };
}

/** The subscriber that a body names by its address; Kit's 404 where there is none. */
export function subscriberByEmail({ account, body }: Call<{ email_address: string }>): Subscriber {
	return existing(account.subscribers, account.subscriberByEmail(body.email_address)?.id);
}

/** Those whom a list looks through: all in their order, or those with one of the addresses. */
function listOf({ account, query }: Call<object, Filters>): List<Subscriber> {
	const { sort_field: field = '', sort_order: order, email_address: addresses } = query;
	if (addresses === undefined) return orderedSubscribers(account, query);
	if (isOfEngagement(field)) throw invalid('Sort field cannot be combined with email_address');
	const found = addresses.split(',').flatMap((one) => account.subscriberByEmail(one) ?? []);
	return { rows: [...new Set(found)].sort((a, b) => a.id - b.id), order };
}

function listSubscribers(call: Call<object, Filters>): Answer {
	const { account, query } = call;
	const needsCancelled =
		(query.sort_field === 'cancelled_at' && 'sort_field is `cancelled_at`') ||
		(includes(call, 'canceled_at') && 'include contains `canceled_at`');
	if (needsCancelled && query.status !== 'cancelled') {
		throw invalid(`The status param must be \`cancelled\` if ${needsCancelled}`);
	}
	const isShown = isListed(query);
	const isWithin = between(query.updated_after, query.updated_before);
	const keep = (subscriber: Subscriber) => isShown(subscriber) && isWithin(subscriber.updatedAt);
	const names = query.include?.split(',') ?? [];
	return listed(call, 'subscribers', { ...listOf(call), keep }, (subscriber) => ({
		...listedSubscriber(account, subscriber, query.slim),
		...included(account, subscriber, names),
	}));
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
		const field = account.custom_fields.find((one) => one.key === key);
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
	const set = () => {
		if (values.size > 0) setFields(account, subscriber, values);
	};
	const isLater = count > MOST_FIELDS_AT_ONCE;
	if (isLater) setTimeout(set, AFTERWARDS).unref();
	else set();
	const row = (isLater ? listedSubscriber : writtenSubscriber)(account, subscriber);
	const named = warnings.length > 0 && { warnings };
	return answer({ subscriber: row, ...named }, isLater ? 202 : status);
}

/**
 * Creates a subscriber, or updates the first name of the one with this address, as Kit documents its
 * upsert; the state of one that exists stays.
 */
export function upsert(account: Account, sent: SentSubscriber) {
	const { email_address: emailAddress, first_name: firstName, state } = sent;
	if (typeof emailAddress !== 'string') throw invalid('Email address is invalid');
	const there = account.subscriberByEmail(emailAddress);
	if (there) {
		if (firstName !== undefined) account.updateSubscriber(there, { firstName });
		return { subscriber: there, isNew: false };
	}
	const about = { emailAddress, firstName: firstName ?? null, state: state ?? 'active' };
	const attribution = signedUpBy('api_subscription', 'Maton', 'api');
	return { subscriber: account.addSubscriber({ ...about, attribution }), isNew: true };
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
	const { email_address, first_name: firstName = subscriber.firstName } = body;
	const emailAddress = email_address ?? subscriber.emailAddress;
	const holder = account.subscriberByEmail(emailAddress);
	if (holder && holder !== subscriber) throw invalid('Email address has already been taken');
	const fields = fieldsIn(account, body.fields);
	account.updateSubscriber(subscriber, { emailAddress, firstName });
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
	checkStatsDays(call.account, call.query.email_sent_after, call.query.email_sent_before);
	return answer({ subscriber: { id: subscriber.id, stats: statsOf(call.account) } });
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
	'GET /subscribers/{subscriber_id}/tags': (call: Call) => {
		const rows = tagsOf(call.account, subscriberIn(call));
		return listed(call, 'tags', { rows }, ({ id, name, at }) => ({ id, name, tagged_at: iso(at) }));
	},
	'POST /subscribers/{subscriber_id}/location': pin,
	'PATCH /subscribers/{subscriber_id}/location': pin,
	'DELETE /subscribers/{subscriber_id}/location': (call: Call) => {
		call.account.updateSubscriber(subscriberIn(call), { pinnedLocation: null });
		return EMPTY;
	},
};

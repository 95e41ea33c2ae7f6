import { between, iso, isoOrNull } from './dates';
import { engagementOf, statsDateIn, statsOf } from './engagement';
import { page } from './pages';
import type { List } from './pages';
import {
	answer,
	choiceIn,
	EMPTY,
	idIn,
	includesOf,
	invalid,
	isObject,
	isSet,
	notFound,
	textOf,
} from './route';
import type { Answer, Call, Route } from './route';
import { byId, SUBSCRIBER_STATES } from './state';
import type { Account, Attribution, Subscriber, SubscriberState, Tagging } from './state';
import { isEngagement, orderedSubscribers } from './subscriberOrder';
import {
	fieldsOf,
	listedSubscriber,
	locationOf,
	tagsOf,
	writtenSubscriber,
} from './subscriberRows';

/** With more custom fields than this in a request, Kit answers 202 and sets them afterwards. */
const MOST_FIELDS_AT_ONCE = 10;
/** Kit's limit of custom fields in one request. */
const MOST_FIELDS = 140;
/** How long the sandbox takes to do what Kit does afterwards, in milliseconds. */
export const AFTERWARDS = 50;

const INCLUDES = ['attribution', 'tags', 'location', 'canceled_at'];

const BY_API: Attribution = {
	referrer: null,
	utm_source: null,
	utm_medium: null,
	utm_campaign: null,
	utm_term: null,
	utm_content: null,
	source_type: 'api_subscription',
	source_name: 'Maton',
	source_mechanism: 'api',
	source_mechanism_id: 12345,
};

function stateIn(value: string): SubscriberState | undefined {
	return SUBSCRIBER_STATES.find((state) => state === value);
}

/**
 * Reads the `status` filter of a list of subscribers, which is `active` unless another is asked for.
 * @param value as it arrived
 * @returns the test, or undefined for `all`
 */
export function stateFilter(value: unknown): ((subscriber: Subscriber) => boolean) | undefined {
	const wanted = choiceIn(value, 'Status', [...SUBSCRIBER_STATES, 'all']) ?? 'active';
	return wanted === 'all' ? undefined : ({ state }) => state === wanted;
}

/** The subscriber that a path names; Kit's 404 where there is none. */
export function subscriberIn(call: Call, parameter = 'id'): Subscriber {
	const subscriber = byId(call.account.subscribers, idIn(call, parameter));
	if (subscriber === undefined) throw notFound();
	return subscriber;
}

/**
 * The subscriber that a body names by its address; Kit's 404 where there is none.
 * @param purpose how Kit's sentence about a missing address goes on
 */
export function subscriberByEmail({ account, body }: Call, purpose: string): Subscriber {
	const emailAddress = (textOf(body.email_address) ?? '').trim();
	if (emailAddress === '') {
		throw invalid(`Either subscriber id or email address is required to ${purpose}`);
	}
	const subscriber = account.subscriberByEmail(emailAddress);
	if (subscriber === undefined) throw notFound();
	return subscriber;
}

/** Every subscriber in the order that a list asks for. */
function ordered({ account, query }: Call): List<Subscriber> {
	if (query.sort_field === 'cancelled_at' && query.status !== 'cancelled') {
		throw invalid('The status param must be `cancelled` if sort_field is `cancelled_at`');
	}
	if (isEngagement(query.sort_field) && query.email_address !== undefined) {
		throw invalid('Sort field cannot be combined with email_address');
	}
	return orderedSubscribers(account, query, {
		created_at: ({ createdAt }) => createdAt,
		updated_at: ({ updatedAt }) => updatedAt,
		cancelled_at: ({ canceledAt }) => canceledAt ?? 0,
	});
}

/**
 * The subscribers that `email_address` names, commas between them, ascending by id. A malformed address
 * is refused, and with it the whole list, by the tests of Kit's own PHP SDK.
 */
function withAddresses(account: Account, value: string): Subscriber[] {
	const addresses = value.split(',').map(addressIn);
	const found = addresses.flatMap((one) => account.subscriberByEmail(one) ?? []);
	return [...new Set(found)].sort((a, b) => a.id - b.id);
}

function includesIn(call: Call): string[] {
	const { query } = call;
	const asked = includesOf(call);
	if (asked.some((name) => !INCLUDES.includes(name))) {
		throw invalid(`Include must be one of: ${INCLUDES.join(', ')}`);
	}
	if (asked.includes('canceled_at') && query.status !== 'cancelled') {
		throw invalid('The status param must be `cancelled` if include contains `canceled_at`');
	}
	return asked;
}

function listSubscribers(call: Call): Answer {
	const { account, query } = call;
	const inState = stateFilter(query.status);
	const created = between(query, 'created');
	const updated = between(query, 'updated');
	const includes = includesIn(call);
	const list = ordered(call);
	const addresses = textOf(query.email_address);
	const named = addresses === undefined ? undefined : withAddresses(account, addresses);
	const keep =
		(inState ?? created ?? updated) &&
		((subscriber: Subscriber) =>
			(inState?.(subscriber) ?? true) &&
			(created?.(subscriber.createdAt) ?? true) &&
			(updated?.(subscriber.updatedAt) ?? true));
	const rows = named ?? list.rows;
	const key = named ? ({ id }: Subscriber) => [id] : list.key;
	const found = page({ ...list, rows, key, keep }, query);
	const row = (subscriber: Subscriber) => ({
		...listedSubscriber(account, subscriber, isSet(query.slim)),
		...(includes.includes('attribution') && { attribution: subscriber.attribution }),
		...(includes.includes('tags') && { tags: tagsOf(subscriber) }),
		...(includes.includes('location') && { location: locationOf(subscriber) }),
		...(includes.includes('canceled_at') && { canceled_at: isoOrNull(subscriber.canceledAt) }),
	});
	return answer({ subscribers: found.rows.map(row), pagination: found.pagination });
}

/**
 * Reads an email address.
 * @param value as it arrived
 * @returns the address; Kit's sentence where it is none
 */
export function addressIn(value: unknown): string {
	const address = (textOf(value) ?? '').trim();
	if (!/^[^\s@,]+@[^\s@,]+\.[^\s@,.]+$/.test(address)) throw invalid('Email address is invalid');
	return address;
}

/** A first name as it arrived: a text, or null to empty it; undefined where it is not sent. */
function firstNameIn(value: unknown): string | null | undefined {
	return value === null ? null : textOf(value);
}

/** Custom field values in a request, sorted out by whether the account has their key. */
function fieldsIn(account: Account, value: unknown) {
	if (value !== undefined && value !== null && !isObject(value)) throw invalid('Fields is invalid');
	const sent = Object.entries(isObject(value) ? value : {});
	if (sent.length > MOST_FIELDS) {
		throw invalid(`A maximum of ${String(MOST_FIELDS)} custom fields is supported`);
	}
	const values = new Map<number, string | null>();
	const warnings: string[] = [];
	for (const [key, given] of sent) {
		const field = account.customFields.find((one) => one.key === key);
		if (field) values.set(field.id, textOf(given) ?? null);
		else warnings.push(`Custom field \`${key}\` does not exist and was ignored`);
	}
	return { values, warnings, count: sent.length };
}

/**
 * Sets custom field values; null empties one.
 * @param values by the id of the custom field
 */
export function setFields(
	account: Account,
	subscriber: Subscriber,
	values: ReadonlyMap<number, string | null>,
): void {
	const fields = new Map(subscriber.fields);
	for (const [id, value] of values) {
		if (value === null) fields.delete(id);
		else fields.set(id, value);
	}
	account.updateSubscriber(subscriber, { fields });
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
		const fields = fieldsOf(account, subscriber, 'every');
		setTimeout(() => {
			setFields(account, subscriber, values);
		}, AFTERWARDS).unref();
		const row = { ...writtenSubscriber(account, subscriber), fields };
		return answer({ subscriber: row, ...named }, 202);
	}
	if (values.size > 0) setFields(account, subscriber, values);
	return answer({ subscriber: writtenSubscriber(account, subscriber), ...named }, status);
}

/**
 * Creates a subscriber, or updates the first name of the one with this address, as Kit documents its
 * upsert; the state of one that exists stays.
 * @param sent `email_address`, `first_name`, `state` as they arrived
 * @returns the subscriber, and whether it is new; Kit's sentence where the data are bad
 */
export function upsert(account: Account, sent: Readonly<Record<string, unknown>>) {
	const emailAddress = addressIn(sent.email_address);
	const firstName = firstNameIn(sent.first_name);
	const state = stateIn(textOf(sent.state) ?? 'active');
	if (state === undefined) throw invalid('State is invalid');
	const existing = account.subscriberByEmail(emailAddress);
	if (existing) {
		if (firstName !== undefined) account.updateSubscriber(existing, { firstName });
		return { subscriber: existing, isNew: false };
	}
	const now = account.now();
	const subscriber = account.addSubscriber({
		emailAddress,
		firstName: firstName ?? null,
		state,
		createdAt: now,
		canceledAt: state === 'cancelled' ? now : null,
		attribution: BY_API,
	});
	return { subscriber, isNew: true };
}

function create({ account, body }: Call): Answer {
	const fields = fieldsIn(account, body.fields);
	const { subscriber, isNew } = upsert(account, body);
	return written(account, subscriber, fields, isNew ? 201 : 200);
}

function get(call: Call): Answer {
	const { account } = call;
	const subscriber = subscriberIn(call);
	const { canceledAt, pinnedLocation } = subscriber;
	return answer({
		subscriber: {
			...listedSubscriber(account, subscriber, false),
			canceled_at: isoOrNull(canceledAt),
			...(pinnedLocation && { location: pinnedLocation }),
		},
	});
}

function update(call: Call): Answer {
	const { account, body } = call;
	const subscriber = subscriberIn(call);
	// Kit's document requires the address; live Kit does not, by the tests of its own PHP SDK.
	const emailAddress = body.email_address === undefined ? undefined : addressIn(body.email_address);
	const holder = emailAddress === undefined ? undefined : account.subscriberByEmail(emailAddress);
	if (holder && holder !== subscriber) throw invalid('Email address has already been taken');
	const fields = fieldsIn(account, body.fields);
	const firstName = firstNameIn(body.first_name);
	const change = {
		...(emailAddress !== undefined && { emailAddress }),
		...(firstName !== undefined && { firstName }),
	};
	account.updateSubscriber(subscriber, change);
	return written(account, subscriber, fields, 200);
}

function unsubscribe(call: Call): Answer {
	const { account } = call;
	const subscriber = subscriberIn(call);
	if (subscriber.state !== 'cancelled') {
		account.updateSubscriber(subscriber, { state: 'cancelled', canceledAt: account.now() });
	}
	return EMPTY;
}

function getStats(call: Call): Answer {
	const { account } = call;
	const subscriber = subscriberIn(call, 'subscriber_id');
	const after = statsDateIn(account, call.query, 'email_sent_after') ?? -Infinity;
	const before = statsDateIn(account, call.query, 'email_sent_before') ?? Infinity;
	const emails = account.sentEmails.filter(({ sentAt }) => sentAt > after && sentAt < before);
	const stats = statsOf(engagementOf(subscriber, emails, account.now()));
	return answer({ subscriber: { id: subscriber.id, stats } });
}

function listTags(call: Call): Answer {
	const { taggings } = subscriberIn(call, 'subscriber_id');
	const { rows, pagination } = page(
		{
			rows: [...taggings].sort((a, b) => a.tag.id - b.tag.id),
			key: ({ tag }: Tagging) => [tag.id],
		},
		call.query,
	);
	const row = ({ tag, at }: Tagging) => ({ id: tag.id, name: tag.name, tagged_at: iso(at) });
	return answer({ tags: rows.map(row), pagination });
}

/** Kit's endpoints about subscribers, but for the filter and the location. */
export const subscriberRoutes: readonly Route[] = [
	{ method: 'GET', path: '/subscribers', handle: listSubscribers },
	{ method: 'POST', path: '/subscribers', handle: create },
	{ method: 'GET', path: '/subscribers/:id', handle: get },
	{ method: 'PUT', path: '/subscribers/:id', handle: update },
	{ method: 'POST', path: '/subscribers/:id/unsubscribe', handle: unsubscribe },
	{ method: 'GET', path: '/subscribers/:subscriber_id/stats', handle: getStats },
	{ method: 'GET', path: '/subscribers/:subscriber_id/tags', handle: listTags },
];

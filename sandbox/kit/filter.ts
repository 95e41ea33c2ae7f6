import { DAY, dateIn, iso, isoOrNull } from './dates';
import { engagementOf, statsDateIn, statsOf } from './engagement';
import type { Engagement } from './engagement';
import { page } from './pages';
import type { Pagination } from './pages';
import { answer, arrayOf, invalid, isObject, KitError, objectOf, textOf } from './route';
import type { Answer, Call, Route } from './route';
import type { Account, SentEmail, Subscriber } from './state';
import { orderedSubscribers } from './subscriberOrder';
import { fieldsOf, locationOf, tagsOf } from './subscriberRows';

type Sent = Readonly<Record<string, unknown>>;
type Test = (subscriber: Subscriber) => boolean;

const MILES_PER_DEGREE = 69;

/** Kit's answer to a condition that it does not understand, by the tests of its own PHP SDK. */
function notUnderstood(): KitError {
	return new KitError(500, [], '');
}

/** More rows than this Kit's own clients never ask for. */
const LARGEST_PAGE = 100;

function numberIn(value: unknown): number | undefined {
	const text = textOf(value);
	const parsed = Number(text);
	return text === undefined || text.trim() === '' || Number.isNaN(parsed) ? undefined : parsed;
}

/** Ids as numbers. */
function idsIn(value: unknown): Set<number> {
	const ids = arrayOf(value)?.map(Number);
	if (ids?.every(Number.isInteger) !== true) throw notUnderstood();
	return new Set(ids);
}

/** The alternatives of a condition: all of one of the types it allows. */
function anyIn(condition: Sent, allowed: readonly string[]): Sent[] {
	const alternatives = arrayOf(condition.any) ?? [];
	return alternatives.map((alternative) => {
		const type = isObject(alternative) ? textOf(alternative.type) : undefined;
		if (type === undefined || !allowed.includes(type)) throw notUnderstood();
		return objectOf(alternative);
	});
}

/** A window of whole days: `after` from its first moment, `before` to its last. */
function windowIn(condition: Sent, after = 'after', before = 'before') {
	const from = dateIn(condition[after], after) ?? -Infinity;
	const to = (dateIn(condition[before], before) ?? Infinity) + DAY - 1;
	return (moment: number) => moment >= from && moment <= to;
}

/** Whether a count passes a condition's thresholds; at least one where it names none. */
function thresholds(condition: Sent): (count: number) => boolean {
	const tests: ((count: number) => boolean)[] = [];
	const add = (name: string, passes: (count: number, limit: number) => boolean) => {
		const limit = numberIn(condition[name]);
		if (limit !== undefined) tests.push((count) => passes(count, limit));
	};
	add('count_greater_than', (count, limit) => count > limit);
	add('count_greater_than_or_equal', (count, limit) => count >= limit);
	add('count_less_than', (count, limit) => count < limit);
	add('count_less_than_or_equal', (count, limit) => count <= limit);
	return tests.length === 0 ? (count) => count >= 1 : (count) => tests.every((test) => test(count));
}

/** Whether a clicked link is one of those a `urls` alternative names. */
function urlTest(alternative: Sent): (link: { id: number; url: string }) => boolean {
	const urls = (arrayOf(alternative.urls) ?? []).map((url) => textOf(url) ?? '');
	const ids = alternative.ids === undefined ? new Set<number>() : idsIn(alternative.ids);
	const matching = textOf(alternative.matching) ?? 'exact';
	const matches = {
		exact: (url: string, wanted: string) => url === wanted,
		contains: (url: string, wanted: string) => url.includes(wanted),
		starts_with: (url: string, wanted: string) => url.startsWith(wanted),
		ends_with: (url: string, wanted: string) => url.endsWith(wanted),
	};
	const match = Object.entries(matches).find(([name]) => name === matching)?.[1];
	if (match === undefined) throw notUnderstood();
	return ({ id, url }) => ids.has(id) || urls.some((wanted) => match(url, wanted));
}

/** `opens`, `clicks`, `sent`, `delivered`: how often something happened in a window of days. */
function engagementTest(account: Account, condition: Sent, uniqueEmails: boolean): Test {
	const type = textOf(condition.type);
	const within = windowIn(condition);
	const passes = thresholds(condition);
	const any = anyIn(condition, type === 'clicks' ? ['broadcasts', 'urls'] : ['broadcasts']);
	const broadcasts = any.filter((one) => one.type === 'broadcasts').map((one) => idsIn(one.ids));
	const urls = any.filter((one) => one.type === 'urls').map(urlTest);
	const ofEmail = (email: SentEmail) => broadcasts.some((ids) => ids.has(email.id));
	const counts: Record<string, (one: Engagement) => number> = {
		opens: ({ openedAt, email }) =>
			any.length === 0 || ofEmail(email) ? openedAt.filter(within).length : 0,
		clicks: ({ clicks, email }) =>
			clicks.filter(
				(click) =>
					within(click.at) &&
					(any.length === 0 || ofEmail(email) || urls.some((test) => test(click))),
			).length,
		sent: ({ sentAt, email }) => (within(sentAt) && (any.length === 0 || ofEmail(email)) ? 1 : 0),
		delivered: ({ sentAt, delivered, email }) =>
			delivered && within(sentAt) && (any.length === 0 || ofEmail(email)) ? 1 : 0,
	};
	const count = counts[type ?? ''];
	if (count === undefined) throw notUnderstood();
	return (subscriber) => {
		const each = engagementOf(subscriber, account.sentEmails, account.now()).map(count);
		return passes(each.reduce((sum, one) => sum + (uniqueEmails ? Math.min(one, 1) : one), 0));
	};
}

function stateTest(condition: Sent): Test {
	const states = arrayOf(condition.states);
	if (states === undefined) throw notUnderstood();
	return ({ state }) => states.includes(state);
}

function tagTest(condition: Sent): Test {
	const groups = anyIn(condition, ['ids']).map(({ matching }) => idsIn(matching));
	if (groups.length === 0) throw notUnderstood();
	return ({ taggings }) => taggings.some(({ tag }) => groups.some((ids) => ids.has(tag.id)));
}

function attributionTest(condition: Sent): Test {
	const tests = anyIn(condition, ['forms', 'kit_source']).map((one): Test => {
		if (one.type === 'kit_source') return kitSourceTest(one);
		const ids = idsIn(one.ids);
		return ({ signupFormId }) => signupFormId !== null && ids.has(signupFormId);
	});
	if (tests.length === 0) throw notUnderstood();
	return (subscriber) => tests.some((test) => test(subscriber));
}

/** What Kit's document of 2026-10 adds to attributions: everything that is named must fit. */
function kitSourceTest(one: Sent): Test {
	const words = (value: unknown) => arrayOf(value)?.map((word) => textOf(word) ?? '');
	const type = textOf(one.source_type);
	const mechanism = textOf(one.mechanism);
	const names = words(one.source_names);
	const ids = one.source_ids === undefined ? undefined : idsIn(one.source_ids);
	const mechanismIds = one.mechanism_ids === undefined ? undefined : idsIn(one.mechanism_ids);
	return ({ attribution, signupFormId }) =>
		(type === undefined || attribution.source_type === type) &&
		(mechanism === undefined || attribution.source_mechanism === mechanism) &&
		(names?.includes(attribution.source_name ?? '') ?? true) &&
		(ids?.has(signupFormId ?? 0) ?? true) &&
		(mechanismIds?.has(attribution.source_mechanism_id ?? 0) ?? true);
}

function customFieldTest(condition: Sent): Test {
	const id = numberIn(condition.subscriber_custom_field_id);
	if (id === undefined) throw notUnderstood();
	const wanted = textOf(condition.value) ?? '';
	const numeric = (passes: (stored: number, limit: number) => boolean) => (stored: string) => {
		const value = numberIn(stored);
		const limit = numberIn(wanted);
		return value !== undefined && limit !== undefined && passes(value, limit);
	};
	const comparisons: Record<string, (stored: string) => boolean> = {
		is: (stored) => stored === wanted,
		contains: (stored) => stored.toLowerCase().includes(wanted.toLowerCase()),
		has_value: (stored) => stored !== '',
		greater_than: numeric((stored, limit) => stored > limit),
		greater_than_or_equal: numeric((stored, limit) => stored >= limit),
		less_than: numeric((stored, limit) => stored < limit),
		less_than_or_equal: numeric((stored, limit) => stored <= limit),
	};
	const compare = comparisons[textOf(condition.comparison) ?? 'is'];
	if (compare === undefined) throw notUnderstood();
	return ({ fields }) => {
		const stored = fields.get(id);
		return stored !== undefined && compare(stored);
	};
}

/** The point that a condition names. */
function pointIn(condition: Sent) {
	const latitude = numberIn(condition.latitude);
	const longitude = numberIn(condition.longitude);
	if (latitude === undefined || longitude === undefined) throw notUnderstood();
	return { latitude, longitude };
}

/** A box around a point, as Kit documents it, not a circle. */
function locationTest(condition: Sent): Test {
	const { latitude, longitude } = pointIn(condition);
	const radius = numberIn(condition.radius);
	if (radius === undefined) throw notUnderstood();
	const high = radius / MILES_PER_DEGREE;
	const wide = high / Math.max(Math.cos((latitude * Math.PI) / 180), 0.01);
	return (subscriber) => {
		const place = locationOf(subscriber);
		return (
			place?.latitude != null &&
			place.longitude !== null &&
			Math.abs(place.latitude - latitude) <= high &&
			Math.abs(place.longitude - longitude) <= wide
		);
	};
}

function testOf(account: Account, condition: unknown, uniqueEmails: boolean): Test {
	const sent = objectOf(condition);
	switch (textOf(sent.type)) {
		case 'opens':
		case 'clicks':
		case 'sent':
		case 'delivered':
			return engagementTest(account, sent, uniqueEmails);
		case 'subscribed': {
			const within = windowIn(sent);
			return ({ createdAt }) => within(createdAt);
		}
		case 'subscriber_state':
			return stateTest(sent);
		case 'tags':
			return tagTest(sent);
		case 'attribution':
			return attributionTest(sent);
		case 'custom_field':
			return customFieldTest(sent);
		case 'location':
			return locationTest(sent);
		default:
			throw notUnderstood();
	}
}

/** What one `include` adds to a row. */
function inclusionOf(account: Account, include: unknown): (subscriber: Subscriber) => object {
	const sent = objectOf(include);
	switch (textOf(sent.type)) {
		case 'attribution':
			return ({ attribution }) => ({ attribution });
		case 'tags':
			return (subscriber) => ({ tags: tagsOf(subscriber) });
		case 'location':
			return (subscriber) => ({ location: locationOf(subscriber) });
		case 'canceled_at':
			return ({ canceledAt }) => ({ canceled_at: isoOrNull(canceledAt) });
		case 'custom_fields':
			return (subscriber) => ({ fields: fieldsOf(account, subscriber, 'every') });
		case 'stats': {
			const range = objectOf(sent.range);
			for (const name of ['start', 'end']) statsDateIn(account, range, name);
			const start = range.start ?? iso(account.now() - 90 * DAY);
			const within = windowIn({ ...range, start }, 'start', 'end');
			const emails = account.sentEmails.filter(({ sentAt }) => within(sentAt));
			return (subscriber) => ({ stats: statsOf(engagementOf(subscriber, emails, account.now())) });
		}
		default:
			throw invalid('include type is invalid');
	}
}

/** Ids are texts here and numbers everywhere else, in Kit's documentation too. */
function basics(subscriber: Subscriber): object {
	const tags = subscriber.taggings.map(({ tag }) => tag);
	return {
		id: String(subscriber.id),
		first_name: subscriber.firstName,
		email_address: subscriber.emailAddress,
		created_at: iso(subscriber.createdAt),
		tag_names: tags.map(({ name }) => name),
		tag_ids: tags.map(({ id }) => String(id)),
	};
}

/** What can be sorted by, the distance being from the point of the condition on the location. */
function sortKeys(conditions: readonly unknown[]): Parameters<typeof orderedSubscribers>[2] {
	const location = conditions.map(objectOf).find(({ type }) => type === 'location');
	const point = location && pointIn(location);
	const distance = (subscriber: Subscriber) => {
		const place = locationOf(subscriber);
		if (point === undefined || place?.latitude == null || place.longitude === null)
			return Number.MAX_VALUE;
		return Math.hypot(place.latitude - point.latitude, place.longitude - point.longitude);
	};
	return {
		first_name: ({ firstName }) => firstName ?? '',
		email_address: ({ emailAddress }) => emailAddress,
		created_at: ({ createdAt }) => createdAt,
		...(point && { location__distance: distance }),
	};
}

/** The flags are the other way round on the way back with `before`, by the tests of Kit's own PHP SDK. */
function reversed(pagination: Pagination): Pagination {
	const { has_previous_page, has_next_page } = pagination;
	return { ...pagination, has_previous_page: has_next_page, has_next_page: has_previous_page };
}

function filterSubscribers({ account, body }: Call): Answer {
	const conditions = arrayOf(body.all);
	if (conditions === undefined) throw invalid('all must be an array of filter conditions');
	const mode = textOf(body.counting_mode) ?? 'raw';
	if (mode !== 'raw' && mode !== 'unique_email') throw invalid('counting_mode is invalid');
	const tests = conditions.map((one) => testOf(account, one, mode === 'unique_email'));
	const inclusions = (arrayOf(body.include) ?? []).map((one) => inclusionOf(account, one));
	const keep = (subscriber: Subscriber) => tests.every((test) => test(subscriber));
	const list = orderedSubscribers(account, body, sortKeys(conditions));
	const { rows, pagination } = page({ ...list, keep, largestPage: LARGEST_PAGE }, body);
	const row = (subscriber: Subscriber): object =>
		Object.assign(
			basics(subscriber),
			...inclusions.map((include) => include(subscriber)),
		) as object;
	return answer({
		subscribers: rows.map(row),
		pagination: textOf(body.before) === undefined ? pagination : reversed(pagination),
	});
}

/** Kit's filter, which reads although it is a POST, and pages by its body. */
export const filterRoutes: readonly Route[] = [
	{ method: 'POST', path: '/subscribers/filter', reads: true, handle: filterSubscribers },
];

import type { Account } from './account';
import { DAY, iso } from './dates';
import { linksOf } from './broadcasts';
import { page } from './pages';
import { answer, KitError } from './route';
import type { Answer, Call, Operations, PageQuery } from './route';
import type { Subscriber, SubscriberState } from './rows';
import { checkStatsDays, included, locationOf, orderedSubscribers, tagsOf } from './subscribers';
import type { Order } from './subscribers';

type Values<Key extends string, Value> = Readonly<Partial<Record<Key, Value>>>;

interface Alternative
	extends
		Values<'ids' | 'source_ids' | 'mechanism_ids', number[]>,
		Values<'urls' | 'source_names', string[]>,
		Values<'source_type' | 'mechanism', string> {
	readonly type: string;
	/** The ids of tags; of URLs how they are compared. */
	readonly matching?: number[] | string;
}

interface Condition
	extends
		Values<'after' | 'before' | 'value' | 'comparison', string>,
		Values<'subscriber_custom_field_id' | 'latitude' | 'longitude' | 'radius', number>,
		Values<`count_${keyof typeof LIMITS}`, number> {
	readonly type: string;
	readonly any?: Alternative[];
	readonly states?: SubscriberState[];
}

interface Filter extends Omit<PageQuery, 'include'>, Order {
	readonly all: Condition[];
	readonly include?: { type: string; range?: Values<'start' | 'end', string> }[];
}

type Test = (subscriber: Subscriber) => boolean;

const MILES_PER_DEGREE = 69;

/** More rows than this Kit's own clients never ask for. */
const LARGEST_PAGE = 100;

/** What a condition cannot do without; Kit answers 500 to one that it does not understand, by its own SDK. */
function needed<T>(value: T | undefined): T {
	if (value === undefined) throw new KitError(500, [], '');
	return value;
}

/** The alternatives of a condition: at least one, all of one of the types it allows. */
function anyOf({ any = [] }: Condition, ...types: string[]): Alternative[] {
	const isRight = any.length > 0 && any.every(({ type }) => types.includes(type));
	return needed(isRight ? any : undefined);
}

const LIMITS = {
	greater_than: (value: number, limit: number) => value > limit,
	greater_than_or_equal: (value: number, limit: number) => value >= limit,
	less_than: (value: number, limit: number) => value < limit,
	less_than_or_equal: (value: number, limit: number) => value <= limit,
};

/** Whether a count is within the limits of a condition; at least one where it names none. */
function passes(condition: Condition, count: number): boolean {
	const limits = Object.entries(LIMITS).flatMap(([name, holds]) => {
		const limit = condition[`count_${name as keyof typeof LIMITS}`];
		return limit === undefined ? [] : [holds(count, limit)];
	});
	return limits.length === 0 ? count >= 1 : limits.every(Boolean);
}

type Comparisons = Readonly<Record<string, (stored: string, wanted: string) => boolean>>;

const OF_URLS: Comparisons = {
	exact: (url, wanted) => url === wanted,
	contains: (url, wanted) => url.includes(wanted),
	starts_with: (url, wanted) => url.startsWith(wanted),
	ends_with: (url, wanted) => url.endsWith(wanted),
};

const OF_FIELDS: Comparisons = {
	is: (stored, wanted) => stored === wanted,
	contains: (stored, wanted) => stored.toLowerCase().includes(wanted.toLowerCase()),
	has_value: (stored) => stored !== '',
};

/** How a value is compared with that of a condition: as numbers, where one is to be greater. */
function comparisonOf(name: string) {
	if (!(name in LIMITS)) return needed(OF_FIELDS[name]);
	const holds = LIMITS[name as keyof typeof LIMITS];
	return (stored: string, wanted: string) =>
		holds(Number.parseFloat(stored), Number.parseFloat(wanted));
}

/** Whether a moment is within the days of a condition, the first and the last included. */
function within({ after = '1970-01-01', before = '9999-12-31' }: Condition) {
	const [from, to] = [Date.parse(after), Date.parse(before) + DAY];
	return (at: number) => at >= from && at < to;
}

const HOUR = 3_600_000;

/**
 * What comes of an email: how many hours later, and to every how manieth subscriber. To whom follows from the
 * ids, so that it takes no room. Some never open anything.
 */
const ENGAGEMENT: Readonly<Record<string, readonly [hours: number, each: number]>> = {
	sent: [0, 1],
	delivered: [0, 1],
	opens: [1, 2],
	clicks: [2, 6],
};

/** So many subscribers have one among them who never opens an email. */
const ONE_IS_COLD = 13;

/** How often something happened with emails, in the days and with those that a condition names. */
function engagementTest(account: Account, condition: Condition): Test {
	const [hours, each] = needed(ENGAGEMENT[condition.type]);
	const any = condition.any?.length ? anyOf(condition, 'broadcasts', 'urls') : [];
	const isWithin = within(condition);
	const broadcasts = account.broadcasts.filter((broadcast) => {
		const at = (broadcast.startedAt ?? Infinity) + hours * HOUR;
		// Who clicks, clicks the first link.
		const [link] = condition.type === 'clicks' ? linksOf(broadcast) : [''];
		const isMeant = any.map(({ ids = [], urls = [], matching = 'exact', type }) =>
			type === 'broadcasts'
				? ids.includes(broadcast.id)
				: urls.some((url) => needed(OF_URLS[String(matching)])(link ?? '', url)),
		);
		const isAny = isMeant.length === 0 || isMeant.includes(true);
		return at <= account.now() && isWithin(at) && link !== undefined && isAny;
	});
	return ({ id, createdAt, canceledAt }) => {
		if (hours > 0 && id % ONE_IS_COLD === 0) return passes(condition, 0);
		const count = broadcasts.filter(({ id: broadcastId, startedAt }) => {
			const at = startedAt ?? 0;
			const isOnList = at > createdAt && at < (canceledAt ?? Infinity);
			return isOnList && (id + broadcastId) % each === 0;
		}).length;
		return passes(condition, count);
	};
}

/** Of what Kit's document of 2026-10 adds to attributions everything that is named must fit. */
function attributionTest(condition: Condition): Test {
	const any = anyOf(condition, 'forms', 'kit_source');
	const fits = (wanted: unknown, value: string | number | null) =>
		wanted === undefined || [wanted].flat().includes(value);
	return ({ attribution, signupFormId }) =>
		any.some(
			(one) =>
				fits(one.type === 'forms' ? (one.ids ?? []) : one.source_ids, signupFormId) &&
				fits(one.source_type, attribution.source_type) &&
				fits(one.mechanism, attribution.source_mechanism) &&
				fits(one.source_names, attribution.source_name) &&
				fits(one.mechanism_ids, attribution.source_mechanism_id),
		);
}

/** How far subscribers are from the point of a condition, in degrees north and east. */
function offsetFrom({ latitude, longitude }: Condition) {
	const [north, east] = [needed(latitude), needed(longitude)];
	return (subscriber: Subscriber) => {
		const place = locationOf(subscriber);
		return [
			Math.abs((place?.latitude ?? Infinity) - north),
			Math.abs((place?.longitude ?? Infinity) - east),
		] as const;
	};
}

function testOf(account: Account, condition: Condition): Test {
	switch (condition.type) {
		case 'subscribed': {
			const isWithin = within(condition);
			return ({ createdAt }) => isWithin(createdAt);
		}
		case 'subscriber_state': {
			const states = needed(condition.states);
			return ({ state }) => states.includes(state);
		}
		case 'tags': {
			const ids = anyOf(condition, 'ids').flatMap(({ matching = [] }) => [matching].flat());
			return ({ id }) => ids.some((tag) => account.membersOf({ id: Number(tag) }).has(id));
		}
		case 'attribution':
			return attributionTest(condition);
		case 'custom_field': {
			const id = needed(condition.subscriber_custom_field_id);
			const compare = comparisonOf(condition.comparison ?? 'is');
			return ({ fields }) => fields.has(id) && compare(fields.get(id) ?? '', condition.value ?? '');
		}
		case 'location': {
			// A box around a point, as Kit documents it, not a circle.
			const offsetOf = offsetFrom(condition);
			const high = needed(condition.radius) / MILES_PER_DEGREE;
			const narrowing = Math.cos((needed(condition.latitude) * Math.PI) / 180);
			return (subscriber) => {
				const [north, east] = offsetOf(subscriber);
				return north <= high && east <= high / Math.max(narrowing, 0.01);
			};
		}
		default:
			return engagementTest(account, condition);
	}
}

/** Ids are texts here and numbers everywhere else, in Kit's documentation too. */
function basics(account: Account, subscriber: Subscriber): object {
	const { id, firstName, emailAddress, createdAt } = subscriber;
	const tags = tagsOf(account, subscriber);
	return {
		id: String(id),
		first_name: firstName,
		email_address: emailAddress,
		created_at: iso(createdAt),
		tag_names: tags.map(({ name }) => name),
		tag_ids: tags.map((tag) => String(tag.id)),
	};
}

function filterSubscribers({ account, body }: Call<Filter>): Answer {
	const tests = body.all.map((condition) => testOf(account, condition));
	const include = body.include ?? [];
	for (const { range } of include) checkStatsDays(account, range?.start, range?.end);
	const names = include.map(({ type }) => type);
	const keep = (subscriber: Subscriber) => tests.every((test) => test(subscriber));
	const point = body.all.find(({ type }) => type === 'location');
	const offsetOf = point && offsetFrom(point);
	const distance =
		offsetOf && ((one: Subscriber) => Math.min(Math.hypot(...offsetOf(one)), Number.MAX_VALUE));
	const list = { ...orderedSubscribers(account, body, distance), keep };
	const per_page = Math.min(body.per_page ?? LARGEST_PAGE, LARGEST_PAGE);
	const { rows, pagination } = page(list, { ...body, per_page });
	const { has_previous_page, has_next_page } = pagination;
	return answer({
		subscribers: rows.map((subscriber) => ({
			...basics(account, subscriber),
			...included(account, subscriber, names),
		})),
		// On the way back with `before` the other way round, by the tests of Kit's own PHP SDK.
		pagination: {
			...pagination,
			...(body.before !== undefined && {
				has_previous_page: has_next_page,
				has_next_page: has_previous_page,
			}),
		},
	});
}

/** Kit's filter, which reads although it is a POST, and pages by its body. */
export const filterOperations: Operations = { 'POST /subscribers/filter': filterSubscribers };

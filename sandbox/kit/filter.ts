import type { Account } from './account';
import { DAY, iso } from './dates';
import type { Engagement } from './engagement';
import { engagementOf } from './engagement';
import { page } from './pages';
import type { Pagination } from './pages';
import { answer, KitError } from './route';
import type { Answer, Call, Operations, PageQuery } from './route';
import type { Subscriber, SubscriberState } from './rows';
import {
	checkStatsDays,
	fieldsOf,
	INCLUSIONS,
	locationOf,
	orderedSubscribers,
	statsOf,
} from './subscribers';

interface Alternative {
	type: string;
	ids?: number[];
	/** The ids of tags; of URLs how they are compared. */
	matching?: number[] | string;
	urls?: string[];
	source_type?: string;
	source_names?: string[];
	source_ids?: number[];
	mechanism?: string;
	mechanism_ids?: number[];
}

interface Condition {
	type: string;
	any?: Alternative[];
	after?: string;
	before?: string;
	states?: SubscriberState[];
	count_greater_than?: number;
	count_greater_than_or_equal?: number;
	count_less_than?: number;
	count_less_than_or_equal?: number;
	subscriber_custom_field_id?: number;
	value?: string;
	comparison?: string;
	latitude?: number;
	longitude?: number;
	radius?: number;
}

interface Filter extends Omit<PageQuery, 'include'> {
	all: Condition[];
	include?: { type: string; range?: { start?: string; end?: string } }[];
	sort_field?: string;
	sort_order?: 'asc' | 'desc';
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
function anyOf({ any }: Condition, ...types: string[]): Alternative[] {
	const isRight =
		any !== undefined && any.length > 0 && any.every(({ type }) => types.includes(type));
	return needed(isRight ? any : undefined);
}

/** Whether a count passes a condition's thresholds; at least one where it names none. */
function passes(condition: Condition, count: number): boolean {
	const { count_greater_than: above, count_greater_than_or_equal: least } = condition;
	const { count_less_than: below, count_less_than_or_equal: most } = condition;
	if ([above, least, below, most].every((limit) => limit === undefined)) return count >= 1;
	return (
		count > (above ?? -1) &&
		count >= (least ?? 0) &&
		count < (below ?? Infinity) &&
		count <= (most ?? Infinity)
	);
}

const MATCHES: Readonly<Record<string, (url: string, wanted: string) => boolean>> = {
	exact: (url, wanted) => url === wanted,
	contains: (url, wanted) => url.includes(wanted),
	starts_with: (url, wanted) => url.startsWith(wanted),
	ends_with: (url, wanted) => url.endsWith(wanted),
};

/** Whether a moment is within the days of a condition, the first and the last included. */
function within({ after = '1970-01-01', before = '9999-12-31' }: Condition) {
	const [from, to] = [Date.parse(after), Date.parse(before) + DAY];
	return (at: number) => at >= from && at < to;
}

/** How often something happened with emails, in the days and with those that a condition names. */
function engagementTest(account: Account, condition: Condition): Test {
	const any = condition.any?.length ? anyOf(condition, 'broadcasts', 'urls') : [];
	const isWithin = within(condition);
	const isOf = ({ broadcast }: Engagement) =>
		any.length === 0 || any.some(({ ids = [] }) => ids.includes(broadcast.id));
	const isLink = (link: string) =>
		any.some(({ urls = [], matching = 'exact' }) => {
			const matches = needed(MATCHES[String(matching)]);
			return urls.some((url) => matches(link, url));
		});
	const counts: Readonly<Record<string, (one: Engagement) => number>> = {
		opens: (one) => (isOf(one) ? one.openedAt.filter(isWithin).length : 0),
		clicks: (one) =>
			one.clicks.filter(({ at, url }) => isWithin(at) && (isOf(one) || isLink(url))).length,
		sent: (one) => Number(isWithin(one.sentAt) && isOf(one)),
		delivered: (one) => Number(one.isDelivered && isWithin(one.sentAt) && isOf(one)),
	};
	const count = needed(counts[condition.type]);
	return (subscriber) =>
		passes(
			condition,
			engagementOf(account, subscriber).reduce((sum, one) => sum + count(one), 0),
		);
}

/** Of what Kit's document of 2026-10 adds to attributions everything that is named must fit. */
function attributionTest(condition: Condition): Test {
	const any = anyOf(condition, 'forms', 'kit_source');
	const fits = (wanted: unknown, value: string | number | null) =>
		wanted === undefined || [wanted].flat().includes(value);
	return ({ attribution, signupFormId }) =>
		any.some((one) =>
			one.type === 'forms'
				? fits(one.ids ?? [], signupFormId)
				: fits(one.source_type, attribution.source_type) &&
					fits(one.mechanism, attribution.source_mechanism) &&
					fits(one.source_names, attribution.source_name) &&
					fits(one.source_ids, signupFormId) &&
					fits(one.mechanism_ids, attribution.source_mechanism_id),
		);
}

const COMPARISONS: Readonly<Record<string, (stored: string, wanted: string) => boolean>> = {
	is: (stored, wanted) => stored === wanted,
	contains: (stored, wanted) => stored.toLowerCase().includes(wanted.toLowerCase()),
	has_value: (stored) => stored !== '',
	greater_than: (stored, wanted) => Number.parseFloat(stored) > Number.parseFloat(wanted),
	greater_than_or_equal: (stored, wanted) => Number.parseFloat(stored) >= Number.parseFloat(wanted),
	less_than: (stored, wanted) => Number.parseFloat(stored) < Number.parseFloat(wanted),
	less_than_or_equal: (stored, wanted) => Number.parseFloat(stored) <= Number.parseFloat(wanted),
};

/** A box around a point, as Kit documents it, not a circle. */
function locationTest(condition: Condition): Test {
	const latitude = needed(condition.latitude);
	const longitude = needed(condition.longitude);
	const high = needed(condition.radius) / MILES_PER_DEGREE;
	const wide = high / Math.max(Math.cos((latitude * Math.PI) / 180), 0.01);
	return (subscriber) => {
		const place = locationOf(subscriber);
		return (
			Math.abs((place?.latitude ?? Infinity) - latitude) <= high &&
			Math.abs((place?.longitude ?? Infinity) - longitude) <= wide
		);
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
			const ids = anyOf(condition, 'ids').flatMap(({ matching }) =>
				Array.isArray(matching) ? matching : [],
			);
			return ({ taggings }) => taggings.some(({ tag }) => ids.includes(tag.id));
		}
		case 'attribution':
			return attributionTest(condition);
		case 'custom_field': {
			const id = needed(condition.subscriber_custom_field_id);
			const compare = needed(COMPARISONS[condition.comparison ?? 'is']);
			return ({ fields }) => fields.has(id) && compare(fields.get(id) ?? '', condition.value ?? '');
		}
		case 'location':
			return locationTest(condition);
		default:
			return engagementTest(account, condition);
	}
}

/** Ids are texts here and numbers everywhere else, in Kit's documentation too. */
function basics({ id, firstName, emailAddress, createdAt, taggings }: Subscriber): object {
	return {
		id: String(id),
		first_name: firstName,
		email_address: emailAddress,
		created_at: iso(createdAt),
		tag_names: taggings.map(({ tag }) => tag.name),
		tag_ids: taggings.map(({ tag }) => String(tag.id)),
	};
}

/** How far subscribers are from the point of the condition on the location, if there is one. */
function distanceIn(conditions: readonly Condition[]) {
	const point = conditions.find(({ type }) => type === 'location');
	if (point === undefined) return undefined;
	return (subscriber: Subscriber) => {
		const { latitude, longitude } = locationOf(subscriber) ?? {};
		if (latitude == null || longitude == null) return Number.MAX_VALUE;
		return Math.hypot(latitude - (point.latitude ?? 0), longitude - (point.longitude ?? 0));
	};
}

/** The flags are the other way round on the way back with `before`, by the tests of Kit's own PHP SDK. */
function reversed(pagination: Pagination): Pagination {
	const { has_previous_page, has_next_page } = pagination;
	return { ...pagination, has_previous_page: has_next_page, has_next_page: has_previous_page };
}

function filterSubscribers({ account, body }: Call<Filter>): Answer {
	const tests = body.all.map((condition) => testOf(account, condition));
	const include = body.include ?? [];
	for (const { range } of include) checkStatsDays(account, range?.start, range?.end);
	const inclusions: Readonly<Record<string, (subscriber: Subscriber) => object>> = {
		...INCLUSIONS,
		custom_fields: (subscriber) => ({ fields: fieldsOf(account, subscriber, 'every') }),
		stats: (subscriber) => ({ stats: statsOf(account, subscriber) }),
	};
	const keep = (subscriber: Subscriber) => tests.every((test) => test(subscriber));
	const list = orderedSubscribers(account, body, distanceIn(body.all));
	const { rows, pagination } = page({ ...list, keep, largestPage: LARGEST_PAGE }, body);
	return answer({
		subscribers: rows.map((subscriber) =>
			include.reduce<object>(
				(row, { type }) => ({ ...row, ...inclusions[type]?.(subscriber) }),
				basics(subscriber),
			),
		),
		pagination: body.before === undefined ? pagination : reversed(pagination),
	});
}

/** Kit's filter, which reads although it is a POST, and pages by its body. */
export const filterOperations: Operations = { 'POST /subscribers/filter': filterSubscribers };

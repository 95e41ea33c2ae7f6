import { faker } from '@faker-js/faker/locale/en';
import { pick, seeded } from '../random';
import type { Random } from '../random';
import { DAY } from './dates';
import { addContent, addMembers, addPurchases } from './demoContent';
import type { DemoContent } from './demoContent';
import { Account } from './account';
import type { Profile } from './account';
import type { Attribution, Location, SubscriberState } from './rows';

/** What makes one demo account differ from another. */
export interface DemoAccount {
	readonly profile: Profile;
	readonly subscribers: number;
	readonly seed: number;
	readonly tags: readonly string[];
	readonly content: DemoContent;
	readonly now: () => number;
	/** The moment the data end, in milliseconds since 1970; they begin three years before it. */
	readonly until: number;
}

const HISTORY = 3 * 365 * DAY;

const FIELDS = [
	['Last name', 'last_name'],
	['Company', 'company'],
	['Job title', 'job_title'],
	['Birthday', 'birthday'],
	['Favorite topic', 'favorite_topic'],
	['Lead score', 'lead_score'],
	['Phone number', 'phone_number'],
	['Website', 'website'],
] as const;

const TOPICS = ['Writing', 'Design', 'Photography', 'Music', 'Cooking', 'Business'];
const DOMAINS = [
	'example.com',
	'example.org',
	'example.net',
	'mail.example.com',
	'home.example.org',
];

const PLACES: readonly (readonly [string, string, string, number, number, string])[] = [
	['Portland', 'OR', 'US', 45.5, -122.6, 'America/Los_Angeles'],
	['Austin', 'TX', 'US', 30.27, -97.74, 'America/Chicago'],
	['New York', 'NY', 'US', 40.71, -74.01, 'America/New_York'],
	['Boise', 'ID', 'US', 43.62, -116.2, 'America/Boise'],
	['Toronto', 'ON', 'CA', 43.65, -79.38, 'America/Toronto'],
	['London', 'England', 'GB', 51.51, -0.13, 'Europe/London'],
	['Berlin', 'BE', 'DE', 52.52, 13.41, 'Europe/Berlin'],
	['Lisbon', 'Lisbon', 'PT', 38.72, -9.14, 'Europe/Lisbon'],
	['Melbourne', 'VIC', 'AU', -37.81, 144.96, 'Australia/Melbourne'],
];

const LOCATIONS: readonly (Location | null)[] = [
	...PLACES.map(([city, state, country, latitude, longitude, timezone]) => ({
		city,
		state,
		country,
		latitude,
		longitude,
		timezone,
	})),
	null,
];

const NO_SOURCE: Attribution = {
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

/** How people signed up, each with which of the account's forms it was, if it was one. */
const SOURCES: readonly { attribution: Attribution; form: number | null }[] = [
	{
		form: 0,
		attribution: {
			...NO_SOURCE,
			referrer: 'https://social.example.com/post/1',
			utm_source: 'social',
			utm_medium: 'organic',
			utm_campaign: 'spring_launch',
			source_type: 'form_subscription',
			source_name: 'Welcome Form',
			source_mechanism: 'form',
		},
	},
	{
		form: 1,
		attribution: {
			...NO_SOURCE,
			source_type: 'form_subscription',
			source_name: 'Free Course',
			source_mechanism: 'landing_page',
		},
	},
	{
		form: null,
		attribution: {
			...NO_SOURCE,
			source_type: 'api_subscription',
			source_name: 'Partner Integration',
			source_mechanism: 'api',
			source_mechanism_id: 12345,
		},
	},
	{ form: null, attribution: NO_SOURCE },
];

function stateOf(random: Random): SubscriberState {
	const share = random();
	if (share < 0.86) return 'active';
	if (share < 0.95) return 'cancelled';
	if (share < 0.97) return 'bounced';
	return share < 0.99 ? 'inactive' : 'complained';
}

/** Names and words to combine, since drawing them for each subscriber would take minutes. */
interface Words {
	readonly firstNames: readonly string[];
	readonly lastNames: readonly string[];
	readonly companies: readonly string[];
	readonly jobs: readonly string[];
}

const wordsBySeed = new Map<number, Words>();

/** The words of a seed, drawn from faker once. */
function wordsOf(seed: number): Words {
	const known = wordsBySeed.get(seed);
	if (known) return known;
	faker.seed(seed);
	const draw = (make: () => string) => Array.from({ length: 1000 }, make);
	const words = {
		firstNames: draw(() => faker.person.firstName()),
		lastNames: draw(() => faker.person.lastName()),
		companies: draw(() => faker.company.name()),
		jobs: draw(() => faker.person.jobTitle()),
	};
	wordsBySeed.set(seed, words);
	return words;
}

/** A few hundred sets of custom field values that the subscribers share. */
function fieldValues(account: Account, random: Random, words: Words) {
	const [lastName, company, job, birthday, topic, score, phone, site] = account.customFields.map(
		({ id }) => id,
	);
	const digits = (most: number) => String(Math.floor(random() * most));
	return Array.from({ length: 500 }, () => {
		const values = new Map<number, string>();
		const maybe = (share: number, id: number | undefined, value: () => string) => {
			if (id !== undefined && random() < share) values.set(id, value());
		};
		maybe(0.6, lastName, () => pick(random, words.lastNames));
		maybe(0.3, company, () => pick(random, words.companies));
		maybe(0.2, job, () => pick(random, words.jobs));
		maybe(0.2, birthday, () => `19${String(50 + Math.floor(random() * 50))}-05-17`);
		maybe(0.5, topic, () => pick(random, TOPICS));
		maybe(0.5, score, () => digits(100));
		maybe(0.1, phone, () => `555-01${digits(100).padStart(2, '0')}`);
		maybe(0.1, site, () => `https://www.example.com/${digits(1000)}`);
		return values;
	});
}

/** An email address that is not taken, made of the names where that goes. */
function addressOf(account: Account, random: Random, first: string, last: string): string {
	const name = `${first}.${last}`.toLowerCase().replace(/[^a-z.]/g, '');
	const domain = pick(random, DOMAINS);
	const plain = `${name}@${domain}`;
	if (account.subscriberByEmail(plain) === undefined) return plain;
	return `${name}.${String(account.subscribers.length)}@${domain}`;
}

/**
 * Makes an account with everything in it. The same description makes the same account.
 * @param demo what it is to be like
 */
export function demoAccount(demo: DemoAccount): Account {
	const { until, tags, subscribers } = demo;
	const random = seeded(demo.seed);
	const words = wordsOf(demo.seed);
	const account = new Account(demo.profile, demo.now);
	const begin = until - HISTORY;

	account.colors = ['#008000', '#FF0000'];
	for (const [label, key] of FIELDS) account.addCustomField(label, key, begin);
	for (const [index, name] of tags.entries()) account.addTag(name, begin + index * DAY);
	addContent(account, demo.content, begin, until);

	const values = fieldValues(account, random, words);
	for (let index = 0; index < subscribers; index += 1) {
		const createdAt = Math.floor(begin + (HISTORY * (index + random())) / subscribers);
		const first = pick(random, words.firstNames);
		const state = stateOf(random);
		const changedAt = Math.floor(createdAt + (until - createdAt) * random());
		const { attribution, form } = pick(random, SOURCES);
		const subscriber = account.addSubscriber({
			emailAddress: addressOf(account, random, first, pick(random, words.lastNames)),
			firstName: random() < 0.15 ? null : first,
			state,
			createdAt,
			updatedAt: state === 'active' ? createdAt : changedAt,
			canceledAt: state === 'active' ? null : changedAt,
			fields: pick(random, values),
			inferredLocation: pick(random, LOCATIONS),
			attribution,
			signupFormId: form === null ? null : (account.forms[form]?.id ?? null),
		});
		for (let more = random(); more < 0.55; more = random()) {
			const tag = pick(random, account.tags);
			if (subscriber.taggings.some((tagging) => tagging.tag === tag)) break;
			const at = Math.floor(createdAt + (until - createdAt) * random());
			account.addTagging(tag, subscriber, at);
		}
	}
	for (const { taggings } of account.tags) taggings.sort((a, b) => a.at - b.at || a.id - b.id);
	const others = seeded(demo.seed + 1000);
	addMembers(account, others);
	addPurchases(account, demo.content, others, until);
	return account;
}

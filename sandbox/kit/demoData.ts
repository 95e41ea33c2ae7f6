import { faker } from '@faker-js/faker/locale/en';
import { pick, seeded } from '../random';
import type { Random } from '../random';
import { DAY } from './dates';
import { addContent, addMembers, addPurchases } from './demoContent';
import type { DemoContent } from './demoContent';
import { Account } from './account';
import type { Profile } from './account';
import type { Attribution, Location, SubscriberState } from './rows';
import { NO_SOURCE } from './subscribers';

/** What makes one demo account differ from another. */
export interface DemoAccount {
	readonly profile: Profile;
	readonly subscribers: number;
	readonly seed: number;
	readonly content: DemoContent;
	readonly now: () => number;
	/** The moment the data end, in milliseconds since 1970; they begin three years before it. */
	readonly until: number;
}

const HISTORY = 3 * 365 * DAY;

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
	...PLACES.map(([city, state, country, latitude, longitude, timezone]) => {
		return { city, state, country, latitude, longitude, timezone };
	}),
	null,
];

/** How people signed up. The first two did by the first two forms of their account. */
const SOURCES: readonly Attribution[] = [
	{
		...NO_SOURCE,
		referrer: 'https://social.example.com/post/1',
		utm_source: 'social',
		utm_medium: 'organic',
		utm_campaign: 'spring_launch',
		source_type: 'form_subscription',
		source_name: 'Welcome Form',
		source_mechanism: 'form',
	},
	{
		...NO_SOURCE,
		source_type: 'form_subscription',
		source_name: 'Free Course',
		source_mechanism: 'landing_page',
	},
	{
		...NO_SOURCE,
		source_type: 'api_subscription',
		source_name: 'Partner Integration',
		source_mechanism: 'api',
		source_mechanism_id: 12345,
	},
	NO_SOURCE,
];

function stateOf(random: Random): SubscriberState {
	const share = random();
	if (share < 0.86) return 'active';
	if (share < 0.95) return 'cancelled';
	if (share < 0.97) return 'bounced';
	return share < 0.99 ? 'inactive' : 'complained';
}

/** Names and words to combine, since drawing them for each subscriber would take minutes. */
function drawWords(seed: number) {
	faker.seed(seed);
	const draw = (make: () => string) => Array.from({ length: 1000 }, make);
	return {
		firstNames: draw(() => faker.person.firstName()),
		lastNames: draw(() => faker.person.lastName()),
		companies: draw(() => faker.company.name()),
		jobs: draw(() => faker.person.jobTitle()),
	};
}

const wordsBySeed = new Map<number, ReturnType<typeof drawWords>>();

/** The words of a seed, drawn once. */
function wordsOf(seed: number): ReturnType<typeof drawWords> {
	const words = wordsBySeed.get(seed) ?? drawWords(seed);
	wordsBySeed.set(seed, words);
	return words;
}

/** Adds the custom fields, and makes a few hundred sets of their values that the subscribers share. */
function addFields(account: Account, random: Random, seed: number, begin: number) {
	const { lastNames, companies, jobs } = wordsOf(seed);
	const digits = (most: number) => String(Math.floor(random() * most));
	/** Each with how many of the subscribers have a value. */
	const fields: [label: string, share: number, value: () => string][] = [
		['Last name', 0.6, () => pick(random, lastNames)],
		['Company', 0.3, () => pick(random, companies)],
		['Job title', 0.2, () => pick(random, jobs)],
		['Birthday', 0.2, () => `19${String(50 + Math.floor(random() * 50))}-05-17`],
		['Favorite topic', 0.5, () => pick(random, TOPICS)],
		['Lead score', 0.5, () => digits(100)],
		['Phone number', 0.1, () => `555-01${digits(100).padStart(2, '0')}`],
		['Website', 0.1, () => `https://www.example.com/${digits(1000)}`],
	];
	const added = fields.map(([label, share, value]) => {
		const { id } = account.addCustomField(label, label.toLowerCase().replace(' ', '_'), begin);
		return { id, share, value };
	});
	return Array.from({ length: 500 }, () => {
		const some = added.flatMap(({ id, share, value }) =>
			random() < share ? [[id, value()] as const] : [],
		);
		return new Map(some);
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

/** Makes an account with everything in it. The same description makes the same account. */
export function demoAccount({ profile, now, seed, content, subscribers, until }: DemoAccount) {
	const random = seeded(seed);
	const words = wordsOf(seed);
	const account = new Account(profile, now);
	const begin = until - HISTORY;

	const values = addFields(account, random, seed, begin);
	addContent(account, content, begin, until);
	for (let index = 0; index < subscribers; index += 1) {
		const createdAt = Math.floor(begin + (HISTORY * (index + random())) / subscribers);
		const first = pick(random, words.firstNames);
		const state = stateOf(random);
		const changedAt = Math.floor(createdAt + (until - createdAt) * random());
		const attribution = pick(random, SOURCES);
		const isByForm = attribution.source_type === 'form_subscription';
		const form = isByForm ? account.forms[SOURCES.indexOf(attribution)] : undefined;
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
			signupFormId: form?.id ?? null,
		});
		for (let more = random(); more < 0.55; more = random()) {
			const tag = pick(random, account.tags);
			if (subscriber.taggings.some((tagging) => tagging.tag === tag)) break;
			const at = Math.floor(createdAt + (until - createdAt) * random());
			account.addTagging(tag, subscriber, at);
		}
	}
	for (const { taggings } of account.tags) taggings.sort((a, b) => a.at - b.at || a.id - b.id);
	const others = seeded(seed + 1000);
	addMembers(account, others);
	addPurchases(account, content, others, until);
	return account;
}

import { faker } from '@faker-js/faker/locale/en';
import { pick, seeded } from '../random';
import type { Random } from '../random';
import { Account, slugOf } from './account';
import type { Profile } from './account';
import { addBroadcast, addPost, settle } from './broadcasts';
import { createCustomField } from './customFields';
import { DAY, iso } from './dates';
import { createTag } from './members';
import { addPurchase } from './purchases';
import type { Attribution, Form, Location, SubscriberState } from './rows';
import { addEmail, addSequence, WEEKDAYS } from './sequences';
import { addSnippet } from './snippets';
import { NO_SOURCE, signedUpBy } from './subscribers';

/** What an account publishes and sells. */
export interface DemoContent {
	readonly tags: readonly string[];
	/** The first two are those that subscribers signed up with. */
	readonly forms: readonly Pick<Form, 'name' | 'type' | 'format' | 'archived'>[];
	/** Names of sequences, each with the subjects of its emails; the last one is not active. */
	readonly sequences: Readonly<Record<string, readonly string[]>>;
	readonly segments: readonly string[];
	/** What the letters are about, in turn. */
	readonly topics: readonly string[];
	/** Texts by name; one that begins with `<` is a block. The last one is archived. */
	readonly snippets: Readonly<Record<string, string>>;
	/** Prices by name. */
	readonly products: Readonly<Record<string, number>>;
	readonly purchases: number;
}

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

const YEARS = 3 * 365 * DAY;

/** When it begins and ends, in milliseconds since 1970. */
type Span = readonly [begin: number, end: number];

/** How many letters were sent, and how many of the last are posts too. */
const LETTERS = 36;
const PUBLISHED = 4;

faker.seed(1);
const draw = (make: () => string) => Array.from({ length: 300 }, make);

const FIRST_NAMES = draw(() => faker.person.firstName());
const LAST_NAMES = draw(() => faker.person.lastName());

/** The custom fields, with values to choose from. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
	'Last name': LAST_NAMES,
	Company: draw(() => faker.company.name()),
	'Job title': draw(() => faker.person.jobTitle()),
	Birthday: draw(() => `19${faker.string.numeric(2)}-05-17`),
	'Favorite topic': ['Writing', 'Design', 'Photography', 'Music', 'Cooking', 'Business'],
	'Lead score': draw(() => String(faker.number.int(99))),
	'Phone number': draw(() => `555-01${faker.string.numeric(2)}`),
	Website: draw(() => `https://www.example.com/${faker.string.numeric(3)}`),
};

const LOCATIONS: readonly (Location | null)[] = [
	...(
		[
			['Portland', 'OR', 'US', 45.5, -122.6, 'America/Los_Angeles'],
			['London', 'England', 'GB', 51.51, -0.13, 'Europe/London'],
			['Berlin', 'BE', 'DE', 52.52, 13.41, 'Europe/Berlin'],
		] as const
	).map(([city, state, country, latitude, longitude, timezone]) => {
		return { city, state, country, latitude, longitude, timezone };
	}),
	null,
];

/** The states of the first four in every 25 subscribers; the others are active. */
const STATES = ['cancelled', 'bounced', 'inactive', 'complained'] as const;

/** How people signed up: by the first two forms, by the API, or nobody knows. */
function sourcesOf({ forms }: Account): { form?: Form; attribution: Attribution }[] {
	const campaign = { referrer: 'https://social.example.com/post/1', utm_source: 'social' };
	const byForms = forms.slice(0, 2).map((form) => {
		const mechanism = form.type === 'hosted' ? 'landing_page' : 'form';
		return {
			form,
			attribution: { ...signedUpBy('form_subscription', form.name, mechanism), ...campaign },
		};
	});
	const byApi = signedUpBy('api_subscription', 'Partner Integration', 'api');
	return [...byForms, { attribution: byApi }, { attribution: NO_SOURCE }];
}

function letter(number: number, topic: string): string {
	const text = `<p>Hello! Today: ${topic}.</p>`;
	const more = `<a href="https://www.example.com/letters/${String(number)}">Read on</a>`;
	return `${text}<p>${more} or <a href="https://shop.example.com/course">take the course</a>.</p>`;
}

/** What there is from the beginning on. */
function addContent(account: Account, content: DemoContent): void {
	for (const name of content.tags) createTag(account, name);
	for (const name of content.segments) account.segments.push(account.fresh({ name }));
	for (const name of ['Text Only', 'Classic', 'Story']) {
		const category = name === 'Story' ? 'Starting point' : 'HTML';
		const is_default = name === 'Text Only';
		account.email_templates.push({ id: account.nextId(), name, is_default, category });
	}
	for (const [index, about] of content.forms.entries()) {
		const uid = (account.profile.accountId * 1009 + index * 7919).toString(16).padStart(10, '0');
		const embed_url = `${account.site}/${uid}`;
		const urls = { embed_js: `${embed_url}/index.js`, embed_url };
		const form = { ...account.fresh({ name: about.name }), ...about, ...urls, uid };
		account.forms.push(form);
	}
	for (const [index, [name, subjects]] of Object.entries(content.sequences).entries()) {
		const send_days = index === 1 ? WEEKDAYS.slice(0, 5) : WEEKDAYS;
		const email_address = index > 0 ? null : account.emailAddress;
		const active = index < Object.keys(content.sequences).length - 1;
		const about = { name, email_address, send_days, send_hour: 9 + index, active };
		const sequence = addSequence(account, about);
		for (const [position, subject] of subjects.entries()) {
			const published = position < subjects.length - 1;
			const email = { subject, content: letter(position + 1, subject), published };
			addEmail(account, sequence, { ...email, delay_value: position * 2 });
		}
	}
	for (const [name, text] of Object.entries(content.snippets)) {
		const snippet_type = text.startsWith('<') ? 'block' : 'inline';
		addSnippet(account, { name, snippet_type, content: text });
	}
	Object.assign(account.snippets.at(-1) ?? {}, { archived: true });
}

/** Lets people sign up, evenly over the history. */
function addSubscribers(account: Account, random: Random, [begin, end]: Span, count: number): void {
	const fields = Object.entries(FIELDS).map(([label, values]) => {
		return { id: createCustomField(account, label).custom_field.id, values };
	});
	/** A few hundred sets of values, which the subscribers share. */
	const sets = Array.from({ length: 300 }, () => {
		const some = fields.filter(() => random() < 0.45);
		return new Map(some.map(({ id, values }) => [id, pick(random, values)]));
	});
	const sources = sourcesOf(account);
	const sequences = account.sequences.filter(({ active }) => active);
	for (let index = 0; index < count; index += 1) {
		const createdAt = Math.floor(begin + ((end - begin) * (index + random())) / count);
		account.now = () => createdAt;
		const [first, last] = [pick(random, FIRST_NAMES), pick(random, LAST_NAMES)];
		const name = `${first}.${last}`.toLowerCase().replace(/[^a-z.]/g, '');
		const isTaken = account.subscriberByEmail(`${name}@example.com`) !== undefined;
		const state: SubscriberState = STATES[index % 25] ?? 'active';
		const changedAt = Math.floor(createdAt + (end - createdAt) * random());
		const { attribution, form } = pick(random, sources);
		const subscriber = account.addSubscriber({
			emailAddress: `${name}${isTaken ? `.${String(index)}` : ''}@example.com`,
			firstName: random() < 0.15 ? null : first,
			state,
			updatedAt: state === 'active' ? createdAt : changedAt,
			canceledAt: state === 'active' ? null : changedAt,
			fields: pick(random, sets),
			inferredLocation: pick(random, LOCATIONS),
			attribution,
			signupFormId: form?.id ?? null,
		});
		if (form) account.join('form', form, subscriber, attribution.referrer);
		for (let more = random(); more < 0.66; more = random()) {
			account.join('tag', pick(random, account.tags), subscriber);
		}
		for (const sequence of sequences) {
			if (random() < 0.16) account.join('sequence', sequence, subscriber);
		}
	}
}

/** Lets letters be sent, evenly over the history, and leaves a broadcast or two in every other state. */
function addBroadcasts(account: Account, { topics }: DemoContent, [begin, end]: Span): void {
	for (let number = 1; number <= LETTERS; number += 1) {
		const at = begin + ((end - begin) / (LETTERS + 1)) * number;
		const topic = topics[number % topics.length] ?? '';
		account.now = () => at - DAY;
		addBroadcast(account, {
			subject: `Letter ${String(number)}: ${topic}`,
			content: letter(number, topic),
			public: number > LETTERS - PUBLISHED,
			send_at: iso(at),
		});
		account.now = () => at + DAY;
		settle(account);
	}
	account.now = () => end - 2 * DAY;
	const text = letter(LETTERS + 1, topics[0] ?? '');
	const add = (subject: string, send_at: string | null = null) =>
		addBroadcast(account, { subject, content: text, send_at });
	add('An idea').content = null;
	add('Notes for later').preview_text = 'Not finished';
	const startedAt = end - 20 * DAY;
	Object.assign(add('Sent by mistake'), { status: 'aborted', send_at: iso(startedAt), startedAt });
	const onItsWay = add('On its way', iso(end - 2 * DAY));
	onItsWay.completesAt = end + 3 * DAY;
	add('Next week', iso(end + 7 * DAY));
	add('Next month', iso(end + 30 * DAY));
	const title = `Everything about ${topics[0] ?? ''}`;
	const forTheWeb = '<p>A page for the web only.</p>';
	addPost(account, { title, content: forTheWeb, published_at: iso(end - 2 * DAY) });
	addPost(account, { title: 'Draft post', slug: null, content: '<p>Not finished.</p>' });
}

/** Lets some subscribers buy something. */
function addPurchases(account: Account, content: DemoContent, random: Random, end: number): void {
	for (let number = 1; number <= content.purchases; number += 1) {
		account.now = () => end - (content.purchases + 1 - number) * 3 * DAY;
		const [name, price] = pick(random, Object.entries(content.products));
		const lid = `L-${String(1000 + number)}`;
		addPurchase(account, {
			transaction_id: `T-${String(account.profile.accountId)}-${String(1000 + number)}`,
			email_address: pick(random, account.subscribers).emailAddress,
			...{ status: 'paid', currency: 'USD', transaction_time: iso(account.now()) },
			...{ subtotal: price, shipping: 0, discount: 0, tax: 0, total: price },
			products: [{ quantity: 1, lid, unit_price: price, name, pid: slugOf(name) }],
		});
	}
}

/** Makes an account with everything in it. The same description makes the same account. */
export function demoAccount({ profile, now, seed, content, subscribers, until }: DemoAccount) {
	const begin = until - YEARS;
	const account = new Account(profile, () => begin);
	const random = seeded(seed);
	addContent(account, content);
	addSubscribers(account, random, [begin, until], subscribers);
	addBroadcasts(account, content, [begin, until]);
	if (subscribers > 0) addPurchases(account, content, random, until);
	account.now = now;
	return account;
}

import { pick } from '../random';
import type { Random } from '../random';
import { slugOf } from './account';
import type { Account } from './account';
import { blankBroadcast } from './broadcasts';
import { addSnippet } from './content';
import { DAY, iso } from './dates';
import { byId, Members } from './rows';
import type { Attribution, Broadcast, Form } from './rows';
import { addEmail, blankSequence, WEEKDAYS } from './sequences';

/** What an account publishes and sells. */
export interface DemoContent {
	/** The first two are those that subscribers signed up with. */
	readonly forms: readonly Pick<Form, 'name' | 'type' | 'format' | 'archived'>[];
	/** Names of sequences, each with the subjects of its emails; the last one is not active. */
	readonly sequences: Readonly<Record<string, readonly string[]>>;
	/** Names of segments. */
	readonly segments: readonly string[];
	/** What the letters are about, in turn. */
	readonly topics: readonly string[];
	/** Texts by name; one that begins with `<` is a block. The last one is archived. */
	readonly snippets: Readonly<Record<string, string>>;
	/** Prices by name. */
	readonly products: Readonly<Record<string, number>>;
	readonly purchases: number;
}

/** How many letters were sent in the history, and how many of the last are posts too. */
const LETTERS = 36;
const PUBLISHED = 4;

const HOUR = DAY / 24;

/** Which share of the subscribers is in the first sequence; a half, a third of it and so on in the others. */
const SEQUENCE_SHARE = 0.3;

function letter(number: number, topic: string): string {
	const text = `<p>Hello! Today: ${topic}.</p>`;
	const more = `<a href="https://www.example.com/letters/${String(number)}">Read on</a>`;
	return `${text}<p>${more} or <a href="https://shop.example.com/course">take the course</a>.</p>`;
}

/** Adds a broadcast as it stands, whatever it says about when it was sent. */
function addBroadcast(account: Account, about: Partial<Broadcast>, createdAt: number): Broadcast {
	const broadcast: Broadcast = {
		id: account.nextId(),
		publication_id: account.nextId(),
		created_at: iso(createdAt),
		...blankBroadcast(account),
		status: 'draft',
		startedAt: null,
		completesAt: null,
		...about,
	};
	account.broadcasts.push(broadcast);
	return broadcast;
}

/** The letters that were sent, evenly over the history. */
function addLetters(account: Account, topics: readonly string[], begin: number, end: number): void {
	for (let number = 1; number <= LETTERS; number += 1) {
		const topic = topics[number % topics.length] ?? '';
		const sentAt = begin + ((end - begin) / (LETTERS + 1)) * number;
		const isPublic = number > LETTERS - PUBLISHED;
		const about = {
			subject: `Letter ${String(number)}: ${topic}`,
			content: letter(number, topic),
			public: isPublic,
			published_at: isPublic ? iso(sentAt) : null,
			send_at: iso(sentAt),
			status: 'completed',
			startedAt: sentAt,
			completesAt: sentAt,
		} as const;
		const broadcast = addBroadcast(account, about, sentAt - DAY);
		if (isPublic) account.addPostOf(broadcast, sentAt);
	}
}

/** Broadcasts in every other state: the sending one takes three days. */
function addOtherBroadcasts(account: Account, topics: readonly string[], end: number): void {
	const add = (subject: string, about: Partial<Broadcast>) => {
		const content = letter(LETTERS + 1, topics[0] ?? '');
		addBroadcast(account, { subject, content, ...about }, end - 2 * DAY);
	};
	const sentAt = (at: number) => ({ send_at: iso(at), startedAt: at });
	add('An idea', { content: null });
	add('Notes for later', { preview_text: 'Not finished' });
	add('Sent by mistake', { status: 'aborted', ...sentAt(end - 20 * DAY) });
	add('On its way', { status: 'sending', ...sentAt(end - HOUR), completesAt: end + 3 * DAY });
	add('Next week', { status: 'scheduled', send_at: iso(end + 7 * DAY) });
	add('Next month', { status: 'scheduled', send_at: iso(end + 30 * DAY) });
}

function addOtherPosts(account: Account, topics: readonly string[], end: number): void {
	const add = (title: string, slug: string | null, content: string, publishedAt?: number) => {
		account.addPost({
			publication_id: account.nextId(),
			created_at: iso((publishedAt ?? end - 2 * DAY) - DAY),
			title,
			slug,
			description: null,
			content,
			status: publishedAt === undefined ? 'draft' : 'published',
			published_at: publishedAt === undefined ? null : iso(publishedAt),
			sent_at: null,
			thumbnail_alt: null,
			thumbnail_url: null,
		});
	};
	const title = `Everything about ${topics[0] ?? ''}`;
	add(title, slugOf(title), '<p>A page for the web only.</p>', end - 39 * DAY);
	add('Draft post', null, '<p>Not finished.</p>');
}

function addSequences(account: Account, { sequences }: DemoContent, begin: number): void {
	const all = Object.entries(sequences);
	for (const [index, [name, subjects]] of all.entries()) {
		const settings = {
			...blankSequence(account, name),
			...(index > 0 && { email_address: null }),
			send_days: index === 1 ? WEEKDAYS.slice(0, 5) : WEEKDAYS,
			send_hour: 9 + index,
			active: index < all.length - 1,
		};
		const sequence = account.addSequence(settings, begin + index * DAY);
		for (const [position, subject] of subjects.entries()) {
			const published = position < subjects.length - 1;
			const content = letter(position + 1, subject);
			addEmail(account, sequence, {
				subject,
				content,
				delay_value: position * 2,
				published,
				position,
			});
		}
	}
}

/**
 * Fills an account with what it publishes. It comes after the tags and before the subscribers.
 * @param account the account
 * @param content what it is to publish
 * @param begin when the history begins
 * @param end when it ends
 */
export function addContent(
	account: Account,
	content: DemoContent,
	begin: number,
	end: number,
): void {
	for (const name of ['Text Only', 'Classic', 'Story']) {
		const category = name === 'Story' ? 'Starting point' : 'HTML';
		const is_default = account.emailTemplates.length === 0;
		account.emailTemplates.push({ id: account.nextId(), name, is_default, category });
	}
	addLetters(account, content.topics, begin, end);
	addOtherBroadcasts(account, content.topics, end);
	addOtherPosts(account, content.topics, end);
	for (const [index, form] of content.forms.entries()) {
		const uid = (account.profile.accountId * 1009 + index * 7919).toString(16).padStart(10, '0');
		const created_at = iso(begin + index * DAY);
		const embed_url = `${account.site}/${uid}`;
		const { name, ...kind } = form;
		const urls = { embed_js: `${embed_url}/index.js`, embed_url };
		const row = { id: account.nextId(), name, created_at, ...kind, ...urls, uid };
		account.forms.push({ ...row, members: new Members() });
	}
	addSequences(account, content, begin);
	const snippets = Object.entries(content.snippets);
	for (const [index, [name, text]] of snippets.entries()) {
		const created_at = iso(begin + index * DAY);
		const archived = index === snippets.length - 1;
		const snippet_type = text.startsWith('<') ? 'block' : 'inline';
		addSnippet(account, { name, snippet_type, archived, created_at, updated_at: created_at }, text);
	}
	for (const name of content.segments) {
		account.segments.push({ id: account.nextId(), name, created_at: iso(begin) });
	}
}

/** The page that an attribution tells of. */
function referrerOf(attribution: Attribution): string | null {
	if (attribution.referrer === null) return null;
	const url = new URL(attribution.referrer);
	for (const part of ['source', 'medium', 'campaign', 'term', 'content'] as const) {
		const value = attribution[`utm_${part}`];
		if (value !== null) url.searchParams.set(`utm_${part}`, value);
	}
	return url.href;
}

/**
 * Puts the subscribers on the form they signed up with, and some into sequences.
 * @param account with all its subscribers, ascending by when they were created
 * @param random what to draw from
 */
export function addMembers(account: Account, random: Random): void {
	const referrers = new Map<Attribution, string | null>();
	for (const subscriber of account.subscribers) {
		const { attribution, createdAt, signupFormId } = subscriber;
		if (!referrers.has(attribution)) referrers.set(attribution, referrerOf(attribution));
		const referrer = referrers.get(attribution) ?? null;
		const form = signupFormId === null ? undefined : byId(account.forms, signupFormId);
		if (form) account.addTo({ form }, subscriber, referrer, createdAt);
		for (const [index, sequence] of account.sequences.entries()) {
			if (random() * (index + 1) < SEQUENCE_SHARE)
				account.addTo({ sequence }, subscriber, null, createdAt);
		}
	}
}

/**
 * Lets some subscribers buy something.
 * @param account with all its subscribers
 * @param content what there is to buy, and how often someone does
 * @param random what to draw from
 * @param end when the history ends
 */
export function addPurchases(
	account: Account,
	{ products, purchases }: DemoContent,
	random: Random,
	end: number,
): void {
	if (account.subscribers.length === 0) return;
	for (let number = 1; number <= purchases; number += 1) {
		const { id, emailAddress } = pick(random, account.subscribers);
		const [name, price] = pick(random, Object.entries(products));
		account.addPurchase({
			transaction_id: `T-${String(account.profile.accountId)}-${String(1000 + number)}`,
			subscriber_id: id,
			email_address: emailAddress,
			status: 'paid',
			currency: 'USD',
			transaction_time: iso(end - (purchases + 1 - number) * 3 * DAY),
			subtotal: price,
			shipping: 0,
			discount: 0,
			tax: 0,
			total: price,
			products: [
				{
					quantity: 1,
					lid: `L-${String(1000 + number)}`,
					unit_price: price,
					sku: null,
					name,
					pid: slugOf(name),
				},
			],
		});
	}
}

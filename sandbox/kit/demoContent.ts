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

/** How many letters were sent in the history, and how many of the last are posts too. */
const LETTERS = 36;
const PUBLISHED = 4;

/** Which share of the subscribers is in the first sequence; a half, a third of it and so on in the others. */
const SEQUENCE_SHARE = 0.3;

function letter(number: number, topic: string): string {
	const text = `<p>Hello! Today: ${topic}.</p>`;
	const more = `<a href="https://www.example.com/letters/${String(number)}">Read on</a>`;
	return `${text}<p>${more} or <a href="https://shop.example.com/course">take the course</a>.</p>`;
}

/** The letters that were sent, evenly over the history, and a broadcast or two in every other state. */
function addBroadcasts(account: Account, topics: readonly string[], begin: number, end: number) {
	const add = (subject: string, createdAt: number, about: Partial<Broadcast>) => {
		const ids = { id: account.nextId(), publication_id: account.nextId() };
		const unsent = { status: 'draft', startedAt: null, completesAt: null } as const;
		const draft = { ...blankBroadcast(account), subject, ...unsent };
		const broadcast = { ...ids, created_at: iso(createdAt), ...draft, ...about };
		account.broadcasts.push(broadcast);
		return broadcast;
	};
	const sent = (at: number) => ({ send_at: iso(at), startedAt: at });
	for (let number = 1; number <= LETTERS; number += 1) {
		const topic = topics[number % topics.length] ?? '';
		const at = begin + ((end - begin) / (LETTERS + 1)) * number;
		const isPublic = number > LETTERS - PUBLISHED;
		const broadcast = add(`Letter ${String(number)}: ${topic}`, at - DAY, {
			content: letter(number, topic),
			public: isPublic,
			published_at: isPublic ? iso(at) : null,
			status: 'completed',
			...sent(at),
			completesAt: at,
		});
		if (isPublic) account.addPostOf(broadcast, at);
	}
	const others: Record<string, Partial<Broadcast>> = {
		'An idea': { content: null },
		'Notes for later': { preview_text: 'Not finished' },
		'Sent by mistake': { status: 'aborted', ...sent(end - 20 * DAY) },
		'On its way': { status: 'sending', ...sent(end - DAY / 24), completesAt: end + 3 * DAY },
		'Next week': { status: 'scheduled', send_at: iso(end + 7 * DAY) },
		'Next month': { status: 'scheduled', send_at: iso(end + 30 * DAY) },
	};
	const content = letter(LETTERS + 1, topics[0] ?? '');
	for (const [subject, about] of Object.entries(others)) {
		add(subject, end - 2 * DAY, { content, ...about });
	}
}

/** A post that was no email, and a draft. */
function addOtherPosts(account: Account, [topic = '']: readonly string[], end: number): void {
	const title = `Everything about ${topic}`;
	account.addPost({
		publication_id: account.nextId(),
		created_at: iso(end - 40 * DAY),
		title,
		slug: slugOf(title),
		content: '<p>A page for the web only.</p>',
		published_at: iso(end - 39 * DAY),
	});
	account.addPost({
		publication_id: account.nextId(),
		created_at: iso(end - 3 * DAY),
		title: 'Draft post',
		slug: null,
		content: '<p>Not finished.</p>',
	});
}

function addForms(account: Account, { forms }: DemoContent, begin: number): void {
	for (const [index, { name, ...kind }] of forms.entries()) {
		const uid = (account.profile.accountId * 1009 + index * 7919).toString(16).padStart(10, '0');
		const embed_url = `${account.site}/${uid}`;
		const urls = { embed_js: `${embed_url}/index.js`, embed_url };
		const { id, created_at } = account.fresh(begin + index * DAY);
		const form = { id, name, created_at, ...kind, ...urls, uid, members: new Members() };
		account.forms.push(form);
	}
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
			const delay_value = position * 2;
			addEmail(account, sequence, { subject, content, delay_value, published, position });
		}
	}
}

function addSnippets(account: Account, { snippets }: DemoContent, begin: number): void {
	const all = Object.entries(snippets);
	for (const [index, [name, text]] of all.entries()) {
		const created_at = iso(begin + index * DAY);
		const archived = index === all.length - 1;
		const snippet_type = text.startsWith('<') ? 'block' : 'inline';
		addSnippet(account, { name, snippet_type, archived, created_at, updated_at: created_at }, text);
	}
}

/** Fills an account with what it publishes, from a moment to another, before there are subscribers. */
export function addContent(account: Account, content: DemoContent, begin: number, end: number) {
	for (const [index, name] of content.tags.entries()) account.addTag(name, begin + index * DAY);
	for (const name of ['Text Only', 'Classic', 'Story']) {
		const category = name === 'Story' ? 'Starting point' : 'HTML';
		const is_default = account.emailTemplates.length === 0;
		account.emailTemplates.push({ id: account.nextId(), name, is_default, category });
	}
	addBroadcasts(account, content.topics, begin, end);
	addOtherPosts(account, content.topics, end);
	addForms(account, content, begin);
	addSequences(account, content, begin);
	addSnippets(account, content, begin);
	for (const name of content.segments) {
		account.segments.push({ id: account.nextId(), name, created_at: iso(begin) });
	}
}

/** The page that an attribution tells of. */
function referrerOf({ referrer, ...attribution }: Attribution): string | null {
	if (referrer === null) return null;
	const url = new URL(referrer);
	for (const [name, value] of Object.entries(attribution)) {
		if (name.startsWith('utm_') && value !== null) url.searchParams.set(name, String(value));
	}
	return url.href;
}

/** Puts the subscribers, ascending by id, on the form they signed up with, and some into sequences. */
export function addMembers(account: Account, random: Random): void {
	for (const subscriber of account.subscribers) {
		const { attribution, createdAt, signupFormId } = subscriber;
		const form = byId(account.forms, signupFormId);
		if (form) account.addTo({ form }, subscriber, referrerOf(attribution), createdAt);
		for (const [index, sequence] of account.sequences.entries()) {
			if (random() * (index + 1) < SEQUENCE_SHARE)
				account.addTo({ sequence }, subscriber, null, createdAt);
		}
	}
}

/** Lets some subscribers buy something, until the end of the history. */
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
		const lid = `L-${String(1000 + number)}`;
		const product = { quantity: 1, lid, unit_price: price, sku: null, name, pid: slugOf(name) };
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
			products: [product],
		});
	}
}

import { pick } from '../random';
import type { Random } from '../random';
import { linksIn, slugOf } from './addresses';
import { EVERYONE } from './broadcastFilter';
import { DAY } from './dates';
import { byId, postOf, WEEKDAYS } from './state';
import type { Account, Attribution, Broadcast, Form, Subscriber } from './state';

/** What an account publishes and sells. */
export interface DemoContent {
	/** The first two are those that subscribers signed up with. */
	readonly forms: readonly Pick<Form, 'name' | 'type' | 'format' | 'status'>[];
	/** Names of sequences, each with the subjects of its emails; the last one is not active. */
	readonly sequences: Readonly<Record<string, readonly string[]>>;
	/** Names of segments, each with the tags that it collects. */
	readonly segments: Readonly<Record<string, readonly string[]>>;
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

function addTemplates(account: Account): void {
	const templates = [
		['Text Only', true, 'HTML'],
		['Classic', false, 'HTML'],
		['Story', false, 'Starting point'],
	] as const;
	for (const [name, isDefault, category] of templates) {
		account.emailTemplates.push({ id: account.nextId(), name, isDefault, category });
	}
}

function draft(account: Account, subject: string, content: string | null) {
	const template = account.emailTemplates[0];
	if (template === undefined) throw new Error('The templates come first');
	return {
		subject,
		previewText: null,
		description: null,
		content,
		isPublic: false,
		publishedAt: null,
		sendAt: null,
		thumbnailAlt: null,
		thumbnailUrl: null,
		emailAddress: null,
		template,
		filter: EVERYONE,
	};
}

function letter(number: number, topic: string): string {
	const text = `<p>Hello! Today: ${topic}.</p>`;
	const more = `<a href="https://www.example.com/letters/${String(number)}">Read on</a>`;
	return `${text}<p>${more} or <a href="https://shop.example.com/course">take the course</a>.</p>`;
}

/** The letters that were sent, evenly over the history. */
function addLetters(account: Account, topics: readonly string[], begin: number, end: number): void {
	for (let number = 1; number <= LETTERS; number += 1) {
		const topic = topics[number % topics.length] ?? '';
		const sentAt = begin + ((end - begin) / (LETTERS + 1)) * number;
		const content = letter(number, topic);
		const isPublic = number > LETTERS - PUBLISHED;
		const id = account.nextId();
		const broadcast: Broadcast = {
			...draft(account, `Letter ${String(number)}: ${topic}`, content),
			id,
			publicationId: account.nextId(),
			createdAt: sentAt - DAY,
			isPublic,
			publishedAt: isPublic ? sentAt : null,
			sendAt: sentAt,
			status: 'completed',
			startedAt: sentAt,
			completesAt: sentAt,
		};
		account.broadcasts.push(broadcast);
		const links = linksIn(content).map((url, index) => ({ id: id * 10 + index, url }));
		account.sentEmails.push({ id, sentAt, links });
		if (isPublic) account.addPost(postOf(broadcast, sentAt));
	}
}

/** Broadcasts in every other state: the sending one takes three days. */
function addOtherBroadcasts(account: Account, topics: readonly string[], end: number): void {
	const add = (subject: string, about: Partial<Broadcast>) => {
		const id = account.nextId();
		const broadcast: Broadcast = {
			...draft(account, subject, letter(LETTERS + 1, topics[0] ?? '')),
			id,
			publicationId: account.nextId(),
			createdAt: end - 2 * DAY,
			status: 'draft',
			startedAt: null,
			completesAt: null,
			...about,
		};
		account.broadcasts.push(broadcast);
	};
	add('An idea', { content: null });
	add('Notes for later', { previewText: 'Not finished' });
	const startedAt = end - HOUR;
	const stopped = { sendAt: end - 20 * DAY, startedAt: end - 20 * DAY };
	add('Sent by mistake', { status: 'aborted', ...stopped, completesAt: null });
	const sending = { sendAt: startedAt, startedAt, completesAt: end + 3 * DAY } as const;
	add('On its way', { status: 'sending', ...sending });
	add('Next week', { status: 'scheduled', sendAt: end + 7 * DAY });
	add('Next month', { status: 'scheduled', sendAt: end + 30 * DAY });
	const onItsWay = account.broadcasts.find(({ status }) => status === 'sending');
	if (onItsWay) account.sentEmails.push({ id: onItsWay.id, sentAt: startedAt, links: [] });
}

function addOtherPosts(account: Account, topics: readonly string[], end: number): void {
	const about = {
		description: null,
		sentAt: null,
		thumbnailAlt: null,
		thumbnailUrl: null,
		isPaid: false,
	};
	const title = `Everything about ${topics[0] ?? ''}`;
	account.addPost({
		...about,
		publicationId: account.nextId(),
		createdAt: end - 40 * DAY,
		title,
		slug: slugOf(title),
		content: '<p>A page for the web only.</p>',
		status: 'published',
		publishedAt: end - 39 * DAY,
	});
	account.addPost({
		...about,
		publicationId: account.nextId(),
		createdAt: end - 3 * DAY,
		title: 'Draft post',
		slug: null,
		content: '<p>Not finished.</p>',
		status: 'draft',
		publishedAt: null,
	});
}

function addForms(account: Account, { forms }: DemoContent, begin: number): void {
	for (const [index, form] of forms.entries()) {
		const uid = (account.profile.accountId * 1009 + index * 7919).toString(16).padStart(10, '0');
		account.addForm({ ...form, uid, createdAt: begin + index * DAY });
	}
}

function addSequences(account: Account, { sequences }: DemoContent, begin: number): void {
	const all = Object.entries(sequences);
	for (const [index, [name, subjects]] of all.entries()) {
		const settings = {
			name,
			emailAddress: index === 0 ? account.profile.emailAddress : null,
			templateId: null,
			sendDays: index === 1 ? WEEKDAYS.slice(0, 5) : WEEKDAYS,
			sendHour: 9 + index,
			timeZone: account.profile.timeZone,
			active: index < all.length - 1,
			repeat: false,
			hold: false,
			excluded: [],
		};
		const sequence = account.addSequence(settings, begin + index * DAY);
		for (const [position, subject] of subjects.entries()) {
			account.addSequenceEmail(sequence, {
				subject,
				previewText: null,
				content: letter(position + 1, subject),
				delayValue: position * 2,
				delayUnit: 'days',
				templateId: null,
				published: position < subjects.length - 1,
				sendDays: null,
				position,
			});
		}
	}
}

function addSnippets(account: Account, { snippets }: DemoContent, begin: number): void {
	const all = Object.entries(snippets);
	for (const [index, [name, body]] of all.entries()) {
		const createdAt = begin + index * DAY;
		account.snippets.push({
			id: account.nextId(),
			type: body.startsWith('<') ? 'block' : 'inline',
			key: slugOf(name),
			createdAt,
			documentId: account.nextId(),
			name,
			body,
			archived: index === all.length - 1,
			updatedAt: createdAt,
			version: 1,
		});
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
	addTemplates(account);
	addLetters(account, content.topics, begin, end);
	addOtherBroadcasts(account, content.topics, end);
	addOtherPosts(account, content.topics, end);
	addForms(account, content, begin);
	addSequences(account, content, begin);
	addSnippets(account, content, begin);
	for (const [name, tags] of Object.entries(content.segments)) {
		const collected = account.tags.filter((tag) => tags.includes(tag.name));
		account.segments.push({ id: account.nextId(), name, createdAt: begin, tags: collected });
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
		if (form) account.addToForm(form, subscriber, referrer, createdAt);
		for (const [index, sequence] of account.sequences.entries()) {
			if (random() * (index + 1) < SEQUENCE_SHARE)
				account.addToSequence(sequence, subscriber, createdAt);
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
		const subscriber: Subscriber = pick(random, account.subscribers);
		const [name, price] = pick(random, Object.entries(products));
		account.addPurchase({
			transactionId: `T-${String(account.profile.accountId)}-${String(1000 + number)}`,
			subscriber,
			status: 'paid',
			currency: 'USD',
			transactionTime: end - (purchases + 1 - number) * 3 * DAY,
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

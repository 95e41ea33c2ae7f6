import type { Item } from '../../scripts/n8n/rest';
import type { TestSandbox } from '../support/sandbox';
import type { ToolCall } from './support/chatModel';
import { n8n, until } from './support/n8n';

/** What came of running an example. */
export interface Outcome {
	sandbox: TestSandbox;
	/** The items that a node put out, over all runs. */
	items: (node: string, output?: number) => Item[];
	/** What a file holds that an item carries. */
	file: (item: Item | undefined) => Promise<Buffer>;
}

/** How an example is started, and what a person sees of it afterwards. */
export interface Example {
	/** What happens in Kit, for an example that Kit starts. */
	happen?: (sandbox: TestSandbox) => Promise<void>;
	/** How often that starts it; once by default. */
	runs?: number;
	/** Whether it asks Kit by itself for what happens, which it does whenever it is published */
	polls?: true;
	/** How many webhooks its trigger has at Kit, classic ones and endpoints together; one by default. */
	webhooks?: number;
	/** For an agent */
	chat?: {
		/** What a person writes. */
		question: string;
		/** What the model then does. */
		calls: (sandbox: TestSandbox) => Promise<ToolCall[]>;
		/** The button that they press when they are asked for approval. */
		press?: string;
		/** A part of what they read in the end. */
		answer: (sandbox: TestSandbox) => Promise<string>;
	};
	/** Expects what is there to see. */
	see?: (outcome: Outcome) => Promise<void>;
}

/** A record of Kit's; which of these it has depends on the list it is from. */
interface Row {
	id: number;
	name: string;
	email_address: string;
	subject: string;
	[other: string]: unknown;
}

/** Who does what starts an example, or whom an agent is asked about. */
export const READER = 'reader@example.com';

async function rows(sandbox: TestSandbox, path: string, key: string): Promise<Row[]> {
	return (await sandbox.ask('GET', `/kit/v4/${path}`))[key] as unknown as Row[];
}

async function idOf(sandbox: TestSandbox, list: string, name: string): Promise<string> {
	const found = (await rows(sandbox, list, list)).find((row) => row.name === name);
	if (found) return String(found.id);
	throw new Error(`There is no “${name}” among the ${list}`);
}

/** Somebody joins, and their ID is returned. */
export async function newSubscriber(sandbox: TestSandbox, email_address = READER): Promise<string> {
	const body = { email_address, first_name: 'Reader' };
	const { subscriber } = await sandbox.ask('POST', '/kit/v4/subscribers', body);
	return String((subscriber as unknown as Row).id);
}

/** The record of whoever has an address, whatever their state. */
export async function subscriberOf(sandbox: TestSandbox, address = READER): Promise<Row> {
	const path = `subscribers?status=all&email_address=${encodeURIComponent(address)}`;
	const [found] = await rows(sandbox, path, 'subscribers');
	if (found) return found;
	throw new Error(`${address} is no subscriber`);
}

/** The names of the tags that a subscriber has. */
export async function tagsOf(sandbox: TestSandbox, address = READER): Promise<unknown[]> {
	const { id } = await subscriberOf(sandbox, address);
	const tags = await rows(sandbox, `subscribers/${String(id)}/tags`, 'tags');
	return tags.map(({ name }) => name).sort();
}

async function isInSequence(sandbox: TestSandbox, name: string): Promise<boolean> {
	const path = `sequences/${await idOf(sandbox, 'sequences', name)}/subscribers?per_page=1000`;
	const subscribers = await rows(sandbox, path, 'subscribers');
	return subscribers.some(({ email_address }) => email_address === READER);
}

/** Posts to a webhook of n8n's, as a form or a shop does, once n8n takes it. */
async function post(path: string, body: object): Promise<void> {
	const headers = { 'content-type': 'application/json' };
	const url = `${n8n.rest.url}/webhook/${path}`;
	await until(`the webhook ${path}`, async () => {
		const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
		return response.ok ? true : undefined;
	});
}

async function buy(sandbox: TestSandbox, ...names: string[]): Promise<void> {
	const product = (name: string) => ({ name, pid: name, lid: name, unit_price: 5, quantity: 1 });
	const products = names.map(product);
	const purchase = {
		transaction_id: 'T-1',
		transaction_time: '2026-01-01T00:00:00Z',
		email_address: READER,
		status: 'paid',
		currency: 'USD',
		...{ subtotal: 5, tax: 0, shipping: 0, discount: 0, total: 5 },
		products,
	};
	await sandbox.ask('POST', '/kit/v4/purchases', { purchase });
}

/** Everybody is sent a broadcast, and has time to open it and to click its link. */
async function sendBroadcast(sandbox: TestSandbox): Promise<void> {
	const content = '<p><a href="https://example.com/course">The course</a></p>';
	const body = { subject: 'News', content, send_at: new Date().toISOString() };
	await sandbox.ask('POST', '/kit/v4/broadcasts', body);
	sandbox.current.advance(3 * 3600);
}

/** The email addresses of who meets conditions, as Kit's filter takes them. */
async function matching(sandbox: TestSandbox, ...all: object[]): Promise<unknown[]> {
	const body = { all, per_page: 100 };
	const { subscribers } = await sandbox.ask('POST', '/kit/v4/subscribers/filter', body);
	return (subscribers as unknown as Row[]).map((row) => row.email_address).sort();
}

async function lastBroadcast(sandbox: TestSandbox): Promise<Row> {
	const [last] = await rows(sandbox, 'broadcasts?status=completed&per_page=1', 'broadcasts');
	if (last) return last;
	throw new Error('No broadcast was sent');
}

/** The call of a tool that asks for approval first. */
export async function tagAsVip(sandbox: TestSandbox): Promise<ToolCall[]> {
	await newSubscriber(sandbox);
	const tag_id = Number(await idOf(sandbox, 'tags', 'VIP'));
	const question = `May I give ${READER} the tag VIP?`;
	return [
		{ name: 'Find_a_subscriber', arguments: { email: READER } },
		{ name: 'List_tags', arguments: {} },
		{
			name: 'Add_a_tag',
			arguments: { toolParameters: { tag_id, email: READER }, hitlParameters: { question } },
		},
	];
}

/** Every example by its file. */
export const EXAMPLES: Record<string, Example> = {
	'agent-with-approval': {
		chat: {
			question: `Make ${READER} a VIP`,
			calls: tagAsVip,
			press: 'Do it',
			answer: async () => await Promise.resolve(READER),
		},
		see: async ({ sandbox }) => {
			expect(await tagsOf(sandbox)).toEqual(['VIP']);
		},
	},
	'ask-about-broadcasts': {
		chat: {
			question: 'How did my last broadcast do?',
			calls: async (sandbox) => {
				const { id: broadcast_id } = await lastBroadcast(sandbox);
				const days = { starting: '2026-01-01', ending: '2026-01-31' };
				return [
					{ name: 'Sent_broadcasts', arguments: { limit: 1 } },
					{ name: 'Broadcast_clicks', arguments: { broadcast_id } },
					{ name: 'Growth', arguments: days },
					{ name: 'Broadcast_stats', arguments: { broadcast_id } },
				];
			},
			answer: async (sandbox) => {
				const { id } = await lastBroadcast(sandbox);
				const { broadcast } = await sandbox.ask('GET', `/kit/v4/broadcasts/${String(id)}/stats`);
				const { open_rate } = (broadcast as { stats: { open_rate: number } }).stats;
				return `"open_rate":${String(open_rate)}`;
			},
		},
		see: async ({ sandbox, items }) => {
			const { subject } = await lastBroadcast(sandbox);
			expect(items('Sent broadcasts')).toMatchObject([{ json: { subject } }]);
		},
	},
	'broadcast-draft-from-blog-post': {
		see: async ({ sandbox }) => {
			const [draft] = await rows(sandbox, 'broadcasts?status=draft', 'broadcasts');
			expect(draft).toMatchObject({
				subject: 'How I plan a year of letters',
				content: expect.stringContaining('https://blog.example.com/plan-a-year') as string,
				preview_text: expect.stringMatching(/^Twelve topics/) as string,
				send_at: null,
			});
		},
	},
	'catch-up-on-missed-events': {
		happen: async (sandbox) => {
			await newSubscriber(sandbox);
		},
		see: async ({ sandbox }) => {
			expect(await tagsOf(sandbox)).toEqual(['New reader']);
		},
	},
	'export-every-month': {
		see: async ({ sandbox, items, file }) => {
			const [item] = items('Put Google Drive here');
			const lines = (await file(item)).toString().trimEnd().split('\r\n');
			const all = await rows(sandbox, 'subscribers?status=all&per_page=1000', 'subscribers');
			expect(lines).toHaveLength(all.length + 1);
			expect(lines[0]).toMatch(/email_address,first_name.*,tags$/);
			expect(item?.json.file_name).toMatch(/^subscribers-\d{4}-\d{2}-\d{2}\.csv\.gz$/);
		},
	},
	'readers-come-and-go': {
		runs: 3,
		webhooks: 2,
		happen: async (sandbox) => {
			const id = await newSubscriber(sandbox);
			await buy(sandbox, 'Notebook');
			await sandbox.ask('POST', `/kit/v4/subscribers/${id}/unsubscribe`);
		},
		see: async ({ items }) => {
			const happened = items('What happened').map(({ json }) => json);
			expect(happened.every(({ reader }) => reader === READER)).toBe(true);
			expect(happened.map((one) => one.happened as string).sort()).toEqual([
				'purchase.created',
				'subscriber.activated',
				'subscriber.unsubscribed',
			]);
			await Promise.resolve();
		},
	},
	'tagged-or-sent': {
		happen: async (sandbox) => {
			const tag = await idOf(sandbox, 'tags', 'VIP');
			const path = `/kit/v4/tags/${tag}/subscribers/${await newSubscriber(sandbox)}`;
			await sandbox.ask('POST', path);
		},
		see: async ({ items }) => {
			expect(items('What happened')).toMatchObject([
				{ json: { happened: 'subscriber.tag_added', about: 'VIP' } },
			]);
			await Promise.resolve();
		},
	},
	'cold-subscribers': {
		see: async ({ sandbox, items }) => {
			const addresses = (node: string) => items(node).map(({ json }) => json.email_address);
			const asked = addresses('Not asked yet');
			expect(asked).not.toEqual([]);
			const path = `tags/${await idOf(sandbox, 'tags', 'Re-engage')}/subscribers?per_page=1000`;
			const tagged = await rows(sandbox, path, 'subscribers');
			expect(tagged.map((row) => row.email_address)).toEqual(expect.arrayContaining(asked));
			for (const address of addresses('Unsubscribe them')) {
				expect(addresses('Who went cold')).toContain(address);
				expect(asked).not.toContain(address);
				expect(await subscriberOf(sandbox, String(address))).toMatchObject({ state: 'cancelled' });
			}
			const drafts = await rows(sandbox, 'broadcasts?status=draft', 'broadcasts');
			const letters = drafts.filter(
				({ subject }) => subject === 'Do you still want these letters?',
			);
			expect(letters).toHaveLength(1);
		},
	},
	'form-elsewhere-to-kit': {
		webhooks: 0,
		happen: async () => {
			await post('kit-sign-up', { email: READER, name: 'Grace', interest: 'Writing' });
		},
		see: async ({ sandbox }) => {
			expect(await subscriberOf(sandbox)).toMatchObject({ first_name: 'Grace' });
			expect(await tagsOf(sandbox)).toEqual(['Writing']);
			const form = await idOf(sandbox, 'forms', 'Welcome Form');
			const path = `forms/${form}/subscribers?status=all&per_page=1000`;
			const joined = await rows(sandbox, path, 'subscribers');
			expect(joined.map((row) => row.email_address)).toContain(READER);
		},
	},
	'make-something-happen-in-kit': {
		see: async ({ sandbox, items }) => {
			const [{ json } = { json: {} }] = items('Joins and gets a tag');
			const address = String(json.email_address);
			expect(await subscriberOf(sandbox, address)).toMatchObject({ state: 'cancelled' });
			expect(await tagsOf(sandbox, address)).toEqual(['Customer']);
			const [purchase] = await rows(sandbox, 'purchases?per_page=1', 'purchases');
			expect(purchase).toMatchObject({ email_address: address });
		},
	},
	'shop-order-to-purchase': {
		runs: 2,
		webhooks: 0,
		happen: async () => {
			const line = (id: string) => ({ id, product: id, sku: id, title: id, quantity: 1, price: 5 });
			const order = {
				id: '1042',
				created_at: '2026-01-15T09:24:00Z',
				currency: 'EUR',
				customer: { email: READER },
				...{ subtotal: 10, discount: 0, shipping: 0, tax: 0, total: 10 },
				lines: [line('notebook'), line('pencils')],
			};
			await post('shop-order', order);
			await post('shop-order', order);
		},
		see: async ({ sandbox }) => {
			const purchases = await rows(sandbox, 'purchases?per_page=1000', 'purchases');
			const own = purchases.filter(({ email_address }) => email_address === READER);
			expect(own).toMatchObject([{ transaction_id: '1042', products: [{}, {}] }]);
		},
	},
	'two-accounts': {
		see: async ({ sandbox, items }) => {
			const tag = await idOf(sandbox, 'tags', 'Customer');
			const customers = await rows(sandbox, `tags/${tag}/subscribers?per_page=1000`, 'subscribers');
			expect(customers).not.toEqual([]);
			expect(items('In both now').map(({ json }) => json.email_address)).toEqual(
				customers.map((row) => row.email_address),
			);
			expect(items('Could not be added', 1)).toEqual([]);
		},
	},
	'two-way-sync-with-table': {
		see: async ({ sandbox, items }) => {
			const all = await rows(sandbox, 'subscribers?per_page=1000', 'subscribers');
			expect(items('Write into the table')).toHaveLength(all.length);
			expect(items('Send to Kit')).toEqual([]);
		},
	},
	'list-subscribers-tag-new': {
		see: async ({ sandbox, items }) => {
			const newOnes = items('Joined in the last 30 days').map(({ json }) => json.email_address);
			expect(newOnes).not.toEqual([]);
			const path = `tags/${await idOf(sandbox, 'tags', 'New')}/subscribers?per_page=1000`;
			const tagged = (await rows(sandbox, path, 'subscribers')).map((row) => row.email_address);
			expect(tagged.sort()).toEqual(newOnes.sort());
		},
	},
	'purchase-to-tag-and-sequence': {
		happen: async (sandbox) => {
			await buy(sandbox, 'Notebook', 'Pencils');
		},
		see: async ({ sandbox }) => {
			expect(await tagsOf(sandbox)).toEqual(['Bought Notebook', 'Bought Pencils']);
			expect(await isInSequence(sandbox, 'After the workshop')).toBe(true);
		},
	},
	'sync-spreadsheet-of-people': {
		see: async ({ sandbox, items }) => {
			expect(items('Rows that are in Kit').map(({ json }) => json.Email)).toEqual([
				'grace@example.com',
				'linus@example.org',
				'katherine@example.net',
			]);
			expect(items('Rows to correct')).toMatchObject([
				{
					json: {
						Email: 'no address yet',
						'In Kit': false,
						Note: expect.stringContaining('Email Address') as string,
					},
				},
			]);
			expect(await subscriberOf(sandbox, 'grace@example.com')).toMatchObject({
				first_name: 'Grace',
				fields: { company: 'Harbor Bakery' },
			});
			const tags = await tagsOf(sandbox, 'grace@example.com');
			expect(tags).toEqual(['Autumn workshop', 'Customer']);
		},
	},
	'unsubscribes-and-bounces-to-crm': {
		runs: 3,
		happen: async (sandbox) => {
			const id = await newSubscriber(sandbox, 'leaving@example.com');
			await sandbox.ask('POST', `/kit/v4/subscribers/${id}/unsubscribe`);
			for (const what of ['bounced', 'complained'] as const) {
				const subscriber = Number(await newSubscriber(sandbox, `${what}@example.com`));
				sandbox.current.raise({ type: `subscriber.${what}`, subscriber });
			}
		},
		see: async ({ items }) => {
			const records = items('Put your CRM here').map(({ json }) => json);
			expect(records.every(({ may_be_emailed }) => may_be_emailed === false)).toBe(true);
			const status = Object.fromEntries<unknown>(
				records.map((one) => [one.email as string, one.email_status]),
			);
			expect(status).toEqual({
				'leaving@example.com': 'Unsubscribed',
				'bounced@example.com': 'Bounced',
				'complained@example.com': 'Complained of spam',
			});
			await Promise.resolve();
		},
	},
	'tag-who-clicked': {
		polls: true,
		happen: sendBroadcast,
		see: async ({ sandbox }) => {
			const urls = { type: 'urls', urls: ['https://example.com/course'], matching: 'exact' };
			const clicked = await matching(sandbox, { type: 'clicks', any: [urls] });
			const tagged = Number(await idOf(sandbox, 'tags', 'Interested'));
			const ids = { type: 'ids', matching: [tagged] };
			expect(clicked).not.toEqual([]);
			expect(await matching(sandbox, { type: 'tags', any: [ids] })).toEqual(clicked);
		},
	},
	'tell-me-when-a-vip-opens': {
		polls: true,
		happen: sendBroadcast,
		see: async ({ sandbox, items }) => {
			const { id } = await lastBroadcast(sandbox);
			const vip = { type: 'ids', matching: [Number(await idOf(sandbox, 'tags', 'VIP'))] };
			const opened = await matching(
				sandbox,
				{ type: 'opens', any: [{ type: 'broadcasts', ids: [id] }] },
				{ type: 'tags', any: [vip] },
			);
			const told = items('Your chat or email').map(({ json }) => json);
			expect(told).not.toEqual([]);
			expect(told.map(({ email_address }) => email_address).sort()).toEqual(opened);
			expect(told[0]?.text).toMatch(/^\S+ has opened “News”$/);
		},
	},
	'weekly-growth-report': {
		see: async ({ items }) => {
			const [week, before] = ['last 7 days', '7 days before'].map(
				(which) => items(`Growth, ${which}`)[0]?.json ?? {},
			);
			expect(before?.ending).not.toBe(week?.ending);
			const [report] = items('Put email or Slack here');
			const { subject, text, html } = report?.json as Record<string, string>;
			expect(subject).toMatch(/^Your newsletter this week: [+-]\d+ subscribers$/);
			const count = `New subscribers: ${String(week?.new_subscribers)}`;
			expect(text).toContain(`${count} (the week before: ${String(before?.new_subscribers)})`);
			expect(text).toMatch(/opened: [\d.]+ %/);
			expect(html).toContain(`<td>${String(week?.cancellations)}</td>`);
			await Promise.resolve();
		},
	},
	'welcome-new-subscribers': {
		happen: async (sandbox) => {
			const form = await idOf(sandbox, 'forms', 'Welcome Form');
			const path = `/kit/v4/forms/${form}/subscribers/${await newSubscriber(sandbox)}`;
			await sandbox.ask('POST', path);
		},
		see: async ({ sandbox }) => {
			expect(await tagsOf(sandbox)).toEqual(['New reader']);
			expect(await isInSequence(sandbox, 'Welcome series')).toBe(true);
		},
	},
};

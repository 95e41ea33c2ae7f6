import { NOT_FOUND, refusal, SENTENCE, useKit } from './client';
import type { Row } from './client';

const client = useKit();
const { kit, row, rows } = client;

const LETTER = { subject: 'Hello', content: '<p><a href="https://www.example.com/a">A</a></p>' };

const create = async (about: object = {}) =>
	await row(201, 'broadcast', 'POST', '/broadcasts', { ...LETTER, ...about });
const get = async ({ id }: Row) => await row(200, 'broadcast', 'GET', `/broadcasts/${String(id)}`);
const statsOf = async ({ id }: Row) =>
	(await row(200, 'broadcast', 'GET', `/broadcasts/${String(id)}/stats`)).stats;

/** A moment so many seconds from now, as Kit writes it. */
const inSeconds = (seconds: number) =>
	`${new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19)}Z`;

describe('A broadcast', () => {
	test('is a draft with the account’s defaults', async () => {
		const broadcast = await create();
		expect(broadcast).toMatchObject({
			...LETTER,
			status: 'draft',
			public: false,
			public_url: null,
			send_at: null,
			email_address: 'hello2701@example.com',
			email_template: { name: 'Text Only' },
			subscriber_filter: [{ all: [{ type: 'all_subscribers' }] }],
		});
		expect((await rows('/broadcasts', 'broadcasts'))[0]).toEqual(broadcast);
		expect(await get(broadcast)).toEqual(broadcast);
	});

	test('goes from scheduled to sending to completed as the clock moves', async () => {
		const broadcast = await create({ send_at: inSeconds(3600) });
		expect(broadcast.status).toBe('scheduled');
		expect(await statsOf(broadcast)).toMatchObject({ recipients: 0, progress: 0 });
		client.sandbox.advance(3610);
		expect((await get(broadcast)).status).toBe('sending');
		client.sandbox.advance(60);
		expect((await get(broadcast)).status).toBe('completed');
		const active = await kit<{ pagination: object }>(
			'GET',
			'/subscribers?include_total_count=true&per_page=1',
		);
		const { total_count: recipients } = active.body.pagination as { total_count: number };
		expect(await statsOf(broadcast)).toMatchObject({
			recipients,
			emails_opened: 0,
			status: 'completed',
			progress: 1,
		});
	});

	test('is opened and clicked as time goes by', async () => {
		const broadcast = await create({ send_at: inSeconds(-60) });
		client.sandbox.advance(24 * 3600);
		const { emails_opened: opened, total_clicks: clicks } = (await statsOf(broadcast)) as Row;
		expect(opened).toBeGreaterThan(0);
		const path = `/broadcasts/${String(broadcast.id)}/clicks`;
		expect(await row(200, 'broadcast', 'GET', path)).toMatchObject({
			id: broadcast.id,
			clicks: [{ url: 'https://www.example.com/a', unique_clicks: clicks }],
		});
	});

	test('is a draft again without a time', async () => {
		const { id } = await create({ send_at: inSeconds(3600) });
		const path = `/broadcasts/${String(id)}`;
		const again = await row(200, 'broadcast', 'PUT', path, { send_at: null });
		expect(again).toMatchObject({ ...LETTER, status: 'draft', send_at: null });
		client.sandbox.advance(7200);
		expect((await get(again)).status).toBe('draft');
	});

	test('that is sent can be neither changed nor deleted', async () => {
		const { id, status } = await create({ send_at: '2023-02-17T11:43:55' });
		expect(status).toBe('sending');
		const path = `/broadcasts/${String(id)}`;
		const already = refusal('Broadcast is already sending.');
		expect(await kit('PUT', path, { subject: 'New' })).toEqual(already);
		expect(await kit('DELETE', path)).toEqual(already);
		client.sandbox.advance(3600);
		expect(await kit('DELETE', path)).toEqual(already);
	});

	test('is deleted before', async () => {
		const { id } = await create();
		const path = `/broadcasts/${String(id)}`;
		expect((await kit('DELETE', path)).status).toBe(204);
		expect(await kit('GET', path)).toEqual(NOT_FOUND);
		expect(await kit('GET', `${path}/stats`)).toEqual(NOT_FOUND);
		expect(await kit('GET', `${path}/clicks`)).toEqual(NOT_FOUND);
	});

	test('goes only to those with a tag, or in a segment', async () => {
		const tag = await row(201, 'tag', 'POST', '/tags', { name: 'Chosen' });
		const someone = (await rows('/subscribers?per_page=1', 'subscribers'))[0];
		await kit('POST', `/tags/${String(tag.id)}/subscribers/${String(someone?.id)}`, {});
		const sendTo = async (filter: object) => {
			const sent = await create({ subscriber_filter: [filter], send_at: inSeconds(-60) });
			return ((await statsOf(sent)) as Row).recipients;
		};
		const tagged = [{ type: 'tag', ids: [tag.id] }];
		const everyone = (await sendTo({ all: [] })) as number;
		expect(await sendTo({ all: tagged, any: null, none: null })).toBe(1);
		expect(await sendTo({ none: tagged })).toBe(everyone - 1);
		const segments = await rows('/segments', 'segments');
		const some = await sendTo({ any: [{ type: 'segment', ids: segments.map(({ id }) => id) }] });
		expect(some).toBeGreaterThan(0);
		expect(some).toBeLessThan(everyone);
	});

	test('that is public becomes a post when it is sent', async () => {
		const broadcast = await create({ public: true, send_at: inSeconds(60) });
		expect(broadcast.public_url).toBe('https://ada-writes.kit.com/posts/hello');
		const newest = async () => (await rows('/posts', 'posts'))[0];
		expect((await newest())?.publication_id).not.toBe(broadcast.publication_id);
		client.sandbox.advance(120);
		expect(await newest()).toMatchObject({
			publication_id: broadcast.publication_id,
			title: 'Hello',
			public_url: broadcast.public_url,
		});
	});

	test.each<[object, string]>([
		[{ content: 'No subject' }, SENTENCE],
		[{ subject: 'Neither content nor template' }, SENTENCE],
		[{ ...LETTER, email_template_id: 1 }, 'Email template not found'],
		[
			{
				...LETTER,
				subscriber_filter: [
					{ all: [{ type: 'tag', ids: [1] }] },
					{ any: [{ type: 'tag', ids: [1] }] },
				],
			},
			'Only a single filter group is supported. Use one of `all`, `any`, or `none`.',
		],
		[{ ...LETTER, subscriber_filter: [{ all: [{ type: 'form', ids: [1] }] }] }, SENTENCE],
		[{ ...LETTER, send_at: 'tomorrow' }, SENTENCE],
		[{ ...LETTER, email_address: 'nobody' }, SENTENCE],
	])('is refused: %j', async (body, sentence) => {
		expect(await kit('POST', '/broadcasts', body)).toEqual(refusal(sentence));
	});

	test('takes a starting point only when asked to, and no empty change', async () => {
		const templates = await rows('/email_templates', 'email_templates');
		const start = templates.find(({ category }) => category === 'Starting point');
		const body = { ...LETTER, email_template_id: start?.id };
		expect(await kit('POST', '/broadcasts', body)).toEqual(refusal(SENTENCE));
		const allowed = { ...body, allow_starting_point: true };
		const written = await row(201, 'broadcast', 'POST', '/broadcasts', allowed);
		expect(written.email_template).toMatchObject({ id: start?.id });
		const { id } = await create();
		expect(await kit('PUT', `/broadcasts/${String(id)}`, {})).toEqual(refusal(SENTENCE));
	});
});

describe('Broadcasts', () => {
	test('are there in every state, and listed by it', async () => {
		for (const status of ['draft', 'scheduled', 'sending', 'completed', 'aborted']) {
			const found = await rows(`/broadcasts?status=${status}`, 'broadcasts');
			expect(new Set(found.map((one) => one.status))).toEqual(new Set([status]));
			const stats = await rows(`/broadcasts/stats?status=${status}`, 'broadcasts');
			expect(stats.map(({ id }) => id)).toEqual(found.map(({ id }) => id));
		}
		const naming = refusal('Status must be one of: draft, scheduled, sending, completed, aborted');
		expect(await kit('GET', '/broadcasts?status=sent')).toEqual(naming);
		expect(await kit('GET', '/broadcasts/stats?status=sent')).toEqual(naming);
	});

	test('are listed by when they were sent, without those that were not', async () => {
		const all = await rows('/broadcasts', 'broadcasts');
		const middle = String(all[20]?.send_at).slice(0, 10);
		const after = await rows(`/broadcasts?sent_after=${middle}`, 'broadcasts');
		const before = await rows(`/broadcasts?sent_before=${middle}`, 'broadcasts');
		const sent = all.filter(({ status }) => status !== 'draft' && status !== 'scheduled');
		expect([...after, ...before].map(({ id }) => id)).toEqual(sent.map(({ id }) => id));
		expect(before.length).toBeGreaterThan(0);
		expect(after.length).toBeGreaterThan(0);
	});

	test('are shorter without their content', async () => {
		const whole = await rows('/broadcasts', 'broadcasts');
		const slim = await rows('/broadcasts?slim=true', 'broadcasts');
		const left = ['content', 'public_url', 'email_address', 'email_template', 'subscriber_filter'];
		const without = Object.fromEntries(left.map((name) => [name, undefined]));
		expect(slim).toEqual(whole.map((one) => ({ ...one, ...without })));
		for (const name of left) expect(slim[0]).not.toHaveProperty(name);
		expect(await rows('/broadcasts?slim=1', 'broadcasts')).toEqual(slim);
	});

	test('are those that subscribers are filtered by', async () => {
		const [broadcast] = await rows('/broadcasts?status=completed', 'broadcasts');
		const { body } = await kit<{ subscribers: object[] }>('POST', '/subscribers/filter', {
			all: [{ type: 'opens', any: [{ type: 'broadcasts', ids: [broadcast?.id] }] }],
		});
		const stats = await statsOf(broadcast ?? { id: 0 });
		expect(stats).toMatchObject({ emails_opened: body.subscribers.length });
	});
});

test('the clock is moved over HTTP, and reset', async () => {
	const { id } = await create({ send_at: inSeconds(3600) });
	const path = `/broadcasts/${String(id)}`;
	expect((await client.control('POST', 'clock', { advanceSeconds: 7200 })).status).toBe(204);
	expect(await row(200, 'broadcast', 'GET', path)).toMatchObject({ status: 'completed' });
	const later = await create();
	expect(Date.parse(String(later.created_at))).toBeGreaterThan(Date.now() + 3600 * 1000);
	client.sandbox.reset();
	const now = await create();
	expect(Date.parse(String(now.created_at))).toBeLessThanOrEqual(Date.now());
	for (const body of [{}, { advanceSeconds: -1 }, { advanceSeconds: '1' }]) {
		expect((await client.control('POST', 'clock', body)).status).toBe(400);
	}
});

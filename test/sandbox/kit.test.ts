import { NOT_FOUND, refusal, useKit } from './client';
import type { Row } from './client';

const client = useKit();
const { kit, row, rows } = client;

interface List {
	[key: string]: unknown;
	pagination: Record<'has_previous_page' | 'has_next_page', boolean> &
		Record<'start_cursor' | 'end_cursor', string> & { per_page: number; total_count?: number };
}

const subscriber = async (email_address: string, more: object = {}) =>
	await row(201, 'subscriber', 'POST', '/subscribers', { email_address, ...more });
const tag = async (name: string) => await row(201, 'tag', 'POST', '/tags', { name });
const ids = (found: readonly Row[]) => found.map(({ id }) => id);
const addresses = (found: readonly Row[]) => found.map((one) => one.email_address);
const status = async (...request: Parameters<typeof kit>) => (await kit(...request)).status;
const filter = async (body: object) =>
	(await kit<List & { subscribers: Row[] }>('POST', '/subscribers/filter', { all: [], ...body }))
		.body;
const filtered = async (...all: object[]) => addresses((await filter({ all })).subscribers);
const today = () => new Date().toISOString().slice(0, 10);

/** A list with the newest form or tag in its path. */
async function pathOf(list: string): Promise<string> {
	const [, groups = ''] = /^(\/\w+)\/{id}/.exec(list) ?? [];
	return groups === '' ? list : list.replace('{id}', String((await rows(groups)).at(-1)?.id));
}

/** All rows of a list, three at a time. */
async function walk(path: string): Promise<Row[]> {
	const key = /\w+(?=\?|$)/.exec(path)?.[0] ?? '';
	const found: Row[] = [];
	for (let after = '', more = true; more;) {
		const query = `per_page=3&after=${encodeURIComponent(after)}`;
		const { body } = await kit<List>('GET', `${path}${path.includes('?') ? '&' : '?'}${query}`);
		found.push(...(body[key] as Row[]));
		({ has_next_page: more, end_cursor: after } = body.pagination);
	}
	return found;
}

describe('Lists', () => {
	test.each([
		['/subscribers?status=all', 'id'],
		['/subscribers?sort_field=created_at', 'created_at'],
		['/broadcasts', 'id'],
		['/forms/{id}/subscribers?status=all', 'added_at'],
		['/tags/{id}/subscribers?status=all', 'tagged_at'],
	])('%s is walked over page by page, newest first', async (list, by) => {
		const path = await pathOf(list);
		const whole = await rows(path);
		expect(whole.length).toBeGreaterThan(3);
		expect(await walk(path)).toEqual(whole);
		const order = whole.map((one) => one[by] as string | number);
		expect(order).toEqual([...order].sort((a, b) => (a < b ? 1 : -1)));
	});

	test('go back by `before`, and count only when asked', async () => {
		const page = async (query: string) =>
			(await kit<List>('GET', `/subscribers?per_page=5${query}`)).body;
		const first = await page('');
		const second = await page(`&after=${first.pagination.end_cursor}`);
		expect(await page(`&before=${second.pagination.start_cursor}`)).toEqual(first);
		expect([first, second].map((one) => one.pagination.has_previous_page)).toEqual([false, true]);
		expect(first.pagination).not.toHaveProperty('total_count');
		const counted = await page('&status=all&include_total_count=true');
		expect(counted.pagination.total_count).toBe(50);
		const empty = await page('&email_address=no@example.com');
		expect(empty.pagination).toMatchObject({ start_cursor: null, end_cursor: null, per_page: 5 });
	});

	test.each([
		['/subscribers?status=all', 'created', 'created_at'],
		['/forms/{id}/subscribers?status=all', 'added', 'added_at'],
		['/broadcasts?status=completed', 'sent', 'send_at'],
	])('%s has two halves by the days of “%s”', async (list, day, at) => {
		const path = await pathOf(list);
		const all = await rows(path);
		const middle = String(all[Math.floor(all.length / 2)]?.[at]).slice(0, 10);
		const after = ids(await rows(`${path}&${day}_after=${middle}`));
		const before = ids(await rows(`${path}&${day}_before=${middle}`));
		expect([...after, ...before]).toEqual(ids(all));
		expect(after.length * before.length).toBeGreaterThan(0);
	});

	test('are filtered by status and type', async () => {
		const active = (await rows('/subscribers?status=all')).filter((one) => one.state === 'active');
		expect(ids(await rows('/subscribers'))).toEqual(ids(active));
		for (const wanted of ['draft', 'scheduled', 'sending', 'completed', 'aborted']) {
			const found = await rows(`/broadcasts?status=${wanted}`);
			expect(new Set(found.map((one) => one.status))).toEqual(new Set([wanted]));
		}
		for (const type of ['embed', 'hosted']) {
			const found = await rows(`/forms?type=${type}`);
			expect(new Set(found.map((one) => one.type))).toEqual(new Set([type]));
		}
		expect((await rows('/forms?status=archived')).length).toBeGreaterThan(0);
	});
});

describe('Subscribers', () => {
	test('are created or found by address, whose state stays', async () => {
		const created = await subscriber('Ann@example.com', { first_name: 'Ann', state: 'inactive' });
		const body = { email_address: 'ann@example.com', first_name: 'Anna', state: 'active' };
		const again = await row(200, 'subscriber', 'POST', '/subscribers', body);
		expect(again).toEqual({ ...created, first_name: 'Anna' });
		const path = '/subscribers?status=all&email_address=ann@example.com,no@example.com';
		expect(ids(await rows(path))).toEqual([created.id]);
	});

	test('bring warnings of custom fields that there are not, and take more than ten later', async () => {
		const warned = await kit<{ subscriber: Row; warnings: string[] }>('POST', '/subscribers', {
			email_address: 'warn@example.com',
			fields: { last_name: 'Lee', nothing: 'x' },
		});
		expect(warned.body.subscriber.fields).toEqual({ last_name: 'Lee' });
		expect(warned.body.warnings).toEqual([expect.stringContaining('nothing')]);
		const labels = Array.from({ length: 11 }, (_, n) => `Extra ${String(n)}`);
		for (const label of labels) await kit('POST', '/custom_fields', { label });
		const fields = Object.fromEntries(labels.map((_, n) => [`extra_${String(n)}`, 'v']));
		const many = { email_address: 'many@example.com', fields };
		const { id, fields: unset } = await row(202, 'subscriber', 'POST', '/subscribers', many);
		expect(unset).toMatchObject({ extra_10: null });
		const path = `/subscribers/${String(id)}`;
		const values = async () => (await row(200, 'subscriber', 'GET', path)).fields as object;
		for (let set: object = {}; !Object.values(set).includes('v');) set = await values();
	});

	test('leave, and are found among those who left', async () => {
		const { id } = await subscriber('leaving@example.com');
		expect(await status('POST', `/subscribers/${String(id)}/unsubscribe`, {})).toBe(204);
		expect(ids(await rows('/subscribers'))).not.toContain(id);
		const query = 'sort_field=cancelled_at&include=canceled_at&per_page=1';
		const [last] = await rows(`/subscribers?status=cancelled&${query}`);
		expect(last).toMatchObject({ id, canceled_at: expect.any(String) as unknown });
	});
});

describe('The filter', () => {
	test('finds by tag, state, day and custom field, all at once', async () => {
		const [vip, other] = [await tag('Very important'), await tag('Other')];
		const fields = await rows('/custom_fields');
		const score = fields.find(({ key }) => key === 'lead_score')?.id;
		const [a, b] = ['ann@example.com', 'ben@example.com'] as const;
		for (const [address, lead_score, { id }] of [
			[a, '200', vip],
			[b, '30', other],
		] as const) {
			const made = await subscriber(address, { fields: { lead_score } });
			await kit('POST', `/tags/${String(id)}/subscribers/${String(made.id)}`, {});
			if (address === a) await kit('POST', `/subscribers/${String(made.id)}/unsubscribe`, {});
		}
		const tags = { type: 'tags', any: [{ type: 'ids', matching: [vip.id, other.id] }] };
		const field = (comparison: string, value?: string) =>
			({ type: 'custom_field', subscriber_custom_field_id: score, comparison, value }) as object;
		for (const [condition, found] of [
			[field('greater_than', '30'), [a]],
			[field('less_than_or_equal', '30'), [b]],
			[field('is', '30'), [b]],
			[field('contains', '00'), [a]],
			[field('has_value'), [b, a]],
			[{ type: 'subscriber_state', states: ['active'] }, [b]],
			[{ type: 'subscribed', after: today() }, [b, a]],
			[{ type: 'subscribed', after: today(), before: today() }, [b, a]],
			[{ type: 'subscribed', before: '2020-01-01' }, []],
		] as const) {
			expect([condition, await filtered(tags, condition)]).toEqual([condition, found]);
		}
	});

	test('finds by place, in a box, and sorts by distance', async () => {
		const { id } = await subscriber('far@example.com');
		const location = { country_code: 'NZ', latitude: -45, longitude: 170 };
		await kit('POST', `/subscribers/${String(id)}/location`, { location });
		const near = { type: 'location', latitude: -45.5, longitude: 170 };
		expect(await filtered({ ...near, radius: 50 })).toEqual(['far@example.com']);
		expect(await filtered({ ...near, radius: 20 })).toEqual([]);
		const sorted = { sort_field: 'location__distance', sort_order: 'asc' };
		const all = [{ ...near, radius: 20_000 }];
		const { subscribers } = await filter({ all, include: [{ type: 'location' }], ...sorted });
		const distances = subscribers.map((one) => {
			const { latitude, longitude } = one.location as Record<string, number>;
			return Math.hypot((latitude ?? 0) + 45.5, (longitude ?? 0) - 170);
		});
		expect(distances.length).toBeGreaterThan(1);
		expect(distances).toEqual([...distances].sort((x, y) => x - y));
	});

	test('finds by form, source and engagement', async () => {
		const [first, second] = ids(await rows('/forms?status=all')).reverse();
		const by = (...any: object[]) => ({ type: 'attribution', any });
		const form = (id?: number) => ({ type: 'forms', ids: [id] });
		const one = (await filtered(by(form(first)))).length;
		expect((await filtered(by(form(first), form(second)))).length).toBeGreaterThan(one);
		await subscriber('source@example.com');
		const source = { type: 'kit_source', source_type: 'api_subscription', source_names: ['Maton'] };
		expect(await filtered(by(source))).toEqual(['source@example.com']);
		const opened = await filtered({ type: 'opens' });
		const never = await filtered({ type: 'opens', count_less_than: 1 });
		expect(opened.length * never.length).toBeGreaterThan(0);
		expect([...opened, ...never].sort()).toEqual([...(await filtered())].sort());
		expect(opened).toEqual(expect.arrayContaining(await filtered({ type: 'clicks' })));
	});

	test('pages by its body, at most 100, with the flags turned round on the way back', async () => {
		expect((await filter({ per_page: 1000 })).pagination.per_page).toBe(100);
		const sorted = { sort_field: 'email_address', sort_order: 'asc', per_page: 2 };
		const first = await filter(sorted);
		const second = await filter({ ...sorted, after: first.pagination.end_cursor });
		const seen = addresses([...first.subscribers, ...second.subscribers]);
		expect(seen).toEqual((await filtered()).sort().slice(0, 4));
		const back = await filter({ ...sorted, before: second.pagination.start_cursor });
		expect(back.subscribers).toEqual(first.subscribers);
		expect(back.pagination).toMatchObject({ has_previous_page: true, has_next_page: false });
	});
});

const UTM = { source: 'social', medium: null, campaign: null, term: null, content: null };
const referrer = 'https://www.example.com/offer?utm_source=social';

test.each([
	['tags', { tagged_at: expect.any(String) as unknown }],
	['forms', { referrer, referrer_utm_parameters: UTM, added_at: expect.any(String) as unknown }],
	['sequences', { added_at: expect.any(String) as unknown }],
])('A subscriber is added to one of the %s by address or id, and counted', async (list, more) => {
	const group = (await rows(`/${list}`)).at(-1);
	const query = list === 'sequences' ? '' : '?include=subscriber_count';
	const counted = async () => (await rows(`/${list}${query}`)).at(-1)?.subscriber_count;
	const before = Number(await counted());
	const path = `/${list}/${String(group?.id)}/subscribers`;
	const { id } = await subscriber('ann@example.com');
	const sent = { email_address: 'ANN@example.com', ...(list === 'forms' && { referrer }) };
	const added = await row(201, 'subscriber', 'POST', path, sent);
	expect(added).toMatchObject({ id, fields: {}, ...more });
	expect(await row(200, 'subscriber', 'POST', `${path}/${String(id)}`, {})).toEqual(added);
	expect((await rows(path))[0]).toMatchObject({ id, ...more });
	expect(await counted()).toBe(before + 1);
	const nobody = { email_address: 'nobody@example.com' };
	expect(await kit('POST', path, nobody)).toEqual(NOT_FOUND);
	expect(await kit('POST', `${path}/1`, {})).toEqual(NOT_FOUND);
	await kit('POST', `/subscribers/${String(id)}/unsubscribe`, {});
	expect(await counted()).toBe(before);
});

test('A broadcast goes from draft to completed as the clock moves, and then stays', async () => {
	const LETTER = { subject: 'Hello', content: '<p><a href="https://www.example.com/a">A</a></p>' };
	const made = await row(201, 'broadcast', 'POST', '/broadcasts', LETTER);
	expect(made).toMatchObject({ ...LETTER, status: 'draft', public_url: null });
	const path = `/broadcasts/${String(made.id)}`;
	const inAnHour = { send_at: new Date(Date.now() + 3_600_000).toISOString() };
	const put = async (body: object) => await row(200, 'broadcast', 'PUT', path, body);
	const get = async (more = '') => await row(200, 'broadcast', 'GET', path + more);
	expect(await put(inAnHour)).toMatchObject({ status: 'scheduled' });
	expect(await put({ send_at: null, public: true })).toMatchObject({ status: 'draft' });
	expect((await get('/stats')).stats).toMatchObject({ recipients: 0, progress: 0 });
	await put(inAnHour);
	client.sandbox.advance(3610);
	expect(await get()).toMatchObject({ status: 'sending' });
	const already = refusal('Broadcast is already sending.');
	expect(await kit('PUT', path, { subject: 'New' })).toEqual(already);
	expect(await kit('DELETE', path)).toEqual(already);
	client.sandbox.advance(60);
	expect((await get('/stats')).stats).toMatchObject({ progress: 1, status: 'completed' });
	expect(await get('/clicks')).toMatchObject({ clicks: [{ url: 'https://www.example.com/a' }] });
	const { publication_id, public_url, subject: title } = await get();
	const post = { publication_id, public_url, title, content: LETTER.content };
	expect((await rows('/posts?include_content=true'))[0]).toMatchObject(post);
});

describe('Signed webhooks', () => {
	const create = async (url: string) =>
		await kit<{ webhook_endpoint: Row }>('POST', '/webhook_endpoints', {
			url,
			events: ['tag.created'],
		});

	test('rotate their secret one at a time unless forced, and keep the one before for a while', async () => {
		const { body } = await create('https://hooks.example.com/in');
		const { secret, ...made } = body.webhook_endpoint;
		const path = `/webhook_endpoints/${String(made.id)}`;
		const post = async (action: string, sent?: object) =>
			await row(200, 'webhook_endpoint', 'POST', `${path}/${action}`, sent);
		const rotated = await post('rotate_secret');
		expect(rotated.secret).not.toBe(secret);
		expect(await status('POST', `${path}/rotate_secret`, {})).toBe(409);
		expect((await post('rotate_secret', { force: true })).secret).not.toBe(rotated.secret);
		expect(await post('revoke_previous_secret')).toEqual(made);
		expect(await post('rotate_secret')).not.toMatchObject(made);
		client.sandbox.advance(2 * 24 * 3600);
		expect(await row(200, 'webhook_endpoint', 'GET', path)).toEqual(made);
	});

	test.each([
		...['http://localhost:5678/a', 'http://127.0.0.1:1/', 'http://[::1]/', 'http://0x7f.1/'],
	])('lead to %s, which is this machine, only where told to', async (url) => {
		expect((await create(url)).status).toBe(422);
		client.sandbox.settings.allowLoopbackWebhooks = true;
		expect((await create(url)).status).toBe(201);
	});

	test.each([
		...['http://10.1.2.3/', 'http://172.16.0.1/', 'http://169.254.169.254/latest'],
		...['http://100.64.0.1/', 'http://0.0.0.0/', 'http://[::]/', 'http://[fe80::1]/'],
		...['http://[fd00::1]/', 'http://[::ffff:10.0.0.1]/', 'http://intranet/'],
		...['http://db.internal/', 'ftp://hooks.example.com/', ''],
	])('never lead to %j, which is inside', async (url) => {
		client.sandbox.settings.allowLoopbackWebhooks = true;
		expect((await create(url)).status).toBe(422);
	});
});

test.each([
	[
		'subscribers',
		'email_address',
		['there@a.co', 'b@a.co', 'a@a.co'],
		['b@a.co', 'a@a.co', 'there@a.co'],
	],
	['tags', 'name', ['VIP', 'New', 'Newsletter'], ['Newsletter', 'VIP', 'New']],
	['custom_fields', 'label', ['Zip', 'Color'], ['Color', 'Zip']],
])('A bulk request answers its %s in an order of its own', async (list, key, sent, answered) => {
	await kit('POST', '/subscribers', { email_address: 'there@a.co' });
	const body = { [list]: sent.map((value) => ({ [key]: value })) };
	const reply = await kit<Record<string, Row[]>>('POST', `/bulk/${list}`, body);
	expect(reply.body[list]?.map((one) => one[key])).toEqual(answered);
});

test('A bulk request of more than a hundred is queued', async () => {
	const tags = Array.from({ length: 101 }, (_, n) => ({ name: `Queued ${String(n)}` }));
	expect(await kit('POST', '/bulk/tags', { tags })).toEqual({ status: 202, body: {} });
	for (let names: unknown[] = []; !names.includes('Queued 100');) {
		names = (await rows('/tags')).map(({ name }) => name);
	}
});

import { NOT_FOUND, refusal, useKit } from './client';
import type { Row } from './client';

const client = useKit();
const { kit, row, rows } = client;

interface List {
	[key: string]: unknown;
	pagination: {
		has_previous_page: boolean;
		has_next_page: boolean;
		start_cursor: string;
		end_cursor: string;
		per_page: number;
		total_count?: number;
	};
}

const subscriber = async (email_address: string, more: object = {}) =>
	await row(201, 'subscriber', 'POST', '/subscribers', { email_address, ...more });
const tag = async (name: string) => await row(201, 'tag', 'POST', '/tags', { name });
const sequence = async (about: object = {}) =>
	await row(201, 'sequence', 'POST', '/sequences', { name: 'Series', ...about });
const LETTER = { subject: 'Hello', content: '<p><a href="https://www.example.com/a">A</a></p>' };
const broadcast = async (about: object = {}) =>
	await row(201, 'broadcast', 'POST', '/broadcasts', { ...LETTER, ...about });
const ids = (found: readonly Row[]) => found.map(({ id }) => id);
const addresses = (found: readonly Row[]) => found.map((one) => one.email_address);
const idOf = ({ id }: Row) => String(id);
const status = async (...request: Parameters<typeof kit>) => (await kit(...request)).status;
const filter = async (body: object) =>
	(await kit<List & { subscribers: Row[] }>('POST', '/subscribers/filter', { all: [], ...body }))
		.body;
const filtered = async (...all: object[]) => addresses((await filter({ all })).subscribers);

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
	])('%s is walked over page by page, newest first', async (path, by) => {
		const group = path.includes('{id}') ? await rows(path.replace(/\/{id}.*/, '')) : [];
		const list = path.replace('{id}', String(group.at(-1)?.id));
		const whole = await rows(list);
		expect(whole.length).toBeGreaterThan(3);
		expect(await walk(list)).toEqual(whole);
		const order = whole.map((one) => one[by] as string | number);
		expect(order).toEqual([...order].sort((a, b) => (a < b ? 1 : -1)));
	});

	test('go back by `before`, and count only when asked', async () => {
		const page = async (query: string) =>
			(await kit<List>('GET', `/subscribers?per_page=5${query}`)).body;
		const first = await page('');
		const second = await page(`&after=${first.pagination.end_cursor}`);
		expect(await page(`&before=${second.pagination.start_cursor}`)).toEqual(first);
		expect(first.pagination.has_previous_page).toBe(false);
		expect(second.pagination.has_previous_page).toBe(true);
		expect(first.pagination).not.toHaveProperty('total_count');
		const counted = await page('&status=all&include_total_count=true');
		expect(counted.pagination.total_count).toBe(50);
		const empty = await page('&email_address=no@example.com');
		expect(empty.pagination).toMatchObject({ start_cursor: null, end_cursor: null, per_page: 5 });
	});

	test.each([
		['/subscribers?status=all', 'created', 'created_at'],
		['/forms/{form}/subscribers?status=all', 'added', 'added_at'],
		['/broadcasts?status=completed', 'sent', 'send_at'],
	])('%s has two halves by the days of “%s”', async (path, day, at) => {
		const list = path.replace('{form}', String((await rows('/forms')).at(-1)?.id));
		const all = await rows(list);
		const middle = String(all[Math.floor(all.length / 2)]?.[at]).slice(0, 10);
		const after = ids(await rows(`${list}&${day}_after=${middle}`));
		const before = ids(await rows(`${list}&${day}_before=${middle}`));
		expect([...after, ...before]).toEqual(ids(all));
		expect(after.length * before.length).toBeGreaterThan(0);
	});

	test('are filtered by status and type', async () => {
		const all = await rows('/subscribers?status=all');
		const active = all.filter(({ state }) => state === 'active');
		expect(ids(await rows('/subscribers'))).toEqual(ids(active));
		for (const status of ['draft', 'scheduled', 'sending', 'completed', 'aborted']) {
			const found = await rows(`/broadcasts?status=${status}`);
			expect(new Set(found.map((one) => one.status))).toEqual(new Set([status]));
		}
		const forms = async (query: string) => (await rows(`/forms${query}`)).length;
		expect(await forms('?status=all')).toBe((await forms('')) + (await forms('?status=archived')));
		expect(await forms('')).toBe((await forms('?type=embed')) + (await forms('?type=hosted')));
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
		expect(await kit('GET', `/subscribers?${query}`)).toEqual(
			refusal('The status param must be `cancelled` if sort_field is `cancelled_at`'),
		);
	});

	test('have figures of the last five years', async () => {
		const path = `/subscribers/${String((await rows('/subscribers')).at(-1)?.id)}/stats`;
		const year = new Date().getUTCFullYear();
		const since = async (ago: number) =>
			await status('GET', `${path}?email_sent_after=${String(year - ago)}-01-01`);
		expect([await since(4), await since(7)]).toEqual([200, 400]);
	});

	test('are pinned to a place until they are let go', async () => {
		const { id } = await subscriber('place@example.com');
		const path = `/subscribers/${String(id)}/location`;
		const query = '/subscribers?include=location&email_address=place@example.com';
		const places = async () => (await rows(query)).map(({ location }) => location);
		await kit('POST', path, {
			location: { country_code: 'US', latitude: 43.62, longitude: -116.2 },
		});
		expect(await places()).toMatchObject([{ country: 'US', latitude: 43.62 }]);
		expect(await status('DELETE', path)).toBe(204);
		expect(await places()).toEqual([null]);
	});
});

describe('The filter', () => {
	test('finds by tag, state, day and custom field, all at once', async () => {
		const [vip, other] = [await tag('Very important'), await tag('Other')];
		const fields = await rows('/custom_fields');
		const score = fields.find(({ key }) => key === 'lead_score')?.id;
		const [a, b] = ['ann@example.com', 'ben@example.com'] as const;
		const ann = await subscriber(a, { fields: { lead_score: '200' } });
		const ben = await subscriber(b, { fields: { lead_score: '30' } });
		await kit('POST', `/tags/${idOf(vip)}/subscribers/${idOf(ann)}`, {});
		await kit('POST', `/tags/${idOf(other)}/subscribers/${idOf(ben)}`, {});
		await kit('POST', `/subscribers/${idOf(ann)}/unsubscribe`, {});
		const tags = { type: 'tags', any: [{ type: 'ids', matching: [vip.id, other.id] }] };
		const field = (comparison: string, value?: string) =>
			({ type: 'custom_field', subscriber_custom_field_id: score, comparison, value }) as object;
		const after = new Date().toISOString().slice(0, 10);
		for (const [condition, found] of [
			[field('greater_than', '30'), [a]],
			[field('less_than_or_equal', '30'), [b]],
			[field('is', '30'), [b]],
			[field('contains', '00'), [a]],
			[field('has_value'), [b, a]],
			[{ type: 'subscriber_state', states: ['active'] }, [b]],
			[{ type: 'subscribed', after }, [b, a]],
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
		expect(await status('POST', '/subscribers/filter', { all: [], ...sorted })).toBe(500);
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
		const types = ['attribution', 'tags', 'location', 'canceled_at', 'stats', 'custom_fields'];
		const { subscribers } = await filter({ include: types.map((type) => ({ type })) });
		expect(Object.keys(subscribers[0] ?? {})).toEqual([
			...['id', 'first_name', 'email_address', 'created_at', 'tag_names', 'tag_ids'],
			...['attribution', 'tags', 'location', 'canceled_at', 'stats', 'fields'],
		]);
	});
});

describe('Tags, forms, sequences and custom fields', () => {
	const UTM = { source: 'social', medium: null, campaign: null, term: null, content: null };
	const referrer = 'https://www.example.com/offer?utm_source=social';

	test.each([
		['tags', { tagged_at: expect.any(String) as unknown }],
		['forms', { referrer, referrer_utm_parameters: UTM, added_at: expect.any(String) as unknown }],
		['sequences', { added_at: expect.any(String) as unknown }],
	])('a subscriber is added to one of the %s by address or id, and counted', async (list, more) => {
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

	test('nobody is added to a sequence that is not active', async () => {
		const { id } = await sequence({ active: false });
		const { email_address } = await subscriber('ann@example.com');
		const reply = await kit('POST', `/sequences/${String(id)}/subscribers`, { email_address });
		expect(reply).toEqual(refusal('Sequence is inactive'));
	});
});

describe('Broadcasts', () => {
	test('go from draft to completed as the clock moves, and then stay', async () => {
		const made = await broadcast();
		expect(made).toMatchObject({ ...LETTER, status: 'draft', public_url: null });
		const path = `/broadcasts/${idOf(made)}`;
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
		const clicks = [{ url: 'https://www.example.com/a' }];
		expect(await get('/clicks')).toMatchObject({ clicks });
		const { publication_id, public_url, subject: title } = await get();
		const post = { publication_id, public_url, title, content: LETTER.content };
		expect((await rows('/posts?include_content=true'))[0]).toMatchObject(post);
	});
});

describe('Webhooks', () => {
	const HERE = [
		'http://localhost:5678/a',
		'http://127.0.0.1:1/',
		'http://[::1]/',
		'http://0x7f.1/',
	];
	const INSIDE = [
		...['http://10.1.2.3/', 'http://172.16.0.1/', 'http://169.254.169.254/latest'],
		...['http://100.64.0.1/', 'http://0.0.0.0/', 'http://[::]/', 'http://[fe80::1]/'],
		...['http://[fd00::1]/', 'http://[::ffff:10.0.0.1]/', 'http://intranet/'],
		...['http://db.internal/', 'ftp://hooks.example.com/', ''],
	];
	const url = 'https://hooks.example.com/in';
	const create = async (about: object = {}) =>
		await row(201, 'webhook_endpoint', 'POST', '/webhook_endpoints', {
			url,
			events: ['subscriber.created', 'tag.created'],
			...about,
		});

	test('that are signed show their secret once, and rotate it one at a time unless forced', async () => {
		const { secret, ...made } = await create();
		expect(secret).toMatch(/^whsec_\w+$/);
		const path = `/webhook_endpoints/${idOf(made)}`;
		const post = async (action: string, body?: object) =>
			await row(200, 'webhook_endpoint', 'POST', `${path}/${action}`, body);
		expect(await row(200, 'webhook_endpoint', 'GET', path)).toEqual(made);
		const rotated = await post('rotate_secret');
		expect(rotated.previous_secret_expires_at).not.toBeNull();
		expect(await status('POST', `${path}/rotate_secret`, {})).toBe(409);
		expect((await post('rotate_secret', { force: true })).secret).not.toBe(rotated.secret);
		expect(await post('revoke_previous_secret')).toEqual(made);
		await post('rotate_secret');
		client.sandbox.advance(2 * 24 * 3600);
		expect(await row(200, 'webhook_endpoint', 'GET', path)).toEqual(made);
	});

	test('that are signed lead to this machine only where told to, and nowhere else inside', async () => {
		const answers = async (urls: string[]) => {
			const events = ['tag.created'];
			const made = urls.map((one) => status('POST', '/webhook_endpoints', { url: one, events }));
			return (await Promise.all(made)).map(
				(code, index) => `${String(code)} ${String(urls[index])}`,
			);
		};
		expect(await answers(HERE)).toEqual(HERE.map((one) => `422 ${one}`));
		await client.control('PUT', 'settings', { allowLoopbackWebhooks: true });
		expect(await answers(HERE)).toEqual(HERE.map((one) => `201 ${one}`));
		expect(await answers(INSIDE)).toEqual(INSIDE.map((one) => `422 ${one}`));
	});
});

describe('Bulk requests', () => {
	const bulk = async (method: string, path: string, body: object) =>
		(await kit<Record<string, Row[]>>(method, `/bulk${path}`, body)).body;

	test('answer in an order of their own', async () => {
		await subscriber('there@example.com');
		const sent = ['there@example.com', 'b@example.com', 'a@example.com'];
		const subscribers = sent.map((email_address) => ({ email_address }));
		const people = (await bulk('POST', '/subscribers', { subscribers })).subscribers ?? [];
		expect(addresses(people)).toEqual([...sent.slice(1), sent[0]]);
		for (const name of ['First', 'Second']) await tag(name);
		const tags = ['New', 'First', 'Second'].map((name) => ({ name }));
		const named = (await bulk('POST', '/tags', { tags })).tags ?? [];
		expect(named.map(({ name }) => name)).toEqual(['Second', 'First', 'New']);
		const custom_fields = ['Zip', 'Color'].map((label) => ({ label }));
		const fields = (await bulk('POST', '/custom_fields', { custom_fields })).custom_fields ?? [];
		expect(fields.map(({ label }) => label)).toEqual(['Color', 'Zip']);
		const [form] = await rows('/forms');
		const pairs = people.map(({ id: subscriber_id }) => ({ subscriber_id }));
		const turned = ids(people).reverse();
		const taggings = pairs.map((pair) => ({ ...pair, tag_id: named[0]?.id }));
		const tagged = await bulk('POST', '/tags/subscribers', { taggings });
		expect(ids(tagged.subscribers ?? [])).toEqual(turned);
		const additions = pairs.map((pair) => ({ ...pair, form_id: form?.id }));
		const added = await bulk('POST', '/forms/subscribers', { additions });
		expect(ids(added.subscribers ?? [])).toEqual(turned);
		const value = { subscriber_custom_field_id: fields[0]?.id, value: 'x' };
		const custom_field_values = pairs.map((pair) => ({ ...pair, ...value }));
		const set = await bulk('POST', '/custom_fields/subscribers', { custom_field_values });
		expect(set.custom_field_values).toEqual([...custom_field_values].reverse());
	});

	test('of more than a hundred are queued', async () => {
		const tags = Array.from({ length: 101 }, (_, n) => ({ name: `Queued ${String(n)}` }));
		expect(await kit('POST', '/bulk/tags', { tags })).toEqual({ status: 202, body: {} });
		for (let names: unknown[] = []; !names.includes('Queued 100');) {
			names = (await rows('/tags')).map(({ name }) => name);
		}
	});
});

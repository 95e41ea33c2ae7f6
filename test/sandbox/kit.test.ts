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
const addEmail = async ({ id }: Row, about: object = {}) =>
	await row(201, 'email', 'POST', `/sequences/${String(id)}/emails`, {
		subject: 'Step',
		delay_value: 1,
		delay_unit: 'days',
		...about,
	});
const LETTER = { subject: 'Hello', content: '<p><a href="https://www.example.com/a">A</a></p>' };
const broadcast = async (about: object = {}) =>
	await row(201, 'broadcast', 'POST', '/broadcasts', { ...LETTER, ...about });
const ids = (found: readonly Row[]) => found.map(({ id }) => id);
const idOf = ({ id }: Row) => String(id);
const filtered = async (...all: object[]) => {
	const { body } = await kit<{ subscribers: Row[] }>('POST', '/subscribers/filter', { all });
	return body.subscribers.map(({ email_address: address }) => address);
};
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

/** All rows of a list, so many at a time. */
async function walk(path: string, key: string, perPage: number): Promise<Row[]> {
	const found: Row[] = [];
	for (let after = '', more = true; more;) {
		const query = `per_page=${String(perPage)}&after=${encodeURIComponent(after)}`;
		const { body } = await kit<List>('GET', `${path}${path.includes('?') ? '&' : '?'}${query}`);
		found.push(...(body[key] as Row[]));
		({ has_next_page: more, end_cursor: after } = body.pagination);
	}
	return found;
}

describe('Lists', () => {
	test.each([
		['/subscribers?status=all', 'subscribers', 'id'],
		['/subscribers?sort_field=created_at', 'subscribers', 'created_at'],
		['/broadcasts', 'broadcasts', 'id'],
		['/tags', 'tags', 'id'],
		['/forms/{id}/subscribers?status=all', 'subscribers', 'added_at'],
		['/tags/{id}/subscribers?status=all', 'subscribers', 'tagged_at'],
	])('%s is walked over page by page, newest first', async (path, key, by) => {
		const list = path.split('/')[1] ?? '';
		const id = path.includes('{id}') ? (await rows(`/${list}`, list)).at(-1)?.id : undefined;
		const named = path.replace('{id}', String(id));
		const whole = await rows(named, key);
		expect(whole.length).toBeGreaterThan(3);
		expect(await walk(named, key, 3)).toEqual(whole);
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

	test('are filtered by their status and days', async () => {
		const filters = [
			['subscribers', 'subscribers', 'created', 'all'],
			['forms/{id}/subscribers', 'subscribers', 'added', 'all'],
			['broadcasts', 'broadcasts', 'sent', 'completed'],
		] as const;
		const [form] = (await rows('/forms', 'forms')).slice(-1);
		for (const [path, key, day, status] of filters) {
			const list = `/${path.replace('{id}', String(form?.id))}?status=${status}`;
			const all = await rows(list, key);
			const at = day === 'sent' ? 'send_at' : `${day}_at`;
			const middle = String(all[Math.floor(all.length / 2)]?.[at]).slice(0, 10);
			const after = ids(await rows(`${list}&${day}_after=${middle}`, key));
			const before = ids(await rows(`${list}&${day}_before=${middle}`, key));
			expect([...after, ...before]).toEqual(ids(all));
			expect(after.length * before.length).toBeGreaterThan(0);
		}
		const active = ids(await rows('/subscribers', 'subscribers'));
		const all = await rows('/subscribers?status=all', 'subscribers');
		expect(active).toEqual(ids(all.filter(({ state }) => state === 'active')));
		for (const status of ['draft', 'scheduled', 'sending', 'completed', 'aborted']) {
			const found = await rows(`/broadcasts?status=${status}`, 'broadcasts');
			expect(new Set(found.map((one) => one.status))).toEqual(new Set([status]));
		}
		const forms = async (query: string) => (await rows(`/forms${query}`, 'forms')).length;
		expect(await forms('?status=all')).toBe((await forms('')) + (await forms('?status=archived')));
		expect(await forms('')).toBe((await forms('?type=embed')) + (await forms('?type=hosted')));
	});

	test('are slim where asked to', async () => {
		const left = ['content', 'public_url', 'email_address', 'email_template', 'subscriber_filter'];
		for (const [list, keys] of Object.entries({ subscribers: ['fields'], broadcasts: left })) {
			const without = Object.fromEntries(keys.map((name) => [name, undefined]));
			const whole = await rows(`/${list}`, list);
			const slim = await rows(`/${list}?slim=true`, list);
			expect(slim).toEqual(whole.map((one) => ({ ...one, ...without })));
			for (const name of keys) expect(slim[0]).not.toHaveProperty(name);
		}
	});

	test('of another account are others', async () => {
		const names = async (connection: string) => {
			const headers = {
				authorization: `Bearer ${client.sandbox.keys.main}`,
				'maton-connection': connection,
			};
			const response = await fetch(`${client.sandbox.url}/kit/v4/forms`, { headers });
			return ((await response.json()) as { forms: Row[] }).forms.map(({ name }) => name);
		};
		const { main, second } = client.sandbox.connections;
		expect(await names(second)).not.toEqual(await names(main));
	});
});

describe('Subscribers', () => {
	test('are created or found by address, whose state stays', async () => {
		const created = await subscriber('Ann@example.com', { first_name: 'Ann', state: 'inactive' });
		const body = { email_address: 'ann@example.com', first_name: 'Anna', state: 'active' };
		const again = await row(200, 'subscriber', 'POST', '/subscribers', body);
		expect(again).toEqual({ ...created, first_name: 'Anna' });
		const path = '/subscribers?status=all&email_address=ann@example.com,no@example.com';
		expect(ids(await rows(path, 'subscribers'))).toEqual([created.id]);
	});

	test('move to an address that is free', async () => {
		const { id } = await subscriber('one@example.com');
		await subscriber('two@example.com');
		const put = async (email_address: string) =>
			await kit('PUT', `/subscribers/${String(id)}`, { email_address });
		expect(await put('two@example.com')).toEqual(refusal('Email address has already been taken'));
		expect((await put('uno@example.com')).status).toBe(200);
		expect(await rows('/subscribers?email_address=one@example.com', 'subscribers')).toEqual([]);
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
		const values = async () =>
			(await row(200, 'subscriber', 'GET', `/subscribers/${String(id)}`)).fields as object;
		for (let set: object = {}; !Object.values(set).includes('v');) set = await values();
	});

	test('leave, and are found among those who left', async () => {
		const { id } = await subscriber('leaving@example.com');
		expect((await kit('POST', `/subscribers/${String(id)}/unsubscribe`, {})).status).toBe(204);
		expect(ids(await rows('/subscribers', 'subscribers'))).not.toContain(id);
		const query = 'sort_field=cancelled_at&include=canceled_at&per_page=1';
		const [last] = await rows(`/subscribers?status=cancelled&${query}`, 'subscribers');
		expect(last).toMatchObject({ id, canceled_at: expect.any(String) as unknown });
		expect(await kit('GET', `/subscribers?${query}`)).toEqual(
			refusal('The status param must be `cancelled` if sort_field is `cancelled_at`'),
		);
	});

	test('are sorted by what they did, but not those with an address', async () => {
		const query = 'sort_field=engagement__opens&sort_order=asc&status=all';
		expect(await rows(`/subscribers?${query}`, 'subscribers')).toHaveLength(50);
		const named = await kit('GET', `/subscribers?${query}&email_address=one@example.com`);
		expect(named.status).toBe(422);
	});

	test('have figures of the last five years', async () => {
		const oldest = (await rows('/subscribers', 'subscribers')).at(-1);
		const path = `/subscribers/${String(oldest?.id)}/stats`;
		const found = await row(200, 'subscriber', 'GET', path);
		expect(found.stats).toMatchObject({ sent: expect.any(Number) as unknown });
		const year = new Date().getUTCFullYear();
		const since = async (ago: number) =>
			(await kit('GET', `${path}?email_sent_after=${String(year - ago)}-01-01`)).status;
		expect([await since(4), await since(7)]).toEqual([200, 400]);
	});

	test('are pinned to a place, which is replaced as a whole, and let go', async () => {
		const { id } = await subscriber('place@example.com');
		const path = `/subscribers/${String(id)}/location`;
		const location = {
			city: 'Boise',
			state_province: 'Idaho',
			country_code: 'US',
			latitude: 43.62,
			longitude: -116.2,
			timezone: 'America/Denver',
		};
		await row(200, 'subscriber', 'POST', path, { location });
		const found = await row(200, 'subscriber', 'GET', `/subscribers/${String(id)}`);
		expect(found.location).toMatchObject({ city: 'Boise', country: 'US' });
		expect((await kit('PATCH', path, { location: { country_code: 'CA' } })).status).toBe(422);
		const moved = { location: { ...location, city: 'Meridian' } };
		expect((await row(200, 'subscriber', 'PATCH', path, moved)).location).toMatchObject({
			city: 'Meridian',
		});
		expect((await kit('DELETE', path)).status).toBe(204);
		const query = 'include=attribution,tags,location&email_address=place@example.com';
		const [listed] = await rows(`/subscribers?${query}`, 'subscribers');
		expect(listed).toMatchObject({ location: null, tags: [], attribution: {} });
	});
});

describe('The filter', () => {
	test('finds by tag, state, day and custom field, all at once', async () => {
		const [vip, other] = [await tag('Very important'), await tag('Other')];
		const fields = await rows('/custom_fields', 'custom_fields');
		const score = fields.find(({ key }) => key === 'lead_score')?.id;
		const ann = await subscriber('ann@example.com', { fields: { lead_score: '200' } });
		const ben = await subscriber('ben@example.com', { fields: { lead_score: '30' } });
		await kit('POST', `/tags/${idOf(vip)}/subscribers/${idOf(ann)}`, {});
		await kit('POST', `/tags/${idOf(other)}/subscribers/${idOf(ben)}`, {});
		const tags = { type: 'tags', any: [{ type: 'ids', matching: [vip.id, other.id] }] };
		const field = (comparison: string, value?: string) =>
			({ type: 'custom_field', subscriber_custom_field_id: score, comparison, value }) as object;
		const [a, b] = [ann.email_address, ben.email_address];
		expect(await filtered(tags)).toEqual([b, a]);
		expect(await filtered(tags, field('greater_than', '30'))).toEqual([a]);
		expect(await filtered(tags, field('less_than_or_equal', '30'))).toEqual([b]);
		expect(await filtered(tags, field('is', '30'))).toEqual([b]);
		expect(await filtered(tags, field('contains', '00'))).toEqual([a]);
		expect(await filtered(tags, field('has_value'))).toEqual([b, a]);
		await kit('POST', `/subscribers/${idOf(ann)}/unsubscribe`, {});
		expect(await filtered(tags, { type: 'subscriber_state', states: ['active'] })).toEqual([b]);
		const after = new Date().toISOString().slice(0, 10);
		expect(await filtered(tags, { type: 'subscribed', after })).toEqual([b, a]);
		expect(await filtered(tags, { type: 'subscribed', before: '2020-01-01' })).toEqual([]);
	});

	test('finds by place, in a box, and sorts by distance', async () => {
		const { id } = await subscriber('far@example.com');
		const location = { country_code: 'NZ', latitude: -45, longitude: 170 };
		await kit('POST', `/subscribers/${String(id)}/location`, { location });
		const near = { type: 'location', latitude: -45.5, longitude: 170 };
		expect(await filtered({ ...near, radius: 50 })).toEqual(['far@example.com']);
		expect(await filtered({ ...near, radius: 20 })).toEqual([]);
		const sorted = async (all: object[]) =>
			await kit<{ subscribers: Row[] }>('POST', '/subscribers/filter', {
				all,
				include: [{ type: 'location' }],
				sort_field: 'location__distance',
				sort_order: 'asc',
			});
		const { body } = await sorted([{ ...near, radius: 20_000 }]);
		const distances = body.subscribers.map((one) => {
			const { latitude, longitude } = one.location as Record<string, number>;
			return Math.hypot((latitude ?? 0) + 45.5, (longitude ?? 0) - 170);
		});
		expect(distances.length).toBeGreaterThan(1);
		expect(distances).toEqual([...distances].sort((x, y) => x - y));
		expect((await sorted([])).status).toBe(500);
	});

	test('finds by form, source and engagement', async () => {
		const [first, second] = ids(await rows('/forms?status=all', 'forms')).reverse();
		const by = (...any: object[]) => ({ type: 'attribution', any });
		const form = (id?: number) => ({ type: 'forms', ids: [id] });
		const one = (await filtered(by(form(first)))).length;
		expect((await filtered(by(form(first), form(second)))).length).toBeGreaterThan(one);
		await subscriber('source@example.com');
		const source = { type: 'kit_source', source_type: 'api_subscription', source_names: ['Maton'] };
		expect(await filtered(by(source))).toEqual(['source@example.com']);
		const [opened, never] = [
			await filtered({ type: 'opens' }),
			await filtered({ type: 'opens', count_less_than: 1 }),
		];
		expect(opened.length * never.length).toBeGreaterThan(0);
		expect([...opened, ...never].sort()).toEqual([...(await filtered())].sort());
		expect(opened).toEqual(expect.arrayContaining(await filtered({ type: 'clicks' })));
	});

	test('pages by its body, at most 100, with the flags turned round on the way back', async () => {
		const filter = async (body: object) =>
			(await kit<List>('POST', '/subscribers/filter', { all: [], ...body })).body;
		expect((await filter({ per_page: 1000 })).pagination.per_page).toBe(100);
		const sorted = { sort_field: 'email_address', sort_order: 'asc' };
		const addresses = (await filtered()).sort();
		const first = await filter({ ...sorted, per_page: 2 });
		const second = await filter({ ...sorted, per_page: 2, after: first.pagination.end_cursor });
		const seen = [...(first.subscribers as Row[]), ...(second.subscribers as Row[])];
		expect(seen.map((one) => one.email_address)).toEqual(addresses.slice(0, 4));
		const back = await filter({ ...sorted, per_page: 2, before: second.pagination.start_cursor });
		expect(back.subscribers).toEqual(first.subscribers);
		expect(back.pagination).toMatchObject({ has_previous_page: true, has_next_page: false });
		const types = ['attribution', 'tags', 'location', 'canceled_at', 'stats', 'custom_fields'];
		const { subscribers } = await filter({ include: types.map((type) => ({ type })) });
		expect(Object.keys((subscribers as Row[])[0] ?? {})).toEqual([
			...['id', 'first_name', 'email_address', 'created_at', 'tag_names', 'tag_ids'],
			...['attribution', 'tags', 'location', 'canceled_at', 'stats', 'fields'],
		]);
	});
});

describe('Tags, forms, sequences and custom fields', () => {
	test('a tag or a custom field is created once, and renamed unless the name is taken', async () => {
		for (const [list, key, name] of [
			['tags', 'tag', 'name'],
			['custom_fields', 'custom_field', 'label'],
		] as const) {
			const created = await row(201, key, 'POST', `/${list}`, { [name]: ' Zip Code ' });
			expect(await row(200, key, 'POST', `/${list}`, { [name]: 'Zip Code' })).toEqual(created);
			const path = `/${list}/${idOf(created)}`;
			const renamed = await row(200, key, 'PUT', path, { [name]: 'Post Code' });
			expect((await rows(`/${list}`, list))[0]).toEqual(renamed);
			const other = await row(201, key, 'POST', `/${list}`, { [name]: 'Other' });
			const taken = await kit('PUT', `/${list}/${idOf(other)}`, { [name]: 'Post Code' });
			expect(taken.status).toBe(422);
			expect((await kit('DELETE', path)).status).toBe(204);
			expect(await kit('DELETE', path)).toEqual(NOT_FOUND);
		}
	});

	test('a custom field has a key that follows its label, and takes its values with it', async () => {
		const body = { label: 'Zip Code' };
		const { id, ...field } = await row(201, 'custom_field', 'POST', '/custom_fields', body);
		const name = `ck_field_${String(id)}_zip_code`;
		expect(field).toEqual({ name, key: 'zip_code', label: 'Zip Code' });
		const ann = await subscriber('ann@example.com', { fields: { zip_code: '1' } });
		await kit('DELETE', `/custom_fields/${String(id)}`);
		await kit('POST', '/custom_fields', body);
		const found = await row(200, 'subscriber', 'GET', `/subscribers/${idOf(ann)}`);
		expect(found.fields).toMatchObject({ zip_code: null });
	});

	const UTM = { source: 'social', medium: null, campaign: null, term: null, content: null };
	const referrer = 'https://www.example.com/offer?utm_source=social';

	test.each([
		['tags', { tagged_at: expect.any(String) as unknown }],
		['forms', { referrer, referrer_utm_parameters: UTM, added_at: expect.any(String) as unknown }],
		['sequences', { added_at: expect.any(String) as unknown }],
	])('a subscriber is added to one of the %s by address or id, and counted', async (list, more) => {
		const [group] = (await rows(`/${list}`, list)).slice(-1);
		const query = list === 'sequences' ? '' : '?include=subscriber_count';
		const counted = async () => (await rows(`/${list}${query}`, list)).at(-1)?.subscriber_count;
		const before = Number(await counted());
		const path = `/${list}/${String(group?.id)}/subscribers`;
		const { id } = await subscriber('ann@example.com');
		const sent = { email_address: 'ANN@example.com', ...(list === 'forms' && { referrer }) };
		const added = await row(201, 'subscriber', 'POST', path, sent);
		expect(added).toMatchObject({ id, fields: {}, ...more });
		const one = `${path}/${String(id)}`;
		expect(await row(200, 'subscriber', 'POST', one, {})).toEqual(added);
		expect((await rows(path, 'subscribers'))[0]).toMatchObject({ id, ...more });
		expect(await counted()).toBe(before + 1);
		const nobody = { email_address: 'nobody@example.com' };
		expect(await kit('POST', path, nobody)).toEqual(NOT_FOUND);
		expect(await kit('POST', `${path}/1`, {})).toEqual(NOT_FOUND);
		await kit('POST', `/subscribers/${String(id)}/unsubscribe`, {});
		expect(await counted()).toBe(before);
	});

	test('a tag is taken by id and by address', async () => {
		const path = `/tags/${idOf(await tag('Given'))}/subscribers`;
		const { id } = await subscriber('ann@example.com');
		for (const [one, body] of [
			[`${path}/${String(id)}`, undefined],
			[path, { email_address: 'ann@example.com' }],
		] as const) {
			await kit('POST', `${path}/${String(id)}`, {});
			const had = await rows(`/subscribers/${String(id)}/tags`, 'tags');
			expect(had).toMatchObject([{ name: 'Given' }]);
			expect((await kit('DELETE', one, body)).status).toBe(204);
			expect(await rows(path, 'subscribers')).toEqual([]);
		}
	});

	test('nobody is added to a sequence that is not active', async () => {
		const { id } = await sequence({ active: false });
		const { email_address } = await subscriber('ann@example.com');
		const reply = await kit('POST', `/sequences/${String(id)}/subscribers`, { email_address });
		expect(reply).toEqual(refusal('Sequence is inactive'));
	});
});

describe('Sequences', () => {
	test('need a name only, and are changed in part', async () => {
		const week = 'monday tuesday wednesday thursday friday saturday sunday'.split(' ');
		const made = await sequence();
		expect(made).toMatchObject({ active: true, send_days: week, send_hour: 11, email_count: 0 });
		const path = `/sequences/${idOf(made)}`;
		const change = { repeat: true, send_days: ['friday', 'monday'] };
		const changed = await row(200, 'sequence', 'PUT', path, change);
		const { updated_at } = changed;
		const send_days = ['monday', 'friday'];
		expect(changed).toMatchObject({ ...made, ...change, send_days, updated_at });
		expect(await row(200, 'sequence', 'GET', `${path}?include=stats`)).toMatchObject({
			stats: { recipients: expect.any(Number) as unknown },
		});
		expect((await kit('DELETE', path)).status).toBe(204);
		expect(await kit('GET', `${path}/emails`)).toEqual(NOT_FOUND);
	});

	test('have emails by position, each one where it belongs or at the end', async () => {
		const made = await sequence();
		const path = `/sequences/${idOf(made)}/emails`;
		const second = await addEmail(made, { position: 4, content: '<p>Hi</p>' });
		const third = await addEmail(made, { subject: 'Last' });
		const first = await addEmail(made, { position: 0, delay_value: 0 });
		expect(third).toMatchObject({ position: 5, published: false });
		expect(ids(await walk(path, 'emails', 2))).toEqual(ids([first, second, third]));
		expect((await rows(path, 'emails'))[0]).not.toHaveProperty('content');
		expect((await rows(`${path}?include_content=true`, 'emails'))[1]).toEqual(second);
		const put = async (body: object) =>
			await row(200, 'email', 'PUT', `${path}/${idOf(second)}`, body);
		const change = { send_days: ['monday'], published: true, position: null };
		expect(await put(change)).toEqual({ ...second, ...change, position: 4 });
		const { send_days: days } = await put({ delay_unit: 'hours', send_days: null });
		expect(days).toHaveLength(7);
		expect(await put({ send_days: ['monday'] })).toMatchObject({ send_days: ['monday'] });
	});
});

describe('Broadcasts', () => {
	const get = async (one: Row) => await row(200, 'broadcast', 'GET', `/broadcasts/${idOf(one)}`);
	const stats = async (one: Row) =>
		(await row(200, 'broadcast', 'GET', `/broadcasts/${idOf(one)}/stats`)).stats;

	test('go from draft to completed as the clock moves, and then stay', async () => {
		const made = await broadcast();
		expect(made).toMatchObject({ ...LETTER, status: 'draft', public_url: null });
		const path = `/broadcasts/${idOf(made)}`;
		await row(200, 'broadcast', 'PUT', path, { send_at: inSeconds(3600) });
		expect(await get(made)).toMatchObject({ status: 'scheduled' });
		await row(200, 'broadcast', 'PUT', path, { send_at: null, public: true });
		expect(await get(made)).toMatchObject({ status: 'draft' });
		expect(await stats(made)).toMatchObject({ recipients: 0, progress: 0 });
		await row(200, 'broadcast', 'PUT', path, { send_at: inSeconds(3600) });
		client.sandbox.advance(3610);
		expect(await get(made)).toMatchObject({ status: 'sending' });
		const already = refusal('Broadcast is already sending.');
		expect(await kit('PUT', path, { subject: 'New' })).toEqual(already);
		expect(await kit('DELETE', path)).toEqual(already);
		client.sandbox.advance(60);
		const sent = await get(made);
		expect(sent).toMatchObject({ status: 'completed' });
		expect(await stats(made)).toMatchObject({ progress: 1, status: 'completed' });
		expect(await row(200, 'broadcast', 'GET', `${path}/clicks`)).toMatchObject({
			clicks: [{ url: 'https://www.example.com/a' }],
		});
		const { publication_id, public_url, subject: title } = sent;
		expect((await rows('/posts?include_content=true', 'posts'))[0]).toMatchObject({
			...{ publication_id, public_url, title, content: LETTER.content, status: 'published' },
		});
	});

	test('take a starting point only when asked to, a filter of one group, and no empty change', async () => {
		const templates = await rows('/email_templates', 'email_templates');
		const start = templates.find(({ category }) => category === 'Starting point');
		const body = { ...LETTER, email_template_id: start?.id };
		expect((await kit('POST', '/broadcasts', body)).status).toBe(422);
		const made = await broadcast({ ...body, allow_starting_point: true });
		expect(made.email_template).toMatchObject({ id: start?.id });
		const any = [{ type: 'tag', ids: [1] }];
		const sent = { subscriber_filter: [{ all: [], any, none: null }] };
		expect(await kit('PUT', `/broadcasts/${idOf(made)}`, sent)).toMatchObject({
			status: 422,
		});
		const filter = [{ any }];
		const changed = { subscriber_filter: filter };
		expect(await row(200, 'broadcast', 'PUT', `/broadcasts/${idOf(made)}`, changed)).toMatchObject(
			changed,
		);
		expect((await kit('PUT', `/broadcasts/${idOf(made)}`, {})).status).toBe(422);
	});
});

describe('Snippets', () => {
	test('are texts or blocks, with a key that stays, archived or not', async () => {
		const create = async (about: object) =>
			await row(201, 'snippet', 'POST', '/snippets', { name: 'My Note', ...about });
		const text = await create({ snippet_type: 'inline', content: 'Hello' });
		expect(text).toMatchObject({ key: 'my-note', content: 'Hello', archived: false });
		const document_attributes = { value_html: '<p>Hi</p>' };
		const rich = await create({ snippet_type: 'block', document_attributes });
		expect(rich).toMatchObject({ key: 'my-note-2', document: document_attributes });
		const path = `/snippets/${idOf(text)}`;
		const change = { name: 'Other', content: 'New', archived: true };
		const changed = await row(200, 'snippet', 'PUT', path, change);
		expect(changed).toMatchObject({ ...change, key: 'my-note', document: { version: 2 } });
		expect(await row(200, 'snippet', 'GET', path)).toEqual(changed);
		expect(ids(await rows('/snippets?snippet_type=block', 'snippets'))).toContain(rich.id);
		expect(ids(await rows('/snippets', 'snippets'))).not.toContain(text.id);
		const [archived] = await rows('/snippets?archived=true', 'snippets');
		expect(archived?.id).toBe(text.id);
		expect(archived).not.toHaveProperty('content');
	});
});

describe('Purchases', () => {
	test('bring their subscriber, and grow where their transaction is sent again', async () => {
		const product = { name: 'Book', pid: 'p1', lid: 'l1', quantity: 2, unit_price: 10, sku: 'S' };
		const amounts = { subtotal: 20, tax: 1, discount: 0, total: 21, currency: 'EUR' };
		const about = { email_address: 'buyer@example.com', transaction_id: 'T1', status: 'paid' };
		const transaction_time = '2026-02-17T09:43:55Z';
		const purchase = { ...about, ...amounts, transaction_time, products: [product] };
		const sent = { ...purchase, shipping: 2.5 };
		const made = await row(201, 'purchase', 'POST', '/purchases', { purchase: sent });
		const [buyer] = await rows('/subscribers?email_address=buyer@example.com', 'subscribers');
		expect(made).toEqual({ ...purchase, id: made.id, subscriber_id: buyer?.id });
		const other = { ...product, lid: 'l2' };
		const more = { purchase: { ...sent, products: [other] } };
		const grown = await row(201, 'purchase', 'POST', '/purchases', more);
		expect(grown).toEqual({ ...made, products: [product, other] });
		expect((await rows('/purchases', 'purchases'))[0]).toEqual(grown);
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
		'http://10.1.2.3/',
		'http://172.16.0.1/',
		'http://169.254.169.254/latest',
		'http://[fd00::1]/',
		'http://[::ffff:10.0.0.1]/',
		'http://intranet/',
		'http://db.internal/',
		'ftp://hooks.example.com/',
		'',
	];
	const url = 'https://hooks.example.com/in';
	const events = ['subscriber.created', 'tag.created'];
	const create = async (about: object = {}) =>
		await kit<{ webhook_endpoint: Row }>('POST', '/webhook_endpoints', { url, events, ...about });

	test('that are classic name their event without its prefix, and what it is about', async () => {
		const [first] = await rows('/tags', 'tags');
		for (const [name, about, named] of [
			['subscriber.tag_add', { tag_id: first?.id }, { name: 'tag_add', tag_id: first?.id }],
			['purchase.purchase_create', {}, { name: 'purchase_create', initiator_value: null }],
		] as const) {
			const event = { name, ...about };
			const made = await row(201, 'webhook', 'POST', '/webhooks', { target_url: url, event });
			expect(made).toEqual({ id: made.id, account_id: 2701, event: named, target_url: url });
			expect(await rows('/webhooks', 'webhooks')).toEqual([made]);
			expect((await kit('DELETE', `/webhooks/${idOf(made)}`)).status).toBe(204);
		}
	});

	test('that are signed show their secret once, and rotate it one at a time unless forced', async () => {
		const { secret, ...made } = (await create()).body.webhook_endpoint;
		expect(secret).toMatch(/^whsec_\w+$/);
		const path = `/webhook_endpoints/${idOf(made)}`;
		const post = async (action: string, body?: object) =>
			await row(200, 'webhook_endpoint', 'POST', `${path}/${action}`, body);
		expect(await row(200, 'webhook_endpoint', 'GET', path)).toEqual(made);
		const rotated = await post('rotate_secret');
		expect(rotated).toMatchObject({ previous_secret_expires_at: expect.any(String) as unknown });
		expect((await kit('POST', `${path}/rotate_secret`, {})).status).toBe(409);
		expect((await post('rotate_secret', { force: true })).secret).not.toBe(rotated.secret);
		expect(await post('revoke_previous_secret')).toEqual(made);
		await post('rotate_secret');
		client.sandbox.advance(2 * 24 * 3600);
		expect(await row(200, 'webhook_endpoint', 'GET', path)).toEqual(made);
	});

	test('that are signed are changed, disabled and removed', async () => {
		const { secret, ...made } = (await create()).body.webhook_endpoint;
		expect(secret).not.toBe('');
		const path = `/webhook_endpoints/${idOf(made)}`;
		const change = { name: 'New', status: 'disabled', events: ['post.published'] };
		expect(await row(200, 'webhook_endpoint', 'PATCH', path, change)).toEqual({
			...made,
			...change,
		});
		expect(await rows('/webhook_endpoints?status=active', 'webhook_endpoints')).toEqual([]);
		expect(await rows('/webhook_endpoints?status=disabled', 'webhook_endpoints')).toHaveLength(1);
		expect((await kit('DELETE', path)).status).toBe(204);
		expect(await kit('GET', path)).toEqual(NOT_FOUND);
	});

	test('that are signed lead to this machine only where told to, and nowhere else inside', async () => {
		for (const inside of [...HERE, ...INSIDE]) {
			expect({ inside, status: (await create({ url: inside })).status }).toEqual({
				inside,
				status: 422,
			});
		}
		await client.control('PUT', 'settings', { allowLoopbackWebhooks: true });
		const statuses = async (urls: string[]) =>
			new Set(await Promise.all(urls.map(async (one) => (await create({ url: one })).status)));
		expect([...(await statuses(HERE))]).toEqual([201]);
		expect([...(await statuses(INSIDE))]).toEqual([422]);
	});
});

describe('Bulk requests', () => {
	const bulk = async (method: string, path: string, body: object) =>
		(await kit<Record<string, Row[]>>(method, `/bulk${path}`, body)).body;

	test('answer in an order of their own', async () => {
		await subscriber('there@example.com');
		const addresses = ['there@example.com', 'b@example.com', 'a@example.com'];
		const subscribers = addresses.map((email_address) => ({ email_address }));
		const people = (await bulk('POST', '/subscribers', { subscribers })).subscribers ?? [];
		expect(people.map((one) => one.email_address)).toEqual([...addresses.slice(1), addresses[0]]);
		for (const name of ['First', 'Second']) await tag(name);
		const tags = ['New', 'First', 'Second'].map((name) => ({ name }));
		const named = (await bulk('POST', '/tags', { tags })).tags ?? [];
		expect(named.map(({ name }) => name)).toEqual(['Second', 'First', 'New']);
		const custom_fields = ['Zip', 'Color'].map((label) => ({ label }));
		const fields = (await bulk('POST', '/custom_fields', { custom_fields })).custom_fields ?? [];
		expect(fields.map(({ label }) => label)).toEqual(['Color', 'Zip']);
		const [form] = await rows('/forms', 'forms');
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

	test('name what failed, with null for what does not exist', async () => {
		const { id: subscriber_id } = await subscriber('a@example.com');
		const { id: tag_id } = await tag('Bulk');
		const [form] = await rows('/forms', 'forms');
		const nobody = { errors: ['Subscriber does not exist'] };
		const sent = { first_name: 'Nobody', email_address: 'no@address' };
		expect(await bulk('POST', '/subscribers', { subscribers: [sent] })).toEqual({
			subscribers: [],
			failures: [
				{
					errors: ['Email address is invalid'],
					subscriber: { ...sent, state: 'active', created_at: null },
				},
			],
		});
		const taggings = [
			{ tag_id: 1, subscriber_id },
			{ tag_id, subscriber_id: null },
		];
		for (const method of ['POST', 'DELETE']) {
			expect((await bulk(method, '/tags/subscribers', { taggings })).failures).toEqual([
				{ ...nobody, tagging: { tag_id, subscriber_id: null } },
				{ errors: ['Tag does not exist'], tagging: { tag_id: null, subscriber_id } },
			]);
		}
		const additions = [{ form_id: form?.id, subscriber_id: 1 }];
		expect((await bulk('POST', '/forms/subscribers', { additions })).failures).toEqual([
			{ ...nobody, subscription: { form_id: form?.id, subscriber_id: null, referrer: null } },
		]);
		const value = { subscriber_id, subscriber_custom_field_id: 1, value: 'x' };
		const values = { custom_field_values: [value] };
		expect((await bulk('POST', '/custom_fields/subscribers', values)).failures).toEqual([
			{ errors: ['Custom field does not exist'], custom_field_value: value },
		]);
		const tags = { tags: [{ id: tag_id }, { id: 1 }] };
		expect((await bulk('DELETE', '/tags', tags)).failures).toEqual([
			{ errors: ['Tag does not exist'], tag: { id: 1 } },
		]);
	});

	test('of more than a hundred are queued', async () => {
		const tags = Array.from({ length: 101 }, (_, n) => ({ name: `Queued ${String(n)}` }));
		expect(await kit('POST', '/bulk/tags', { tags })).toEqual({ status: 202, body: {} });
		for (let names: unknown[] = []; !names.includes('Queued 100');) {
			names = (await rows('/tags', 'tags')).map(({ name }) => name);
		}
	});
});

describe('The account', () => {
	test('has a plan, colors and maybe a creator profile', async () => {
		const { plan } = await row(200, 'account', 'GET', '/account');
		expect(plan).toMatchObject({ plan_type: 'creator', interval: 'month', on_trial: false });
		const colors = { colors: ['#000000', '#ffffff'] };
		expect((await kit('PUT', '/account/colors', colors)).body).toEqual(colors);
		expect((await kit('GET', '/account/colors')).body).toEqual(colors);
		expect((await kit('GET', '/account/creator_profile')).status).toBe(200);
	});

	test('answers growth in its own zone, of the last 90 days where none are given', async () => {
		const path = '/account/growth_stats';
		const { body } = await kit<{ stats: Row }>(
			'GET',
			`${path}?starting=2020-07-01&ending=2020-07-02`,
		);
		expect(body.stats).toMatchObject({
			starting: expect.stringMatching(/^2020-07-01T00:00:00-0[45]:00$/) as string,
			ending: expect.stringMatching(/^2020-07-02T23:59:59-0[45]:00$/) as string,
		});
		expect(await kit('GET', `${path}?starting=&ending=`)).toEqual(await kit('GET', path));
		const wrong = await kit('GET', `${path}?starting=2020-01-02&ending=2020-01-01`);
		expect(wrong).toEqual(refusal('Starting date must be before the ending date.'));
	});
});

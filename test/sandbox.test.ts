import { startSandbox } from '../sandbox';
import type { Fault, Sandbox } from '../sandbox';

interface Reply<T> {
	status: number;
	body: T;
}

interface Row {
	id: number;
	email_address: string;
	first_name: string | null;
	state: string;
	created_at: string;
	fields: Record<string, string | null>;
	[key: string]: unknown;
}

interface Page {
	has_previous_page: boolean;
	has_next_page: boolean;
	start_cursor: string | null;
	end_cursor: string | null;
	per_page: number;
	total_count?: number;
}

interface Subscribers {
	subscribers: Row[];
	pagination: Page;
}

interface Tag {
	id: number;
	name: string;
	created_at: string;
	subscriber_count?: number;
}

let sandbox: Sandbox;

/** Sends a request with the main key and reads the answer, whatever its status. */
async function call<T = Record<string, unknown>>(
	method: string,
	path: string,
	body?: unknown,
	headers: Record<string, string> = {},
): Promise<Reply<T>> {
	const response = await fetch(`${sandbox.url}${path}`, {
		method,
		headers: {
			authorization: `Bearer ${sandbox.keys.main}`,
			...(body !== undefined && { 'content-type': 'application/json' }),
			...headers,
		},
		...(body !== undefined && { body: JSON.stringify(body) }),
	});
	const text = await response.text();
	return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
}

/** Sends a request to Kit. */
async function kit<T = Record<string, unknown>>(method: string, path: string, body?: unknown) {
	return await call<T>(method, `/kit/v4${path}`, body);
}

/** Every subscriber that a list answers, page by page. */
async function walk(path: string, perPage: number): Promise<Row[]> {
	const rows: Row[] = [];
	let after = '';
	for (;;) {
		const query = `per_page=${String(perPage)}&after=${encodeURIComponent(after)}`;
		const { body } = await kit<Subscribers>('GET', `${path}?status=all&${query}`);
		rows.push(...body.subscribers);
		if (!body.pagination.has_next_page) return rows;
		after = body.pagination.end_cursor ?? '';
	}
}

async function subscriber(emailAddress: string, more: object = {}): Promise<Row> {
	const sent = { email_address: emailAddress, ...more };
	const { body } = await kit<{ subscriber: Row }>('POST', '/subscribers', sent);
	return body.subscriber;
}

async function tag(name: string): Promise<Tag> {
	return (await kit<{ tag: Tag }>('POST', '/tags', { name })).body.tag;
}

/** The addresses that the filter finds. */
async function filtered(...all: object[]): Promise<string[]> {
	const { body } = await kit<Subscribers>('POST', '/subscribers/filter', { all, per_page: 1000 });
	return body.subscribers.map((row) => row.email_address);
}

beforeAll(async () => {
	sandbox = await startSandbox();
});

afterAll(async () => {
	await sandbox.close();
});

beforeEach(() => {
	sandbox.reset();
});

describe('Maton', () => {
	const accountName = async (headers: Record<string, string>) => {
		const { body } = await call<{ account: { name: string } }>(
			'GET',
			'/kit/v4/account',
			undefined,
			headers,
		);
		return body.account.name;
	};

	test('uses the oldest active connection, or the one that the header names', async () => {
		const { main, second } = sandbox.connections;
		const byDefault = await accountName({});
		expect(await accountName({ 'maton-connection': main })).toBe(byDefault);
		expect(await accountName({ 'maton-connection': second })).not.toBe(byDefault);
	});

	test.each([
		['an unknown connection', 400, () => ({ 'maton-connection': 'nobody' })],
		['a pending connection', 400, () => ({ 'maton-connection': sandbox.connections.pending })],
		['a key without connections', 400, () => ({ authorization: `Bearer ${sandbox.keys.empty}` })],
		['a missing key', 401, () => ({ authorization: '' })],
		['a wrong key', 401, () => ({ authorization: 'Bearer wrong' })],
		['an expired authorisation', 500, () => ({ 'maton-connection': sandbox.connections.expired })],
	])('refuses %s with %i and a body of its own', async (_what, status, headers) => {
		const reply = await call('GET', '/kit/v4/tags', undefined, headers());
		expect(reply).toEqual({ status, body: { error: expect.any(String) as string } });
	});

	test('knows no path without an app, and Kit no path that it has not', async () => {
		const { status, body } = await call('GET', '/v4/tags');
		expect([status, Object.keys(body)]).toEqual([404, ['error']]);
		const unknown = await kit('GET', '/nothing');
		expect(unknown).toEqual({ status: 404, body: { errors: ['Not Found'] } });
	});

	test('lets a connection without the scopes read, not write', async () => {
		const headers = { 'maton-connection': sandbox.connections.limited };
		const read = await call('GET', '/kit/v4/tags', undefined, headers);
		const filter = await call('POST', '/kit/v4/subscribers/filter', { all: [] }, headers);
		const write = await call('POST', '/kit/v4/tags', { name: 'New' }, headers);
		expect([read.status, filter.status, write.status]).toEqual([200, 200, 403]);
		expect(write.body).toEqual({ errors: [expect.any(String)] });
	});

	test('lists, starts and removes connections', async () => {
		interface Connection {
			connection_id: string;
			status: string;
			url: string;
		}
		const { body: started } = await call<{ connection: Connection }>('POST', '/connections', {
			app: 'kit',
		});
		const { connection_id: id, status, url } = started.connection;
		expect(status).toBe('PENDING');
		expect(url).toMatch(/^https:\/\/connect\.maton\.ai\/\?session_token=\w+$/);
		expect((await call('GET', `/connections/${id}`)).body).toEqual(started);
		const list = await call<{ connections: Connection[] }>(
			'GET',
			'/connections?app=kit&status=PENDING',
		);
		expect(list.body.connections.map((one) => one.connection_id)).toEqual([
			sandbox.connections.pending,
			id,
		]);
		expect((await call('DELETE', `/connections/${id}`)).status).toBe(204);
		expect((await call('GET', `/connections/${id}`)).status).toBe(404);
		const empty = { authorization: `Bearer ${sandbox.keys.empty}` };
		expect((await call('GET', '/connections', undefined, empty)).body).toEqual({ connections: [] });
	});

	test('refuses the eleventh request of a second, and only where told to', async () => {
		const eleven = async () =>
			(await Promise.all(Array.from({ length: 11 }, () => kit('GET', '/account/colors'))))
				.map(({ status }) => status)
				.sort();
		expect(await eleven()).toEqual(Array<number>(11).fill(200));
		jest.spyOn(Date, 'now').mockReturnValue(Date.now());
		sandbox.settings.enforceRateLimit = true;
		expect(await eleven()).toEqual([...Array<number>(10).fill(200), 429]);
		jest.restoreAllMocks();
	});
});

describe('Pages', () => {
	test('a walk meets every subscriber once, newest first', async () => {
		const whole = await walk('/subscribers', 1000);
		const walked = await walk('/subscribers', 7);
		expect(walked).toHaveLength(50);
		expect(walked).toEqual(whole);
		expect(walked.map(({ id }) => id)).toEqual(
			[...walked].map(({ id }) => id).sort((a, b) => b - a),
		);
	});

	test('`before` goes back to the page before', async () => {
		const first = await kit<Subscribers>('GET', '/subscribers?per_page=5');
		const second = await kit<Subscribers>(
			'GET',
			`/subscribers?per_page=5&after=${String(first.body.pagination.end_cursor)}`,
		);
		const back = await kit<Subscribers>(
			'GET',
			`/subscribers?per_page=5&before=${String(second.body.pagination.start_cursor)}`,
		);
		expect(first.body.pagination.has_previous_page).toBe(false);
		expect(second.body.pagination.has_previous_page).toBe(true);
		expect(back.body).toEqual(first.body);
	});

	test('says 500 a page, at most 1000, and counts only when asked', async () => {
		const plain = await kit<Subscribers>('GET', '/subscribers');
		expect(plain.body.pagination.per_page).toBe(500);
		expect(plain.body.pagination).not.toHaveProperty('total_count');
		const large = await kit<Subscribers>(
			'GET',
			'/subscribers?status=all&per_page=5000&include_total_count=true',
		);
		expect(large.body.pagination).toMatchObject({ per_page: 1000, total_count: 50 });
	});

	test('an empty list has no cursors', async () => {
		const { body } = await kit<Subscribers>('GET', '/subscribers?email_address=no@example.com');
		expect(body).toEqual({
			subscribers: [],
			pagination: {
				has_previous_page: false,
				has_next_page: false,
				start_cursor: null,
				end_cursor: null,
				per_page: 500,
			},
		});
	});
});

describe('Account', () => {
	test('has its plan', async () => {
		const { body } = await kit<{ account: { plan: object } }>('GET', '/account');
		expect(body.account.plan).toEqual({
			plan_type: 'creator',
			interval: 'month',
			subscriber_limit: 1000,
			on_trial: false,
			trial_lapse_date: null,
			renews_at: expect.any(String) as string,
			cancels_at: null,
		});
	});

	test('colors are kept, and a wrong one is refused', async () => {
		const colors = ['#000000', '#ffffff'];
		expect((await kit('PUT', '/account/colors', { colors })).body).toEqual({ colors });
		expect((await kit('GET', '/account/colors')).body).toEqual({ colors });
		expect(await kit('PUT', '/account/colors', { colors: ['#12'] })).toEqual({
			status: 422,
			body: { errors: ['Colors #12 is not a valid hex color code.'] },
		});
	});

	test('growth is counted in the account’s own zone', async () => {
		await subscriber('new@example.com');
		const day = new Date().toISOString().slice(0, 10);
		const { body } = await kit<{ stats: Record<string, unknown> }>(
			'GET',
			`/account/growth_stats?starting=2020-07-01&ending=2999-01-01`,
		);
		expect(body.stats).toMatchObject({
			new_subscribers: 51,
			starting: expect.stringMatching(/^2020-07-01T00:00:00-0[45]:00$/) as string,
			ending: expect.stringMatching(/^2999-01-01T23:59:59-0[45]:00$/) as string,
		});
		expect(String(body.stats.starting).slice(-6)).toBe(String(body.stats.ending).slice(-6));
		const blank = await kit('GET', '/account/growth_stats?starting=&ending=');
		expect(blank).toEqual(await kit('GET', '/account/growth_stats'));
		const wrong = await kit('GET', `/account/growth_stats?starting=${day}&ending=2020-01-01`);
		expect(wrong.body).toEqual({ errors: ['Starting date must be before the ending date.'] });
	});

	test('has a creator profile, or answers 404', async () => {
		expect((await kit('GET', '/account/creator_profile')).status).toBe(200);
		const headers = { 'maton-connection': sandbox.connections.second };
		const without = await call('GET', '/kit/v4/account/creator_profile', undefined, headers);
		expect(without).toEqual({ status: 404, body: { errors: ['Not Found'] } });
	});

	test('email stats are of the last 90 days', async () => {
		const { body } = await kit<{ stats: { sent: number; opened: number } }>(
			'GET',
			'/account/email_stats',
		);
		expect(body.stats.sent).toBeGreaterThan(body.stats.opened);
	});
});

describe('Subscribers', () => {
	test('a create is an upsert that leaves the state alone', async () => {
		const sent = { email_address: 'Ann@example.com', first_name: 'Ann', state: 'inactive' };
		const created = await kit<{ subscriber: Row }>('POST', '/subscribers', sent);
		expect(created.status).toBe(201);
		const again = await kit<{ subscriber: Row }>('POST', '/subscribers', {
			email_address: 'ann@example.com',
			first_name: 'Anna',
			state: 'active',
		});
		expect(again).toEqual({
			status: 200,
			body: { subscriber: { ...created.body.subscriber, first_name: 'Anna' } },
		});
		const found = await kit<Subscribers>(
			'GET',
			'/subscribers?email_address=ann@example.com&status=all',
		);
		expect(found.body.subscribers.map(({ id }) => id)).toEqual([created.body.subscriber.id]);
	});

	test('warns of custom fields that the account has not', async () => {
		const { status, body } = await kit<{ subscriber: Row; warnings: string[] }>(
			'POST',
			'/subscribers',
			{ email_address: 'warn@example.com', fields: { last_name: 'Lee', nothing: 'x' } },
		);
		expect(status).toBe(201);
		expect(body.subscriber.fields).toEqual({ last_name: 'Lee' });
		expect(body.warnings).toEqual([expect.stringContaining('nothing')]);
	});

	test('sets more than ten custom fields afterwards', async () => {
		const names = Array.from({ length: 11 }, (_, n) => `Extra ${String(n)}`);
		for (const label of names) await kit('POST', '/custom_fields', { label });
		const fields = Object.fromEntries(names.map((_, n) => [`extra_${String(n)}`, 'v']));
		const { status, body } = await kit<{ subscriber: Row }>('POST', '/subscribers', {
			email_address: 'many@example.com',
			fields,
		});
		expect([status, body.subscriber.fields.extra_0]).toEqual([202, null]);
		let stored: string | null | undefined;
		while (stored !== 'v') {
			const got = await kit<{ subscriber: Row }>(
				'GET',
				`/subscribers/${String(body.subscriber.id)}`,
			);
			stored = got.body.subscriber.fields.extra_10;
		}
	});

	test('refuses bad and taken addresses', async () => {
		const one = await subscriber('one@example.com');
		await subscriber('two@example.com');
		expect(await kit('POST', '/subscribers', { email_address: 'one' })).toEqual({
			status: 422,
			body: { errors: ['Email address is invalid'] },
		});
		const path = `/subscribers/${String(one.id)}`;
		expect(await kit('PUT', path, { email_address: 'two@example.com' })).toEqual({
			status: 422,
			body: { errors: ['Email address has already been taken'] },
		});
		const moved = await kit<{ subscriber: Row }>('PUT', path, { email_address: 'uno@example.com' });
		expect(moved.body.subscriber.email_address).toBe('uno@example.com');
		const old = await kit<Subscribers>('GET', '/subscribers?email_address=one@example.com');
		expect(old.body.subscribers).toEqual([]);
	});

	test('a malformed address is refused, and with it the whole list', async () => {
		await subscriber('one@example.com');
		for (const addresses of ['one', 'one@example.com,two', 'one@example.com,']) {
			const query = `email_address=${encodeURIComponent(addresses)}`;
			expect(await kit('GET', `/subscribers?${query}`)).toEqual({
				status: 422,
				body: { errors: ['Email address is invalid'] },
			});
		}
	});

	test('sort by what they did, but not those with an address', async () => {
		const query = 'sort_field=engagement__opens&sort_order=asc&status=all';
		const { body } = await kit<Subscribers>('GET', `/subscribers?${query}`);
		expect(body.subscribers).toHaveLength(50);
		const named = await kit('GET', `/subscribers?${query}&email_address=one@example.com`);
		expect(named.status).toBe(422);
		expect((await kit('GET', '/subscribers?sort_field=nothing')).status).toBe(422);
	});

	test('have statistics of the last five years', async () => {
		const { id } = await subscriber('old@example.com');
		const path = `/subscribers/${String(id)}/stats?email_sent_after`;
		const year = new Date().getUTCFullYear();
		expect((await kit('GET', `${path}=${String(year - 4)}-01-01`)).status).toBe(200);
		expect((await kit('GET', `${path}=${String(year - 7)}-01-01`)).status).toBe(400);
	});

	test('an unknown id is 404 everywhere', async () => {
		const calls = [
			kit('GET', '/subscribers/1'),
			kit('PUT', '/subscribers/1', { email_address: 'x@example.com' }),
			kit('POST', '/subscribers/1/unsubscribe', {}),
			kit('GET', '/subscribers/1/tags'),
			kit('DELETE', '/subscribers/1/location'),
			kit('GET', '/subscribers/none'),
		];
		for (const reply of await Promise.all(calls)) {
			expect(reply).toEqual({ status: 404, body: { errors: ['Not Found'] } });
		}
	});

	test('unsubscribing takes someone out of the list, which is of the active', async () => {
		const { id } = await subscriber('leaving@example.com');
		const listed = async (query: string) =>
			(await kit<Subscribers>('GET', `/subscribers?${query}`)).body.subscribers.map(
				(row) => row.id,
			);
		expect(await listed('')).toContain(id);
		expect((await kit('POST', `/subscribers/${String(id)}/unsubscribe`, {})).status).toBe(204);
		expect(await listed('')).not.toContain(id);
		const query = 'status=cancelled&sort_field=cancelled_at&include=canceled_at&per_page=1';
		const { body } = await kit<Subscribers>('GET', `/subscribers?${query}`);
		expect(body.subscribers[0]).toMatchObject({ id, state: 'cancelled' });
		expect(body.subscribers[0]?.canceled_at).toEqual(expect.any(String));
		expect(await kit('GET', '/subscribers?sort_field=cancelled_at')).toMatchObject({
			status: 422,
			body: { errors: ['The status param must be `cancelled` if sort_field is `cancelled_at`'] },
		});
	});

	test('filters by dates, sorts, and leaves fields out of a slim list', async () => {
		const all = await walk('/subscribers', 1000);
		const middle = all[25];
		if (!middle) throw new Error('Too few subscribers');
		const after = await kit<Subscribers>(
			'GET',
			`/subscribers?status=all&slim=true&sort_field=created_at&sort_order=asc&created_after=${middle.created_at}`,
		);
		const expected = all.filter((row) => row.created_at >= middle.created_at).reverse();
		expect(after.body.subscribers).toEqual(expected.map((row) => ({ ...row, fields: undefined })));
		expect(after.body.subscribers[0]).not.toHaveProperty('fields');
	});

	test('includes what is asked for', async () => {
		const { body } = await kit<Subscribers>(
			'GET',
			'/subscribers?include=attribution,tags,location&per_page=1',
		);
		expect(Object.keys(body.subscribers[0] ?? {})).toEqual(
			expect.arrayContaining(['attribution', 'tags', 'location']),
		);
	});

	test('a location is pinned, replaced and removed', async () => {
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
		const pinned = await kit('POST', path, { location });
		expect(pinned.body).toMatchObject({ subscriber: { id, location: { city: 'Boise' } } });
		const got = await kit('GET', `/subscribers/${String(id)}`);
		expect(got.body).toMatchObject({ subscriber: { location: { country: 'US' } } });
		const part = await kit('PATCH', path, { location: { country_code: 'CA' } });
		expect(part.status).toBe(422);
		const whole = await kit('PATCH', path, { location: { ...location, city: 'Meridian' } });
		expect(whole.body).toMatchObject({ subscriber: { location: { city: 'Meridian' } } });
		expect((await kit('DELETE', path)).status).toBe(204);
		const { body } = await kit<Subscribers>(
			'GET',
			'/subscribers?include=location&email_address=place@example.com',
		);
		expect(body.subscribers[0]?.location).toBeNull();
	});

	test('has stats, which are nought for someone new', async () => {
		const { id } = await subscriber('fresh@example.com');
		const fresh = await kit('GET', `/subscribers/${String(id)}/stats`);
		expect(fresh.body).toMatchObject({ subscriber: { id, stats: { sent: 0, last_sent: null } } });
		const oldest = (await walk('/subscribers', 1000)).at(-1);
		const { body } = await kit<{ subscriber: { stats: { sent: number } } }>(
			'GET',
			`/subscribers/${String(oldest?.id)}/stats`,
		);
		expect(body.subscriber.stats.sent).toBeGreaterThan(0);
	});
});

describe('Filter', () => {
	test('matches by tag, state, sign-up and custom field, all at once', async () => {
		const [vip, other] = [await tag('Very important'), await tag('Other')];
		const { body } = await kit<{ custom_fields: { id: number; key: string }[] }>(
			'GET',
			'/custom_fields',
		);
		const score = body.custom_fields.find(({ key }) => key === 'lead_score')?.id;
		const ann = await subscriber('ann@example.com', { fields: { lead_score: '200' } });
		const ben = await subscriber('ben@example.com', { fields: { lead_score: '30' } });
		await kit('POST', `/tags/${String(vip.id)}/subscribers/${String(ann.id)}`, {});
		await kit('POST', `/tags/${String(other.id)}/subscribers/${String(ben.id)}`, {});
		const tags = { type: 'tags', any: [{ type: 'ids', matching: [vip.id, other.id] }] };
		const field = (comparison: string, value?: string) => ({
			type: 'custom_field',
			subscriber_custom_field_id: score,
			comparison,
			value,
		});
		expect(await filtered(tags)).toEqual([ben.email_address, ann.email_address]);
		expect(await filtered(tags, field('greater_than', '30'))).toEqual([ann.email_address]);
		expect(await filtered(tags, field('less_than_or_equal', '30'))).toEqual([ben.email_address]);
		expect(await filtered(tags, field('is', '30'))).toEqual([ben.email_address]);
		expect(await filtered(tags, field('contains', '00'))).toEqual([ann.email_address]);
		expect(await filtered(tags, field('has_value'))).toHaveLength(2);
		await kit('POST', `/subscribers/${String(ann.id)}/unsubscribe`, {});
		const active = { type: 'subscriber_state', states: ['active'] };
		expect(await filtered(tags, active)).toEqual([ben.email_address]);
		const today = new Date().toISOString().slice(0, 10);
		expect(await filtered(tags, { type: 'subscribed', after: today })).toHaveLength(2);
		expect(await filtered(tags, { type: 'subscribed', before: '2020-01-01' })).toEqual([]);
	});

	test('matches by place, in a box', async () => {
		const { id } = await subscriber('far@example.com');
		const location = { country_code: 'NZ', latitude: -45, longitude: 170 };
		await kit('POST', `/subscribers/${String(id)}/location`, { location });
		const near = { type: 'location', latitude: -45.5, longitude: 170 };
		expect(await filtered({ ...near, radius: 50 })).toEqual(['far@example.com']);
		expect(await filtered({ ...near, radius: 20 })).toEqual([]);
	});

	test('matches by form', async () => {
		const { body } = await kit<{ forms: { id: number }[] }>('GET', '/forms?status=all');
		const [first, second] = body.forms.map(({ id }) => id).reverse();
		const signedUp = await filtered({
			type: 'attribution',
			any: [{ type: 'forms', ids: [first] }],
		});
		const either = await filtered({
			type: 'attribution',
			any: [
				{ type: 'forms', ids: [first] },
				{ type: 'forms', ids: [second] },
			],
		});
		expect(signedUp.length).toBeGreaterThan(0);
		expect(either.length).toBeGreaterThan(signedUp.length);
	});

	test('matches by what people did with emails', async () => {
		const everyone = await filtered();
		const opened = await filtered({ type: 'opens' });
		const never = await filtered({ type: 'opens', count_less_than: 1 });
		expect(opened.length).toBeGreaterThan(0);
		expect([...opened, ...never].sort()).toEqual([...everyone].sort());
		const clicked = await filtered({ type: 'clicks' });
		expect(opened).toEqual(expect.arrayContaining(clicked));
		const urls = (matching: string, url: string) => ({
			type: 'clicks',
			any: [{ type: 'urls', urls: [url], matching }],
		});
		const letters = await filtered(urls('contains', '/letters/'));
		const shop = await filtered(urls('exact', 'https://shop.example.com/course'));
		expect(letters.length).toBeGreaterThan(0);
		expect([...new Set([...letters, ...shop])].sort()).toEqual([...clicked].sort());
		const often = { type: 'opens', count_greater_than_or_equal: 20 };
		const byEvent = await filtered(often);
		const { body } = await kit<Subscribers>('POST', '/subscribers/filter', {
			all: [often],
			counting_mode: 'unique_email',
		});
		expect(byEvent.length).toBeGreaterThan(body.subscribers.length);
		expect((await filtered({ type: 'sent' })).length).toBeGreaterThanOrEqual(
			(await filtered({ type: 'delivered' })).length,
		);
	});

	test('pages by its body, with ids as texts, and includes', async () => {
		const ids: string[] = [];
		let after: string | null = null;
		do {
			const { body }: Reply<{ subscribers: { id: string }[]; pagination: Page }> = await kit(
				'POST',
				'/subscribers/filter',
				{ all: [], per_page: 8, after, include_total_count: true },
			);
			expect(body.pagination.total_count).toBe(50);
			ids.push(...body.subscribers.map(({ id }) => id));
			after = body.pagination.has_next_page ? body.pagination.end_cursor : null;
		} while (after !== null);
		const listed = await walk('/subscribers', 1000);
		expect(ids).toEqual(listed.map(({ id }) => String(id)));
		const types = ['attribution', 'tags', 'location', 'canceled_at', 'stats', 'custom_fields'];
		const { body } = await kit<Subscribers>('POST', '/subscribers/filter', {
			all: [],
			include: types.map((type) => ({ type })),
		});
		expect(Object.keys(body.subscribers[0] ?? {})).toEqual([
			...['id', 'first_name', 'email_address', 'created_at', 'tag_names', 'tag_ids'],
			...['attribution', 'tags', 'location', 'canceled_at', 'stats', 'fields'],
		]);
	});

	test.each([
		{ all: [{ type: 'nothing' }] },
		{ all: [{ type: 'location', latitude: 1 }] },
		{ all: [{ type: 'subscriber_state' }] },
		{ all: [{ type: 'tags', any: [{ type: 'forms', ids: [1] }] }] },
		{ all: [{ foo: 'bar' }] },
	])('does not understand %j', async (body) => {
		expect(await kit('POST', '/subscribers/filter', body)).toEqual({
			status: 500,
			body: undefined,
		});
	});

	test('answers at most 100 a page, sorted, and turns the flags round on the way back', async () => {
		const filter = async (body: object) =>
			(await kit<Subscribers>('POST', '/subscribers/filter', { all: [], ...body })).body;
		expect((await filter({ per_page: 1000 })).pagination.per_page).toBe(100);
		expect((await kit('POST', '/subscribers/filter', {})).status).toBe(422);
		const sorted = { sort_field: 'email_address', sort_order: 'asc' };
		const addresses = (await filter(sorted)).subscribers.map((row) => row.email_address);
		expect(addresses).toEqual([...addresses].sort());
		const first = await filter({ ...sorted, per_page: 2 });
		const second = await filter({ ...sorted, per_page: 2, after: first.pagination.end_cursor });
		expect(second.subscribers.map((row) => row.email_address)).toEqual(addresses.slice(2, 4));
		const back = await filter({ ...sorted, per_page: 2, before: second.pagination.start_cursor });
		expect(back.subscribers).toEqual(first.subscribers);
		expect(back.pagination).toMatchObject({ has_previous_page: true, has_next_page: false });
	});

	test.each(['first_name', 'created_at', 'engagement__opens', 'engagement__click_rate'])(
		'walks over everyone by %s',
		async (field) => {
			const body = { all: [], sort_field: field, per_page: 30 };
			const first = await kit<Subscribers>('POST', '/subscribers/filter', body);
			const after = first.body.pagination.end_cursor;
			const rest = await kit<Subscribers>('POST', '/subscribers/filter', { ...body, after });
			const ids = [...first.body.subscribers, ...rest.body.subscribers].map(({ id }) => id);
			expect(new Set(ids).size).toBe(50);
		},
	);

	test('sorts by the distance from the point of its condition', async () => {
		const location = { type: 'location', latitude: 40.7, longitude: -74, radius: 20_000 };
		const body = {
			all: [location],
			include: [{ type: 'location' }],
			sort_field: 'location__distance',
		};
		const near = { ...body, sort_order: 'asc' };
		const reply = await kit<Subscribers>('POST', '/subscribers/filter', near);
		const distances = reply.body.subscribers.map((row) => {
			const place = row.location as { latitude: number; longitude: number };
			return Math.hypot(place.latitude - 40.7, place.longitude + 74);
		});
		expect(distances.length).toBeGreaterThan(1);
		expect(distances).toEqual([...distances].sort((a, b) => a - b));
		const without = { all: [], sort_field: 'location__distance' };
		expect((await kit('POST', '/subscribers/filter', without)).status).toBe(422);
	});

	test('finds who came by a source of Kit', async () => {
		const { email_address: address } = await subscriber('source@example.com');
		const any = [{ type: 'kit_source', source_type: 'api_subscription', source_names: ['Maton'] }];
		expect(await filtered({ type: 'attribution', any })).toEqual([address]);
	});
});

describe('Tags', () => {
	test('a tag is created once, listed, renamed and deleted', async () => {
		const created = await kit<{ tag: Tag }>('POST', '/tags', { name: ' Fan ' });
		const again = await kit<{ tag: Tag }>('POST', '/tags', { name: 'Fan' });
		expect([created.status, again.status]).toEqual([201, 200]);
		expect(again.body).toEqual(created.body);
		const path = `/tags/${String(created.body.tag.id)}`;
		const renamed = await kit<{ tag: Tag }>('PUT', path, { name: 'Big fan' });
		const list = async () => (await kit<{ tags: Tag[] }>('GET', '/tags')).body.tags;
		expect((await list())[0]).toEqual(renamed.body.tag);
		expect(await kit('POST', '/tags', { name: ' ' })).toEqual({
			status: 422,
			body: { errors: ["Name can't be blank"] },
		});
		expect((await kit('DELETE', path)).status).toBe(204);
		expect((await kit('DELETE', path)).status).toBe(404);
		expect((await list()).map(({ name }) => name)).not.toContain('Big fan');
	});

	test('is given and taken, by id and by address', async () => {
		const { id } = await subscriber('tagged@example.com');
		const base = `/tags/${String((await tag('Given')).id)}/subscribers`;
		const byAddress = { email_address: 'TAGGED@example.com' };
		const given = await kit<{ subscriber: Row }>('POST', base, byAddress);
		const again = await kit('POST', `${base}/${String(id)}`, {});
		expect([given.status, again.status]).toEqual([201, 200]);
		expect(again.body).toEqual(given.body);
		expect(given.body.subscriber.tagged_at).toEqual(expect.any(String));
		const counted = await kit<{ tags: Tag[] }>('GET', '/tags?include=subscriber_count');
		expect(counted.body.tags[0]).toMatchObject({ name: 'Given', subscriber_count: 1 });
		expect(await kit('GET', `/subscribers/${String(id)}/tags`)).toMatchObject({
			body: { tags: [{ name: 'Given' }] },
		});
		expect((await kit('DELETE', `${base}/${String(id)}`)).status).toBe(204);
		expect((await kit<Subscribers>('GET', base)).body.subscribers).toEqual([]);
		await kit('POST', `${base}/${String(id)}`);
		expect((await kit('DELETE', base, byAddress)).status).toBe(204);
		expect((await kit<Subscribers>('GET', base)).body.subscribers).toEqual([]);
	});

	test('says what is missing or unknown', async () => {
		const base = `/tags/${String((await tag('Missing')).id)}/subscribers`;
		expect((await kit('POST', base, {})).body).toEqual({
			errors: ['Either subscriber id or email address is required to tag subscriber'],
		});
		expect((await kit('DELETE', base)).body).toEqual({
			errors: ['Either subscriber id or email address is required to remove tag from subscriber'],
		});
		const unknown = { email_address: 'unknown@example.com' };
		const replies = await Promise.all([
			kit('POST', base, unknown),
			kit('DELETE', base, unknown),
			kit('POST', `${base}/1`, {}),
			kit('GET', '/tags/1/subscribers'),
		]);
		expect(replies.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
	});

	test('lists its subscribers by when they were tagged', async () => {
		const { body } = await kit<{ tags: Tag[] }>('GET', '/tags');
		for (const { id } of body.tags) {
			const path = `/tags/${String(id)}/subscribers`;
			const whole = await walk(path, 1000);
			expect(await walk(path, 2)).toEqual(whole);
			const tagged = whole.map((row) => String(row.tagged_at));
			expect(tagged).toEqual([...tagged].sort().reverse());
			const bound = tagged.at(-1) ?? '2000-01-01';
			const later = await kit<Subscribers>('GET', `${path}?status=all&tagged_before=${bound}`);
			expect(later.body.subscribers).toEqual([]);
		}
	});
});

describe('Custom fields', () => {
	interface Field {
		custom_field: { id: number; name: string; key: string; label: string };
	}

	test('have a key that follows the label, and a name that does not', async () => {
		const created = await kit<Field>('POST', '/custom_fields', { label: ' Zip Code ' });
		const { id, ...field } = created.body.custom_field;
		const name = `ck_field_${String(id)}_zip_code`;
		expect(field).toEqual({ name, key: 'zip_code', label: 'Zip Code' });
		const again = await kit<Field>('POST', '/custom_fields', { label: 'Zip Code' });
		expect([created.status, again.status]).toEqual([201, 200]);
		const path = `/custom_fields/${String(id)}`;
		const renamed = await kit<Field>('PUT', path, { label: 'Post Code' });
		expect(renamed.body.custom_field).toEqual({
			id,
			name,
			key: 'post_code',
			label: 'Post Code',
		});
		expect((await kit('PUT', path, { label: '' })).body).toEqual({
			errors: ["Label can't be blank"],
		});
	});

	test('take their values with them', async () => {
		const { body } = await kit<Field>('POST', '/custom_fields', { label: 'Gone' });
		const { id } = await subscriber('values@example.com', { fields: { gone: 'soon' } });
		const fields = async () =>
			(await kit<{ subscriber: Row }>('GET', `/subscribers/${String(id)}`)).body.subscriber.fields;
		expect(await fields()).toMatchObject({ gone: 'soon' });
		const path = `/custom_fields/${String(body.custom_field.id)}`;
		expect((await kit('DELETE', path)).status).toBe(204);
		expect(await fields()).not.toHaveProperty('gone');
		await kit('POST', '/custom_fields', { label: 'Gone' });
		expect(await fields()).toMatchObject({ gone: null });
	});
});

describe('Bulk', () => {
	test('answers every entry of a small request', async () => {
		const { body } = await kit<{ subscribers: Row[]; failures: object[] }>(
			'POST',
			'/bulk/subscribers',
			{ subscribers: [{ email_address: 'bulk@example.com' }, { first_name: 'Nobody' }] },
		);
		expect(body.subscribers).toMatchObject([{ email_address: 'bulk@example.com' }]);
		expect(body.failures).toMatchObject([
			{ errors: ['Email address is invalid'], subscriber: { first_name: 'Nobody' } },
		]);
		const { id } = await tag('Bulk');
		const taggings = [
			{ tag_id: id, subscriber_id: body.subscribers[0]?.id },
			{ tag_id: id, subscriber_id: null },
			{ tag_id: 1, subscriber_id: body.subscribers[0]?.id },
		];
		const failures = [
			{ errors: ['Tag does not exist'], tagging: { ...taggings[2], tag_id: null } },
			{ errors: ['Subscriber does not exist'], tagging: taggings[1] },
		];
		expect((await kit('POST', '/bulk/tags/subscribers', { taggings })).body).toMatchObject({
			subscribers: [{ email_address: 'bulk@example.com' }],
			failures,
		});
		expect((await kit('DELETE', '/bulk/tags/subscribers', { taggings })).body).toEqual({
			failures,
		});
		expect((await kit('DELETE', '/bulk/tags', { tags: [{ id }, { id: 1 }] })).body).toEqual({
			failures: [{ errors: ['Tag does not exist'], tag: { id: 1 } }],
		});
		expect((await kit('POST', '/bulk/tags', {})).body).toEqual({
			errors: ['No tags included for processing'],
		});
	});

	test('queues more than a hundred', async () => {
		const tags = Array.from({ length: 101 }, (_, n) => ({ name: `Queued ${String(n)}` }));
		expect(await kit('POST', '/bulk/tags', { tags })).toEqual({ status: 202, body: {} });
		let names: string[] = [];
		while (!names.includes('Queued 100')) {
			const { body } = await kit<{ tags: Tag[] }>('GET', '/tags');
			names = body.tags.map(({ name }) => name);
		}
	});
});

describe('Faults', () => {
	const plain = async () => {
		const response = await fetch(`${sandbox.url}/kit/v4/tags`);
		const { status, headers } = response;
		return { status, headers, text: await response.text() };
	};
	const lost = async (fault: Fault) => {
		sandbox.fault(fault);
		await expect(kit('POST', '/tags', { name: 'Lost' })).rejects.toThrow();
		const { body } = await kit<{ tags: Tag[] }>('GET', '/tags');
		return body.tags.map(({ name }) => name);
	};

	test('answer a status, for as many requests as told and no others', async () => {
		sandbox.fault({
			kind: 'status',
			method: 'GET',
			path: '/kit/v4/tags',
			times: 2,
			status: 429,
			headers: { 'Retry-After': '7' },
		});
		expect((await kit('GET', '/account/colors')).status).toBe(200);
		const response = await fetch(`${sandbox.url}/kit/v4/tags`);
		expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7']);
		expect(await response.json()).toEqual({ error: 'Rate limit exceeded: 10 requests per second' });
		expect((await kit('GET', '/tags')).status).toBe(429);
		expect((await kit('GET', '/tags')).status).toBe(200);
	});

	test('skip the first requests, and match patterns', async () => {
		sandbox.fault({ kind: 'status', path: /\/tags$/, skip: 1, status: 503, body: { a: 1 } });
		expect((await kit('GET', '/tags')).status).toBe(200);
		expect(await kit('GET', '/tags')).toEqual({ status: 503, body: { a: 1 } });
	});

	test('cut the connection before the work is done', async () => {
		expect(await lost({ kind: 'drop' })).not.toContain('Lost');
		expect(sandbox.log.map(({ status }) => status)).toEqual([0, 200]);
	});

	test('cut the connection after the work is done', async () => {
		expect(await lost({ kind: 'drop', afterHandling: true })).toContain('Lost');
		expect(sandbox.log.map(({ status }) => status)).toEqual([0, 200]);
	});

	test('cut an answer in the middle', async () => {
		expect(await lost({ kind: 'truncate' })).toContain('Lost');
	});

	test('stop in the middle of an answer without an end', async () => {
		sandbox.fault({ kind: 'stall' });
		const response = await fetch(`${sandbox.url}/kit/v4/tags`, {
			headers: { Authorization: `Bearer ${sandbox.keys.main}` },
			signal: AbortSignal.timeout(200),
		});
		expect(response.status).toBe(200);
		await expect(response.text()).rejects.toThrow('timeout');
	});

	test('pass over a parameter of the query', async () => {
		sandbox.fault({ kind: 'ignore', parameter: 'per_page' });
		const query = '/subscribers?per_page=3&sort_order=asc';
		const { body } = await kit<Subscribers>('GET', query);
		expect(body.pagination.per_page).toBe(500);
		expect((await kit<Subscribers>('GET', query)).body.pagination.per_page).toBe(3);
	});

	test('have no body of Kit’s where it has none', async () => {
		sandbox.fault({ kind: 'status', status: 502 });
		expect(await kit('GET', '/tags')).toEqual({ status: 502, body: undefined });
		sandbox.fault({ kind: 'status', status: 403 });
		expect((await kit('GET', '/tags')).body).toEqual({ errors: [expect.any(String)] });
	});

	test('refuse as Kit does beyond its own limit: plain text, without Retry-After', async () => {
		sandbox.fault({ kind: 'kitRateLimit' });
		const { status, headers, text } = await plain();
		expect([status, headers.get('retry-after'), text]).toEqual([429, null, 'Retry later']);
		expect(headers.get('content-type')).toMatch(/^text\/plain/);
	});

	test('answer HTML as a proxy does', async () => {
		sandbox.fault({ kind: 'notJson', status: 413 });
		const { status, text } = await plain();
		expect(status).toBe(413);
		expect(text).toMatch(/^<!DOCTYPE html>/);
	});

	test('answer HTML with 200', async () => {
		sandbox.fault({ kind: 'notJson' });
		const response = await fetch(`${sandbox.url}/kit/v4/tags`);
		expect(response.status).toBe(200);
		expect(await response.text()).toMatch(/^<!DOCTYPE html>/);
	});

	test('answer late, but right', async () => {
		sandbox.fault({ kind: 'slow', delayMs: 5 });
		expect((await kit('GET', '/tags')).status).toBe(200);
	});

	test('tamper with lists', async () => {
		const list = async (tamper: 'noRows' | 'noPagination' | 'noEndCursor' | 'sameEndCursor') => {
			sandbox.fault({ kind: 'page', tamper });
			return (await kit<Partial<Subscribers>>('GET', '/subscribers?per_page=3&after=WzNd')).body;
		};
		expect(Object.keys(await list('noRows'))).toEqual(['pagination']);
		expect(Object.keys(await list('noPagination'))).toEqual(['subscribers']);
		expect((await list('noEndCursor')).pagination).toMatchObject({
			has_next_page: true,
			end_cursor: null,
		});
		expect((await list('sameEndCursor')).pagination).toMatchObject({
			has_next_page: true,
			end_cursor: 'WzNd',
		});
	});

	test('strike a share of the requests, the same ones for the same seed', async () => {
		const storm = async () => {
			sandbox.reset();
			sandbox.fault({ kind: 'status', status: 502, share: 0.3 });
			const statuses: number[] = [];
			for (let n = 0; n < 40; n += 1) {
				statuses.push((await kit('GET', '/account/colors')).status);
			}
			return statuses;
		};
		const first = await storm();
		expect(new Set(first)).toEqual(new Set([200, 502]));
		expect(await storm()).toEqual(first);
	});
});

describe('The sandbox', () => {
	const control = async <T>(method: string, path: string, body?: unknown) =>
		await call<T>(method, `/_sandbox/${path}`, body, { authorization: '' });

	test('logs requests, and shows them without the key', async () => {
		await kit('POST', '/tags?a=1', { name: 'Seen' });
		expect(sandbox.log).toMatchObject([
			{
				method: 'POST',
				path: '/kit/v4/tags',
				query: { a: '1' },
				body: { name: 'Seen' },
				headers: { authorization: `Bearer ${sandbox.keys.main}` },
				status: 201,
			},
		]);
		const { body } = await control<{ requests: object[] }>('GET', 'requests');
		expect(body.requests).toMatchObject([{ path: '/kit/v4/tags', status: 201 }]);
		expect(JSON.stringify(body)).not.toContain(sandbox.keys.main);
		expect((await control('DELETE', 'requests')).status).toBe(204);
		expect(sandbox.log).toEqual([]);
	});

	test('is controlled over HTTP', async () => {
		expect((await control('GET', '')).status).toBe(200);
		const fault = { kind: 'status', status: 500, path: '/kit/v4/tags' };
		expect((await control('POST', 'faults', fault)).status).toBe(201);
		expect((await kit('GET', '/tags')).status).toBe(500);
		await control('POST', 'faults', fault);
		await control('DELETE', 'faults');
		expect((await kit('GET', '/tags')).status).toBe(200);
		expect((await control('POST', 'faults', { kind: 'other' })).status).toBe(400);
		await control('PUT', 'settings', { enforceRateLimit: true });
		expect(sandbox.settings.enforceRateLimit).toBe(true);
		const { pending } = sandbox.connections;
		expect((await control('POST', `connections/${pending}/authorize`)).status).toBe(200);
		const headers = { 'maton-connection': pending };
		expect((await call('GET', '/kit/v4/account', undefined, headers)).status).toBe(200);
		await tag('Forgotten');
		expect((await control('POST', 'reset')).status).toBe(204);
		expect(sandbox.settings.enforceRateLimit).toBe(false);
		const { body } = await kit<{ tags: Tag[] }>('GET', '/tags');
		expect(body.tags.map(({ name }) => name)).not.toContain('Forgotten');
	});

	test('has the same data for the same seed, and others for another', async () => {
		const data = async (seed: number) => {
			const other = await startSandbox({ seed, subscribers: 20, today: '2026-01-01' });
			const response = await fetch(`${other.url}/kit/v4/subscribers?status=all`, {
				headers: { authorization: `Bearer ${other.keys.main}` },
			});
			const text = await response.text();
			await other.close();
			return text;
		};
		const first = await data(7);
		expect(await data(7)).toBe(first);
		expect(await data(8)).not.toBe(first);
	});

	test('stands still at a moment of the past, until it is moved', async () => {
		const past = await startSandbox({ subscribers: 5, now: '2026-01-01T12:00:00Z' });
		const created = async (name: string) => {
			const response = await fetch(`${past.url}/kit/v4/tags`, {
				method: 'POST',
				headers: {
					authorization: `Bearer ${past.keys.main}`,
					'content-type': 'application/json',
				},
				body: JSON.stringify({ name }),
			});
			return ((await response.json()) as { tag: Tag }).tag.created_at;
		};
		const now = await created('Now');
		past.advance(60);
		const later = await created('Later');
		past.reset();
		const again = await created('Again');
		await past.close();
		expect([now, later, again]).toEqual([
			'2026-01-01T12:00:00Z',
			'2026-01-01T12:01:00Z',
			'2026-01-01T12:00:00Z',
		]);
	});

	test('refuses a body that is not JSON in Kit’s words', async () => {
		const response = await fetch(`${sandbox.url}/kit/v4/tags`, {
			method: 'POST',
			headers: {
				authorization: `Bearer ${sandbox.keys.main}`,
				'content-type': 'application/json',
			},
			body: '{',
		});
		expect(response.status).toBe(400);
		expect(await response.json()).toEqual({ errors: [expect.any(String)] });
	});

	test('listens on a free port, and says when one is taken', async () => {
		const port = Number(new URL(sandbox.url).port);
		await expect(startSandbox({ port })).rejects.toThrow('EADDRINUSE');
	});
});

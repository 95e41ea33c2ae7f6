import { CONNECTIONS, KEYS } from '../../sandbox/maton/demo';
import { SENTENCE, useKit } from './client';
import type { Row } from './client';

const client = useKit();
const { kit, row, rows, call, send, control } = client;

const { main, second, pending, expired, apiKey } = CONNECTIONS;

const statusOf = async (...request: Parameters<typeof kit>) => (await kit(...request)).status;

describe('Maton', () => {
	test.each<[string, number, Record<string, string>, string?]>([
		['an unknown connection', 400, { 'maton-connection': 'nobody' }],
		['a pending connection', 400, { 'maton-connection': pending }],
		['a key without connections', 400, { authorization: `Bearer ${KEYS.empty}` }],
		['a missing key', 401, { authorization: '' }],
		['a wrong key', 401, { authorization: 'Bearer wrong' }],
		['an expired authorisation', 500, { 'maton-connection': expired }],
		['a path without an app', 404, {}, '/v4/tags'],
	])(
		'refuses %s with %i and a body of its own',
		async (_, status, headers, path = '/kit/v4/tags') => {
			const reply = await call('GET', path, undefined, headers);
			expect(reply).toEqual({ status, body: { error: SENTENCE } });
		},
	);

	// That connections are started, shown and removed is held by test/kit/cases/connection.ts.
	test.each([
		['app=kit&status=PENDING', [pending]],
		['app=other', []],
		['method=API_KEY', [apiKey]],
		['limit=2', [main, second]],
	])('lists the connections of %s', async (query, found) => {
		const { body } = await call<{ connections: Row[] }>('GET', `/connections?${query}`);
		expect(body.connections.map((one) => one.connection_id)).toEqual(found);
	});
});

describe('The limits', () => {
	afterEach(() => {
		jest.restoreAllMocks();
	});

	test('refuse the eleventh request of a second, and only where told to', async () => {
		const eleven = async () =>
			(await Promise.all(Array.from({ length: 11 }, () => statusOf('GET', '/tags')))).sort();
		expect(await eleven()).toEqual(Array<number>(11).fill(200));
		jest.spyOn(Date, 'now').mockReturnValue(Date.now());
		client.sandbox.settings.enforceRateLimit = true;
		expect(await eleven()).toEqual([...Array<number>(10).fill(200), 429]);
	});

	test('are lower by Kit’s API key, which Kit refuses in plain text without Retry-After', async () => {
		let now = Date.now();
		// Ten a second, so that Maton refuses none.
		jest.spyOn(Date, 'now').mockImplementation(() => (now += 100));
		client.sandbox.settings.enforceRateLimit = true;
		const ask = async () =>
			await send('GET', '/kit/v4/account/colors', undefined, { 'maton-connection': apiKey });
		for (let n = 0; n < 120; n += 1) expect((await ask()).status).toBe(200);
		const refused = await ask();
		expect(await refused.text()).toBe('Retry later\n');
		expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, null]);
	});
});

test('Faults strike as many requests as told after others, or the same share of them for the same seed', async () => {
	const statuses = async (fault: object, count: number) => {
		const about = { kind: 'status', status: 502, path: '/kit/v4/account' };
		await control('POST', 'faults', { ...about, ...fault });
		const all: number[] = [];
		for (let n = 0; n < count; n += 1) {
			expect(await statusOf('GET', '/tags')).toBe(200);
			all.push(await statusOf('GET', '/account/colors'));
		}
		return all;
	};
	expect(await statuses({ skip: 1, times: 2 }, 5)).toEqual([200, 502, 502, 200, 200]);
	const first = await statuses({ share: 0.3 }, 40);
	expect(new Set(first)).toEqual(new Set([200, 502]));
	await control('POST', 'reset');
	expect(await statuses({ share: 0.3 }, 40)).toEqual(first);
});

describe('The sandbox', () => {
	test('logs requests, and shows them without the key', async () => {
		await kit('POST', '/tags?a=1', { name: 'Seen' });
		const headers = { authorization: `Bearer ${KEYS.main}` };
		const request = { method: 'POST', path: '/kit/v4/tags', query: { a: '1' }, status: 201 };
		const seen = { ...request, body: { name: 'Seen' } };
		expect(client.sandbox.log).toMatchObject([{ ...seen, headers }]);
		const { body } = await control('GET', 'requests');
		expect(body).toMatchObject({ requests: [seen] });
		expect(JSON.stringify(body)).not.toContain(KEYS.main);
	});

	test('forgets requests, deliveries, faults and everything over HTTP', async () => {
		const { sandbox } = client;
		const event = { name: 'subscriber.subscriber_bounce' };
		await kit('POST', '/webhooks', { target_url: 'https://example.com/in', event });
		await control('POST', 'events', { type: 'subscriber.bounced', times: 2 });
		const shown = await control('GET', 'deliveries?settled=true');
		expect(shown).toMatchObject({ body: { deliveries: [{ attempt: 1 }, { attempt: 1 }] } });
		await control('PUT', 'settings', { enforceRateLimit: true, retryScale: 1 });
		await row(201, 'tag', 'POST', '/tags', { name: 'Forgotten' });
		await control('POST', 'faults', { kind: 'drop' });
		for (const what of ['requests', 'deliveries', 'faults']) {
			expect((await control('DELETE', what)).status).toBe(204);
		}
		expect([sandbox.log, sandbox.deliveries]).toEqual([[], []]);
		expect((await control('POST', 'reset')).status).toBe(204);
		expect(sandbox.settings).toMatchObject({ enforceRateLimit: false, retryScale: 1 / 1000 });
		expect((await rows('/tags')).map(({ name }) => name)).not.toContain('Forgotten');
	});

	test('says what can be asked of it', async () => {
		const { body } = await control('GET', '');
		for (const [name, about] of Object.entries(body as Record<string, { example?: object }>)) {
			const [method = '', path = ''] = name.replace('/_sandbox/', '').split(' ');
			const { status } = await control(method, path.replace(':id', pending), about.example);
			// The subscriber and the endpoint of the examples are not there.
			const isMadeUp = path === 'events' || path === 'deliver';
			expect([name, status]).toEqual([name, isMadeUp ? 400 : status < 300 ? status : 200]);
		}
	});

	test.each<[string, object]>([
		['POST faults', { kind: 'other' }],
		['POST events', { type: 'tag.created' }],
		['POST events', { type: 'subscriber.bounced', subscriber: 'nobody@example.com' }],
		['POST events', { type: 'subscriber.bounced', connection: 'none' }],
		['POST events', { type: 'post.published', post: 1 }],
		['POST deliver', { endpoint: 1, events: [] }],
		['POST deliver', { endpoint: 1, events: [], wrong: 'everything' }],
		['PUT settings', { retryScale: -1 }],
		['PUT settings', { enforceRateLimit: 1 }],
	])('refuses %s: %j', async (request, body) => {
		const [method = '', path = ''] = request.split(' ');
		expect(await control(method, path, body)).toEqual({ status: 400, body: { error: SENTENCE } });
	});
});

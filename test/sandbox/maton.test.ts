import { startSandbox } from '../../sandbox';
import type { Fault } from '../../sandbox';
import { CONNECTIONS, KEYS } from '../../sandbox/maton/demo';
import { SENTENCE, useKit } from './client';
import type { Row } from './client';

const client = useKit();
const { kit, row, rows, call, send, control } = client;

const COLORS = '/kit/v4/account/colors';

const tagNames = async () => (await rows('/tags')).map(({ name }) => name);
const statusOf = async (...request: Parameters<typeof kit>) => (await kit(...request)).status;

describe('Maton', () => {
	const { pending, expired } = CONNECTIONS;
	test.each([
		['an unknown connection', 400, { 'maton-connection': 'nobody' }],
		['a pending connection', 400, { 'maton-connection': pending }],
		['a key without connections', 400, { authorization: `Bearer ${KEYS.empty}` }],
		['a missing key', 401, { authorization: '' }],
		['a wrong key', 401, { authorization: 'Bearer wrong' }],
		['an expired authorisation', 500, { 'maton-connection': expired }],
	])('refuses %s with %i and a body of its own', async (_what, status, headers) => {
		const reply = await call('GET', '/kit/v4/tags', undefined, headers);
		expect(reply).toEqual({ status, body: { error: SENTENCE } });
	});

	test('knows no path without an app', async () => {
		expect(await call('GET', '/v4/tags')).toEqual({ status: 404, body: { error: SENTENCE } });
	});

	test('lets a connection without the scopes read, not write', async () => {
		const headers = { 'maton-connection': CONNECTIONS.limited };
		const filter = await call('POST', '/kit/v4/subscribers/filter', { all: [] }, headers);
		expect(filter.status).toBe(200);
		const write = await call('POST', '/kit/v4/tags', { name: 'New' }, headers);
		expect(write).toEqual({ status: 403, body: { errors: [SENTENCE] } });
	});

	test('lists, starts and removes connections', async () => {
		const list = async (query: string, headers = {}) => {
			const path = `/connections?${query}`;
			const reply = await call<{ connections: Row[] }>('GET', path, undefined, headers);
			return reply.body.connections.map((one) => one.connection_id);
		};
		const { main, second, pending, apiKey } = CONNECTIONS;
		const { body: started } = await call<{ connection: Row }>('POST', '/connections', {
			app: 'kit',
		});
		const { connection_id, status, url } = started.connection;
		const id = String(connection_id);
		expect(status).toBe('PENDING');
		expect(url).toMatch(/^https:\/\/connect\.maton\.ai\/\?session_token=\w+$/);
		expect((await call('GET', `/connections/${id}`)).body).toEqual(started);
		expect(await list('app=kit&status=PENDING')).toEqual([pending, id]);
		expect(await list('method=API_KEY')).toEqual([apiKey]);
		expect(await list('limit=2')).toEqual([main, second]);
		expect((await call('DELETE', `/connections/${id}`)).status).toBe(204);
		expect((await call('GET', `/connections/${id}`)).status).toBe(404);
		expect(await list('', { authorization: `Bearer ${KEYS.empty}` })).toEqual([]);
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
		const headers = { 'maton-connection': CONNECTIONS.apiKey };
		for (let n = 0; n < 120; n += 1) {
			expect((await send('GET', COLORS, undefined, headers)).status).toBe(200);
		}
		const refused = await send('GET', COLORS, undefined, headers);
		expect(await refused.text()).toBe('Retry later');
		expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, null]);
	});
});

describe('Faults', () => {
	test('answer a status, for as many requests as told and no others', async () => {
		const which = { method: 'GET', path: '/kit/v4/tags', times: 2 };
		const headers = { 'Retry-After': '7' };
		client.sandbox.fault({ kind: 'status', status: 429, headers, ...which });
		expect(await statusOf('GET', '/account/colors')).toBe(200);
		const response = await send('GET', '/kit/v4/tags');
		expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7']);
		expect(await response.json()).toEqual({ error: 'Rate limit exceeded: 10 requests per second' });
		expect([await statusOf('GET', '/tags'), await statusOf('GET', '/tags')]).toEqual([429, 200]);
	});

	test('skip the first requests, and match patterns', async () => {
		client.sandbox.fault({ kind: 'status', path: /\/tags$/, skip: 1, status: 503, body: { a: 1 } });
		expect(await statusOf('GET', '/tags')).toBe(200);
		expect(await kit('GET', '/tags')).toEqual({ status: 503, body: { a: 1 } });
	});

	test.each<[string, Fault, boolean, number]>([
		['the connection before the work is done', { kind: 'drop' }, false, 0],
		['the connection after it', { kind: 'drop', afterHandling: true }, true, 0],
		['an answer in the middle', { kind: 'truncate' }, true, 201],
	])('cut %s', async (_, fault, isDone, status) => {
		client.sandbox.fault(fault);
		await expect(kit('POST', '/tags', { name: 'Lost' })).rejects.toThrow();
		expect((await tagNames()).includes('Lost')).toBe(isDone);
		expect(client.sandbox.log[0]?.status).toBe(status);
	});

	test('stop in the middle of an answer without an end', async () => {
		client.sandbox.fault({ kind: 'stall' });
		const headers = { authorization: `Bearer ${KEYS.main}` };
		const signal = AbortSignal.timeout(200);
		const response = await fetch(`${client.sandbox.url}/kit/v4/tags`, { headers, signal });
		expect(response.status).toBe(200);
		await expect(response.text()).rejects.toThrow('timeout');
	});

	test.each<[string, Fault, number, RegExp]>([
		['without a body where Kit has none', { kind: 'status', status: 502 }, 502, /^$/],
		['with Kit’s errors', { kind: 'status', status: 403 }, 403, /^{"errors":\[".+"\]}$/],
		['in plain text beyond Kit’s own limit', { kind: 'kitRateLimit' }, 429, /^Retry later$/],
		['with HTML of a proxy', { kind: 'notJson', status: 413 }, 413, /^<!DOCTYPE html>/],
		['with HTML and 200', { kind: 'notJson' }, 200, /^<!DOCTYPE html>/],
		['late, but right', { kind: 'slow', delayMs: 5 }, 200, /^{"tags":/],
		['without a parameter', { kind: 'ignore', parameter: 'per_page' }, 200, /"per_page":500/],
		['without rows', { kind: 'page', tamper: 'noRows' }, 200, /^{"pagination":{[^{]*}}$/],
		['without pagination', { kind: 'page', tamper: 'noPagination' }, 200, /^{"tags":\[[^[]*\]}$/],
		['without a cursor', { kind: 'page', tamper: 'noEndCursor' }, 200, /"end_cursor":null/],
		['with the same cursor', { kind: 'page', tamper: 'sameEndCursor' }, 200, /_cursor":"WzNd"/],
	])('answer %s', async (_, fault, status, text) => {
		client.sandbox.fault(fault);
		const response = await send('GET', '/kit/v4/tags?per_page=3&after=WzNd');
		expect(response.status).toBe(status);
		expect(response.headers.get('retry-after')).toBeNull();
		expect(await response.text()).toMatch(text);
	});

	test('strike a share of the requests, the same ones for the same seed', async () => {
		const storm = async () => {
			client.sandbox.reset();
			client.sandbox.fault({ kind: 'status', status: 502, share: 0.3 });
			const statuses: number[] = [];
			for (let n = 0; n < 40; n += 1) statuses.push(await statusOf('GET', '/account/colors'));
			return statuses;
		};
		const first = await storm();
		expect(new Set(first)).toEqual(new Set([200, 502]));
		expect(await storm()).toEqual(first);
	});
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
		expect((await control('DELETE', 'requests')).status).toBe(204);
		expect(client.sandbox.log).toEqual([]);
	});

	test('is controlled over HTTP', async () => {
		expect((await control('GET', '')).status).toBe(200);
		const fault = { kind: 'status', status: 500, path: '/kit/v4/tags' };
		expect((await control('POST', 'faults', fault)).status).toBe(200);
		expect(await statusOf('GET', '/tags')).toBe(500);
		await control('POST', 'faults', fault);
		await control('DELETE', 'faults');
		expect(await statusOf('GET', '/tags')).toBe(200);
		expect((await control('POST', 'faults', { kind: 'other' })).status).toBe(400);
		await control('PUT', 'settings', { enforceRateLimit: true });
		expect(client.sandbox.settings.enforceRateLimit).toBe(true);
		await row(201, 'tag', 'POST', '/tags', { name: 'Forgotten' });
		expect((await control('POST', 'reset')).status).toBe(204);
		expect(client.sandbox.settings.enforceRateLimit).toBe(false);
		expect(await tagNames()).not.toContain('Forgotten');
	});

	const get = async ({ url, keys }: { url: string; keys: typeof KEYS }, path: string) =>
		await fetch(url + path, { headers: { authorization: `Bearer ${keys.main}` } });

	test('has the same data for the same seed, and others for another', async () => {
		const data = async (seed: number) => {
			const other = await startSandbox({ seed, subscribers: 20, now: '2026-01-01T12:00:00Z' });
			const text = await (await get(other, '/kit/v4/subscribers?status=all')).text();
			await other.close();
			return text;
		};
		const first = await data(7);
		expect(await data(7)).toBe(first);
		expect(await data(8)).not.toBe(first);
	});

	test('stands still at a moment of the past, until it is moved', async () => {
		const past = await startSandbox({ subscribers: 5, now: '2026-01-01T12:00:00Z' });
		const now = async () => {
			const { stats } = (await (await get(past, '/kit/v4/account/email_stats')).json()) as {
				stats: { ending: string };
			};
			return stats.ending;
		};
		const moments = [await now()];
		past.advance(60);
		moments.push(await now());
		past.reset();
		moments.push(await now());
		await past.close();
		const noon = '2026-01-01T12:00:00Z';
		expect(moments).toEqual([noon, '2026-01-01T12:01:00Z', noon]);
	});

	test('refuses a body that is not JSON in Kit’s words', async () => {
		const headers = {
			authorization: `Bearer ${KEYS.main}`,
			'content-type': 'application/json',
		};
		const url = `${client.sandbox.url}/kit/v4/tags`;
		const response = await fetch(url, { method: 'POST', headers, body: '{' });
		expect(response.status).toBe(400);
		expect(await response.json()).toEqual({ errors: [SENTENCE] });
	});

	test('listens on a free port, and says when one is taken', async () => {
		const port = Number(new URL(client.sandbox.url).port);
		await expect(startSandbox({ port })).rejects.toThrow('EADDRINUSE');
	});
});

import { startSandbox } from '../../sandbox';
import type { Fault } from '../../sandbox';
import { useKit } from './client';
import type { Row } from './client';

const client = useKit();
const { kit, row, rows, call } = client;

interface List {
	subscribers: Row[];
	pagination: { per_page: number };
}

const tagNames = async () => (await rows('/tags', 'tags')).map(({ name }) => name);

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
		const { main, second } = client.sandbox.connections;
		const byDefault = await accountName({});
		expect(await accountName({ 'maton-connection': main })).toBe(byDefault);
		expect(await accountName({ 'maton-connection': second })).not.toBe(byDefault);
	});

	test.each([
		['an unknown connection', 400, () => ({ 'maton-connection': 'nobody' })],
		[
			'a pending connection',
			400,
			() => ({ 'maton-connection': client.sandbox.connections.pending }),
		],
		[
			'a key without connections',
			400,
			() => ({ authorization: `Bearer ${client.sandbox.keys.empty}` }),
		],
		['a missing key', 401, () => ({ authorization: '' })],
		['a wrong key', 401, () => ({ authorization: 'Bearer wrong' })],
		[
			'an expired authorisation',
			500,
			() => ({ 'maton-connection': client.sandbox.connections.expired }),
		],
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
		const headers = { 'maton-connection': client.sandbox.connections.limited };
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
			client.sandbox.connections.pending,
			id,
		]);
		expect((await call('DELETE', `/connections/${id}`)).status).toBe(204);
		expect((await call('GET', `/connections/${id}`)).status).toBe(404);
		const empty = { authorization: `Bearer ${client.sandbox.keys.empty}` };
		expect((await call('GET', '/connections', undefined, empty)).body).toEqual({ connections: [] });
	});

	test('refuses the eleventh request of a second, and only where told to', async () => {
		const eleven = async () =>
			(await Promise.all(Array.from({ length: 11 }, () => kit('GET', '/account/colors'))))
				.map(({ status }) => status)
				.sort();
		expect(await eleven()).toEqual(Array<number>(11).fill(200));
		jest.spyOn(Date, 'now').mockReturnValue(Date.now());
		client.sandbox.settings.enforceRateLimit = true;
		expect(await eleven()).toEqual([...Array<number>(10).fill(200), 429]);
		jest.restoreAllMocks();
	});
});

describe('Faults', () => {
	const get = async (signal?: AbortSignal) =>
		await fetch(`${client.sandbox.url}/kit/v4/tags`, {
			headers: { authorization: `Bearer ${client.sandbox.keys.main}` },
			signal,
		});

	test('answer a status, for as many requests as told and no others', async () => {
		client.sandbox.fault({
			kind: 'status',
			method: 'GET',
			path: '/kit/v4/tags',
			times: 2,
			status: 429,
			headers: { 'Retry-After': '7' },
		});
		expect((await kit('GET', '/account/colors')).status).toBe(200);
		const response = await get();
		expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7']);
		expect(await response.json()).toEqual({ error: 'Rate limit exceeded: 10 requests per second' });
		expect((await kit('GET', '/tags')).status).toBe(429);
		expect((await kit('GET', '/tags')).status).toBe(200);
	});

	test('skip the first requests, and match patterns', async () => {
		client.sandbox.fault({ kind: 'status', path: /\/tags$/, skip: 1, status: 503, body: { a: 1 } });
		expect((await kit('GET', '/tags')).status).toBe(200);
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
		const response = await get(AbortSignal.timeout(200));
		expect(response.status).toBe(200);
		await expect(response.text()).rejects.toThrow('timeout');
	});

	test('pass over a parameter of the query', async () => {
		client.sandbox.fault({ kind: 'ignore', parameter: 'per_page' });
		const query = '/subscribers?per_page=3&sort_order=asc';
		const { body } = await kit<List>('GET', query);
		expect(body.pagination.per_page).toBe(500);
		expect((await kit<List>('GET', query)).body.pagination.per_page).toBe(3);
	});

	test.each<[string, Fault, number, RegExp]>([
		['without a body where Kit has none', { kind: 'status', status: 502 }, 502, /^$/],
		['with Kit’s errors', { kind: 'status', status: 403 }, 403, /^{"errors":\[".+"\]}$/],
		['in plain text beyond Kit’s own limit', { kind: 'kitRateLimit' }, 429, /^Retry later$/],
		['with HTML of a proxy', { kind: 'notJson', status: 413 }, 413, /^<!DOCTYPE html>/],
		['with HTML and 200', { kind: 'notJson' }, 200, /^<!DOCTYPE html>/],
		['late, but right', { kind: 'slow', delayMs: 5 }, 200, /^{"tags":/],
	])('answer %s', async (_, fault, status, text) => {
		client.sandbox.fault(fault);
		const response = await get();
		expect(response.status).toBe(status);
		expect(response.headers.get('retry-after')).toBeNull();
		expect(await response.text()).toMatch(text);
	});

	test('tamper with lists', async () => {
		const list = async (tamper: 'noRows' | 'noPagination' | 'noEndCursor' | 'sameEndCursor') => {
			client.sandbox.fault({ kind: 'page', tamper });
			return (await kit<Partial<List>>('GET', '/subscribers?per_page=3&after=WzNd')).body;
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
			client.sandbox.reset();
			client.sandbox.fault({ kind: 'status', status: 502, share: 0.3 });
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
		expect(client.sandbox.log).toMatchObject([
			{
				method: 'POST',
				path: '/kit/v4/tags',
				query: { a: '1' },
				body: { name: 'Seen' },
				headers: { authorization: `Bearer ${client.sandbox.keys.main}` },
				status: 201,
			},
		]);
		const { body } = await control<{ requests: object[] }>('GET', 'requests');
		expect(body.requests).toMatchObject([{ path: '/kit/v4/tags', status: 201 }]);
		expect(JSON.stringify(body)).not.toContain(client.sandbox.keys.main);
		expect((await control('DELETE', 'requests')).status).toBe(204);
		expect(client.sandbox.log).toEqual([]);
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
		expect(client.sandbox.settings.enforceRateLimit).toBe(true);
		const { pending } = client.sandbox.connections;
		expect((await control('POST', `connections/${pending}/authorize`)).status).toBe(200);
		const headers = { 'maton-connection': pending };
		expect((await call('GET', '/kit/v4/account', undefined, headers)).status).toBe(200);
		await row(201, 'tag', 'POST', '/tags', { name: 'Forgotten' });
		expect((await control('POST', 'reset')).status).toBe(204);
		expect(client.sandbox.settings.enforceRateLimit).toBe(false);
		expect(await tagNames()).not.toContain('Forgotten');
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
			return ((await response.json()) as { tag: Row }).tag.created_at;
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
		const response = await fetch(`${client.sandbox.url}/kit/v4/tags`, {
			method: 'POST',
			headers: {
				authorization: `Bearer ${client.sandbox.keys.main}`,
				'content-type': 'application/json',
			},
			body: '{',
		});
		expect(response.status).toBe(400);
		expect(await response.json()).toEqual({ errors: [expect.any(String)] });
	});

	test('listens on a free port, and says when one is taken', async () => {
		const port = Number(new URL(client.sandbox.url).port);
		await expect(startSandbox({ port })).rejects.toThrow('EADDRINUSE');
	});
});

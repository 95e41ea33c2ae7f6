import { NOT_FOUND, refusal, useKit } from './client';
import type { Row } from './client';

const client = useKit();
const { kit, row, rows } = client;

async function subscriber(emailAddress: string): Promise<Row> {
	return await row(201, 'subscriber', 'POST', '/subscribers', { email_address: emailAddress });
}

async function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
	const authorization = `Bearer ${client.sandbox.keys.main}`;
	return await fetch(`${client.sandbox.url}${path}`, {
		headers: { authorization, ...headers },
	});
}

describe('Writes that lag', () => {
	const LAG = 30;

	beforeEach(() => {
		client.sandbox.settings.lagMs = LAG * 1000;
	});

	const found = async (query: string) =>
		(await rows(`/subscribers?${query}`, 'subscribers')).map(({ id }) => id);

	test('show in lists and lookups by address after a while, and by id at once', async () => {
		const { id } = await subscriber('new@example.com');
		const lookup = 'status=all&email_address=new@example.com';
		expect(await row(200, 'subscriber', 'GET', `/subscribers/${String(id)}`)).toMatchObject({
			id,
		});
		expect(await found(lookup)).toEqual([]);
		expect(await found('')).not.toContain(id);
		client.sandbox.advance(LAG - 5);
		expect(await found(lookup)).toEqual([]);
		client.sandbox.advance(5);
		expect(await found(lookup)).toEqual([id]);
		expect(await found('')).toContain(id);
	});

	test('show one after the other', async () => {
		const { id } = await subscriber('new@example.com');
		client.sandbox.advance(20);
		await kit('POST', `/subscribers/${String(id)}/unsubscribe`, {});
		client.sandbox.advance(15);
		expect(await found('email_address=new@example.com')).toEqual([id]);
		client.sandbox.advance(15);
		expect(await found('email_address=new@example.com')).toEqual([]);
		expect(await found('email_address=new@example.com&status=cancelled')).toEqual([id]);
	});

	test('show in the filter after a while', async () => {
		const { id } = await subscriber('new@example.com');
		const all = [{ type: 'subscriber_state', states: ['active'] }];
		const filtered = async () => {
			const path = '/subscribers/filter';
			const { body } = await kit<{ subscribers: { id: string }[] }>('POST', path, { all });
			return body.subscribers.map((one) => Number(one.id));
		};
		expect(await filtered()).not.toContain(id);
		client.sandbox.advance(LAG);
		expect(await filtered()).toContain(id);
	});

	test('are found by address where a subscriber is added to something', async () => {
		await subscriber('new@example.com');
		const tag = await row(201, 'tag', 'POST', '/tags', { name: 'New' });
		const path = `/tags/${String(tag.id)}/subscribers`;
		const { id } = await row(201, 'subscriber', 'POST', path, { email_address: 'new@example.com' });
		expect(await rows(path, 'subscribers')).toEqual([]);
		expect(await rows(`/subscribers/${String(id)}/tags`, 'tags')).toMatchObject([{ id: tag.id }]);
		expect(await kit('GET', '/tags/1/subscribers')).toEqual(NOT_FOUND);
		client.sandbox.advance(LAG);
		expect(await rows(path, 'subscribers')).toMatchObject([{ id }]);
	});

	test('leave what is deleted in lists for a while', async () => {
		const [tag] = await rows('/tags', 'tags');
		await kit('DELETE', `/tags/${String(tag?.id)}`);
		expect((await rows('/tags', 'tags'))[0]).toEqual(tag);
		expect(await kit('GET', `/tags/${String(tag?.id)}/subscribers`)).toEqual(NOT_FOUND);
		client.sandbox.advance(LAG);
		expect((await rows('/tags', 'tags'))[0]).not.toEqual(tag);
	});

	test('are not those of webhooks', async () => {
		const event = { name: 'subscriber.subscriber_activate' };
		const sent = { target_url: 'https://example.com/hook', event };
		const { id } = await row(201, 'webhook', 'POST', '/webhooks', sent);
		expect(await rows('/webhooks', 'webhooks')).toMatchObject([{ id }]);
	});
});

test('Every answer takes a while where told to', async () => {
	client.sandbox.settings.latencyMs = 60;
	const begin = performance.now();
	expect((await kit('GET', '/tags')).status).toBe(200);
	expect(performance.now() - begin).toBeGreaterThan(50);
});

test('Every answer has an id, whoever refuses', async () => {
	const ids = new Set<string | null>();
	for (const path of ['/kit/v4/tags', '/kit/v4/nothing', '/connections', '/v4/tags']) {
		ids.add((await get(path)).headers.get('x-request-id'));
	}
	expect(ids.size).toBe(4);
	expect(ids).not.toContain(null);
});

test('Errors about sequences are nested where told to', async () => {
	client.sandbox.settings.nestedErrors = true;
	expect(await kit('POST', '/sequences', {})).toEqual(refusal(["Name can't be blank"]));
	expect(await kit('POST', '/tags', {})).toEqual(refusal("Name can't be blank"));
});

test('A tag cannot be deleted alone where told so, but in bulk', async () => {
	client.sandbox.settings.noTagDelete = true;
	const { id } = await row(201, 'tag', 'POST', '/tags', { name: 'New' });
	expect(await kit('DELETE', `/tags/${String(id)}`)).toEqual(NOT_FOUND);
	const bulk = { tags: [{ id }] };
	expect(await kit('DELETE', '/bulk/tags', bulk)).toEqual({ status: 200, body: { failures: [] } });
});

describe('Kit’s own limit', () => {
	afterEach(() => {
		jest.restoreAllMocks();
	});

	test('is lower by API key, and refuses in plain text without Retry-After', async () => {
		let now = Date.now();
		// Ten a second, so that Maton refuses none.
		jest.spyOn(Date, 'now').mockImplementation(() => (now += 100));
		client.sandbox.settings.enforceRateLimit = true;
		const headers = { 'maton-connection': client.sandbox.connections.apiKey };
		for (let n = 0; n < 120; n += 1) {
			expect((await get('/kit/v4/account/colors', headers)).status).toBe(200);
		}
		const refused = await get('/kit/v4/account/colors', headers);
		expect(await refused.text()).toBe('Retry later');
		expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, null]);
	});
});

describe('A connection by API key', () => {
	const headers = () => ({ 'maton-connection': client.sandbox.connections.apiKey });

	test.each(['/purchases', '/purchases/1', '/webhook_endpoints'])(
		'may not read %s',
		async (path) => {
			const response = await get(`/kit/v4${path}`, headers());
			expect(response.status).toBe(401);
			expect(await response.json()).toEqual({ errors: ['The access token is invalid'] });
		},
	);

	test('opens the account, but for bulk', async () => {
		const [mine, main] = [await get('/kit/v4/account', headers()), await get('/kit/v4/account')];
		expect(await mine.json()).toEqual(await main.json());
		const response = await fetch(`${client.sandbox.url}/kit/v4/bulk/tags`, {
			method: 'POST',
			headers: {
				...headers(),
				authorization: `Bearer ${client.sandbox.keys.main}`,
				'content-type': 'application/json',
			},
			body: JSON.stringify({ tags: [{ name: 'New' }] }),
		});
		expect(response.status).toBe(401);
	});

	test('is listed with its method, and lists are cut where told to', async () => {
		const ids = async (query: string) => {
			const response = await get(`/connections?${query}`);
			const { connections } = (await response.json()) as { connections: Row[] };
			return connections.map((one) => one.connection_id);
		};
		const { apiKey, main, second } = client.sandbox.connections;
		expect(await ids('method=API_KEY')).toEqual([apiKey]);
		expect(await ids('limit=2')).toEqual([main, second]);
	});
});

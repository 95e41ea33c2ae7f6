import { createHmac } from 'node:crypto';
import { useKit } from './client';
import type { Row } from './client';
import { useReceiver } from './receiver';
import type { Arrival } from './receiver';

const client = useKit({ allowLoopbackWebhooks: true, subscribers: 20 });
const { control, kit, row, rows } = client;
const receiver = useReceiver();
const { arrivals, reactions } = receiver;

interface EventRow {
	id: string;
	type: string;
	data: Record<string, Row>;
}

const settled = async () => {
	await client.sandbox.settled();
	return arrivals;
};
const arrived = async (count: number) => {
	while (arrivals.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
};
const createTag = async (name: string) => await row(201, 'tag', 'POST', '/tags', { name });
const createSubscriber = async (about: object = {}) =>
	await row(201, 'subscriber', 'POST', '/subscribers', {
		email_address: 'ada.new@example.com',
		first_name: 'Ada',
		...about,
	});
const createWebhook = async (name: string, about: object, url = receiver.url) =>
	await row(201, 'webhook', 'POST', '/webhooks', { target_url: url, event: { name, ...about } });
const createEndpoint = async (events: string[], url = `${receiver.url}/signed`) =>
	await row(201, 'webhook_endpoint', 'POST', '/webhook_endpoints', { url, events });
const pathOf = ({ id }: Row) => `/webhook_endpoints/${String(id)}`;
const deliveriesOf = async (endpoint: Row) => await rows(`${pathOf(endpoint)}/deliveries`);
const eventsOf = ({ body }: Arrival) => body.events as EventRow[];

/** Fails unless an arrival is signed now, with the secrets of these endpoints and no others. */
function expectSigned(arrival: Arrival | undefined, ...endpoints: Row[]): void {
	const [time = '', ...given] = String(arrival?.headers['x-kit-signature']).split(',');
	const expected = endpoints.map(({ secret }) => {
		const hmac = createHmac('sha256', String(secret));
		return `v1=${hmac.update(`${time.slice(2)}.${String(arrival?.text)}`).digest('hex')}`;
	});
	expect(given).toEqual(expected);
	expect(Math.abs(Date.now() / 1000 - Number(time.slice(2)))).toBeLessThan(5);
}

// That each event is told, and with what, is on docs/events.md, which is made with the sandbox.
test('Classic webhooks hear of what they are about only, without a signature', async () => {
	const [mine, other] = [await createTag('Mine'), await createTag('Other')];
	const url = 'https://www.example.com/offer';
	await createWebhook('subscriber.tag_add', { tag_id: mine.id }, `${receiver.url}/tag?a=b%20c`);
	await createWebhook('subscriber.link_click', { initiator_value: url }, `${receiver.url}/link`);
	await createWebhook('subscriber.product_purchase', { product_id: 7 }, `${receiver.url}/product`);
	const { id } = await createSubscriber();
	for (const tag of [other, mine]) {
		await kit('POST', `/tags/${String(tag.id)}/subscribers/${String(id)}`, {});
	}
	client.sandbox.raise({ type: 'subscriber.link_clicked', subscriber: id });
	client.sandbox.raise({ type: 'subscriber.link_clicked', subscriber: id, url });
	for (const product of [8, 7]) {
		client.sandbox.raise({ type: 'subscriber.product_purchased', subscriber: id, product });
	}
	const paths = (await settled()).map(({ path }) => path);
	expect(paths.sort()).toEqual(['/link', '/product', '/tag?a=b%20c']);
	for (const { body, headers } of arrivals) {
		expect(body).toMatchObject({ subscriber: { id } });
		expect(headers).not.toHaveProperty('x-kit-signature');
	}
});

test.each([
	['classic', 'https://hooks.example.com/in', 'Not sent', 1],
	['signed', 'https://hooks.example.com/in', 'Not sent', 1],
	['classic', 'http://127.0.0.1:2/', 'ECONNREFUSED', 1],
	['signed', 'http://127.0.0.1:2/', 'ECONNREFUSED', 8],
])('A %s webhook at %s hears nothing: %s', async (kind, url, error, attempts) => {
	await control('PUT', 'settings', { retryScale: 0 });
	if (kind === 'classic') await createWebhook('subscriber.subscriber_activate', {}, url);
	else await createEndpoint(['subscriber.activated'], url);
	await createSubscriber();
	await settled();
	expect(client.sandbox.deliveries).toHaveLength(attempts);
	const refused = { kind, url, status: null, error: expect.stringContaining(error) as unknown };
	expect(client.sandbox.deliveries[0]).toMatchObject(refused);
});

test('Classic webhooks are tried once', async () => {
	await createWebhook('subscriber.subscriber_activate', {});
	reactions.push({ status: 500 });
	await createSubscriber();
	expect(await settled()).toHaveLength(1);
	const failed = { kind: 'classic', attempt: 1, status: 500, response: 'answer 500', error: null };
	expect(client.sandbox.deliveries).toMatchObject([failed]);
});

describe('Webhook endpoints', () => {
	const noneBeyond = async (count: number) => {
		await arrived(count);
		await new Promise((resolve) => setTimeout(resolve, 50));
		expect(arrivals).toHaveLength(count);
	};

	test('get signed deliveries, and Kit tells of each attempt', async () => {
		const endpoint = await createEndpoint(['subscriber.created']);
		const made = await createSubscriber({ fields: { company: 'Kit' } });
		const [arrival, ...others] = await settled();
		expect(others).toEqual([]);
		expectSigned(arrival, endpoint);
		const [delivery] = await deliveriesOf(endpoint);
		const id = delivery?.id;
		expect(arrival?.headers).toMatchObject({
			'user-agent': 'Kit-Webhooks/2.0',
			'x-kit-delivery': String(id),
			'content-type': 'application/json',
		});
		const fields = expect.objectContaining({ company: 'Kit' }) as unknown;
		const event = {
			id: expect.stringMatching(/^[\da-f-]{36}$/) as unknown,
			type: 'subscriber.created',
			created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as unknown,
			data: { subscriber: { ...made, fields } },
		};
		expect(arrival?.body).toEqual({ delivery_id: id, events: [event] });
		const path = `${pathOf(endpoint)}/deliveries/${String(id)}`;
		expect(await row(200, 'delivery', 'GET', path)).toMatchObject({
			...{ event_type: event.type, status: 'delivered', attempt_count: 1 },
			attempts: [{ response_status: 200, response_body: 'answer 200' }],
		});
	});

	test('get events of one type together, at most a hundred', async () => {
		const endpoint = await createEndpoint(['subscriber.created', 'subscriber.activated']);
		await control('PUT', 'settings', { batchWindowMs: 500 });
		for (const count of [100, 20]) {
			const subscribers = Array.from({ length: count }, (_, index) => ({
				email_address: `batch${String(count + index)}@example.com`,
			}));
			await kit('POST', '/bulk/subscribers', { subscribers });
		}
		const sizes = (await settled()).map((arrival) => {
			const types = new Set(eventsOf(arrival).map(({ type }) => type));
			return `${[...types].join()} ${String(eventsOf(arrival).length)}`;
		});
		expect(sizes.sort()).toEqual([
			...['subscriber.activated 100', 'subscriber.activated 20'],
			...['subscriber.created 100', 'subscriber.created 20'],
		]);
		expect(new Set(arrivals.flatMap(eventsOf).map(({ id }) => id)).size).toBe(240);
		expect(await deliveriesOf(endpoint)).toHaveLength(4);
	});

	test.each([
		['again until they answer well', [500, 302], 3, 'delivered'],
		['eight times at most', Array.from({ length: 9 }, () => 503), 8, 'failed'],
		['no more after 410', [410], 1, 'failed'],
	])('are tried %s', async (_, statuses, attempts, status) => {
		const endpoint = await createEndpoint(['tag.created']);
		await control('PUT', 'settings', { retryScale: 1e-9 });
		const headers = { location: receiver.url };
		reactions.push(...statuses.map((one) => ({ status: one, headers })));
		await createTag('Told');
		expect(await settled()).toHaveLength(attempts);
		expect(new Set(arrivals.map(({ text }) => text)).size).toBe(1);
		for (const arrival of arrivals) expectSigned(arrival, endpoint);
		const [delivery] = await deliveriesOf(endpoint);
		expect(delivery).toMatchObject({ status, attempt_count: attempts });
		expect(delivery?.completed_at).not.toBeNull();
	});

	test('are tried again as the clock is moved', async () => {
		const endpoint = await createEndpoint(['tag.created']);
		await control('PUT', 'settings', { retryScale: 1, batchWindowMs: 0 });
		reactions.push({ status: 500 }, { status: 500 });
		await createTag('Later');
		await noneBeyond(1);
		expect(await deliveriesOf(endpoint)).toMatchObject([{ status: 'retrying' }]);
		for (const [seconds, count] of [
			[25, 1],
			[5, 2],
			[30, 2],
			[90, 3],
		] as const) {
			await control('POST', 'clock', { advanceSeconds: seconds });
			await noneBeyond(count);
		}
		await settled();
		expect(await deliveriesOf(endpoint)).toMatchObject([{ status: 'delivered' }]);
	});

	test.each([429, 503])('that answer %d say when to try again', async (status) => {
		await createEndpoint(['tag.created']);
		const date = new Date(Date.now() + 200_000).toUTCString();
		for (const [after, least] of [
			['400', 395],
			[date, 190],
		] as const) {
			client.sandbox.deliveries.length = 0;
			reactions.push({ status, headers: { 'retry-after': after } });
			await createTag(`Slow down until ${after}`);
			await settled();
			const [first = 0, second = 0] = client.sandbox.deliveries.map(({ time }) => time);
			expect(second - first).toBeGreaterThanOrEqual(least);
		}
	});

	test('that are disabled, removed or for other events get nothing', async () => {
		const disabled = await createEndpoint(['tag.created']);
		await kit('PATCH', pathOf(disabled), { status: 'disabled' });
		await createEndpoint(['tag.deleted']);
		const removed = await createEndpoint(['tag.created']);
		await control('PUT', 'settings', { batchWindowMs: 300 });
		await createTag('Unheard');
		await kit('DELETE', pathOf(removed));
		expect(await settled()).toEqual([]);
		expect(await deliveriesOf(disabled)).toEqual([]);
	});

	test('that are disabled while a retry waits get no more', async () => {
		const endpoint = await createEndpoint(['tag.created']);
		await control('PUT', 'settings', { retryScale: 0.01 });
		reactions.push({ status: 500 });
		await createTag('Stopped');
		await arrived(1);
		await kit('PATCH', pathOf(endpoint), { status: 'disabled' });
		expect(await settled()).toHaveLength(1);
		expect(await deliveriesOf(endpoint)).toMatchObject([{ status: 'failed', attempt_count: 1 }]);
	});

	test('of a name that is this machine are reached', async () => {
		const url = `${receiver.url.replace('127.0.0.1', 'hooks.localhost')}/named`;
		await createEndpoint(['tag.created'], url);
		await createTag('Near');
		expect((await settled()).map(({ path }) => path)).toEqual(['/named']);
	});
});

describe('The control interface', () => {
	test('shows the posts, and forgets them', async () => {
		await createWebhook('subscriber.subscriber_bounce', {});
		client.sandbox.raise({ type: 'subscriber.bounced', times: 2 });
		const shown = await control('GET', 'deliveries?settled=true');
		expect(shown).toMatchObject({ body: { deliveries: [{ status: 200 }, { status: 200 }] } });
		expect((await control('DELETE', 'deliveries')).status).toBe(204);
		expect(await control('GET', 'deliveries')).toEqual({ status: 200, body: { deliveries: [] } });
	});

	test.each<[string, object]>([
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
		const error = expect.any(String) as unknown;
		expect(await control(method, path, body)).toEqual({ status: 400, body: { error } });
	});
});

test('What becomes due is told of without a request', async () => {
	await createEndpoint(['post.published']);
	const draft = { subject: 'Soon', content: '<p>Hello</p>', public: true };
	const send_at = new Date(Date.now() + 2000).toISOString();
	await row(201, 'broadcast', 'POST', '/broadcasts', { ...draft, send_at });
	expect(await settled()).toEqual([]);
	await arrived(1);
	expect(arrivals[0]?.body.events).toMatchObject([{ data: { post: { title: 'Soon' } } }]);
});

describe('Nothing is posted', () => {
	test('of what waited before a reset', async () => {
		await createEndpoint(['tag.created']);
		await control('PUT', 'settings', { batchWindowMs: 100, retryScale: 1 });
		await createTag('Forgotten');
		const waiting = client.sandbox.settled();
		client.sandbox.reset();
		await waiting;
		await new Promise((resolve) => setTimeout(resolve, 200));
		expect(await settled()).toEqual([]);
		expect(client.sandbox.deliveries).toEqual([]);
		expect(client.sandbox.settings).toMatchObject({ batchWindowMs: 50, retryScale: 1 / 1000 });
	});

	test('but for accounts that are authorised while it runs', async () => {
		const { pending } = client.sandbox.connections;
		await control('POST', `connections/${pending}/authorize`);
		const headers = { 'maton-connection': pending };
		const event = { name: 'subscriber.subscriber_activate' };
		await client.call('POST', '/kit/v4/webhooks', { target_url: receiver.url, event }, headers);
		const subscriber = { email_address: 'fresh@example.com' };
		await client.call('POST', '/kit/v4/subscribers', subscriber, headers);
		expect(await settled()).toHaveLength(1);
	});
});

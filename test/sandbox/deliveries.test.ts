import { createHmac } from 'node:crypto';
import type { PostedDelivery } from '../../sandbox';
import { useKit, useReceiver } from './client';
import type { Row } from './client';

const client = useKit({ allowLoopbackWebhooks: true, subscribers: 20 });
const { control, kit, row, rows } = client;
const receiver = useReceiver();
const { reactions } = receiver;

/** What was posted, when nothing more comes. */
const posts = async () => {
	await client.sandbox.settled();
	return client.sandbox.deliveries;
};
const wait = async (milliseconds: number) =>
	await new Promise((resolve) => setTimeout(resolve, milliseconds));
/** As many posts have been answered, and no more are under way; others may wait. */
const answered = async (count: number) => {
	const isOver = ({ status, error }: PostedDelivery) => status !== null || error !== null;
	const { deliveries } = client.sandbox;
	for (let tries = 0; deliveries.filter(isOver).length < count && tries < 800; tries += 1)
		await wait(5);
	await wait(50);
	expect(deliveries).toHaveLength(count);
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
const eventsOf = ({ body }: PostedDelivery) =>
	(body as { events: { id: string; type: string }[] }).events;

/** Fails unless a post is signed now, with the secret of the endpoint. */
function expectSigned({ headers, body }: PostedDelivery, { secret }: Row): void {
	const [time = '', ...given] = String(headers['X-Kit-Signature']).split(',');
	const hmac = createHmac('sha256', String(secret));
	const expected = hmac.update(`${time.slice(2)}.${JSON.stringify(body)}`).digest('hex');
	expect(given).toEqual([`v1=${expected}`]);
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
	const heard = await posts();
	const paths = heard.map((post) => post.url.slice(receiver.url.length));
	expect(paths.sort()).toEqual(['/link', '/product', '/tag?a=b%20c']);
	for (const { body, headers } of heard) {
		expect(body).toMatchObject({ subscriber: { id } });
		expect(headers).not.toHaveProperty('X-Kit-Signature');
	}
});

test.each([
	['classic', 'https://hooks.example.com/in', 1, { status: null, error: /^Not sent/ }],
	['signed', 'https://hooks.example.com/in', 1, { status: null, error: /^Not sent/ }],
	['classic', 'http://127.0.0.1:2/', 1, { status: null, error: /ECONNREFUSED/ }],
	['signed', 'http://127.0.0.1:2/', 8, { status: null, error: /ECONNREFUSED/ }],
	['classic', '', 1, { status: 500, error: /null/ }],
])('A %s webhook at %j is tried %d times: %j', async (kind, path, attempts, { status, error }) => {
	await control('PUT', 'settings', { retryScale: 0 });
	const url = path || receiver.url;
	reactions.push({ status: 500 });
	if (kind === 'classic') await createWebhook('subscriber.subscriber_activate', {}, url);
	else await createEndpoint(['subscriber.activated'], url);
	await createSubscriber();
	const made = await posts();
	expect(made).toHaveLength(attempts);
	expect(made[0]).toMatchObject({ kind, url, attempt: 1, status });
	expect(String(made[0]?.error)).toMatch(error);
});

describe('Webhook endpoints', () => {
	test('get events of one type together, at most a hundred', async () => {
		const endpoint = await createEndpoint(['subscriber.created', 'subscriber.activated']);
		await control('PUT', 'settings', { batchWindowMs: 500 });
		for (const count of [100, 20]) {
			const subscribers = Array.from({ length: count }, (_, index) => ({
				email_address: `batch${String(count + index)}@example.com`,
			}));
			await kit('POST', '/bulk/subscribers', { subscribers });
		}
		const made = await posts();
		const sizes = made.map((post) => {
			const types = new Set(eventsOf(post).map(({ type }) => type));
			return `${[...types].join()} ${String(eventsOf(post).length)}`;
		});
		expect(sizes.sort()).toEqual([
			...['subscriber.activated 100', 'subscriber.activated 20'],
			...['subscriber.created 100', 'subscriber.created 20'],
		]);
		expect(new Set(made.flatMap(eventsOf).map(({ id }) => id)).size).toBe(240);
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
		const made = await posts();
		expect(made).toHaveLength(attempts);
		const [delivery] = await deliveriesOf(endpoint);
		const delivery_id = delivery?.id;
		for (const post of made) {
			expectSigned(post, endpoint);
			expect(post.headers).toMatchObject({ 'X-Kit-Delivery': String(delivery_id) });
			expect(post.body).toMatchObject({ delivery_id, events: [{ type: 'tag.created' }] });
		}
		const path = `${pathOf(endpoint)}/deliveries/${String(delivery_id)}`;
		expect(await row(200, 'delivery', 'GET', path)).toMatchObject({
			...{ status, attempt_count: attempts, completed_at: expect.any(String) as unknown },
			attempts: made.map((post) => ({
				response_status: post.status,
				response_body: post.response,
			})),
		});
	});

	test.each([
		[500, '400', 30],
		[429, '400', 400],
		[503, '400', 400],
		[503, 'a date in 200 seconds', 200],
	])('that answer %d with %s are tried again after %d seconds', async (status, said, seconds) => {
		const endpoint = await createEndpoint(['tag.created']);
		await control('PUT', 'settings', { retryScale: 1, batchWindowMs: 0 });
		const date = new Date(Date.now() + 200_000).toUTCString();
		reactions.push({ status, headers: { 'retry-after': said === '400' ? said : date } });
		await createTag('Later');
		await answered(1);
		expect(await deliveriesOf(endpoint)).toMatchObject([{ status: 'retrying' }]);
		await control('POST', 'clock', { advanceSeconds: seconds - 20 });
		await answered(1);
		await control('POST', 'clock', { advanceSeconds: 20 });
		expect(await posts()).toHaveLength(2);
		expect(await deliveriesOf(endpoint)).toMatchObject([{ status: 'delivered' }]);
	});

	test('that are disabled, removed or for other events get nothing, and no retry', async () => {
		const disabled = await createEndpoint(['tag.created']);
		await kit('PATCH', pathOf(disabled), { status: 'disabled' });
		await createEndpoint(['tag.deleted']);
		const removed = await createEndpoint(['tag.created']);
		await control('PUT', 'settings', { batchWindowMs: 300, retryScale: 0.01 });
		await createTag('Unheard');
		await kit('DELETE', pathOf(removed));
		expect(await posts()).toEqual([]);
		expect(await deliveriesOf(disabled)).toEqual([]);
		await kit('PATCH', pathOf(disabled), { status: 'active' });
		reactions.push({ status: 500 });
		await createTag('Heard once');
		await answered(1);
		await kit('PATCH', pathOf(disabled), { status: 'disabled' });
		expect(await posts()).toHaveLength(1);
		expect(await deliveriesOf(disabled)).toMatchObject([{ status: 'failed', attempt_count: 1 }]);
	});

	test('of a name that is this machine are reached', async () => {
		const url = receiver.url.replace('127.0.0.1', 'hooks.localhost');
		await createEndpoint(['tag.created'], url);
		await createTag('Near');
		expect(await posts()).toMatchObject([{ url, status: 200 }]);
	});
});

test('What becomes due is told of without a request', async () => {
	await createEndpoint(['post.published']);
	const draft = { subject: 'Soon', content: '<p>Hello</p>', public: true };
	const send_at = new Date(Date.now() + 2000).toISOString();
	await row(201, 'broadcast', 'POST', '/broadcasts', { ...draft, send_at });
	expect(await posts()).toEqual([]);
	await answered(1);
	const event = { data: { post: { title: 'Soon' } } };
	expect(client.sandbox.deliveries).toMatchObject([{ body: { events: [event] } }]);
});

test('Nothing is posted of what waited before a reset', async () => {
	await createEndpoint(['tag.created']);
	await control('PUT', 'settings', { batchWindowMs: 100, retryScale: 1 });
	await createTag('Forgotten');
	const waiting = client.sandbox.settled();
	client.sandbox.reset();
	await waiting;
	await wait(200);
	expect(await posts()).toEqual([]);
});

test('Accounts that are authorised while the sandbox runs tell of what happens too', async () => {
	const { pending } = client.sandbox.connections;
	await control('POST', `connections/${pending}/authorize`);
	const headers = { 'maton-connection': pending };
	const event = { name: 'subscriber.subscriber_activate' };
	await client.call('POST', '/kit/v4/webhooks', { target_url: receiver.url, event }, headers);
	const subscriber = { email_address: 'fresh@example.com' };
	await client.call('POST', '/kit/v4/subscribers', subscriber, headers);
	expect(await posts()).toHaveLength(1);
});

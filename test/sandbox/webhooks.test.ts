import { Account } from '../../sandbox/kit/state';
import type { Delivery, WebhookEndpoint } from '../../sandbox/kit/state';
import { webhookDeliveryRoutes } from '../../sandbox/kit/webhookDeliveries';
import { NOT_FOUND, refusal, SENTENCE, useKit } from './client';
import type { Row } from './client';

const client = useKit();
const { kit, row, rows } = client;

const URL_OUTSIDE = 'https://hooks.example.com/in';

describe('Classic webhooks', () => {
	const create = async (event: object) =>
		await kit<{ webhook: Row }>('POST', '/webhooks', { target_url: URL_OUTSIDE, event });
	const firstId = async (key: string) => (await rows(`/${key}?status=all`, key))[0]?.id;

	test('name their event without its prefix', async () => {
		const { status, body } = await create({ name: 'subscriber.subscriber_activate', tag_id: null });
		expect(status).toBe(201);
		expect(body.webhook).toEqual({
			id: body.webhook.id,
			account_id: 2701,
			event: { name: 'subscriber_activate', initiator_value: null },
			target_url: URL_OUTSIDE,
		});
		expect(await rows('/webhooks', 'webhooks')).toEqual([body.webhook]);
		const path = `/webhooks/${String(body.webhook.id)}`;
		expect((await kit('DELETE', path)).status).toBe(204);
		expect(await kit('DELETE', path)).toEqual(NOT_FOUND);
		expect(await rows('/webhooks', 'webhooks')).toEqual([]);
	});

	test.each([
		['subscriber.form_subscribe', 'form_id', 'forms'],
		['subscriber.course_subscribe', 'sequence_id', 'sequences'],
		['subscriber.course_complete', 'sequence_id', 'sequences'],
		['subscriber.tag_add', 'tag_id', 'tags'],
		['subscriber.tag_remove', 'tag_id', 'tags'],
		['custom_field.field_value_updated', 'custom_field_id', 'custom_fields'],
	])('%s needs %s of something there is', async (name, key, list) => {
		const id = await firstId(list);
		const { status, body } = await create({ name, [key]: id });
		expect(status).toBe(201);
		expect(body.webhook.event).toEqual({ name: name.split('.')[1], [key]: id });
		expect(await create({ name })).toEqual(refusal(SENTENCE));
		expect(await create({ name, [key]: 1 })).toEqual(refusal(SENTENCE));
		expect(await create({ name, [key]: id, product_id: 3 })).toEqual(refusal(SENTENCE));
	});

	test('are about a link or a product as well', async () => {
		const link = { name: 'subscriber.link_click', initiator_value: 'https://www.example.com/' };
		expect((await create(link)).body.webhook.event).toEqual({ ...link, name: 'link_click' });
		expect(await create({ ...link, initiator_value: 'a link' })).toEqual(refusal(SENTENCE));
		const product = { name: 'subscriber.product_purchase', product_id: 7 };
		const { body } = await create(product);
		expect(body.webhook.event).toEqual({ ...product, name: 'product_purchase' });
	});

	test.each([
		{},
		{ target_url: URL_OUTSIDE },
		{ event: { name: 'purchase.purchase_create' } },
		{ target_url: URL_OUTSIDE, event: {} },
	])('are refused: %j', async (body) => {
		const sentence = '`event` and `target` parameters must be provided';
		expect(await kit('POST', '/webhooks', body)).toEqual(refusal(sentence));
	});

	test('know their events by their whole name', async () => {
		for (const name of ['tag_add', 'subscriber.nothing', 'toString']) {
			expect(await create({ name })).toEqual(refusal(SENTENCE));
		}
		const body = { target_url: 'nowhere', event: { name: 'purchase.purchase_create' } };
		expect(await kit('POST', '/webhooks', body)).toEqual(refusal(SENTENCE));
	});
});

describe('Webhook endpoints', () => {
	const events = ['subscriber.created', 'tag.created'];
	const create = async (about: object = {}) =>
		await row(201, 'webhook_endpoint', 'POST', '/webhook_endpoints', {
			url: URL_OUTSIDE,
			events,
			...about,
		});
	const pathOf = ({ id }: Row) => `/webhook_endpoints/${String(id)}`;
	const endpoint = async (method: string, path: string, body?: unknown) =>
		await row(200, 'webhook_endpoint', method, path, body);

	test('show their secret once', async () => {
		const { secret, ...created } = await create({ name: 'Mine', description: 'For me' });
		expect(secret).toMatch(/^whsec_\w+$/);
		expect(created).toMatchObject({
			name: 'Mine',
			url: URL_OUTSIDE,
			events,
			status: 'active',
			description: 'For me',
			previous_secret_expires_at: null,
		});
		expect(await endpoint('GET', pathOf(created))).toEqual(created);
		expect(await rows('/webhook_endpoints', 'webhook_endpoints')).toEqual([created]);
	});

	test('are changed, disabled and removed', async () => {
		const created = await endpoint('GET', pathOf(await create()));
		const change = { name: 'New', status: 'disabled', events: ['post.published'] };
		const changed = await endpoint('PATCH', pathOf(created), change);
		expect(changed).toEqual({ ...created, ...change });
		const listed = async (status: string) =>
			(await rows(`/webhook_endpoints?status=${status}`, 'webhook_endpoints')).length;
		expect([await listed('active'), await listed('disabled')]).toEqual([0, 1]);
		expect(await kit('GET', '/webhook_endpoints?status=off')).toEqual(
			refusal('status must be one of: active, disabled'),
		);
		expect((await kit('DELETE', pathOf(created))).status).toBe(204);
		for (const [method, path] of [
			['GET', ''],
			['PATCH', ''],
			['DELETE', ''],
			['POST', '/rotate_secret'],
			['POST', '/revoke_previous_secret'],
			['GET', '/deliveries'],
			['GET', '/deliveries/1'],
		] as const) {
			expect(await kit(method, pathOf(created) + path)).toEqual(NOT_FOUND);
		}
	});

	test('rotate their secret, once at a time unless forced', async () => {
		const created = await create();
		const rotate = `${pathOf(created)}/rotate_secret`;
		const rotated = await endpoint('POST', rotate);
		expect(rotated.secret).not.toBe(created.secret);
		expect(rotated.previous_secret_expires_at).not.toBeNull();
		expect(await kit('POST', rotate, {})).toMatchObject({
			status: 409,
			body: { errors: [SENTENCE] },
		});
		const forced = await endpoint('POST', rotate, { force: true });
		expect(forced.secret).not.toBe(rotated.secret);
		const revoked = await endpoint('POST', `${pathOf(created)}/revoke_previous_secret`);
		expect(revoked.previous_secret_expires_at).toBeNull();
		expect(revoked).not.toHaveProperty('secret');
		await endpoint('POST', rotate);
		client.sandbox.advance(2 * 24 * 3600);
		expect(await endpoint('GET', pathOf(created))).toMatchObject({
			previous_secret_expires_at: null,
		});
		await endpoint('POST', rotate);
	});

	test.each<[object, string]>([
		[{ events: [] }, 'events must include at least one event type'],
		[{ events: ['subscriber.link_clicked'] }, SENTENCE],
		[{ events: ['tag.created', 'tag.eaten'] }, SENTENCE],
		[{ description: 'x'.repeat(2000) }, SENTENCE],
	])('are refused: %j', async (about, sentence) => {
		const body = { url: URL_OUTSIDE, events, ...about };
		expect(await kit('POST', '/webhook_endpoints', body)).toEqual(refusal(sentence));
		expect(await kit('PATCH', pathOf(await create()), about)).toEqual(refusal(sentence));
	});

	const HERE = [
		'http://localhost:5678/a',
		'http://127.0.0.1:1/',
		'http://[::1]/',
		'http://0x7f.1/',
	];
	const INSIDE = [
		'http://10.1.2.3/',
		'http://172.16.0.1/',
		'https://192.168.1.1/',
		'http://169.254.169.254/latest',
		'http://100.64.0.1/',
		'http://0.0.0.0/',
		'http://[fd00::1]/',
		'http://[fe80::1]/',
		'http://[::ffff:10.0.0.1]/',
		'http://intranet/',
		'http://db.internal/',
		'ftp://hooks.example.com/',
		'hooks.example.com',
		'',
	];

	test.each([...HERE, ...INSIDE])('do not lead to %s', async (url) => {
		const reply = await kit('POST', '/webhook_endpoints', { url, events });
		expect(reply).toEqual(refusal(SENTENCE));
	});

	test('lead to this machine where the sandbox is told to let them', async () => {
		const settings = { allowLoopbackWebhooks: true };
		expect((await client.control('PUT', 'settings', settings)).status).toBe(200);
		for (const url of HERE) expect(await create({ url })).toMatchObject({ url });
		for (const url of INSIDE) {
			const reply = await kit('POST', '/webhook_endpoints', { url, events });
			expect(reply).toEqual(refusal(SENTENCE));
		}
		client.sandbox.reset();
		expect(client.sandbox.settings).toMatchObject({
			enforceRateLimit: false,
			allowLoopbackWebhooks: false,
		});
		for (const wrong of [{}, { other: true }, { allowLoopbackWebhooks: 'yes' }]) {
			expect((await client.control('PUT', 'settings', wrong)).status).toBe(400);
		}
	});

	test('have no deliveries yet', async () => {
		const path = `${pathOf(await create())}/deliveries`;
		const query = '?status=failed&event_type=tag.created';
		expect(await rows(path + query, 'deliveries')).toEqual([]);
		expect(await kit('GET', `${path}/1`)).toEqual(NOT_FOUND);
		expect(await kit('GET', `${path}?status=lost`)).toEqual(
			refusal('status must be one of: pending, retrying, delivered, failed'),
		);
		expect(await kit('GET', `${path}?event_type=tag.eaten`)).toEqual(refusal(SENTENCE));
	});

	test('keep their deliveries for 30 days', () => {
		const at = Date.UTC(2026, 0, 31);
		const delivery = (id: number, daysAgo: number): Delivery => ({
			id,
			eventType: 'tag.created',
			events: [{ type: 'tag.created' }],
			createdAt: at - daysAgo * 86_400_000,
			status: 'delivered',
			completedAt: at,
			attempts: [{ at, responseStatus: 200, responseBody: 'ok', durationMs: 3 }],
		});
		const profile = {
			userId: 1,
			accountId: 1,
			name: 'Test',
			planType: 'creator',
			emailAddress: 'test@example.com',
			senderName: 'Test',
			createdAt: 0,
			timeZone: 'UTC',
			timeZoneName: 'UTC',
			creatorProfile: null,
		};
		const account = new Account(profile, () => at);
		const hook: WebhookEndpoint = {
			id: 5,
			createdAt: 0,
			name: 'Mine',
			url: URL_OUTSIDE,
			description: null,
			events,
			status: 'active',
			secret: 'whsec_1',
			previousSecret: null,
			deliveries: [delivery(1, 31), delivery(2, 29), delivery(3, 1)],
		};
		account.webhookEndpoints.push(hook);
		const [list, one] = webhookDeliveryRoutes;
		const call = {
			account,
			query: {},
			body: {},
			settings: { allowLoopbackWebhooks: false, noTagDelete: false },
		};
		const found = list?.handle({ ...call, params: { id: '5' } });
		expect(found?.body).toMatchObject({ deliveries: [{ id: 3 }, { id: 2, attempt_count: 1 }] });
		const whole = one?.handle({ ...call, params: { id: '5', delivery_id: '2' } });
		expect(whole?.body).toMatchObject({
			delivery: { id: 2, events: [{ type: 'tag.created' }], attempts: [{ response_status: 200 }] },
		});
		expect(() => one?.handle({ ...call, params: { id: '5', delivery_id: '1' } })).toThrow(
			'Not Found',
		);
	});
});

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
	created: string;
	data: Record<string, Row>;
}

const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

const first = async (list: string) => {
	const [found] = await rows(`/${list}?per_page=1`, list);
	if (found === undefined) throw new Error(`No ${list}`);
	return found;
};
const settled = async () => {
	await client.sandbox.settled();
	return arrivals;
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
const deliveriesOf = async (endpoint: Row) =>
	await rows(`${pathOf(endpoint)}/deliveries`, 'deliveries');
const eventsOf = ({ body }: Arrival) => body.events as EventRow[];
const signatures = ({ headers, text }: Arrival, secrets: unknown[]) => {
	const [time, ...given] = String(headers['x-kit-signature']).split(',');
	const expected = secrets.map((secret) => {
		const hmac = createHmac('sha256', String(secret));
		return `v1=${hmac.update(`${String(time).slice(2)}.${text}`).digest('hex')}`;
	});
	return { age: Date.now() / 1000 - Number(time?.slice(2)), given, expected };
};
const arrived = async (count: number) => {
	while (arrivals.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
	return arrivals;
};
const onlyArrival = async () => {
	const [arrival, ...others] = await settled();
	if (arrival === undefined || others.length > 0) throw new Error('Not exactly one post arrived');
	return arrival;
};

const EVENTS = [
	...['created', 'activated', 'unsubscribed', 'bounced', 'complained', 'subscribed_to_form'],
	...['added_to_sequence', 'sequence_completed', 'tag_added', 'tag_removed'],
	'custom_field_value_updated',
]
	.map((name) => `subscriber.${name}`)
	.concat('tag.created', 'tag.deleted', 'custom_field.created', 'custom_field.deleted')
	.concat('sequence.created', 'sequence.deleted', 'sequence.published', 'sequence.disabled')
	.concat('broadcast.created', 'broadcast.sent', 'broadcast.deleted', 'post.published');

/** Does everything at Kit that webhooks are told of; what was involved. */
async function doEverything(form: Row, tag: Row, sequence: Row, field: Row) {
	const { id } = await createSubscriber({ fields: { [String(field.key)]: 'L' } });
	const other = await createTag('Other');
	const [tagId, sequenceId] = [String(tag.id), String(sequence.id)];
	const joined = [`forms/${String(form.id)}`, `sequences/${sequenceId}`, `tags/${tagId}`];
	for (const list of [...joined, `tags/${tagId}`, `tags/${String(other.id)}`]) {
		await kit('POST', `/${list}/subscribers/${String(id)}`, {});
	}
	for (let n = 0; n < 2; n += 1) {
		await kit('DELETE', `/tags/${tagId}/subscribers/${String(id)}`);
		await kit('POST', `/subscribers/${String(id)}/unsubscribe`, {});
	}
	for (const url of ['https://www.example.com/other', 'https://www.example.com/offer']) {
		client.sandbox.raise({ type: 'subscriber.link_clicked', subscriber: id, url });
	}
	for (const product of [7, 8]) {
		client.sandbox.raise({ type: 'subscriber.product_purchased', subscriber: id, product });
	}
	for (const type of ['subscriber.bounced', 'subscriber.complained'] as const) {
		const event = { type, subscriber: id };
		expect(await control('POST', 'events', event)).toEqual({ status: 201, body: { event } });
	}
	client.sandbox.raise({ type: 'subscriber.sequence_completed', sequence: sequence.id });
	for (const active of [false, true]) await kit('PUT', `/sequences/${sequenceId}`, { active });
	// What is told of is as it stands when it is told.
	await settled();
	await kit('DELETE', `/sequences/${sequenceId}`);
	await kit('DELETE', `/tags/${tagId}`);
	await kit('DELETE', `/custom_fields/${String(field.id)}`);
	const draft = { subject: 'Hello', content: '<p>Hello</p>' };
	const deleted = await row(201, 'broadcast', 'POST', '/broadcasts', draft);
	await kit('DELETE', `/broadcasts/${String(deleted.id)}`);
	const now = { public: true, send_at: new Date().toISOString() };
	const sent = await row(201, 'broadcast', 'POST', '/broadcasts', { ...draft, ...now });
	client.sandbox.advance(120);
	const book = { name: 'Book', pid: 'p1', lid: 'l1', sku: 'S1', unit_price: 5, quantity: 2 };
	const money = { currency: 'USD', subtotal: 10, tax: 0, discount: 0, shipping: 2, total: 12 };
	const about = { transaction_id: 'T-1', status: 'paid', email_address: 'ada.new@example.com' };
	const transaction_time = '2026-01-01T00:00:00Z';
	const bought = { ...about, ...money, transaction_time, products: [book] };
	const purchase = await row(201, 'purchase', 'POST', '/purchases', { purchase: bought });
	return { id, deleted, sent, purchase: { ...bought, id: purchase.id } };
}

describe('Everything that Kit documents', () => {
	let [form, tag, sequence, field] = [{}, {}, {}, {}] as [Row, Row, Row, Row];
	beforeEach(async () => {
		form = await first('forms');
		[tag, sequence, field] = [
			await createTag('Brand new'),
			await row(201, 'sequence', 'POST', '/sequences', { name: 'Course' }),
			await row(201, 'custom_field', 'POST', '/custom_fields', { label: 'Size' }),
		];
	});

	test('is told to classic webhooks, each of what is about theirs only', async () => {
		const offer = 'https://www.example.com/offer';
		const webhooks: [name: string, about: object][] = [
			['subscriber.subscriber_activate', {}],
			['subscriber.subscriber_unsubscribe', {}],
			['subscriber.subscriber_bounce', {}],
			['subscriber.subscriber_complain', {}],
			['subscriber.form_subscribe', { form_id: form.id }],
			['subscriber.course_subscribe', { sequence_id: sequence.id }],
			['subscriber.course_complete', { sequence_id: sequence.id }],
			['subscriber.link_click', { initiator_value: offer }],
			['subscriber.product_purchase', { product_id: 7 }],
			['subscriber.tag_add', { tag_id: tag.id }],
			['subscriber.tag_remove', { tag_id: tag.id }],
			['purchase.purchase_create', {}],
			['custom_field.field_created', {}],
			['custom_field.field_deleted', {}],
			['custom_field.field_value_updated', { custom_field_id: field.id }],
		];
		for (const [name, about] of webhooks) {
			await createWebhook(name, about, `${receiver.url}/${name}?a=b%20c`);
		}
		const { id, purchase } = await doEverything(form, tag, sequence, field);
		const created = await row(201, 'custom_field', 'POST', '/custom_fields', { label: 'Colour' });
		await settled();
		const told = arrivals.map(({ path, body }) => [path.replace('?a=b%20c', '').slice(1), body]);
		const someone = { subscriber: expect.objectContaining({ id }) as unknown };
		const bodies: Record<string, unknown> = {
			'purchase.purchase_create': purchase,
			'custom_field.field_created': { custom_field: created },
			'custom_field.field_deleted': { custom_field: field },
			'custom_field.field_value_updated': { custom_field: { ...field, value: 'L' } },
		};
		const expected = webhooks.map(([name]) => [name, bodies[name] ?? someone]);
		expect(told).toHaveLength(webhooks.length);
		expect(Object.fromEntries(told)).toEqual(Object.fromEntries(expected));
		expect(arrivals[0]?.headers).toMatchObject({ 'content-type': 'application/json' });
		expect(arrivals[0]?.headers).not.toHaveProperty('x-kit-signature');
	});

	test('is told to webhook endpoints, with what it is about', async () => {
		const endpoint = await createEndpoint(EVENTS);
		const { id, deleted, sent } = await doEverything(form, tag, sequence, field);
		await createTag('Told');
		await row(201, 'custom_field', 'POST', '/custom_fields', { label: 'Colour' });
		await row(201, 'sequence', 'POST', '/sequences', { name: 'Another' });
		const events = (await settled()).flatMap(eventsOf);
		expect([...new Set(events.map(({ type }) => type))].sort()).toEqual([...EVENTS].sort());
		const dataOf = (type: string) => events.find((event) => event.type === type)?.data ?? {};
		for (const type of EVENTS.filter((name) => name.startsWith('subscriber.'))) {
			expect(dataOf(type).subscriber).toMatchObject({ id });
		}
		expect(dataOf('subscriber.tag_added').tag).toEqual(tag);
		expect(dataOf('subscriber.subscribed_to_form').form).toMatchObject({ id: form.id });
		expect(dataOf('subscriber.sequence_completed').sequence).toMatchObject({ id: sequence.id });
		expect(dataOf('subscriber.custom_field_value_updated')).toMatchObject({
			custom_field: { ...field, value: 'L' },
		});
		expect(dataOf('tag.deleted')).toEqual({ tag });
		expect(dataOf('custom_field.deleted')).toEqual({ custom_field: field });
		expect(dataOf('sequence.disabled')).toMatchObject({ sequence: { active: false } });
		expect(dataOf('broadcast.deleted')).toEqual({ broadcast: deleted });
		expect(dataOf('broadcast.sent')).toMatchObject({ broadcast: { id: sent.id } });
		expect(dataOf('post.published')).toMatchObject({
			post: { publication_id: sent.publication_id, title: 'Hello' },
		});
		expect((await deliveriesOf(endpoint)).every(({ status }) => status === 'delivered')).toBe(true);
	});
});

test.each([
	['classic', 'https://hooks.example.com/in', 'Not sent', 1],
	['signed', 'https://hooks.example.com/in', 'Not sent', 1],
	['classic', 'http://127.0.0.1:1/', 'ECONNREFUSED', 1],
	['signed', 'http://127.0.0.1:1/', 'ECONNREFUSED', 8],
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
	const { url } = receiver;
	expect(client.sandbox.deliveries).toMatchObject([
		{ kind: 'classic', url, attempt: 1, status: 500, response: 'answer 500', error: null },
	]);
});

describe('Webhook endpoints', () => {
	test('get signed deliveries', async () => {
		const endpoint = await createEndpoint(['subscriber.created']);
		const made = await createSubscriber({ fields: { company: 'Kit' } });
		const arrival = await onlyArrival();
		const { age, given, expected } = signatures(arrival, [endpoint.secret]);
		expect(given).toEqual(expected);
		expect(Math.abs(age)).toBeLessThan(5);
		expect(arrival.headers).toMatchObject({
			'user-agent': 'Kit-Webhooks/2.0',
			'x-kit-delivery': String(arrival.body.delivery_id),
			'content-type': 'application/json',
		});
		expect(arrival.body).toEqual({
			delivery_id: expect.any(Number) as unknown,
			events: [
				{
					id: expect.stringMatching(UUID) as unknown,
					type: 'subscriber.created',
					created: expect.stringMatching(ISO) as unknown,
					data: {
						subscriber: {
							...made,
							fields: expect.objectContaining({ company: 'Kit' }) as unknown,
						},
					},
				},
			],
		});
		const [delivery] = await deliveriesOf(endpoint);
		expect(delivery).toMatchObject({
			id: arrival.body.delivery_id,
			event_type: 'subscriber.created',
			status: 'delivered',
			attempt_count: 1,
		});
		const path = `${pathOf(endpoint)}/deliveries/${String(delivery?.id)}`;
		const whole = await row(200, 'delivery', 'GET', path);
		expect(whole.attempts).toMatchObject([{ response_status: 200, response_body: 'answer 200' }]);
	});

	test('get events of one type together, at most a hundred', async () => {
		const endpoint = await createEndpoint(['subscriber.created', 'subscriber.activated']);
		const subscribers = (from: number, count: number) =>
			Array.from({ length: count }, (_, index) => ({
				email_address: `batch${String(from + index)}@example.com`,
			}));
		const bulk = async (from: number, count: number) => {
			const body = { subscribers: subscribers(from, count) };
			expect((await kit('POST', '/bulk/subscribers', body)).status).toBe(200);
		};
		await control('PUT', 'settings', { batchWindowMs: 500 });
		await bulk(0, 100);
		await bulk(100, 20);
		const sizes = (await settled()).map((arrival) => {
			const types = new Set(eventsOf(arrival).map(({ type }) => type));
			return `${[...types].join()} ${String(eventsOf(arrival).length)}`;
		});
		expect(sizes.sort()).toEqual([
			'subscriber.activated 100',
			'subscriber.activated 20',
			'subscriber.created 100',
			'subscriber.created 20',
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
		await settled();
		expect(arrivals).toHaveLength(attempts);
		expect(new Set(arrivals.map(({ text }) => text)).size).toBe(1);
		for (const arrival of arrivals) {
			const { given, expected } = signatures(arrival, [endpoint.secret]);
			expect(given).toEqual(expected);
		}
		const [delivery] = await deliveriesOf(endpoint);
		expect(delivery).toMatchObject({ status, attempt_count: attempts });
		expect(delivery?.completed_at).not.toBeNull();
	});

	test('are tried again as the clock is moved', async () => {
		const endpoint = await createEndpoint(['tag.created']);
		await control('PUT', 'settings', { retryScale: 1, batchWindowMs: 0 });
		reactions.push({ status: 500 }, { status: 500 });
		const noneBeyond = async (count: number) => {
			await arrived(count);
			await new Promise((resolve) => setTimeout(resolve, 50));
			expect(arrivals).toHaveLength(count);
		};
		await createTag('Later');
		await noneBeyond(1);
		expect(await deliveriesOf(endpoint)).toMatchObject([{ status: 'retrying' }]);
		client.sandbox.advance(25);
		await noneBeyond(1);
		client.sandbox.advance(5);
		await noneBeyond(2);
		client.sandbox.advance(30);
		await noneBeyond(2);
		await control('POST', 'clock', { advanceSeconds: 90 });
		await noneBeyond(3);
		await settled();
		expect(await deliveriesOf(endpoint)).toMatchObject([{ status: 'delivered' }]);
	});

	test.each([429, 503])('that answer %d say when to try again', async (status) => {
		await createEndpoint(['tag.created']);
		const attempted = () => client.sandbox.deliveries.map(({ time }) => time);
		const waited = () => (attempted()[1] ?? 0) - (attempted()[0] ?? 0);
		reactions.push({ status, headers: { 'retry-after': '400' } });
		await createTag('Slow down');
		await settled();
		expect(arrivals).toHaveLength(2);
		expect(waited()).toBeGreaterThanOrEqual(395);
		client.sandbox.deliveries.length = 0;
		const date = new Date(Date.now() + 200_000).toUTCString();
		reactions.push({ status, headers: { 'retry-after': date } });
		await createTag('Slow down again');
		await settled();
		expect(waited()).toBeGreaterThanOrEqual(190);
	});

	test('are signed with both secrets during a rotation', async () => {
		const endpoint = await createEndpoint(['tag.created']);
		const rotate = async () =>
			await row(200, 'webhook_endpoint', 'POST', `${pathOf(endpoint)}/rotate_secret`);
		const rotated = await rotate();
		await createTag('Both');
		const [both] = await settled();
		if (both === undefined) throw new Error('Nothing arrived');
		const checked = signatures(both, [rotated.secret, endpoint.secret]);
		expect(checked.given).toEqual(checked.expected);
		await kit('POST', `${pathOf(endpoint)}/revoke_previous_secret`, {});
		await createTag('One');
		const [, one] = await settled();
		if (one === undefined) throw new Error('Nothing arrived');
		const after = signatures(one, [rotated.secret]);
		expect(after.given).toEqual(after.expected);
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
		expect(client.sandbox.deliveries).toEqual([]);
	});

	test('that are disabled while a retry waits get no more', async () => {
		const endpoint = await createEndpoint(['tag.created']);
		await control('PUT', 'settings', { retryScale: 0.01 });
		reactions.push({ status: 500 });
		await createTag('Stopped');
		await arrived(1);
		await kit('PATCH', pathOf(endpoint), { status: 'disabled' });
		await settled();
		expect(arrivals).toHaveLength(1);
		expect(await deliveriesOf(endpoint)).toMatchObject([{ status: 'failed', attempt_count: 1 }]);
	});

	test('of a name that is this machine are reached', async () => {
		const url = `${receiver.url.replace('127.0.0.1', 'hooks.localhost')}/named`;
		await createEndpoint(['tag.created'], url);
		await createTag('Near');
		expect((await settled()).map(({ path }) => path)).toEqual(['/named']);
	});

	describe('get crafted deliveries', () => {
		const TYPE = 'subscriber.created';

		test('with as many events as wanted', async () => {
			const endpoint = await createEndpoint([TYPE]);
			const events = Array.from({ length: 150 }, (_, index) => ({ type: TYPE, id: String(index) }));
			const posted = await client.sandbox.deliver({ endpoint: endpoint.id, events, deliveryId: 7 });
			expect(posted).toMatchObject({ status: 200, event: TYPE, to: endpoint.id });
			const [arrival] = arrivals;
			if (arrival === undefined) throw new Error('Nothing arrived');
			expect(eventsOf(arrival)).toHaveLength(150);
			expect(eventsOf(arrival)[3]).toMatchObject({ id: '3', data: {} });
			expect(arrival.body.delivery_id).toBe(7);
			const { given, expected } = signatures(arrival, [endpoint.secret]);
			expect(given).toEqual(expected);
			expect(await deliveriesOf(endpoint)).toEqual([]);
		});

		test.each([
			['unsigned', false, 0],
			['wrongSecret', false, 0],
			['unreadableSignature', false, NaN],
			['changed', false, 0],
			['stale', true, 301],
			['future', true, -302],
			['notJson', true, 0],
		] as const)('that are %s', async (wrong, isGenuine, age) => {
			const endpoint = await createEndpoint([TYPE]);
			const body = { endpoint: endpoint.id, events: [{ type: TYPE }], wrong };
			expect((await control('POST', 'deliver', body)).status).toBe(200);
			const [arrival] = arrivals;
			if (arrival === undefined) throw new Error('Nothing arrived');
			const found = signatures(arrival, [endpoint.secret]);
			expect(found.given[0] === found.expected[0]).toBe(isGenuine);
			if (wrong === 'unsigned') expect(arrival.headers).not.toHaveProperty('x-kit-signature');
			else if (Number.isNaN(age)) expect(found.age).toBeNaN();
			else expect(Math.abs(found.age - age)).toBeLessThan(5);
			expect(Object.keys(arrival.body)).toHaveLength(wrong === 'notJson' ? 0 : 2);
		});

		test('of events that are none', async () => {
			const endpoint = await createEndpoint([TYPE]);
			const events = ['nonsense', { id: 'a' }];
			await client.sandbox.deliver({ endpoint: endpoint.id, events });
			expect(arrivals[0]?.body.events).toMatchObject(events);
		});
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
		['events', { type: 'tag.created' }],
		['events', { type: 'subscriber.bounced', subscriber: 'nobody@example.com' }],
		['events', { type: 'subscriber.bounced', connection: 'none' }],
		['events', { type: 'post.published', post: 1 }],
		['deliver', { endpoint: 1, events: [] }],
		['deliver', { endpoint: 1, events: [], wrong: 'everything' }],
	])('refuses at %s: %j', async (path, body) => {
		const { status, body: answer } = await control('POST', path, body);
		expect({ status, answer }).toEqual({
			status: 400,
			answer: { error: expect.any(String) as unknown },
		});
	});

	test.each([{ retryScale: -1 }, { retryScale: true }, { enforceRateLimit: 1 }])(
		'refuses the settings %j',
		async (settings) => {
			expect((await control('PUT', 'settings', settings)).status).toBe(400);
		},
	);

	test('publishes a draft', async () => {
		const [draft] = await rows('/posts', 'posts');
		expect(draft).toMatchObject({ status: 'draft' });
		client.sandbox.raise({ type: 'post.published' });
		expect(await first('posts')).toMatchObject({ id: draft?.id, status: 'published' });
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
	test('while data are loaded, or of what waited before a reset', async () => {
		await createEndpoint(EVENTS);
		await control('PUT', 'settings', { batchWindowMs: 100, retryScale: 1 });
		await createTag('Forgotten');
		const waiting = client.sandbox.settled();
		client.sandbox.reset();
		await waiting;
		await new Promise((resolve) => setTimeout(resolve, 200));
		await settled();
		expect(arrivals).toEqual([]);
		expect(client.sandbox.deliveries).toEqual([]);
		expect(client.sandbox.settings).toMatchObject({ batchWindowMs: 50, retryScale: 1 / 1000 });
	});

	test('but for accounts that are authorised while it runs', async () => {
		const path = `connections/${client.sandbox.connections.pending}/authorize`;
		expect((await control('POST', path)).status).toBe(200);
		const headers = { 'maton-connection': client.sandbox.connections.pending };
		const webhook = {
			target_url: receiver.url,
			event: { name: 'subscriber.subscriber_activate' },
		};
		const subscriber = { email_address: 'fresh@example.com' };
		await client.call('POST', '/kit/v4/webhooks', webhook, headers);
		await client.call('POST', '/kit/v4/subscribers', subscriber, headers);
		expect(await settled()).toHaveLength(1);
	});
});

import { createHmac } from 'node:crypto';
import type { SimulatedEvent } from '../../sandbox';
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

describe('Classic webhooks', () => {
	const create = async (name: string, about: object = {}, path = '/hook?event=a%20b&token=x') =>
		await row(201, 'webhook', 'POST', '/webhooks', {
			target_url: receiver.url + path,
			event: { name, ...about },
		});

	test('are told of a new subscriber at their URL, with the values set in the same call', async () => {
		await create('subscriber.subscriber_activate');
		const made = await createSubscriber({ fields: { last_name: 'Lovelace' } });
		const [arrival, ...others] = await settled();
		expect(others).toEqual([]);
		expect(arrival?.path).toBe('/hook?event=a%20b&token=x');
		expect(arrival?.headers).toMatchObject({ 'content-type': 'application/json' });
		expect(arrival?.headers).not.toHaveProperty('x-kit-signature');
		const { id, first_name, email_address, state, created_at } = made;
		expect(arrival?.body).toEqual({
			subscriber: {
				id,
				first_name,
				email_address,
				state,
				created_at,
				fields: expect.objectContaining({ last_name: 'Lovelace', company: null }) as unknown,
			},
		});
	});

	test('are told of what is about theirs only', async () => {
		const [one, other] = [await createTag('One'), await createTag('Other')];
		const { id } = await createSubscriber();
		await create('subscriber.tag_add', { tag_id: one.id }, '/add');
		await create('subscriber.tag_remove', { tag_id: one.id }, '/remove');
		const tag = async (method: string, { id: tagId }: Row) =>
			await kit(method, `/tags/${String(tagId)}/subscribers/${String(id)}`, {});
		await tag('POST', other);
		await tag('POST', one);
		await tag('POST', one);
		await settled();
		await tag('DELETE', one);
		await tag('DELETE', one);
		expect((await settled()).map(({ path }) => path)).toEqual(['/add', '/remove']);
		expect(arrivals[1]?.body).toMatchObject({ subscriber: { id } });
	});

	test('are told of forms and sequences', async () => {
		const form = await first('forms');
		const sequence = await row(201, 'sequence', 'POST', '/sequences', { name: 'Course' });
		await create('subscriber.form_subscribe', { form_id: form.id }, '/form');
		await create('subscriber.course_subscribe', { sequence_id: sequence.id }, '/sequence');
		await create('subscriber.course_complete', { sequence_id: sequence.id }, '/complete');
		const { id } = await createSubscriber();
		for (const list of [`forms/${String(form.id)}`, `sequences/${String(sequence.id)}`]) {
			expect((await kit('POST', `/${list}/subscribers/${String(id)}`, {})).status).toBe(201);
		}
		client.sandbox.raise({ type: 'subscriber.sequence_completed', sequence: sequence.id });
		expect((await settled()).map(({ path }) => path).sort()).toEqual([
			'/complete',
			'/form',
			'/sequence',
		]);
		for (const { body } of arrivals) expect(body).toMatchObject({ subscriber: { id } });
	});

	test('are told of a purchase', async () => {
		await create('purchase.purchase_create');
		const products = [{ name: 'Book', pid: 'p1', lid: 'l1', unit_price: 5, quantity: 2 }];
		const purchase = {
			transaction_id: 'T-1',
			email_address: 'buyer@example.com',
			status: 'paid',
			currency: 'USD',
			transaction_time: '2026-01-01T00:00:00Z',
			subtotal: 10,
			tax: 0,
			discount: 0,
			shipping: 2,
			total: 12,
			products,
		};
		const made = await row(201, 'purchase', 'POST', '/purchases', { purchase });
		const [arrival] = await settled();
		expect(arrival?.body).toMatchObject({ ...purchase, id: made.id });
		expect(Object.keys(arrival?.body ?? {})).not.toContain('subscriber');
	});

	test('are told of custom fields and their values', async () => {
		await create('custom_field.field_created', {}, '/created');
		await create('custom_field.field_deleted', {}, '/deleted');
		const field = await row(201, 'custom_field', 'POST', '/custom_fields', { label: 'Shoe size' });
		const about = { custom_field_id: field.id };
		await create('custom_field.field_value_updated', about, '/value');
		const sent = { fields: { shoe_size: '44', company: 'Kit' } };
		await createSubscriber(sent);
		await settled();
		expect(
			(await kit('POST', '/subscribers', { email_address: 'ada.new@example.com', ...sent })).status,
		).toBe(200);
		await settled();
		await kit('DELETE', `/custom_fields/${String(field.id)}`);
		await settled();
		expect(arrivals.map(({ path, body }) => [path, body])).toEqual([
			['/created', { custom_field: field }],
			['/value', { custom_field: { ...field, value: '44' } }],
			['/deleted', { custom_field: field }],
		]);
	});

	test('are told of a subscriber that leaves', async () => {
		await create('subscriber.subscriber_unsubscribe');
		const { id } = await createSubscriber();
		const path = `/subscribers/${String(id)}/unsubscribe`;
		for (const body of [{}, {}]) await kit('POST', path, body);
		expect((await settled()).map(({ body }) => body)).toMatchObject([
			{ subscriber: { id, state: 'cancelled' } },
		]);
	});

	test.each<[string, object, SimulatedEvent, object]>([
		['subscriber.subscriber_bounce', {}, { type: 'subscriber.bounced' }, { state: 'bounced' }],
		[
			'subscriber.subscriber_complain',
			{},
			{ type: 'subscriber.complained' },
			{ state: 'complained' },
		],
		[
			'subscriber.link_click',
			{ initiator_value: 'https://www.example.com/offer' },
			{ type: 'subscriber.link_clicked', url: 'https://www.example.com/offer' },
			{},
		],
		[
			'subscriber.product_purchase',
			{ product_id: 7 },
			{ type: 'subscriber.product_purchased', product: 7 },
			{},
		],
	])('are told of %s, which no call causes', async (name, about, simulated, expected) => {
		await create(name, about);
		const { id } = await createSubscriber();
		const reply = await control('POST', 'events', { subscriber: id, ...simulated });
		expect(reply).toEqual({ status: 201, body: { event: { subscriber: id, ...simulated } } });
		client.sandbox.raise({ type: 'subscriber.link_clicked', url: 'https://www.example.com/other' });
		client.sandbox.raise({ type: 'subscriber.product_purchased', product: 8 });
		expect((await settled()).map(({ body }) => body)).toMatchObject([
			{ subscriber: { id, ...expected } },
		]);
	});

	test('are tried once', async () => {
		await create('subscriber.subscriber_activate');
		reactions.push({ status: 500 });
		await createSubscriber();
		expect(await settled()).toHaveLength(1);
		expect(client.sandbox.deliveries).toMatchObject([
			{
				kind: 'classic',
				event: 'subscriber.subscriber_activate',
				url: `${receiver.url}/hook?event=a%20b&token=x`,
				attempt: 1,
				status: 500,
				response: 'answer 500',
				error: null,
			},
		]);
	});

	test('elsewhere are not connected to', async () => {
		const target_url = 'https://hooks.example.com/in';
		const event = { name: 'subscriber.subscriber_activate' };
		await row(201, 'webhook', 'POST', '/webhooks', { target_url, event });
		await createSubscriber();
		await settled();
		expect(client.sandbox.deliveries).toMatchObject([{ url: target_url, status: null }]);
		expect(client.sandbox.deliveries[0]?.error).toContain('Not sent');
	});
});

describe('Webhook endpoints', () => {
	const create = async (...events: string[]) =>
		await row(201, 'webhook_endpoint', 'POST', '/webhook_endpoints', {
			url: `${receiver.url}/signed`,
			events,
		});
	const pathOf = ({ id }: Row) => `/webhook_endpoints/${String(id)}`;
	const deliveriesOf = async (endpoint: Row) =>
		await rows(`${pathOf(endpoint)}/deliveries`, 'deliveries');
	const eventsOf = ({ body }: Arrival) => body.events as EventRow[];
	const allEvents = async () => (await settled()).flatMap(eventsOf);
	const signatures = ({ headers, text }: Arrival, secrets: unknown[]) => {
		const [time, ...given] = String(headers['x-kit-signature']).split(',');
		const expected = secrets.map((secret) => {
			const hmac = createHmac('sha256', String(secret));
			return `v1=${hmac.update(`${String(time).slice(2)}.${text}`).digest('hex')}`;
		});
		return { age: Date.now() / 1000 - Number(time?.slice(2)), given, expected };
	};

	test('get signed deliveries', async () => {
		const endpoint = await create('subscriber.created');
		const made = await createSubscriber({ fields: { company: 'Kit' } });
		const [arrival, ...others] = await settled();
		if (arrival === undefined) throw new Error('Nothing arrived');
		expect(others).toEqual([]);
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
		const endpoint = await create('subscriber.created', 'subscriber.activated');
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

	test('are told of everything that Kit documents', async () => {
		const SUBSCRIBER = [
			'subscriber.created',
			'subscriber.activated',
			'subscriber.unsubscribed',
			'subscriber.bounced',
			'subscriber.complained',
			'subscriber.subscribed_to_form',
			'subscriber.added_to_sequence',
			'subscriber.sequence_completed',
			'subscriber.tag_added',
			'subscriber.tag_removed',
			'subscriber.custom_field_value_updated',
		];
		const RESOURCES = [
			'tag.created',
			'tag.deleted',
			'custom_field.created',
			'custom_field.deleted',
			'sequence.created',
			'sequence.deleted',
			'sequence.published',
			'sequence.disabled',
			'broadcast.created',
			'broadcast.sent',
			'broadcast.deleted',
			'post.published',
		];
		const form = await first('forms');
		await create(...SUBSCRIBER, ...RESOURCES);
		const tag = await createTag('Brand new');
		const field = await row(201, 'custom_field', 'POST', '/custom_fields', { label: 'Size' });
		const { id } = await createSubscriber({ fields: { size: 'L' } });
		const sequence = await row(201, 'sequence', 'POST', '/sequences', { name: 'Course' });
		const [tagId, sequenceId] = [String(tag.id), String(sequence.id)];
		for (const list of [`forms/${String(form.id)}`, `sequences/${sequenceId}`, `tags/${tagId}`]) {
			await kit('POST', `/${list}/subscribers/${String(id)}`, {});
		}
		await kit('DELETE', `/tags/${tagId}/subscribers/${String(id)}`);
		await kit('POST', `/subscribers/${String(id)}/unsubscribe`, {});
		for (const type of ['subscriber.bounced', 'subscriber.complained'] as const) {
			client.sandbox.raise({ type, subscriber: id });
		}
		client.sandbox.raise({ type: 'subscriber.sequence_completed', sequence: sequence.id });
		for (const active of [false, true]) await kit('PUT', `/sequences/${sequenceId}`, { active });
		await kit('DELETE', `/sequences/${sequenceId}`);
		await kit('DELETE', `/tags/${tagId}`);
		await kit('DELETE', `/custom_fields/${String(field.id)}`);
		const draft = { subject: 'Hello', content: '<p>Hello</p>' };
		const broadcast = await row(201, 'broadcast', 'POST', '/broadcasts', draft);
		await kit('DELETE', `/broadcasts/${String(broadcast.id)}`);
		const sent = await row(201, 'broadcast', 'POST', '/broadcasts', {
			...draft,
			public: true,
			send_at: new Date().toISOString(),
		});
		client.sandbox.advance(120);
		const events = await allEvents();
		const counted = new Set(events.map(({ type }) => type));
		expect([...counted].sort()).toEqual([...SUBSCRIBER, ...RESOURCES].sort());
		const dataOf = (type: string) => events.find((event) => event.type === type)?.data ?? {};
		for (const type of SUBSCRIBER) expect(dataOf(type).subscriber).toMatchObject({ id });
		expect(dataOf('subscriber.tag_added').tag).toEqual(tag);
		expect(dataOf('subscriber.subscribed_to_form').form).toMatchObject({ id: form.id });
		expect(dataOf('subscriber.sequence_completed').sequence).toMatchObject({ id: sequence.id });
		expect(dataOf('subscriber.custom_field_value_updated')).toMatchObject({
			custom_field: { ...field, value: 'L' },
		});
		expect(dataOf('tag.deleted')).toEqual({ tag });
		expect(dataOf('custom_field.deleted')).toEqual({ custom_field: field });
		expect(dataOf('sequence.disabled')).toMatchObject({ sequence: { active: false } });
		expect(dataOf('broadcast.deleted')).toEqual({ broadcast });
		expect(dataOf('broadcast.sent')).toMatchObject({ broadcast: { id: sent.id } });
		expect(dataOf('post.published')).toMatchObject({
			post: { publication_id: sent.publication_id, title: 'Hello' },
		});
	});

	test('are tried again until they answer well', async () => {
		const endpoint = await create('tag.created');
		reactions.push({ status: 500 }, { status: 302, headers: { location: receiver.url } });
		await createTag('Again');
		await settled();
		expect(arrivals).toHaveLength(3);
		expect(new Set(arrivals.map(({ text }) => text)).size).toBe(1);
		for (const arrival of arrivals) {
			const { given, expected } = signatures(arrival, [endpoint.secret]);
			expect(given).toEqual(expected);
		}
		const [delivery] = await deliveriesOf(endpoint);
		expect(delivery).toMatchObject({ status: 'delivered', attempt_count: 3 });
		expect(client.sandbox.deliveries.map(({ attempt, status }) => [attempt, status])).toEqual([
			[1, 500],
			[2, 302],
			[3, 200],
		]);
	});

	test('are given up after eight attempts', async () => {
		const endpoint = await create('tag.created');
		await control('PUT', 'settings', { retryScale: 1e-9 });
		reactions.push(...Array.from({ length: 9 }, () => ({ status: 503 })));
		await createTag('Never');
		await settled();
		expect(arrivals).toHaveLength(8);
		const [delivery] = await deliveriesOf(endpoint);
		expect(delivery).toMatchObject({ status: 'failed', attempt_count: 8 });
		expect(delivery?.completed_at).not.toBeNull();
	});

	test('are tried again as the clock is moved', async () => {
		const endpoint = await create('tag.created');
		await control('PUT', 'settings', { retryScale: 1, batchWindowMs: 0 });
		reactions.push({ status: 500 }, { status: 500 });
		const arrived = async (count: number) => {
			while (arrivals.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
			await new Promise((resolve) => setTimeout(resolve, 50));
			expect(arrivals).toHaveLength(count);
		};
		await createTag('Later');
		await arrived(1);
		expect(await deliveriesOf(endpoint)).toMatchObject([{ status: 'retrying' }]);
		client.sandbox.advance(25);
		await arrived(1);
		client.sandbox.advance(5);
		await arrived(2);
		client.sandbox.advance(30);
		await arrived(2);
		await control('POST', 'clock', { advanceSeconds: 90 });
		await arrived(3);
		await settled();
		expect(await deliveriesOf(endpoint)).toMatchObject([{ status: 'delivered' }]);
	});

	test('that answer 410 are not tried again', async () => {
		const endpoint = await create('tag.created');
		reactions.push({ status: 410 });
		await createTag('Gone');
		await settled();
		expect(arrivals).toHaveLength(1);
		expect(await deliveriesOf(endpoint)).toMatchObject([{ status: 'failed', attempt_count: 1 }]);
	});

	test.each([429, 503])('that answer %d say when to try again', async (status) => {
		await create('tag.created');
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
		const endpoint = await create('tag.created');
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
		const disabled = await create('tag.created');
		await kit('PATCH', pathOf(disabled), { status: 'disabled' });
		await create('tag.deleted');
		const removed = await create('tag.created');
		await control('PUT', 'settings', { batchWindowMs: 300 });
		await createTag('Unheard');
		await kit('DELETE', pathOf(removed));
		expect(await settled()).toEqual([]);
		expect(await deliveriesOf(disabled)).toEqual([]);
		expect(client.sandbox.deliveries).toEqual([]);
	});

	test('that are disabled while a retry waits get no more', async () => {
		const endpoint = await create('tag.created');
		await control('PUT', 'settings', { retryScale: 0.01 });
		reactions.push({ status: 500 });
		await createTag('Stopped');
		while (arrivals.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
		await kit('PATCH', pathOf(endpoint), { status: 'disabled' });
		await settled();
		expect(arrivals).toHaveLength(1);
		expect(await deliveriesOf(endpoint)).toMatchObject([{ status: 'failed', attempt_count: 1 }]);
	});

	test('elsewhere are not connected to', async () => {
		const url = 'https://hooks.example.com/in';
		const body = { url, events: ['tag.created'] };
		const endpoint = await row(201, 'webhook_endpoint', 'POST', '/webhook_endpoints', body);
		await createTag('Far away');
		await settled();
		expect(await deliveriesOf(endpoint)).toMatchObject([{ status: 'failed', attempt_count: 1 }]);
		expect(client.sandbox.deliveries).toMatchObject([{ kind: 'signed', url, status: null }]);
	});

	test('that cannot be reached are tried again', async () => {
		const endpoint = await row(201, 'webhook_endpoint', 'POST', '/webhook_endpoints', {
			url: 'http://127.0.0.1:1/',
			events: ['tag.created'],
		});
		await control('PUT', 'settings', { retryScale: 0 });
		await createTag('Nobody home');
		await settled();
		expect(await deliveriesOf(endpoint)).toMatchObject([{ status: 'failed', attempt_count: 8 }]);
		expect(client.sandbox.deliveries[0]?.error).toContain('ECONNREFUSED');
	});

	test('of a name that is this machine are reached', async () => {
		const url = `${receiver.url.replace('127.0.0.1', 'hooks.localhost')}/named`;
		const body = { url, events: ['tag.created'] };
		await row(201, 'webhook_endpoint', 'POST', '/webhook_endpoints', body);
		await createTag('Near');
		expect((await settled()).map(({ path }) => path)).toEqual(['/named']);
	});

	describe('get crafted deliveries', () => {
		const TYPE = 'subscriber.created';

		test('with as many events as wanted', async () => {
			const endpoint = await create(TYPE);
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
			const endpoint = await create(TYPE);
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
			const endpoint = await create(TYPE);
			const events = ['nonsense', { id: 'a' }];
			await client.sandbox.deliver({ endpoint: endpoint.id, events });
			expect(arrivals[0]?.body.events).toMatchObject(events);
		});
	});
});

describe('The control interface', () => {
	test('shows the posts, and forgets them', async () => {
		await row(201, 'webhook', 'POST', '/webhooks', {
			target_url: receiver.url,
			event: { name: 'subscriber.subscriber_bounce' },
		});
		client.sandbox.raise({ type: 'subscriber.bounced', times: 2 });
		const shown = await control('GET', 'deliveries?settled=true');
		expect(shown).toMatchObject({ body: { deliveries: [{ status: 200 }, { status: 200 }] } });
		expect((await control('DELETE', 'deliveries')).status).toBe(204);
		expect(await control('GET', 'deliveries')).toEqual({ status: 200, body: { deliveries: [] } });
	});

	test.each<[string, object]>([
		['events', {}],
		['events', { type: 'tag.created' }],
		['events', { type: 'subscriber.bounced', subscriber: 'nobody@example.com' }],
		['events', { type: 'subscriber.bounced', subscriber: true }],
		['events', { type: 'subscriber.bounced', times: 'often' }],
		['events', { type: 'subscriber.bounced', connection: 'none' }],
		['events', { type: 'subscriber.sequence_completed', sequence: 1 }],
		['events', { type: 'post.published', post: 1 }],
		['deliver', {}],
		['deliver', { endpoint: 1 }],
		['deliver', { endpoint: 1, events: [] }],
		['deliver', { endpoint: 1, events: [], wrong: 'everything' }],
		['deliver', { endpoint: 1, events: [], deliveryId: 'a' }],
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

describe('What becomes due', () => {
	test('is told of without a request', async () => {
		await row(201, 'webhook_endpoint', 'POST', '/webhook_endpoints', {
			url: receiver.url,
			events: ['post.published'],
		});
		const draft = { subject: 'Soon', content: '<p>Hello</p>', public: true };
		const send_at = new Date(Date.now() + 2000).toISOString();
		await row(201, 'broadcast', 'POST', '/broadcasts', { ...draft, send_at });
		expect(await settled()).toEqual([]);
		while (arrivals.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
		expect(arrivals[0]?.body.events).toMatchObject([{ data: { post: { title: 'Soon' } } }]);
	});
});

describe('Nothing is posted', () => {
	test('while data are loaded, or of what waited before a reset', async () => {
		await row(201, 'webhook_endpoint', 'POST', '/webhook_endpoints', {
			url: receiver.url,
			events: ['subscriber.created', 'subscriber.activated', 'tag.created', 'post.published'],
		});
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
		const call = async (method: string, url: string, body: object) => {
			const headers = {
				authorization: `Bearer ${client.sandbox.keys.main}`,
				'maton-connection': client.sandbox.connections.pending,
				'content-type': 'application/json',
			};
			const target = `${client.sandbox.url}/kit/v4${url}`;
			return await fetch(target, { method, headers, body: JSON.stringify(body) });
		};
		const event = { name: 'subscriber.subscriber_activate' };
		await call('POST', '/webhooks', { target_url: receiver.url, event });
		await call('POST', '/subscribers', { email_address: 'fresh@example.com' });
		expect(await settled()).toHaveLength(1);
	});
});

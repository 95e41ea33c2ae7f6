import { NOT_FOUND, refusal, SENTENCE, useKit } from './client';

const client = useKit();
const { kit, row, rows } = client;

const HOOK = { target_url: 'https://hooks.example.com/in' };
const PRODUCT = { name: 'Book', pid: 'p1', lid: 'l1', quantity: 2, unit_price: 10, sku: 'S' };
const PURCHASE = {
	...{ email_address: 'buyer@example.com', transaction_id: 'T1', status: 'paid', currency: 'EUR' },
	...{ subtotal: 20, tax: 1.5, shipping: 0, discount: 0, total: 21.5, products: [PRODUCT] },
	transaction_time: '2026-02-17T11:43:55+02:00',
};
const LETTER = { subject: 'Hello', content: '<p>Hi</p>' };
const EMAIL = { subject: 'Step', delay_value: 1, delay_unit: 'days' };
const ENDPOINT = { url: 'https://hooks.example.com/in', events: ['tag.created'] };
const TAKEN = 'taken@example.com';
const WEEK = 'monday, tuesday, wednesday, thursday, friday, saturday, sunday';
const TAG_FILTER = [{ type: 'tag', ids: [1] }];

/** A request and its body that are refused, with the sentence where somebody may have to read it. */
type Refused = [request: string, body?: object, sentence?: string];

// What the facts refuse is held by test/contract.test.ts; here is how it is said, and what Kit alone forgives.
test.each<Refused>([
	['GET /subscribers?per_page=0', undefined, 'Per page is invalid'],
	['GET /subscribers?email_address=', undefined],
	['GET /subscribers?email_address=one@example.com,two', undefined, 'Email address is invalid'],
	['GET /forms?status=old', undefined, 'Status must be one of: active, archived, trashed, all'],
	['PUT /account/colors', { colors: ['#12'] }],
	['POST /subscribers', {}, "Email address can't be blank"],
	['POST /subscribers', { email_address: 'a@example.com', fields: 'none' }],
	['POST /subscribers/filter', {}, "All can't be blank"],
	['POST /tags', { name: ' ' }, "Name can't be blank"],
	['POST /tags', undefined, "Name can't be blank"],
	['POST /sequences', { name: 'x', send_hour: 24 }, 'Send hour is invalid'],
	['POST /sequences', { name: 'x', send_days: ['someday'] }, `Send days must be one of: ${WEEK}`],
	['POST /sequences', { name: 'x', time_zone: 'Nowhere/Land' }],
	['POST /sequences', { name: 'x', exclude_subscriber_sources: [{ type: 'person', ids: [1] }] }],
	['POST /broadcasts', { ...LETTER, subscriber_filter: [{ all: [{ type: 'form', ids: [1] }] }] }],
	['POST /snippets', { name: 'x', snippet_type: 'inline' }, "Content can't be blank"],
	['POST /snippets', { name: 'x', snippet_type: 'block', content: 'x' }],
	['POST /webhooks', { ...HOOK, event: { name: 'subscriber.tag_add' } }, "Tag id can't be blank"],
	['POST /webhooks', { ...HOOK, event: { name: 'subscriber.link_click', initiator_value: 'x' } }],
	['POST /webhooks', { target_url: 'nowhere', event: { name: 'purchase.purchase_create' } }],
	['POST /purchases', { purchase: { ...PURCHASE, products: [{ ...PRODUCT, lid: '' }] } }],
	['POST /purchases', { ...PURCHASE, total: 'much' }],
])('%s is refused with %j', async (request, body, sentence = SENTENCE) => {
	const [method = '', path = ''] = request.split(' ');
	const reply = await kit(method, path, body);
	expect(reply.status).toBe(422);
	expect(reply.body).toEqual({ errors: expect.arrayContaining([sentence]) as unknown });
});

test.each<Refused>([
	['PUT /account/colors', { colors: Array<string>(11).fill('#000') }],
	['POST /sequences', { name: 'x', email_template_id: 1 }, 'Email template not found'],
	['POST /sequences', { name: 'x', send_days: [] }],
	['POST /sequences/{sequence}/emails', { ...EMAIL, delay_value: 0, position: 9 }],
	[
		'POST /sequences/{sequence}/emails',
		{ ...EMAIL, position: 1 },
		'position 1 is already taken in this sequence',
	],
	['POST /sequences/{paused}/subscribers', { email_address: TAKEN }, 'Sequence is inactive'],
	['POST /broadcasts', { ...LETTER, email_template_id: 1 }, 'Email template not found'],
	[
		'POST /broadcasts',
		{ ...LETTER, subscriber_filter: [{ all: TAG_FILTER }, { any: TAG_FILTER }] },
		'Only a single filter group is supported. Use one of `all`, `any`, or `none`.',
	],
	['POST /webhooks', { ...HOOK, event: { name: 'subscriber.tag_add', tag_id: 1 } }],
	['POST /webhook_endpoints', { ...ENDPOINT, events: [] }],
	['POST /webhook_endpoints', { ...ENDPOINT, description: 'x'.repeat(2000) }],
	['POST /purchases', { purchase: { ...PURCHASE, products: [] } }],
	['POST /purchases', { purchase: { ...PURCHASE, products: [PRODUCT, PRODUCT] } }],
	['PUT /snippets/{snippet}', { snippet_type: 'block' }, 'snippet_type cannot be changed'],
	['PUT /snippets/{snippet}', { content: '{{ snippet.greeting }}' }],
	['PUT /tags/{tag}', { name: 'VIP' }, 'Name has already been taken'],
	['PUT /custom_fields/{field}', { label: 'Website' }, 'Label has already been taken'],
	[
		'PUT /subscribers/{subscriber}',
		{ email_address: TAKEN },
		'Email address has already been taken',
	],
	[
		'GET /subscribers?sort_field=cancelled_at',
		undefined,
		'The status param must be `cancelled` if sort_field is `cancelled_at`',
	],
	['POST /bulk/tags', { tags: [] }, 'No tags included for processing'],
	['POST /bulk/subscribers', { subscribers: [{}, {}] }, 'No subscribers included for processing'],
])('%s is refused with %j because of the account', async (request, body, sentence = SENTENCE) => {
	await kit('POST', '/subscribers', { email_address: TAKEN, state: 'inactive' });
	const sequences = await rows('/sequences');
	const ids: Record<string, number | undefined> = {
		'{tag}': (await rows('/tags'))[0]?.id,
		'{field}': (await rows('/custom_fields')).at(-1)?.id,
		'{subscriber}': (await rows('/subscribers'))[0]?.id,
		'{sequence}': sequences[1]?.id,
		'{paused}': sequences.find(({ active }) => active === false)?.id,
		'{snippet}': (await rows('/snippets')).find(({ key }) => key === 'greeting')?.id,
	};
	const [method = '', path = ''] = request.split(' ');
	const named = path.replace(/{\w+}/, (name) => String(ids[name]));
	expect(await kit(method, named, body)).toEqual(refusal(sentence));
});

test('Errors about sequences are nested where told to', async () => {
	client.sandbox.settings.nestedErrors = true;
	expect(await kit('POST', '/sequences', {})).toEqual(refusal(["Name can't be blank"]));
	expect(await kit('POST', '/tags', {})).toEqual(refusal("Name can't be blank"));
});

test.each([
	{ all: [{ type: 'nothing' }] },
	{ all: [{ type: 'location', latitude: 1 }] },
	{ all: [{ type: 'subscriber_state', states: ['happy'] }] },
	{ all: [{ type: 'tags' }] },
	{ all: [{ type: 'tags', any: [{ type: 'forms', ids: [1] }] }] },
	{ all: [], sort_field: 'location__distance', sort_order: 'asc' },
])('Kit’s filter does not understand %j', async (body) => {
	expect(await kit('POST', '/subscribers/filter', body)).toEqual({ status: 500, body: undefined });
});

test.each([
	...['GET /subscribers/1', 'GET /subscribers/none', 'POST /subscribers/1/unsubscribe'],
	...['GET /subscribers/1/tags', 'DELETE /subscribers/1/location', 'DELETE /tags/1'],
	...['GET /tags/1/subscribers', 'GET /forms/1/subscribers', 'GET /sequences/1/emails'],
	...['GET /broadcasts/1/stats', 'GET /broadcasts/1/clicks', 'GET /posts/1', 'GET /purchases/1'],
	...['DELETE /webhooks/1', 'GET /webhook_endpoints/1', 'POST /webhook_endpoints/1/rotate_secret'],
	...['GET /webhook_endpoints/1/deliveries/1', 'GET /nothing'],
])('%s finds nothing', async (request) => {
	const [method = '', path = ''] = request.split(' ');
	expect(await kit(method, path)).toEqual(NOT_FOUND);
});

test('What Kit’s own clients send is taken: text for numbers, 1 for true, times in any zone', async () => {
	const made = await row(201, 'purchase', 'POST', '/purchases', {
		...PURCHASE,
		products: [{ ...PRODUCT, sku: undefined, quantity: '2' }],
		unknown: true,
	});
	expect(made).toMatchObject({
		transaction_time: '2026-02-17T09:43:55Z',
		products: [{ ...PRODUCT, sku: null }],
	});
	const slim = await rows('/subscribers?slim=1&per_page=3&unknown=1&created_after=');
	expect(slim).toHaveLength(3);
	expect(slim[0]).not.toHaveProperty('fields');
	const path = `/subscribers/${String(slim[0]?.id)}/unsubscribe`;
	expect((await kit('POST', path, [])).status).toBe(204);
});

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

/** What is wrong by the facts alone; a sentence is given where somebody may have to read it. */
test.each<[request: string, body: object | undefined, sentence?: string]>([
	['GET /subscribers?status=gone', undefined],
	['GET /subscribers?per_page=0', undefined, 'Per page is invalid'],
	['GET /subscribers?created_after=yesterday', undefined, 'Created after is invalid'],
	['GET /subscribers?slim=perhaps', undefined],
	['GET /subscribers?email_address=one', undefined, 'Email address is invalid'],
	['GET /subscribers?email_address=', undefined],
	['GET /subscribers?email_address=one@example.com,two', undefined],
	['GET /forms?status=old', undefined, 'Status must be one of: active, archived, trashed, all'],
	['GET /account/growth_stats?starting=1.1.2026', undefined],
	['PUT /account/colors', { colors: ['#12'] }],
	['POST /subscribers', {}, "Email address can't be blank"],
	['POST /subscribers', { email_address: 'a@example.com', fields: 'none' }],
	['POST /subscribers/filter', {}, "All can't be blank"],
	['POST /tags', { name: ' ' }, "Name can't be blank"],
	['POST /tags', undefined, "Name can't be blank"],
	['POST /sequences', { name: 'x', send_hour: 24 }, 'Send hour is invalid'],
	['POST /sequences', { name: 'x', send_hour: 'noon' }],
	['POST /sequences', { name: 'x', send_days: ['someday'] }, `Send days must be one of: ${WEEK}`],
	['POST /sequences', { name: 'x', time_zone: 'Nowhere/Land' }],
	['POST /sequences', { name: 'x', exclude_subscriber_sources: [{ type: 'person', ids: [1] }] }],
	['POST /broadcasts', { subject: 'Neither content nor template' }],
	['POST /broadcasts', { ...LETTER, subscriber_filter: [{ all: [{ type: 'form', ids: [1] }] }] }],
	['POST /broadcasts', { ...LETTER, send_at: 'tomorrow' }],
	['POST /snippets', { name: 'x', snippet_type: 'inline' }, "Content can't be blank"],
	['POST /snippets', { name: 'x', snippet_type: 'block', content: 'x' }],
	['POST /webhooks', { ...HOOK, event: { name: 'tag_add', tag_id: 1 } }],
	['POST /webhooks', { ...HOOK, event: { name: 'subscriber.tag_add' } }, "Tag id can't be blank"],
	['POST /webhooks', { ...HOOK, event: { name: 'purchase.purchase_create', tag_id: 1 } }],
	['POST /webhooks', { ...HOOK, event: { name: 'subscriber.link_click', initiator_value: 'x' } }],
	['POST /webhooks', { target_url: 'nowhere', event: { name: 'purchase.purchase_create' } }],
	['POST /webhook_endpoints', { ...ENDPOINT, events: ['subscriber.link_clicked'] }],
	['POST /purchases', { purchase: { ...PURCHASE, products: [{ ...PRODUCT, lid: '' }] } }],
	['POST /purchases', { ...PURCHASE, total: 'much' }],
	['POST /purchases', { purchase: { ...PURCHASE, transaction_time: 'now' } }],
])('%s is refused with %j', async (request, body, sentence = SENTENCE) => {
	const [method = '', path = ''] = request.split(' ');
	const reply = await kit(method, path, body);
	expect(reply.status).toBe(422);
	expect(reply.body).toEqual({ errors: expect.arrayContaining([sentence]) as unknown });
});

/** What is wrong only for an account, by what is in it. */
test.each<[request: string, body: object, sentence: string]>([
	['PUT /account/colors', { colors: Array<string>(11).fill('#000') }, SENTENCE],
	['POST /sequences', { name: 'x', email_template_id: 1 }, 'Email template not found'],
	['POST /sequences', { name: 'x', send_days: [] }, SENTENCE],
	['POST /sequences/{sequence}/emails', { ...EMAIL, delay_value: 0, position: 9 }, SENTENCE],
	[
		'POST /sequences/{sequence}/emails',
		{ ...EMAIL, position: 1 },
		'position 1 is already taken in this sequence',
	],
	['POST /broadcasts', { ...LETTER, email_template_id: 1 }, 'Email template not found'],
	[
		'POST /broadcasts',
		{
			...LETTER,
			subscriber_filter: [
				{ all: [{ type: 'tag', ids: [1] }] },
				{ any: [{ type: 'tag', ids: [1] }] },
			],
		},
		'Only a single filter group is supported. Use one of `all`, `any`, or `none`.',
	],
	['POST /webhooks', { ...HOOK, event: { name: 'subscriber.tag_add', tag_id: 1 } }, SENTENCE],
	['POST /webhook_endpoints', { ...ENDPOINT, events: [] }, SENTENCE],
	['POST /webhook_endpoints', { ...ENDPOINT, description: 'x'.repeat(2000) }, SENTENCE],
	['POST /purchases', { purchase: { ...PURCHASE, products: [] } }, SENTENCE],
	['POST /purchases', { purchase: { ...PURCHASE, products: [PRODUCT, PRODUCT] } }, SENTENCE],
	['PUT /snippets/{snippet}', { snippet_type: 'block' }, 'snippet_type cannot be changed'],
	['PUT /snippets/{snippet}', { content: '{{ snippet.greeting }}' }, SENTENCE],
	['PUT /tags/{tag}', { name: 'VIP' }, 'Name has already been taken'],
	['PUT /custom_fields/{field}', { label: 'Website' }, 'Label has already been taken'],
	[
		'PUT /subscribers/{subscriber}',
		{ email_address: TAKEN },
		'Email address has already been taken',
	],
	['POST /bulk/tags', { tags: [] }, 'No tags included for processing'],
	['POST /bulk/subscribers', { subscribers: [{}, {}] }, 'No subscribers included for processing'],
])('%s is refused with %j because of the account', async (request, body, sentence) => {
	await kit('POST', '/subscribers', { email_address: TAKEN, state: 'inactive' });
	const ids: Record<string, number> = {
		'{tag}': (await rows('/tags'))[0]?.id ?? 0,
		'{field}': (await rows('/custom_fields')).at(-1)?.id ?? 0,
		'{subscriber}': (await rows('/subscribers'))[0]?.id ?? 0,
		'{sequence}': (await rows('/sequences'))[1]?.id ?? 0,
		'{snippet}': (await rows('/snippets')).find(({ key }) => key === 'greeting')?.id ?? 0,
	};
	const [method = '', path = ''] = request.split(' ');
	const named = path.replace(/{\w+}/, (name) => String(ids[name]));
	expect(await kit(method, named, body)).toEqual(refusal(sentence));
});

test.each([
	{ all: [{ type: 'nothing' }] },
	{ all: [{ type: 'location', latitude: 1 }] },
	{ all: [{ type: 'subscriber_state', states: ['happy'] }] },
	{ all: [{ type: 'tags' }] },
	{ all: [{ type: 'tags', any: [{ type: 'forms', ids: [1] }] }] },
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

test('what Kit’s own clients send is taken: text for numbers, 1 for true, times in any zone', async () => {
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

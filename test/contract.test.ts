import { LOCATION } from './kit/cases/case';
import type { Exchange } from '../sandbox/facts/contract';
import { Contract } from '../sandbox/facts/contract';

const contract = new Contract();

type Probe = [about: string, exchange: Partial<Exchange>, found: string];

const kit = (request: string, rest: Partial<Exchange> = {}): Partial<Exchange> => {
	const [method, path = ''] = request.split(' ');
	return { method, path: `/kit/v4${path}`, status: 0, ...rest };
};

const maton = (request: string, rest: Partial<Exchange> = {}): Partial<Exchange> => ({
	...kit(request, rest),
	path: request.split(' ')[1],
});

const check = (exchange: Partial<Exchange>) =>
	contract.check({ method: '', path: '', status: 0, ...exchange });

const TIME = '2026-11-23T10:00:00Z';

const TAG = { id: 5, name: 'Buyers', created_at: TIME };

const SUBSCRIBER = {
	id: 5,
	first_name: null,
	email_address: 'reader@example.com',
	state: 'active',
	created_at: TIME,
	fields: { company: null },
};

const BROADCAST = {
	id: 5,
	publication_id: 6,
	created_at: TIME,
	subject: 'Hello',
	preview_text: null,
	description: null,
	content: null,
	public: false,
	published_at: null,
	send_at: null,
	thumbnail_alt: null,
	thumbnail_url: null,
	public_url: null,
	email_address: null,
	email_template: { id: 1, name: 'Text only' },
	subscriber_filter: [{ all: [{ type: 'all_subscribers' }] }],
	status: 'draft',
};

const PAGE = {
	has_previous_page: false,
	has_next_page: false,
	start_cursor: null,
	end_cursor: null,
	per_page: 500,
};

const PRODUCT = { name: 'Book', pid: 'b', lid: 'l', quantity: 1, unit_price: 9.5, sku: '' };

const PURCHASE = {
	email_address: 'reader@example.com',
	transaction_id: 't1',
	status: 'paid',
	subtotal: 9.5,
	tax: 0,
	shipping: 2.5,
	discount: 0,
	total: 12,
	currency: 'USD',
	transaction_time: TIME,
	products: [PRODUCT],
};

const ENDPOINT = {
	id: 5,
	name: 'CRM',
	url: 'https://example.com/kit',
	events: ['subscriber.created'],
	status: 'active',
	source: 'api',
	description: null,
	created_by_app: 'Maton',
	created_at: TIME,
	previous_secret_expires_at: null,
};

const without = (object: object, ...keys: string[]) =>
	Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));

/** Each of them is wrong in one thing. */
const WRONG: Probe[] = [
	['an operation that nobody documents', kit('GET /subscribers/5/emails'), 'is not documented'],
	['a path of Maton’s that it does not have', maton('PUT /connections'), 'is not documented'],
	// Paths
	['text as an id', kit('PUT /tags/buyers', { body: { name: 'B' } }), 'path id: '],
	['an id that is no whole number', kit('GET /subscribers/1e3'), 'path id: '],
	['a second id that is text', kit('POST /tags/5/subscribers/anna', { body: {} }), 'path id: '],
	['an endpoint by its name', kit('GET /webhook_endpoints/crm'), 'path id: '],
	['a subscriber by address', kit('DELETE /subscribers/a@b.co/location'), 'path subscriber_id: '],
	['a connection that is no UUID', maton('GET /connections/5'), 'path connection_id: '],
	// Queries
	['a parameter that nobody documents', kit('GET /tags', { query: { name: 'a' } }), '"name"'],
	['a page of too many', kit('GET /tags', { query: { per_page: '99999' } }), '/per_page '],
	['a page of none', kit('GET /tags', { query: { per_page: '0' } }), '/per_page '],
	['a page of a half', kit('GET /subscribers', { query: { per_page: '1.5' } }), '/per_page '],
	['a page of words', kit('GET /subscribers', { query: { per_page: 'all' } }), '/per_page '],
	[
		'a page of an endpoint’s deliveries of too many',
		kit('GET /webhook_endpoints/5/deliveries', { query: { per_page: '1001' } }),
		'/per_page ',
	],
	[
		'a time where a day is due',
		kit('GET /subscribers', { query: { created_after: TIME } }),
		'/created_after ',
	],
	[
		'a day in another order',
		kit('GET /tags/5/subscribers', { query: { tagged_before: '31.01.2026' } }),
		'/tagged_before ',
	],
	[
		'a day that no month has',
		kit('GET /subscribers', { query: { updated_after: '2026-01-32' } }),
		'/updated_after ',
	],
	[
		'a day of growth as a time',
		kit('GET /account/growth_stats', { query: { starting: TIME } }),
		'/starting ',
	],
	[
		'a state that there is not',
		kit('GET /subscribers', { query: { status: 'deleted' } }),
		'/status ',
	],
	['neither yes nor no', kit('GET /subscribers', { query: { slim: 'yes' } }), '/slim '],
	[
		'a field to sort by that there is not',
		kit('GET /subscribers', { query: { sort_field: 'first_name' } }),
		'/sort_field ',
	],
	[
		'an expansion of something that has none',
		kit('GET /segments', { query: { include: 'subscriber_count' } }),
		'"include"',
	],
	['an expansion of another list', kit('GET /tags', { query: { include: 'stats' } }), '/include '],
	[
		'one wrong expansion among right ones',
		kit('GET /subscribers', { query: { include: 'tags,stats' } }),
		'/include ',
	],
	[
		'an event that is only planned',
		kit('GET /webhook_endpoints/5/deliveries', {
			query: { event_type: 'subscriber.link_clicked' },
		}),
		'/event_type ',
	],
	[
		'a state of connections that there is not',
		maton('GET /connections', { query: { app: 'kit', status: 'active' } }),
		'/status ',
	],
	// Bodies
	['no body where one is required', kit('POST /tags'), 'request: has no body'],
	['no body of a filter', kit('POST /subscribers/filter'), 'request: has no body'],
	['no body of an update', kit('PUT /sequences/5'), 'request: has no body'],
	['no body of a bulk deletion', kit('DELETE /bulk/tags/subscribers'), 'request: has no body'],
	['no address to be untagged', kit('DELETE /tags/5/subscribers'), 'request: has no body'],
	['a body where none is documented', kit('DELETE /tags/5', { body: { id: 5 } }), 'takes no body'],
	[
		'an empty body where none is documented',
		kit('DELETE /webhooks/5', { body: {} }),
		'takes no body',
	],
	['a body of a GET', kit('GET /tags', { body: { per_page: 5 } }), 'takes no body'],
	[
		'keys in a body that has none',
		kit('POST /tags/5/subscribers/6', { body: { name: 'a' } }),
		'"name"',
	],
	['a body that is a list', kit('POST /tags', { body: [{ name: 'a' }] }), 'must be object'],
	['a name that is a number', kit('POST /tags', { body: { name: 5 } }), 'request: /name '],
	[
		'a key that nobody documents',
		kit('POST /tags', { body: { name: 'a', color: 'b' } }),
		'"color"',
	],
	[
		'a classic event’s key in the node’s spelling',
		kit('POST /webhooks', {
			body: { target_url: 'https://a.co', event: { name: 'subscriber.tag_add', tagId: 5 } },
		}),
		'"tagId"',
	],
	[
		'a classic event without its key',
		kit('POST /webhooks', {
			body: { target_url: 'https://a.co', event: { name: 'subscriber.tag_add' } },
		}),
		'/event ',
	],
	[
		'a classic event with another’s key',
		kit('POST /webhooks', {
			body: { target_url: 'https://a.co', event: { name: 'subscriber.tag_add', form_id: 5 } },
		}),
		'/event ',
	],
	[
		'a classic event without its prefix',
		kit('POST /webhooks', {
			body: { target_url: 'https://a.co', event: { name: 'tag_add', tag_id: 5 } },
		}),
		'/event/name ',
	],
	[
		'a product’s key that there is not',
		kit('POST /purchases', {
			body: { purchase: { ...PURCHASE, products: [{ ...PRODUCT, product_name: 'Book' }] } },
		}),
		'"product_name"',
	],
	[
		'a product without its SKU',
		kit('POST /purchases', {
			body: { purchase: { ...PURCHASE, products: [without(PRODUCT, 'sku')] } },
		}),
		"'sku'",
	],
	[
		'a time of a purchase that has no zone',
		kit('POST /purchases', {
			body: { purchase: { ...PURCHASE, transaction_time: '2026-11-23T10:00:00' } },
		}),
		'/purchase/transaction_time ',
	],
	[
		'a condition’s key that there is not',
		kit('POST /subscribers/filter', { body: { all: [{ type: 'tags', tag_ids: [5] }] } }),
		'"tag_ids"',
	],
	[
		'a condition’s day as a time',
		kit('POST /subscribers/filter', { body: { all: [{ type: 'subscribed', after: TIME }] } }),
		'/all/0/after ',
	],
	[
		'a kind of condition that there is not',
		kit('POST /subscribers/filter', { body: { all: [{ type: 'birthday' }] } }),
		'/all/0/type ',
	],
	[
		'a filter’s page of too many',
		kit('POST /subscribers/filter', { body: { all: [], per_page: 1001 } }),
		'/per_page ',
	],
	[
		'a filter’s cursor in the query',
		kit('POST /subscribers/filter', { query: { after: 'x' }, body: { all: [] } }),
		'"after"',
	],
	[
		'an empty block of a snippet',
		kit('PUT /snippets/5', { body: { document_attributes: {} } }),
		"'value_html'",
	],
	[
		'a block without its kind',
		kit('POST /snippets', { body: { name: 'a', document_attributes: { value_html: '' } } }),
		"'snippet_type'",
	],
	[
		'custom fields that are numbers',
		kit('POST /subscribers', { body: { email_address: 'a@b.co', fields: { age: 5 } } }),
		'/fields/age ',
	],
	[
		'a broadcast without its subject',
		kit('POST /broadcasts', { body: { content: 'Hello' } }),
		"'subject'",
	],
	[
		'a broadcast with a subject alone',
		kit('POST /broadcasts', { body: { subject: 'Hello' } }),
		"'content'",
	],
	['an update of nothing in a broadcast', kit('PUT /broadcasts/5', { body: {} }), 'fewer than 1'],
	[
		'a time of a broadcast that is in no UTC',
		kit('PUT /broadcasts/5', { body: { send_at: '2026-11-23T10:00:00+02:00' } }),
		'/send_at ',
	],
	[
		'two groups of a broadcast’s readers',
		kit('PUT /broadcasts/5', {
			body: {
				subscriber_filter: [
					{ all: [{ type: 'tag', ids: [5] }], none: [{ type: 'tag', ids: [6] }] },
				],
			},
		}),
		'/subscriber_filter/0 ',
	],
	[
		'an endpoint for an event that is only planned',
		kit('POST /webhook_endpoints', {
			body: { url: 'https://a.co', events: ['subscriber.link_clicked'] },
		}),
		'/events/0 ',
	],
	[
		'an endpoint’s key that there is not',
		kit('PATCH /webhook_endpoints/5', { body: { target_url: 'https://a.co' } }),
		'"target_url"',
	],
	[
		'a location without its wrapper',
		kit('POST /subscribers/5/location', { body: LOCATION }),
		"'location'",
	],
	[
		'a part of a location missing in a replacement',
		kit('PATCH /subscribers/5/location', { body: { location: without(LOCATION, 'city') } }),
		"'city'",
	],
	[
		'a country in words',
		kit('POST /subscribers/5/location', {
			body: { location: { ...LOCATION, country_code: 'Austria' } },
		}),
		'/location/country_code ',
	],
	['a connection without its app', maton('POST /connections', { body: {} }), "'app'"],
	// Answers
	[
		'a status that the operation does not have',
		kit('POST /purchases', { body: { purchase: PURCHASE }, status: 200, answer: {} }),
		'answer 200: is not documented',
	],
	[
		'a 404 of a list that is always there',
		kit('GET /tags', { status: 404, answer: { errors: ['Not Found'] } }),
		'answer 404: is not documented',
	],
	[
		'a conflict where there is none',
		kit('POST /tags', { body: { name: 'a' }, status: 409, answer: { errors: ['a'] } }),
		'answer 409: is not documented',
	],
	['a body of an empty answer', kit('DELETE /tags/5', { status: 204, answer: {} }), 'has a body'],
	[
		'errors that are no list',
		kit('GET /subscribers/5', { status: 404, answer: { errors: 'Not Found' } }),
		'/errors ',
	],
	[
		'nested errors of what is no sequence',
		kit('POST /tags', { body: { name: '' }, status: 422, answer: { errors: [['Blank']] } }),
		'/errors/0 ',
	],
	[
		'Maton’s error where only Kit can answer',
		kit('POST /tags', { body: { name: '' }, status: 422, answer: { error: 'Blank' } }),
		'"error"',
	],
	[
		'null where nothing may be null',
		kit('PUT /tags/5', {
			body: { name: 'a' },
			status: 200,
			answer: { tag: { ...TAG, name: null } },
		}),
		'/tag/name must be string, and is null',
	],
	[
		'null in a list',
		kit('GET /subscribers', {
			status: 200,
			answer: { subscribers: [{ ...SUBSCRIBER, email_address: null }], pagination: PAGE },
		}),
		'/subscribers/0/email_address ',
	],
	[
		'an answer’s key that there is not',
		kit('GET /subscribers/5', { status: 200, answer: { subscriber: { ...SUBSCRIBER, tags: [] } } }),
		'"tags"',
	],
	[
		'custom fields left out without being asked to',
		kit('GET /subscribers', {
			status: 200,
			answer: { subscribers: [without(SUBSCRIBER, 'fields')], pagination: PAGE },
		}),
		"'fields'",
	],
	[
		'a broadcast without a property, deep in a list',
		kit('GET /broadcasts', {
			status: 200,
			answer: { broadcasts: [without(BROADCAST, 'email_template')], pagination: PAGE },
		}),
		"'email_template'",
	],
	[
		'a broadcast’s template without its name',
		kit('GET /broadcasts/5', {
			status: 200,
			answer: { broadcast: { ...BROADCAST, email_template: { id: 1 } } },
		}),
		"'name'",
	],
	[
		'slim that leaves out more than it says',
		kit('GET /broadcasts', {
			query: { slim: 'true' },
			status: 200,
			answer: { broadcasts: [without(BROADCAST, 'subject')], pagination: PAGE },
		}),
		"'subject'",
	],
	[
		'a count that nobody asked for',
		kit('GET /tags', {
			status: 200,
			answer: { tags: [], pagination: { ...PAGE, total_count: 0 } },
		}),
		'"total_count"',
	],
	[
		'a time in an answer that is in no UTC',
		kit('GET /tags', {
			status: 200,
			answer: { tags: [{ ...TAG, created_at: '2026-11-23 10:00' }], pagination: PAGE },
		}),
		'/tags/0/created_at ',
	],
	[
		'a secret that is not to be shown',
		kit('GET /webhook_endpoints/5', {
			status: 200,
			answer: { webhook_endpoint: { ...ENDPOINT, secret: 'whsec_a' } },
		}),
		'"secret"',
	],
	[
		'a new endpoint without its secret',
		kit('POST /webhook_endpoints', {
			body: { url: 'https://a.co', events: ['tag.created'] },
			status: 201,
			answer: { webhook_endpoint: ENDPOINT },
		}),
		"'secret'",
	],
	[
		'a location in the names of its request',
		kit('POST /subscribers/5/location', {
			body: { location: LOCATION },
			status: 200,
			answer: { subscriber: { id: 5, location: LOCATION } },
		}),
		'"state_province"',
	],
	[
		'a connection without its state',
		maton('GET /connections', { status: 200, answer: { connections: [{ app: 'kit' }] } }),
		"'status'",
	],
];

test.each(WRONG)('%s is reported', (_, exchange, found) => {
	expect(check(exchange)).toContainEqual(expect.stringContaining(found));
});

const RIGHT: [about: string, exchange: Partial<Exchange>][] = [
	['a tag', kit('POST /tags', { body: { name: 'a' }, status: 201, answer: { tag: TAG } })],
	[
		'a list with everything that it takes',
		kit('GET /subscribers', {
			query: {
				after: 'x',
				created_after: '2026-01-31',
				include: 'tags,location',
				include_total_count: '1',
				per_page: '1000',
				sort_field: 'engagement__opens',
			},
			status: 200,
			answer: { subscribers: [SUBSCRIBER], pagination: { ...PAGE, total_count: 1 } },
		}),
	],
	[
		'what slim leaves out',
		kit('GET /broadcasts', {
			query: { slim: 'true' },
			status: 200,
			answer: { broadcasts: [without(BROADCAST, 'content', 'public_url')], pagination: PAGE },
		}),
	],
	['an update without an address', kit('PUT /subscribers/5', { body: { first_name: null } })],
	['a broadcast that is a draft again', kit('PUT /broadcasts/5', { body: { send_at: null } })],
	[
		'a classic event with its key',
		kit('POST /webhooks', {
			body: { target_url: 'https://a.co', event: { name: 'subscriber.tag_add', tag_id: 5 } },
			status: 201,
			answer: {
				webhook: {
					id: 5,
					account_id: 6,
					event: { name: 'tag_add', tag_id: 5 },
					target_url: 'https://a.co',
				},
			},
		}),
	],
	['an addition without a referrer', kit('POST /forms/5/subscribers/6', { body: {} })],
	['nothing to say to a tagging', kit('POST /tags/5/subscribers/6')],
	['a purchase with cents', kit('POST /purchases', { body: { purchase: PURCHASE } })],
	[
		'a source of Kit’s in a filter',
		kit('POST /subscribers/filter', {
			body: {
				all: [
					{
						type: 'attribution',
						any: [{ type: 'kit_source', source_type: 'manual', source_ids: [5] }],
					},
				],
				per_page: 100,
				sort_field: 'location__distance',
			},
		}),
	],
	[
		'errors of a sequence, which may nest',
		kit('PUT /sequences/5', { body: {}, status: 422, answer: { errors: [['Name is taken']] } }),
	],
	['Kit’s plain words for too much', kit('GET /tags', { status: 429, answer: 'Retry later\n' })],
	[
		'Maton’s error before Kit is reached',
		kit('GET /tags', { status: 400, answer: { error: 'No active kit connection found' } }),
	],
	['what a fault made up', kit('GET /tags', { status: 418, struck: {}, answer: {} })],
	[
		'a location with its country',
		kit('POST /subscribers/5/location', { body: { location: { country_code: 'AT' } } }),
	],
	[
		'an endpoint and its secret',
		kit('POST /webhook_endpoints/5/rotate_secret', {
			body: { force: true },
			status: 200,
			answer: { webhook_endpoint: { ...ENDPOINT, secret: 'whsec_a' } },
		}),
	],
	['Maton’s connections', maton('GET /connections', { query: { app: 'kit', limit: '1000' } })],
];

test.each(RIGHT)('%s passes', (_, exchange) => {
	expect(check(exchange)).toEqual([]);
});

import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { dateTime } from '../../nodes/shared/fields/parsers';
import type { Way } from '../support/n8n';
import { runKit, WAYS } from '../support/n8n';
import { useSandbox } from '../support/sandbox';
import type { Known } from './cases/case';
import { byEmail, byId, mapped } from './cases/case';
import { findKnown } from './cases/prepare';

const sandbox = useSandbox();

let known: Known;

beforeEach(async () => {
	known = await findKnown(sandbox.ask);
	sandbox.current.log.length = 0;
});

let lanes = 0;

/** A rate limit of its own, as in `storm.test.ts`. */
function ownLane() {
	lanes += 1;
	return { ...sandbox.credential, baseUrl: sandbox.credential.baseUrl + '/.'.repeat(lanes) };
}

async function run(operation: string, parameters: INodeParameters, way?: Way) {
	const [resource = '', value = ''] = operation.split('.');
	return await runKit({
		way,
		credential: ownLane(),
		parameters: { resource, operation: value, ...parameters },
	});
}

/** An expression that gives a value; two braces after each other would end it. */
const gives = (value: unknown): string => `={{ ${JSON.stringify(value).replaceAll('}', ' }')} }}`;
const NOTHING = '={{ $json.missing }}';
const LUXON = "={{ DateTime.fromISO('2026-01-31T10:00:00Z') }}";
const DATE = "={{ new Date('2026-01-31T10:00:00Z') }}";
/** The same moment in the time zone of the workflow */
const ZONED = '2026-01-31T05:00:00.000-05:00';
const UTC = '2026-01-31T10:00:00.000Z';

const DETAILS = {
	status: 'paid',
	currency: 'USD',
	transactionTime: '2026-01-01T00:00:00Z',
	subtotal: 1,
	tax: 0,
	shipping: 0,
	discount: 0,
	total: 1,
};
const PRODUCT = { name: 'A', productId: '1', lineItemId: '2', quantity: 1, unitPrice: 1 };
const purchase = (details: INodeParameters, product: INodeParameters = {}): INodeParameters => ({
	emailAddress: 'a@b.co',
	transactionId: '1',
	details: { ...DETAILS, ...details },
	products: { product: [{ ...PRODUCT, ...product }] },
});
const newBroadcast = (additionalFields: INodeParameters): INodeParameters => ({
	subject: 'Hi',
	content: '<p>Hi</p>',
	additionalFields,
});
const newSubscriber = (more: INodeParameters): INodeParameters => ({
	emailAddress: 'a@b.co',
	...more,
});
const changed = (more: INodeParameters): INodeParameters => ({
	subscriberId: byId(known.subscriber),
	...more,
});
const field = (value: string) => ({ customFields: mapped({ [known.field]: value }) });
const fieldsJson = (value: unknown): INodeParameters => ({
	additionalFields: { customFieldsJson: gives(value) },
});
const recipients = (row: INodeParameters) => ({
	...newBroadcast({}),
	recipients: { recipients: row },
});
const condition = (entered: INodeParameters): INodeParameters => ({
	limit: 1,
	conditions: { condition: [entered] },
});

/** More digits than a number keeps */
const LONG = '={{ 12345678901234567 }}';
const LINE = { lid: '1', pid: '1', name: 'A', sku: '', quantity: 1, unit_price: 1 };
const inJson = (more: IDataObject): INodeParameters => ({
	specifyPurchase: 'json',
	purchaseJson: JSON.stringify({ ...BOUGHT, ...more }),
});
const BOUGHT = {
	email_address: 'a@b.co',
	transaction_id: 'order-1',
	transaction_time: '2026-01-31T10:00:00.000Z',
	status: 'paid',
	currency: 'USD',
	subtotal: 1,
	tax: 0,
	shipping: 0,
	discount: 0,
	total: 1,
	products: [LINE],
};
const conditionsInJson = (...all: IDataObject[]): INodeParameters => ({
	limit: 1,
	specifyConditions: 'json',
	conditionsJson: JSON.stringify(all),
});

/** How two entries of a list may stand in one text, such as a cell of a spreadsheet. */
const LISTS_IN_TEXT: ((one: string, other: string) => string)[] = [
	(one, other) => `${one}\n${other}`,
	(one, other) => `${one}\r\n${other}\r\n`,
	(one, other) => `${one}\r${other}`,
	(one, other) => `\n ${one} \n ${other} \n`,
	(one, other) => `${one},\n${other}\n`,
	(one, other) => `${one}, ${other}`,
	(one, other) => `[${JSON.stringify(one)},\n${JSON.stringify(other)}]`,
];

type Sent = { query: IDataObject } | { body: IDataObject };

/** What is promised, the operation, its parameters, and what the last request holds of it. */
const SENT: [string, string, () => INodeParameters, () => Sent][] = [
	[
		'Return All “true\\n” returns all rows',
		'tag.getAll',
		() => ({ returnAll: gives('true\n') }),
		() => ({ query: { per_page: '1000' } }),
	],
	[
		'Return All “true” returns all rows',
		'subscriber.getAll',
		() => ({ returnAll: gives('true') }),
		() => ({ query: { per_page: '1000' } }),
	],
	[
		'Only Count as text counts',
		'tag.getAll',
		() => ({ options: { onlyCount: gives(' TRUE\n') } }),
		() => ({ query: { per_page: '1', include_total_count: 'true' } }),
	],
	[
		'Archived 0 is no',
		'snippet.getAll',
		() => ({ limit: 1, filters: { archived: gives(0) } }),
		() => ({ query: { per_page: '1', archived: 'false' } }),
	],
	[
		'Leave Out Custom Fields 1 is yes',
		'subscriber.getAll',
		() => ({ limit: 1, options: { slim: gives(1) } }),
		() => ({ query: { per_page: '1', slim: 'true' } }),
	],
	[
		'a status with a line end is trimmed',
		'subscriber.getAll',
		() => ({ limit: 1, filters: { status: gives('all\n') } }),
		() => ({ query: { per_page: '1', status: 'all' } }),
	],
	[
		'States as one text is a list of one',
		'subscriber.filter',
		() => condition({ type: 'subscriber_state', states: gives('active\n') }),
		() => ({ body: { all: [{ type: 'subscriber_state', states: ['active'] }], per_page: 1 } }),
	],
	[
		'the same event twice is one event',
		'webhookEndpoint.create',
		() => ({
			url: 'https://example.com/kit',
			events: gives(['subscriber.created', ' subscriber.created\n']),
		}),
		() => ({ body: { url: 'https://example.com/kit', events: ['subscriber.created'] } }),
	],
	[
		'Luxon in Created After is its day',
		'subscriber.getAll',
		() => ({ limit: 1, filters: { createdAfter: LUXON } }),
		() => ({ query: { per_page: '1', created_after: '2026-01-31' } }),
	],
	[
		'a Date in Created After is its day',
		'subscriber.getAll',
		() => ({ limit: 1, filters: { createdAfter: DATE } }),
		() => ({ query: { per_page: '1', created_after: '2026-01-31' } }),
	],
	[
		'a Date in Published At is its moment',
		'broadcast.create',
		() => newBroadcast({ publishedAt: DATE }),
		() => ({ body: { subject: 'Hi', content: '<p>Hi</p>', published_at: UTC } }),
	],
	[
		'a time as Postgres writes it is read',
		'broadcast.create',
		() => newBroadcast({ publishedAt: gives('2026-01-31 10:00:00.123456+00') }),
		() => ({
			body: { subject: 'Hi', content: '<p>Hi</p>', published_at: '2026-01-31T10:00:00.123Z' },
		}),
	],
	[
		'a time that the clocks skip in spring is what Luxon makes of it',
		'broadcast.create',
		() => newBroadcast({ publishedAt: '2026-03-08T02:30:00' }),
		() => ({
			body: { subject: 'Hi', content: '<p>Hi</p>', published_at: '2026-03-08T07:30:00.000Z' },
		}),
	],
	[
		'Luxon as the value of a custom field is its ISO text, without quotes',
		'subscriber.create',
		() => newSubscriber(field(LUXON)),
		() => ({ body: { email_address: 'a@b.co', fields: { [known.field]: ZONED } } }),
	],
	[
		'a Date as the value of a custom field is its ISO text, without quotes',
		'subscriber.create',
		() => newSubscriber(field(DATE)),
		() => ({ body: { email_address: 'a@b.co', fields: { [known.field]: UTC } } }),
	],
	[
		'First Name 5 is “5”',
		'subscriber.create',
		() => newSubscriber({ firstName: gives(5) }),
		() => ({ body: { email_address: 'a@b.co', first_name: '5' } }),
	],
	[
		'“Anna\\n” is “Anna”',
		'subscriber.create',
		() => newSubscriber({ firstName: gives('Anna\n') }),
		() => ({ body: { email_address: 'a@b.co', first_name: 'Anna' } }),
	],
	[
		'a subject that a person wrote is sent, whatever is in it',
		'broadcast.create',
		() => ({ subject: 'Why it says [object Object]', content: 'Invalid DateTime' }),
		() => ({ body: { subject: 'Why it says [object Object]', content: 'Invalid DateTime' } }),
	],
	[
		'a purchase as JSON is sent in Kit’s types, whatever a shop calls numbers and texts',
		'purchase.create',
		() =>
			inJson({
				transaction_id: 5,
				currency: 'usd',
				total: '1.00',
				transaction_time: '2026-01-31T05:00:00-05:00',
				products: [{ ...LINE, lid: 1, pid: 2, quantity: '1', unit_price: '1.005' }],
			}),
		() => ({
			body: {
				purchase: {
					...BOUGHT,
					transaction_id: '5',
					products: [{ ...LINE, pid: '2', unit_price: 1.005 }],
				},
			},
		}),
	],
	[
		'conditions as JSON are sent in Kit’s types, whatever an expression made of them',
		'subscriber.filter',
		() =>
			conditionsInJson(
				{ type: 'subscriber_state', states: 'Active' },
				{ type: 'tags', any: { type: 'ids', matching: String(known.tag) } },
				{ type: 'location', latitude: '45.5', longitude: '-122.7', radius: '25' },
				{ type: 'clicks', any: [{ type: 'urls', urls: 'https://a.co', matching: 'Is Exactly' }] },
			),
		() => ({
			body: {
				all: [
					{ type: 'subscriber_state', states: ['active'] },
					{ type: 'tags', any: [{ type: 'ids', matching: [known.tag] }] },
					{ type: 'location', latitude: 45.5, longitude: -122.7, radius: 25 },
					{ type: 'clicks', any: [{ type: 'urls', urls: ['https://a.co'], matching: 'exact' }] },
				],
				per_page: 1,
			},
		}),
	],
	...(
		[
			['https://a.co/?x=1,2', ['https://a.co/?x=1,2']],
			['https://a.co/?x=1,2, https://b.co', ['https://a.co/?x=1,2', 'https://b.co']],
			['https://a.co,https://b.co', ['https://a.co', 'https://b.co']],
			['/a,/b', ['/a', '/b']],
			[gives(['https://a.co/?x=1,2', '/b']), ['https://a.co/?x=1,2', '/b']],
			[gives('https://a.co/?x=1,2\nhttps://b.co\n'), ['https://a.co/?x=1,2', 'https://b.co']],
			[gives('https://a.co,\r\n/b'), ['https://a.co', '/b']],
			[gives('/a\r\n/b'), ['/a', '/b']],
		] as [string, string[]][]
	).map(([given, urls]): (typeof SENT)[number] => [
		`addresses in one text are told apart, a comma within one is a part of it: ${given}`,
		'subscriber.filter',
		() => condition({ type: 'clicks', urls: given, urlMatching: 'contains' }),
		() => ({
			body: {
				all: [
					{
						type: 'clicks',
						count_greater_than_or_equal: 1,
						any: [{ type: 'urls', urls, matching: 'contains' }],
					},
				],
				per_page: 1,
			},
		}),
	]),
	...LISTS_IN_TEXT.map((textOf): (typeof SENT)[number] => [
		`a list in one text has commas or line breaks between: ${JSON.stringify(textOf('5', '6'))}`,
		'subscriber.filter',
		() => ({
			limit: 1,
			conditions: {
				condition: [
					{ type: 'tags', tagIds: gives(textOf('5', '6')) },
					{ type: 'clicks', urlIds: gives(textOf('5', '6')) },
					{
						type: 'attribution',
						attributedTo: 'source',
						sourceNames: gives(textOf('A form', 'An app')),
					},
					{ type: 'subscriber_state', states: gives(textOf('active', 'inactive')) },
				],
			},
		}),
		() => ({
			body: {
				all: [
					{ type: 'tags', any: [{ type: 'ids', matching: [5, 6] }] },
					{
						type: 'clicks',
						count_greater_than_or_equal: 1,
						any: [{ type: 'urls', ids: [5, 6] }],
					},
					{
						type: 'attribution',
						any: [{ type: 'kit_source', source_names: ['A form', 'An app'] }],
					},
					{ type: 'subscriber_state', states: ['active', 'inactive'] },
				],
				per_page: 1,
			},
		}),
	]),
	[
		'an email address is the same in either form of its accents',
		'subscriber.create',
		() => ({ emailAddress: 'jo\u0308rg@b\u00fccher.example' }),
		() => ({ body: { email_address: 'j\u00f6rg@b\u00fccher.example' } }),
	],
	[
		'a tag named by a number is named by its digits',
		'tag.create',
		() => ({ name: gives(2026) }),
		() => ({ body: { name: '2026' } }),
	],
	[
		'Custom Fields (JSON) sends numbers and booleans as texts',
		'subscriber.create',
		() => newSubscriber(fieldsJson({ [known.field]: 5, company: true, none: null })),
		() => ({ body: { email_address: 'a@b.co', fields: { [known.field]: '5', company: 'true' } } }),
	],
	...[NOTHING, gives(null), gives('')].map((missing): (typeof SENT)[number] => [
		`a custom field whose column gives nothing (${missing}) is not sent`,
		'subscriber.create',
		() => newSubscriber({ ...field(missing), firstName: 'Anna' }),
		() => ({ body: { email_address: 'a@b.co', first_name: 'Anna' } }),
	]),
	[
		'Create Many does not send a custom field whose column gives nothing',
		'subscriber.createMany',
		() => newSubscriber(field(NOTHING)),
		() => ({ body: { subscribers: [{ email_address: 'a@b.co' }] } }),
	],
	[
		'Fields to Empty empties a field that was added and left empty as well',
		'broadcast.update',
		() => ({
			broadcastId: byId(known.draft),
			updateFields: { description: NOTHING, fieldsToEmpty: gives(' Description\n') },
		}),
		() => ({ body: { description: '' } }),
	],
	[
		'the first name of a subscriber can be emptied, and nothing else is sent',
		'subscriber.update',
		() => changed({ updateFields: { fieldsToEmpty: ['first_name'] } }),
		() => ({ body: { first_name: null } }),
	],
	[
		'the position of an email can be left to Kit',
		'sequenceEmail.update',
		() => ({
			sequenceId: byId(known.sequence),
			sequenceEmailId: byId(known.sequenceEmail),
			updateFields: { fieldsToEmpty: ['position'] },
		}),
		() => ({ body: { position: null } }),
	],
	[
		'Content (Block) added and left empty is left out',
		'snippet.update',
		() => ({
			snippetId: byId(known.snippet),
			updateFields: { name: 'Other', contentBlock: NOTHING },
		}),
		() => ({ body: { name: 'Other' } }),
	],
	[
		'Transaction Time takes Luxon, and a SKU that is empty is sent as such',
		'purchase.create',
		() => purchase({ transactionTime: LUXON }, { sku: NOTHING }),
		() => ({
			body: {
				purchase: {
					email_address: 'a@b.co',
					transaction_id: '1',
					...DETAILS,
					transactionTime: undefined,
					transaction_time: UTC,
					products: [{ name: 'A', pid: '1', lid: '2', quantity: 1, unit_price: 1, sku: '' }],
				},
			},
		}),
	],
];

describe.each(WAYS)('run by %s', (way) => {
	test.each(SENT)('%s', async (_, operation, parameters, expected) => {
		const { error } = await run(operation, parameters(), way);
		expect(error).toBeUndefined();
		const last = sandbox.requests().at(-1);
		expect('query' in expected() ? { query: last?.query } : { body: last?.body }).toEqual(
			expected(),
		);
	});
});

/** What is refused, the operation, its parameters, and what the message says. */
const REFUSED: [string, string, () => INodeParameters, string][] = [
	[
		'a status that is none',
		'subscriber.getAll',
		() => ({ filters: { status: gives('everybody') } }),
		'Status must be “all” or “active” or “bounced”',
	],
	[
		'a state that is none, as text',
		'subscriber.filter',
		() => condition({ type: 'subscriber_state', states: gives('active, gone') }),
		'Conditions, row 1, States must be “active” or',
	],
	[
		'a field to empty that is none',
		'broadcast.update',
		() => ({
			broadcastId: byId(known.draft),
			updateFields: { subject: 'x', fieldsToEmpty: gives('previewText') },
		}),
		'Fields to Empty must be “description” or',
	],
	...['yes', 5, '__proto__', 'constructor'].map((value): (typeof REFUSED)[number] => [
		`${JSON.stringify(value)} for yes or no`,
		'tag.getAll',
		() => ({ returnAll: gives(value) }),
		`Return All must be true or false, not “${String(value)}”`,
	]),
	...['yes', '__proto__', 'constructor'].map((value): (typeof REFUSED)[number] => [
		`${JSON.stringify(value)} for yes or no, where it is sent`,
		'sequence.create',
		() => ({ name: 'Series', additionalFields: { active: gives(value) } }),
		`Active must be true or false, not “${value}”`,
	]),
	[
		'an object for a first name',
		'subscriber.create',
		() => newSubscriber({ firstName: gives({ a: 1 }) }),
		'First Name must be text, not an object',
	],
	[
		'a list for a subject',
		'broadcast.create',
		() => ({ subject: gives(['Hi']), content: 'x' }),
		'Subject must be text, not a list',
	],
	[
		'a list for the name of one of many tags',
		'tag.createMany',
		() => ({ name: gives(['A', 'B']) }),
		'Name must be text, not a list',
	],
	[
		'a date that is none, for a text',
		'subscriber.create',
		() => newSubscriber({ firstName: "={{ DateTime.fromISO('nonsense') }}" }),
		'First Name must be text',
	],
	[
		'an object as the value of a custom field',
		'subscriber.create',
		() => newSubscriber(field(gives({ a: 1 }))),
		'Custom Fields must have text in “website”, not an object',
	],
	[
		'an object within Custom Fields (JSON)',
		'subscriber.create',
		() => newSubscriber(fieldsJson({ Company: { b: 1 } })),
		'Custom Fields (JSON) must have text in “Company”, not an object',
	],
	...[gives(true), gives([5]), DATE, gives('0x10')].map((value): (typeof REFUSED)[number] => [
		`${value} for a number`,
		'tag.getAll',
		() => ({ limit: value }),
		'Limit must be a whole number from 1',
	]),
	...[gives(true), gives([5]), DATE, gives('0x10')].map((value): (typeof REFUSED)[number] => [
		`${value} for an amount`,
		'purchase.create',
		() => purchase({ total: value }),
		'Total must be a number',
	]),
	[
		'Snippet Type by expression',
		'snippet.create',
		() => ({ name: 'A', snippetType: gives('block'), content: '<p>x</p>' }),
		'Type must be “block” or “inline”, not “{{',
	],
	[
		'Specify Conditions by expression',
		'subscriber.filter',
		() => ({ specifyConditions: gives('json'), conditionsJson: '[{"type": "tags"}]' }),
		'Specify Conditions must be “fields” or “json”, not “{{',
	],
	[
		'Specify Purchase by expression',
		'purchase.create',
		() => ({ ...purchase({}), specifyPurchase: gives('fields') }),
		'Specify Purchase must be “fields” or “json”, not “{{',
	],
	...['[null]', '["a"]', '[5]', '[[]]'].map((json): (typeof REFUSED)[number] => [
		`${json} for conditions`,
		'subscriber.filter',
		() => ({ limit: 1, specifyConditions: 'json', conditionsJson: json }),
		'Conditions (JSON) must be',
	]),
	...[NOTHING, gives(null), gives('  ')].map((missing): (typeof REFUSED)[number] => [
		`a value that is missing (${missing}) in Set Values`,
		'customField.setValues',
		() => ({ subscriberId: byId(known.subscriber), ...field(missing) }),
		'Custom Fields must have at least one value',
	]),
	[
		'an update whose every field is empty',
		'subscriber.update',
		() => changed({ firstName: NOTHING, updateFields: { emailAddress: gives('') } }),
		'Nothing would change: First Name, Custom Fields or Update Fields must have',
	],
	[
		'an update of an endpoint whose only field is empty',
		'webhookEndpoint.update',
		() => ({ webhookEndpointId: byId(12), updateFields: { name: NOTHING } }),
		'Update Fields must have at least one field with a value',
	],
	...['subscriber.get', 'subscriber.unsubscribe', 'subscriber.getTags'].flatMap((operation) =>
		['nobody,victim@example.com', 'nobody@example.com, victim@example.com'].map(
			(addresses): (typeof REFUSED)[number] => [
				`“${addresses}” for one address in ${operation}`,
				operation,
				() => ({ subscriberId: byEmail(gives(addresses)) }),
				'Subscriber must be',
			],
		),
	),
	...[NOTHING, gives(null), gives('')].map((missing): (typeof REFUSED)[number] => [
		`an account whose expression gives nothing (${missing})`,
		'tag.create',
		() => ({ name: 'x', connection: { __rl: true, mode: 'id', value: missing } }),
		'Connection is an expression that gave nothing',
	]),
	...[
		['a first name', 'subscriber.create', () => newSubscriber({ firstName: LONG }), 'First Name'],
		['a tag', 'tag.create', () => ({ name: LONG }), 'Name'],
		['a transaction', 'purchase.create', () => ({ ...purchase({}), transactionId: LONG }), 'Trans'],
		['a custom field', 'subscriber.create', () => newSubscriber(field(LONG)), 'Custom Fields'],
		[
			'a custom field in JSON',
			'subscriber.create',
			() =>
				newSubscriber({ additionalFields: { customFieldsJson: '{"website": 12345678901234567}' } }),
			'Custom Fields (JSON) must have text in “website”',
		],
		[
			'a transaction in JSON',
			'purchase.create',
			() => inJson({ transaction_id: Number('12345678901234567890') }),
			'Purchase (JSON) has a value of “transaction_id” that must be text',
		],
	].map(([what, operation, parameters, message]): (typeof REFUSED)[number] => [
		`a number that has lost its last digits, as the text of ${String(what)}`,
		operation as string,
		parameters as () => INodeParameters,
		message as string,
	]),
	[
		'a number that has lost its last digits, by what is wrong with it',
		'tag.create',
		() => ({ name: LONG }),
		'Name must be text, not a number of so many digits, which loses the last of them',
	],
	...(
		[
			[{ total: 'ten' }, '“total” that must be a number, not “ten”'],
			[{ currency: 'Euro' }, '“currency” that must be a currency code of three letters'],
			[{ transaction_time: '31/12/2026' }, '“transaction_time” that must be a date and time'],
			[{ products: [LINE, { ...LINE, unit_price: '1,5' }] }, '“unit_price” in product 2 that must'],
			[{ products: [{ ...LINE, quantity: 1.5 }] }, '“quantity” in product 1 that must be a whole'],
		] as [IDataObject, string][]
	).map(([wrong, message]): (typeof REFUSED)[number] => [
		`${JSON.stringify(wrong)} in a purchase as JSON`,
		'purchase.create',
		() => inJson(wrong),
		`Purchase (JSON) has a value of ${message}`,
	]),
	[
		'a line that a purchase as JSON has twice, where each is to be there once',
		'purchase.upsert',
		() => inJson({ products: [LINE, { ...LINE, lid: 1 }] }),
		'Purchase (JSON) must have a lid of its own in each product; more than one has “1”',
	],
	...(
		[
			[{ type: 'subscriber_state', states: ['Everybody'] }, '“states” that must be “active” or'],
			[{ type: 'custom_field', comparison: 'equals' }, '“comparison” that must be “contains” or'],
			[{ type: 'clicks', any: [{ type: 'urls', matching: 'like' }] }, '“matching” that must be'],
			[{ type: 'tags', any: [{ type: 'ids', matching: 'VIP' }] }, '“matching” that must be an ID'],
			[{ type: 'location', latitude: 91 }, '“latitude” that must be a number from -90 to 90'],
			[{ type: 'location', radius: 'far' }, '“radius” that must be a number from 0'],
			[{ type: 'opens', count_greater_than_or_equal: 0 }, 'that must be a whole number from 1'],
			[{ type: 'opens', count_less_than: '0' }, 'that must be a whole number from 1'],
		] as [IDataObject, string][]
	).map(([wrong, message]): (typeof REFUSED)[number] => [
		`the condition ${JSON.stringify(wrong)}, with which Kit could do nothing, or everybody would be meant`,
		'subscriber.filter',
		() => conditionsInJson(wrong),
		message,
	]),
	[
		'recipients whose expression gives nothing',
		'broadcast.create',
		() => recipients({ match: 'any', tagIds: NOTHING }),
		'Recipients',
	],
	[
		'recipients of which one list gives nothing',
		'broadcast.create',
		() => recipients({ match: 'any', segmentIds: [known.segment], tagIds: gives([]) }),
		'Recipients, Tag Names or IDs is an expression that gave nothing',
	],
	[
		'recipients with an entry that is missing',
		'broadcast.create',
		() => recipients({ match: 'any', tagIds: gives([known.tag, null]) }),
		'Recipients, Tag Names or IDs must not have an empty entry',
	],
	[
		'conditions with an entry that is missing',
		'subscriber.filter',
		() => condition({ type: 'tags', tagIds: gives([known.tag, null]) }),
		'Conditions, row 1, Tag Names or IDs must not have an empty entry',
	],
	...['VIP\n\nFans', 'VIP,\n,\nFans', 'VIP,\n'].map((text): (typeof REFUSED)[number] => [
		`an entry that is missing in a list of lines (${JSON.stringify(text)})`,
		'subscriber.filter',
		() => condition({ type: 'tags', tagIds: gives(text) }),
		'Conditions, row 1, Tag Names or IDs must not have an empty entry',
	]),
	[
		'a day that is missing in a condition',
		'subscriber.filter',
		() => condition({ type: 'opens', after: NOTHING }),
		'Conditions, row 1, After is an expression that gave nothing',
	],
];

describe.each(WAYS)('run by %s, before anything is sent', (way) => {
	test.each(REFUSED)('%s is refused by name', async (_, operation, parameters, message) => {
		const { error } = await run(operation, parameters(), way);
		expect(error?.message).toContain(message);
		expect(sandbox.requests()).toEqual([]);
	});
});

test('an operation by expression is refused', async () => {
	const { error } = await run(`tag.${gives('getAll')}`, {});
	expect(error?.message).toContain('This operation does not exist');
	expect(sandbox.requests()).toEqual([]);
});

test('a filter whose expression gives nothing is named beside the output', async () => {
	const { run: finished, error } = await run('subscriber.getAll', {
		limit: 1,
		filters: { createdAfter: NOTHING },
	});
	expect(error).toBeUndefined();
	expect(sandbox.requests().map(({ query }) => query)).toEqual([{ per_page: '1' }]);
	const hints = finished.data.resultData.runData.Kit?.at(-1)?.hints ?? [];
	expect(hints.map(({ message }) => message)).toEqual([
		expect.stringMatching(/Created After.*expression.*gave nothing/),
	]);
});

describe('a time of day in a workflow whose time zone is unknown', () => {
	const context = { timezone: 'Middle Earth' };

	test('is refused without a zone of its own', () => {
		expect(() => dateTime('2026-01-31T10:00:00', context)).toThrow('must name its time zone');
		expect(() => dateTime('2026-01-31 10:00:00', context)).toThrow('must name its time zone');
	});

	test.each(['2026-01-31T10:00:00Z', '2026-01-31 10:00:00+00', '2026-01-31T11:00:00+01:00'])(
		'is read with one: %s',
		(written) => {
			expect(dateTime(written, context)).toBe('2026-01-31T10:00:00.000Z');
		},
	);
});

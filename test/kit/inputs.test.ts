import type { INodeParameters } from 'n8n-workflow';
import { runKit, WAYS } from '../support/n8n';
import { useSandbox } from '../support/sandbox';

const sandbox = useSandbox();

/** As an expression, since n8n itself refuses to run what is entered wrongly. */
const given = (value: string): string => `={{ ${JSON.stringify(value)} }}`;
const byId = (value: string): INodeParameters => ({ __rl: true, mode: 'id', value: given(value) });
const SUBSCRIBER = { subscriberId: byId('12') };
const condition = (entered: INodeParameters): INodeParameters => ({
	resource: 'subscriber',
	operation: 'filter',
	conditions: { condition: [entered] },
});

const BROADCAST = { resource: 'broadcast', operation: 'create', subject: 'Hi', content: 'Hi' };
const EXPORT = { resource: 'subscriber', operation: 'export' };
const SEQUENCE = { resource: 'sequence', operation: 'create', name: 'Series' };
const DETAILS = {
	status: 'paid',
	currency: 'USD',
	transactionTime: '2026-01-01',
	subtotal: 1,
	tax: 0,
	shipping: 0,
	discount: 0,
	total: 1,
};
const PURCHASE = {
	resource: 'purchase',
	operation: 'create',
	emailAddress: 'a@b.co',
	transactionId: '1',
	details: DETAILS,
	products: {
		product: [{ name: 'A', productId: '1', lineItemId: '2', quantity: 1, unitPrice: 1 }],
	},
};

/** Parameters that are wrong, and what the message says about them. */
const WRONG: [string, INodeParameters, string][] = [
	[
		'an id that is empty',
		{ resource: 'tag', operation: 'delete', tagId: byId('') },
		'Tag must be filled in, and is empty',
	],
	[
		'an id that is no number',
		{ resource: 'tag', operation: 'delete', tagId: byId('vip') },
		'Tag must be an ID of digits (choose By Name to give a name), not “vip”',
	],
	[
		'a subscriber that is neither id nor email',
		{ resource: 'subscriber', operation: 'get', subscriberId: byId('alice') },
		'Subscriber must be an ID of digits or an email address, not “alice”',
	],
	[
		'a connection id that is none',
		{ resource: 'connection', operation: 'get', connectionId: byId('12') },
		'Connection must be an ID such as',
	],
	[
		'an email address that is none',
		{ resource: 'subscriber', operation: 'create', emailAddress: 'alice' },
		'Email Address must be an email address, not “alice”',
	],
	[
		'no email address',
		{ resource: 'subscriber', operation: 'create', emailAddress: given('') },
		'Email Address must be filled in, and is empty',
	],
	[
		'a name that is empty',
		{ resource: 'tag', operation: 'create', name: given('   ') },
		'Name must be filled in, and is empty',
	],
	[
		'a date that is none',
		{ resource: 'subscriber', operation: 'getAll', filters: { createdAfter: 'yesterday' } },
		'Created After must be a date such as 2026-01-31, not “yesterday”',
	],
	[
		'a day that does not exist',
		{ resource: 'account', operation: 'getGrowthStats', filters: { starting: '2026-02-30' } },
		'Start Date must be a date such as 2026-01-31, not “2026-02-30”',
	],
	[
		'JSON that is none',
		{
			resource: 'subscriber',
			operation: 'create',
			emailAddress: 'a@b.co',
			additionalFields: { customFieldsJson: '{"a": ' },
		},
		'Custom Fields (JSON) must be valid JSON',
	],
	[
		'JSON of another kind',
		{
			resource: 'subscriber',
			operation: 'create',
			emailAddress: 'a@b.co',
			additionalFields: { customFieldsJson: '[1]' },
		},
		'Custom Fields (JSON) must be a JSON object such as',
	],
	[
		'a text for all custom fields',
		{
			resource: 'subscriber',
			operation: 'create',
			emailAddress: 'a@b.co',
			customFields: given('x'),
		},
		'Custom Fields must be valid JSON, not “x”',
	],
	[
		'a colour that is no hex code',
		{ resource: 'account', operation: 'updateColors', colors: ['#123456', 'red'] },
		'Colors must be hex color codes such as #0a7cff, not “red”',
	],
	[
		'no colour',
		{ resource: 'account', operation: 'updateColors', colors: [] },
		'Colors must name at least one color',
	],
	[
		'an update of nothing',
		{ resource: 'subscriber', operation: 'update', ...SUBSCRIBER, updateFields: {} },
		'Nothing would change: First Name, Custom Fields or Update Fields must have',
	],
	[
		'a location without anything',
		{ resource: 'subscriber', operation: 'setLocation', ...SUBSCRIBER, location: {} },
		'Location must have at least one field with a value',
	],
	[
		'half a location, where Kit replaces all of it',
		{
			resource: 'subscriber',
			operation: 'updateLocation',
			...SUBSCRIBER,
			location: { city: 'Portland', countryCode: 'US', latitude: 1, longitude: 1 },
		},
		'Location needs all its parts: State or Province, Time Zone missing',
	],
	[
		'a country that is no code',
		{
			resource: 'subscriber',
			operation: 'setLocation',
			...SUBSCRIBER,
			location: { countryCode: 'Germany' },
		},
		'Country Code must be a country code of two letters such as US, not “Germany”',
	],
	[
		'a latitude beyond the pole',
		{
			resource: 'subscriber',
			operation: 'setLocation',
			...SUBSCRIBER,
			location: { countryCode: 'DE', latitude: 91 },
		},
		'Latitude must be a number from -90 to 90, not “91”',
	],
	[
		'no conditions',
		{ resource: 'subscriber', operation: 'filter' },
		'Conditions must have at least one',
	],
	[
		'a condition without tags',
		condition({ type: 'tags', tagIds: '={{ [] }}' }),
		'Conditions, row 1, Tag Names or IDs must be filled in, and is empty',
	],
	[
		'a condition without a state',
		condition({ type: 'subscriber_state', states: '={{ [] }}' }),
		'Conditions, row 1, States must be filled in, and is empty',
	],
	...[
		['count_greater_than_or_equal', 'At Least 0 Times in row 1, which everybody meets'],
		['count_less_than', 'Less Than 0 Times in row 1, which nobody meets'],
	].map(([howOften = '', problem = '']): (typeof WRONG)[number] => [
		`a condition on 0 times that is no question: ${howOften}`,
		condition({ type: 'opens', howOften, times: '={{ 0 }}' }),
		`Conditions must not have ${problem}. At Most 0 means never`,
	]),
	[
		'a condition on a place that is not filled in',
		condition({ type: 'location', radius: 50 }),
		'Conditions must have a Latitude and a Longitude in row 1: 0 and 0 is in the Atlantic Ocean',
	],
	[
		'an order by distance from nowhere',
		{ ...condition({ type: 'opens' }), sort: { sortField: 'location__distance' } },
		'Sort By must not be Distance without a condition of the type Location',
	],
	[
		'a condition on a source that is not named',
		condition({ type: 'attribution', attributedTo: 'source', sourceType: '', sourceIds: ' ' }),
		'Conditions must have a source or a mechanism in row 1',
	],
	[
		'a condition without a field',
		condition({ type: 'custom_field', customFieldId: given(''), comparison: 'is', value: 'x' }),
		'Conditions, row 1, Custom Field Name or ID must be filled in, and is empty',
	],
	[
		'a broadcast without content or template',
		{ resource: 'broadcast', operation: 'create', subject: 'Hello', content: '' },
		'Content must be filled in, or an Email Template chosen',
	],
	[
		'a time that is none',
		{ ...BROADCAST, when: 'atTime', sendAt: 'tomorrow' },
		'Send At must be a date and time such as 2026-01-31T09:00:00Z, not “tomorrow”',
	],
	[
		'a time that is past',
		{ ...BROADCAST, when: 'atTime', sendAt: '2026-01-31T10:00:00Z' },
		'Send At must not be in the past, and 2026-01-31T10:00:00.000Z is. To send at once, set When to Send Now',
	],
	[
		'a time that is past, for what is scheduled',
		{
			resource: 'broadcast',
			operation: 'update',
			broadcastId: byId('12'),
			when: 'atTime',
			sendAt: '={{ $now.minus({ minutes: 5 }) }}',
		},
		'Send At must not be in the past',
	],
	[
		'no time for what is to be sent at one',
		{ ...BROADCAST, when: 'atTime', sendAt: given('') },
		'Send At must be filled in, and is empty',
	],
	[
		'an update that neither changes nor schedules anything',
		{ resource: 'broadcast', operation: 'update', broadcastId: byId('12') },
		'Update Fields must have at least one field with a value, where neither When nor Recipients',
	],
	[
		'recipients that are nobody',
		{
			...BROADCAST,
			recipients: { recipients: { match: 'any', segmentIds: [], tagIds: [] } },
		},
		'Recipients must name at least one segment or tag',
	],
	[
		'recipients of whom one is missing',
		{
			...BROADCAST,
			recipients: {
				recipients: { match: 'all', segmentIds: [5], tagIds: ['={{ $json.missing }}'] },
			},
		},
		'Recipients, Tag Names or IDs must not have an empty entry',
	],
	[
		'an object within a text',
		{ ...BROADCAST, subject: '=Hi {{ ({ a: 1 }) }}' },
		'Subject must be text, not “Hi [object Object]”',
	],
	[
		'a date of another age',
		{
			resource: 'subscriber',
			operation: 'getAll',
			filters: { createdAfter: '={{ new Date(1769853600000000) }}' },
		},
		'Created After must be a date such as 2026-01-31',
	],
	[
		'an address with half a character',
		{ resource: 'subscriber', operation: 'create', emailAddress: '={{ "a\\ud800@b.co" }}' },
		'Email Address must be an email address',
	],
	[
		'a purchase as JSON of two buyers',
		{
			resource: 'purchase',
			operation: 'create',
			specifyPurchase: 'json',
			purchaseJson: '{"email_address": "a@b.co,c@d.co"}',
		},
		'Purchase (JSON) has a value of “email_address” that must be one email address',
	],
	[
		'conditions as JSON that come to nothing',
		{
			resource: 'subscriber',
			operation: 'filter',
			specifyConditions: 'json',
			conditionsJson: '[{"type": "tags", "any": [{"type": "ids", "matching": []}]}]',
		},
		'Conditions (JSON) must not have anything empty in a condition',
	],
	...(
		[
			[
				'[{"type": "subscriber_state", "state": ["active"]}]',
				'must not have “state” in condition 1. Near it: “states”. Known there: after, any, before,',
			],
			[
				'[{"type": "subscribed", "after": "2026-01-31"}, {"type": "tags", "any": [{"type": "ids", "tag_ids": [1]}]}]',
				'must not have “tag_ids” in “any” in condition 2. Known there: matching, type',
			],
			[
				'[{"type": "tags", "any": [{"type": "tags", "ids": [1]}]}]',
				'must have in “any” in condition 1 a list of objects with one of these types: broadcasts, forms, ids, kit_source, urls',
			],
			[
				'[{"type": "tags", "any": {"matching": [1]}}]',
				'must have in “any” in condition 1 a list of objects with one of these types: broadcasts',
			],
		] as const
	).map(([conditionsJson, message]): (typeof WRONG)[number] => [
		`conditions as JSON such as ${conditionsJson}`,
		{ resource: 'subscriber', operation: 'filter', specifyConditions: 'json', conditionsJson },
		`Conditions (JSON) ${message}`,
	]),
	...(
		[
			[
				'{"email_address": "a@b.co", "transaction_date": "2026-01-31"}',
				'“transaction_date”. Near it: “transaction_time”.',
			],
			[
				'{"email_address": "a@b.co", "products": [{"lid": "1"}, {"price": 2}]}',
				'“price” in product 2. Near it: “unit_price”.',
			],
			[
				'{"purchase": {"email_address": "a@b.co"}, "status": "paid"}',
				'“status”. Known there: purchase',
			],
		] as const
	).map(([purchaseJson, message]): (typeof WRONG)[number] => [
		`a purchase as JSON such as ${purchaseJson}`,
		{ resource: 'purchase', operation: 'create', specifyPurchase: 'json', purchaseJson },
		`Purchase (JSON) must not have ${message}`,
	]),
	[
		'a condition as JSON on a day that is none',
		{
			resource: 'subscriber',
			operation: 'filter',
			specifyConditions: 'json',
			conditionsJson: '[{"type": "opens", "count_less_than": 1, "after": "last week"}]',
		},
		'Conditions (JSON) has in condition 1 a value of “after” that must be a date such as 2026-01-31, not “last week”',
	],
	[
		'a snippet of which only the type is said',
		{
			resource: 'snippet',
			operation: 'update',
			snippetId: byId('12'),
			updateFields: { snippetType: 'inline' },
		},
		'Update Fields must have a field to change besides Type',
	],
	[
		'a location without its country',
		{
			resource: 'subscriber',
			operation: 'setLocation',
			...SUBSCRIBER,
			location: { city: 'Portland' },
		},
		'Location must have a Country Code',
	],
	[
		'an address that is none',
		{ ...BROADCAST, additionalFields: { thumbnailUrl: 'picture.jpg' } },
		'Thumbnail URL must be an address such as https://example.com, not “picture.jpg”',
	],
	[
		'a product without a name',
		{ ...PURCHASE, products: { product: [{ name: given(''), productId: '1', lineItemId: '2' }] } },
		'Products, row 1, Name must be filled in, and is empty',
	],
	[
		'products that lack more than one thing each',
		{
			...PURCHASE,
			products: {
				product: [
					{ name: given(''), productId: given('') },
					{ name: given(''), productId: '1' },
					{ name: 'Tip', productId: '1' },
				],
			},
		},
		'Products, row 1, must have Name, Product ID; Products, row 2, Name must be filled in, and is empty',
	],
	[
		'a hundred products without a name',
		{
			...PURCHASE,
			products: {
				product: Array.from({ length: 100 }, () => ({ name: given(''), productId: '1' })),
			},
		},
		'row 3, Name must be filled in, and is empty; and 97 more rows',
	],
	[
		'two lines of one product that nothing tells apart',
		{
			...PURCHASE,
			products: {
				product: [
					{ name: 'Tip', productId: '1' },
					{ name: 'Tip', productId: '1' },
				],
			},
		},
		'Products must have a Line Item ID of its own in each row; more than one has “1”',
	],
	['no product', { ...PURCHASE, products: {} }, 'Products must have at least one product'],
	[
		'a purchase without its currency',
		{ ...PURCHASE, details: { status: 'paid' } },
		'Details must have a Currency',
	],
	[
		'a currency that is none',
		{ ...PURCHASE, details: { ...DETAILS, currency: 'Euro' } },
		'Currency must be a currency code of three letters such as USD, not “Euro”',
	],
	[
		'a purchase as JSON by which it cannot be found again',
		{
			resource: 'purchase',
			operation: 'upsert',
			specifyPurchase: 'json',
			purchaseJson: '{"email_address": "a@b.co", "products": [{"lid": "1"}]}',
		},
		'Purchase (JSON) must have a transaction_id, by which it is found',
	],
	[
		'a product as JSON by which it is not known again',
		{
			resource: 'purchase',
			operation: 'upsert',
			specifyPurchase: 'json',
			purchaseJson:
				'{"email_address": "a@b.co", "transaction_id": "7", "products": [{"lid": "1"}, {"pid": "2"}]}',
		},
		'Purchase (JSON), product 2 must have a lid, by which it is known again',
	],
	[
		'a purchase as JSON without its buyer',
		{ resource: 'purchase', operation: 'create', specifyPurchase: 'json', purchaseJson: '{}' },
		'Purchase (JSON) must have an email_address',
	],
	[
		'an hour that is none',
		{ ...SEQUENCE, additionalFields: { sendHour: 24 } },
		'Send Hour must be a whole number from 0 to 23, not “24”',
	],
	[
		'a time zone that is none',
		{ ...SEQUENCE, additionalFields: { timeZone: 'Middle Earth' } },
		'Time Zone must be a time zone such as America/New_York, not “Middle Earth”',
	],
	[
		'an exclusion of nothing',
		{
			...SEQUENCE,
			additionalFields: { excludeSubscribers: { source: [{ type: 'form', formIds: [] }] } },
		},
		'Exclude Subscribers must name at least one form in every row',
	],
	[
		'days of the week for an email that waits for hours',
		{
			resource: 'sequenceEmail',
			operation: 'create',
			sequenceId: byId('12'),
			subject: 'Hi',
			delay: 1,
			delayUnit: 'hours',
			additionalFields: { sendDays: ['monday'] },
		},
		'Send Days must be left out where Delay Unit is Hours',
	],
	[
		'a snippet that is text and HTML',
		{
			resource: 'snippet',
			operation: 'update',
			snippetId: byId('12'),
			updateFields: { contentInline: 'a', contentBlock: '<p>a</p>' },
		},
		'must not both be filled in',
	],
	[
		'an event without what it is about',
		{
			resource: 'webhook',
			operation: 'create',
			targetUrl: 'https://example.com',
			event: { event: { name: 'subscriber.tag_add', tagId: byId('') } },
		},
		'Event, Tag is an expression that gave nothing',
	],
	[
		'an endpoint without events',
		{
			resource: 'webhookEndpoint',
			operation: 'create',
			url: 'https://example.com',
			events: '={{ [] }}',
		},
		'Events must be filled in, and is empty',
	],
	[
		'conditions that are no list',
		{
			resource: 'subscriber',
			operation: 'filter',
			specifyConditions: 'json',
			conditionsJson: '{"type": "tags"}',
		},
		'Conditions (JSON) must be a JSON array such as',
	],
	[
		'a format that there is not',
		{ ...EXPORT, format: given('xlsx') },
		'Format must be “csv” or “ndjson”',
	],
	[
		'a file without a field to put it in',
		{ ...EXPORT, binaryPropertyName: given(' ') },
		'Put Output File in Field must be filled in',
	],
	[
		'a delimiter that cells are not quoted for',
		{ ...EXPORT, options: { delimiter: given('|') } },
		'Delimiter must be “,” or “;” or “Tab”, not “|”',
	],
];

describe.each(WAYS)('run by %s, before anything is sent', (way) => {
	test.each(WRONG)('%s is refused by the name of its field', async (_, parameters, message) => {
		const { error } = await runKit({ way, credential: sandbox.credential, parameters });
		expect(error?.message).toContain(message);
		expect(error?.context?.itemIndex).toBe(0);
		expect(sandbox.requests()).toEqual([]);
	});
});

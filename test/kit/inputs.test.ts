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

/** Parameters that are wrong, and what the message says about them. */
const WRONG: [string, INodeParameters, string][] = [
	[
		'an id that is empty',
		{ resource: 'tag', operation: 'delete', tagId: byId('') },
		'Tag must be an ID of digits, and is empty',
	],
	[
		'an id that is no number',
		{ resource: 'tag', operation: 'delete', tagId: byId('vip') },
		'Tag must be an ID of digits, not “vip”',
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
		'Email Address must be an email address, and is empty',
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
		'Starting must be a date such as 2026-01-31, not “2026-02-30”',
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
		'a custom field that is not chosen',
		{
			resource: 'subscriber',
			operation: 'create',
			emailAddress: 'a@b.co',
			additionalFields: { customFields: { field: [{ key: '', value: 'x' }] } },
		},
		'Custom Fields must name a custom field in every row',
	],
	[
		'a colour that is no hex code',
		{ resource: 'account', operation: 'updateColors', colors: ['#123456', 'red'] },
		'Colors must be hex color codes such as #0a7cff, not “red”',
	],
	[
		'no colour',
		{ resource: 'account', operation: 'updateColors', colors: [] },
		'Colors must have at least one color',
	],
	[
		'an update of nothing',
		{ resource: 'subscriber', operation: 'update', ...SUBSCRIBER, updateFields: {} },
		'Update Fields must have at least one field',
	],
	[
		'a location without anything',
		{ resource: 'subscriber', operation: 'setLocation', ...SUBSCRIBER, location: {} },
		'Location needs at least one part',
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
		condition({ type: 'tags', tagIds: [] }),
		'Conditions needs at least one tag',
	],
	[
		'a condition without a state',
		condition({ type: 'subscriber_state', states: [] }),
		'Conditions needs at least one state',
	],
	[
		'a condition without a field',
		condition({ type: 'custom_field', customFieldId: '', comparison: 'is', value: 'x' }),
		'Conditions needs a field in “Custom Field”',
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
];

describe.each(WAYS)('run by %s, before anything is sent', (way) => {
	test.each(WRONG)('%s is refused by the name of its field', async (_, parameters, message) => {
		const { error } = await runKit({ way, credential: sandbox.credential, parameters });
		expect(error?.message).toContain(message);
		expect(error?.context?.itemIndex).toBe(0);
		expect(sandbox.requests()).toEqual([]);
	});
});

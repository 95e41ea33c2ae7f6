import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { operationsOf } from '../support/description';
import { runKit, WAYS } from '../support/n8n';
import { useSandbox } from '../support/sandbox';

const sandbox = useSandbox({ today: '2026-11-23' });

/** A request that the node is expected to make. */
interface Expected {
	request: string;
	query?: IDataObject;
	body?: IDataObject;
}

interface Case {
	operation: string;
	parameters?: INodeParameters;
	expected: Expected[];
	/** What comes out, in part */
	output: IDataObject[];
}

const byId = (value: unknown): INodeParameters => ({
	__rl: true,
	mode: 'id',
	value: String(value),
});
const fromList = (value: number): INodeParameters => ({ __rl: true, mode: 'list', value });
const byEmail = (value: string): INodeParameters => ({ __rl: true, mode: 'email', value });

const SUCCESS = [{ success: true }];
const { connections } = { connections: { second: '7a1d4e90-52c3-4b68-8f27-c06e9b3d5a21' } };

/** Ids and addresses of what is there at the start. */
interface Known {
	tag: number;
	subscriber: number;
	email: string;
	/** A custom field's key */
	field: string;
	fieldId: number;
}

let known: Known;

beforeEach(async () => {
	const { tags } = await sandbox.ask('GET', '/kit/v4/tags');
	const { subscribers } = await sandbox.ask('GET', '/kit/v4/subscribers');
	const { custom_fields } = await sandbox.ask('GET', '/kit/v4/custom_fields');
	const [tag] = tags as IDataObject[];
	const [subscriber] = subscribers as IDataObject[];
	const [field] = custom_fields as IDataObject[];
	known = {
		tag: Number(tag?.id),
		subscriber: Number(subscriber?.id),
		email: subscriber?.email_address as string,
		field: field?.key as string,
		fieldId: Number(field?.id),
	};
	sandbox.current.log.length = 0;
});

const LOCATION = {
	city: 'Portland',
	state_province: 'OR',
	country_code: 'US',
	latitude: 45.5,
	longitude: -122.6,
	timezone: 'America/Los_Angeles',
};

/** The tags and fields of a case are known only when it runs. */
const CASES: Record<string, () => Case> = {
	'account.get': () => ({
		operation: 'account.get',
		expected: [{ request: 'GET /kit/v4/account' }],
		output: [{ account: expect.objectContaining({ name: 'Ada Writes' }) as never }],
	}),
	'account.getColors': () => ({
		operation: 'account.getColors',
		expected: [{ request: 'GET /kit/v4/account/colors' }],
		output: [{ colors: expect.any(Array) as never }],
	}),
	'account.updateColors': () => ({
		operation: 'account.updateColors',
		parameters: { colors: ['#0A7CFF', '#fff'] },
		expected: [{ request: 'PUT /kit/v4/account/colors', body: { colors: ['#0A7CFF', '#fff'] } }],
		output: [{ colors: expect.any(Array) as never }],
	}),
	'account.getCreatorProfile': () => ({
		operation: 'account.getCreatorProfile',
		expected: [{ request: 'GET /kit/v4/account/creator_profile' }],
		output: [{ profile_url: expect.any(String) as never }],
	}),
	'account.getEmailStats': () => ({
		operation: 'account.getEmailStats',
		expected: [{ request: 'GET /kit/v4/account/email_stats' }],
		output: [{ sent: expect.any(Number) as never }],
	}),
	'account.getGrowthStats': () => ({
		operation: 'account.getGrowthStats',
		expected: [{ request: 'GET /kit/v4/account/growth_stats' }],
		output: [{ new_subscribers: expect.any(Number) as never }],
	}),
	'account.getGrowthStats with all fields': () => ({
		operation: 'account.getGrowthStats',
		parameters: {
			filters: { starting: '2026-01-01T00:00:00', ending: '2026-01-31T23:59:59.000Z' },
		},
		expected: [
			{
				request: 'GET /kit/v4/account/growth_stats',
				query: { starting: '2026-01-01', ending: '2026-01-31' },
			},
		],
		output: [{ subscribers: expect.any(Number) as never }],
	}),
	'connection.getAll': () => ({
		operation: 'connection.getAll',
		parameters: { returnAll: true },
		expected: [{ request: 'GET /connections', query: { app: 'kit' } }],
		output: Array<IDataObject>(5).fill({ app: 'kit' }),
	}),
	'connection.getAll with all fields': () => ({
		operation: 'connection.getAll',
		parameters: { limit: 1, filters: { status: 'PENDING' } },
		expected: [{ request: 'GET /connections', query: { app: 'kit', status: 'PENDING' } }],
		output: [{ status: 'PENDING' }],
	}),
	'connection.get': () => ({
		operation: 'connection.get',
		parameters: { connectionId: byId(connections.second) },
		expected: [{ request: `GET /connections/${connections.second}` }],
		output: [{ connection_id: connections.second, status: 'ACTIVE' }],
	}),
	'connection.create': () => ({
		operation: 'connection.create',
		expected: [{ request: 'POST /connections', body: { app: 'kit' } }],
		output: [{ status: 'PENDING' }],
	}),
	'connection.create with all fields': () => ({
		operation: 'connection.create',
		parameters: { options: { includeLink: true } },
		expected: [{ request: 'POST /connections', body: { app: 'kit' } }],
		output: [{ url: expect.stringContaining('session_token') as never }],
	}),
	'connection.delete': () => ({
		operation: 'connection.delete',
		parameters: { connectionId: byId(connections.second) },
		expected: [{ request: `DELETE /connections/${connections.second}` }],
		output: SUCCESS,
	}),
	'subscriber.create': () => ({
		operation: 'subscriber.create',
		parameters: { emailAddress: ' new@example.com ' },
		expected: [{ request: 'POST /kit/v4/subscribers', body: { email_address: 'new@example.com' } }],
		output: [{ email_address: 'new@example.com', state: 'active' }],
	}),
	'subscriber.create with all fields': () => ({
		operation: 'subscriber.create',
		parameters: {
			emailAddress: 'new@example.com',
			additionalFields: {
				firstName: 'Alice',
				state: 'inactive',
				customFields: { field: [{ key: known.field, value: 'Lamarr' }] },
				customFieldsJson: '{"unknown_key": "x"}',
			},
		},
		expected: [
			{
				request: 'POST /kit/v4/subscribers',
				body: {
					email_address: 'new@example.com',
					first_name: 'Alice',
					state: 'inactive',
					fields: { [known.field]: 'Lamarr', unknown_key: 'x' },
				},
			},
		],
		output: [
			{
				first_name: 'Alice',
				state: 'inactive',
				warnings: [expect.stringContaining('unknown_key') as never],
			},
		],
	}),
	'subscriber.create leaving fields empty': () => ({
		operation: 'subscriber.create',
		parameters: {
			emailAddress: 'new@example.com',
			additionalFields: { firstName: '', customFields: {}, customFieldsJson: '' },
		},
		expected: [
			{
				request: 'POST /kit/v4/subscribers',
				body: { email_address: 'new@example.com' },
			},
		],
		output: [{ email_address: 'new@example.com' }],
	}),
	'subscriber.get': () => ({
		operation: 'subscriber.get',
		parameters: { subscriberId: byId(known.subscriber) },
		expected: [{ request: `GET /kit/v4/subscribers/${String(known.subscriber)}` }],
		output: [{ id: known.subscriber, email_address: known.email }],
	}),
	'subscriber.get by email': () => ({
		operation: 'subscriber.get',
		parameters: { subscriberId: byEmail(known.email) },
		expected: [
			{
				request: 'GET /kit/v4/subscribers',
				query: { email_address: known.email, status: 'all' },
			},
		],
		output: [{ id: known.subscriber, email_address: known.email }],
	}),
	'subscriber.update': () => ({
		operation: 'subscriber.update',
		parameters: { subscriberId: fromList(known.subscriber), updateFields: { firstName: 'Bea' } },
		expected: [
			{ request: `GET /kit/v4/subscribers/${String(known.subscriber)}` },
			{
				request: `PUT /kit/v4/subscribers/${String(known.subscriber)}`,
				body: { email_address: known.email, first_name: 'Bea' },
			},
		],
		output: [{ id: known.subscriber, first_name: 'Bea', email_address: known.email }],
	}),
	'subscriber.update by email with all fields': () => ({
		operation: 'subscriber.update',
		parameters: {
			subscriberId: byEmail(known.email),
			updateFields: {
				emailAddress: 'other@example.com',
				firstName: 'Bea',
				customFields: { field: [{ key: known.field, value: '' }] },
				customFieldsJson: '{}',
			},
		},
		expected: [
			{
				request: 'GET /kit/v4/subscribers',
				query: { email_address: known.email, status: 'all' },
			},
			{
				request: `PUT /kit/v4/subscribers/${String(known.subscriber)}`,
				body: {
					email_address: 'other@example.com',
					first_name: 'Bea',
					fields: { [known.field]: '' },
				},
			},
		],
		output: [{ id: known.subscriber, email_address: 'other@example.com' }],
	}),
	'subscriber.unsubscribe': () => ({
		operation: 'subscriber.unsubscribe',
		parameters: { subscriberId: byId(known.subscriber) },
		expected: [{ request: `POST /kit/v4/subscribers/${String(known.subscriber)}/unsubscribe` }],
		output: SUCCESS,
	}),
	'subscriber.getAll': () => ({
		operation: 'subscriber.getAll',
		parameters: { limit: 2 },
		expected: [{ request: 'GET /kit/v4/subscribers', query: { per_page: '2' } }],
		output: [{ id: known.subscriber }, { id: expect.any(Number) as never }],
	}),
	'subscriber.getAll with all fields': () => ({
		operation: 'subscriber.getAll',
		parameters: {
			returnAll: true,
			filters: {
				createdAfter: '2020-01-01',
				createdBefore: '2026-11-23',
				emailAddress: known.email,
				status: 'cancelled',
				updatedAfter: '2020-01-01',
				updatedBefore: '2026-11-24',
			},
			options: {
				include: ['attribution', 'tags', 'location', 'canceled_at'],
				slim: true,
				sortField: 'cancelled_at',
				sortOrder: 'asc',
			},
		},
		expected: [
			{
				request: 'GET /kit/v4/subscribers',
				query: {
					created_after: '2020-01-01',
					created_before: '2026-11-23',
					email_address: known.email,
					status: 'cancelled',
					updated_after: '2020-01-01',
					updated_before: '2026-11-24',
					include: 'attribution,tags,location,canceled_at',
					slim: 'true',
					sort_field: 'cancelled_at',
					sort_order: 'asc',
					per_page: '1000',
				},
			},
		],
		output: [],
	}),
	'subscriber.filter': () => ({
		operation: 'subscriber.filter',
		parameters: {
			limit: 1,
			conditions: { condition: [{ type: 'subscriber_state', states: ['active'] }] },
		},
		expected: [
			{
				request: 'POST /kit/v4/subscribers/filter',
				body: { all: [{ type: 'subscriber_state', states: ['active'] }], per_page: 1 },
			},
		],
		output: [{ email_address: expect.any(String) as never }],
	}),
	'subscriber.filter with all fields': () => ({
		operation: 'subscriber.filter',
		parameters: {
			returnAll: true,
			conditions: {
				condition: [
					{
						type: 'clicks',
						countGreaterThan: '2',
						countLessThan: '100',
						after: '2026-01-01',
						before: '2026-02-01',
						broadcastIds: '1, 2',
						urls: 'https://kit.com',
						urlMatching: 'contains',
					},
					{ type: 'opens', countGreaterThan: '', countLessThan: '', after: '', before: '' },
					{ type: 'sent' },
					{ type: 'delivered' },
					{ type: 'subscribed', after: '2020-01-01', before: '' },
					{ type: 'tags', tagIds: [known.tag] },
					{ type: 'attribution', formIds: '789,1001' },
					{
						type: 'custom_field',
						customFieldId: known.fieldId,
						comparison: 'contains',
						value: 'a',
					},
					{ type: 'location', latitude: 45.5, longitude: -122.6, radius: 25 },
				],
			},
			options: {
				countingMode: 'unique_email',
				include: ['tags'],
				statsFrom: '2026-05-01',
				statsTo: '2026-06-30',
			},
		},
		expected: [
			{
				request: 'POST /kit/v4/subscribers/filter',
				body: {
					counting_mode: 'unique_email',
					all: [
						{
							type: 'clicks',
							count_greater_than: 2,
							count_less_than: 100,
							after: '2026-01-01',
							before: '2026-02-01',
							any: [
								{ type: 'broadcasts', ids: [1, 2] },
								{ type: 'urls', urls: ['https://kit.com'], matching: 'contains' },
							],
						},
						{ type: 'opens' },
						{ type: 'sent' },
						{ type: 'delivered' },
						{ type: 'subscribed', after: '2020-01-01' },
						{ type: 'tags', any: [{ type: 'ids', matching: [known.tag] }] },
						{ type: 'attribution', any: [{ type: 'forms', ids: [789, 1001] }] },
						{
							type: 'custom_field',
							subscriber_custom_field_id: known.fieldId,
							comparison: 'contains',
							value: 'a',
						},
						{ type: 'location', latitude: 45.5, longitude: -122.6, radius: 25 },
					],
					include: [
						{ type: 'tags' },
						{ type: 'stats', range: { start: '2026-05-01', end: '2026-06-30' } },
					],
					per_page: 1000,
				},
			},
		],
		output: [],
	}),
	'subscriber.filter by JSON': () => ({
		operation: 'subscriber.filter',
		parameters: {
			limit: 3,
			specifyConditions: 'json',
			conditionsJson: '[{"type": "subscriber_state", "states": ["active"]}]',
		},
		expected: [
			{
				request: 'POST /kit/v4/subscribers/filter',
				body: { all: [{ type: 'subscriber_state', states: ['active'] }], per_page: 3 },
			},
		],
		output: Array<IDataObject>(3).fill({ created_at: expect.any(String) as never }),
	}),
	'subscriber.getTags': () => ({
		operation: 'subscriber.getTags',
		parameters: { subscriberId: byId(known.subscriber), returnAll: true },
		expected: [
			{
				request: `GET /kit/v4/subscribers/${String(known.subscriber)}/tags`,
				query: { per_page: '1000' },
			},
		],
		output: expect.any(Array) as never,
	}),
	'subscriber.getStats': () => ({
		operation: 'subscriber.getStats',
		parameters: { subscriberId: byId(known.subscriber) },
		expected: [{ request: `GET /kit/v4/subscribers/${String(known.subscriber)}/stats` }],
		output: [{ id: known.subscriber, stats: expect.any(Object) as never }],
	}),
	'subscriber.getStats by email with all fields': () => ({
		operation: 'subscriber.getStats',
		parameters: {
			subscriberId: byEmail(known.email),
			filters: { emailSentAfter: '2026-01-01', emailSentBefore: '2026-02-01' },
		},
		expected: [
			{
				request: 'GET /kit/v4/subscribers',
				query: { email_address: known.email, status: 'all' },
			},
			{
				request: `GET /kit/v4/subscribers/${String(known.subscriber)}/stats`,
				query: { email_sent_after: '2026-01-01', email_sent_before: '2026-02-01' },
			},
		],
		output: [{ id: known.subscriber }],
	}),
	'subscriber.setLocation': () => ({
		operation: 'subscriber.setLocation',
		parameters: { subscriberId: byId(known.subscriber), location: { countryCode: 'de' } },
		expected: [
			{
				request: `POST /kit/v4/subscribers/${String(known.subscriber)}/location`,
				body: { location: { country_code: 'DE' } },
			},
		],
		output: [{ id: known.subscriber }],
	}),
	'subscriber.updateLocation with all fields': () => ({
		operation: 'subscriber.updateLocation',
		parameters: {
			subscriberId: byId(known.subscriber),
			location: {
				city: 'Portland',
				stateProvince: 'OR',
				countryCode: 'US',
				latitude: 45.5,
				longitude: -122.6,
				timezone: 'America/Los_Angeles',
			},
		},
		expected: [
			{
				request: `PATCH /kit/v4/subscribers/${String(known.subscriber)}/location`,
				body: { location: LOCATION },
			},
		],
		output: [{ id: known.subscriber }],
	}),
	'subscriber.removeLocation': () => ({
		operation: 'subscriber.removeLocation',
		parameters: { subscriberId: byId(known.subscriber) },
		expected: [{ request: `DELETE /kit/v4/subscribers/${String(known.subscriber)}/location` }],
		output: SUCCESS,
	}),
	'tag.create': () => ({
		operation: 'tag.create',
		parameters: { name: 'Bought the course' },
		expected: [{ request: 'POST /kit/v4/tags', body: { name: 'Bought the course' } }],
		output: [{ name: 'Bought the course' }],
	}),
	'tag.update': () => ({
		operation: 'tag.update',
		parameters: { tagId: byId(known.tag), name: 'Renamed' },
		expected: [{ request: `PUT /kit/v4/tags/${String(known.tag)}`, body: { name: 'Renamed' } }],
		output: [{ id: known.tag, name: 'Renamed' }],
	}),
	'tag.delete': () => ({
		operation: 'tag.delete',
		parameters: { tagId: byId(known.tag) },
		expected: [{ request: `DELETE /kit/v4/tags/${String(known.tag)}` }],
		output: SUCCESS,
	}),
	'tag.getAll': () => ({
		operation: 'tag.getAll',
		parameters: { limit: 1 },
		expected: [{ request: 'GET /kit/v4/tags', query: { per_page: '1' } }],
		output: [{ id: known.tag }],
	}),
	'tag.getAll with all fields': () => ({
		operation: 'tag.getAll',
		parameters: { limit: 1, options: { includeSubscriberCount: true } },
		expected: [
			{ request: 'GET /kit/v4/tags', query: { per_page: '1', include: 'subscriber_count' } },
		],
		output: [{ id: known.tag, subscriber_count: expect.any(Number) as never }],
	}),
	'tag.getSubscribers': () => ({
		operation: 'tag.getSubscribers',
		parameters: { tagId: byId(known.tag), limit: 5 },
		expected: [
			{ request: `GET /kit/v4/tags/${String(known.tag)}/subscribers`, query: { per_page: '5' } },
		],
		output: expect.any(Array) as never,
	}),
	'tag.getSubscribers with all fields': () => ({
		operation: 'tag.getSubscribers',
		parameters: {
			tagId: byId(known.tag),
			returnAll: true,
			filters: {
				createdAfter: '2020-01-01',
				createdBefore: '2026-01-01',
				status: 'all',
				taggedAfter: '2020-01-01',
				taggedBefore: '2026-01-01',
			},
			options: { slim: true },
		},
		expected: [
			{
				request: `GET /kit/v4/tags/${String(known.tag)}/subscribers`,
				query: {
					created_after: '2020-01-01',
					created_before: '2026-01-01',
					status: 'all',
					tagged_after: '2020-01-01',
					tagged_before: '2026-01-01',
					slim: 'true',
					per_page: '1000',
				},
			},
		],
		output: expect.any(Array) as never,
	}),
	'tag.addToSubscriber': () => ({
		operation: 'tag.addToSubscriber',
		parameters: { tagId: fromList(known.tag), subscriberId: byId(known.subscriber) },
		expected: [
			{ request: `POST /kit/v4/tags/${String(known.tag)}/subscribers/${String(known.subscriber)}` },
		],
		output: [{ id: known.subscriber, tagged_at: expect.any(String) as never }],
	}),
	'tag.addToSubscriber by email': () => ({
		operation: 'tag.addToSubscriber',
		parameters: { tagId: byId(known.tag), subscriberId: byEmail(known.email) },
		expected: [
			{
				request: `POST /kit/v4/tags/${String(known.tag)}/subscribers`,
				body: { email_address: known.email },
			},
		],
		output: [{ id: known.subscriber, tagged_at: expect.any(String) as never }],
	}),
	'tag.removeFromSubscriber': () => ({
		operation: 'tag.removeFromSubscriber',
		parameters: { tagId: byId(known.tag), subscriberId: fromList(known.subscriber) },
		expected: [
			{
				request: `DELETE /kit/v4/tags/${String(known.tag)}/subscribers/${String(known.subscriber)}`,
			},
		],
		output: SUCCESS,
	}),
	'tag.removeFromSubscriber by email': () => ({
		operation: 'tag.removeFromSubscriber',
		parameters: { tagId: byId(known.tag), subscriberId: byEmail(known.email) },
		expected: [
			{
				request: `DELETE /kit/v4/tags/${String(known.tag)}/subscribers`,
				body: { email_address: known.email },
			},
		],
		output: SUCCESS,
	}),
};

/** What has to be there for Kit to do the thing. */
const PREPARE: Record<string, () => Promise<unknown>> = {
	'subscriber.updateLocation': async () =>
		await sandbox.ask('POST', `/kit/v4/subscribers/${String(known.subscriber)}/location`, {
			location: LOCATION,
		}),
	'tag.removeFromSubscriber': async () =>
		await sandbox.ask(
			'POST',
			`/kit/v4/tags/${String(known.tag)}/subscribers/${String(known.subscriber)}`,
		),
};
PREPARE['subscriber.removeLocation'] = PREPARE['subscriber.updateLocation'] as never;

describe.each(WAYS)('run by %s', (way) => {
	test.each(Object.keys(CASES))('%s', async (name) => {
		const { operation, parameters, expected, output } = (CASES[name] as () => Case)();
		await PREPARE[operation]?.();
		const [resource = '', value = ''] = operation.split('.');
		const { json, items, error } = await runKit({
			way,
			credential: sandbox.credential,
			parameters: { resource, operation: value, ...parameters },
		});
		expect(error).toBeUndefined();
		expect(
			sandbox.requests().map(({ request, query, body }) => ({ request, query, body })),
		).toEqual(
			expected.map(({ request, query = {}, body }) => ({
				request,
				query,
				body: body ?? undefined,
			})),
		);
		if (Array.isArray(output)) {
			expect(json).toEqual(output.map((one) => expect.objectContaining(one) as unknown));
		}
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(json.map(() => ({ item: 0 })));
	});
});

test('every operation of the node has a case here', async () => {
	const covered = new Set(Object.values(CASES).map((make) => make().operation));
	expect((await operationsOf()).filter((operation) => !covered.has(operation))).toEqual([]);
});

import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import type { Cases } from './case';
import { byEmail, byId, byName, fromList, LOCATION, mapped, mappedByColumns, rowsOf } from './case';

/** In the time zone in which n8n runs a workflow without one of its own. */
const daysAgo = (days: number) =>
	DateTime.now().setZone('America/New_York').minus({ days }).toISODate();

export const subscriber: Cases = {
	'subscriber.create': () => ({
		operation: 'subscriber.create',
		parameters: { emailAddress: ' new@example.com ' },
		expected: [{ request: 'POST /kit/v4/subscribers', body: { email_address: 'new@example.com' } }],
		output: [{ email_address: 'new@example.com', state: 'active' }],
	}),
	'subscriber.create with all fields': (known) => ({
		operation: 'subscriber.create',
		parameters: {
			emailAddress: 'new@example.com',
			firstName: 'Alice',
			customFields: mapped({ [known.field]: 'Lamarr', company: null }),
			additionalFields: {
				state: 'inactive',
				customFieldsJson: '{"Birthday": "1914-11-09"}',
				emptiedCustomFields: ['Company'],
			},
		},
		expected: [
			{ request: 'GET /kit/v4/custom_fields', query: { per_page: '1000' } },
			{
				request: 'POST /kit/v4/subscribers',
				body: {
					email_address: 'new@example.com',
					first_name: 'Alice',
					state: 'inactive',
					fields: { [known.field]: 'Lamarr', birthday: '1914-11-09', company: '' },
				},
			},
		],
		output: [
			{
				first_name: 'Alice',
				state: 'inactive',
				fields: expect.objectContaining({ [known.field]: 'Lamarr' }) as never,
			},
		],
	}),
	'subscriber.create with the columns of the input': () => ({
		operation: 'subscriber.create',
		parameters: { emailAddress: 'new@example.com', customFields: mappedByColumns },
		expected: [
			{ request: 'GET /kit/v4/custom_fields', query: { per_page: '1000' } },
			{ request: 'POST /kit/v4/subscribers', body: { email_address: 'new@example.com' } },
		],
		output: [{ email_address: 'new@example.com' }],
	}),
	'subscriber.create with tags, form and sequence': (known) => ({
		operation: 'subscriber.create',
		parameters: {
			emailAddress: 'new@example.com',
			tags: [known.tag, 'A new tag'],
			additionalFields: {
				createTags: true,
				formId: byId(known.form),
				sequenceId: byName('Welcome series'),
			},
		},
		expected: [
			{ request: 'GET /kit/v4/tags', query: { per_page: '1000' } },
			{ request: 'GET /kit/v4/sequences', query: { per_page: '1000' } },
			{ request: 'POST /kit/v4/tags', body: { name: 'A new tag' } },
			{ request: 'POST /kit/v4/subscribers', body: { email_address: 'new@example.com' } },
			{ request: String.raw`POST /kit/v4/tags/${String(known.tag)}/subscribers/\d+` },
			{ request: String.raw`POST /kit/v4/tags/\d+/subscribers/\d+` },
			{ request: String.raw`POST /kit/v4/forms/${String(known.form)}/subscribers/\d+` },
			{ request: String.raw`POST /kit/v4/sequences/\d+/subscribers/\d+` },
		],
		output: [
			{
				email_address: 'new@example.com',
				tag_ids: [known.tag, expect.any(Number) as never],
				form_id: known.form,
				sequence_id: expect.any(Number) as never,
			},
		],
	}),
	'subscriber.create leaving fields empty': () => ({
		operation: 'subscriber.create',
		parameters: {
			emailAddress: 'new@example.com',
			firstName: '',
			customFields: mapped({}),
			additionalFields: { customFieldsJson: '' },
		},
		expected: [
			{
				request: 'POST /kit/v4/subscribers',
				body: { email_address: 'new@example.com' },
			},
		],
		output: [{ email_address: 'new@example.com' }],
	}),
	'subscriber.createMany': () => ({
		operation: 'subscriber.createMany',
		parameters: { emailAddress: 'new@example.com' },
		expected: [
			{
				request: 'POST /kit/v4/bulk/subscribers',
				body: { subscribers: [{ email_address: 'new@example.com' }] },
			},
		],
		output: [{ email_address: 'new@example.com', state: 'active' }],
	}),
	'subscriber.createMany with all fields': (known) => ({
		operation: 'subscriber.createMany',
		parameters: {
			emailAddress: 'new@example.com',
			firstName: 'Alice',
			customFields: mapped({ [known.field]: 'Lamarr' }),
			tags: [known.tag, 'A new tag'],
			additionalFields: {
				state: 'inactive',
				createTags: true,
				formId: byId(known.form),
				sequenceId: byId(known.sequence),
			},
		},
		expected: [
			{ request: 'GET /kit/v4/custom_fields', query: { per_page: '1000' } },
			{ request: 'GET /kit/v4/tags', query: { per_page: '1000' } },
			{ request: 'POST /kit/v4/bulk/tags', body: { tags: [{ name: 'A new tag' }] } },
			{
				request: 'POST /kit/v4/bulk/subscribers',
				body: {
					subscribers: [
						{ email_address: 'new@example.com', first_name: 'Alice', state: 'inactive' },
					],
				},
			},
			{
				request: 'POST /kit/v4/bulk/custom_fields/subscribers',
				body: {
					callback_url: null,
					custom_field_values: [
						{
							subscriber_id: expect.any(Number) as never,
							subscriber_custom_field_id: known.fieldId,
							value: 'Lamarr',
						},
					],
				},
			},
			{
				request: 'POST /kit/v4/bulk/tags/subscribers',
				body: {
					taggings: [
						{ tag_id: known.tag, subscriber_id: expect.any(Number) as never },
						{ tag_id: expect.any(Number) as never, subscriber_id: expect.any(Number) as never },
					],
				},
			},
			{
				request: 'POST /kit/v4/bulk/forms/subscribers',
				body: {
					additions: [{ form_id: known.form, subscriber_id: expect.any(Number) as never }],
				},
			},
			{
				request: String.raw`POST /kit/v4/sequences/${String(known.sequence)}/subscribers/\d+`,
			},
		],
		output: [
			{
				first_name: 'Alice',
				state: 'inactive',
				fields: { [known.field]: 'Lamarr' },
				tags: [String(known.tag), 'A new tag'],
			},
		],
	}),
	'subscriber.get': (known) => ({
		operation: 'subscriber.get',
		parameters: { subscriberId: byId(known.subscriber) },
		expected: [{ request: `GET /kit/v4/subscribers/${String(known.subscriber)}` }],
		output: [{ id: known.subscriber, email_address: known.email }],
	}),
	'subscriber.get by email': (known) => ({
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
	'subscriber.update': (known) => ({
		operation: 'subscriber.update',
		parameters: { subscriberId: fromList(known.subscriber), firstName: 'Bea' },
		expected: [
			{
				request: `PUT /kit/v4/subscribers/${String(known.subscriber)}`,
				body: { first_name: 'Bea' },
			},
		],
		output: [{ id: known.subscriber, first_name: 'Bea', email_address: known.email }],
	}),
	'subscriber.update by email with all fields': (known) => ({
		operation: 'subscriber.update',
		parameters: {
			subscriberId: byEmail(known.email),
			firstName: 'Bea',
			customFields: mapped({ company: 'Acme' }),
			updateFields: {
				emailAddress: 'other@example.com',
				customFieldsJson: '{}',
				emptiedCustomFields: [known.field],
			},
		},
		expected: [
			{ request: 'GET /kit/v4/custom_fields', query: { per_page: '1000' } },
			{
				request: 'GET /kit/v4/subscribers',
				query: { email_address: known.email, status: 'all' },
			},
			{
				request: `PUT /kit/v4/subscribers/${String(known.subscriber)}`,
				body: {
					email_address: 'other@example.com',
					first_name: 'Bea',
					fields: { company: 'Acme', [known.field]: '' },
				},
			},
		],
		output: [{ id: known.subscriber, email_address: 'other@example.com' }],
	}),
	'subscriber.get with all fields': (known) => ({
		operation: 'subscriber.get',
		parameters: { subscriberId: byId(known.subscriber), options: { whenNotFound: 'nothing' } },
		expected: [{ request: `GET /kit/v4/subscribers/${String(known.subscriber)}` }],
		output: [{ id: known.subscriber }],
	}),
	'subscriber.unsubscribe': (known) => ({
		operation: 'subscriber.unsubscribe',
		parameters: { subscriberId: byId(known.subscriber) },
		expected: [{ request: `POST /kit/v4/subscribers/${String(known.subscriber)}/unsubscribe` }],
		output: [{ success: true, id: known.subscriber }],
	}),
	'subscriber.unsubscribe by email': (known) => ({
		operation: 'subscriber.unsubscribe',
		parameters: { subscriberId: byEmail(known.email) },
		expected: [
			{
				request: 'GET /kit/v4/subscribers',
				query: { email_address: known.email, status: 'all' },
			},
			{ request: `POST /kit/v4/subscribers/${String(known.subscriber)}/unsubscribe` },
		],
		output: [{ success: true, id: known.subscriber, email_address: known.email }],
	}),
	'subscriber.getAll': (known) => ({
		operation: 'subscriber.getAll',
		parameters: { limit: 2 },
		expected: [{ request: 'GET /kit/v4/subscribers', query: { per_page: '2' } }],
		output: [{ id: known.subscriber }, { id: expect.any(Number) as never }],
	}),
	'subscriber.getAll with all fields': (known) => ({
		operation: 'subscriber.getAll',
		parameters: {
			returnAll: true,
			filters: {
				createdAfter: '2020-01-01',
				createdBefore: '2099-01-01',
				emailAddress: known.email,
				status: 'cancelled',
				updatedAfter: '2020-01-01',
				updatedBefore: '2099-01-01',
			},
			options: {
				include: ['attribution', 'tags', 'location', 'canceled_at'],
				slim: true,
			},
			sort: { sortField: 'cancelled_at', sortOrder: 'asc' },
		},
		expected: [
			{
				request: 'GET /kit/v4/subscribers',
				query: {
					created_after: '2020-01-01',
					created_before: '2099-01-01',
					email_address: known.email,
					status: 'cancelled',
					updated_after: '2020-01-01',
					updated_before: '2099-01-01',
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
	'subscriber.export': () => ({
		operation: 'subscriber.export',
		expected: [
			{ request: 'GET /kit/v4/custom_fields', query: { per_page: '1000' } },
			{ request: 'GET /kit/v4/subscribers', query: { per_page: '1000' } },
		],
		output: [{ format: 'csv', bytes: expect.any(Number) as never }],
	}),
	'subscriber.export with all fields': (known) => ({
		operation: 'subscriber.export',
		parameters: {
			format: 'ndjson',
			binaryPropertyName: 'people',
			filters: {
				createdAfter: '2020-01-01',
				createdBefore: '2099-01-01',
				emailAddress: known.email,
				status: 'cancelled',
				updatedAfter: '2020-01-01',
				updatedBefore: '2099-01-01',
			},
			options: {
				compress: true,
				fileName: 'people',
				include: ['attribution', 'tags', 'location', 'canceled_at'],
				slim: true,
			},
			sort: { sortField: 'cancelled_at', sortOrder: 'asc' },
		},
		expected: [
			{
				request: 'GET /kit/v4/subscribers',
				query: {
					created_after: '2020-01-01',
					created_before: '2099-01-01',
					email_address: known.email,
					status: 'cancelled',
					updated_after: '2020-01-01',
					updated_before: '2099-01-01',
					include: 'attribution,tags,location,canceled_at',
					slim: 'true',
					sort_field: 'cancelled_at',
					sort_order: 'asc',
					per_page: '1000',
				},
			},
		],
		output: [{ subscribers: 0, format: 'ndjson', file_name: 'people.ndjson.gz' }],
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
	'subscriber.filter with all fields': (known) => ({
		operation: 'subscriber.filter',
		parameters: {
			returnAll: true,
			conditions: {
				condition: [
					{
						type: 'clicks',
						howOften: 'count_greater_than',
						times: 2,
						urlIds: '71, 72',
						after: '2026-01-01',
						before: '2026-02-01',
						broadcastIds: [1, 2],
						urls: 'https://kit.com',
						urlMatching: 'contains',
					},
					{ type: 'opens', after: '', before: '' },
					{ type: 'sent', howOften: 'count_less_than_or_equal', times: '9' },
					{ type: 'no_opens', lastDays: 90 },
					{ type: 'no_clicks', lastDays: '90' },
					{ type: 'joined_lately', lastDays: 7 },
					{ type: 'delivered', after: '2026-01-01' },
					{ type: 'subscribed', after: '2020-01-01', before: '' },
					{ type: 'tags', tagIds: [known.tag] },
					{ type: 'attribution', formIds: [789, 1001] },
					{
						type: 'attribution',
						attributedTo: 'source',
						sourceType: 'api_subscription',
						sourceIds: '555, 556',
						sourceNames: 'Welcome, Partner',
						mechanism: 'import',
						mechanismIds: '9',
					},
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
			sort: { sortField: 'first_name', sortOrder: 'asc' },
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
							after: '2026-01-01',
							before: '2026-02-01',
							any: [
								{ type: 'broadcasts', ids: [1, 2] },
								{ type: 'urls', urls: ['https://kit.com'], matching: 'contains' },
								{ type: 'urls', ids: [71, 72] },
							],
						},
						{ type: 'opens', count_greater_than_or_equal: 1 },
						{ type: 'sent', count_less_than_or_equal: 9 },
						{ type: 'opens', count_less_than: 1, after: daysAgo(90) },
						{ type: 'clicks', count_less_than: 1, after: daysAgo(90) },
						{ type: 'subscribed', after: daysAgo(7) },
						{ type: 'delivered', count_greater_than_or_equal: 1, after: '2026-01-01' },
						{ type: 'subscribed', after: '2020-01-01' },
						{ type: 'tags', any: [{ type: 'ids', matching: [known.tag] }] },
						{ type: 'attribution', any: [{ type: 'forms', ids: [789, 1001] }] },
						{
							type: 'attribution',
							any: [
								{
									type: 'kit_source',
									source_type: 'api_subscription',
									source_ids: [555, 556],
									source_names: ['Welcome', 'Partner'],
									mechanism: 'import',
									mechanism_ids: [9],
								},
							],
						},
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
					sort_field: 'first_name',
					sort_order: 'asc',
					per_page: 100,
				},
			},
		],
		output: [],
	}),
	'subscriber.filter by the source of the sign-up': () => ({
		operation: 'subscriber.filter',
		parameters: {
			limit: 1,
			conditions: {
				condition: [
					{
						type: 'attribution',
						attributedTo: 'source',
						sourceType: 'form_subscription',
						mechanism: 'landing_page',
					},
				],
			},
		},
		expected: [
			{
				request: 'POST /kit/v4/subscribers/filter',
				body: {
					all: [
						{
							type: 'attribution',
							any: [
								{
									type: 'kit_source',
									source_type: 'form_subscription',
									mechanism: 'landing_page',
								},
							],
						},
					],
					per_page: 1,
				},
			},
		],
		output: [{ email_address: expect.any(String) as never }],
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
	'subscriber.filter by JSON of an expression': (known) => ({
		operation: 'subscriber.filter',
		parameters: {
			limit: 1,
			specifyConditions: 'json',
			conditionsJson: `={{ [
				{ type: "sent", count_greater_than_or_equal: "1", after: DateTime.fromISO("2026-01-31T10:00") },
				{ type: "tags", any: [{ type: "ids", matching: ["${String(known.tag)}"] }] },
			] }}`,
		},
		expected: [
			{
				request: 'POST /kit/v4/subscribers/filter',
				body: {
					all: [
						{ type: 'sent', count_greater_than_or_equal: 1, after: '2026-01-31' },
						{ type: 'tags', any: [{ type: 'ids', matching: [known.tag] }] },
					],
					per_page: 1,
				},
			},
		],
		output: [{ created_at: expect.any(String) as never }],
	}),
	'subscriber.getTags': (known) => ({
		operation: 'subscriber.getTags',
		parameters: { subscriberId: byId(known.subscriber), returnAll: true },
		expected: [
			{
				request: `GET /kit/v4/subscribers/${String(known.subscriber)}/tags`,
				query: { per_page: '1000' },
			},
		],
		output: rowsOf(4, {
			name: expect.any(String) as never,
			tagged_at: expect.any(String) as never,
		}),
	}),
	'subscriber.hasTag': (known) => ({
		operation: 'subscriber.hasTag',
		before: [
			{ request: `POST /kit/v4/tags/${String(known.tag)}/subscribers/${String(known.subscriber)}` },
		],
		parameters: { subscriberId: byId(known.subscriber), tagId: byId(known.tag) },
		expected: [
			{
				request: `GET /kit/v4/subscribers/${String(known.subscriber)}/tags`,
				query: { per_page: '1000' },
			},
		],
		output: [
			{
				has_tag: true,
				subscriber_id: known.subscriber,
				tag_id: known.tag,
				tagged_at: expect.any(String) as never,
			},
		],
	}),
	'subscriber.hasTag by names, of one who has it not': (known) => ({
		operation: 'subscriber.hasTag',
		before: [{ request: 'POST /kit/v4/tags', body: { name: 'Nobody has it' } }],
		parameters: { subscriberId: byEmail(known.email), tagId: byName('nobody has it') },
		expected: [
			{ request: 'GET /kit/v4/tags', query: { per_page: '1000' } },
			{
				request: 'GET /kit/v4/subscribers',
				query: { email_address: known.email, status: 'all' },
			},
			{
				request: `GET /kit/v4/subscribers/${String(known.subscriber)}/tags`,
				query: { per_page: '1000' },
			},
		],
		output: [
			{
				has_tag: false,
				subscriber_id: known.subscriber,
				email_address: known.email,
				tag_id: expect.any(Number) as never,
			},
		],
	}),
	'subscriber.getStats': (known) => ({
		operation: 'subscriber.getStats',
		parameters: { subscriberId: byId(known.subscriber) },
		expected: [{ request: `GET /kit/v4/subscribers/${String(known.subscriber)}/stats` }],
		output: [{ id: known.subscriber, stats: expect.any(Object) as never }],
	}),
	'subscriber.getStats by email with all fields': (known) => ({
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
	'subscriber.setLocation': (known) => ({
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
	'subscriber.updateLocation with all fields': (known) => ({
		operation: 'subscriber.updateLocation',
		before: [
			{
				request: `POST /kit/v4/subscribers/${String(known.subscriber)}/location`,
				body: { location: LOCATION },
			},
		],
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
	'subscriber.removeLocation': (known) => ({
		operation: 'subscriber.removeLocation',
		before: [
			{
				request: `POST /kit/v4/subscribers/${String(known.subscriber)}/location`,
				body: { location: LOCATION },
			},
		],
		parameters: { subscriberId: byId(known.subscriber) },
		expected: [{ request: `DELETE /kit/v4/subscribers/${String(known.subscriber)}/location` }],
		output: [{ success: true, id: known.subscriber }],
	}),
};

import type { Cases } from './case';
import { byEmail, byId, byName, fromList, mapped } from './case';

const SUBSCRIBER_FILTERS = {
	addedAfter: '2020-01-01',
	addedBefore: '2026-01-01',
	createdAfter: '2020-01-01',
	createdBefore: '2026-01-01',
	status: 'all',
};

export const customField: Cases = {
	'customField.create': () => ({
		operation: 'customField.create',
		parameters: { label: 'Favorite color' },
		expected: [{ request: 'POST /kit/v4/custom_fields', body: { label: 'Favorite color' } }],
		output: [{ label: 'Favorite color', key: 'favorite_color' }],
	}),
	'customField.update': (known) => ({
		operation: 'customField.update',
		parameters: { customFieldId: fromList(known.fieldId), label: 'Renamed' },
		expected: [
			{
				request: `PUT /kit/v4/custom_fields/${String(known.fieldId)}`,
				body: { label: 'Renamed' },
			},
		],
		output: [{ id: known.fieldId, label: 'Renamed' }],
	}),
	'customField.delete': (known) => ({
		operation: 'customField.delete',
		parameters: { customFieldId: byId(known.fieldId) },
		expected: [{ request: `DELETE /kit/v4/custom_fields/${String(known.fieldId)}` }],
		output: [{ deleted: true, id: known.fieldId }],
	}),
	'customField.createMany': () => ({
		operation: 'customField.createMany',
		parameters: { label: 'Favorite color' },
		expected: [
			{
				request: 'POST /kit/v4/bulk/custom_fields',
				body: { custom_fields: [{ label: 'Favorite color' }] },
			},
		],
		output: [{ key: 'favorite_color', label: 'Favorite color' }],
	}),
	'customField.setValues': (known) => ({
		operation: 'customField.setValues',
		parameters: {
			subscriberId: byId(known.subscriber),
			customFields: mapped({ [known.field]: 'Blue', company: '' }),
		},
		expected: [
			{ request: 'GET /kit/v4/custom_fields', query: { per_page: '1000' } },
			{
				request: 'POST /kit/v4/bulk/custom_fields/subscribers',
				body: {
					callback_url: null,
					custom_field_values: [
						{
							subscriber_id: known.subscriber,
							subscriber_custom_field_id: known.fieldId,
							value: 'Blue',
						},
					],
				},
			},
		],
		output: [{ subscriber_id: known.subscriber, fields: { [known.field]: 'Blue' } }],
	}),
	'customField.setValues with all fields': (known) => ({
		operation: 'customField.setValues',
		parameters: {
			subscriberId: byEmail('new@example.com'),
			customFields: mapped({ [known.field]: 'Blue' }),
			options: {
				createSubscribers: true,
				customFieldsJson: '{"Company": "Acme"}',
				emptiedCustomFields: ['birthday'],
			},
		},
		expected: [
			{ request: 'GET /kit/v4/custom_fields', query: { per_page: '1000' } },
			{
				request: 'POST /kit/v4/bulk/subscribers',
				body: { subscribers: [{ email_address: 'new@example.com' }] },
			},
			{
				request: 'POST /kit/v4/bulk/custom_fields/subscribers',
				body: {
					callback_url: null,
					custom_field_values: ['Blue', 'Acme', ''].map((value) => ({
						subscriber_id: expect.any(Number) as never,
						subscriber_custom_field_id: expect.any(Number) as never,
						value,
					})),
				},
			},
		],
		output: [
			{
				email_address: 'new@example.com',
				fields: { [known.field]: 'Blue', company: 'Acme', birthday: '' },
			},
		],
	}),
	'customField.delete by name': (known) => ({
		operation: 'customField.delete',
		parameters: { customFieldId: byName(known.field) },
		expected: [
			{ request: 'GET /kit/v4/custom_fields', query: { per_page: '1000' } },
			{ request: `DELETE /kit/v4/custom_fields/${String(known.fieldId)}` },
		],
		output: [{ deleted: true, id: known.fieldId, name: known.field }],
	}),
	'customField.getAll': (known) => ({
		operation: 'customField.getAll',
		parameters: { limit: 1 },
		expected: [{ request: 'GET /kit/v4/custom_fields', query: { per_page: '1' } }],
		output: [{ id: known.fieldId, key: known.field }],
	}),
};

export const emailTemplate: Cases = {
	'emailTemplate.getAll': () => ({
		operation: 'emailTemplate.getAll',
		parameters: { limit: 1 },
		expected: [{ request: 'GET /kit/v4/email_templates', query: { per_page: '1' } }],
		output: [{ name: expect.any(String) as never }],
	}),
};

export const form: Cases = {
	'form.getAll': (known) => ({
		operation: 'form.getAll',
		parameters: { limit: 1 },
		expected: [{ request: 'GET /kit/v4/forms', query: { per_page: '1' } }],
		output: [{ id: known.form }],
	}),
	'form.getAll with all fields': () => ({
		operation: 'form.getAll',
		parameters: {
			returnAll: true,
			filters: { status: 'archived', type: 'embed' },
			options: { includeSubscriberCount: true },
		},
		expected: [
			{
				request: 'GET /kit/v4/forms',
				query: {
					status: 'archived',
					type: 'embed',
					include: 'subscriber_count',
					per_page: '1000',
				},
			},
		],
		output: [{ archived: true, subscriber_count: expect.any(Number) as never }],
	}),
	'form.getSubscribers': (known) => ({
		operation: 'form.getSubscribers',
		before: [
			{
				request: `POST /kit/v4/forms/${String(known.form)}/subscribers/${String(known.subscriber)}`,
			},
		],
		parameters: { formId: byId(known.form), limit: 2 },
		expected: [
			{ request: `GET /kit/v4/forms/${String(known.form)}/subscribers`, query: { per_page: '2' } },
		],
		output: [{ id: known.subscriber, added_at: expect.any(String) as never }],
	}),
	'form.getSubscribers with all fields': (known) => ({
		operation: 'form.getSubscribers',
		parameters: {
			formId: fromList(known.form),
			returnAll: true,
			filters: SUBSCRIBER_FILTERS,
			options: { slim: true },
		},
		expected: [
			{
				request: `GET /kit/v4/forms/${String(known.form)}/subscribers`,
				query: {
					added_after: '2020-01-01',
					added_before: '2026-01-01',
					created_after: '2020-01-01',
					created_before: '2026-01-01',
					status: 'all',
					slim: 'true',
					per_page: '1000',
				},
			},
		],
		output: [],
	}),
	'form.addSubscribers': (known) => ({
		operation: 'form.addSubscribers',
		parameters: { formId: byId(known.form), subscriberId: fromList(known.subscriber) },
		expected: [
			{
				request: 'POST /kit/v4/bulk/forms/subscribers',
				body: { additions: [{ form_id: known.form, subscriber_id: known.subscriber }] },
			},
		],
		output: [{ id: known.subscriber, added_at: expect.any(String) as never }],
	}),
	'form.addSubscribers with all fields': (known) => ({
		operation: 'form.addSubscribers',
		parameters: {
			formId: byId(known.form),
			subscriberId: byEmail('new@example.com'),
			options: { createSubscribers: true, referrer: 'https://example.com/?utm_source=ad' },
		},
		expected: [
			{
				request: 'POST /kit/v4/bulk/subscribers',
				body: { subscribers: [{ email_address: 'new@example.com' }] },
			},
			{
				request: 'POST /kit/v4/bulk/forms/subscribers',
				body: {
					additions: [
						{
							form_id: known.form,
							subscriber_id: expect.any(Number) as never,
							referrer: 'https://example.com/?utm_source=ad',
						},
					],
				},
			},
		],
		output: [{ email_address: 'new@example.com', referrer: 'https://example.com/?utm_source=ad' }],
	}),
	'form.addSubscriber': (known) => ({
		operation: 'form.addSubscriber',
		parameters: {
			formId: byId(known.form),
			subscriberId: byId(known.subscriber),
			options: { referrer: 'https://example.com/?utm_source=x' },
		},
		expected: [
			{
				request: `POST /kit/v4/forms/${String(known.form)}/subscribers/${String(known.subscriber)}`,
				body: { referrer: 'https://example.com/?utm_source=x' },
			},
		],
		output: [{ id: known.subscriber, added_at: expect.any(String) as never }],
	}),
	'form.addSubscriber by email': (known) => ({
		operation: 'form.addSubscriber',
		parameters: { formId: byId(known.form), subscriberId: byEmail(known.email) },
		expected: [
			{
				request: `POST /kit/v4/forms/${String(known.form)}/subscribers`,
				body: { email_address: known.email },
			},
		],
		output: [{ id: known.subscriber }],
	}),
	'form.addSubscriber creating the subscriber': (known) => ({
		operation: 'form.addSubscriber',
		parameters: {
			formId: byId(known.form),
			subscriberId: byEmail('new@example.com'),
			createSubscriber: true,
			customFields: mapped({ [known.field]: 'Acme' }),
			newSubscriber: { firstName: 'Eve', customFieldsJson: '{"Company": "x"}' },
			options: { referrer: 'https://example.com/?utm_source=letter' },
		},
		expected: [
			{ request: 'GET /kit/v4/custom_fields', query: { per_page: '1000' } },
			{
				request: `POST /kit/v4/forms/${String(known.form)}/subscribers`,
				body: {
					email_address: 'new@example.com',
					referrer: 'https://example.com/?utm_source=letter',
				},
			},
			{
				request: `GET /kit/v4/forms/${String(known.form)}/subscribers`,
				query: { per_page: '1' },
			},
			{
				request: 'POST /kit/v4/subscribers',
				body: {
					email_address: 'new@example.com',
					first_name: 'Eve',
					fields: { [known.field]: 'Acme', company: 'x' },
				},
			},
			{
				request: String.raw`POST /kit/v4/forms/${String(known.form)}/subscribers/\d+`,
				body: { referrer: 'https://example.com/?utm_source=letter' },
			},
		],
		output: [{ email_address: 'new@example.com', first_name: 'Eve' }],
	}),
};

export const post: Cases = {
	'post.get': (known) => ({
		operation: 'post.get',
		parameters: { postId: byId(known.post) },
		expected: [{ request: `GET /kit/v4/posts/${String(known.post)}` }],
		output: [{ id: known.post }],
	}),
	'post.getAll': (known) => ({
		operation: 'post.getAll',
		parameters: { limit: 1 },
		expected: [{ request: 'GET /kit/v4/posts', query: { per_page: '1' } }],
		output: [{ id: known.post }],
	}),
	'post.getAll with all fields': (known) => ({
		operation: 'post.getAll',
		parameters: { limit: 1, options: { includeContent: true } },
		expected: [{ request: 'GET /kit/v4/posts', query: { per_page: '1', include_content: 'true' } }],
		output: [{ id: known.post, content: expect.anything() as never }],
	}),
};

export const segment: Cases = {
	'segment.getAll': (known) => ({
		operation: 'segment.getAll',
		parameters: { limit: 1 },
		expected: [{ request: 'GET /kit/v4/segments', query: { per_page: '1' } }],
		output: [{ id: known.segment }],
	}),
};

export { SUBSCRIBER_FILTERS };

import type { Cases } from './case';
import { byEmail, byId, fromList, mapped, rowsOf } from './case';
import { SUBSCRIBER_FILTERS } from './small';

export const sequence: Cases = {
	'sequence.create': () => ({
		operation: 'sequence.create',
		parameters: { name: 'Full series' },
		expected: [{ request: 'POST /kit/v4/sequences', body: { name: 'Full series' } }],
		output: [{ name: 'Full series' }],
	}),
	'sequence.create with all fields': (known) => ({
		operation: 'sequence.create',
		parameters: {
			name: 'Full series',
			additionalFields: {
				active: true,
				emailTemplateId: byId(known.template),
				excludeSubscribers: {
					source: [
						{ type: 'tag', tagIds: [known.tag] },
						{ type: 'form', formIds: [known.form] },
						{ type: 'segment', segmentIds: [known.segment] },
						{ type: 'sequence', sequenceIds: [known.sequence] },
					],
				},
				hold: true,
				repeat: true,
				sendDays: ['monday', 'friday'],
				sendHour: 14,
				emailAddress: 'hello2701@example.com',
				timeZone: 'America/Chicago',
			},
		},
		expected: [
			{
				request: 'POST /kit/v4/sequences',
				body: {
					name: 'Full series',
					active: true,
					email_template_id: known.template,
					exclude_subscriber_sources: [
						{ type: 'tag', ids: [known.tag] },
						{ type: 'form', ids: [known.form] },
						{ type: 'segment', ids: [known.segment] },
						{ type: 'sequence', ids: [known.sequence] },
					],
					hold: true,
					repeat: true,
					send_days: ['monday', 'friday'],
					send_hour: 14,
					email_address: 'hello2701@example.com',
					time_zone: 'America/Chicago',
				},
			},
		],
		output: [{ name: 'Full series', send_hour: 14, time_zone: 'America/Chicago' }],
	}),
	'sequence.update': (known) => ({
		operation: 'sequence.update',
		parameters: {
			sequenceId: fromList(known.sequence),
			updateFields: { name: 'Renamed', active: false },
		},
		expected: [
			{
				request: `PUT /kit/v4/sequences/${String(known.sequence)}`,
				body: { name: 'Renamed', active: false },
			},
		],
		output: [{ id: known.sequence, name: 'Renamed', active: false }],
	}),
	'sequence.update emptying exclusions': (known) => ({
		operation: 'sequence.update',
		parameters: {
			sequenceId: byId(known.sequence),
			updateFields: {
				excludeSubscribers: { source: [{ type: 'tag', tagIds: [known.tag] }] },
				fieldsToEmpty: ['exclude_subscriber_sources'],
			},
		},
		expected: [
			{
				request: `PUT /kit/v4/sequences/${String(known.sequence)}`,
				body: { exclude_subscriber_sources: [] },
			},
		],
		output: [{ id: known.sequence }],
	}),
	'sequence.get': (known) => ({
		operation: 'sequence.get',
		parameters: { sequenceId: byId(known.sequence), options: { includeStats: true } },
		expected: [
			{
				request: `GET /kit/v4/sequences/${String(known.sequence)}`,
				query: { include: 'stats' },
			},
		],
		output: [{ id: known.sequence }],
	}),
	'sequence.delete': (known) => ({
		operation: 'sequence.delete',
		parameters: { sequenceId: byId(known.sequence) },
		expected: [{ request: `DELETE /kit/v4/sequences/${String(known.sequence)}` }],
		output: [{ deleted: true, id: known.sequence }],
	}),
	'sequence.getAll': () => ({
		operation: 'sequence.getAll',
		parameters: { limit: 1 },
		expected: [{ request: 'GET /kit/v4/sequences', query: { per_page: '1' } }],
		output: [{ id: expect.any(Number) as never }],
	}),
	'sequence.getAll with all fields': () => ({
		operation: 'sequence.getAll',
		parameters: { limit: 1, options: { includeStats: true } },
		expected: [{ request: 'GET /kit/v4/sequences', query: { per_page: '1', include: 'stats' } }],
		output: [{ id: expect.any(Number) as never }],
	}),
	'sequence.getSubscribers with all fields': (known) => ({
		operation: 'sequence.getSubscribers',
		parameters: {
			sequenceId: byId(known.sequence),
			returnAll: true,
			filters: SUBSCRIBER_FILTERS,
		},
		expected: [
			{
				request: `GET /kit/v4/sequences/${String(known.sequence)}/subscribers`,
				query: {
					added_after: '2020-01-01',
					added_before: '2026-01-01',
					created_after: '2020-01-01',
					created_before: '2026-01-01',
					status: 'all',
					per_page: '1000',
				},
			},
		],
		output: rowsOf(5, {
			email_address: expect.any(String) as never,
			added_at: expect.any(String) as never,
		}),
	}),
	'sequence.addSubscriber': (known) => ({
		operation: 'sequence.addSubscriber',
		parameters: { sequenceId: byId(known.sequence), subscriberId: fromList(known.subscriber) },
		expected: [
			{
				request: `POST /kit/v4/sequences/${String(known.sequence)}/subscribers/${String(known.subscriber)}`,
			},
		],
		output: [{ id: known.subscriber, added_at: expect.any(String) as never }],
	}),
	'sequence.addSubscriber by email': (known) => ({
		operation: 'sequence.addSubscriber',
		parameters: { sequenceId: byId(known.sequence), subscriberId: byEmail(known.email) },
		expected: [
			{
				request: `POST /kit/v4/sequences/${String(known.sequence)}/subscribers`,
				body: { email_address: known.email },
			},
		],
		output: [{ id: known.subscriber }],
	}),
	'sequence.addSubscriber creating the subscriber': (known) => ({
		operation: 'sequence.addSubscriber',
		parameters: {
			sequenceId: byId(known.sequence),
			subscriberId: byEmail('new@example.com'),
			createSubscriber: true,
			customFields: mapped({ [known.field]: 'Acme' }),
			newSubscriber: { firstName: 'Eve', customFieldsJson: '{"Company": "x"}' },
		},
		expected: [
			{ request: 'GET /kit/v4/custom_fields', query: { per_page: '1000' } },
			{
				request: `POST /kit/v4/sequences/${String(known.sequence)}/subscribers`,
				body: { email_address: 'new@example.com' },
			},
			{
				request: `GET /kit/v4/sequences/${String(known.sequence)}`,
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
				request: String.raw`POST /kit/v4/sequences/${String(known.sequence)}/subscribers/\d+`,
			},
		],
		output: [{ email_address: 'new@example.com', first_name: 'Eve' }],
	}),
};

export const sequenceEmail: Cases = {
	'sequenceEmail.create': (known) => ({
		operation: 'sequenceEmail.create',
		parameters: {
			sequenceId: byId(known.sequence),
			subject: 'Welcome',
			delay: 1,
			delayUnit: 'days',
		},
		expected: [
			{
				request: `POST /kit/v4/sequences/${String(known.sequence)}/emails`,
				body: { subject: 'Welcome', delay_value: 1, delay_unit: 'days' },
			},
		],
		output: [{ subject: 'Welcome', published: false }],
	}),
	'sequenceEmail.create with all fields': (known) => ({
		operation: 'sequenceEmail.create',
		parameters: {
			sequenceId: byId(known.sequence),
			subject: 'Welcome',
			delay: 2,
			delayUnit: 'days',
			additionalFields: {
				content: '<p>Hi</p>',
				emailTemplateId: byId(known.template),
				position: 90,
				previewText: 'Look inside',
				published: true,
				sendDays: ['monday'],
			},
		},
		expected: [
			{
				request: `POST /kit/v4/sequences/${String(known.sequence)}/emails`,
				body: {
					subject: 'Welcome',
					delay_value: 2,
					delay_unit: 'days',
					content: '<p>Hi</p>',
					email_template_id: known.template,
					position: 90,
					preview_text: 'Look inside',
					published: true,
					send_days: ['monday'],
				},
			},
		],
		output: [{ subject: 'Welcome', published: true }],
	}),
	'sequenceEmail.update with all fields': (known) => ({
		operation: 'sequenceEmail.update',
		parameters: {
			sequenceId: byId(known.sequence),
			sequenceEmailId: fromList(known.sequenceEmail),
			updateFields: {
				subject: 'New',
				delay: 3,
				delayUnit: 'days',
				published: false,
				position: 91,
				fieldsToEmpty: ['preview_text', 'send_days', 'email_template_id'],
			},
		},
		expected: [
			{
				request: `PUT /kit/v4/sequences/${String(known.sequence)}/emails/${String(known.sequenceEmail)}`,
				body: {
					subject: 'New',
					delay_value: 3,
					delay_unit: 'days',
					published: false,
					position: 91,
					preview_text: null,
					send_days: null,
					email_template_id: null,
				},
			},
		],
		output: [{ id: known.sequenceEmail, subject: 'New', preview_text: null }],
	}),
	'sequenceEmail.get': (known) => ({
		operation: 'sequenceEmail.get',
		parameters: {
			sequenceId: byId(known.sequence),
			sequenceEmailId: byId(known.sequenceEmail),
		},
		expected: [
			{
				request: `GET /kit/v4/sequences/${String(known.sequence)}/emails/${String(known.sequenceEmail)}`,
			},
		],
		output: [{ id: known.sequenceEmail, content: expect.anything() as never }],
	}),
	'sequenceEmail.delete': (known) => ({
		operation: 'sequenceEmail.delete',
		parameters: {
			sequenceId: byId(known.sequence),
			sequenceEmailId: byId(known.sequenceEmail),
		},
		expected: [
			{
				request: `DELETE /kit/v4/sequences/${String(known.sequence)}/emails/${String(known.sequenceEmail)}`,
			},
		],
		output: [{ deleted: true, id: known.sequenceEmail, sequence_id: known.sequence }],
	}),
	'sequenceEmail.getAll': (known) => ({
		operation: 'sequenceEmail.getAll',
		parameters: { sequenceId: byId(known.sequence), limit: 1 },
		expected: [
			{
				request: `GET /kit/v4/sequences/${String(known.sequence)}/emails`,
				query: { per_page: '1' },
			},
		],
		output: [{ id: known.sequenceEmail }],
	}),
	'sequenceEmail.getAll with all fields': (known) => ({
		operation: 'sequenceEmail.getAll',
		parameters: {
			sequenceId: byId(known.sequence),
			limit: 1,
			options: { includeContent: true, includeStats: true },
		},
		expected: [
			{
				request: `GET /kit/v4/sequences/${String(known.sequence)}/emails`,
				query: { per_page: '1', include_content: 'true', include: 'stats' },
			},
		],
		output: [{ id: known.sequenceEmail, content: expect.anything() as never }],
	}),
};

import type { Cases } from './case';
import { byId, fromList, rowsOf } from './case';

const FILTERS = { sentAfter: '2020-01-01', sentBefore: '2099-01-01', status: 'completed' };
const FILTERED = { sent_after: '2020-01-01', sent_before: '2099-01-01', status: 'completed' };

/** With how many a broadcast to everybody is for. */
const COUNT_OF_ALL = {
	request: 'GET /kit/v4/subscribers',
	query: { per_page: '1', include_total_count: 'true' },
};

export const broadcast: Cases = {
	'broadcast.create': () => ({
		operation: 'broadcast.create',
		parameters: { subject: 'Hello', content: '<p>Hi</p>' },
		expected: [
			{ request: 'POST /kit/v4/broadcasts', body: { subject: 'Hello', content: '<p>Hi</p>' } },
		],
		output: [{ subject: 'Hello', send_at: null }],
	}),
	'broadcast.create with all fields': (known) => ({
		operation: 'broadcast.create',
		parameters: {
			subject: 'Hello',
			content: '<p>Hi</p>',
			when: 'atTime',
			sendAt: '2099-12-01T10:00:00+01:00',
			recipients: {
				recipients: { match: 'any', segmentIds: [known.segment], tagIds: [known.tag] },
			},
			additionalFields: {
				description: 'Intro',
				emailTemplateId: byId(known.template),
				public: true,
				publishedAt: '2099-12-01T09:00:00Z',
				previewText: 'Pleased to meet you',
				emailAddress: 'hello2701@example.com',
				thumbnailAlt: 'A picture',
				thumbnailUrl: 'https://example.com/picture.jpg',
			},
		},
		expected: [
			{
				request: 'POST /kit/v4/broadcasts',
				body: {
					subject: 'Hello',
					content: '<p>Hi</p>',
					description: 'Intro',
					email_template_id: known.template,
					public: true,
					published_at: '2099-12-01T09:00:00.000Z',
					preview_text: 'Pleased to meet you',
					subscriber_filter: [
						{
							any: [
								{ type: 'segment', ids: [known.segment] },
								{ type: 'tag', ids: [known.tag] },
							],
						},
					],
					send_at: '2099-12-01T09:00:00.000Z',
					email_address: 'hello2701@example.com',
					thumbnail_alt: 'A picture',
					thumbnail_url: 'https://example.com/picture.jpg',
				},
			},
		],
		output: [{ subject: 'Hello', description: 'Intro', public: true, status: 'scheduled' }],
	}),
	'broadcast.create at a time of the workflow’s time zone': () => ({
		operation: 'broadcast.create',
		parameters: {
			subject: 'Hello',
			content: '<p>Hi</p>',
			when: 'atTime',
			sendAt: '2099-12-24T18:30:00',
		},
		expected: [
			{
				request: 'POST /kit/v4/broadcasts',
				body: { subject: 'Hello', content: '<p>Hi</p>', send_at: '2099-12-24T23:30:00.000Z' },
			},
			COUNT_OF_ALL,
		],
		output: [
			{ subject: 'Hello', status: 'scheduled', recipient_count: expect.any(Number) as never },
		],
	}),
	'broadcast.create that is sent now': (known) => ({
		operation: 'broadcast.create',
		parameters: {
			subject: 'Hello',
			content: '<p>Hi</p>',
			when: 'now',
			recipients: { recipients: { match: 'all', segmentIds: [], tagIds: [known.tag] } },
		},
		expected: [
			{
				request: 'POST /kit/v4/broadcasts',
				body: {
					subject: 'Hello',
					content: '<p>Hi</p>',
					send_at: expect.any(String) as never,
					subscriber_filter: [{ all: [{ type: 'tag', ids: [known.tag] }] }],
				},
			},
			{
				request: `GET /kit/v4/tags/${String(known.tag)}/subscribers`,
				query: { per_page: '1', include_total_count: 'true' },
			},
		],
		output: [{ subject: 'Hello', recipient_count: expect.any(Number) as never }],
	}),
	'broadcast.duplicate': (known) => ({
		operation: 'broadcast.duplicate',
		parameters: { broadcastId: byId(known.broadcast) },
		expected: [
			{ request: `GET /kit/v4/broadcasts/${String(known.broadcast)}` },
			{
				request: 'POST /kit/v4/broadcasts',
				body: expect.objectContaining({ subject: expect.any(String) as never }) as never,
			},
		],
		output: [{ status: 'draft', send_at: null, content: expect.any(String) as never }],
	}),
	'broadcast.duplicate with all fields': (known) => ({
		operation: 'broadcast.duplicate',
		before: [
			{
				request: `PUT /kit/v4/broadcasts/${String(known.draft)}`,
				body: {
					content: '<p>Hi</p>',
					description: 'Intro',
					email_template_id: known.template,
					email_address: 'hello2701@example.com',
					preview_text: 'Pleased to meet you',
					public: true,
					published_at: '2099-12-01T09:00:00.000Z',
					send_at: '2099-12-01T09:00:00.000Z',
					subscriber_filter: [{ none: [{ type: 'tag', ids: [known.tag] }] }],
					thumbnail_alt: 'A picture',
					thumbnail_url: 'https://example.com/picture.jpg',
				},
			},
		],
		parameters: {
			broadcastId: fromList(known.draft),
			additionalFields: { allowStartingPoint: true, subject: 'Once more' },
		},
		expected: [
			{ request: `GET /kit/v4/broadcasts/${String(known.draft)}` },
			{
				request: 'POST /kit/v4/broadcasts',
				body: {
					allow_starting_point: true,
					content: '<p>Hi</p>',
					description: 'Intro',
					email_template_id: known.template,
					email_address: 'hello2701@example.com',
					preview_text: 'Pleased to meet you',
					subject: 'Once more',
					subscriber_filter: [{ none: [{ type: 'tag', ids: [known.tag] }] }],
					thumbnail_alt: 'A picture',
					thumbnail_url: 'https://example.com/picture.jpg',
				},
			},
		],
		output: [{ subject: 'Once more', status: 'draft', send_at: null, public: false }],
	}),
	'broadcast.update': (known) => ({
		operation: 'broadcast.update',
		parameters: { broadcastId: fromList(known.draft), updateFields: { subject: 'New' } },
		expected: [
			{ request: `PUT /kit/v4/broadcasts/${String(known.draft)}`, body: { subject: 'New' } },
		],
		output: [{ id: known.draft, subject: 'New' }],
	}),
	'broadcast.update with all fields': (known) => ({
		operation: 'broadcast.update',
		parameters: {
			broadcastId: byId(known.draft),
			when: 'atTime',
			sendAt: '2099-12-01T09:00:00Z',
			recipients: { recipients: { match: 'none', segmentIds: [], tagIds: [known.tag] } },
			updateFields: {
				content: '<p>New</p>',
				description: 'Intro',
				emailTemplateId: byId(known.template),
				public: false,
				publishedAt: '2099-12-01T09:00:00Z',
				subject: 'New',
				fieldsToEmpty: ['preview_text', 'email_address', 'thumbnail_url'],
			},
		},
		expected: [
			{
				request: `PUT /kit/v4/broadcasts/${String(known.draft)}`,
				body: {
					content: '<p>New</p>',
					description: 'Intro',
					email_template_id: known.template,
					public: false,
					published_at: '2099-12-01T09:00:00.000Z',
					subscriber_filter: [{ none: [{ type: 'tag', ids: [known.tag] }] }],
					subject: 'New',
					preview_text: '',
					send_at: '2099-12-01T09:00:00.000Z',
					email_address: null,
					thumbnail_url: null,
				},
			},
		],
		output: [{ id: known.draft, status: 'scheduled', preview_text: '' }],
	}),
	'broadcast.update back into a draft': (known) => ({
		operation: 'broadcast.update',
		before: [
			{
				request: `PUT /kit/v4/broadcasts/${String(known.draft)}`,
				body: { send_at: '2099-12-01T09:00:00.000Z' },
			},
		],
		parameters: { broadcastId: byId(known.draft), when: 'draft' },
		expected: [
			{ request: `PUT /kit/v4/broadcasts/${String(known.draft)}`, body: { send_at: null } },
		],
		output: [{ id: known.draft, send_at: null, status: 'draft' }],
	}),
	'broadcast.update that schedules': (known) => ({
		operation: 'broadcast.update',
		parameters: {
			broadcastId: byId(known.draft),
			when: 'atTime',
			sendAt: '2099-12-01T09:00:00Z',
		},
		expected: [
			{
				request: `PUT /kit/v4/broadcasts/${String(known.draft)}`,
				body: { send_at: '2099-12-01T09:00:00.000Z' },
			},
			COUNT_OF_ALL,
		],
		output: [
			{ id: known.draft, status: 'scheduled', recipient_count: expect.any(Number) as never },
		],
	}),
	'broadcast.get': (known) => ({
		operation: 'broadcast.get',
		parameters: { broadcastId: byId(known.broadcast) },
		expected: [{ request: `GET /kit/v4/broadcasts/${String(known.broadcast)}` }],
		output: [{ id: known.broadcast, status: 'completed' }],
	}),
	'broadcast.delete': (known) => ({
		operation: 'broadcast.delete',
		parameters: { broadcastId: byId(known.draft) },
		expected: [{ request: `DELETE /kit/v4/broadcasts/${String(known.draft)}` }],
		output: [{ deleted: true, id: known.draft }],
	}),
	'broadcast.getAll': () => ({
		operation: 'broadcast.getAll',
		parameters: { limit: 1 },
		expected: [{ request: 'GET /kit/v4/broadcasts', query: { per_page: '1' } }],
		output: [{ id: expect.any(Number) as never }],
	}),
	'broadcast.getAll with all fields': () => ({
		operation: 'broadcast.getAll',
		parameters: { returnAll: true, filters: FILTERS, options: { slim: true } },
		expected: [
			{
				request: 'GET /kit/v4/broadcasts',
				query: { ...FILTERED, slim: 'true', per_page: '1000' },
			},
		],
		output: rowsOf(36, { subject: expect.any(String) as never, status: 'completed' }),
	}),
	'broadcast.getStats': (known) => ({
		operation: 'broadcast.getStats',
		parameters: { broadcastId: byId(known.broadcast) },
		expected: [{ request: `GET /kit/v4/broadcasts/${String(known.broadcast)}/stats` }],
		output: [{ id: known.broadcast, stats: expect.any(Object) as never }],
	}),
	'broadcast.getManyStats': () => ({
		operation: 'broadcast.getManyStats',
		parameters: { limit: 1 },
		expected: [{ request: 'GET /kit/v4/broadcasts/stats', query: { per_page: '1' } }],
		output: [{ stats: expect.any(Object) as never }],
	}),
	'broadcast.getManyStats with all fields': () => ({
		operation: 'broadcast.getManyStats',
		parameters: { returnAll: true, filters: FILTERS },
		expected: [
			{ request: 'GET /kit/v4/broadcasts/stats', query: { ...FILTERED, per_page: '1000' } },
		],
		output: rowsOf(36, {
			subject: expect.any(String) as never,
			stats: expect.any(Object) as never,
		}),
	}),
	'broadcast.getClicks': (known) => ({
		operation: 'broadcast.getClicks',
		parameters: { broadcastId: byId(known.broadcast), limit: 1 },
		expected: [
			{
				request: `GET /kit/v4/broadcasts/${String(known.broadcast)}/clicks`,
				query: { per_page: '1' },
			},
		],
		output: [{ url: expect.any(String) as never, unique_clicks: expect.any(Number) as never }],
	}),
};

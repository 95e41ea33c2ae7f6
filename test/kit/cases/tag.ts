import type { Cases } from './case';
import { byEmail, byId, byName, fromList, mapped, rowsOf } from './case';

export const tag: Cases = {
	'tag.create': () => ({
		operation: 'tag.create',
		parameters: { name: 'Bought the course' },
		expected: [{ request: 'POST /kit/v4/tags', body: { name: 'Bought the course' } }],
		output: [{ name: 'Bought the course' }],
	}),
	'tag.update': (known) => ({
		operation: 'tag.update',
		parameters: { tagId: byId(known.tag), name: 'Renamed' },
		expected: [{ request: `PUT /kit/v4/tags/${String(known.tag)}`, body: { name: 'Renamed' } }],
		output: [{ id: known.tag, name: 'Renamed' }],
	}),
	'tag.delete': (known) => ({
		operation: 'tag.delete',
		parameters: { tagId: byId(known.tag) },
		expected: [{ request: `DELETE /kit/v4/tags/${String(known.tag)}` }],
		output: [{ deleted: true, id: known.tag }],
	}),
	'tag.getAll': (known) => ({
		operation: 'tag.getAll',
		parameters: { limit: 1 },
		expected: [{ request: 'GET /kit/v4/tags', query: { per_page: '1' } }],
		output: [{ id: known.tag }],
	}),
	'tag.getAll with all fields': (known) => ({
		operation: 'tag.getAll',
		parameters: { limit: 1, options: { includeSubscriberCount: true } },
		expected: [
			{ request: 'GET /kit/v4/tags', query: { per_page: '1', include: 'subscriber_count' } },
		],
		output: [{ id: known.tag, subscriber_count: expect.any(Number) as never }],
	}),
	'tag.getSubscribers': (known) => ({
		operation: 'tag.getSubscribers',
		parameters: { tagId: byId(known.tag), limit: 5 },
		expected: [
			{ request: `GET /kit/v4/tags/${String(known.tag)}/subscribers`, query: { per_page: '5' } },
		],
		output: rowsOf(2, {
			state: 'active',
			tagged_at: expect.any(String) as never,
			fields: expect.any(Object) as never,
		}),
	}),
	'tag.getSubscribers with all fields': (known) => ({
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
		output: [
			{ email_address: expect.any(String) as never, tagged_at: expect.any(String) as never },
		],
	}),
	'tag.addToSubscriber': (known) => ({
		operation: 'tag.addToSubscriber',
		parameters: { tagId: fromList(known.tag), subscriberId: byId(known.subscriber) },
		expected: [
			{ request: `POST /kit/v4/tags/${String(known.tag)}/subscribers/${String(known.subscriber)}` },
		],
		output: [{ id: known.subscriber, tagged_at: expect.any(String) as never }],
	}),
	'tag.addToSubscriber by email': (known) => ({
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
	'tag.addToSubscriber by names': (known) => ({
		operation: 'tag.addToSubscriber',
		parameters: {
			tagId: byName('Brought a friend'),
			subscriberId: byEmail(known.email),
			createTag: true,
		},
		expected: [
			{ request: 'GET /kit/v4/tags', query: { per_page: '1000' } },
			{ request: 'POST /kit/v4/tags', body: { name: 'Brought a friend' } },
			{
				request: String.raw`POST /kit/v4/tags/\d+/subscribers`,
				body: { email_address: known.email },
			},
		],
		output: [{ id: known.subscriber, tagged_at: expect.any(String) as never }],
	}),
	'tag.addToSubscribers by names': (known) => ({
		operation: 'tag.addToSubscribers',
		parameters: {
			tagId: byName('VIP'),
			subscriberId: byId(known.subscriber),
			createTag: true,
		},
		expected: [
			{ request: 'GET /kit/v4/tags', query: { per_page: '1000' } },
			{
				request: 'POST /kit/v4/bulk/tags/subscribers',
				body: {
					taggings: [{ tag_id: expect.any(Number) as never, subscriber_id: known.subscriber }],
				},
			},
		],
		output: [{ id: known.subscriber, tagged_at: expect.any(String) as never }],
	}),
	'tag.delete by name': () => ({
		operation: 'tag.delete',
		parameters: { tagId: byName('VIP') },
		expected: [
			{ request: 'GET /kit/v4/tags', query: { per_page: '1000' } },
			{ request: String.raw`DELETE /kit/v4/tags/\d+` },
		],
		output: [{ deleted: true, id: expect.any(Number) as never, name: 'VIP' }],
	}),
	'tag.addToSubscriber creating the subscriber': (known) => ({
		operation: 'tag.addToSubscriber',
		parameters: {
			tagId: byId(known.tag),
			subscriberId: byEmail('new@example.com'),
			createSubscriber: true,
			customFields: mapped({ [known.field]: 'Acme' }),
			newSubscriber: { firstName: 'Eve', customFieldsJson: '{"Company": "x"}' },
		},
		expected: [
			{ request: 'GET /kit/v4/custom_fields', query: { per_page: '1000' } },
			{
				request: `POST /kit/v4/tags/${String(known.tag)}/subscribers`,
				body: { email_address: 'new@example.com' },
			},
			{
				request: `GET /kit/v4/tags/${String(known.tag)}/subscribers`,
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
				request: String.raw`POST /kit/v4/tags/${String(known.tag)}/subscribers/\d+`,
			},
		],
		output: [{ email_address: 'new@example.com', first_name: 'Eve' }],
	}),
	'tag.removeFromSubscriber': (known) => ({
		operation: 'tag.removeFromSubscriber',
		before: [
			{ request: `POST /kit/v4/tags/${String(known.tag)}/subscribers/${String(known.subscriber)}` },
		],
		parameters: { tagId: byId(known.tag), subscriberId: fromList(known.subscriber) },
		expected: [
			{
				request: `DELETE /kit/v4/tags/${String(known.tag)}/subscribers/${String(known.subscriber)}`,
			},
		],
		output: [{ success: true, tag_id: known.tag, subscriber_id: known.subscriber }],
	}),
	'tag.removeFromSubscriber by email': (known) => ({
		operation: 'tag.removeFromSubscriber',
		before: [
			{ request: `POST /kit/v4/tags/${String(known.tag)}/subscribers/${String(known.subscriber)}` },
		],
		parameters: { tagId: byId(known.tag), subscriberId: byEmail(known.email) },
		expected: [
			{
				request: `DELETE /kit/v4/tags/${String(known.tag)}/subscribers`,
				body: { email_address: known.email },
			},
		],
		output: [{ success: true, tag_id: known.tag, email_address: known.email }],
	}),
	'tag.createMany': () => ({
		operation: 'tag.createMany',
		parameters: { name: 'Bought the course' },
		expected: [
			{ request: 'POST /kit/v4/bulk/tags', body: { tags: [{ name: 'Bought the course' }] } },
		],
		output: [{ name: 'Bought the course', id: expect.any(Number) as never }],
	}),
	'tag.deleteMany': (known) => ({
		operation: 'tag.deleteMany',
		parameters: { tagId: byId(known.tag) },
		expected: [{ request: 'DELETE /kit/v4/bulk/tags', body: { tags: [{ id: known.tag }] } }],
		output: [{ deleted: true, id: known.tag }],
	}),
	'tag.addToSubscribers': (known) => ({
		operation: 'tag.addToSubscribers',
		parameters: { tagId: fromList(known.tag), subscriberId: byId(known.subscriber) },
		expected: [
			{
				request: 'POST /kit/v4/bulk/tags/subscribers',
				body: { taggings: [{ tag_id: known.tag, subscriber_id: known.subscriber }] },
			},
		],
		output: [{ id: known.subscriber, tagged_at: expect.any(String) as never }],
	}),
	'tag.addToSubscribers by email': (known) => ({
		operation: 'tag.addToSubscribers',
		parameters: { tagId: byId(known.tag), subscriberId: byEmail(known.email) },
		expected: [
			{
				request: 'GET /kit/v4/subscribers',
				query: { email_address: known.email, status: 'all', per_page: '1' },
			},
			{
				request: 'POST /kit/v4/bulk/tags/subscribers',
				body: { taggings: [{ tag_id: known.tag, subscriber_id: known.subscriber }] },
			},
		],
		output: [{ id: known.subscriber, tagged_at: expect.any(String) as never }],
	}),
	'tag.addToSubscribers by email, creating subscribers': (known) => ({
		operation: 'tag.addToSubscribers',
		parameters: {
			tagId: byId(known.tag),
			subscriberId: byEmail('new@example.com'),
			options: { createSubscribers: true },
		},
		expected: [
			{
				request: 'POST /kit/v4/bulk/subscribers',
				body: { subscribers: [{ email_address: 'new@example.com' }] },
			},
			{
				request: 'POST /kit/v4/bulk/tags/subscribers',
				body: { taggings: [{ tag_id: known.tag, subscriber_id: expect.any(Number) as never }] },
			},
		],
		output: [{ email_address: 'new@example.com', tagged_at: expect.any(String) as never }],
	}),
	'tag.removeFromSubscribers by email': (known) => ({
		operation: 'tag.removeFromSubscribers',
		parameters: { tagId: byId(known.tag), subscriberId: byEmail(known.email) },
		expected: [
			{
				request: 'GET /kit/v4/subscribers',
				query: { email_address: known.email, status: 'all', per_page: '1' },
			},
			{
				request: 'DELETE /kit/v4/bulk/tags/subscribers',
				body: { taggings: [{ tag_id: known.tag, subscriber_id: known.subscriber }] },
			},
		],
		output: [
			{
				success: true,
				tag_id: known.tag,
				subscriber_id: known.subscriber,
				email_address: known.email,
			},
		],
	}),
	'tag.removeFromSubscribers': (known) => ({
		operation: 'tag.removeFromSubscribers',
		parameters: { tagId: byId(known.tag), subscriberId: fromList(known.subscriber) },
		expected: [
			{
				request: 'DELETE /kit/v4/bulk/tags/subscribers',
				body: { taggings: [{ tag_id: known.tag, subscriber_id: known.subscriber }] },
			},
		],
		output: [{ success: true, tag_id: known.tag, subscriber_id: known.subscriber }],
	}),
};

import { CLASSIC_EVENTS } from '../../../nodes/shared/events';
import type { Case, Cases, Known } from './case';
import { byId } from './case';

const TARGET = 'https://example.com/kit';

/** What a person chooses for an event, and what Kit gets for it. */
function subjectOf(needs: string, known: Known) {
	const subjects: Record<string, [string, unknown, unknown]> = {
		custom_field_id: ['customFieldId', byId(known.fieldId), known.fieldId],
		form_id: ['formId', byId(known.form), known.form],
		initiator_value: ['linkUrl', 'https://example.com/a', 'https://example.com/a'],
		product_id: ['productId', '4412', 4412],
		sequence_id: ['sequenceId', byId(known.sequence), known.sequence],
		tag_id: ['tagId', byId(known.tag), known.tag],
	};
	const [field = '', entered, sent] = subjects[needs] ?? [];
	return { entered: { [field]: entered }, sent: { [needs]: sent } };
}

const creations = Object.fromEntries(
	CLASSIC_EVENTS.map(({ value, needs }) => [
		`webhook.create for ${value}`,
		(known: Known): Case => {
			const subject = needs ? subjectOf(needs, known) : { entered: {}, sent: {} };
			return {
				operation: 'webhook.create',
				parameters: {
					targetUrl: TARGET,
					event: { event: { name: value, ...(subject.entered as object) } },
				},
				expected: [
					{
						request: 'POST /kit/v4/webhooks',
						body: {
							target_url: TARGET,
							event: { name: value, ...(subject.sent as object) },
						},
					},
				],
				output: [{ target_url: TARGET }],
			};
		},
	]),
);

export const webhook: Cases = {
	...creations,
	'webhook.getAll': () => ({
		operation: 'webhook.getAll',
		parameters: { limit: 1 },
		before: [
			{
				request: 'POST /kit/v4/webhooks',
				body: { target_url: TARGET, event: { name: 'subscriber.subscriber_activate' } },
			},
		],
		expected: [{ request: 'GET /kit/v4/webhooks', query: { per_page: '1' } }],
		output: [{ target_url: TARGET }],
	}),
	'webhook.delete': () => ({
		operation: 'webhook.delete',
		parameters: {
			webhookId: { __rl: true, mode: 'id', value: '={{ $json.prepared[0].webhook.id }}' },
		},
		before: [
			{
				request: 'POST /kit/v4/webhooks',
				body: { target_url: TARGET, event: { name: 'subscriber.subscriber_activate' } },
			},
		],
		expected: [{ request: String.raw`DELETE /kit/v4/webhooks/\d+` }],
		output: [{ deleted: true, id: expect.any(Number) as never }],
	}),
};

const ENDPOINT = {
	request: 'POST /kit/v4/webhook_endpoints',
	body: { url: TARGET, events: ['subscriber.created'] },
};
const endpointId = {
	__rl: true,
	mode: 'id',
	value: '={{ $json.prepared[0].webhook_endpoint.id }}',
};
const PATH = String.raw`/kit/v4/webhook_endpoints/\d+`;

/** Kit cannot reach the address, so what it wants to deliver fails. */
const DELIVERED = [
	{ request: ENDPOINT.request, body: { url: TARGET, events: ['tag.created'] } },
	{ request: 'POST /kit/v4/tags', body: { name: 'Delivered' } },
	{ request: 'GET /kit/v4/webhook_endpoints/{endpoint}/deliveries' },
];

export const webhookEndpoint: Cases = {
	'webhookEndpoint.create': () => ({
		operation: 'webhookEndpoint.create',
		parameters: { url: TARGET, events: ['subscriber.created'] },
		expected: [ENDPOINT],
		output: [{ url: TARGET, secret: expect.stringMatching(/^whsec_/) as never }],
	}),
	'webhookEndpoint.create with all fields': () => ({
		operation: 'webhookEndpoint.create',
		parameters: {
			url: TARGET,
			events: ['subscriber.created', 'tag.deleted'],
			additionalFields: { name: 'CRM', description: 'To the CRM' },
		},
		expected: [
			{
				request: ENDPOINT.request,
				body: {
					url: TARGET,
					events: ['subscriber.created', 'tag.deleted'],
					name: 'CRM',
					description: 'To the CRM',
				},
			},
		],
		output: [{ name: 'CRM', description: 'To the CRM' }],
	}),
	'webhookEndpoint.get': () => ({
		operation: 'webhookEndpoint.get',
		before: [ENDPOINT],
		parameters: { webhookEndpointId: endpointId },
		expected: [{ request: `GET ${PATH}` }],
		output: [{ url: TARGET, status: 'active' }],
	}),
	'webhookEndpoint.getAll': () => ({
		operation: 'webhookEndpoint.getAll',
		before: [ENDPOINT],
		parameters: { limit: 5, filters: { status: 'active' } },
		expected: [
			{ request: 'GET /kit/v4/webhook_endpoints', query: { status: 'active', per_page: '5' } },
		],
		output: [{ url: TARGET }],
	}),
	'webhookEndpoint.update with all fields': () => ({
		operation: 'webhookEndpoint.update',
		before: [ENDPOINT],
		parameters: {
			webhookEndpointId: endpointId,
			updateFields: {
				description: 'Other',
				events: ['tag.created'],
				name: 'Renamed',
				status: 'disabled',
				url: 'https://example.com/other',
			},
		},
		expected: [
			{
				request: `PATCH ${PATH}`,
				body: {
					description: 'Other',
					events: ['tag.created'],
					name: 'Renamed',
					status: 'disabled',
					url: 'https://example.com/other',
				},
			},
		],
		output: [{ name: 'Renamed', status: 'disabled', events: ['tag.created'] }],
	}),
	'webhookEndpoint.delete': () => ({
		operation: 'webhookEndpoint.delete',
		before: [ENDPOINT],
		parameters: { webhookEndpointId: endpointId },
		expected: [{ request: `DELETE ${PATH}` }],
		output: [{ deleted: true, id: expect.any(Number) as never }],
	}),
	'webhookEndpoint.rotateSecret': () => ({
		operation: 'webhookEndpoint.rotateSecret',
		before: [ENDPOINT],
		parameters: { webhookEndpointId: endpointId, options: { force: true } },
		expected: [{ request: `POST ${PATH}/rotate_secret`, body: { force: true } }],
		output: [{ secret: expect.stringMatching(/^whsec_/) as never }],
	}),
	'webhookEndpoint.revokePreviousSecret': () => ({
		operation: 'webhookEndpoint.revokePreviousSecret',
		before: [ENDPOINT],
		parameters: { webhookEndpointId: endpointId },
		expected: [{ request: `POST ${PATH}/revoke_previous_secret` }],
		output: [{ previous_secret_expires_at: null }],
	}),
	'webhookEndpoint.getDelivery': () => ({
		operation: 'webhookEndpoint.getDelivery',
		before: DELIVERED,
		parameters: {
			webhookEndpointId: endpointId,
			deliveryId: '={{ $json.prepared[2].deliveries[0].id }}',
		},
		expected: [
			{ request: String.raw`GET ${PATH}/deliveries/\d+`, query: { include_payload: 'true' } },
		],
		output: [{ id: expect.any(Number) as never, payload: expect.any(Object) as never }],
	}),
	'webhookEndpoint.getMissedEvents': () => ({
		operation: 'webhookEndpoint.getMissedEvents',
		before: DELIVERED,
		parameters: { webhookEndpointId: endpointId, since: '2000-01-01' },
		expected: [
			{
				request: `GET ${PATH}/deliveries`,
				query: { status: 'failed', per_page: '1000' },
			},
			{ request: String.raw`GET ${PATH}/deliveries/\d+`, query: { include_payload: 'true' } },
		],
		output: [
			{ event: 'tag.created', tag: expect.objectContaining({ name: 'Delivered' }) as never },
		],
	}),
	'webhookEndpoint.getMissedEvents with all fields': () => ({
		operation: 'webhookEndpoint.getMissedEvents',
		before: DELIVERED,
		parameters: { webhookEndpointId: endpointId, deliveries: 'notTaken', since: '2000-01-01' },
		expected: [
			{ request: `GET ${PATH}/deliveries`, query: { per_page: '1000' } },
			{ request: String.raw`GET ${PATH}/deliveries/\d+`, query: { include_payload: 'true' } },
		],
		output: [
			{ event: 'tag.created', tag: expect.objectContaining({ name: 'Delivered' }) as never },
		],
	}),
	'webhookEndpoint.getDeliveries': () => ({
		operation: 'webhookEndpoint.getDeliveries',
		before: DELIVERED,
		parameters: { webhookEndpointId: endpointId, limit: 5 },
		expected: [{ request: `GET ${PATH}/deliveries`, query: { per_page: '5' } }],
		output: [{ event_type: 'tag.created', status: 'failed' }],
	}),
	'webhookEndpoint.getDeliveries with all fields': () => ({
		operation: 'webhookEndpoint.getDeliveries',
		before: [ENDPOINT],
		parameters: {
			webhookEndpointId: endpointId,
			returnAll: true,
			filters: { eventType: 'subscriber.created', status: 'delivered' },
		},
		expected: [
			{
				request: `GET ${PATH}/deliveries`,
				query: { event_type: 'subscriber.created', status: 'delivered', per_page: '1000' },
			},
		],
		output: [],
	}),
};

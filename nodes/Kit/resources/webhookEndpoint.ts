import type { IDataObject } from 'n8n-workflow';
import { ENDPOINT_EVENTS } from '../../shared/events';
import { additionalFields, filters, options, updateFields } from '../../shared/fields/collections';
import type { ValueField } from '../../shared/fields/field';
import { ownWebhookEndpointId, webhookEndpointId } from '../../shared/fields/locators';
import { id, toText, url as urlParser } from '../../shared/fields/parsers';
import { WITH_EVENTS } from '../../shared/missedEvents';
import { hideTokens } from '../../shared/transport/redact';
import { deliveries, missedEvents, since } from '../operation/missedEvents';
import type { Resource } from '../operation/operation';
import { outputOf } from '../operation/output';
import { list, record, deleted, wholeResponse } from '../operation/returns';

const url: ValueField = {
	displayName: 'URL',
	name: 'url',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. https://example.com/kit',
	description: 'The address to which Kit posts. Kit refuses private ones.',
	target: 'body.url',
	parse: urlParser,
};

const events: ValueField = {
	displayName: 'Events',
	name: 'events',
	type: 'multiOptions',
	options: ENDPOINT_EVENTS,
	default: [],
	required: true,
	description: 'What Kit is to tell the endpoint about',
	target: 'body.events',
};

const name: ValueField = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	description: 'What the endpoint is called in lists',
	target: 'body.name',
};

const description: ValueField = {
	displayName: 'Description',
	name: 'description',
	type: 'string',
	default: '',
	description: 'A note on what the endpoint is for',
	target: 'body.description',
};

const deliveryId: ValueField = {
	displayName: 'Delivery ID',
	name: 'deliveryId',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. 123456',
	description: 'As Get Deliveries lists it, and as Kit sends it in X-Kit-Delivery',
	target: 'path.delivery_id',
	parse: id,
};

const STATUSES = [
	{ name: 'Active', value: 'active' },
	{ name: 'Disabled', value: 'disabled' },
];

const deliveryFilters = filters(
	{
		displayName: 'Event',
		name: 'eventType',
		type: 'options',
		options: ENDPOINT_EVENTS,
		default: 'subscriber.created',
		description: 'Only deliveries of this event',
		target: 'query.event_type',
	},
	{
		displayName: 'Status',
		name: 'status',
		type: 'options',
		options: [
			{ name: 'Delivered', value: 'delivered' },
			{ name: 'Failed', value: 'failed' },
			{ name: 'Pending', value: 'pending' },
			{ name: 'Retrying', value: 'retrying' },
		],
		default: 'failed',
		description: 'Only deliveries that have this status',
		target: 'query.status',
	},
);

/**
 * A person needs the secret once, with create and rotate; nothing else may show it, nor what the Kit Trigger
 * sealed into a URL.
 */
function withoutSecret(row: IDataObject): IDataObject {
	const shown = { ...row };
	delete shown.secret;
	if (shown.url === undefined) return shown;
	return { ...shown, url: hideTokens(toText(shown.url)) };
}

export const webhookEndpoint: Resource = {
	name: 'Webhook Endpoint (Signed)',
	value: 'webhookEndpoint',
	description:
		'For developers, and for Get Missed Events. The Kit Trigger makes and deletes its own.',
	operations: {
		create: {
			name: 'Create',
			action: 'Create webhook endpoint',
			description:
				'Let Kit tell an address about events, signed with a secret that is shown this once',
			request: 'POST /webhook_endpoints',
			idempotent: false,
			fields: [url, events, additionalFields(description, name)],
			returns: outputOf('webhookEndpoint', record('webhook_endpoint')),
		},
		delete: {
			name: 'Delete',
			action: 'Delete webhook endpoint',
			description: 'Delete an endpoint, so that Kit no longer tells its address anything',
			request: 'DELETE /webhook_endpoints/{webhook_endpoint_id}',
			fields: [webhookEndpointId],
			returns: deleted('webhook_endpoint'),
		},
		get: {
			name: 'Get',
			action: 'Get webhook endpoint',
			description: 'Retrieve an endpoint with its events and status',
			request: 'GET /webhook_endpoints/{webhook_endpoint_id}',
			fields: [webhookEndpointId],
			returns: outputOf('webhookEndpoint', record('webhook_endpoint', withoutSecret)),
		},
		getDeliveries: {
			name: 'Get Deliveries',
			action: 'Get deliveries of webhook endpoint',
			description: 'List what Kit sent to an endpoint in the last 30 days, newest first',
			request: 'GET /webhook_endpoints/{webhook_endpoint_id}/deliveries',
			fields: [webhookEndpointId, deliveryFilters],
			returns: list('deliveries'),
		},
		getDelivery: {
			name: 'Get Delivery',
			action: 'Get delivery of webhook endpoint',
			description: 'Retrieve what Kit sent to an endpoint and every attempt at it',
			request: 'GET /webhook_endpoints/{webhook_endpoint_id}/deliveries/{delivery_id}',
			query: WITH_EVENTS,
			fields: [webhookEndpointId, deliveryId],
			returns: wholeResponse('delivery'),
		},
		getAll: {
			name: 'Get Many',
			action: 'Get many webhook endpoints',
			description: 'List the signed webhook endpoints of the account',
			request: 'GET /webhook_endpoints',
			fields: [
				filters({
					displayName: 'Status',
					name: 'status',
					type: 'options',
					options: STATUSES,
					default: 'active',
					target: 'query.status',
				}),
			],
			returns: outputOf('webhookEndpoint', list('webhook_endpoints', { show: withoutSecret })),
		},
		getMissedEvents: {
			name: 'Get Missed Events',
			action: 'Get missed events of webhook endpoint',
			description:
				'Retrieve what Kit could not deliver in the last 30 days, or n8n did not take, oldest first, as items of the Kit Trigger. What the trigger is limited to, such as a form, does not apply here.',
			request: 'GET /webhook_endpoints/{webhook_endpoint_id}/deliveries',
			fields: [ownWebhookEndpointId, deliveries, since],
			returns: missedEvents(),
		},
		revokePreviousSecret: {
			name: 'Revoke Previous Secret',
			action: 'Revoke previous secret of webhook endpoint',
			description: 'Stop signing with the secret from before the last rotation',
			request: 'POST /webhook_endpoints/{webhook_endpoint_id}/revoke_previous_secret',
			idempotent: true,
			fields: [webhookEndpointId],
			returns: outputOf('webhookEndpoint', record('webhook_endpoint', withoutSecret)),
		},
		rotateSecret: {
			name: 'Rotate Secret',
			action: 'Rotate secret of webhook endpoint',
			description:
				'Give an endpoint a new secret, which is shown this once. Kit signs with both for a while.',
			request: 'POST /webhook_endpoints/{webhook_endpoint_id}/rotate_secret',
			idempotent: false,
			fields: [
				webhookEndpointId,
				options({
					displayName: 'Force',
					name: 'force',
					type: 'boolean',
					default: true,
					description:
						'Whether to rotate although the secret before the current one is still valid',
					target: 'body.force',
				}),
			],
			returns: outputOf('webhookEndpoint', record('webhook_endpoint')),
		},
		update: {
			name: 'Update',
			action: 'Update webhook endpoint',
			description: 'Change the address or events of an endpoint, or disable it',
			request: 'PATCH /webhook_endpoints/{webhook_endpoint_id}',
			fields: [
				webhookEndpointId,
				updateFields(
					description,
					{
						...events,
						required: false,
						description: 'These take the place of all events it had',
					},
					name,
					{
						displayName: 'Status',
						name: 'status',
						type: 'options',
						options: STATUSES,
						default: 'active',
						description: 'Whether Kit sends anything to the endpoint',
						target: 'body.status',
					},
					{ ...url, required: false, description: 'The address to which Kit posts' },
				),
			],
			returns: outputOf('webhookEndpoint', record('webhook_endpoint', withoutSecret)),
		},
	},
};

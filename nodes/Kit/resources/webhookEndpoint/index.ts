import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';
import { ENDPOINT_EVENTS } from '../../../shared/events';
import { list, record, success, wholeAnswer } from '../../answers';
import type { Check } from '../../fields/checks';
import {
	asText,
	id,
	listIfGiven,
	listOf,
	requiredWebAddress,
	webAddress,
} from '../../fields/checks';
import { webhookEndpoint as webhookEndpointLocator } from '../../fields/locators';
import { inBody, inPath, inQuery } from '../../fields/sent';
import { requireChange } from '../../fields/updates';
import type { Resource } from '../resource';

const show = { resource: ['webhookEndpoint'] };

/** A person needs the secret once, with create and rotate; nothing else may show it. */
function withoutSecret(row: IDataObject): IDataObject {
	const shown = { ...row };
	delete shown.secret;
	return shown;
}

const atLeastOneEvent: Check = (value) => {
	const events = listOf(asText)(value);
	if (events.length === 0) throw new UserError('must have at least one event');
	return events;
};

const events: INodeProperties = {
	displayName: 'Events',
	name: 'events',
	type: 'multiOptions',
	options: ENDPOINT_EVENTS,
	default: [],
	description: 'What Kit is to tell the endpoint about',
};

const name = inBody('name', {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	description: 'What the endpoint is called in lists',
});

const description = inBody('description', {
	displayName: 'Description',
	name: 'description',
	type: 'string',
	default: '',
	description: 'A note on what the endpoint is for',
});

const STATUSES = [
	{ name: 'Active', value: 'active' },
	{ name: 'Disabled', value: 'disabled' },
];

export const webhookEndpoint: Resource = {
	name: 'Webhook Endpoint (Signed)',
	value: 'webhookEndpoint',
	operations: [
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show },
			options: [
				{
					name: 'Create',
					value: 'create',
					action: 'Create a webhook endpoint',
					description:
						'Let Kit tell an address about events, signed with a secret that is shown this once',
					routing: {
						request: { method: 'POST', url: '/kit/v4/webhook_endpoints' },
						...record('webhook_endpoint'),
					},
				},
				{
					name: 'Delete',
					value: 'delete',
					action: 'Delete a webhook endpoint',
					description: 'Delete an endpoint, so that Kit no longer tells its address anything',
					routing: {
						request: { method: 'DELETE', url: '/kit/v4/webhook_endpoints/{webhook_endpoint_id}' },
						...success(),
					},
				},
				{
					name: 'Get',
					value: 'get',
					action: 'Get a webhook endpoint',
					description: 'Retrieve an endpoint with its events and status',
					routing: {
						request: { method: 'GET', url: '/kit/v4/webhook_endpoints/{webhook_endpoint_id}' },
						...record('webhook_endpoint', withoutSecret),
					},
				},
				{
					name: 'Get Deliveries',
					value: 'getDeliveries',
					action: 'Get the deliveries of a webhook endpoint',
					description: 'List what Kit sent to an endpoint in the last 30 days, newest first',
					routing: {
						request: {
							method: 'GET',
							url: '/kit/v4/webhook_endpoints/{webhook_endpoint_id}/deliveries',
						},
						...list('deliveries'),
					},
				},
				{
					name: 'Get Delivery',
					value: 'getDelivery',
					action: 'Get a delivery of a webhook endpoint',
					description: 'Retrieve what Kit sent to an endpoint and every attempt at it',
					routing: {
						request: {
							method: 'GET',
							url: '/kit/v4/webhook_endpoints/{webhook_endpoint_id}/deliveries/{delivery_id}',
						},
						...wholeAnswer('delivery'),
					},
				},
				{
					name: 'Get Many',
					value: 'getAll',
					action: 'Get many webhook endpoints',
					description: 'List the signed webhook endpoints of the account',
					routing: {
						request: { method: 'GET', url: '/kit/v4/webhook_endpoints' },
						...list('webhook_endpoints', withoutSecret),
					},
				},
				{
					name: 'Revoke Previous Secret',
					value: 'revokePreviousSecret',
					action: 'Revoke the previous secret of a webhook endpoint',
					description: 'Stop signing with the secret from before the last rotation',
					routing: {
						request: {
							method: 'POST',
							url: '/kit/v4/webhook_endpoints/{webhook_endpoint_id}/revoke_previous_secret',
						},
						...record('webhook_endpoint', withoutSecret),
					},
				},
				{
					name: 'Rotate Secret',
					value: 'rotateSecret',
					action: 'Rotate the secret of a webhook endpoint',
					description:
						'Give an endpoint a new secret, which is shown this once. Kit signs with both for a while.',
					routing: {
						request: {
							method: 'POST',
							url: '/kit/v4/webhook_endpoints/{webhook_endpoint_id}/rotate_secret',
						},
						...record('webhook_endpoint'),
					},
				},
				{
					name: 'Update',
					value: 'update',
					action: 'Update a webhook endpoint',
					description: 'Change the address or events of an endpoint, or disable it',
					routing: {
						request: { method: 'PATCH', url: '/kit/v4/webhook_endpoints/{webhook_endpoint_id}' },
						...record('webhook_endpoint', withoutSecret),
					},
				},
			],
			default: 'getAll',
		},
		inPath(
			'webhook_endpoint_id',
			webhookEndpointLocator({
				show: {
					...show,
					operation: [
						'delete',
						'get',
						'getDeliveries',
						'getDelivery',
						'revokePreviousSecret',
						'rotateSecret',
						'update',
					],
				},
			}),
			id,
		),
		inPath(
			'delivery_id',
			{
				displayName: 'Delivery ID',
				name: 'deliveryId',
				type: 'string',
				default: '',
				required: true,
				placeholder: 'e.g. 123456',
				description: 'As Get Deliveries lists it, and as Kit sends it in X-Kit-Delivery',
				displayOptions: { show: { ...show, operation: ['getDelivery'] } },
			},
			id,
		),
	],
	fields: [
		inBody(
			'url',
			{
				displayName: 'URL',
				name: 'url',
				type: 'string',
				default: '',
				required: true,
				placeholder: 'e.g. https://example.com/kit',
				description: 'The address to which Kit posts. Kit refuses private ones.',
				displayOptions: { show: { ...show, operation: ['create'] } },
			},
			requiredWebAddress,
		),
		inBody(
			'events',
			{
				...events,
				required: true,
				displayOptions: { show: { ...show, operation: ['create'] } },
			},
			atLeastOneEvent,
		),
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			displayOptions: { show: { ...show, operation: ['create'] } },
			options: [description, name],
		},
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			displayOptions: { show: { ...show, operation: ['update'] } },
			routing: { send: { preSend: [requireChange] } },
			options: [
				description,
				inBody(
					'events',
					{ ...events, description: 'These take the place of all events it had' },
					listIfGiven(asText),
				),
				name,
				inBody('status', {
					displayName: 'Status',
					name: 'status',
					type: 'options',
					options: STATUSES,
					default: 'active',
					description: 'Whether Kit sends anything to the endpoint',
				}),
				inBody(
					'url',
					{
						displayName: 'URL',
						name: 'url',
						type: 'string',
						default: '',
						placeholder: 'e.g. https://example.com/kit',
						description: 'The address to which Kit posts',
					},
					webAddress,
				),
			],
		},
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			displayOptions: { show: { ...show, operation: ['getAll'] } },
			options: [
				inQuery('status', {
					displayName: 'Status',
					name: 'status',
					type: 'options',
					options: STATUSES,
					default: 'active',
				}),
			],
		},
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			displayOptions: { show: { ...show, operation: ['getDeliveries'] } },
			options: [
				inQuery('event_type', {
					displayName: 'Event',
					name: 'eventType',
					type: 'options',
					options: ENDPOINT_EVENTS,
					default: 'subscriber.created',
					description: 'Only deliveries of this event',
				}),
				inQuery('status', {
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
				}),
			],
		},
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			displayOptions: { show: { ...show, operation: ['rotateSecret'] } },
			options: [
				inBody('force', {
					displayName: 'Force',
					name: 'force',
					type: 'boolean',
					default: true,
					description:
						'Whether to rotate although the secret before the current one is still valid',
				}),
			],
		},
	],
};

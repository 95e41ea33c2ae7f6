import { readRowsFromBothEnds } from '../../../shared/bothEnds';
import { list, record, recordOrFirst, success, wholeAnswer } from '../../answers';
import { importSubscribers } from '../../bulk/import';
import { file } from '../../export/answer';
import { fileFields, fileOptions } from '../../export/fields';
import { asText, commaSeparated, day, email, ifGiven, listIfGiven } from '../../fields/checks';
import { customFields } from '../../fields/customFields';
import { inBody, inQuery } from '../../fields/sent';
import { keepEmailAddress, subscriberInPath } from '../../fields/subscriber';
import { between, slim, status, SUBSCRIBER_STATES } from '../../fields/subscriberFilters';
import { filterFields } from './filter';
import { location } from './location';
import { requireChange } from '../../fields/updates';
import type { Resource } from '../resource';

const show = { resource: ['subscriber'] };

/** For a field of a collection that several operations have */
const forMany = { show: { '/operation': ['createMany'] } };

const firstName = inBody('first_name', {
	displayName: 'First Name',
	name: 'firstName',
	type: 'string',
	default: '',
});

export const subscriber: Resource = {
	name: 'Subscriber',
	value: 'subscriber',
	operations: [
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show },
			options: [
				{
					name: 'Create or Update',
					value: 'create',
					action: 'Create or update a subscriber',
					description:
						'Create a new subscriber, or update the current one if it already exists (upsert)',
					routing: {
						request: { method: 'POST', url: '/kit/v4/subscribers' },
						...record('subscriber'),
					},
				},
				{
					name: 'Create or Update Many',
					value: 'createMany',
					action: 'Create or update many subscribers',
					description:
						'Create or update subscribers with their custom fields and tags, up to 100 items with one request for each of the three',
					routing: {
						request: { method: 'POST', url: '/kit/v4/bulk/subscribers' },
						...importSubscribers(),
					},
				},
				{
					name: 'Export',
					value: 'export',
					action: 'Export subscribers to a file',
					description:
						'Write all subscribers into one file, however many: only active ones, unless Status in Filters says otherwise',
					routing: {
						request: { method: 'GET', url: '/kit/v4/subscribers' },
						...file('subscribers'),
					},
				},
				{
					name: 'Filter',
					value: 'filter',
					action: 'Filter subscribers',
					description: 'List subscribers by what they did, their tags, custom fields or location',
					routing: {
						request: { method: 'POST', url: '/kit/v4/subscribers/filter' },
						...list('subscribers'),
					},
				},
				{
					name: 'Get',
					value: 'get',
					action: 'Get a subscriber',
					description: 'Retrieve a subscriber by ID or email address, whatever their state',
					routing: {
						request: { method: 'GET', url: '/kit/v4/subscribers/{subscriber_id|email_address}' },
						...recordOrFirst('subscriber', 'subscribers'),
					},
				},
				{
					name: 'Get Many',
					value: 'getAll',
					action: 'Get many subscribers',
					description:
						'List subscribers: only active ones, unless Status in Filters says otherwise',
					routing: {
						request: { method: 'GET', url: '/kit/v4/subscribers' },
						...list('subscribers', undefined, readRowsFromBothEnds),
					},
				},
				{
					name: 'Get Stats',
					value: 'getStats',
					action: 'Get the stats of a subscriber',
					description: 'Retrieve how many emails a subscriber was sent, opened and clicked',
					routing: {
						request: { method: 'GET', url: '/kit/v4/subscribers/{subscriber_id}/stats' },
						...record('subscriber'),
					},
				},
				{
					name: 'Get Tags',
					value: 'getTags',
					action: 'Get the tags of a subscriber',
					description: 'List the tags that a subscriber has',
					routing: {
						request: { method: 'GET', url: '/kit/v4/subscribers/{subscriber_id}/tags' },
						...list('tags'),
					},
				},
				{
					name: 'Remove Location',
					value: 'removeLocation',
					action: 'Remove the location of a subscriber',
					description: 'Take away a pinned location',
					routing: {
						request: { method: 'DELETE', url: '/kit/v4/subscribers/{subscriber_id}/location' },
						...success(),
					},
				},
				{
					name: 'Set Location',
					value: 'setLocation',
					action: 'Set the location of a subscriber',
					description:
						'Pin a location, of which only the country is needed, in place of what Kit found out',
					routing: {
						request: { method: 'POST', url: '/kit/v4/subscribers/{subscriber_id}/location' },
						...wholeAnswer('subscriber'),
					},
				},
				{
					name: 'Unsubscribe',
					value: 'unsubscribe',
					action: 'Unsubscribe a subscriber',
					description: 'Cancel a subscriber, who then gets no more emails from the account',
					routing: {
						request: { method: 'POST', url: '/kit/v4/subscribers/{subscriber_id}/unsubscribe' },
						...success(),
					},
				},
				{
					name: 'Update',
					value: 'update',
					action: 'Update a subscriber',
					description: 'Change the email address, first name or custom fields of a subscriber',
					routing: {
						request: { method: 'PUT', url: '/kit/v4/subscribers/{subscriber_id}' },
						...record('subscriber'),
					},
				},
				{
					name: 'Update Location',
					value: 'updateLocation',
					action: 'Update the location of a subscriber',
					description: 'Replace a pinned location by another, for which all parts are needed',
					routing: {
						request: { method: 'PATCH', url: '/kit/v4/subscribers/{subscriber_id}/location' },
						...wholeAnswer('subscriber'),
					},
				},
			],
			default: 'getAll',
		},
		subscriberInPath({
			show: {
				...show,
				operation: [
					'get',
					'getStats',
					'getTags',
					'removeLocation',
					'setLocation',
					'unsubscribe',
					'update',
					'updateLocation',
				],
			},
		}),
	],
	fields: [
		inBody(
			'email_address',
			{
				displayName: 'Email Address',
				name: 'emailAddress',
				type: 'string',
				default: '',
				required: true,
				placeholder: 'e.g. reader@example.com',
				description: 'Whose it is: a subscriber who has it already is updated',
				displayOptions: { show: { ...show, operation: ['create', 'createMany'] } },
			},
			email,
		),
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			displayOptions: { show: { ...show, operation: ['create', 'createMany'] } },
			options: [
				{
					displayName: 'Create Missing Tags',
					name: 'createTags',
					type: 'boolean',
					default: false,
					description:
						'Whether tags that the account does not have are created. Otherwise they are an error of their item.',
					displayOptions: forMany,
				},
				...customFields('additionalFields'),
				firstName,
				inBody('state', {
					displayName: 'State',
					name: 'state',
					type: 'options',
					options: SUBSCRIBER_STATES,
					default: 'active',
					description: 'The state of a new subscriber. One who exists keeps theirs.',
				}),
				inBody(
					'tags',
					{
						displayName: 'Tag Names or IDs',
						name: 'tags',
						hint: 'An expression may give names, with commas between',
						type: 'multiOptions',
						typeOptions: { loadOptionsMethod: 'getTags' },
						default: [],
						description:
							'The tags to add. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
						displayOptions: forMany,
					},
					listIfGiven(asText),
				),
			],
		},
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			displayOptions: { show: { ...show, operation: ['update'] } },
			routing: { send: { preSend: [requireChange, keepEmailAddress] } },
			options: [
				...customFields('updateFields'),
				inBody(
					'email_address',
					{
						displayName: 'Email Address',
						name: 'emailAddress',
						type: 'string',
						default: '',
						placeholder: 'e.g. reader@example.com',
						description: 'The new email address. Left out, they keep the one they have.',
					},
					ifGiven(email),
				),
				firstName,
			],
		},
		...fileFields,
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			displayOptions: { show: { ...show, operation: ['export', 'getAll'] } },
			options: [
				...between('created', 'Created'),
				inQuery(
					'email_address',
					{
						displayName: 'Email Address',
						name: 'emailAddress',
						type: 'string',
						default: '',
						placeholder: 'e.g. reader@example.com',
						description: 'Only the subscriber with this email address',
					},
					ifGiven(email),
				),
				status,
				...between('updated', 'Updated'),
			],
		},
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			displayOptions: { show: { ...show, operation: ['export', 'getAll'] } },
			options: [
				...fileOptions,
				inQuery(
					'include',
					{
						displayName: 'Include',
						name: 'include',
						type: 'multiOptions',
						options: [
							{ name: 'Attribution', value: 'attribution' },
							{
								name: 'Cancelled At',
								value: 'canceled_at',
								description: 'Only together with the filter Status set to Cancelled',
							},
							{ name: 'Location', value: 'location' },
							{ name: 'Tags', value: 'tags' },
						],
						default: [],
						description: 'What each subscriber is to come with',
					},
					commaSeparated,
				),
				slim,
				inQuery('sort_field', {
					displayName: 'Sort By',
					name: 'sortField',
					type: 'options',
					options: [
						{
							name: 'Cancelled At',
							value: 'cancelled_at',
							description: 'Only together with the filter Status set to Cancelled',
						},
						{ name: 'ID', value: 'id' },
						{ name: 'Updated At', value: 'updated_at' },
					],
					default: 'id',
				}),
				inQuery('sort_order', {
					displayName: 'Sort Order',
					name: 'sortOrder',
					type: 'options',
					options: [
						{ name: 'Ascending', value: 'asc' },
						{ name: 'Descending', value: 'desc' },
					],
					default: 'desc',
				}),
			],
		},
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			displayOptions: { show: { ...show, operation: ['getStats'] } },
			options: (['after', 'before'] as const).map((side) =>
				inQuery(
					`email_sent_${side}`,
					{
						displayName: `Email Sent ${side === 'after' ? 'After' : 'Before'}`,
						name: `emailSent${side === 'after' ? 'After' : 'Before'}`,
						type: 'dateTime',
						default: '',
						description: `Only emails sent ${side} this day, within the last five years`,
					},
					day,
				),
			),
		},
		...filterFields,
		location,
	],
};

import type { INodeProperties } from 'n8n-workflow';
import { required } from './checks';
import { inBody, inQuery } from './sent';
import { subscriberInPath } from './subscriber';
import { between, slim, status } from './subscriberFilters';

/**
 * Fields that several resources share. n8n looks at every top-level field of the node for every item,
 * so one field with several places costs less than several fields.
 */
export const several: INodeProperties[] = [
	subscriberInPath({
		show: {
			resource: ['customField', 'form', 'sequence', 'tag'],
			operation: [
				'addSubscriber',
				'addSubscribers',
				'addToSubscriber',
				'addToSubscribers',
				'removeFromSubscriber',
				'removeFromSubscribers',
				'setValues',
			],
		},
	}),
	inBody(
		'name',
		{
			displayName: 'Name',
			name: 'name',
			type: 'string',
			default: '',
			required: true,
			description: 'What it is to be called',
			displayOptions: {
				show: { resource: ['sequence', 'snippet', 'tag'], operation: ['create', 'createMany'] },
			},
		},
		required,
	),
	inBody(
		'subject',
		{
			displayName: 'Subject',
			name: 'subject',
			type: 'string',
			default: '',
			required: true,
			description: 'The subject line of the email',
			displayOptions: { show: { resource: ['broadcast', 'sequenceEmail'], operation: ['create'] } },
		},
		required,
	),
];

/** What can be left out, and is shown below what has to be there. */
export const severalOptions: INodeProperties[] = [
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		displayOptions: { show: { resource: ['form', 'sequence'], operation: ['getSubscribers'] } },
		options: [...between('added', 'Added'), ...between('created', 'Created'), status],
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		displayOptions: {
			show: {
				resource: ['customField', 'form', 'tag'],
				operation: [
					'addSubscriber',
					'addSubscribers',
					'addToSubscribers',
					'removeFromSubscribers',
					'setValues',
				],
			},
		},
		options: [
			{
				displayName: 'Create Missing Subscribers',
				name: 'createSubscribers',
				type: 'boolean',
				default: false,
				description:
					'Whether an email address that Kit does not know becomes a new active subscriber. Otherwise it is an error of its item.',
				displayOptions: { hide: { '/operation': ['addSubscriber', 'removeFromSubscribers'] } },
			},
			inBody('referrer', {
				displayName: 'Referrer',
				name: 'referrer',
				type: 'string',
				default: '',
				placeholder: 'e.g. https://example.com/?utm_source=newsletter',
				description: 'The page they came from, from which Kit reads the UTM parameters',
				displayOptions: { show: { '/resource': ['form'] } },
			}),
		],
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		displayOptions: { show: { resource: ['form', 'tag'], operation: ['getSubscribers'] } },
		options: [slim],
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		displayOptions: { show: { resource: ['form', 'tag'], operation: ['getAll'] } },
		options: [
			inQuery(
				'include',
				{
					displayName: 'Include Subscriber Count',
					name: 'includeSubscriberCount',
					type: 'boolean',
					default: false,
					description: 'Whether each one says how many subscribers it has',
				},
				(include) => (include === true ? 'subscriber_count' : undefined),
			),
		],
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		displayOptions: { show: { resource: ['post', 'snippet'], operation: ['getAll'] } },
		options: [
			inQuery('include_content', {
				displayName: 'Include Content',
				name: 'includeContent',
				type: 'boolean',
				default: false,
				description: 'Whether each one comes with its content, which makes the answer larger',
			}),
		],
	},
];

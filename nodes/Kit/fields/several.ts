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
			resource: ['form', 'sequence', 'tag'],
			operation: ['addSubscriber', 'addToSubscriber', 'removeFromSubscriber'],
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
				show: { resource: ['sequence', 'snippet', 'tag'], operation: ['create'] },
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

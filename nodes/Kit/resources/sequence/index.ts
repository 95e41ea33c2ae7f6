import { list, record, success } from '../../answers';
import { id } from '../../fields/checks';
import { sequence as sequenceLocator } from '../../fields/locators';
import { inBody, inPath, inQuery } from '../../fields/sent';
import { requireChange } from '../../fields/updates';
import type { Resource } from '../resource';
import { sequenceFields } from './fields';

const show = { resource: ['sequence'] };

export const sequence: Resource = {
	name: 'Sequence',
	value: 'sequence',
	operations: [
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show },
			options: [
				{
					name: 'Add Subscriber',
					value: 'addSubscriber',
					action: 'Add a subscriber to a sequence',
					description:
						'Add a subscriber who already exists to a sequence, which then sends them its emails',
					routing: {
						request: {
							method: 'POST',
							url: '/kit/v4/sequences/{sequence_id}/subscribers/{subscriber_id|email_address}',
						},
						...record('subscriber'),
					},
				},
				{
					name: 'Create',
					value: 'create',
					action: 'Create a sequence',
					description: 'Create a sequence without emails, to which emails can be added',
					routing: {
						request: { method: 'POST', url: '/kit/v4/sequences' },
						...record('sequence'),
					},
				},
				{
					name: 'Delete',
					value: 'delete',
					action: 'Delete a sequence',
					description:
						'Delete a sequence with its emails. Those who are in it get no more emails from it.',
					routing: {
						request: { method: 'DELETE', url: '/kit/v4/sequences/{sequence_id}' },
						...success(),
					},
				},
				{
					name: 'Get',
					value: 'get',
					action: 'Get a sequence',
					description: 'Retrieve a sequence with its schedule and exclusions',
					routing: {
						request: { method: 'GET', url: '/kit/v4/sequences/{sequence_id}' },
						...record('sequence'),
					},
				},
				{
					name: 'Get Many',
					value: 'getAll',
					action: 'Get many sequences',
					description: 'List the sequences of the account',
					routing: {
						request: { method: 'GET', url: '/kit/v4/sequences' },
						...list('sequences'),
					},
				},
				{
					name: 'Get Subscribers',
					value: 'getSubscribers',
					action: 'Get the subscribers of a sequence',
					description: 'List the subscribers who were added to a sequence',
					routing: {
						request: { method: 'GET', url: '/kit/v4/sequences/{sequence_id}/subscribers' },
						...list('subscribers'),
					},
				},
				{
					name: 'Update',
					value: 'update',
					action: 'Update a sequence',
					description: 'Change the name, schedule or exclusions of a sequence, or pause it',
					routing: {
						request: { method: 'PUT', url: '/kit/v4/sequences/{sequence_id}' },
						...record('sequence'),
					},
				},
			],
			default: 'getAll',
		},
		inPath(
			'sequence_id',
			sequenceLocator({
				show: {
					...show,
					operation: ['addSubscriber', 'delete', 'get', 'getSubscribers', 'update'],
				},
			}),
			id,
		),
	],
	fields: [
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			displayOptions: { show: { ...show, operation: ['create'] } },
			options: sequenceFields,
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
				inBody('name', {
					displayName: 'Name',
					name: 'name',
					type: 'string',
					default: '',
				}),
				...sequenceFields,
			],
		},
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			displayOptions: {
				show: { resource: ['sequence', 'sequenceEmail'], operation: ['get', 'getAll'] },
			},
			options: [
				inQuery('include_content', {
					displayName: 'Include Content',
					name: 'includeContent',
					type: 'boolean',
					default: false,
					description: 'Whether each email comes with its content, which makes the answer larger',
					displayOptions: { show: { '/resource': ['sequenceEmail'], '/operation': ['getAll'] } },
				}),
				inQuery(
					'include',
					{
						displayName: 'Include Stats',
						name: 'includeStats',
						type: 'boolean',
						default: false,
						description: 'Whether each one comes with how often it was sent, opened and clicked',
					},
					(include) => (include === true ? 'stats' : undefined),
				),
			],
		},
	],
};

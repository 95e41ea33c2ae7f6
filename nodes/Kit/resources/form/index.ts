import { list, record } from '../../answers';
import { bulk } from '../../bulk/answer';
import { ADDITION } from '../../bulk/entries';
import { id } from '../../fields/checks';
import { form as formLocator } from '../../fields/locators';
import { inPath, inQuery } from '../../fields/sent';
import type { Resource } from '../resource';

const show = { resource: ['form'] };

export const form: Resource = {
	name: 'Form',
	value: 'form',
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
					action: 'Add a subscriber to a form',
					description:
						'Add a subscriber who already exists to a form, as if they had filled it in. A form with double opt-in sends them its confirmation email.',
					routing: {
						request: {
							method: 'POST',
							url: '/kit/v4/forms/{form_id}/subscribers/{subscriber_id|email_address}',
						},
						...record('subscriber'),
					},
				},
				{
					name: 'Add Many Subscribers',
					value: 'addSubscribers',
					action: 'Add many subscribers to forms',
					description:
						'Add subscribers to forms, up to 100 items with one request. Forms with double opt-in send each of them a confirmation email.',
					routing: {
						request: { method: 'POST', url: '/kit/v4/bulk/forms/subscribers' },
						...bulk(ADDITION),
					},
				},
				{
					name: 'Get Many',
					value: 'getAll',
					action: 'Get many forms',
					description: 'List the forms and landing pages of the account',
					routing: { request: { method: 'GET', url: '/kit/v4/forms' }, ...list('forms') },
				},
				{
					name: 'Get Subscribers',
					value: 'getSubscribers',
					action: 'Get the subscribers of a form',
					description: 'List the subscribers who came through a form',
					routing: {
						request: { method: 'GET', url: '/kit/v4/forms/{form_id}/subscribers' },
						...list('subscribers'),
					},
				},
			],
			default: 'getAll',
		},
		inPath(
			'form_id',
			formLocator({
				show: { ...show, operation: ['addSubscriber', 'addSubscribers', 'getSubscribers'] },
			}),
			id,
		),
	],
	fields: [
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
					options: [
						{ name: 'Active', value: 'active' },
						{ name: 'All', value: 'all' },
						{ name: 'Archived', value: 'archived' },
						{ name: 'Trashed', value: 'trashed' },
					],
					default: 'active',
					description: 'Which forms to return. Without this filter only active ones are.',
				}),
				inQuery('type', {
					displayName: 'Type',
					name: 'type',
					type: 'options',
					options: [
						{ name: 'Embedded Form', value: 'embed' },
						{ name: 'Landing Page', value: 'hosted' },
					],
					default: 'embed',
				}),
			],
		},
	],
};

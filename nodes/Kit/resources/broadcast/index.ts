import type { IDataObject, PreSendAction } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { list, record, success } from '../../answers';
import { day, id, optional } from '../../fields/checks';
import { fieldsToEmpty } from '../../fields/emptied';
import { broadcast as broadcastLocator } from '../../fields/locators';
import { inBody, inPath, inQuery } from '../../fields/sent';
import { requireChange } from '../../fields/updates';
import type { Resource } from '../resource';
import { broadcastFields } from './fields';

const show = { resource: ['broadcast'] };

/** Kit creates a broadcast from a subject and either content or a template (Kit's documentation). */
const requireContent: PreSendAction = async function (request) {
	const { content, email_template_id } = request.body as IDataObject;
	if (optional(content) === undefined && optional(email_template_id) === undefined) {
		throw new NodeOperationError(
			this.getNode(),
			'Content must be filled in, or an Email Template chosen in Additional Fields',
			{ itemIndex: this.getItemIndex() },
		);
	}
	return await Promise.resolve(request);
};

export const broadcast: Resource = {
	name: 'Broadcast',
	value: 'broadcast',
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
					action: 'Create a broadcast',
					description:
						'Create a draft, or with Send At schedule an email that is sent to subscribers',
					routing: {
						request: { method: 'POST', url: '/kit/v4/broadcasts' },
						...record('broadcast'),
					},
				},
				{
					name: 'Delete',
					value: 'delete',
					action: 'Delete a broadcast',
					description: 'Delete a broadcast that has not been sent',
					routing: {
						request: { method: 'DELETE', url: '/kit/v4/broadcasts/{broadcast_id}' },
						...success(),
					},
				},
				{
					name: 'Get',
					value: 'get',
					action: 'Get a broadcast',
					description: 'Retrieve a broadcast with its content, status and recipients',
					routing: {
						request: { method: 'GET', url: '/kit/v4/broadcasts/{broadcast_id}' },
						...record('broadcast'),
					},
				},
				{
					name: 'Get Clicks',
					value: 'getClicks',
					action: 'Get the link clicks of a broadcast',
					description: 'List the links of a broadcast and how often they were clicked',
					routing: {
						request: { method: 'GET', url: '/kit/v4/broadcasts/{broadcast_id}/clicks' },
						...list('broadcast.clicks'),
					},
				},
				{
					name: 'Get Many',
					value: 'getAll',
					action: 'Get many broadcasts',
					description: 'List broadcasts: drafts, scheduled and sent ones',
					routing: {
						request: { method: 'GET', url: '/kit/v4/broadcasts' },
						...list('broadcasts'),
					},
				},
				{
					name: 'Get Many Stats',
					value: 'getManyStats',
					action: 'Get the stats of many broadcasts',
					description: 'List opens, clicks and unsubscribes of broadcasts',
					routing: {
						request: { method: 'GET', url: '/kit/v4/broadcasts/stats' },
						...list('broadcasts'),
					},
				},
				{
					name: 'Get Stats',
					value: 'getStats',
					action: 'Get the stats of a broadcast',
					description: 'Retrieve opens, clicks and unsubscribes of a broadcast',
					routing: {
						request: { method: 'GET', url: '/kit/v4/broadcasts/{broadcast_id}/stats' },
						...record('broadcast'),
					},
				},
				{
					name: 'Update',
					value: 'update',
					action: 'Update a broadcast',
					description:
						'Change, schedule or unschedule a broadcast that has not been sent. With Send At, it is sent to subscribers.',
					routing: {
						request: { method: 'PUT', url: '/kit/v4/broadcasts/{broadcast_id}' },
						...record('broadcast'),
					},
				},
			],
			default: 'getAll',
		},
		inPath(
			'broadcast_id',
			broadcastLocator({
				show: { ...show, operation: ['delete', 'get', 'getClicks', 'getStats', 'update'] },
			}),
			id,
		),
	],
	fields: [
		inBody('content', {
			displayName: 'Content',
			name: 'content',
			type: 'string',
			typeOptions: { rows: 6 },
			default: '',
			placeholder: 'e.g. <p>Hello {{ subscriber.first_name }}</p>',
			description: 'The HTML of the email, with Liquid tags where you like',
			displayOptions: { show: { ...show, operation: ['create'] } },
		}),
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			displayOptions: { show: { ...show, operation: ['create'] } },
			routing: { send: { preSend: [requireContent] } },
			options: broadcastFields,
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
				inBody('content', {
					displayName: 'Content',
					name: 'content',
					type: 'string',
					typeOptions: { rows: 6 },
					default: '',
					description: 'The HTML of the email',
				}),
				fieldsToEmpty('updateFields', [
					{ name: 'Description', property: 'description', value: '' },
					{ name: 'Preview Text', property: 'preview_text', value: '' },
					{
						name: 'Send At',
						property: 'send_at',
						value: null,
						description: 'Turns a scheduled broadcast back into a draft',
					},
					{
						name: 'Sending Email Address',
						property: 'email_address',
						value: null,
						description: 'Sends from the default address of the account again',
					},
					{ name: 'Thumbnail Alt Text', property: 'thumbnail_alt', value: null },
					{ name: 'Thumbnail URL', property: 'thumbnail_url', value: null },
				]),
				...broadcastFields,
				inBody('subject', {
					displayName: 'Subject',
					name: 'subject',
					type: 'string',
					default: '',
				}),
			],
		},
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			displayOptions: { show: { ...show, operation: ['getAll', 'getManyStats'] } },
			options: [
				inQuery(
					'sent_after',
					{
						displayName: 'Sent After',
						name: 'sentAfter',
						type: 'dateTime',
						default: '',
						description: 'Only broadcasts sent after this day',
					},
					day,
				),
				inQuery(
					'sent_before',
					{
						displayName: 'Sent Before',
						name: 'sentBefore',
						type: 'dateTime',
						default: '',
						description: 'Only broadcasts sent before this day',
					},
					day,
				),
				inQuery('status', {
					displayName: 'Status',
					name: 'status',
					type: 'options',
					options: [
						{ name: 'Aborted', value: 'aborted' },
						{ name: 'Completed', value: 'completed' },
						{ name: 'Draft', value: 'draft' },
						{ name: 'Scheduled', value: 'scheduled' },
						{ name: 'Sending', value: 'sending' },
					],
					default: 'completed',
				}),
			],
		},
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			displayOptions: { show: { ...show, operation: ['getAll'] } },
			options: [
				inQuery('slim', {
					displayName: 'Leave Out Content',
					name: 'slim',
					type: 'boolean',
					default: false,
					description: 'Whether to leave out what makes the answer large, which is faster',
				}),
			],
		},
	],
};

import type { IDataObject } from 'n8n-workflow';
import { TOKEN_IN_URL } from '../../../shared/send';
import { list, record, success } from '../../answers';
import { asText, id, requiredWebAddress } from '../../fields/checks';
import { webhook as webhookLocator } from '../../fields/locators';
import { inBody, inPath } from '../../fields/sent';
import type { Resource } from '../resource';
import { event, eventField } from './event';

const show = { resource: ['webhook'] };

/** Who knows the token of a Kit Trigger could call it, so it is not shown. */
const withoutToken = (row: IDataObject): IDataObject => ({
	...row,
	target_url: asText(row.target_url).replaceAll(TOKEN_IN_URL, '$1[hidden]'),
});

export const webhook: Resource = {
	name: 'Webhook (Classic)',
	value: 'webhook',
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
					action: 'Create a webhook',
					description:
						'Let Kit tell an address about an event. To start a workflow, use the Kit Trigger instead.',
					routing: {
						request: { method: 'POST', url: '/kit/v4/webhooks' },
						...record('webhook'),
					},
				},
				{
					name: 'Delete',
					value: 'delete',
					action: 'Delete a webhook',
					description: 'Delete a webhook, so that Kit no longer tells its address anything',
					routing: {
						request: { method: 'DELETE', url: '/kit/v4/webhooks/{webhook_id}' },
						...success(),
					},
				},
				{
					name: 'Get Many',
					value: 'getAll',
					action: 'Get many webhooks',
					description: 'List the classic webhooks of the account',
					routing: {
						request: { method: 'GET', url: '/kit/v4/webhooks' },
						...list('webhooks', withoutToken),
					},
				},
			],
			default: 'getAll',
		},
		inPath('webhook_id', webhookLocator({ show: { ...show, operation: ['delete'] } }), id),
	],
	fields: [
		inBody(
			'target_url',
			{
				displayName: 'Target URL',
				name: 'targetUrl',
				type: 'string',
				default: '',
				required: true,
				placeholder: 'e.g. https://example.com/kit',
				description: 'The address to which Kit posts',
				displayOptions: { show: { ...show, operation: ['create'] } },
			},
			requiredWebAddress,
		),
		inBody(
			'event',
			{ ...eventField, displayOptions: { show: { ...show, operation: ['create'] } } },
			event,
		),
	],
};

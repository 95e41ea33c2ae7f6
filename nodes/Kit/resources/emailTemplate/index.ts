import { list } from '../../answers';
import type { Resource } from '../resource';

export const emailTemplate: Resource = {
	name: 'Email Template',
	value: 'emailTemplate',
	operations: [
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show: { resource: ['emailTemplate'] } },
			options: [
				{
					name: 'Get Many',
					value: 'getAll',
					action: 'Get many email templates',
					description: 'List the email templates of the account',
					routing: {
						request: { method: 'GET', url: '/kit/v4/email_templates' },
						...list('email_templates'),
					},
				},
			],
			default: 'getAll',
		},
	],
	fields: [],
};

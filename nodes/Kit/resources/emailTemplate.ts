import { onlyCount, options } from '../../shared/fields/collections';
import type { Resource } from '../operation/operation';
import { list } from '../operation/returns';

export const emailTemplate: Resource = {
	name: 'Email Template',
	value: 'emailTemplate',
	operations: {
		getAll: {
			name: 'Get Many',
			action: 'Get many email templates',
			description: 'List the email templates of the account',
			request: 'GET /email_templates',
			fields: [options(onlyCount)],
			returns: list('email_templates'),
		},
	},
};

import type { IDataObject, IExecutePaginationFunctions } from 'n8n-workflow';
import { record, success, unpagedList } from '../../answers';
import { uuid } from '../../fields/checks';
import { connection as connectionLocator } from '../../fields/locators';
import { inPath, inQuery } from '../../fields/sent';
import type { Resource } from '../resource';

const show = { resource: ['connection'] };

/** The link that authorizes a connection carries a token: it is output only where a person asks for it. */
function withoutLink(
	{ url, ...shown }: IDataObject,
	context: IExecutePaginationFunctions,
): IDataObject {
	const asked = context.getNodeParameter('includeLink', false) === true;
	return asked ? { ...shown, url } : shown;
}

export const connection: Resource = {
	name: 'Connection (Maton)',
	value: 'connection',
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
					action: 'Create a connection',
					description:
						'Start a new Kit connection, pending until a person authorizes it at maton.ai or by its authorization link',
					routing: {
						request: { method: 'POST', url: '/connections', body: { app: 'kit' } },
						...record('connection', withoutLink),
					},
				},
				{
					name: 'Delete',
					value: 'delete',
					action: 'Delete a connection',
					description:
						'Remove a Kit connection from Maton. Every workflow that uses it stops working.',
					routing: {
						request: { method: 'DELETE', url: '/connections/{connection_id}' },
						...success(),
					},
				},
				{
					name: 'Get',
					value: 'get',
					action: 'Get a connection',
					description: 'Retrieve a Kit connection and its status',
					routing: {
						request: { method: 'GET', url: '/connections/{connection_id}' },
						...record('connection', withoutLink),
					},
				},
				{
					name: 'Get Many',
					value: 'getAll',
					action: 'Get many connections',
					description: 'List the Kit connections of the Maton API key',
					routing: {
						request: { method: 'GET', url: '/connections', qs: { app: 'kit' } },
						...unpagedList('connections', withoutLink),
					},
				},
			],
			default: 'getAll',
		},
		inPath(
			'connection_id',
			connectionLocator({ show: { ...show, operation: ['delete', 'get'] } }),
			uuid,
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
						{ name: 'Active', value: 'ACTIVE' },
						{ name: 'Failed', value: 'FAILED' },
						{ name: 'Pending', value: 'PENDING' },
					],
					default: 'ACTIVE',
					description: 'Only connections that have this status',
				}),
			],
		},
		{
			displayName: 'Include Authorization Link',
			name: 'includeLink',
			type: 'boolean',
			default: false,
			description:
				'Whether to output the link that authorizes a pending connection. Whoever has it can connect a Kit account to this Maton key, and n8n stores it with the execution.',
			displayOptions: { show: { ...show, operation: ['create', 'get'] } },
		},
	],
};

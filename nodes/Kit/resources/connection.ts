import type { IDataObject } from 'n8n-workflow';
import { KIT_CONNECTIONS } from '../../shared/connections';
import { filters } from '../../shared/fields/collections';
import type { ValueField } from '../../shared/fields/field';
import { connectionId } from '../../shared/fields/locators';
import type { Resource, Settings } from '../operation/operation';
import { connectionList, record, deleted } from '../operation/returns';

const includeLink: ValueField = {
	displayName: 'Include Authorization Link',
	name: 'includeLink',
	type: 'boolean',
	default: false,
	description:
		'Whether to output the link that authorizes a pending connection. Whoever has it can connect a Kit account to this Maton key, and n8n stores it with the execution.',
};

const method: ValueField = {
	displayName: 'Method',
	name: 'method',
	type: 'options',
	options: [
		{ name: 'API Key', value: 'API_KEY' },
		{ name: 'OAuth2', value: 'OAUTH2' },
	],
	default: 'OAUTH2',
	description:
		'How Maton is connected to Kit. Bulk operations, purchases and webhook endpoints need OAuth2.',
	target: 'query.method',
};

/** The link that authorizes a connection carries a token: it is output only where a person asks for it. */
function withoutLink({ url, ...shown }: IDataObject, settings: Settings): IDataObject {
	return settings.includeLink === true ? { ...shown, url } : shown;
}

export const connection: Resource = {
	name: 'Connection (Maton)',
	value: 'connection',
	description: 'The Kit accounts that your Maton API key reaches',
	basePath: '',
	operations: {
		create: {
			name: 'Create',
			action: 'Create connection',
			description:
				'Start a new Kit connection, pending until a person authorizes it at maton.ai or by its authorization link',
			request: 'POST /connections',
			body: { app: 'kit' },
			idempotent: false,
			fields: [includeLink],
			returns: record('connection', withoutLink),
		},
		delete: {
			name: 'Delete',
			action: 'Delete connection',
			description: 'Remove a Kit connection from Maton. Every workflow that uses it stops working.',
			request: 'DELETE /connections/{connection_id}',
			fields: [connectionId],
			returns: deleted('connection'),
		},
		get: {
			name: 'Get',
			action: 'Get connection',
			description: 'Retrieve a Kit connection and its status',
			request: 'GET /connections/{connection_id}',
			fields: [connectionId, includeLink],
			returns: record('connection', withoutLink),
		},
		getAll: {
			name: 'Get Many',
			action: 'Get many connections',
			description:
				'List the Kit connections of the Maton API key, with the name and the email address of each account',
			request: 'GET /connections',
			query: KIT_CONNECTIONS,
			fields: [
				filters(method, {
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
					target: 'query.status',
				}),
			],
			returns: connectionList(withoutLink),
		},
	},
};

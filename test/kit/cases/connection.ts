import type { IDataObject } from 'n8n-workflow';
import type { Cases } from './case';
import { byId } from './case';

const connections = { second: '7a1d4e90-52c3-4b68-8f27-c06e9b3d5a21' };

export const connection: Cases = {
	'connection.getAll': () => ({
		operation: 'connection.getAll',
		parameters: { returnAll: true },
		expected: [
			{ request: 'GET /connections', query: { app: 'kit', limit: '1000' } },
			// Five are active, and one of them is asked again, since its authorization has expired.
			...Array<{ request: string }>(6).fill({ request: 'GET /kit/v4/account' }),
		],
		output: [
			{ account_name: 'Ada Writes', account_email: expect.stringContaining('@') as never },
			...Array<IDataObject>(5).fill({ app: 'kit' }),
		],
	}),
	'connection.getAll with all fields': () => ({
		operation: 'connection.getAll',
		parameters: { limit: 1, filters: { status: 'PENDING' } },
		expected: [
			{ request: 'GET /connections', query: { app: 'kit', limit: '1000', status: 'PENDING' } },
		],
		output: [{ status: 'PENDING' }],
	}),
	'connection.get': () => ({
		operation: 'connection.get',
		parameters: { connectionId: byId(connections.second) },
		expected: [{ request: `GET /connections/${connections.second}` }],
		output: [{ connection_id: connections.second, status: 'ACTIVE' }],
	}),
	'connection.create': () => ({
		operation: 'connection.create',
		expected: [{ request: 'POST /connections', body: { app: 'kit' } }],
		output: [{ status: 'PENDING' }],
	}),
	'connection.create with all fields': () => ({
		operation: 'connection.create',
		parameters: { includeLink: true },
		expected: [{ request: 'POST /connections', body: { app: 'kit' } }],
		output: [{ url: expect.stringContaining('session_token') as never }],
	}),
	'connection.delete': () => ({
		operation: 'connection.delete',
		parameters: { connectionId: byId(connections.second) },
		expected: [{ request: `DELETE /connections/${connections.second}` }],
		output: [{ deleted: true, id: connections.second }],
	}),
};

import { list } from '../../answers';
import type { Resource } from '../resource';

export const segment: Resource = {
	name: 'Segment',
	value: 'segment',
	operations: [
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show: { resource: ['segment'] } },
			options: [
				{
					name: 'Get Many',
					value: 'getAll',
					action: 'Get many segments',
					description: 'List the segments of the account',
					routing: {
						request: { method: 'GET', url: '/kit/v4/segments' },
						...list('segments'),
					},
				},
			],
			default: 'getAll',
		},
	],
	fields: [],
};

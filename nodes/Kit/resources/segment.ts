import { onlyCount, options } from '../../shared/fields/collections';
import type { Resource } from '../operation/operation';
import { list } from '../operation/returns';

export const segment: Resource = {
	name: 'Segment',
	value: 'segment',
	operations: {
		getAll: {
			name: 'Get Many',
			action: 'Get many segments',
			description: 'List the segments of the account',
			request: 'GET /segments',
			fields: [options(onlyCount)],
			returns: list('segments'),
		},
	},
};

import { list, record } from '../../answers';
import { id } from '../../fields/checks';
import { purchase as purchaseLocator } from '../../fields/locators';
import { inPath } from '../../fields/sent';
import type { Resource } from '../resource';
import { purchaseFields } from './fields';

const show = { resource: ['purchase'] };

export const purchase: Resource = {
	name: 'Purchase',
	value: 'purchase',
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
					action: 'Create a purchase',
					description:
						'Record what a subscriber bought elsewhere. Products that Kit does not know are created.',
					routing: {
						request: { method: 'POST', url: '/kit/v4/purchases' },
						...record('purchase'),
					},
				},
				{
					name: 'Get',
					value: 'get',
					action: 'Get a purchase',
					description: 'Retrieve a purchase with its products',
					routing: {
						request: { method: 'GET', url: '/kit/v4/purchases/{purchase_id}' },
						...record('purchase'),
					},
				},
				{
					name: 'Get Many',
					value: 'getAll',
					action: 'Get many purchases',
					description: 'List the purchases of the account',
					routing: {
						request: { method: 'GET', url: '/kit/v4/purchases' },
						...list('purchases'),
					},
				},
			],
			default: 'getAll',
		},
		inPath('purchase_id', purchaseLocator({ show: { ...show, operation: ['get'] } }), id),
	],
	fields: purchaseFields,
};

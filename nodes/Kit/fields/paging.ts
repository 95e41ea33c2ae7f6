import type { INodeProperties } from 'n8n-workflow';

const show = {
	operation: [
		'filter',
		'getAll',
		'getClicks',
		'getDeliveries',
		'getManyStats',
		'getSubscribers',
		'getTags',
	],
};

/** Return All and Limit, read by the list runner (`answers.ts`), for every operation that lists. */
export const paging: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
		displayOptions: { show },
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions: { show: { ...show, returnAll: [false] } },
	},
];

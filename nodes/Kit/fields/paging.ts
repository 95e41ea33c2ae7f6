import type { INodeProperties } from 'n8n-workflow';

/** The operations that list. */
export const LISTING = [
	'filter',
	'getAll',
	'getClicks',
	'getDeliveries',
	'getManyStats',
	'getSubscribers',
	'getTags',
];

const show = { operation: LISTING };

/** Kit's document has no total for these. */
const UNCOUNTED = ['filter', 'getClicks', 'getDeliveries'];

/** Only Count, Return All and Limit, read by the list runner (`answers.ts`), for every operation that lists. */
export const paging: INodeProperties[] = [
	{
		displayName: 'Only Count',
		name: 'onlyCount',
		type: 'boolean',
		default: false,
		description:
			'Whether to return nothing but how many there are, as total_count, which takes one request',
		displayOptions: {
			show: { operation: LISTING.filter((operation) => !UNCOUNTED.includes(operation)) },
			hide: { resource: ['connection', 'webhookEndpoint'] },
		},
	},
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
		displayOptions: { show, hide: { onlyCount: [true] } },
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions: { show: { ...show, returnAll: [false] }, hide: { onlyCount: [true] } },
	},
];

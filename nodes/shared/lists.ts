import type { IDataObject } from 'n8n-workflow';
import { toText } from './fields/parsers';

/** A list of Kit's, from which people choose what an operation is about. */
export interface KitList {
	/** Below the credential's base URL */
	path: string;
	query?: IDataObject;
	/** Where the rows stand in the response */
	key: string;
	/** What one of it is called, as the name of a field */
	singular: string;
	/** An id as an example */
	example: string;
	/** What a person reads of a row */
	label: (row: IDataObject) => string;
	/** Which rows can be chosen; all of them if left out */
	only?: (row: IDataObject) => boolean;
}

const name = (row: IDataObject) => toText(row.name);

/** Every list of the account that fields choose from, by the name under which they refer to it. */
export const LISTS = {
	broadcasts: {
		path: '/kit/v4/broadcasts',
		query: { slim: true },
		key: 'broadcasts',
		singular: 'Broadcast',
		example: '1230045',
		label: ({ subject, status }) => `${toText(subject)} (${toText(status)})`,
	},
	customFields: {
		path: '/kit/v4/custom_fields',
		key: 'custom_fields',
		singular: 'Custom Field',
		example: '84512',
		label: ({ label }) => toText(label),
	},
	emailTemplates: {
		path: '/kit/v4/email_templates',
		key: 'email_templates',
		singular: 'Email Template',
		example: '36',
		label: name,
		only: ({ category }) => category !== 'Starting point',
	},
	forms: {
		path: '/kit/v4/forms',
		key: 'forms',
		singular: 'Form',
		example: '5031442',
		label: (row) => name(row) + (row.type === 'hosted' ? ' (landing page)' : ''),
	},
	posts: {
		path: '/kit/v4/posts',
		key: 'posts',
		singular: 'Post',
		example: '7710',
		label: ({ title }) => toText(title),
	},
	purchases: {
		path: '/kit/v4/purchases',
		key: 'purchases',
		singular: 'Purchase',
		example: '90211',
		label: ({ transaction_id, email_address }) =>
			`${toText(transaction_id)} (${toText(email_address)})`,
	},
	segments: {
		path: '/kit/v4/segments',
		key: 'segments',
		singular: 'Segment',
		example: '18',
		label: name,
	},
	sequences: {
		path: '/kit/v4/sequences',
		key: 'sequences',
		singular: 'Sequence',
		example: '1290',
		label: name,
	},
	snippets: {
		path: '/kit/v4/snippets',
		key: 'snippets',
		singular: 'Snippet',
		example: '512',
		label: name,
	},
	subscribers: {
		path: '/kit/v4/subscribers',
		query: { status: 'all', slim: true },
		key: 'subscribers',
		singular: 'Subscriber',
		example: '2684417312',
		label: ({ email_address, first_name, state }) => {
			const more = [first_name, state === 'active' ? '' : state].map(toText).filter(Boolean);
			return toText(email_address) + (more.length > 0 ? ` (${more.join(', ')})` : '');
		},
	},
	tags: {
		path: '/kit/v4/tags',
		key: 'tags',
		singular: 'Tag',
		example: '4051234',
		label: name,
	},
	webhookEndpoints: {
		path: '/kit/v4/webhook_endpoints',
		key: 'webhook_endpoints',
		singular: 'Webhook Endpoint',
		example: '118',
		label: (row) => name(row) || toText(row.url).replace(/\?.*/, ''),
	},
	webhooks: {
		path: '/kit/v4/webhooks',
		key: 'webhooks',
		singular: 'Webhook',
		example: '3301',
		label: ({ event, target_url }) =>
			`${toText((event as IDataObject | undefined)?.name)} → ${toText(target_url).replace(/\?.*/, '')}`,
	},
} as const satisfies Record<string, KitList>;

/** A list by the name under which fields refer to it. */
export type ListName = keyof typeof LISTS;

/** @returns `searchTags` for `tags`, as n8n keeps the method that fills From List */
export function searchMethod(list: string): string {
	return `search${list.charAt(0).toUpperCase()}${list.slice(1)}`;
}

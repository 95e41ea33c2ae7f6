import type { INodeProperties, INodePropertyMode } from 'n8n-workflow';

/** What a locator of this package looks like: chosen from the account's own list, or given by id. */
interface Locator {
	displayName: string;
	name: string;
	description: string;
	/** The list-search method of the node that fills From List */
	searchListMethod: string;
	/** An id as an example, and what all of them look like */
	example: string;
	pattern?: string;
	/** Ways beyond From List and By ID */
	modes?: INodePropertyMode[];
	displayOptions?: INodeProperties['displayOptions'];
}

/**
 * A field for something that has an id.
 * @param locator what is special about it
 * @returns the field, with the modes From List (searchable, paged) and By ID
 */
export function locator({
	searchListMethod,
	example,
	pattern = '[0-9]+',
	modes = [],
	...field
}: Locator): INodeProperties {
	const pick = field.displayName.toLowerCase();
	return {
		...field,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: `Select a ${pick}...`,
				typeOptions: { searchListMethod, searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: `e.g. ${example}`,
				validation: [
					{
						type: 'regex',
						properties: { regex: `^\\s*${pattern}\\s*$`, errorMessage: `Not a valid ${pick} ID` },
					},
				],
			},
			...modes,
		],
	};
}

/** The tag that an operation is about. */
export const tag = (displayOptions: INodeProperties['displayOptions']): INodeProperties =>
	locator({
		displayName: 'Tag',
		name: 'tagId',
		description: 'The tag in the connected Kit account',
		searchListMethod: 'searchTags',
		example: '4051234',
		displayOptions,
	});

/** The subscriber that an operation is about. */
export const subscriber = (displayOptions: INodeProperties['displayOptions']): INodeProperties =>
	locator({
		displayName: 'Subscriber',
		name: 'subscriberId',
		description: 'The subscriber in the connected Kit account, whatever their state',
		searchListMethod: 'searchSubscribers',
		example: '2684417312',
		modes: [
			{
				displayName: 'By Email',
				name: 'email',
				type: 'string',
				placeholder: 'e.g. reader@example.com',
				validation: [
					{
						type: 'regex',
						properties: {
							regex: '^\\s*[^\\s@]+@[^\\s@]+\\s*$',
							errorMessage: 'Not a valid email address',
						},
					},
				],
			},
		],
		displayOptions,
	});

/** The connection at Maton that an operation is about. */
export const connection = (displayOptions: INodeProperties['displayOptions']): INodeProperties =>
	locator({
		displayName: 'Connection',
		name: 'connectionId',
		description: 'A Kit connection of the Maton API key',
		searchListMethod: 'searchConnections',
		example: '3f6c1a52-8d0b-4a7e-9c1f-2b5d7e8a9c10',
		pattern: '[0-9a-fA-F-]{36}',
		displayOptions,
	});

import type { INodeProperties, INodePropertyMode } from 'n8n-workflow';
import { isResourceLocatorValue } from 'n8n-workflow';

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
	/** Where the field shows; left out inside a collection */
	displayOptions?: INodeProperties['displayOptions'];
	/** The field whose choice decides what the list holds */
	dependsOn?: string;
	/** Whether it has to be filled in; it has, unless it stands in a collection */
	required?: boolean;
}

/** Where a field shows. */
type Shown = INodeProperties['displayOptions'];

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
	dependsOn,
	required = true,
	...field
}: Locator): INodeProperties {
	const pick = field.displayName.toLowerCase();
	return {
		...field,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required,
		...(dependsOn && { typeOptions: { loadOptionsDependsOn: [`${dependsOn}.value`] } }),
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: `Select ${/^[aeiou]/.test(pick) ? 'an' : 'a'} ${pick}...`,
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

const inAccount = 'in the connected Kit account';

/** The broadcast that an operation is about. */
export const broadcast = (displayOptions: Shown): INodeProperties =>
	locator({
		displayName: 'Broadcast',
		name: 'broadcastId',
		description: `The broadcast ${inAccount}`,
		searchListMethod: 'searchBroadcasts',
		example: '1230045',
		displayOptions,
	});

/** The connection at Maton that an operation is about. */
export const connection = (displayOptions: Shown): INodeProperties =>
	locator({
		displayName: 'Connection',
		name: 'connectionId',
		description: 'A Kit connection of the Maton API key',
		searchListMethod: 'searchConnections',
		example: '8b1f0c3e-5d27-4f96-a8e4-0d9c6b7a2f15',
		pattern: '[0-9a-fA-F-]{36}',
		displayOptions,
	});

/** The custom field that an operation is about. */
export const customField = (displayOptions: Shown): INodeProperties =>
	locator({
		displayName: 'Custom Field',
		name: 'customFieldId',
		description: `The custom field ${inAccount}`,
		searchListMethod: 'searchCustomFields',
		example: '84512',
		displayOptions,
	});

/** The template of an email, for a collection. */
export const emailTemplate: INodeProperties = locator({
	displayName: 'Email Template',
	name: 'emailTemplateId',
	description: 'The layout of the email. Kit’s “Starting point” templates cannot be used.',
	searchListMethod: 'searchEmailTemplates',
	example: '36',
	required: false,
});

/** The form that an operation is about. */
export const form = (displayOptions: Shown): INodeProperties =>
	locator({
		displayName: 'Form',
		name: 'formId',
		description: `The form or landing page ${inAccount}`,
		searchListMethod: 'searchForms',
		example: '5031442',
		displayOptions,
	});

/** The post that an operation is about. */
export const post = (displayOptions: Shown): INodeProperties =>
	locator({
		displayName: 'Post',
		name: 'postId',
		description: `The post ${inAccount}`,
		searchListMethod: 'searchPosts',
		example: '7710',
		displayOptions,
	});

/** The purchase that an operation is about. */
export const purchase = (displayOptions: Shown): INodeProperties =>
	locator({
		displayName: 'Purchase',
		name: 'purchaseId',
		description: `The purchase ${inAccount}`,
		searchListMethod: 'searchPurchases',
		example: '90211',
		displayOptions,
	});

/** The sequence that an operation is about. */
export const sequence = (displayOptions: Shown): INodeProperties =>
	locator({
		displayName: 'Sequence',
		name: 'sequenceId',
		description: `The sequence ${inAccount}`,
		searchListMethod: 'searchSequences',
		example: '1290',
		displayOptions,
	});

/** The email of the chosen sequence that an operation is about. */
export const sequenceEmail = (displayOptions: Shown): INodeProperties =>
	locator({
		displayName: 'Email',
		name: 'sequenceEmailId',
		description: 'The email of the sequence that is chosen above',
		searchListMethod: 'searchSequenceEmails',
		example: '44120',
		dependsOn: 'sequenceId',
		displayOptions,
	});

/** The snippet that an operation is about. */
export const snippet = (displayOptions: Shown): INodeProperties =>
	locator({
		displayName: 'Snippet',
		name: 'snippetId',
		description: `The snippet ${inAccount}`,
		searchListMethod: 'searchSnippets',
		example: '512',
		displayOptions,
	});

/** The subscriber that an operation is about. */
export const subscriber = (displayOptions: Shown): INodeProperties =>
	locator({
		displayName: 'Subscriber',
		name: 'subscriberId',
		description: `The subscriber ${inAccount}, whatever their state`,
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

/** The tag that an operation is about. */
export const tag = (displayOptions: Shown): INodeProperties =>
	locator({
		displayName: 'Tag',
		name: 'tagId',
		description: `The tag ${inAccount}`,
		searchListMethod: 'searchTags',
		example: '4051234',
		displayOptions,
	});

/** The classic webhook that an operation is about. */
export const webhook = (displayOptions: Shown): INodeProperties =>
	locator({
		displayName: 'Webhook',
		name: 'webhookId',
		description: `The webhook ${inAccount}`,
		searchListMethod: 'searchWebhooks',
		example: '3301',
		displayOptions,
	});

/** The signed webhook endpoint that an operation is about. */
export const webhookEndpoint = (displayOptions: Shown): INodeProperties =>
	locator({
		displayName: 'Webhook Endpoint',
		name: 'webhookEndpointId',
		description: `The webhook endpoint ${inAccount}`,
		searchListMethod: 'searchWebhookEndpoints',
		example: '118',
		displayOptions,
	});

/**
 * @param value what n8n keeps of a locator inside a collection
 * @returns the id that was chosen or entered
 */
export function chosen(value: unknown): unknown {
	return isResourceLocatorValue(value) ? value.value : value;
}

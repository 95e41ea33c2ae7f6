import type { INodePropertyMode } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';
import type { ListName } from '../lists';
import { LISTS, searchMethod } from '../lists';
import type { Target, ValueField } from './field';
import type { Parser } from './parsers';
import { nameIn } from './names';
import { id, idNotName, idOrEmail, readId, uuid } from './parsers';

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
	parse: Parser;
	target?: Target;
	/** Ways beyond From List and By ID */
	modes?: INodePropertyMode[];
	/** The field whose choice decides what the list holds */
	dependsOn?: string;
}

function locator({
	searchListMethod,
	example,
	pattern = '[0-9]+',
	modes = [],
	dependsOn,
	...field
}: Locator): ValueField {
	const pick = field.displayName.toLowerCase();
	return {
		...field,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
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

/**
 * A field for something that has an id and stands in a list of the account.
 * @param list where it stands
 * @param name of the field, and after `path.` of what the request calls it
 * @param description what it is, where that is not obvious
 */
function fromList(list: ListName, name: string, description?: string): ValueField {
	const { singular, example } = LISTS[list];
	return locator({
		displayName: singular,
		name,
		description: description ?? `The ${singular.toLowerCase()} in the connected Kit account`,
		searchListMethod: searchMethod(list),
		example,
		parse: id,
		target: `path.${name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`,
	});
}

/** Names as an example, by the list in which they stand. */
const NAMES = {
	customFields: 'Last name',
	forms: 'Newsletter',
	sequences: 'Welcome',
	tags: 'VIP',
} as const satisfies Partial<Record<ListName, string>>;

/**
 * A model that fills in a field gets no word of the way in which it is given, and n8n has chosen By ID for it.
 * @param list where it stands
 * @param field a locator of something in it
 * @returns the same, which can be called by its name as well
 */
function orByName(list: keyof typeof NAMES, field: ValueField): ValueField {
	const [first, ...others] = field.modes ?? [];
	return {
		...field,
		modes: [
			...(first ? [first] : []),
			{
				displayName: 'By Name',
				name: 'name',
				type: 'string',
				placeholder: `e.g. ${NAMES[list]}`,
			},
			...others,
		],
		parse: (value, context) => {
			const { mode, isTool = false } = context;
			const isName = mode === 'name' || (isTool && readId(value) === undefined);
			return (isName ? nameIn(list) : idNotName)(value, context);
		},
	};
}

/** @returns a locator with another list */
function withList(field: ValueField, typeOptions: INodePropertyMode['typeOptions']): ValueField {
	const modes = field.modes?.map((mode) =>
		mode.name === 'list' ? { ...mode, typeOptions } : mode,
	);
	return { ...field, modes };
}

/** The broadcast that an operation is about. */
export const broadcastId = fromList('broadcasts', 'broadcastId');

/** The custom field that an operation is about. */
export const customFieldId = fromList('customFields', 'customFieldId');

/** The form that an operation is about. */
export const formId = fromList(
	'forms',
	'formId',
	'The form or landing page in the connected Kit account',
);

/** The post that an operation is about. */
export const postId = fromList('posts', 'postId');

/** The purchase that an operation is about. */
export const purchaseId = fromList('purchases', 'purchaseId');

/** The sequence that an operation is about. */
export const sequenceId = fromList('sequences', 'sequenceId');

/** The snippet that an operation is about. */
export const snippetId = fromList('snippets', 'snippetId');

/** The tag that an operation is about. */
export const tagId = fromList('tags', 'tagId');

/** The same four, which the operations of the Kit node take by their names as well. */
export const customFieldIdOrName = orByName('customFields', customFieldId);
export const formIdOrName = orByName('forms', formId);
export const sequenceIdOrName = orByName('sequences', sequenceId);
export const tagIdOrName = orByName('tags', tagId);

/** A tag that subscribers get, which can be created from the list. */
export const tagToAdd = withList(tagIdOrName, {
	searchListMethod: searchMethod('tags'),
	searchable: true,
	allowNewResource: {
		label: 'Create a tag with the name typed above',
		method: 'createTypedTag',
		defaultName: '',
	},
});

/** The classic webhook that an operation is about. */
export const webhookId = fromList('webhooks', 'webhookId');

/** The signed webhook endpoint that an operation is about. */
export const webhookEndpointId = fromList('webhookEndpoints', 'webhookEndpointId');

/** In place of an ID: the endpoint that the Kit Trigger of the same workflow made. */
export const OF_THIS_WORKFLOW = 'workflow';

/** What a person reads for it. */
export const OF_THIS_WORKFLOW_NAME = 'The one of this workflow’s Kit Trigger';

/** The signed webhook endpoint whose events are asked for, at first that of the same workflow. */
export const ownWebhookEndpointId: ValueField = {
	...withList(webhookEndpointId, {
		searchListMethod: 'searchOwnWebhookEndpoints',
		searchable: true,
	}),
	default: { mode: 'list', value: OF_THIS_WORKFLOW, cachedResultName: OF_THIS_WORKFLOW_NAME },
	parse: (value, context) => (value === OF_THIS_WORKFLOW ? value : id(value, context)),
};

/** The connection at Maton that an operation is about. */
export const connectionId = locator({
	displayName: 'Connection',
	name: 'connectionId',
	description: 'A Kit connection of the Maton API key',
	searchListMethod: 'searchConnections',
	example: '8b1f0c3e-5d27-4f96-a8e4-0d9c6b7a2f15',
	pattern: '[0-9a-fA-F-]{36}',
	parse: uuid,
	target: 'path.connection_id',
});

/** In place of an ID: the connection of the credential. */
export const OF_CREDENTIAL = 'credential';

/** What a person reads for it. */
export const OF_CREDENTIAL_NAME = 'From Credential';

/** Which Kit account a node uses, where the Maton key has several. */
export const accountConnection: ValueField = {
	...withList(connectionId, { searchListMethod: 'searchAccounts', searchable: true }),
	name: 'connection',
	required: false,
	default: { mode: 'list', value: OF_CREDENTIAL, cachedResultName: OF_CREDENTIAL_NAME },
	description: 'The Kit account to use, where your Maton API key has more than one',
	target: undefined,
	parse: (value, context) => {
		if (value === OF_CREDENTIAL) return undefined;
		const given = uuid(value, context);
		// Without one it would be another account, and nobody would know.
		if (given !== undefined || context.computed !== true) return given;
		throw new UserError(
			`is an expression that gave nothing, and must be the ID of a connection, or “${OF_CREDENTIAL}” for that of the credential`,
		);
	},
};

/** The email of the chosen sequence that an operation is about. */
export const sequenceEmailId = locator({
	displayName: 'Email',
	name: 'sequenceEmailId',
	description: 'The email of the sequence that is chosen above',
	searchListMethod: 'searchSequenceEmails',
	example: '44120',
	dependsOn: 'sequenceId',
	parse: id,
	target: 'path.sequence_email_id',
});

/** The subscriber that an operation is about, by id or by email address. */
export const subscriberId = locator({
	displayName: 'Subscriber',
	name: 'subscriberId',
	description: 'The subscriber in the connected Kit account, whatever their state',
	searchListMethod: 'searchSubscribers',
	example: LISTS.subscribers.example,
	parse: idOrEmail,
	target: 'path.subscriber_id',
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
});

/** The template of an email, for a collection. */
export const emailTemplate: ValueField = {
	...fromList(
		'emailTemplates',
		'emailTemplateId',
		'The layout of the email. The list leaves out Kit’s “Starting point” templates, which need Allow Starting Point Template and their ID.',
	),
	required: false,
	target: 'body.email_template_id',
};

/**
 * @param field a locator
 * @returns the same where it may be left out, as in a collection
 */
export function optional(field: ValueField): ValueField {
	return { ...field, required: false };
}

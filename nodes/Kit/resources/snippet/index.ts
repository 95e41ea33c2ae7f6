import type { IDataObject, PreSendAction } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { list, record } from '../../answers';
import { id, optional, required, yesOrNo } from '../../fields/checks';
import { snippet as snippetLocator } from '../../fields/locators';
import { inBody, inPath, inQuery } from '../../fields/sent';
import { requireChange } from '../../fields/updates';
import { getPath } from '../../../shared/path';
import type { Resource } from '../resource';

const show = { resource: ['snippet'] };

const HTML = 'document_attributes.value_html';

const TYPES = [
	{ name: 'Block', value: 'block', description: 'Text with layout, as HTML' },
	{ name: 'Inline', value: 'inline', description: 'Text within a line, with Liquid tags' },
];

/** A snippet is text or HTML for good, and Kit takes only the one that it is (Kit's documentation). */
const oneContent: PreSendAction = async function (request) {
	const body = request.body as IDataObject;
	if (optional(body.content) !== undefined && optional(getPath(body, HTML)) !== undefined) {
		throw new NodeOperationError(
			this.getNode(),
			'Content (Block) and Content (Inline) must not both be filled in',
			{ itemIndex: this.getItemIndex(), description: 'A snippet is one or the other, for good' },
		);
	}
	return await Promise.resolve(request);
};

export const snippet: Resource = {
	name: 'Snippet',
	value: 'snippet',
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
					action: 'Create a snippet',
					description: 'Create a piece of content that emails can use by its key',
					routing: {
						request: { method: 'POST', url: '/kit/v4/snippets' },
						...record('snippet'),
					},
				},
				{
					name: 'Get',
					value: 'get',
					action: 'Get a snippet',
					description: 'Retrieve a snippet with its key and content',
					routing: {
						request: { method: 'GET', url: '/kit/v4/snippets/{snippet_id}' },
						...record('snippet'),
					},
				},
				{
					name: 'Get Many',
					value: 'getAll',
					action: 'Get many snippets',
					description: 'List the snippets of the account',
					routing: {
						request: { method: 'GET', url: '/kit/v4/snippets' },
						...list('snippets'),
					},
				},
				{
					name: 'Update',
					value: 'update',
					action: 'Update a snippet',
					description:
						'Change, archive or restore a snippet. Every email that uses it shows the change from its next sending on.',
					routing: {
						request: { method: 'PUT', url: '/kit/v4/snippets/{snippet_id}' },
						...record('snippet'),
					},
				},
			],
			default: 'getAll',
		},
		inPath('snippet_id', snippetLocator({ show: { ...show, operation: ['get', 'update'] } }), id),
	],
	fields: [
		inBody('snippet_type', {
			displayName: 'Type',
			name: 'snippetType',
			type: 'options',
			options: TYPES,
			default: 'inline',
			description: 'What kind of content it is, which cannot be changed later',
			displayOptions: { show: { ...show, operation: ['create'] } },
		}),
		inBody(
			'content',
			{
				displayName: 'Content',
				name: 'content',
				type: 'string',
				typeOptions: { rows: 4 },
				default: '',
				required: true,
				description: 'The text, with Liquid tags where you like',
				displayOptions: { show: { ...show, operation: ['create'], snippetType: ['inline'] } },
			},
			required,
		),
		inBody(
			HTML,
			{
				displayName: 'Content',
				name: 'content',
				type: 'string',
				typeOptions: { rows: 6 },
				default: '',
				required: true,
				description: 'The HTML',
				displayOptions: { show: { ...show, operation: ['create'], snippetType: ['block'] } },
			},
			required,
		),
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			displayOptions: { show: { ...show, operation: ['update'] } },
			routing: { send: { preSend: [requireChange, oneContent] } },
			options: [
				inBody(
					'archived',
					{
						displayName: 'Archived',
						name: 'archived',
						type: 'boolean',
						default: true,
						description: 'Whether the snippet is archived',
					},
					yesOrNo,
				),
				inBody(HTML, {
					displayName: 'Content (Block)',
					name: 'contentBlock',
					type: 'string',
					typeOptions: { rows: 6 },
					default: '',
					description: 'The new HTML of a block snippet',
				}),
				inBody('content', {
					displayName: 'Content (Inline)',
					name: 'contentInline',
					type: 'string',
					typeOptions: { rows: 4 },
					default: '',
					description: 'The new text of an inline snippet',
				}),
				inBody('name', {
					displayName: 'Name',
					name: 'name',
					type: 'string',
					default: '',
				}),
				inBody('snippet_type', {
					displayName: 'Type',
					name: 'snippetType',
					type: 'options',
					options: TYPES,
					default: 'inline',
					description: 'The type it has, as Kit refuses the update where it has another',
				}),
			],
		},
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			displayOptions: { show: { ...show, operation: ['getAll'] } },
			options: [
				inQuery('archived', {
					displayName: 'Archived',
					name: 'archived',
					type: 'boolean',
					default: true,
					description: 'Whether to return archived snippets in place of the others',
				}),
				inQuery('snippet_type', {
					displayName: 'Type',
					name: 'snippetType',
					type: 'options',
					options: TYPES,
					default: 'inline',
				}),
			],
		},
	],
};

import { UserError } from 'n8n-workflow';
import { filters, onlyCount, options, updateFields } from '../../shared/fields/collections';
import { includeContentOfEach } from '../../shared/fields/emails';
import type { ValueField } from '../../shared/fields/field';
import { HTML_HINT, LIQUID_HINT } from '../../shared/fields/liquid';
import { snippetId } from '../../shared/fields/locators';
import { nameField } from '../../shared/fields/nameField';
import type { KitRequest } from '../../shared/transport/client';
import type { Resource } from '../operation/operation';
import { outputOf } from '../operation/output';
import { list, record } from '../operation/returns';

const TYPES = [
	{ name: 'Block', value: 'block', description: 'Text with layout, as HTML' },
	{ name: 'Inline', value: 'inline', description: 'Text within a line, with Liquid tags' },
];

const name = nameField('snippet');

const snippetType: ValueField = {
	displayName: 'Type',
	name: 'snippetType',
	type: 'options',
	noDataExpression: true,
	options: TYPES,
	default: 'inline',
	description: 'What kind of content it is, which cannot be changed later',
	target: 'body.snippet_type',
};

const inlineContent: ValueField = {
	displayName: 'Content',
	name: 'content',
	type: 'string',
	typeOptions: { rows: 4 },
	default: '',
	required: true,
	description: 'The text, with Liquid tags where you like',
	hint: LIQUID_HINT,
	takesLiquid: true,
	displayOptions: { show: { snippetType: ['inline'] } },
	target: 'body.content',
};

const blockContent: ValueField = {
	displayName: 'Content',
	name: 'content',
	type: 'string',
	typeOptions: { editor: 'htmlEditor', rows: 6 },
	default: '',
	required: true,
	description: 'The HTML, with Liquid tags where you like',
	hint: HTML_HINT,
	takesLiquid: true,
	displayOptions: { show: { snippetType: ['block'] } },
	target: 'body.document_attributes.value_html',
};

/** A snippet is text or HTML for good, and Kit takes only the one that it is (Kit's documentation). */
function oneContent({ body = {} }: KitRequest): void {
	if (Object.keys(body).every((name) => name === 'snippet_type')) {
		throw new UserError('Update Fields must have a field to change besides Type');
	}
	if (body.content === undefined || body.document_attributes === undefined) return;
	throw new UserError(
		'Content (Block) and Content (Inline) must not both be filled in, since a snippet is one or the other',
	);
}

export const snippet: Resource = {
	name: 'Snippet',
	value: 'snippet',
	operations: {
		create: {
			name: 'Create',
			action: 'Create snippet',
			description: 'Create a piece of content that emails can use by its key',
			request: 'POST /snippets',
			idempotent: false,
			fields: [name, snippetType, inlineContent, blockContent],
			returns: outputOf('snippet', record('snippet')),
		},
		get: {
			name: 'Get',
			action: 'Get snippet',
			description: 'Retrieve a snippet with its key and content',
			request: 'GET /snippets/{snippet_id}',
			fields: [snippetId],
			returns: outputOf('snippet', record('snippet')),
		},
		getAll: {
			name: 'Get Many',
			action: 'Get many snippets',
			description: 'List the snippets of the account',
			request: 'GET /snippets',
			fields: [
				filters(
					{
						displayName: 'Archived',
						name: 'archived',
						type: 'boolean',
						default: true,
						description: 'Whether to return archived snippets in place of the others',
						target: 'query.archived',
					},
					{
						displayName: 'Type',
						name: 'snippetType',
						type: 'options',
						options: TYPES,
						default: 'inline',
						target: 'query.snippet_type',
					},
				),
				options(includeContentOfEach('one'), onlyCount),
			],
			returns: outputOf('snippet', list('snippets')),
		},
		update: {
			name: 'Update',
			action: 'Update snippet',
			description:
				'Change, archive or restore a snippet. Every email that uses it shows the change from its next sending on.',
			request: 'PUT /snippets/{snippet_id}',
			fields: [
				snippetId,
				updateFields(
					{
						displayName: 'Archived',
						name: 'archived',
						type: 'boolean',
						default: true,
						description: 'Whether the snippet is archived',
						target: 'body.archived',
					},
					{
						displayName: 'Content (Block)',
						name: 'contentBlock',
						type: 'string',
						typeOptions: { editor: 'htmlEditor', rows: 6 },
						default: '',
						description: 'The new HTML of a block snippet',
						hint: HTML_HINT,
						takesLiquid: true,
						target: 'body.document_attributes.value_html',
					},
					{
						displayName: 'Content (Inline)',
						name: 'contentInline',
						type: 'string',
						typeOptions: { rows: 4 },
						default: '',
						description: 'The new text of an inline snippet',
						hint: LIQUID_HINT,
						takesLiquid: true,
						target: 'body.content',
					},
					{ ...name, required: false, description: undefined },
					{
						displayName: 'Type',
						name: 'snippetType',
						type: 'options',
						options: TYPES,
						default: 'inline',
						description: 'The type of the snippet. Kit refuses the update if it has another one.',
						target: 'body.snippet_type',
					},
				),
			],
			check: oneContent,
			returns: outputOf('snippet', record('snippet')),
		},
	},
};

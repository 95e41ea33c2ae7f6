import type { Cases } from './case';
import { byId, fromList, rowsOf } from './case';

export const snippet: Cases = {
	'snippet.create inline': () => ({
		operation: 'snippet.create',
		parameters: { name: 'Cat fact', snippetType: 'inline', content: 'Cats purr' },
		expected: [
			{
				request: 'POST /kit/v4/snippets',
				body: { name: 'Cat fact', snippet_type: 'inline', content: 'Cats purr' },
			},
		],
		output: [{ name: 'Cat fact', snippet_type: 'inline', content: 'Cats purr' }],
	}),
	'snippet.create block': () => ({
		operation: 'snippet.create',
		parameters: { name: 'Footer', snippetType: 'block', content: '<p>Bye</p>' },
		expected: [
			{
				request: 'POST /kit/v4/snippets',
				body: {
					name: 'Footer',
					snippet_type: 'block',
					document_attributes: { value_html: '<p>Bye</p>' },
				},
			},
		],
		output: [{ name: 'Footer', snippet_type: 'block' }],
	}),
	'snippet.get': (known) => ({
		operation: 'snippet.get',
		parameters: { snippetId: byId(known.snippet) },
		expected: [{ request: `GET /kit/v4/snippets/${String(known.snippet)}` }],
		output: [{ id: known.snippet }],
	}),
	'snippet.update inline with all fields': (known) => ({
		operation: 'snippet.update',
		parameters: {
			snippetId: fromList(known.snippet),
			updateFields: {
				archived: true,
				contentInline: 'Dogs bark',
				name: 'Dog fact',
				snippetType: 'inline',
			},
		},
		expected: [
			{
				request: `PUT /kit/v4/snippets/${String(known.snippet)}`,
				body: {
					archived: true,
					content: 'Dogs bark',
					name: 'Dog fact',
					snippet_type: 'inline',
				},
			},
		],
		output: [{ id: known.snippet, name: 'Dog fact', archived: true }],
	}),
	'snippet.update block': (known) => ({
		operation: 'snippet.update',
		parameters: {
			snippetId: byId(known.blockSnippet),
			updateFields: { contentBlock: '<p>New</p>' },
		},
		expected: [
			{
				request: `PUT /kit/v4/snippets/${String(known.blockSnippet)}`,
				body: { document_attributes: { value_html: '<p>New</p>' } },
			},
		],
		output: [{ id: known.blockSnippet }],
	}),
	'snippet.getAll': () => ({
		operation: 'snippet.getAll',
		parameters: { limit: 1 },
		expected: [{ request: 'GET /kit/v4/snippets', query: { per_page: '1' } }],
		output: [{ id: expect.any(Number) as never }],
	}),
	'snippet.getAll with all fields': () => ({
		operation: 'snippet.getAll',
		parameters: {
			returnAll: true,
			filters: { archived: false, snippetType: 'block' },
			options: { includeContent: true },
		},
		expected: [
			{
				request: 'GET /kit/v4/snippets',
				query: {
					archived: 'false',
					snippet_type: 'block',
					include_content: 'true',
					per_page: '1000',
				},
			},
		],
		output: rowsOf(2, { snippet_type: 'block', document: expect.any(Object) as never }),
	}),
};

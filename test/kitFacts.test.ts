import { KnownOperations, readTable } from '../sandbox/facts';
import { ADDITIONS } from '../sandbox/facts/additions';
import { CORRECTIONS } from '../sandbox/facts/corrections';
import { differences } from '../scripts/kitFacts/compare';
import type { Document } from '../scripts/kitFacts/read';
import { factsOf } from '../scripts/kitFacts/read';
import { tableOf } from '../scripts/kitFacts/table';

const tag = (more: object = {}) => ({
	type: 'object',
	properties: {
		id: { type: 'integer', description: 'A sentence' },
		name: { type: 'string', nullable: true, example: 'Buyers' },
		...more,
	},
	required: ['id', 'name'],
});

const json = (schema: object) => ({
	description: 'A sentence',
	content: { 'application/json': { schema, example: { name: 'Buyers' } } },
});

/** A document with the one operation, and what is special about it. */
function documentWith(schema: object, more: object = {}): Document {
	return {
		paths: {
			'/v4/tags/{id}': {
				put: {
					summary: 'A sentence',
					security: [{ OAuth2: [] }],
					parameters: [
						{ in: 'path', name: 'id', required: true, schema: { type: 'integer' } },
						{ in: 'query', name: 'kind', schema: { type: 'string', enum: ['a', 'b'] } },
					],
					requestBody: json({ oneOf: [tag(), { $ref: '#/components/schemas/Day' }] }),
					responses: {
						200: json({ type: 'object', properties: { tags: { type: 'array', items: schema } } }),
						201: json({ type: 'object', properties: { tags: { type: 'array', items: schema } } }),
						204: { description: 'A sentence' },
					},
					...more,
				},
			},
		},
		components: { schemas: { Day: { type: 'string', format: 'date', nullable: true } } },
	} as unknown as Document;
}

const tableFor = (document: Document) => tableOf(factsOf(document));

test('a table has the facts of a document, what they share once, and no sentences', () => {
	const fields = { type: 'object', properties: { company: { type: 'string' } } };
	expect(tableFor(documentWith(tag({ fields })))).toEqual({
		shapes: {},
		operations: {
			'PUT /v4/tags/{id}': {
				query: { 'kind?': 'string(a|b)' },
				body: { '|': [{ id: 'integer', name: 'string | null' }, 'string<date> | null'] },
				answers: {
					'200 201': {
						'tags?': [
							{ id: 'integer', name: 'string | null', 'fields?': { '*': 'string | null' } },
						],
					},
					204: 'none',
				},
				oauth: true,
			},
		},
	});
	expect(tableFor(documentWith(tag()))).toMatchObject({
		shapes: { tagBody: { id: 'integer', name: 'string | null' } },
		operations: { 'PUT /v4/tags/{id}': { answers: { '200 201': { 'tags?': ['$tagBody'] } } } },
	});
});

test('what is new, gone or changed in a newer document is named by its place', () => {
	const before = tableFor(documentWith(tag({ color: { type: 'string' } })));
	const newer = documentWith(
		{ ...tag({ count: { type: 'integer' } }), required: ['id'] },
		{ security: [{ 'API Key': [] }] },
	);
	expect(differences(before, before)).toEqual([]);
	expect(differences(before, tableFor(newer))).toEqual([
		'~ PUT /v4/tags/{id}: with OAuth only → with any key',
		...['200', '201'].flatMap((status) => [
			`- PUT /v4/tags/{id} ${status}.tags[].color: string, optional`,
			`+ PUT /v4/tags/{id} ${status}.tags[].count: integer, optional`,
			`~ PUT /v4/tags/{id} ${status}.tags[].name: string | null → string | null, optional`,
		]),
	]);
});

test('an operation that is new or gone is named with all that it has', () => {
	const before = tableFor(documentWith(tag()));
	const empty = { shapes: {}, operations: {} };
	const gone = differences(before, empty);
	expect(gone).toContain('- PUT /v4/tags/{id} query.kind: string(a|b), optional');
	expect(differences(empty, before)).toEqual(gone.map((line) => line.replace('-', '+')));
});

test('the table in the repository has no sentences', () => {
	const texts: string[] = [];
	JSON.stringify(readTable(), (_, value: unknown) => {
		if (typeof value === 'string') texts.push(value);
		return value;
	});
	const sentences = texts.filter((text) => text.replace(' | null', '').includes(' '));
	expect(sentences).toEqual([]);
});

test('a correction that the document has made itself is reported', () => {
	const { shapes, operations } = readTable();
	const name = 'PUT /v4/subscribers/{id}';
	const mended = { ...operations[name], body: { 'email_address?': 'string' } };
	const table = { shapes, operations: { ...operations, [name]: { answers: {}, ...mended } } };
	expect(() => new KnownOperations(table)).toThrow(
		`${name} body needs no correction of email_address any more`,
	);
});

test('an operation that the document has got itself is reported', () => {
	const { shapes, operations } = readTable();
	const name = 'DELETE /v4/tags/{id}';
	const table = { shapes, operations: { ...operations, [name]: { answers: {} } } };
	expect(() => new KnownOperations(table)).toThrow(`${name} is in Kit's document by now`);
});

test('what was written by hand says from where, since when and why', () => {
	const origins = [...ADDITIONS, ...CORRECTIONS].map(({ source, since, because }) => ({
		source,
		since,
		because,
	}));
	expect(origins).toEqual(
		origins.map(() => ({
			source: expect.stringMatching(/\S{3}/) as string,
			since: expect.stringMatching(/^20\d\d-\d\d-\d\d$/) as string,
			because: expect.stringMatching(/\S+ \S+ \S+/) as string,
		})),
	);
});

import fc from 'fast-check';
import { Expression, Workflow } from 'n8n-workflow';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import {
	escapedLiquid,
	liquidIn,
	mixedIn,
	withExpressions,
} from '../../nodes/shared/fields/liquid';
import type { Way } from '../support/n8n';
import { KIT, kitInWorkflow, kitNode, nodeTypes, runKit, WAYS } from '../support/n8n';
import { useSandbox } from '../support/sandbox';
import { byId } from './cases/case';

const sandbox = useSandbox();

const JSON_OF_ITEM = {
	x: 1,
	list: [1, 2],
	name: 'Ada',
	html: '<p>{{ subscriber.first_name }}</p>',
};

let workflow: Workflow;

beforeAll(async () => {
	const types = nodeTypes({ [KIT]: await kitNode() });
	workflow = new Workflow({
		nodes: [kitInWorkflow({})],
		connections: {},
		active: false,
		nodeTypes: types,
	});
});

/** What n8n makes of an expression. */
function resolved(expression: string): unknown {
	return workflow.expression.getParameterValue(
		expression,
		null,
		0,
		0,
		'Kit',
		[{ json: JSON_OF_ITEM }],
		'manual',
		{},
	);
}

function isVariable(name: string): boolean {
	try {
		return resolved(`={{ typeof ${name} }}`) !== 'undefined';
	} catch {
		return true;
	}
}

const found = (expression: string) => liquidIn(expression, isVariable);

/** What Kit's Liquid has in double braces. */
const LIQUID = [
	'subscriber.first_name',
	'subscriber.first_name | default: "friend"',
	"subscriber.first_name | strip | default: 'friend', allow_false: true",
	'subscriber.first_name | upcase',
	'subscriber.email_address',
	'subscriber.tags[0]',
	'subscriber["Last name"]',
	'snippet.my-key',
	'unsubscribe_url',
	'address',
	'"now" | date: "%Y"',
	"'now' | date: '%B %d, %Y'",
	'"now" | upcase',
	'5 | plus: 3',
	'- subscriber.first_name -',
	'\n\tsubscriber.first_name\n',
	'order.total | divided_by: 100.0 | round: 2',
];

/** What n8n computes. */
const N8N = [
	'$json.x',
	'$json["x"]',
	'$json.x | 3',
	'"text"',
	"'text'",
	'`text ${$json.x}`',
	'5',
	'5 | 3',
	'-5',
	'true',
	'null',
	'undefined',
	'this',
	'DateTime.now()',
	'DateTime.now().toFormat("yyyy")',
	'Math.max(1,2)',
	'Math.PI',
	'Math.PI | $json.x',
	'[1,2].join()',
	'[1,2].map((one) => one + 1).join(", ")',
	"$('Node').item.json.x",
	'$now',
	'$now.minus({ days: 7 }).toISODate()',
	'/* comment */ $json.x',
	'$json.x // comment\n',
	'$json.x ? "a" : "b"',
	'$json.x || "friend"',
	'$json.name ?? "friend"',
	'typeof $json.x',
	'new Date().getFullYear()',
	'Object.keys($json).length',
	'JSON.stringify($json)',
	'(() => { const first = 1; return first; })()',
	'$fromAI("subject", "The subject")',
	'$json.list.first()',
	'$if($json.x > 1, "a", "b")',
	'{ a: 1 }',
	'process.env.HOME',
	'"{{"',
	"'{{'",
	'"{{ subscriber.first_name }" + "}"',
	'"{{ subscriber.first_name \\}}"',
	'"{" + "{ subscriber.first_name }" + "}"',
	'"a | b"',
	'',
	'  ',
];

/** What is neither, and of which n8n makes something that nobody has meant. */
const MIXED = [
	'subscriber.first_name || "friend"',
	'subscriber.first_name ?? "friend"',
	'subscriber.first_name + "!"',
	'subscriber.first_name ? "Dear" : ""',
	'subscriber.first_name.toUpperCase()',
	'$json.name | upcase',
	'$json.name | strip_html | upcase',
	'$("Node").item.json.name | escape_once',
];

test.each(LIQUID)('{{ %s }} is Liquid that n8n would swallow', (liquid) => {
	expect(found(`=<p>Hello {{ ${liquid} }}, T</p>`)).toBe(liquid.trim());
	expect(found(`={{ $json.x }}{{${liquid}}}`)).toBe(liquid.trim());
	expect(found(`={{ "Hello {{ ${liquid} }}" }}`)).toBe(liquid.trim());
});

test.each(LIQUID)('n8n gives nothing of use for {{ %s }}', (liquid) => {
	let given: unknown;
	try {
		given = resolved(`=a{{ ${liquid} }}b`);
	} catch (error) {
		given = error;
	}
	expect(given instanceof Error || ['ab', 'a0b', 'a5b'].includes(given as string)).toBe(true);
});

test.each(LIQUID)('{{ %s }} with its first braces as text reaches Kit', (liquid) => {
	const written = `=<p>Hello ${escapedLiquid(liquid.trim())}, {{ $json.name }}</p>`;
	expect(found(written)).toBeUndefined();
	expect(resolved(written)).toBe(`<p>Hello {{ ${liquid.trim()} }}, Ada</p>`);
});

test.each(N8N)('{{ %s }} is for n8n', (code) => {
	expect(found(`=<p>Hello {{ ${code} }}, T</p>`)).toBeUndefined();
	expect(found(`={{${code}}}`)).toBeUndefined();
});

test.each(MIXED)('{{ %s }} is half Liquid and half n8n’s', (mixed) => {
	expect(mixedIn(`=<p>Hello {{ ${mixed} }}, T</p>`, isVariable)).toContain(`{{ ${mixed} }}: `);
	expect(mixedIn(`={{ $json.x }}{{${mixed}}}`, isVariable)).toContain(`{{ ${mixed} }}: `);
	const evaluate = () => 'evaluated';
	expect(() => withExpressions(`<p>{{ ${mixed} }}</p>`, { evaluate, isVariable })).toThrow(
		`has {{ ${mixed} }}: `,
	);
});

test.each(N8N)('{{ %s }} has nothing of Liquid in it', (code) => {
	expect(mixedIn(`=<p>Hello {{ ${code} }}, T</p>`, isVariable)).toBeUndefined();
	expect(mixedIn(`={{${code}}}`, isVariable)).toBeUndefined();
});

test.each(LIQUID)('{{ %s }} in n8n’s HTML editor stays as it is', (liquid) => {
	const html = `<p>Hello {{ ${liquid} }}</p>`;
	const evaluate = () => 'evaluated';
	expect(withExpressions(html, { evaluate, isVariable })).toBe(html);
});

test('tags of Liquid, text, and what an item brings are left alone', () => {
	const tags = '{% if subscriber.first_name %}{% assign a = b | upcase %}{% endif %}';
	expect(found(`=${tags} {{ $json.x }}`)).toBeUndefined();
	expect(resolved(`=${tags} {{ $json.x }}`)).toBe(`${tags} 1`);
	expect(found('=subscriber.first_name | upcase')).toBeUndefined();
	expect(resolved('={{ $json.html }}')).toBe(JSON_OF_ITEM.html);
});

test('no name that n8n has in its expressions is taken for Liquid', () => {
	const data: IDataObject = {};
	Expression.initializeGlobalContext(data);
	const names = Object.keys(data).filter((name) => /^\w+$/.test(name));
	expect(names.length).toBeGreaterThan(50);
	for (const name of names) expect([name, found(`={{ ${name} }}`)]).toEqual([name, undefined]);
});

test('whatever stands around it, Liquid is found, and what is written as told reaches Kit', () => {
	const piece = fc.oneof(
		fc
			.constantFrom(...N8N.filter((code) => !/process|fromAI|\$\('|\/\/|this/.test(code)))
			.map((code) => ({ text: `{{ ${code} }}`, liquid: undefined })),
		fc.constantFrom(...LIQUID).map((liquid) => ({ text: `{{ ${liquid} }}`, liquid })),
		fc.string().map((text) => ({ text: text.replaceAll(/[{}\\]/g, ''), liquid: undefined })),
	);
	fc.assert(
		fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
			const all = `=${pieces.map(({ text }) => text).join(' ')}`;
			const [first] = pieces.flatMap(({ liquid }) => liquid ?? []);
			expect(found(all)).toBe(first?.trim());
			const written = pieces.map(({ text, liquid }) =>
				liquid === undefined ? text : escapedLiquid(liquid.trim()),
			);
			expect(found(`=${written.join(' ')}`)).toBeUndefined();
		}),
	);
});

const HELLO = '=<p>Hello {{ subscriber.first_name }}, {{ $json.name }}</p>';
const UPDATED = { subject: 'Hi' };

/** The fields that take Liquid: operation, parameters, and what the message calls the field. */
const FIELDS: [string, INodeParameters, string][] = [
	['broadcast.create', { subject: 'Hi', content: HELLO }, 'Content'],
	['broadcast.create', { subject: HELLO, content: 'Hi' }, 'Subject'],
	[
		'broadcast.create',
		{ subject: 'Hi', content: 'Hi', additionalFields: { previewText: HELLO } },
		'Preview Text',
	],
	['broadcast.update', { updateFields: { ...UPDATED, content: HELLO } }, 'Content'],
	['broadcast.update', { updateFields: { subject: HELLO } }, 'Subject'],
	['sequenceEmail.create', { subject: 'Hi', additionalFields: { content: HELLO } }, 'Content'],
	['sequenceEmail.create', { subject: HELLO }, 'Subject'],
	['sequenceEmail.update', { updateFields: { previewText: HELLO } }, 'Preview Text'],
	['snippet.create', { name: 'A', snippetType: 'inline', content: HELLO }, 'Content'],
	['snippet.create', { name: 'A', snippetType: 'block', content: HELLO }, 'Content'],
	['snippet.update', { updateFields: { contentInline: HELLO } }, 'Content (Inline)'],
	['snippet.update', { updateFields: { contentBlock: HELLO } }, 'Content (Block)'],
];

const IN_EDITOR = HELLO.slice(1);

/** The fields with n8n's HTML editor, with what stands in it. */
const HTML_FIELDS: [string, INodeParameters][] = [
	['broadcast.create', { subject: 'Hi', content: IN_EDITOR }],
	['broadcast.update', { updateFields: { content: IN_EDITOR } }],
	['sequenceEmail.create', { subject: 'Hi', additionalFields: { content: IN_EDITOR } }],
	['sequenceEmail.update', { updateFields: { content: IN_EDITOR } }],
	['snippet.create', { name: 'A', snippetType: 'block', content: IN_EDITOR }],
	['snippet.update', { updateFields: { contentBlock: IN_EDITOR } }],
];

const ABOUT = {
	broadcastId: byId(1),
	sequenceId: byId(1),
	sequenceEmailId: byId(1),
	snippetId: byId(1),
};

async function run(operation: string, parameters: INodeParameters, way?: Way) {
	const [resource = '', value = ''] = operation.split('.');
	return await runKit({
		way,
		credential: sandbox.credential,
		items: [JSON_OF_ITEM],
		parameters: { resource, operation: value, ...parameters },
	});
}

// n8n's declarative engine resolves all expressions before it asks the node for anything.
test('Liquid with a filter is refused in words, and not as a syntax that is wrong', async () => {
	const content = '=<p>{{ subscriber.first_name | default: "friend" }}</p>';
	const { error } = await run('broadcast.create', { subject: 'Hi', content });
	expect(error?.message).toContain(
		`Write {{ '{{' }} subscriber.first_name | default: "friend" }} in its place`,
	);
	expect(sandbox.requests()).toEqual([]);
});

describe.each(WAYS)('run by %s', (way) => {
	test.each(FIELDS)(
		'%s refuses Liquid that n8n would swallow, before anything is sent (%#)',
		async (operation, parameters, label) => {
			const { error } = await run(operation, { ...ABOUT, ...parameters }, way);
			expect(error?.message).toBe(
				`${label} has {{ subscriber.first_name }} in an expression, where n8n takes it for its own and not for Liquid. ` +
					`Write {{ '{{' }} subscriber.first_name }} in its place, or make the field fixed`,
			);
			expect(sandbox.requests()).toEqual([]);
		},
	);

	test.each(HTML_FIELDS)(
		'%s takes Liquid and n8n’s expressions side by side in n8n’s HTML editor (%#)',
		async (operation, parameters) => {
			await run(operation, { ...ABOUT, ...parameters }, way);
			const sent = sandbox.requests().map(({ body }) => JSON.stringify(body));
			expect(sent.join()).toContain('<p>Hello {{ subscriber.first_name }}, Ada</p>');
		},
	);

	test.each(['{{#if subscriber}}', '{{ $json. }}', "{{ $('Nowhere').item.json.x }}"])(
		'%s in n8n’s HTML editor is refused by name, before anything is sent',
		async (part) => {
			const content = `<p>Hello ${part}</p>`;
			const { error } = await run('broadcast.create', { subject: 'Hi', content }, way);
			expect(error?.message).toContain(`Content has ${part}, which is no Liquid`);
			expect(sandbox.requests()).toEqual([]);
		},
	);

	test.each([
		['{{ subscriber.first_name || "friend" }}', 'n8n has no “subscriber”'],
		['{{ $json.name | upcase }}', '“upcase” is a filter of Liquid'],
	])(
		'%s is refused in an expression and in n8n’s HTML editor, where it would greet everybody alike',
		async (part, reason) => {
			for (const content of [`=<p>${part}</p>`, `<p>${part}</p>`]) {
				const { error } = await run('broadcast.create', { subject: 'Hi', content }, way);
				expect(error?.message).toContain(`Content has ${part}: ${reason}`);
			}
			expect(sandbox.requests()).toEqual([]);
		},
	);

	test('blanks that n8n’s expressions give in n8n’s HTML editor are kept', async () => {
		const content = '<p>{{ $json.name + " " }}{{ $json.x }}</p>';
		const { json } = await run('broadcast.create', { subject: 'Hi', content }, way);
		expect(json).toMatchObject([{ content: '<p>Ada 1</p>' }]);
	});

	test('Liquid written as told, in a fixed field, or brought by the item reaches Kit', async () => {
		const liquid = '<p>Hello {{ subscriber.first_name }}</p>';
		for (const content of [
			"=<p>Hello {{ '{{' }} subscriber.first_name }}</p>",
			liquid,
			'={{ $json.html.replace("<p>", "<p>Hello ") }}',
		]) {
			const { json, error } = await run('broadcast.create', { subject: 'Hi', content }, way);
			expect(error).toBeUndefined();
			expect(json).toMatchObject([{ content: liquid }]);
		}
	});
});

import { UserError } from 'n8n-workflow';
import type { Field } from './field';
import { isExpression, isObject, toText } from './parsers';

/** Whether n8n has something of this name in its expressions. */
export type IsVariable = (name: string) => boolean;

const TEXT = String.raw`"[^"]*"|'[^']*'`;
const NUMBER = String.raw`-?\d+(?:\.\d+)?`;
const NAME = String.raw`[A-Za-z_][\w-]*\??`;
const PATH = String.raw`${NAME}(?:\s*\.\s*${NAME}|\s*\[\s*(?:${TEXT}|\d+|${NAME})\s*\])*`;
const VALUE = `(?:${TEXT}|${NUMBER}|${PATH})`;
const ARGUMENT = String.raw`(?:${NAME}\s*:\s*)?${VALUE}`;
const FILTER = String.raw`\|\s*(?<filter>${NAME})(?<arguments>\s*:\s*${ARGUMENT}(?:\s*,\s*${ARGUMENT})*)?`;

/** An output of Liquid (Shopify's documentation of Liquid), without its braces. */
const OUTPUT = new RegExp(
	String.raw`^-?\s*(?:${TEXT}|${NUMBER}|(?<path>${PATH}))(?<filters>(?:\s*${FILTER.replaceAll(/\?<\w+>/g, '?:')})*)\s*-?$`,
);

const FIRST_FILTER = new RegExp(String.raw`^\s*${FILTER}`);

/** What n8n takes for JavaScript: from two braces to the next two, unless a backslash is before them. */
const SEGMENT = /(?<!\\)(?:\\\\)*\{\{(?<code>[^]*?)(?<!\\)(?:\\\\)*\}\}/g;

function segmentsOf(expression: string): string[] {
	return [...expression.matchAll(SEGMENT)].map(({ groups }) => groups?.code ?? '');
}

/** What n8n has although it is undefined there, or only in the editor. */
const UNDEFINED = ['undefined', 'window'];

/** Whether a segment means something to Liquid, and nothing to n8n. */
function isLiquid(segment: string, isVariable: IsVariable): boolean {
	const { path, filters = '' } = OUTPUT.exec(segment.trim())?.groups ?? {};
	const [root] = /^[\w$]+/.exec(path ?? '') ?? [];
	if (root !== undefined) return !UNDEFINED.includes(root) && !isVariable(root);
	const { filter, arguments: given } = FIRST_FILTER.exec(filters)?.groups ?? {};
	return filter !== undefined && (given !== undefined || !isVariable(filter));
}

/**
 * @param expression as the node has it, before n8n resolves it
 * @param isVariable whether n8n has something of this name in its expressions
 * @returns the first output of Liquid that n8n would take for JavaScript of its own, without its braces
 */
export function liquidIn(expression: string, isVariable: IsVariable): string | undefined {
	// Braces in a text of JavaScript: n8n ends the code, and with it the text, at those that close.
	const inner = segmentsOf(expression).map((segment) => segment.split('{{').at(-1) ?? '');
	return inner.find((segment) => isLiquid(segment, isVariable))?.trim();
}

/**
 * Looks for Liquid that n8n would swallow: in an expression, `{{ subscriber.first_name }}` gives nothing.
 * @param field of which the outputs of Liquid are for Kit
 * @param raw what the node has for it, before expressions were resolved
 * @param isVariable whether n8n has something of this name in its expressions
 * @throws {UserError} that names the field, the output, and how it reaches Kit
 */
export function refuseSwallowedLiquid(field: Field, raw: unknown, isVariable: IsVariable): void {
	if (field.type === 'collection') {
		for (const inner of field.options) {
			if (isObject(raw)) refuseSwallowedLiquid(inner, raw[inner.name], isVariable);
		}
		return;
	}
	if (!('takesLiquid' in field) || !isExpression(raw)) return;
	const liquid = liquidIn(raw, isVariable);
	if (liquid === undefined) return;
	throw new UserError(
		`${field.displayName} has {{ ${liquid} }} in an expression, where n8n takes it for its own and not for Liquid. Write ${escapedLiquid(liquid)} in its place, or make the field fixed`,
	);
}

/** What evaluates n8n's expressions in HTML. */
export interface Evaluator {
	/** Evaluates `{{ … }}`; throws what n8n throws */
	evaluate: (expression: string) => unknown;
	isVariable: IsVariable;
}

/**
 * n8n's HTML editor leaves expressions to the node, as its own HTML node resolves them.
 * @param html as it stands in the editor
 * @param evaluator n8n's
 * @returns the same with what n8n's expressions give, and with Liquid as it is
 * @throws {UserError} that names the expression that cannot be evaluated
 */
export function withExpressions(html: string, { evaluate, isVariable }: Evaluator): string {
	return html.replaceAll(/\{\{([^]*?)\}\}/g, (whole, code: string) => {
		if (isLiquid(code, isVariable)) return whole;
		const { given, failure } = tried(evaluate, whole);
		if (failure === undefined) return toText(given);
		throw new UserError(`has ${whole}, which is no Liquid, and n8n cannot evaluate it: ${failure}`);
	});
}

function tried(
	evaluate: Evaluator['evaluate'],
	expression: string,
): { given?: unknown; failure?: string } {
	try {
		return { given: evaluate(expression) };
	} catch (error) {
		return { failure: error instanceof Error ? error.message : toText(error) };
	}
}

/** @returns how an output of Liquid is written in an expression so that it reaches Kit */
export function escapedLiquid(liquid: string): string {
	return `{{ '{{' }} ${liquid} }}`;
}

/** For fields that take Liquid. */
export const LIQUID_HINT = `In an expression, write Liquid with its first braces as text: ${escapedLiquid('subscriber.first_name')}`;

/** For fields with n8n's HTML editor. */
export const HTML_HINT =
	'Liquid such as {{ subscriber.first_name }} goes to Kit as it is, although n8n paints it red. {{ $json.title }} is filled in by n8n.';

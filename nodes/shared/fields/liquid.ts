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

/** A name with which JavaScript begins, and a filter of Liquid without arguments with which it ends. */
const FIRST_NAME = /^-?\s*(?<name>[A-Za-z_]\w*)/;
const LAST_FILTER = /^(?![^]*\/\/)[^]*[^|]\|\s*(?<name>[A-Za-z_]\w*)\s*-?$/;

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
 * @returns why a segment is neither Liquid nor of use to n8n, which makes nothing, 0 or “undefined” of what it
 * does not know, without an error
 */
function mixtureIn(segment: string, isVariable: IsVariable): string | undefined {
	const code = segment.trim();
	const { name: first } = FIRST_NAME.exec(code)?.groups ?? {};
	if (first !== undefined && !UNDEFINED.includes(first) && !isVariable(first)) {
		return `n8n has no “${first}”, and it is no Liquid either, which would be such as {{ subscriber.first_name | default: "friend" }}`;
	}
	const { name: filter } = LAST_FILTER.exec(code)?.groups ?? {};
	if (filter === undefined || UNDEFINED.includes(filter) || isVariable(filter)) return undefined;
	return `“${filter}” is a filter of Liquid, and what is before it is n8n’s. Change it in n8n’s way, such as {{ $json.title.toUpperCase() }}`;
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
 * @param expression as the node has it, before n8n resolves it
 * @param isVariable whether n8n has something of this name in its expressions
 * @returns a sentence about the first part that is half Liquid and half n8n's
 */
export function mixedIn(expression: string, isVariable: IsVariable): string | undefined {
	for (const segment of segmentsOf(expression)) {
		const problem = mixtureIn(segment, isVariable);
		if (problem !== undefined) return `{{ ${segment.trim()} }}: ${problem}`;
	}
	return undefined;
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
	if (liquid === undefined) {
		const mixed = mixedIn(raw, isVariable);
		if (mixed !== undefined) throw new UserError(`${field.displayName} has ${mixed}`);
		return;
	}
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
		const mixed = mixtureIn(code, isVariable);
		if (mixed !== undefined) throw new UserError(`has ${whole}: ${mixed}`);
		const { given, failure } = tried(evaluate, whole);
		if (failure === undefined) return typeof given === 'string' ? given : toText(given);
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

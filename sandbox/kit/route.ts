import type { Account } from './state';

/** In what the sandbox differs from Kit, or shows what Kit does in some cases only. */
export interface KitSettings {
	/** Webhook endpoints may be on this machine. */
	readonly allowLoopbackWebhooks: boolean;
	/** `DELETE /tags/{id}` is no route: Maton documents it, Kit does not. */
	readonly noTagDelete: boolean;
}

/** One request to Kit, after the gateway has let it through. */
export interface Call {
	/** As it is, or as it was a while ago for what lags. */
	readonly account: Account;
	readonly params: Readonly<Record<string, string>>;
	readonly query: Readonly<Record<string, unknown>>;
	readonly body: Readonly<Record<string, unknown>>;
	readonly settings: KitSettings;
}

/** What Kit answers; without a body for 204. */
export interface Answer {
	readonly status: number;
	readonly body?: object;
}

/** One operation of Kit's API. */
export interface Route {
	readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	/** Below `/v4`, with `:name` for each path parameter. */
	readonly path: string;
	/** True for an operation that changes nothing although it is not a GET. */
	readonly reads?: boolean;
	readonly handle: (call: Call) => Answer;
}

/** An error that Kit answers: `{"errors": ["sentence", ...]}`, but for 429 and 5xx. */
export class KitError extends Error {
	constructor(
		readonly status: number,
		readonly sentences: string[],
		readonly body: object | string = { errors: sentences },
	) {
		super(sentences.join(' '));
	}
}

/** Kit's answer beyond its own limit, plain text without `Retry-After`, by Kit's own clients. */
export const RETRY_LATER = 'Retry later';

/** Kit's answer for an id that does not exist. */
export function notFound(): KitError {
	return new KitError(404, ['Not Found']);
}

/**
 * Kit's answer to bad data.
 * @param sentences what is wrong, a sentence each
 */
export function invalid(...sentences: string[]): KitError {
	return new KitError(422, sentences);
}

/** An answer with status 200, or another one. */
export function answer(body: object, status = 200): Answer {
	return { status, body };
}

/** The answer to a deletion: 204 and no body. */
export const EMPTY: Answer = { status: 204 };

/**
 * Reads an id in the path.
 * @param call the request
 * @param name the parameter's name in the route's path
 * @returns the id; Kit's 404 where it is no integer
 */
export function idIn(call: Call, name = 'id'): number {
	const text = call.params[name] ?? '';
	if (!/^\d+$/.test(text)) throw notFound();
	return Number(text);
}

/**
 * Reads a query or body value as text.
 * @param value as it arrived
 * @returns the text, or undefined where nothing or nothing readable was sent
 */
export function textOf(value: unknown): string | undefined {
	if (Array.isArray(value)) return textOf(value.at(-1));
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	return typeof value === 'string' ? value : undefined;
}

/**
 * Reads one of a few words.
 * @param value as it arrived
 * @param name what the sentence calls it
 * @param accepted the words
 * @returns the word, or undefined where none was sent; Kit's 422 where it is another one
 */
export function choiceIn<T extends string>(
	value: unknown,
	name: string,
	accepted: readonly T[],
): T | undefined {
	const text = textOf(value) ?? '';
	if (text === '') return undefined;
	const found = accepted.find((word) => word === text);
	if (found === undefined) throw invalid(`${name} must be one of: ${accepted.join(', ')}`);
	return found;
}

/** The expansions that a request asks for by `include`, commas between them. */
export function includesOf({ query }: Call): string[] {
	const names = (textOf(query.include) ?? '').split(',').map((name) => name.trim());
	return names.filter((name) => name !== '');
}

/** Whether a flag is set: `true` in a body, `true` or `1` in a query, as Kit's own SDK sends it. */
export function isSet(value: unknown): boolean {
	return ['true', '1'].includes(textOf(value) ?? '');
}

/** The items of an array, or undefined where the value is none. */
export function arrayOf(value: unknown): unknown[] | undefined {
	return Array.isArray(value) ? value : undefined;
}

/** The value as an object with keys; an empty one where it is none. */
export function objectOf(value: unknown): Record<string, unknown> {
	return isObject(value) ? value : {};
}

/** Whether a value is an object with keys, neither null nor an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

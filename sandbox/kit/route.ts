import type { Flaw } from '../facts/requests';
import type { SandboxSettings } from '../settings';
import type { Account } from './account';
import { byId } from './rows';

/** What every list takes. */
export interface PageQuery {
	readonly after?: string;
	readonly before?: string;
	readonly per_page?: number;
	readonly include_total_count?: boolean;
	/** The expansions, commas between them. */
	readonly include?: string;
}

/**
 * One request to Kit, after the gateway has let it through: typed and checked as the facts have it, so that
 * handlers need to check only what depends on the account.
 */
export interface Call<Body = object, Query = object> {
	/** As it is, or as it was a while ago for what lags. */
	readonly account: Account;
	/** The ids in the path. */
	readonly ids: Readonly<Record<string, number>>;
	readonly query: Query & PageQuery;
	readonly body: Body;
	/** What is wrong with single entries of a bulk request. */
	readonly flaws: readonly Flaw[];
	readonly settings: Readonly<SandboxSettings>;
}

/** What Kit answers; without a body for 204. */
export interface Answer {
	readonly status: number;
	readonly body?: object;
}

/** Handlers by `GET /tags/{id}`, below `/v4`. */
export type Operations = Readonly<Record<string, (call: Call<never, never>) => Answer>>;

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

/**
 * Kit's answer beyond its own limit, plain text without `Retry-After`, by Kit's own clients. The words are
 * those of Rack::Attack where nobody set others (`lib/rack/attack/configuration.rb`), which end a line.
 */
export const RETRY_LATER = 'Retry later\n';

/** Kit's answer for an id that does not exist. */
export function notFound(): KitError {
	return new KitError(404, ['Not Found']);
}

/** Kit's answer to bad data, a sentence for each thing that is wrong. */
export function invalid(...sentences: string[]): KitError {
	return new KitError(422, sentences);
}

/** An answer with status 200, or another one. */
export function answer(body: object, status = 200): Answer {
	return { status, body };
}

/** The answer to a deletion: 204 and no body. */
export const EMPTY: Answer = { status: 204 };

/** The row that a path names by its id; Kit's 404 where there is none. */
export function existing<T extends { readonly id: number }>(
	rows: readonly T[],
	id: number | undefined,
): T {
	const found = byId(rows, id);
	if (found === undefined) throw notFound();
	return found;
}

/** Refuses a value that another row has already. */
export function checkFree<T>(
	rows: readonly T[],
	key: keyof T & string,
	value: unknown,
	own?: T,
): void {
	if (!rows.some((row) => row !== own && row[key] === value)) return;
	throw invalid(`${key.charAt(0).toUpperCase()}${key.slice(1)} has already been taken`);
}

/** Whether an expansion is asked for. */
export function includes({ query }: Call, word: string): boolean {
	return (query.include ?? '').split(',').includes(word);
}

/** Whether a value is an object with keys, neither null nor an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as an object with keys; an empty one where it is none. */
export function objectOf(value: unknown): Record<string, unknown> {
	return isObject(value) ? value : {};
}

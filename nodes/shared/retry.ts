/** How a request ended when it did not end well: with a status, without an answer, or unreadably. */
export type Failure = { status: number } | { lost: true } | { unreadable: true };

/** What decides whether a request is sent again. */
export interface Attempt {
	failure: Failure;
	/** Which try has just failed, counted from 1 */
	number: number;
	/** Whether Kit may be asked twice without doing the thing twice, see `isRepeatable` */
	repeatable: boolean;
	/** The answer's `Retry-After` in milliseconds, where it had one */
	retryAfterMs?: number;
	/** Milliseconds since the first try was sent */
	elapsedMs: number;
	/** A number from 0 up to 1 that spreads out processes which were refused together */
	random: number;
}

const MOST_TRIES = 5;

/** A request that could not be done within about this time is given up. */
const PATIENCE_MS = 60_000;

const FIRST_WAIT_MS = 1000;

/**
 * Posts that do the same once as twice, by Kit's documentation: upserts, adding what may already be
 * there, asking a filter. Whatever is not named here would create a second one.
 */
const REPEATABLE_POSTS = [
	/^\/kit\/v4\/subscribers$/,
	/^\/kit\/v4\/subscribers\/filter$/,
	/^\/kit\/v4\/subscribers\/\d+\/(unsubscribe|location)$/,
	/^\/kit\/v4\/(tags|custom_fields)$/,
	/^\/kit\/v4\/(tags|forms|sequences)\/\d+\/subscribers(\/\d+)?$/,
];

/**
 * @param method the request's HTTP method
 * @param path its path below the gateway's base URL
 * @returns whether it may be sent again although it may already have been carried out
 */
export function isRepeatable(method: string, path: string): boolean {
	return method !== 'POST' || REPEATABLE_POSTS.some((pattern) => pattern.test(path));
}

/**
 * Decides about the next try: 429 always, since nothing was done; lost connections, unreadable
 * answers, 502, 503 and 504 where repeating is safe; 500 likewise, but once, since at Maton it
 * mostly means an expired authorisation that no waiting mends.
 * @param attempt what has happened
 * @returns milliseconds to wait before the next try, or undefined to give up
 */
export function nextTryIn(attempt: Attempt): number | undefined {
	const { failure, number, repeatable } = attempt;
	const status = 'status' in failure ? failure.status : undefined;
	const worthIt =
		status === 429 ||
		(repeatable && (status === undefined || [502, 503, 504].includes(status))) ||
		(repeatable && status === 500 && number === 1);
	if (!worthIt || number >= MOST_TRIES) return undefined;

	const backOffMs = FIRST_WAIT_MS * 2 ** (number - 1) * (0.5 + attempt.random / 2);
	const waitMs = attempt.retryAfterMs ?? backOffMs;
	return attempt.elapsedMs + waitMs > PATIENCE_MS ? undefined : waitMs;
}

/**
 * @param header the value of `Retry-After`: seconds or an HTTP date (RFC 9110)
 * @param now the present, milliseconds since 1970
 * @returns milliseconds from now, or undefined where the header is missing or says nothing
 */
export function readRetryAfter(header: unknown, now: number): number | undefined {
	if (typeof header !== 'string' || header.trim() === '') return undefined;
	const seconds = Number(header);
	const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
	return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** How a request ended when it did not end well: with a status, without an answer, or unreadably. */
export type Failure = { status: number } | { lost: true } | { unreadable: true };

/** What decides whether a request is sent again. */
export interface Attempt {
	/** What every try so far ended with, the last one last */
	failures: readonly Failure[];
	/** Whether Kit may be asked twice without doing the thing twice, see `isRepeatable` */
	repeatable: boolean;
	/** Whether it is one of Kit's bulk requests, see `isBulk` */
	bulk: boolean;
	/** The answer's `Retry-After` in milliseconds, where it had one */
	retryAfterMs?: number;
	/** Milliseconds since the first try was sent */
	elapsedMs: number;
	/** A number from 0 up to 1 that spreads out processes which were refused together */
	random: number;
}

/** How long to wait for the next try, how much longer each time, and when to give up. */
interface Patience {
	firstWaitMs: number;
	growth: number;
	longestWaitMs: number;
	tries: number;
	totalMs: number;
}

/** When Kit or Maton are unwell. */
const UNWELL: Patience = {
	firstWaitMs: 1000,
	growth: 2,
	longestWaitMs: 60_000,
	tries: 5,
	totalMs: 60_000,
};

/**
 * When too many requests arrive. Several n8n processes with one key only learn of each other by being
 * refused; they ask again soon, so that no second of the limit is left unused, and for long, since the
 * others may be lucky many times in a row.
 */
const TOO_MANY: Patience = {
	firstWaitMs: 100,
	growth: 1.2,
	longestWaitMs: 500,
	tries: Infinity,
	totalMs: 180_000,
};

/** When Kit's queue of bulk requests is full (413), which takes minutes to drain. */
const QUEUE_FULL: Patience = {
	firstWaitMs: 5000,
	growth: 2,
	longestWaitMs: 60_000,
	tries: Infinity,
	totalMs: 600_000,
};

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
	/^\/kit\/v4\/bulk\//,
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
 * @param path a request's path below the gateway's base URL
 * @returns whether it is one of Kit's bulk requests, which alone are answered 413 by a full queue
 */
export function isBulk(path: string): boolean {
	return path.startsWith('/kit/v4/bulk/');
}

/**
 * Decides about the next try: 429 always and 413 of bulk requests, since nothing was done; lost
 * connections, unreadable answers, 502, 503 and 504 where repeating is safe; 500 likewise, but once,
 * since at Maton it mostly means an expired authorisation that no waiting mends. Each of these is
 * counted for itself: who was refused a few times with 429 may still be unlucky with 503.
 * @param attempt what has happened
 * @returns milliseconds to wait before the next try, or undefined to give up
 */
export function nextTryIn(attempt: Attempt): number | undefined {
	const { failures, repeatable, bulk } = attempt;
	const patiences = failures.map((failure) => patienceWith(failure, bulk));
	const patience = patiences.at(-1);
	if (!patience || (patience === UNWELL && !repeatable)) return undefined;
	const { firstWaitMs, growth, longestWaitMs, tries, totalMs } = patience;
	const number = patiences.filter((one) => one === patience).length;
	const status500 = failures.filter((failure) => statusOf(failure) === 500).length;
	if (number >= tries || status500 > 1) return undefined;
	const grownMs = Math.min(firstWaitMs * growth ** (number - 1), longestWaitMs);
	const waitMs = attempt.retryAfterMs ?? grownMs * (0.5 + attempt.random / 2);
	return attempt.elapsedMs + waitMs > totalMs ? undefined : waitMs;
}

function patienceWith(failure: Failure, bulk: boolean): Patience | undefined {
	const status = statusOf(failure);
	if (status === 429) return TOO_MANY;
	if (status === 413 && bulk) return QUEUE_FULL;
	return status === undefined || [500, 502, 503, 504].includes(status) ? UNWELL : undefined;
}

function statusOf(failure: Failure): number | undefined {
	return 'status' in failure ? failure.status : undefined;
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

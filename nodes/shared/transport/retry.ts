/** How an attempt ended that did not succeed. */
export type Failure =
	| {
			status: number;
			/** Whether Kit itself refused, and not Maton or a proxy */
			fromKit?: boolean;
	  }
	| { networkError: true }
	| { unreadable: true };

/** What decides whether a request is sent again. */
export interface RetryState {
	/** What every attempt so far ended with, the last one last */
	failures: readonly Failure[];
	/** Whether Kit may be asked twice without doing the thing twice */
	idempotent: boolean;
	/** The response's `Retry-After` in milliseconds, where it had one */
	retryAfterMs?: number;
	/** Milliseconds since the first attempt went out; the time in the queue before does not count */
	elapsedMs: number;
	/** A number from 0 up to 1 that spreads out processes which were refused together */
	random: number;
}

/** How long to wait for the next attempt, how much longer each time, and when to give up. */
interface RetryPolicy {
	firstDelayMs: number;
	factor: number;
	longestDelayMs: number;
	attempts: number;
	totalMs: number;
}

/** When Kit or Maton do not answer as they should. */
const OUTAGE: RetryPolicy = {
	firstDelayMs: 1000,
	factor: 2,
	longestDelayMs: 60_000,
	attempts: 5,
	totalMs: 60_000,
};

/**
 * When too many requests arrive. Several n8n processes with one key only learn of each other by being
 * refused; they ask again soon, so that no second of the limit is left unused, and for long, since the
 * others may be lucky many times in a row.
 */
const RATE_LIMIT: RetryPolicy = {
	firstDelayMs: 100,
	factor: 1.2,
	longestDelayMs: 500,
	attempts: Infinity,
	totalMs: 180_000,
};

/**
 * When Kit itself says that too many requests arrive: 600 a minute for one connection. It asks to stop
 * sending, since up to a minute resets the limit, and to back off with growing pauses when it says so
 * again (Kit's documentation of rate limits).
 */
const KIT_RATE_LIMIT: RetryPolicy = {
	firstDelayMs: 10_000,
	factor: 2,
	longestDelayMs: 60_000,
	attempts: Infinity,
	totalMs: 300_000,
};

/** When Kit's queue of bulk requests is full (413), which takes minutes to drain. */
const QUEUE_FULL: RetryPolicy = {
	firstDelayMs: 5000,
	factor: 2,
	longestDelayMs: 60_000,
	attempts: Infinity,
	totalMs: 600_000,
};

/**
 * Decides about the next attempt: 429 always and 413 of Kit itself, since nothing was done; network
 * errors, unreadable responses, 408 and what servers answer from 502 on where the request is idempotent
 * (Cloudflare has 520 to 530 for what it cannot get from Kit or Maton); 500 likewise, but once, since at
 * Maton it mostly means an expired authorisation that no waiting mends. Each of these is counted for
 * itself: who was refused a few times with 429 may still be unlucky with 503.
 * @param state what has happened
 * @returns milliseconds to wait before the next attempt, or undefined to give up
 */
export function retryDelay(state: RetryState): number | undefined {
	const { failures, idempotent } = state;
	const policies = failures.map(policyFor);
	const policy = policies.at(-1);
	if (!policy || (policy === OUTAGE && !idempotent)) return undefined;
	const { firstDelayMs, factor, longestDelayMs, attempts, totalMs } = policy;
	const number = policies.filter((one) => one === policy).length;
	const status500 = failures.filter((failure) => statusOf(failure) === 500).length;
	if (number >= attempts || status500 > 1) return undefined;
	const grownMs = Math.min(firstDelayMs * factor ** (number - 1), longestDelayMs);
	const { retryAfterMs = 0 } = state;
	// What is over already, as by a clock that is ahead, says no more than that it was too early.
	const delayMs = retryAfterMs > 0 ? retryAfterMs : grownMs * (0.5 + state.random / 2);
	return state.elapsedMs + delayMs > totalMs ? undefined : delayMs;
}

/**
 * @param failures what every attempt ended with, the last one last
 * @returns how often it was tried to get by what the last one ended with; who was refused because of too
 * many requests before was not tried with anything else
 */
export function attemptsAlike(failures: readonly Failure[]): number {
	const policies = failures.map(policyFor);
	const last = policies.at(-1);
	return last === undefined ? 1 : policies.filter((one) => one === last).length;
}

function policyFor(failure: Failure): RetryPolicy | undefined {
	const status = statusOf(failure);
	const fromKit = 'fromKit' in failure && failure.fromKit === true;
	if (status === 429) return fromKit ? KIT_RATE_LIMIT : RATE_LIMIT;
	// A 413 without Kit's sentences is somebody's proxy, to which the body is too large for good.
	if (status === 413) return fromKit ? QUEUE_FULL : undefined;
	const isOutage = status === undefined || status === 408 || (status >= 500 && status !== 501);
	return isOutage ? OUTAGE : undefined;
}

function statusOf(failure: Failure): number | undefined {
	return 'status' in failure ? failure.status : undefined;
}

/**
 * @param header the value of `Retry-After`: seconds or an HTTP date (RFC 9110)
 * @param now the present, milliseconds since 1970
 * @param date the value of `Date` beside it: the present by the clock that a date is by
 * @returns milliseconds from now, or undefined where the header is missing or says nothing
 */
export function readRetryAfter(header: unknown, now: number, date?: unknown): number | undefined {
	if (typeof header !== 'string' || header.trim() === '') return undefined;
	const seconds = Number(header);
	const sentAt = typeof date === 'string' ? Date.parse(date) : NaN;
	const since = Number.isNaN(sentAt) ? now : sentAt;
	const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - since;
	return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

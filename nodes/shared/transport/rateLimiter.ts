/**
 * Maton answers at most this many requests a second for one API key (Maton's documentation: 10 a
 * second per account) and 429 beyond that; Kit lets through 600 a minute (Kit's documentation of rate
 * limits), which comes to the same.
 */
export const REQUESTS_PER_SECOND = 10;

/** Clocks and networks are not exact to the millisecond. */
const MARGIN_MS = 10;

/**
 * The next one starts no sooner than after this share of the time that each has on average. Whoever answers
 * ten at once answers the last one late, of which nobody knows whether it arrived late as well; and the more
 * they are spread, the later the last one of all starts.
 */
const SPREAD = 0.25;

/** By how much a request is believed to be late at most: of what takes longer, most happens at Kit … */
const MOST_LATE_MS = 100;

/** … which is less sure at first, and where the gateway has lately refused one. */
const MOST_LATE_UNSURE_MS = 150;

const REFUSED_FOR_MS = 10_000;

/** Of so many responses the fastest says how long one takes that nothing has held up … */
const MOST_RESPONSES = 12;

/** … and of fewer, nothing is known of that, as when all of the first had to wait for connections. */
const FEWEST_RESPONSES = 10;

/** A request that was let go. */
export interface Started {
	at: number;
	/** By how much it was late, by what was known when its response came */
	lateMs?: number;
}

/**
 * Says when the next request for one API key may start. What the gateway counts is when requests arrive,
 * and of that this knows: a request whose response came so much later than the fastest one's arrived by at
 * most so much later. A response that does not come at all changes little. Times are milliseconds on any
 * clock that only goes forward; the caller passes them in.
 */
export class RateLimiter {
	/** Those that may still count in the second, in the order of their start, and some before them */
	private lastSecond: Started[] = [];

	/** Those that may still count in the minute, in the same order */
	private readonly lastMinute: Started[] = [];

	private readonly durations: number[] = [];

	/** By how much the last ones were late */
	private readonly lateness: number[] = [];

	private blockedUntil = -Infinity;

	private refusedAt = -Infinity;

	/** @param perSecond how many requests may start in one second */
	constructor(private readonly perSecond = REQUESTS_PER_SECOND) {}

	/**
	 * @param now the present
	 * @returns milliseconds until it is worth asking again, 0 where a request may start at once
	 */
	delayUntilFree(now: number): number {
		const { at = -Infinity } = this.lastMinute.at(-60 * this.perSecond) ?? {};
		const minute = at + 60_000 + MARGIN_MS;
		const before = (this.lastMinute.at(-1)?.at ?? -Infinity) + (SPREAD * 1000) / this.perSecond;
		return Math.max(0, Math.max(this.blockedUntil, this.freeInSecond(now), minute, before) - now);
	}

	private freeInSecond(now: number): number {
		if (this.lastSecond.length < this.perSecond) return now;
		this.lastSecond = this.lastSecond.filter((one) => this.countsUntil(one, now) > now);
		if (this.lastSecond.length < this.perSecond) return now;
		const freeAt = this.lastSecond.map((one) => this.countsUntil(one, now)).sort((a, b) => a - b);
		return freeAt.at(-this.perSecond) ?? now;
	}

	/**
	 * Counts a request that starts now.
	 * @param now the present
	 * @returns what `end` is to be told
	 */
	start(now: number): Started {
		const started: Started = { at: now };
		this.lastSecond.push(started);
		this.lastMinute.push(started);
		if (this.lastMinute.length > 60 * this.perSecond) this.lastMinute.shift();
		return started;
	}

	/**
	 * Counts a request that has started from when it left, where something kept it.
	 * @param now the present
	 */
	leave(started: Started, now: number): void {
		started.at = now;
	}

	/**
	 * @param started the request whose response, or the loss of it, is known
	 * @param now the present
	 * @param wasRefused whether the gateway refused it with 429, which it does at once: that says nothing of
	 * how long the others take
	 */
	end(started: Started, now: number, wasRefused = false): void {
		started.lateMs = this.lateMs(started, now);
		if (wasRefused) return;
		if (this.isFastestKnown) keepLast(this.lateness, started.lateMs);
		keepLast(this.durations, now - started.at);
	}

	/**
	 * The gateway has refused a request, so that it is more careful for a while.
	 * @param now the present
	 */
	refuse(now: number): void {
		this.refusedAt = now;
	}

	/**
	 * Holds back every request, as the gateway asks for with 429.
	 * @param until when the next request may start, at the earliest
	 */
	block(until: number): void {
		this.blockedUntil = Math.max(this.blockedUntil, until);
	}

	private countsUntil(started: Started, now: number): number {
		const { at, lateMs = Math.max(this.lateMs(started, now), this.usuallyLateMs) } = started;
		return at + lateMs + 1000 + MARGIN_MS;
	}

	private get isFastestKnown(): boolean {
		return this.durations.length >= FEWEST_RESPONSES;
	}

	/** By how much all but one were late at most, which those without a response may be, too. */
	private get usuallyLateMs(): number {
		const [, second = 0] = [...this.lateness].sort((a, b) => b - a);
		return Math.min(second, MOST_LATE_MS);
	}

	private lateMs({ at }: Started, now: number): number {
		const fastest = this.isFastestKnown ? Math.min(...this.durations) : 0;
		const isSure = this.isFastestKnown && now - this.refusedAt >= REFUSED_FOR_MS;
		const mostLate = isSure ? MOST_LATE_MS : MOST_LATE_UNSURE_MS;
		return Math.min(Math.max(0, now - at - fastest), mostLate);
	}
}

function keepLast(values: number[], value: number): void {
	values.push(value);
	if (values.length > MOST_RESPONSES) values.shift();
}

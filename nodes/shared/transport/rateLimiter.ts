/**
 * Maton answers at most this many requests a second for one API key (Maton's documentation: 10 a
 * second per account) and 429 beyond that.
 */
export const REQUESTS_PER_SECOND = 10;

const WINDOW_MS = 1000;

/**
 * Says when the next request for one API key may go out. A slot is taken when a request starts and is
 * free again one second after its response came. The gateway saw the request before it answered, so
 * however late or early packets travel, it never counts more than `limit` of them in one second.
 * Times are milliseconds on any clock that only goes forward; the caller passes them in.
 */
export class RateLimiter {
	private readonly freeAt: number[];

	private blockedUntil = -Infinity;

	/** @param limit how many requests may fall into one second */
	constructor(limit = REQUESTS_PER_SECOND) {
		this.freeAt = Array<number>(limit).fill(-Infinity);
	}

	/**
	 * @param now the present
	 * @returns milliseconds until a request may start, 0 for at once, `Infinity` while every slot is
	 * held by a request without a response
	 */
	delayUntilFree(now: number): number {
		return Math.max(0, Math.min(...this.freeAt) - now, this.blockedUntil - now);
	}

	/**
	 * Takes the slot that is free longest. Call it only when `delayUntilFree` said 0.
	 * @returns the slot, to be given back with `release`
	 */
	acquire(): number {
		const slot = this.freeAt.indexOf(Math.min(...this.freeAt));
		this.freeAt[slot] = Infinity;
		return slot;
	}

	/**
	 * Gives a slot back when the response, or the loss of it, is known.
	 * @param slot what `acquire` returned
	 * @param now the present
	 */
	release(slot: number, now: number): void {
		this.freeAt[slot] = now + WINDOW_MS;
	}

	/**
	 * Holds back every request, as the gateway asks for with 429.
	 * @param until when the next request may go out, at the earliest
	 */
	block(until: number): void {
		this.blockedUntil = Math.max(this.blockedUntil, until);
	}
}

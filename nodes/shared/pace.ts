/**
 * Maton answers at most this many requests a second for one API key (Maton's documentation: 10 a
 * second per account) and 429 beyond that.
 */
export const REQUESTS_PER_SECOND = 10;

const WINDOW_MS = 1000;

/**
 * Says when the next request for one API key may go out. A place is taken when a request starts and
 * is free again one second after its answer came. The gateway saw the request before it answered, so
 * however late or early packets travel, it never counts more than `limit` of them in one second.
 * Times are milliseconds on any clock that only goes forward; the caller passes them in.
 */
export class Pace {
	private readonly freeAt: number[];

	private pausedUntil = -Infinity;

	/** @param limit how many requests may fall into one second */
	constructor(limit = REQUESTS_PER_SECOND) {
		this.freeAt = Array<number>(limit).fill(-Infinity);
	}

	/**
	 * @param now the present
	 * @returns milliseconds until a request may start, 0 for at once, `Infinity` while every place is
	 * held by a request without an answer
	 */
	wait(now: number): number {
		return Math.max(0, Math.min(...this.freeAt) - now, this.pausedUntil - now);
	}

	/**
	 * Takes the place that is free longest. Call it only when `wait` said 0.
	 * @returns the place, to be given back with `end`
	 */
	start(): number {
		const place = this.freeAt.indexOf(Math.min(...this.freeAt));
		this.freeAt[place] = Infinity;
		return place;
	}

	/**
	 * Gives a place back when the answer, or the loss of it, is known.
	 * @param place what `start` returned
	 * @param now the present
	 */
	end(place: number, now: number): void {
		this.freeAt[place] = now + WINDOW_MS;
	}

	/**
	 * Holds back every request, as the gateway asks for with 429.
	 * @param until when the next request may go out, at the earliest
	 */
	pause(until: number): void {
		this.pausedUntil = Math.max(this.pausedUntil, until);
	}
}

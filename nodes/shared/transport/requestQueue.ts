import { unlessCanceled, wait } from './cancellation';
import type { MatonKitCredentials } from './credentials';
import { rateLimitKey } from './credentials';
import { RateLimiter } from './rateLimiter';

/**
 * The requests of this process for one Maton key, in the order in which they were asked for: across
 * nodes, workflows and drop-down lists, since Maton counts them together.
 */
export class RequestQueue {
	private last: Promise<unknown> = Promise.resolve();

	private tellReleased: () => void = () => undefined;

	/** @param limiter says when the next request may start */
	constructor(private readonly limiter = new RateLimiter()) {}

	/**
	 * Runs a request when it is its turn and the rate limit allows it.
	 * @param request sends the request
	 * @param signal ends the waiting at once when the execution is cancelled
	 * @returns what `request` returned
	 * @throws when the execution is cancelled, and what `request` threw
	 */
	async run<T>(request: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
		const slot = await this.acquire(signal);
		try {
			return await request();
		} finally {
			this.limiter.release(slot, Date.now());
			this.tellReleased();
		}
	}

	/**
	 * Holds back every request of this key.
	 * @param ms for how many milliseconds from now
	 */
	block(ms: number): void {
		this.limiter.block(Date.now() + ms);
	}

	private async acquire(signal: AbortSignal | undefined): Promise<number> {
		const before = this.last;
		let leave: () => void = () => undefined;
		this.last = new Promise<void>((resolve) => {
			leave = resolve;
		});
		try {
			await unlessCanceled(before, signal);
			for (;;) {
				const ms = this.limiter.delayUntilFree(Date.now());
				if (ms === 0) return this.limiter.acquire();
				await (ms === Infinity ? unlessCanceled(this.nextRelease(), signal) : wait(ms, signal));
			}
		} finally {
			void before.then(leave);
		}
	}

	private async nextRelease(): Promise<void> {
		await new Promise<void>((resolve) => {
			this.tellReleased = resolve;
		});
	}
}

const queues = new Map<string, RequestQueue>();

/**
 * @param credentials whose key Maton counts by; only its hash is kept
 * @returns the queue that all requests with this key share in this process
 */
export function queueFor(credentials: MatonKitCredentials): RequestQueue {
	const key = rateLimitKey(credentials);
	const queue = queues.get(key) ?? new RequestQueue();
	queues.set(key, queue);
	return queue;
}

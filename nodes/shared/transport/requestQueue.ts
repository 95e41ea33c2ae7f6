import { sleep } from 'n8n-workflow';
import { throwIfCanceled, unlessCanceled, wait } from './cancellation';
import type { MatonKitCredentials } from './credentials';
import { rateLimitKey } from './credentials';
import type { Started } from './rateLimiter';
import { RateLimiter } from './rateLimiter';

/** Lets a request go out. */
type Start = (started: Started) => void;

/**
 * The requests of this process for one Maton key, across nodes, workflows and drop-down lists, since
 * Maton counts them together. Those of one run go out in the order in which they were asked for, and the
 * runs take turns, so that a short one does not wait for a long one.
 */
export class RequestQueue {
	/** By run, the one whose turn it is first */
	private readonly waiting = new Map<object, Start[]>();

	private isStarting = false;

	/** @param limiter says when the next request may start */
	constructor(private readonly limiter = new RateLimiter()) {}

	/**
	 * Waits until a request may start.
	 * @param run to which it belongs
	 * @param signals each of which ends the waiting at once
	 * @returns what is to be called once its response, or the loss of it, is known, with whether it was
	 * refused with 429
	 * @throws when one of the signals is aborted
	 */
	async turn(
		run: object,
		signals: (AbortSignal | undefined)[],
	): Promise<(wasRefused: boolean) => void> {
		signals.forEach(throwIfCanceled);
		let start: Start = () => undefined;
		const started = new Promise<Started>((resolve) => {
			start = resolve;
		});
		let turn: Promise<unknown> = started;
		for (const signal of signals) turn = unlessCanceled(turn, signal);
		this.waiting.set(run, [...(this.waiting.get(run) ?? []), start]);
		void this.startInTurn();
		try {
			await turn;
		} finally {
			this.remove(run, start);
		}
		const request = await started;
		return (wasRefused) => {
			this.limiter.end(request, performance.now(), wasRefused);
		};
	}

	/**
	 * Holds back every request of this key.
	 * @param ms for how many milliseconds from now
	 */
	block(ms: number): void {
		this.limiter.block(performance.now() + ms);
	}

	/** Is more careful for a while, since the gateway has refused a request. */
	slowDown(): void {
		this.limiter.refuse(performance.now());
	}

	private async startInTurn(): Promise<void> {
		if (this.isStarting) return;
		this.isStarting = true;
		while (this.waiting.size > 0) {
			const ms = this.limiter.delayUntilFree(performance.now());
			if (ms > 0) await wait(Math.min(ms, LONGEST_WAIT_MS), undefined);
			else this.startNext();
		}
		this.isStarting = false;
	}

	private startNext(): void {
		const [[run, [start] = []] = []] = this.waiting;
		if (!run || !start) return;
		const others = this.waiting.get(run)?.slice(1) ?? [];
		this.waiting.delete(run);
		if (others.length > 0) this.waiting.set(run, others);
		const started = this.limiter.start(performance.now());
		start(started);
		// It is written once n8n has nothing else to do any more.
		void sleep(0).then(() => {
			this.limiter.leave(started, performance.now());
		});
	}

	private remove(run: object, start: Start): void {
		const others = this.waiting.get(run)?.filter((one) => one !== start) ?? [];
		if (others.length > 0) this.waiting.set(run, others);
		else this.waiting.delete(run);
	}
}

/** A block may come, and whoever waits may leave, in the meantime. */
const LONGEST_WAIT_MS = 250;

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

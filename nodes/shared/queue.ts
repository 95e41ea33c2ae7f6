import { createHash } from 'crypto';
import { sleep, UserError } from 'n8n-workflow';
import { Pace } from './pace';

/**
 * The requests of this process for one Maton key, in the order in which they were asked for: across
 * nodes, workflows and drop-down lists, since Maton counts them together.
 */
export class Queue {
	private last: Promise<unknown> = Promise.resolve();

	private tellAnswered: () => void = () => undefined;

	/** @param pace when the next request may start */
	constructor(private readonly pace = new Pace()) {}

	/**
	 * Runs a request when its turn has come and the pace allows it.
	 * @param request sends the request
	 * @param signal ends the waiting at once when the execution is cancelled
	 * @returns what `request` returned
	 * @throws when the execution is cancelled, and what `request` threw
	 */
	async run<T>(request: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
		const place = await this.turn(signal);
		try {
			return await request();
		} finally {
			this.pace.end(place, Date.now());
			this.tellAnswered();
		}
	}

	/**
	 * Holds back every request of this key.
	 * @param ms for how many milliseconds from now
	 */
	pause(ms: number): void {
		this.pace.pause(Date.now() + ms);
	}

	private async turn(signal: AbortSignal | undefined): Promise<number> {
		const before = this.last;
		let leave: () => void = () => undefined;
		this.last = new Promise<void>((resolve) => {
			leave = resolve;
		});
		try {
			await unlessCanceled(before, signal);
			for (;;) {
				const ms = this.pace.wait(Date.now());
				if (ms === 0) return this.pace.start();
				await (ms === Infinity ? unlessCanceled(this.nextAnswer(), signal) : wait(ms, signal));
			}
		} finally {
			void before.then(leave);
		}
	}

	private async nextAnswer(): Promise<void> {
		await new Promise<void>((resolve) => {
			this.tellAnswered = resolve;
		});
	}
}

const queues = new Map<string, Queue>();

/**
 * @param apiKey the Maton key; only its hash is kept
 * @param baseUrl the gateway the key is for
 * @returns the queue that all requests with this key share in this process
 */
export function queueFor(apiKey: string, baseUrl: string): Queue {
	const name = createHash('sha256').update(`${baseUrl} ${apiKey.trim()}`).digest('hex');
	const queue = queues.get(name) ?? new Queue();
	queues.set(name, queue);
	return queue;
}

/** A wait is cut into pieces of this length, so that a cancelled one leaves no timer behind for long. */
const LONGEST_SLEEP_MS = 1000;

/**
 * Waits, but not longer than the execution lives.
 * @param ms how long
 * @param signal the execution's cancel signal, where there is one
 * @throws as soon as the execution is cancelled
 */
export async function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
	for (let left = ms; left > 0; left -= LONGEST_SLEEP_MS) {
		await unlessCanceled(sleep(Math.min(left, LONGEST_SLEEP_MS)), signal);
	}
}

/**
 * n8n tells a cancelled execution from a failed one by this word in the message (`workflow-execute.ts`
 * in n8n-core).
 * @param signal the execution's cancel signal, where there is one
 * @throws when the execution is cancelled
 */
export function throwIfCanceled(signal: AbortSignal | undefined): void {
	if (signal?.aborted) throw new UserError('The execution was canceled');
}

async function unlessCanceled(
	promise: Promise<unknown>,
	signal: AbortSignal | undefined,
): Promise<void> {
	let stop: () => void = () => undefined;
	const canceled = new Promise<void>((resolve) => {
		stop = resolve;
	});
	throwIfCanceled(signal);
	signal?.addEventListener('abort', stop);
	try {
		await Promise.race([promise, canceled]);
	} finally {
		signal?.removeEventListener('abort', stop);
	}
	throwIfCanceled(signal);
}

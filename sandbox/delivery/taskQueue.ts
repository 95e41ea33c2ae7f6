import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import PQueue from 'p-queue';

/** So many posts are under way at once; the others wait. */
const MOST_AT_ONCE = 20;

/** The longest that a timer of Node.js can wait. */
const LONGEST = 2 ** 31 - 1;

interface Waiting {
	due: number;
	timer: NodeJS.Timeout;
	readonly run: () => void;
}

/** Everything that is to be done for deliveries, now or later, so that one can wait for its end. */
export class TaskQueue {
	private readonly stopper = new AbortController();
	private readonly queue = new PQueue({ concurrency: MOST_AT_ONCE });
	private readonly waits = new Set<Waiting>();

	constructor() {
		setMaxListeners(0, this.signal);
	}

	/** Aborted when everything is to stop. */
	get signal(): AbortSignal {
		return this.stopper.signal;
	}

	/** Does a task as soon as there is room. */
	start(task: () => Promise<unknown>): void {
		if (!this.signal.aborted) this.queue.add(task).catch(console.error);
	}

	/** Does something in so many milliseconds. */
	later(milliseconds: number, does: () => void): void {
		if (this.signal.aborted) return;
		const run = () => {
			this.waits.delete(waiting);
			does();
		};
		const time = Math.max(0, Math.min(milliseconds, LONGEST));
		const waiting = { due: Date.now() + time, timer: setTimeout(run, time).unref(), run };
		this.waits.add(waiting);
	}

	/** Brings everything that waits for its time forward. */
	hasten(milliseconds: number): void {
		for (const waiting of this.waits) {
			clearTimeout(waiting.timer);
			waiting.due -= milliseconds;
			waiting.timer = setTimeout(waiting.run, Math.max(0, waiting.due - Date.now())).unref();
		}
	}

	/** Resolves when nothing is under way or waiting, or when everything has been stopped. */
	async settled(): Promise<void> {
		// What was told of just now is put into the queue when the code that runs is through.
		do await wait(1);
		while (this.queue.size + this.queue.pending + this.waits.size > 0);
	}

	/** Breaks off what is under way and forgets the rest. */
	stop(): void {
		this.stopper.abort();
		this.queue.clear();
		for (const { timer } of this.waits) clearTimeout(timer);
		this.waits.clear();
	}
}

import { setMaxListeners } from 'node:events';

/** So many posts are under way at once; the others wait. */
const MOST_AT_ONCE = 20;

/** The longest that a timer of Node.js can wait. */
const LONGEST = 2 ** 31 - 1;

interface Waiting {
	due: number;
	timer: NodeJS.Timeout;
	readonly run: () => void;
}

/** Everything that is to be done for deliveries: counted, so that one can wait for its end. */
export class TaskQueue {
	private readonly stopper = new AbortController();

	private readonly queue: (() => Promise<void>)[] = [];

	private readonly waits = new Set<Waiting>();

	private readonly onSettled: (() => void)[] = [];

	private running = 0;

	private held = 0;

	constructor() {
		setMaxListeners(0, this.stopper.signal);
	}

	/** Aborted when everything is to stop. */
	get signal(): AbortSignal {
		return this.stopper.signal;
	}

	/** Does a task as soon as there is room. */
	start(task: () => Promise<void>): void {
		if (this.signal.aborted) return;
		this.queue.push(task);
		this.next();
	}

	/** Does something when the code that runs now is through. */
	afterThis(run: () => void): void {
		this.held += 1;
		queueMicrotask(() => {
			this.held -= 1;
			if (!this.signal.aborted) run();
			this.tell();
		});
	}

	/** Does something in so many milliseconds. */
	later(milliseconds: number, run: () => void): void {
		if (this.signal.aborted) return;
		const wait = Math.max(0, Math.min(milliseconds, LONGEST));
		const waiting: Waiting = {
			due: Date.now() + wait,
			timer: setTimeout(() => {
				this.waits.delete(waiting);
				run();
				this.tell();
			}, wait).unref(),
			run,
		};
		this.waits.add(waiting);
	}

	/** Brings everything that waits for its time forward. */
	hasten(milliseconds: number): void {
		const now = Date.now();
		for (const waiting of [...this.waits]) {
			clearTimeout(waiting.timer);
			this.waits.delete(waiting);
			this.later(waiting.due - milliseconds - now, waiting.run);
		}
	}

	/** Resolves when nothing is under way or waiting, or when everything has been stopped. */
	async settled(): Promise<void> {
		if (this.isSettled) return;
		await new Promise<void>((resolve) => {
			this.onSettled.push(resolve);
		});
	}

	/** Breaks off what is under way and forgets the rest. */
	stop(): void {
		for (const { timer } of this.waits) clearTimeout(timer);
		this.waits.clear();
		this.queue.length = 0;
		this.stopper.abort();
		this.tell();
	}

	private get isSettled(): boolean {
		const isIdle = this.queue.length + this.running + this.held + this.waits.size === 0;
		return isIdle || this.signal.aborted;
	}

	private next(): void {
		while (this.running < MOST_AT_ONCE) {
			const task = this.queue.shift();
			if (task === undefined) return;
			this.running += 1;
			task()
				.catch((error: unknown) => {
					console.error(error);
				})
				.finally(() => {
					this.running -= 1;
					this.next();
					this.tell();
				});
		}
	}

	private tell(): void {
		if (!this.isSettled) return;
		for (const resolve of this.onSettled.splice(0)) resolve();
	}
}

import type { NodeExecutionHint } from 'n8n-workflow';

/** A run that waited less than this is not worth a word. */
const WORTH_SAYING_MS = 10_000;

/** Counts what the requests of one run took, for a person who wonders why it was slow. */
export class RequestStats {
	private requests = 0;

	private retries = 0;

	private waiting = 0;

	private waitingSince = 0;

	private waitedMs = 0;

	/** @param startedAt when the run began, in milliseconds on a clock that only goes forward */
	constructor(private readonly startedAt: number) {}

	/** A request goes out. */
	request(): void {
		this.requests += 1;
	}

	/** A request is to be sent again. */
	retry(): void {
		this.retries += 1;
	}

	/**
	 * Counts the time of a wait; of several at the same time, that time counts once.
	 * @param now the present, on the same clock
	 */
	beginWait(now: number): void {
		if (this.waiting === 0) this.waitingSince = now;
		this.waiting += 1;
	}

	/** @param now the present, on the same clock */
	endWait(now: number): void {
		this.waiting -= 1;
		if (this.waiting === 0) this.waitedMs += now - this.waitingSince;
	}

	/**
	 * @param now the end of the run, on the same clock
	 * @returns what n8n shows beside the output, or undefined where nothing slowed the run
	 */
	hint(now: number): NodeExecutionHint | undefined {
		if (this.retries === 0 && this.waitedMs < WORTH_SAYING_MS) return undefined;
		const again =
			this.retries > 0
				? ` ${count(this.retries, 'of them was', 'of them were')} sent again after Kit or Maton refused or did not answer.`
				: '';
		const message = `${count(this.requests, 'request', 'requests')} took ${duration(now - this.startedAt)}, of which ${duration(this.waitedMs)} were waiting: Maton allows 10 requests a second.${again}`;
		return { message, type: 'info', location: 'outputPane' };
	}
}

function count(number: number, one: string, many: string): string {
	return `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;
}

/** `3 min 20 s` */
function duration(ms: number): string {
	const seconds = Math.round(ms / 1000);
	const minutes = Math.floor(seconds / 60);
	const rest = `${String(seconds % 60)} s`;
	return minutes > 0 ? `${String(minutes)} min ${rest}` : rest;
}

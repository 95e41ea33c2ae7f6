import type { NodeExecutionHint } from 'n8n-workflow';

/** A run that waited less than this is not worth a word. */
const WORTH_SAYING_MS = 10_000;

/** How often a run that waits says so at most … */
const SAY_EVERY_MS = 30_000;

/** … but for a single wait as long as this. */
const LONG_WAIT_MS = 5000;

/** Counts what the requests of one run took, for a person who wonders why it was slow. */
export class RequestStats {
	private requests = 0;

	private retries = 0;

	private waiting = 0;

	private waitingSince = 0;

	private waitedMs = 0;

	private saidAt: number;

	/**
	 * @param startedAt when the run began, in milliseconds on a clock that only goes forward
	 * @param say tells whoever watches the run something while it goes on
	 */
	constructor(
		private readonly startedAt: number,
		private readonly say: (sentence: string) => void = () => undefined,
	) {
		this.saidAt = startedAt - LONG_WAIT_MS;
	}

	/**
	 * A request goes out.
	 * @param now the present, on the same clock
	 */
	request(now: number): void {
		this.requests += 1;
		if (this.waitedBy(now) < WORTH_SAYING_MS || now - this.saidAt < SAY_EVERY_MS) return;
		this.saidAt = now;
		this.say(`So far, ${this.soFar(now)}`);
	}

	/**
	 * A request is to be sent again.
	 * @param delayMs in how many milliseconds
	 * @param now the present, on the same clock
	 */
	retry(delayMs: number, now: number): void {
		this.retries += 1;
		if (delayMs < LONG_WAIT_MS || now - this.saidAt < LONG_WAIT_MS) return;
		this.saidAt = now;
		this.say(
			`Kit or Maton refused or did not answer: waiting ${duration(delayMs)} to send a request again.`,
		);
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
		if (this.retries === 0 && this.waitedBy(now) < WORTH_SAYING_MS) return undefined;
		const again =
			this.retries > 0
				? ` ${count(this.retries, 'of them was', 'of them were')} sent again after Kit or Maton refused or did not answer.`
				: '';
		return { message: this.soFar(now) + again, type: 'info', location: 'outputPane' };
	}

	/** A wait that has not ended yet counts as well: at the limit, there is always one. */
	private waitedBy(now: number): number {
		return this.waitedMs + (this.waiting > 0 ? now - this.waitingSince : 0);
	}

	private soFar(now: number): string {
		const why =
			this.retries > 0
				? ', for Maton’s limit of 10 requests a second and to send again'
				: ': Maton allows 10 requests a second';
		return `${count(this.requests, 'request', 'requests')} took ${duration(now - this.startedAt)}, of which ${duration(this.waitedBy(now))} were waiting${why}.`;
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

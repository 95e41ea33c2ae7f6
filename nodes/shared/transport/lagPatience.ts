/** Half of what is written is found within 30 s (Kit's documentation of consistency); a run waits less. */
const DELAYS_MS = [1000, 2000, 4000];

/**
 * How long a run goes on asking for what Kit's lists may not have yet. However many items ask, the run
 * waits no longer than for one. Times are milliseconds on any clock that only goes forward; the caller
 * passes them in.
 */
export class LagPatience {
	private firstAskedAt: number | undefined;

	/**
	 * @param asked how often one item has asked so far
	 * @param now the present
	 * @returns milliseconds until it is worth asking again, or undefined where the run has waited enough
	 */
	delay(asked: number, now: number): number | undefined {
		this.firstAskedAt ??= now;
		const delayMs = DELAYS_MS[asked - 1];
		const totalMs = DELAYS_MS.reduce((sum, one) => sum + one, 0);
		const isLate = delayMs !== undefined && now + delayMs > this.firstAskedAt + 2 * totalMs;
		return isLate ? undefined : delayMs;
	}
}

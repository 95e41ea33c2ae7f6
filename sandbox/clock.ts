/** The time in the sandbox: the real one, and as far ahead of it as it was moved. */
export class Clock {
	private ahead = 0;

	/** Milliseconds since 1970. */
	readonly now = (): number => Date.now() + this.ahead;

	/** Moves the time forward. */
	advance(seconds: number): void {
		this.ahead += seconds * 1000;
	}

	/** Back to the real time. */
	reset(): void {
		this.ahead = 0;
	}
}

/** The time in the sandbox: the real one, or one that stands still, and as far ahead of it as it was moved. */
export class Clock {
	private ahead = 0;

	/**
	 * @param standsAt milliseconds since 1970 at which the time stands still; it is the real one without
	 */
	constructor(private readonly standsAt?: number) {}

	/** Milliseconds since 1970. */
	readonly now = (): number => (this.standsAt ?? Date.now()) + this.ahead;

	/** Moves the time forward. */
	advance(seconds: number): void {
		this.ahead += seconds * 1000;
	}

	/** Back to where it began. */
	reset(): void {
		this.ahead = 0;
	}
}

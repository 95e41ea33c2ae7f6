/** Lets through so many requests in any stretch of time, each stretch counted back from now. */
export class RateLimit {
	private readonly times = new Map<string, number[]>();

	/**
	 * @param most how many requests
	 * @param stretch of how many milliseconds
	 */
	constructor(
		private readonly most: number,
		private readonly stretch: number,
	) {}

	/**
	 * Counts a request, unless it is refused.
	 * @param who whose limit it counts against
	 * @returns whether it may pass
	 */
	admits(who: string, now = Date.now()): boolean {
		const recent = (this.times.get(who) ?? []).filter((time) => time > now - this.stretch);
		const admitted = recent.length < this.most;
		if (admitted) recent.push(now);
		this.times.set(who, recent);
		return admitted;
	}

	/** Forgets every request. */
	clear(): void {
		this.times.clear();
	}
}

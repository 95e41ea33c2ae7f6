/** Lets through so many requests in any stretch of milliseconds, each counted back from now. */
export class RateLimit {
	private readonly times = new Map<string, number[]>();

	constructor(
		private readonly most: number,
		private readonly stretch: number,
	) {}

	/** Whether a request of somebody may pass; counts it where it may. */
	admits(who: string, now = Date.now()): boolean {
		const recent = (this.times.get(who) ?? []).filter((time) => time > now - this.stretch);
		const admitted = recent.length < this.most;
		if (admitted) recent.push(now);
		this.times.set(who, recent);
		return admitted;
	}
}

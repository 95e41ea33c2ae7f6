/** Lets through so many requests in any stretch of milliseconds, each counted back from now. */
export class RateLimits {
	private readonly times = new Map<string, number[]>();

	/** Whether another request of somebody may pass; counts it where it may. */
	admits(who: string, most: number, stretch: number, now = Date.now()): boolean {
		const recent = (this.times.get(who) ?? []).filter((time) => time > now - stretch);
		const admitted = recent.length < most;
		if (admitted) recent.push(now);
		this.times.set(who, recent);
		return admitted;
	}
}

import fc from 'fast-check';
import { RateLimiter } from '../../nodes/shared/transport/rateLimiter';

/** Starts requests as soon as they may, each answered at once; returns when each started. */
function starts(limiter: RateLimiter, count: number): number[] {
	let now = 0;
	return Array.from({ length: count }, () => {
		now += limiter.delayUntilFree(now);
		limiter.end(limiter.start(now), now);
		return now;
	});
}

/** One that knows how long a response takes at least. */
function experienced(perSecond: number, responseMs: number): RateLimiter {
	const limiter = new RateLimiter(perSecond);
	for (let n = 0; n < 10; n++) limiter.end(limiter.start(-10_000), -10_000 + responseMs);
	return limiter;
}

describe('RateLimiter', () => {
	test('lets as many requests start as may fall into one second, one shortly after the other', () => {
		expect(starts(new RateLimiter(5), 5)).toEqual([0, 50, 100, 150, 200]);
	});

	test('never lets more than 10 start in any second, nor more than 600 in any minute', () => {
		const times = starts(new RateLimiter(), 2000);
		for (const [limit, ms] of [
			[10, 1000],
			[600, 60_000],
		] as const) {
			const gaps = times.slice(limit).map((time, index) => time - (times[index] ?? 0));
			expect(Math.min(...gaps)).toBeGreaterThan(ms);
		}
	});

	test('uses more than nine tenths of what is allowed', () => {
		const times = starts(new RateLimiter(), 2000);
		expect((2000 / ((times.at(-1) ?? 0) / 1000)) * 0.1).toBeGreaterThan(0.95);
	});

	test('holds the next back by as much as a response was later than the fastest, or by a tenth of a second where none comes', () => {
		const limiter = experienced(2, 200);
		const [first, second] = [limiter.start(0), limiter.start(0)];
		limiter.end(first, 200);
		limiter.end(second, 290);
		expect(limiter.delayUntilFree(300)).toBe(710);
		limiter.start(1010);
		expect(limiter.delayUntilFree(1010)).toBe(125);
		limiter.start(1135);
		expect(limiter.delayUntilFree(2119)).toBe(1);
		expect(limiter.delayUntilFree(2120)).toBe(0);
	});

	test('holds the next back by as much as others were late, where responses take longer than a second', () => {
		const limiter = experienced(1, 2000);
		for (const ms of [2060, 2060, 2000]) limiter.end(limiter.start(0), ms);
		limiter.start(10_000);
		expect(limiter.delayUntilFree(11_000)).toBe(70);
	});

	test('takes a refusal, which comes at once, for no measure of how long responses take', () => {
		const limiter = experienced(1, 200);
		limiter.end(limiter.start(0), 5, true);
		limiter.end(limiter.start(2000), 2200);
		expect(limiter.delayUntilFree(2200)).toBe(810);
	});

	test.each([
		['at first', new RateLimiter(1)],
		['after a refusal', Object.assign(experienced(1, 100), { refusedAt: 0 })],
	])('is more careful %s', (_, limiter) => {
		limiter.start(0);
		expect(limiter.delayUntilFree(1159)).toBe(1);
	});

	test('never lets 11 arrive within a second, however each is held up on its way', () => {
		fc.assert(
			fc.property(fc.array(fc.nat(100), { minLength: 40, maxLength: 80 }), (delays) => {
				const limiter = experienced(10, 100);
				const arrivals: number[] = [];
				const under: { until: number; end: (now: number) => void }[] = [];
				let now = 0;
				// Some are not held up at all, or it could not be known that others are.
				for (const delay of delays.map((one, index) => (index % 10 === 0 ? 0 : one))) {
					for (let ms = 1; ms > 0; now += ms) {
						for (const one of under.filter(({ until }) => until <= now)) one.end(now);
						ms = Math.min(limiter.delayUntilFree(now), 5);
					}
					const started = limiter.start(now);
					arrivals.push(now + 50 + delay);
					under.push({
						until: now + 100 + delay,
						end: (at) => {
							if (started.lateMs === undefined) limiter.end(started, Math.min(at, now));
						},
					});
				}
				arrivals.sort((one, other) => one - other);
				const gaps = arrivals.slice(10).map((time, index) => time - (arrivals[index] ?? 0));
				expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1000);
			}),
			{ numRuns: 30, endOnFailure: true },
		);
	});

	test('holds everything back while it is blocked, and does not shorten a longer block', () => {
		const limiter = new RateLimiter();
		limiter.block(5000);
		limiter.block(2000);
		expect(limiter.delayUntilFree(1000)).toBe(4000);
		expect(limiter.delayUntilFree(5000)).toBe(0);
	});
});

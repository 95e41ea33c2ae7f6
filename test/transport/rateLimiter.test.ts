import { RateLimiter } from '../../nodes/shared/transport/rateLimiter';

describe('RateLimiter', () => {
	test('lets as many requests start at once as may fall into one second', () => {
		const limiter = new RateLimiter(3);
		for (let n = 0; n < 3; n++) {
			expect(limiter.delayUntilFree(0)).toBe(0);
			limiter.acquire();
		}
		expect(limiter.delayUntilFree(0)).toBe(Infinity);
	});

	test('gives a slot back one second after its response', () => {
		const limiter = new RateLimiter(1);
		limiter.release(limiter.acquire(), 400);
		expect(limiter.delayUntilFree(400)).toBe(1000);
		expect(limiter.delayUntilFree(1399)).toBe(1);
		expect(limiter.delayUntilFree(1400)).toBe(0);
	});

	test('takes the slot that is free first', () => {
		const limiter = new RateLimiter(2);
		const first = limiter.acquire();
		const second = limiter.acquire();
		limiter.release(second, 100);
		limiter.release(first, 900);
		expect(limiter.delayUntilFree(1000)).toBe(100);
		expect(limiter.acquire()).toBe(second);
	});

	test('never has more than 10 in any second, whatever the responses take', () => {
		const limiter = new RateLimiter();
		const arrivals: number[] = [];
		let now = 0;
		for (let n = 0; n < 200; n++) {
			now += limiter.delayUntilFree(now);
			const slot = limiter.acquire();
			const latency = (n * 37) % 120;
			arrivals.push(now + latency / 2);
			now += latency;
			limiter.release(slot, now);
		}
		for (let n = 10; n < arrivals.length; n++) {
			expect((arrivals[n] ?? 0) - (arrivals[n - 10] ?? 0)).toBeGreaterThanOrEqual(1000);
		}
	});

	test('holds everything back while it is blocked, and does not shorten a longer block', () => {
		const limiter = new RateLimiter();
		limiter.block(5000);
		limiter.block(2000);
		expect(limiter.delayUntilFree(1000)).toBe(4000);
		expect(limiter.delayUntilFree(5000)).toBe(0);
	});
});

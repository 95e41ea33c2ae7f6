import { Pace } from '../../nodes/shared/pace';

describe('Pace', () => {
	test('lets as many requests start at once as may fall into one second', () => {
		const pace = new Pace(3);
		for (let n = 0; n < 3; n++) {
			expect(pace.wait(0)).toBe(0);
			pace.start();
		}
		expect(pace.wait(0)).toBe(Infinity);
	});

	test('gives a place back one second after its answer', () => {
		const pace = new Pace(1);
		pace.end(pace.start(), 400);
		expect(pace.wait(400)).toBe(1000);
		expect(pace.wait(1399)).toBe(1);
		expect(pace.wait(1400)).toBe(0);
	});

	test('takes the place that is free first', () => {
		const pace = new Pace(2);
		const first = pace.start();
		const second = pace.start();
		pace.end(second, 100);
		pace.end(first, 900);
		expect(pace.wait(1000)).toBe(100);
		expect(pace.start()).toBe(second);
	});

	test('never has more than 10 in any second, whatever the answers take', () => {
		const pace = new Pace();
		const arrivals: number[] = [];
		let now = 0;
		for (let n = 0; n < 200; n++) {
			now += pace.wait(now);
			const place = pace.start();
			const latency = (n * 37) % 120;
			arrivals.push(now + latency / 2);
			now += latency;
			pace.end(place, now);
		}
		for (let n = 10; n < arrivals.length; n++) {
			expect((arrivals[n] ?? 0) - (arrivals[n - 10] ?? 0)).toBeGreaterThanOrEqual(1000);
		}
	});

	test('holds everything back while it is paused, and does not shorten a longer pause', () => {
		const pace = new Pace();
		pace.pause(5000);
		pace.pause(2000);
		expect(pace.wait(1000)).toBe(4000);
		expect(pace.wait(5000)).toBe(0);
	});
});

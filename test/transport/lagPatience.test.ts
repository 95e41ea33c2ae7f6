import { LagPatience } from '../../nodes/shared/transport/lagPatience';

test('an item asks again three times, each time after twice as long', () => {
	const lag = new LagPatience();
	expect([1, 2, 3, 4].map((asked) => lag.delay(asked, 0))).toEqual([1000, 2000, 4000, undefined]);
});

test('a run of many items waits no longer than twice as long as for one', () => {
	const lag = new LagPatience();
	lag.delay(1, 0);
	expect(lag.delay(1, 12_000)).toBe(1000);
	expect(lag.delay(1, 13_500)).toBeUndefined();
});

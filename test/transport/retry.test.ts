import { readRetryAfter, retryDelay } from '../../nodes/shared/transport/retry';

const state = { idempotent: true, elapsedMs: 0, random: 1 };

/** The same failure so many times. */
const times = (number: number, status: number) =>
	Array.from({ length: number }, () => ({ status }));

describe('the next attempt', () => {
	test.each([
		['429 of an idempotent request', { status: 429 }, true, 100],
		['429 of an not idempotent request, since nothing was done', { status: 429 }, false, 100],
		['502 of an idempotent request', { status: 502 }, true, 1000],
		['503 of an idempotent request', { status: 503 }, true, 1000],
		['504 of an idempotent request', { status: 504 }, true, 1000],
		['500 of an idempotent request', { status: 500 }, true, 1000],
		['522 of Cloudflare, which could not reach Kit', { status: 522 }, true, 1000],
		['522 of an not idempotent request', { status: 522 }, false, undefined],
		['408 of an idempotent request', { status: 408 }, true, 1000],
		['501, which no waiting mends', { status: 501 }, true, undefined],
		['a lost response to an idempotent request', { networkError: true }, true, 1000],
		['an unreadable response to an idempotent request', { unreadable: true }, true, 1000],
		['500 of an not idempotent request', { status: 500 }, false, undefined],
		['503 of an not idempotent request', { status: 503 }, false, undefined],
		['a lost response to an not idempotent request', { networkError: true }, false, undefined],
		['422', { status: 422 }, true, undefined],
		['401', { status: 401 }, true, undefined],
		['404', { status: 404 }, true, undefined],
		['413 of a proxy, to which the body is too large for good', { status: 413 }, true, undefined],
		['413 of Kit, whose queue is full', { status: 413, fromKit: true }, true, 5000],
	] as const)('after %s', (_, failure, idempotent, expected) => {
		expect(retryDelay({ ...state, failures: [failure], idempotent })).toBe(expected);
	});

	test('comes once after 500, which at Maton mostly means an expired authorisation', () => {
		expect(retryDelay({ ...state, failures: times(2, 500) })).toBeUndefined();
	});

	test('does not count one kind of failure for another', () => {
		const failures = [...times(9, 429), ...times(1, 503), ...times(1, 500)];
		expect(retryDelay({ ...state, failures: failures.slice(0, 10) })).toBe(1000);
		expect(retryDelay({ ...state, failures })).toBe(2000);
		expect(retryDelay({ ...state, failures: [...failures, ...times(1, 500)] })).toBeUndefined();
	});

	test('comes at most five times, each after twice the wait, spread by chance', () => {
		const after = (number: number) => ({ ...state, failures: times(number, 503) });
		const waits = [1, 2, 3, 4, 5].map((number) => retryDelay(after(number)));
		expect(waits).toEqual([1000, 2000, 4000, 8000, undefined]);
		expect(retryDelay({ ...after(2), random: 0 })).toBe(1000);
	});

	test('comes again and again after 429, soon at first and at least every half second, for three minutes', () => {
		const after = (number: number) => ({ ...state, failures: times(number, 429) });
		const waits = [1, 2, 3, 10, 100].map((number) => retryDelay(after(number)));
		expect(waits.map(Math.round as never)).toEqual([100, 120, 144, 500, 500]);
		expect(retryDelay({ ...after(100), elapsedMs: 179_600 })).toBeUndefined();
	});

	test('comes again after 413 of Kit, for ten minutes', () => {
		const failures = (number: number) =>
			Array.from({ length: number }, () => ({ status: 413, fromKit: true }));
		const after = (number: number) => ({ ...state, failures: failures(number) });
		expect(retryDelay(after(1))).toBe(5000);
		expect(retryDelay(after(9))).toBe(60_000);
		expect(retryDelay({ ...after(9), elapsedMs: 550_000 })).toBeUndefined();
	});

	test('waits as long as the gateway asks for, but not beyond its time', () => {
		const asked = { ...state, failures: times(1, 503), retryAfterMs: 7000 };
		expect(retryDelay(asked)).toBe(7000);
		expect(retryDelay({ ...asked, elapsedMs: 55_000 })).toBeUndefined();
	});

	test('waits as without it where the gateway asks for a time that is over, as by a clock that is ahead', () => {
		const asked = { ...state, retryAfterMs: 0 };
		expect(retryDelay({ ...asked, failures: times(2, 503) })).toBe(2000);
		expect(retryDelay({ ...asked, failures: [{ status: 429, fromKit: true }] })).toBe(10_000);
	});
});

test.each([
	['3', 3000],
	['0', 0],
	['Mon, 23 Nov 2026 10:00:05 GMT', 5000],
	['Mon, 23 Nov 2026 09:00:00 GMT', 0],
	['-5', 0],
	['10 seconds', undefined],
	['soon', undefined],
	['', undefined],
	[undefined, undefined],
])('Retry-After %j is %j ms', (header, expected) => {
	expect(readRetryAfter(header, Date.UTC(2026, 10, 23, 10))).toBe(expected);
});

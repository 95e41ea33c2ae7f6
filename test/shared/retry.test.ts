import { isRepeatable, nextTryIn, readRetryAfter } from '../../nodes/shared/retry';

const attempt = { repeatable: true, bulk: false, elapsedMs: 0, random: 1 };

/** The same failure so many times. */
const times = (number: number, status: number) =>
	Array.from({ length: number }, () => ({ status }));

describe('the next try', () => {
	test.each([
		['429 of a safe request', { status: 429 }, true, 100],
		['429 of an unsafe request, since nothing was done', { status: 429 }, false, 100],
		['502 of a safe request', { status: 502 }, true, 1000],
		['503 of a safe request', { status: 503 }, true, 1000],
		['504 of a safe request', { status: 504 }, true, 1000],
		['500 of a safe request', { status: 500 }, true, 1000],
		['a lost answer to a safe request', { lost: true }, true, 1000],
		['an unreadable answer to a safe request', { unreadable: true }, true, 1000],
		['500 of an unsafe request', { status: 500 }, false, undefined],
		['503 of an unsafe request', { status: 503 }, false, undefined],
		['a lost answer to an unsafe request', { lost: true }, false, undefined],
		['422', { status: 422 }, true, undefined],
		['401', { status: 401 }, true, undefined],
		['404', { status: 404 }, true, undefined],
		['413 of a request that is not bulk', { status: 413 }, true, undefined],
	] as const)('after %s', (_, failure, repeatable, expected) => {
		expect(nextTryIn({ ...attempt, failures: [failure], repeatable })).toBe(expected);
	});

	test('comes once after 500, which at Maton mostly means an expired authorisation', () => {
		expect(nextTryIn({ ...attempt, failures: times(2, 500) })).toBeUndefined();
	});

	test('does not count one kind of failure for another', () => {
		const failures = [...times(9, 429), ...times(1, 503), ...times(1, 500)];
		expect(nextTryIn({ ...attempt, failures: failures.slice(0, 10) })).toBe(1000);
		expect(nextTryIn({ ...attempt, failures })).toBe(2000);
		expect(nextTryIn({ ...attempt, failures: [...failures, ...times(1, 500)] })).toBeUndefined();
	});

	test('comes at most five times, each after twice the wait, spread by chance', () => {
		const after = (number: number) => ({ ...attempt, failures: times(number, 503) });
		const waits = [1, 2, 3, 4, 5].map((number) => nextTryIn(after(number)));
		expect(waits).toEqual([1000, 2000, 4000, 8000, undefined]);
		expect(nextTryIn({ ...after(2), random: 0 })).toBe(1000);
	});

	test('comes again and again after 429, soon at first and at least every half second, for three minutes', () => {
		const after = (number: number) => ({ ...attempt, failures: times(number, 429) });
		const waits = [1, 2, 3, 10, 100].map((number) => nextTryIn(after(number)));
		expect(waits.map(Math.round as never)).toEqual([100, 120, 144, 500, 500]);
		expect(nextTryIn({ ...after(100), elapsedMs: 179_600 })).toBeUndefined();
	});

	test('comes again after 413 of a bulk request, for ten minutes', () => {
		const after = (number: number) => ({ ...attempt, bulk: true, failures: times(number, 413) });
		expect(nextTryIn(after(1))).toBe(5000);
		expect(nextTryIn(after(9))).toBe(60_000);
		expect(nextTryIn({ ...after(9), elapsedMs: 550_000 })).toBeUndefined();
	});

	test('waits as long as the gateway asks for, but not beyond its patience', () => {
		const asked = { ...attempt, failures: times(1, 503), retryAfterMs: 7000 };
		expect(nextTryIn(asked)).toBe(7000);
		expect(nextTryIn({ ...asked, elapsedMs: 55_000 })).toBeUndefined();
	});
});

test.each([
	['3', 3000],
	['0', 0],
	['Mon, 23 Nov 2026 10:00:05 GMT', 5000],
	['Mon, 23 Nov 2026 09:00:00 GMT', 0],
	['soon', undefined],
	['', undefined],
	[undefined, undefined],
])('Retry-After %j is %j ms', (header, expected) => {
	expect(readRetryAfter(header, Date.UTC(2026, 10, 23, 10))).toBe(expected);
});

test.each([
	['GET', '/kit/v4/tags', true],
	['PUT', '/kit/v4/tags/1', true],
	['DELETE', '/kit/v4/tags/1', true],
	['POST', '/kit/v4/subscribers', true],
	['POST', '/kit/v4/subscribers/filter', true],
	['POST', '/kit/v4/subscribers/12/unsubscribe', true],
	['POST', '/kit/v4/subscribers/12/location', true],
	['POST', '/kit/v4/tags', true],
	['POST', '/kit/v4/tags/1/subscribers', true],
	['POST', '/kit/v4/tags/1/subscribers/2', true],
	['POST', '/kit/v4/forms/1/subscribers', true],
	['POST', '/kit/v4/sequences/1/subscribers/2', true],
	['POST', '/kit/v4/bulk/tags/subscribers', true],
	['POST', '/kit/v4/broadcasts', false],
	['POST', '/kit/v4/purchases', false],
	['POST', '/kit/v4/sequences', false],
	['POST', '/kit/v4/sequences/1/emails', false],
	['POST', '/kit/v4/snippets', false],
	['POST', '/kit/v4/webhooks', false],
	['POST', '/kit/v4/webhook_endpoints', false],
	['POST', '/connections', false],
])('%s %s may be repeated: %s', (method, path, expected) => {
	expect(isRepeatable(method, path)).toBe(expected);
});

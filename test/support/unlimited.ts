/** The limiter of a built node. */
interface Limiters {
	RateLimiter: new () => object;
}

const LIMITER = '../../dist/nodes/shared/transport/rateLimiter';

// What is asked of Kit is tested, and not how fast: each second of waiting is saved. The
// documentation is made with the same helpers, outside of Jest.
if (typeof jest !== 'undefined') {
	jest.mock('../../dist/nodes/shared/transport/rateLimiter', () => {
		const limiter = jest.requireActual<Limiters>(LIMITER);
		return {
			...limiter,
			RateLimiter: class extends limiter.RateLimiter {
				delayUntilFree = () => 0;
			},
		};
	});
}

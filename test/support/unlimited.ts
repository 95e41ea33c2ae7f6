// What triggers ask of Kit is tested, and not how fast they may: each second of waiting is saved. The
// documentation is made with the same helpers, outside of Jest.
if (typeof jest !== 'undefined') {
	jest.mock('../../dist/nodes/shared/transport/rateLimiter', () => ({
		RateLimiter: class {
			delayUntilFree = () => 0;

			start = () => ({ at: 0 });

			end = () => undefined;

			block = () => undefined;

			refuse = () => undefined;
		},
	}));
}

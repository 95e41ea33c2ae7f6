import { RateLimiter } from '../../nodes/shared/transport/rateLimiter';
import { RequestQueue } from '../../nodes/shared/transport/requestQueue';

test('a request of a run that is cancelled already takes no turn from the others', async () => {
	const limiter = new RateLimiter(1);
	const queue = new RequestQueue(limiter);
	await expect(queue.turn({}, [undefined, AbortSignal.abort()])).rejects.toThrow('canceled');
	expect(limiter.delayUntilFree(performance.now())).toBe(0);
});

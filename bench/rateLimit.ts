import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Credential } from './sandbox';

/** So many that none of them waits: what waits costs a timer, of which what it is compared with has none. */
const LIFTED = 10_000;

/**
 * Lets the built node send requests with one key as fast as they come, where what it is compared with has no
 * rate limit at all. The node's queue for the key is made here, with the same code and another number; nothing
 * is taken out of the way of a request.
 * @param credential what the node's credential holds
 */
export function liftRateLimit({ apiKey, baseUrl }: Credential): void {
	const load = createRequire(join(__dirname, '../dist/nodes/shared/transport/'));
	const limiter = load('./rateLimiter.js') as { REQUESTS_PER_SECOND: number };
	const { queueFor } = load('./requestQueue.js') as { queueFor: (credentials: object) => unknown };
	const usual = limiter.REQUESTS_PER_SECOND;
	limiter.REQUESTS_PER_SECOND = LIFTED;
	queueFor({ apiKey, baseUrl, connectionId: '' });
	limiter.REQUESTS_PER_SECOND = usual;
}

/** What Maton says beyond its own limit. */
export const RATE_LIMIT_EXCEEDED = 'Rate limit exceeded: 10 requests per second';

/** An error that Maton itself answers; unlike Kit's its body has no `errors` array. */
export class MatonError extends Error {
	readonly body = { error: this.message };

	constructor(
		readonly status: number,
		sentence: string,
	) {
		super(sentence);
	}
}

/** An error that Maton itself answers; unlike Kit's its body has no `errors` array. */
export class MatonError extends Error {
	constructor(
		readonly status: number,
		sentence: string,
	) {
		super(sentence);
	}
}

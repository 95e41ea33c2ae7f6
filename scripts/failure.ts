/** A foreseen failure: its message is a sentence for the person at the terminal, with what to do. */
export class Failure extends Error {
	override readonly name = 'Failure';
}

/**
 * Makes a sentence of whatever was thrown.
 * @param error what a `catch` received
 * @returns the sentence of a {@link Failure}; of any other error its message, marked as unforeseen
 */
export function asSentence(error: unknown): string {
	if (error instanceof Failure) return error.message;
	const message = error instanceof Error ? error.message : String(error);
	return `Something unforeseen went wrong: ${message}`;
}

/**
 * Reads the code of an error of Node's own modules.
 * @param error what a `catch` received
 * @returns the code, such as `EADDRINUSE`, or `undefined` where it has none
 */
export function errorCode(error: unknown): string | undefined {
	if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
	return typeof error.code === 'string' ? error.code : undefined;
}

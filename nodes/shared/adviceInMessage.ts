import { NodeError } from 'n8n-workflow';

/**
 * Of what fails while it publishes, n8n shows the message alone (`publication-status-reporter.js` in n8n
 * 2.41), so what to do has to stand in it.
 * @param task what is done for publishing
 * @returns what it returns
 * @throws what it throws, with the description in the message
 */
export async function adviceInMessage<T>(task: () => Promise<T>): Promise<T> {
	try {
		return await task();
	} catch (error) {
		throw withAdvice(error as Error);
	}
}

function withAdvice(error: Error): Error {
	if (!(error instanceof NodeError) || !error.description) return error;
	error.message = `${error.message.replace(/\.?$/, '.')} ${error.description}`;
	error.description = undefined;
	return error;
}

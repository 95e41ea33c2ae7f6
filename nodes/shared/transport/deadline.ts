import { linkedAbort } from './cancellation';

/** Node's timers take no more. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Stops a request when it takes too long, and with the execution.
 * @param ms how many milliseconds it may take
 * @param execution the execution's cancel signal, where there is one
 * @param request sends it; it must end when its signal says so
 * @returns what `request` returned
 * @throws what `request` threw
 */
export async function withDeadline<T>(
	ms: number,
	execution: AbortSignal | undefined,
	request: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
	const deadline = AbortSignal.timeout(Math.min(ms, LONGEST_MS));
	const { signal, abort, release } = linkedAbort(execution);
	deadline.addEventListener('abort', abort);
	try {
		return await request(signal);
	} finally {
		deadline.removeEventListener('abort', abort);
		release();
	}
}

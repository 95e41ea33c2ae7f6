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
	const deadline = AbortSignal.timeout(ms);
	// Not `AbortSignal.any`, of which Node 24 keeps a part for as long as the execution lives.
	const controller = new AbortController();
	const stop = () => {
		controller.abort();
	};
	deadline.addEventListener('abort', stop);
	execution?.addEventListener('abort', stop);
	try {
		return await request(controller.signal);
	} finally {
		deadline.removeEventListener('abort', stop);
		execution?.removeEventListener('abort', stop);
	}
}

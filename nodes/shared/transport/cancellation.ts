import { sleep, UserError } from 'n8n-workflow';

/** A wait is cut into pieces of this length, so that a cancelled one leaves no timer behind for long. */
const LONGEST_SLEEP_MS = 250;

/**
 * Waits, but not longer than the execution lives.
 * @param ms how long
 * @param signal the execution's cancel signal, where there is one
 * @throws as soon as the execution is cancelled
 */
export async function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
	for (let left = ms; left > 0; left -= LONGEST_SLEEP_MS) {
		await unlessCanceled(sleep(Math.min(left, LONGEST_SLEEP_MS)), signal);
	}
}

/** Thrown in place of sending a request of a run that has been stopped in the meantime. */
export class Stopped extends UserError {}

/**
 * n8n tells a cancelled execution from a failed one by this word in the message (`workflow-execute.ts`
 * in n8n-core).
 * @param signal the execution's cancel signal, where there is one
 * @throws when the execution is cancelled
 */
export function throwIfCanceled(signal: AbortSignal | undefined): void {
	if (!signal?.aborted) return;
	throw signal.reason instanceof Stopped
		? signal.reason
		: new UserError('The execution was canceled');
}

/**
 * Waits for a promise, but not longer than the execution lives.
 * @throws as soon as the execution is cancelled, and what the promise rejects with
 */
export async function unlessCanceled(
	promise: Promise<unknown>,
	signal: AbortSignal | undefined,
): Promise<void> {
	let stop: () => void = () => undefined;
	const canceled = new Promise<void>((resolve) => {
		stop = resolve;
	});
	// Whoever has left does not hear any more of what it rejects with.
	promise.catch(() => undefined);
	throwIfCanceled(signal);
	const forget = onAbort(signal, stop);
	try {
		await Promise.race([promise, canceled]);
	} finally {
		forget();
	}
	throwIfCanceled(signal);
}

/**
 * @param signal what aborts it from outside, if anything
 * @returns a controller of one's own that is aborted with it; `release` when it is no longer needed
 */
export function linkedAbort(signal: AbortSignal | undefined): {
	signal: AbortSignal;
	abort: () => void;
	release: () => void;
} {
	// Not `AbortSignal.any`, of which Node 24 keeps a part for as long as the execution lives.
	const controller = new AbortController();
	const abort = () => {
		controller.abort();
	};
	if (signal?.aborted) abort();
	return { signal: controller.signal, abort, release: onAbort(signal, abort) };
}

/** One listener a signal, since Node warns of a leak where a signal has more than ten. */
const listeners = new WeakMap<AbortSignal, Set<() => void>>();

/** @returns what makes `listener` be forgotten again */
function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
	if (!signal) return () => undefined;
	const all = listeners.get(signal) ?? new Set();
	if (!listeners.has(signal)) {
		listeners.set(signal, all);
		signal.addEventListener('abort', () => {
			for (const one of [...all]) one();
		});
	}
	all.add(listener);
	return () => {
		all.delete(listener);
	};
}

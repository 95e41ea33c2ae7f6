import type { Fault } from './faults';

/** One request that arrived. */
export interface RecordedRequest {
	readonly method: string;
	/** Without the query. */
	readonly path: string;
	readonly query: unknown;
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
	/** As parsed; undefined where there is none. */
	body: unknown;
	/** What was answered; 0 while it is not, and where the connection was dropped instead. */
	status: number;
	/** The fault that struck it, so that its answer says nothing about Kit. */
	struck?: Fault;
	/** The body of the answer, where the sandbox is to keep answers and no fault made it up. */
	answer?: unknown;
	/** When it arrived, in milliseconds since 1970. */
	readonly time: number;
}

const MOST_REQUESTS = 20_000;

/** Adds a request to a log and drops the oldest beyond the last 20,000. */
export function record(log: RecordedRequest[], request: RecordedRequest): void {
	log.push(request);
	if (log.length > MOST_REQUESTS) log.splice(0, log.length - MOST_REQUESTS);
}

/** A request to be shown to anyone: without its key. */
export function withoutKey(request: RecordedRequest): RecordedRequest {
	const { method, path, query, body, status, time } = request;
	const headers = { ...request.headers };
	delete headers.authorization;
	return { method, path, query, headers, body, status, time };
}

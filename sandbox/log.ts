import type { FastifyInstance } from 'fastify';
import type { Fault } from './faults';

declare module 'fastify' {
	interface FastifyRequest {
		/** Where it stands in the log; null for what is asked of the sandbox itself. */
		record: RecordedRequest | null;
	}
}

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

/** Adds to a log and drops the oldest beyond the last so many. */
export function keep<T>(log: T[], entry: T, most: number): void {
	log.push(entry);
	if (log.length > most) log.splice(0, log.length - most);
}

/** A request to be shown to anyone: without its key. */
export function withoutKey(request: RecordedRequest): RecordedRequest {
	const { method, path, query, body, status, time } = request;
	const headers = { ...request.headers };
	delete headers.authorization;
	return { method, path, query, headers, body, status, time };
}

/**
 * Writes every request but those below `/_sandbox/` into the log.
 * @param keepAnswers whether the log is to have the answers as well
 */
export function addLog(app: FastifyInstance, log: RecordedRequest[], keepAnswers: boolean): void {
	app.decorateRequest('record', null);
	app.addHook('onRequest', (request, _reply, done) => {
		const { method, url, query, headers } = request;
		if (!url.startsWith('/_sandbox/')) {
			const [path = ''] = url.split('?', 1);
			const time = Date.now();
			request.record = { method, path, query, headers, body: undefined, status: 0, time };
			keep(log, request.record, MOST_REQUESTS);
		}
		done();
	});
	app.addHook('preHandler', ({ record, body }, _reply, done) => {
		if (record) record.body = body;
		done();
	});
	app.addHook('onSend', ({ record }, reply, payload, done) => {
		if (record) {
			record.status = reply.statusCode;
			const isJson = String(reply.getHeader('content-type')).startsWith('application/json');
			if (keepAnswers && !record.struck && isJson && typeof payload === 'string') {
				record.answer = JSON.parse(payload);
			}
		}
		done(null, payload);
	});
}

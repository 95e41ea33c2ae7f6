import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { tampered } from './faults';
import type { Fault, Faults } from './faults';
import { objectOf, RETRY_LATER } from './kit/route';
import { record } from './log';
import type { RecordedRequest } from './log';
import { RATE_LIMIT_EXCEEDED } from './maton/errors';

declare module 'fastify' {
	interface FastifyRequest {
		record: RecordedRequest | null;
		fault: Fault | null;
	}
}

const HTML = '<!DOCTYPE html><html><body><h1>Something went wrong</h1></body></html>';

function pathOf({ url }: FastifyRequest): string {
	return url.split('?', 1)[0] ?? '';
}

function drop(request: FastifyRequest): void {
	if (request.record) request.record.status = 0;
	request.raw.socket.destroy();
}

function bodyOf(status: number): object | string {
	if (status === 429) return { error: RATE_LIMIT_EXCEEDED };
	return status >= 500 ? '' : { errors: [`Status ${String(status)} on request`] };
}

/** Does what a fault does before, or instead of, the handling of a request. */
async function before(fault: Fault, request: FastifyRequest, reply: FastifyReply): Promise<void> {
	switch (fault.kind) {
		case 'status':
			await reply
				.code(fault.status)
				.headers(fault.headers ?? {})
				.send(fault.body ?? bodyOf(fault.status));
			break;
		case 'kitRateLimit':
			await reply.code(429).send(RETRY_LATER);
			break;
		case 'notJson':
			await reply
				.code(fault.status ?? 200)
				.type('text/html; charset=utf-8')
				.send(HTML);
			break;
		case 'drop':
			if (fault.afterHandling === true) break;
			reply.hijack();
			drop(request);
			break;
		case 'slow':
			await wait(fault.delayMs, undefined, { ref: false });
			break;
		case 'ignore':
			// A copy, since the log has the other.
			request.query = { ...objectOf(request.query), [fault.parameter]: undefined };
			break;
		default:
			break;
	}
}

/** Sends the status, the headers of the whole answer, and half of its body. */
function sendHalf(reply: FastifyReply, payload: string, then: () => void): void {
	const body = Buffer.from(payload);
	reply.raw.writeHead(reply.statusCode, {
		'content-type': 'application/json; charset=utf-8',
		'content-length': body.length,
	});
	reply.raw.write(body.subarray(0, Math.floor(body.length / 2)), then);
}

/** The cursor that a request for a page sent, in its query or its body. */
function cursorOf(request: FastifyRequest): unknown {
	return objectOf(request.query).after ?? objectOf(request.body).after;
}

/**
 * Writes every request into the log, and lets faults strike. Requests below `/_sandbox/` are neither
 * logged nor struck.
 * @param app the server
 * @param log the log
 * @param faults what waits to go wrong
 * @param keepAnswers whether the log is to have the answers as well
 */
export function addFaultHooks(
	app: FastifyInstance,
	log: RecordedRequest[],
	faults: Faults,
	keepAnswers: boolean,
): void {
	app.decorateRequest('record', null);
	app.decorateRequest('fault', null);

	app.addHook('onRequest', (request, _reply, done) => {
		if (!request.url.startsWith('/_sandbox/')) {
			request.record = {
				method: request.method,
				path: pathOf(request),
				query: request.query,
				headers: request.headers,
				body: undefined,
				status: 0,
				time: Date.now(),
			};
			record(log, request.record);
		}
		done();
	});
	app.addHook('preValidation', (request, _reply, done) => {
		if (request.record) request.record.body = request.body;
		done();
	});
	app.addHook('preHandler', async (request, reply) => {
		if (request.record === null) return;
		request.fault = faults.strike({ method: request.method, path: pathOf(request) }) ?? null;
		if (request.fault) request.record.struck = request.fault;
		if (request.fault) await before(request.fault, request, reply);
	});
	// Without `done` the answer stays unsent, which is what losing or cutting it takes.
	app.addHook('onSend', (request, reply, payload, done) => {
		const { fault, record: entry } = request;
		if (entry) entry.status = reply.statusCode;
		const text = typeof payload === 'string' && payload !== '' ? payload : undefined;
		const isJson = String(reply.getHeader('content-type')).startsWith('application/json');
		if (entry && keepAnswers && !fault && isJson && text !== undefined) {
			entry.answer = JSON.parse(text);
		}
		if (fault?.kind === 'drop' && fault.afterHandling === true) drop(request);
		else if (fault?.kind === 'truncate' && text !== undefined) {
			sendHalf(reply, text, () => reply.raw.socket?.end(() => reply.raw.destroy()));
		} else if (fault?.kind === 'stall' && text !== undefined)
			sendHalf(reply, text, () => undefined);
		else if (fault?.kind === 'page' && text !== undefined) {
			done(null, tampered(text, fault.tamper, cursorOf(request)));
		} else done(null, payload);
	});
}

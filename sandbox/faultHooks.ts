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
		case 'status': {
			const { status, headers = {}, body = bodyOf(status) } = fault;
			await reply.code(status).headers(headers).send(body);
			break;
		}
		case 'kitRateLimit':
			await reply.code(429).send(RETRY_LATER);
			break;
		case 'notJson': {
			const { status = 200 } = fault;
			await reply.code(status).type('text/html; charset=utf-8').send(HTML);
			break;
		}
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

/**
 * Writes every request into the log, and lets faults strike. Requests below `/_sandbox/` are neither
 * logged nor struck.
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
		const { method, url, query, headers } = request;
		if (!url.startsWith('/_sandbox/')) {
			const [path = ''] = url.split('?', 1);
			const time = Date.now();
			request.record = { method, path, query, headers, body: undefined, status: 0, time };
			record(log, request.record);
		}
		done();
	});
	app.addHook('preHandler', async (request, reply) => {
		if (request.record === null) return;
		request.record.body = request.body;
		request.fault = faults.strike(request.record) ?? null;
		if (request.fault === null) return;
		request.record.struck = request.fault;
		await before(request.fault, request, reply);
	});
	// Without `done` the answer stays unsent, which is what losing or cutting it takes.
	app.addHook('onSend', (request, reply, payload, done) => {
		const { fault, record: entry, query, body } = request;
		if (entry) entry.status = reply.statusCode;
		const text = typeof payload === 'string' && payload !== '' ? payload : undefined;
		const isJson = String(reply.getHeader('content-type')).startsWith('application/json');
		if (entry && keepAnswers && !fault && isJson && text !== undefined) {
			entry.answer = JSON.parse(text);
		}
		if (fault?.kind === 'drop' && fault.afterHandling === true) drop(request);
		else if (fault?.kind === 'truncate' && text !== undefined) {
			sendHalf(reply, text, () => reply.raw.socket?.end(() => reply.raw.destroy()));
		} else if (fault?.kind === 'stall' && text !== undefined) {
			sendHalf(reply, text, () => undefined);
		} else if (fault?.kind === 'page' && text !== undefined) {
			const after = objectOf(query).after ?? objectOf(body).after;
			done(null, tampered(text, fault.tamper, after));
		} else done(null, payload);
	});
}

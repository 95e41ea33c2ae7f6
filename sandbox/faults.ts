import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod/v4';
import { isObject, objectOf, RETRY_LATER } from './kit/route';
import { RATE_LIMIT_EXCEEDED } from './maton/errors';
import { seeded } from './random';
import type { Random } from './random';

/** For which requests a fault is. */
const WHICH = {
	/** In any case; every method where it is left out. */
	method: z.string().optional(),
	/** What the path begins with, such as `/kit/v4/tags`, or a pattern; every path without it. */
	path: z.union([z.string(), z.instanceof(RegExp)]).optional(),
	/** How many matching requests it strikes: one, or without end where there is a `share`. */
	times: z.number().optional(),
	/** How many matching requests pass unharmed first. */
	skip: z.number().optional(),
	/** Which share of the matching requests it strikes, from 0 to 1, drawn from the seed. */
	share: z.number().optional(),
};

const STATUS = z.int().min(200).max(599);

const fault = <K extends string, S extends z.ZodRawShape>(kind: K, shape: S) =>
	z.strictObject({ kind: z.literal(kind), ...shape, ...WHICH });

/** Something to go wrong, and for which requests. */
export const FAULT = z.discriminatedUnion('kind', [
	/**
	 * Answered with a status instead of being handled. Where no body is given, 429 has Maton's, 5xx none, as
	 * Kit's clients know it, and every other status Kit's errors.
	 */
	fault('status', {
		status: STATUS,
		body: z.unknown().optional(),
		headers: z.record(z.string(), z.string()).optional(),
	}),
	/** Answered with Kit's own 429, plain text without `Retry-After`, instead of being handled. */
	fault('kitRateLimit', {}),
	/** Answered with a page of HTML, as somebody's proxy does, instead of being handled; 200 without status. */
	fault('notJson', { status: STATUS.optional() }),
	/** The connection is cut instead of an answer: before the request is handled, or after. */
	fault('drop', { afterHandling: z.boolean().optional() }),
	/** Handled, but the answer's body is cut in the middle. */
	fault('truncate', {}),
	/** Handled, but after half of the answer's body nothing more comes. */
	fault('stall', {}),
	/** Handled as if a parameter were not in the query. */
	fault('ignore', { parameter: z.string() }),
	/** Handled after a wait. */
	fault('slow', { delayMs: z.number() }),
	/**
	 * Handled, but the list in the answer is wrong: without its rows, without `pagination`, with a next
	 * page but no cursor to it, or with a next page that is always this one.
	 */
	fault('page', { tamper: z.enum(['noRows', 'noPagination', 'noEndCursor', 'sameEndCursor']) }),
]);

export type Fault = z.infer<typeof FAULT>;

function matches({ method, path }: Fault, request: { method: string; path: string }): boolean {
	if (method !== undefined && method.toUpperCase() !== request.method) return false;
	if (path instanceof RegExp) return new RegExp(path.source, path.flags).test(request.path);
	return path === undefined || request.path.startsWith(path);
}

/** The faults that wait for their requests. */
export class Faults {
	private waiting: { readonly fault: Fault; skip: number; times: number }[] = [];
	private random: Random;

	/** @param seed fixes which requests a `share` strikes */
	constructor(private readonly seed: number) {
		this.random = seeded(seed);
	}

	/** Lets a fault wait. The one added first strikes first. */
	add(fault: Fault): void {
		const times = fault.times ?? (fault.share === undefined ? 1 : Infinity);
		this.waiting.push({ fault, times, skip: fault.skip ?? 0 });
	}

	/** Takes the fault that strikes a request, if any. */
	strike(request: { method: string; path: string }): Fault | undefined {
		return this.waiting.find((one) => {
			if (one.times <= 0 || !matches(one.fault, request)) return false;
			if (one.skip > 0) {
				one.skip -= 1;
				return false;
			}
			if (one.fault.share !== undefined && this.random() >= one.fault.share) return false;
			one.times -= 1;
			return true;
		})?.fault;
	}

	/** Removes every fault. */
	clear(): void {
		this.waiting = [];
		this.random = seeded(this.seed);
	}
}

const HTML = '<!DOCTYPE html><html><body><h1>Something went wrong</h1></body></html>';

function usualBody(status: number): unknown {
	if (status === 429) return { error: RATE_LIMIT_EXCEEDED };
	return status >= 500 ? '' : { errors: [`Status ${String(status)} on request`] };
}

/** What is answered instead of handling the request; undefined where it is handled. */
function answerOf(fault: Fault) {
	if (fault.kind === 'status') return { headers: {}, body: usualBody(fault.status), ...fault };
	if (fault.kind === 'kitRateLimit') return { status: 429, headers: {}, body: RETRY_LATER };
	if (fault.kind !== 'notJson') return undefined;
	const headers = { 'content-type': 'text/html; charset=utf-8' };
	return { status: fault.status ?? 200, headers, body: HTML };
}

function drop({ record, raw }: FastifyRequest): void {
	if (record) record.status = 0;
	raw.socket.destroy();
}

/** Does what a fault does before, or instead of, the handling of a request. */
async function strikeBefore(fault: Fault, request: FastifyRequest, reply: FastifyReply) {
	const answer = answerOf(fault);
	if (answer) {
		await reply.code(answer.status).headers(answer.headers).send(answer.body);
	} else if (fault.kind === 'drop' && fault.afterHandling !== true) {
		reply.hijack();
		drop(request);
	} else if (fault.kind === 'slow') {
		await wait(fault.delayMs, undefined, { ref: false });
	} else if (fault.kind === 'ignore') {
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
 * Tampers with a list answer.
 * @param after the cursor that the request sent
 * @returns the JSON to send instead; the same where it is no list
 */
function tampered(payload: string, tamper: string, after: unknown): string {
	const list: unknown = JSON.parse(payload);
	if (!isObject(list) || !isObject(list.pagination)) return payload;
	const { pagination, ...rows } = list;
	if (tamper === 'noRows') return JSON.stringify({ pagination });
	if (tamper === 'noPagination') return JSON.stringify(rows);
	const end_cursor = tamper === 'noEndCursor' ? null : (after ?? list.pagination.end_cursor);
	const wrong = { ...list.pagination, has_next_page: true, end_cursor };
	return JSON.stringify({ ...rows, pagination: wrong });
}

/** Lets faults strike the requests that are logged. */
export function addFaults(app: FastifyInstance, faults: Faults): void {
	app.addHook('preHandler', async (request, reply) => {
		const { record } = request;
		const fault = record && faults.strike(record);
		if (!fault) return;
		record.struck = fault;
		await strikeBefore(fault, request, reply);
	});
	// Without `done` the answer stays unsent, which is what losing or cutting it takes.
	app.addHook('onSend', (request, reply, payload, done) => {
		const fault = request.record?.struck;
		if (fault?.kind === 'drop') drop(request);
		else if (!fault || typeof payload !== 'string' || payload === '') done(null, payload);
		else if (fault.kind === 'truncate') {
			sendHalf(reply, payload, () => reply.raw.socket?.end(() => reply.raw.destroy()));
		} else if (fault.kind === 'stall') sendHalf(reply, payload, () => undefined);
		else if (fault.kind === 'page') {
			const after = objectOf(request.query).after ?? objectOf(request.body).after;
			done(null, tampered(payload, fault.tamper, after));
		} else done(null, payload);
	});
}

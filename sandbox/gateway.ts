import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import { KnownOperations } from './facts';
import type { Flaw } from './facts/requests';
import { Requests } from './facts/requests';
import { kitOperations } from './kit';
import type { Account } from './kit/account';
import { settle } from './kit/broadcasts';
import { Lag, lags, writes } from './kit/lag';
import { invalid, KitError, notFound, objectOf, RETRY_LATER } from './kit/route';
import type { Answer, Call } from './kit/route';
import { isLike } from './kit/rows';
import { connectionRow } from './maton/connections';
import type { Connections } from './maton/connections';
import { MatonError, RATE_LIMIT_EXCEEDED } from './maton/errors';
import type { RateLimits } from './rateLimits';
import type { SandboxSettings } from './settings';

/** What the gateway stands on; read on every request, since a reset replaces it. */
export interface GatewayState {
	readonly connections: Connections;
	readonly settings: Readonly<SandboxSettings>;
	/** Maton's, by the header that has the key, and Kit's, by connection. */
	readonly limits: RateLimits;
}

/** What Kit lets OAuth alone do; with an API key it answers 401, as its own PHP SDK expects. */
const OAUTH_ONLY = /^\/kit\/v4\/(bulk|purchases|webhook_endpoints)\b/;

/** Requests that arrived when Maton's limit was used up. */
const overLimit = new WeakSet<FastifyRequest>();

/** Which key a request carries; Maton's 401 or 429 otherwise. */
function keyOf(state: GatewayState, request: FastifyRequest): string {
	const key = state.connections.keyIn(request.headers.authorization);
	if (overLimit.has(request)) throw new MatonError(429, RATE_LIMIT_EXCEEDED);
	return key;
}

/** The account that a request to Kit reaches; Maton's or Kit's error where it reaches none. */
function accountOf(state: GatewayState, request: FastifyRequest, writes: boolean): Account {
	const key = keyOf(state, request);
	const header = request.headers['maton-connection'];
	const connection = state.connections.forKit(key, header && String(header));
	const hasKey = connection.method === 'API_KEY';
	const most = hasKey ? 120 : 600;
	if (state.settings.enforceRateLimit && !state.limits.admits(connection.id, most, 60_000)) {
		throw new KitError(429, [], RETRY_LATER);
	}
	if (hasKey && OAUTH_ONLY.test(request.url)) {
		throw new KitError(401, ['The access token is invalid']);
	}
	if (writes && connection.defect === 'readOnly') {
		throw new KitError(403, [
			'You do not have sufficient permissions to access this resource. Please contact support.',
		]);
	}
	settle(connection.account);
	return connection.account;
}

/** Maton's own endpoints, below `/connections`. */
function addConnectionRoutes(app: FastifyInstance, state: GatewayState): void {
	const idOf = (request: FastifyRequest) => String(objectOf(request.params).id);

	app.get('/connections', (request) => {
		const { app: wanted, status, method, limit } = objectOf(request.query);
		const rows = state.connections.of(keyOf(state, request)).map(connectionRow);
		const found = rows.filter((row) => isLike(row, { app: wanted, status, method }));
		return { connections: found.slice(0, Number(limit ?? rows.length)) };
	});
	app.post('/connections', (request) => {
		const key = keyOf(state, request);
		const { app: wanted, method } = objectOf(request.body);
		if (wanted !== 'kit') throw new MatonError(400, `Unknown app: ${String(wanted)}`);
		const started = { key, ...(method === 'API_KEY' && ({ method } as const)) };
		return { connection: connectionRow(state.connections.add(started)) };
	});
	app.get('/connections/:id', (request) => {
		const connection = state.connections.get(keyOf(state, request), idOf(request));
		return { connection: connectionRow(connection) };
	});
	app.delete('/connections/:id', (request, reply) => {
		state.connections.remove(keyOf(state, request), idOf(request));
		return reply.code(204).send();
	});
}

/** Where the conditions of the filter are, of which Kit answers 500 where it does not understand one. */
const CONDITIONS = 'POST /v4/subscribers/filter /all/';

/** Refuses a request as Kit does, but for what is wrong with single entries of a bulk request. */
function refuse(name: string, flaws: readonly Flaw[]): void {
	const isBulk = name.includes('/bulk/');
	const whole = flaws.filter(({ place }) => !isBulk || !/^\/\w+\/\d+/.test(place));
	if (whole.some(({ place }) => `${name} ${place}`.startsWith(CONDITIONS))) {
		throw new KitError(500, [], '');
	}
	if (whole.length > 0) throw invalid(...new Set(whole.map(({ sentence }) => sentence)));
}

/** Kit's API as Maton forwards to it. */
function addKitRoutes(app: FastifyInstance, state: GatewayState): void {
	const lag = new Lag();
	const requests = new Requests(new KnownOperations());
	for (const [operation, handle] of Object.entries(kitOperations)) {
		const [method = '', path = ''] = operation.split(' ');
		const name = `${method} /v4${path}`;
		const isWrite = writes(operation);
		app.route({
			method,
			url: `/kit/v4${path.replace(/{(\w+)}/g, ':$1')}`,
			handler: (request, reply) => {
				const { settings } = state;
				const account = accountOf(state, request, isWrite);
				const params = Object.entries(objectOf(request.params));
				if (!params.every(([, id]) => /^\d+$/.test(String(id)))) throw notFound();
				const ids = Object.fromEntries(params.map(([key, id]) => [key, Number(id)]));
				const said = requests.read(name, objectOf(request.query), request.body);
				refuse(name, said.flaws);
				const call: Call = { account, ids, ...said, settings };
				if (settings.lagMs > 0 && isWrite) lag.keep(account);
				// What was said has been checked to be as the handler takes it.
				const handler = handle as (call: Call) => Answer;
				const { status, body } =
					settings.lagMs > 0 && lags(operation, settings.laggingWebhookLists)
						? lag.answer(call, handler, settings.lagMs)
						: handler(call);
				return reply.code(status).send(body);
			},
		});
	}
}

/** Adds everything that Maton answers to a server. */
export function addGateway(app: FastifyInstance, state: GatewayState): void {
	// A gateway counts what arrives, however long the answer takes.
	app.addHook('onRequest', (request, _reply, done) => {
		const { authorization = '' } = request.headers;
		const isCounted = state.settings.enforceRateLimit && !request.url.startsWith('/_sandbox/');
		if (isCounted && !state.limits.admits(authorization, 10, 1000)) overLimit.add(request);
		done();
	});
	app.addHook('preValidation', async ({ url }) => {
		const { latencyMs } = state.settings;
		if (latencyMs > 0 && !url.startsWith('/_sandbox/')) {
			await wait(latencyMs, undefined, { ref: false });
		}
	});
	app.addHook('onSend', (_request, reply, _payload, done) => {
		reply.header('x-request-id', randomUUID());
		done();
	});
	app.setErrorHandler((error, request, reply) => {
		if (error instanceof MatonError) return reply.code(error.status).send(error.body);
		if (error instanceof KitError) {
			// Kit's own clients flatten what it answers about sequences.
			const nests = state.settings.nestedErrors && request.url.startsWith('/kit/v4/sequences');
			return reply.code(error.status).send(nests ? { errors: [error.sentences] } : error.body);
		}
		const { statusCode: status = 500, message } = error as FastifyError;
		const sentence = status < 500 ? message : 'Internal Server Error';
		if (status >= 500) console.error(error);
		const isKit = request.url.startsWith('/kit/');
		return reply.code(status).send(isKit ? { errors: [sentence] } : { error: sentence });
	});
	app.setNotFoundHandler((request) => {
		if (request.url.startsWith('/kit/')) {
			accountOf(state, request, false);
			throw notFound();
		}
		keyOf(state, request);
		throw new MatonError(404, 'Not found: the path must begin with the app, such as /kit/');
	});
	addConnectionRoutes(app, state);
	addKitRoutes(app, state);
}

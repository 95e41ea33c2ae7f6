import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { kitRoutes } from './kit';
import { Lag, lags } from './kit/lag';
import { KitError, notFound, objectOf, RETRY_LATER, textOf } from './kit/route';
import type { KitSettings } from './kit/route';
import type { Account } from './kit/state';
import { connectionRow } from './maton/connections';
import type { Connections } from './maton/connections';
import { MatonError, RATE_LIMIT_EXCEEDED } from './maton/errors';
import type { RateLimit } from './rateLimit';

/** What the gateway stands on; read on every request, since a reset replaces it. */
export interface GatewayState {
	readonly connections: Connections;
	readonly settings: KitSettings & {
		readonly enforceRateLimit: boolean;
		readonly latencyMs: number;
		readonly lagMs: number;
		readonly laggingWebhookLists: boolean;
		readonly nestedErrors: boolean;
	};
	/** Maton's limit, by the header that has the key. */
	readonly matonLimit: RateLimit;
	/** Kit's limit, by connection: that of OAuth, and the lower one of API keys. */
	readonly kitLimit: RateLimit;
	readonly kitKeyLimit: RateLimit;
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
	const header = textOf(request.headers['maton-connection']);
	const connection = state.connections.forKit(key, header);
	const hasKey = connection.method === 'API_KEY';
	const limit = hasKey ? state.kitKeyLimit : state.kitLimit;
	if (state.settings.enforceRateLimit && !limit.admits(connection.id)) {
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
	connection.account.settle();
	return connection.account;
}

/** Maton's own endpoints, below `/connections`. */
function addConnectionRoutes(app: FastifyInstance, state: GatewayState): void {
	const idOf = (request: FastifyRequest) => textOf(objectOf(request.params).id) ?? '';

	app.get('/connections', (request) => {
		const { app: wanted, status, method, limit } = objectOf(request.query);
		const rows = state.connections
			.of(keyOf(state, request))
			.filter((one) => wanted === undefined || one.app === wanted)
			.filter((one) => status === undefined || one.status === status)
			.filter((one) => method === undefined || one.method === method);
		return { connections: rows.slice(0, Number(limit ?? rows.length)).map(connectionRow) };
	});
	app.post('/connections', (request) => {
		const key = keyOf(state, request);
		const { app: wanted, method } = objectOf(request.body);
		if (wanted !== 'kit') {
			throw new MatonError(400, `Unknown app: ${textOf(wanted) ?? 'none given'}`);
		}
		const started = state.connections.start(key, wanted, method === 'API_KEY' ? method : 'OAUTH2');
		return { connection: connectionRow(started) };
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

/** Kit's API as Maton forwards to it. */
function addKitRoutes(app: FastifyInstance, state: GatewayState): void {
	const lag = new Lag();
	for (const route of kitRoutes) {
		const { method, path, reads, handle } = route;
		app.route({
			method,
			url: `/kit/v4${path}`,
			handler: (request, reply) => {
				const writes = method !== 'GET' && reads !== true;
				const call = {
					account: accountOf(state, request, writes),
					params: objectOf(request.params) as Record<string, string>,
					query: objectOf(request.query),
					body: objectOf(request.body),
					settings: state.settings,
				};
				const { lagMs, laggingWebhookLists } = state.settings;
				if (lagMs > 0 && writes) lag.keep(call.account);
				const { status, body } =
					lagMs > 0 && lags(route, laggingWebhookLists)
						? lag.answer(call, handle, lagMs)
						: handle(call);
				return reply.code(status).send(body);
			},
		});
	}
}

/** Errors in the words of whoever answers them: Kit's `errors`, Maton's `error`. */
function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
	if (error instanceof MatonError) return reply.code(error.status).send({ error: error.message });
	if (error instanceof KitError) return reply.code(error.status).send(error.body);
	const status = Number(objectOf({ ...(error as object) }).statusCode ?? 500);
	const sentence = error instanceof Error && status < 500 ? error.message : 'Internal Server Error';
	if (status >= 500) console.error(error);
	const isKit = request.url.startsWith('/kit/');
	return reply.code(status).send(isKit ? { errors: [sentence] } : { error: sentence });
}

/**
 * Adds everything that Maton answers to a server.
 * @param app the server
 * @param state what it stands on
 */
export function addGateway(app: FastifyInstance, state: GatewayState): void {
	app.addHook('onRequest', async (request) => {
		if (request.url.startsWith('/_sandbox/')) return;
		const { enforceRateLimit, latencyMs } = state.settings;
		const { authorization = '' } = request.headers;
		// A gateway counts what arrives, however long the answer takes.
		if (enforceRateLimit && !state.matonLimit.admits(authorization)) overLimit.add(request);
		if (latencyMs > 0) await wait(latencyMs, undefined, { ref: false });
	});
	app.addHook('onSend', (_request, reply, _payload, done) => {
		reply.header('x-request-id', randomUUID());
		done();
	});
	app.setErrorHandler((error, request, reply) => {
		// Kit's own clients flatten what it answers about sequences.
		const nests = state.settings.nestedErrors && request.url.startsWith('/kit/v4/sequences');
		if (!nests || !(error instanceof KitError)) return sendError(error, request, reply);
		return reply.code(error.status).send({ errors: [error.sentences] });
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

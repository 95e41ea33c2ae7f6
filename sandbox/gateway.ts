import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { kitRoutes } from './kit';
import { KitError, notFound, objectOf, textOf } from './kit/route';
import type { KitSettings } from './kit/route';
import type { Account } from './kit/state';
import { connectionRow } from './maton/connections';
import type { Connections } from './maton/connections';
import { MatonError } from './maton/errors';
import type { RateLimit } from './rateLimit';

/** What the gateway stands on; read on every request, since a reset replaces it. */
export interface GatewayState {
	readonly connections: Connections;
	readonly settings: KitSettings & { readonly enforceRateLimit: boolean };
	/** Maton's limit, by key. */
	readonly matonLimit: RateLimit;
	/** Kit's limit, by connection. */
	readonly kitLimit: RateLimit;
}

/** Which key a request carries; Maton's 401 or 429 otherwise. */
function keyOf(state: GatewayState, request: FastifyRequest): string {
	const key = state.connections.keyIn(request.headers.authorization);
	if (state.settings.enforceRateLimit && !state.matonLimit.admits(key)) {
		throw new MatonError(429, 'Rate limit exceeded: 10 requests per second');
	}
	return key;
}

/** The account that a request to Kit reaches; Maton's or Kit's error where it reaches none. */
function accountOf(state: GatewayState, request: FastifyRequest, writes: boolean): Account {
	const key = keyOf(state, request);
	const header = textOf(request.headers['maton-connection']);
	const connection = state.connections.forKit(key, header);
	if (state.settings.enforceRateLimit && !state.kitLimit.admits(connection.id)) {
		throw new KitError(429, ['Too many requests. Please try again later.']);
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
		const { app: wanted, status } = objectOf(request.query);
		const rows = state.connections
			.of(keyOf(state, request))
			.filter((one) => wanted === undefined || one.app === wanted)
			.filter((one) => status === undefined || one.status === status);
		return { connections: rows.map(connectionRow) };
	});
	app.post('/connections', (request) => {
		const key = keyOf(state, request);
		const wanted = textOf(objectOf(request.body).app);
		if (wanted !== 'kit') throw new MatonError(400, `Unknown app: ${wanted ?? 'none given'}`);
		return { connection: connectionRow(state.connections.start(key, wanted)) };
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
	for (const { method, path, reads, handle } of kitRoutes) {
		app.route({
			method,
			url: `/kit/v4${path}`,
			handler: (request, reply) => {
				const writes = method !== 'GET' && reads !== true;
				const { status, body } = handle({
					account: accountOf(state, request, writes),
					params: objectOf(request.params) as Record<string, string>,
					query: objectOf(request.query),
					body: objectOf(request.body),
					settings: state.settings,
				});
				return reply.code(status).send(body);
			},
		});
	}
}

/** Errors in the words of whoever answers them: Kit's `errors`, Maton's `error`. */
function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
	if (error instanceof MatonError) return reply.code(error.status).send({ error: error.message });
	if (error instanceof KitError) return reply.code(error.status).send({ errors: error.sentences });
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
	app.setErrorHandler(sendError);
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

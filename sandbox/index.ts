import fastify from 'fastify';
import { addControl } from './control';
import type { CraftedDelivery } from './delivery/craftedDelivery';
import type { PostedDelivery } from './delivery/sender';
import { WebhookDispatcher } from './delivery/webhookDispatcher';
import { addFaults, Faults } from './faults';
import type { Fault } from './faults';
import { addGateway } from './gateway';
import { settle } from './kit/broadcasts';
import { DAY } from './kit/dates';
import { addLog } from './log';
import type { RecordedRequest } from './log';
import { connectionRow, Connections } from './maton/connections';
import { CONNECTIONS, demoConnections, freshAccount, KEYS } from './maton/demo';
import { addPage } from './page';
import { RateLimits } from './rateLimits';
import { SETTINGS } from './settings';
import type { SandboxSettings } from './settings';
import { happen } from './simulatedEvents';
import type { SimulatedEvent } from './simulatedEvents';

export type { PostedDelivery } from './delivery/sender';
export type { Fault } from './faults';
export type { RecordedRequest } from './log';
export type { SandboxSettings } from './settings';
export type { SimulatedEvent } from './simulatedEvents';

/** How a sandbox is to be. */
export interface SandboxOptions extends Partial<SandboxSettings> {
	/** Where it listens on 127.0.0.1; 0, the default, is any free port. */
	port?: number;
	/** How many subscribers the main connection has; 50 by default. */
	subscribers?: number;
	/** Fixes the data, with the day; 1 by default. */
	seed?: number;
	/** Keep the answers in the log as well, for checks of them; false by default. */
	keepAnswers?: boolean;
	/** The moment at which its time stands still, ISO 8601; the real time by default. The data end with the day before. */
	now?: string;
}

/** A running stand-in for Maton and Kit. */
export interface Sandbox {
	/** Takes the place of `https://api.maton.ai`. */
	readonly url: string;
	/** Maton API keys; `empty` has no connections. */
	readonly keys: typeof KEYS;
	/** Connection ids, all of `keys.main`, which uses `main` by default. */
	readonly connections: typeof CONNECTIONS;
	/** Every request that arrived, oldest first, at most the last 20,000. */
	readonly log: RecordedRequest[];
	/** Lets the next matching requests go wrong. */
	fault: (fault: Fault) => void;
	/** Removes the faults that still wait. */
	clearFaults: () => void;
	readonly settings: SandboxSettings;
	/** Every post to a webhook or a webhook endpoint, oldest first, at most the last 2,000. */
	readonly deliveries: PostedDelivery[];
	/** Resolves when no delivery is under way or waiting, for its batch or for a retry. */
	settled: () => Promise<void>;
	/** Lets something happen that no call of Kit's API causes; throws where it names what is not there. */
	raise: (simulated: SimulatedEvent) => void;
	/** Posts a made-up delivery to a webhook endpoint, once; rejects where there is none. */
	deliver: (crafted: CraftedDelivery) => Promise<PostedDelivery>;
	/** Authorises a pending connection, as opening its `url` does, and answers it; throws where there is none. */
	authorize: (connection: string) => object;
	/**
	 * Moves the time of Kit's data forward, and does what becomes due: scheduled broadcasts are sent, and
	 * retries come sooner.
	 */
	advance: (seconds: number) => void;
	/**
	 * Everything as at the start: data, time, connections, settings; no faults, no deliveries, empty logs.
	 */
	reset: () => void;
	close: () => Promise<void>;
}

const SECOND = 1000;
const MOST_BYTES = 64 * 1024 * 1024;

/** A server that reads JSON; anything else is read as no parameters at all. */
function server() {
	const app = fastify({
		bodyLimit: MOST_BYTES,
		exposeHeadRoutes: false,
		forceCloseConnections: true,
	});
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('*', { parseAs: 'string' }, ({ headers }, body, done) => {
		const isJson = headers['content-type']?.startsWith('application/json') === true;
		try {
			done(null, isJson && body !== '' ? JSON.parse(String(body)) : undefined);
		} catch {
			done(Object.assign(new Error('The body is not valid JSON'), { statusCode: 400 }));
		}
	});
	return app;
}

/**
 * Starts a stand-in for Maton's gateway and Kit's API behind it, modelled on their documentation.
 * @param options how it is to be
 * @returns the sandbox, listening; rejects where the port is taken
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const { port = 0, subscribers = 50, seed = 1, keepAnswers = false, ...more } = options;
	const { now: standsAt, ...chosen } = more;
	const settings = SETTINGS.parse(chosen);
	const initial = { ...settings };
	let aheadMs = 0;
	const now = () => (standsAt === undefined ? Date.now() : Date.parse(standsAt)) + aheadMs;
	const world = { subscribers, seed, until: Math.floor(now() / DAY) * DAY, now };
	const log: RecordedRequest[] = [];
	const deliveries: PostedDelivery[] = [];
	const faults = new Faults(seed);
	const start = () => {
		const connections = demoConnections(world);
		const dispatcher = new WebhookDispatcher(deliveries, settings);
		for (const account of connections.accounts()) dispatcher.serve(account);
		return { connections, dispatcher, limits: new RateLimits() };
	};
	const state = { settings, ...start() };
	const settleAll = () => {
		for (const account of state.connections.accounts()) settle(account);
	};
	const accountOf = (connection?: string) =>
		state.connections.forKit(KEYS.main, connection ?? CONNECTIONS.main).account;

	const controls: Omit<Sandbox, 'url' | 'close'> = {
		keys: KEYS,
		connections: CONNECTIONS,
		log,
		settings,
		fault: (fault) => {
			faults.add(fault);
		},
		clearFaults: () => {
			faults.clear();
		},
		deliveries,
		settled: async () => {
			await state.dispatcher.settled();
		},
		raise: (simulated) => {
			happen(accountOf(simulated.connection), simulated);
		},
		deliver: async (crafted) =>
			await state.dispatcher.deliver(accountOf(crafted.connection), crafted),
		authorize: (connection) => {
			const account = freshAccount(world, 9000 + state.connections.accounts().length);
			state.dispatcher.serve(account);
			return connectionRow(state.connections.authorize(connection, account));
		},
		advance: (seconds) => {
			aheadMs += seconds * SECOND;
			settleAll();
			state.dispatcher.hasten(seconds * SECOND * settings.retryScale);
		},
		reset: () => {
			aheadMs = 0;
			state.dispatcher.stop();
			// The old data go first, since both together may not fit.
			state.connections = new Connections(new Map());
			Object.assign(settings, initial);
			Object.assign(state, start());
			faults.clear();
			log.length = deliveries.length = 0;
		},
	};

	const app = server();
	addLog(app, log, keepAnswers);
	addFaults(app, faults);
	addGateway(app, state);
	addControl(app, controls);
	addPage(app, controls, () => state.connections);
	// What becomes due is done without anyone asking, so that webhooks hear of it.
	const ticking = setInterval(settleAll, SECOND).unref();
	const close = async () => {
		clearInterval(ticking);
		state.dispatcher.stop();
		await app.close();
	};
	try {
		return { ...controls, url: await app.listen({ port, host: '127.0.0.1' }), close };
	} catch (error) {
		await close();
		throw error;
	}
}

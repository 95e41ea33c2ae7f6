import fastify from 'fastify';
import { Clock } from './clock';
import { addControl } from './control';
import { WebhookDispatcher } from './delivery/webhookDispatcher';
import type { CraftedDelivery } from './delivery/craftedDelivery';
import type { PostedDelivery } from './delivery/sender';
import { Faults } from './faults';
import type { Fault } from './faults';
import { addGateway } from './gateway';
import { happen } from './simulatedEvents';
import type { SimulatedEvent } from './simulatedEvents';
import { addFaultHooks } from './faultHooks';
import { addPage } from './page';
import { DAY } from './kit/dates';
import type { RecordedRequest } from './log';
import { Connections } from './maton/connections';
import { CONNECTIONS, demoConnections, freshAccount, KEYS } from './maton/demo';
import { RateLimit } from './rateLimit';

export type { CraftedDelivery } from './delivery/craftedDelivery';
export type { PostedDelivery } from './delivery/sender';
export type { Fault, FaultKind } from './faults';
export type { SimulatedEvent } from './simulatedEvents';
export type { RecordedRequest } from './log';

/** What can be changed while it runs. */
export interface SandboxSettings {
	/** Answer 429 above Maton's 10 requests a second and Kit's 600 a minute; false by default. */
	enforceRateLimit: boolean;
	/** Let webhook endpoints be on this machine, which Kit refuses; false by default. */
	allowLoopbackWebhooks: boolean;
	/** What a second of Kit's waits before retries is here, in seconds; 0.001 by default. */
	retryScale: number;
	/** For how many milliseconds events of one type are collected for one delivery; 50 by default. */
	batchWindowMs: number;
	/** How many milliseconds every answer takes; 0 by default. */
	latencyMs: number;
	/**
	 * For how many milliseconds of the sandbox's time a write does not show in lists, filters, reports and
	 * lookups by email address, as with Kit (30 s in the middle, up to 5 minutes); 0 by default. Only
	 * writes that come while it is above 0 lag.
	 */
	lagMs: number;
	/** Let lists of webhooks and of webhook endpoints lag as well, which Kit's clients saw current; false by default. */
	laggingWebhookLists: boolean;
	/** Answer `{"errors": [["sentence"]]}` about sequences, as Kit may; false by default. */
	nestedErrors: boolean;
	/** Answer 404 to `DELETE /tags/{id}`, which Maton documents and Kit does not; false by default. */
	noTagDelete: boolean;
}

const DEFAULTS: SandboxSettings = {
	enforceRateLimit: false,
	allowLoopbackWebhooks: false,
	retryScale: 1 / 1000,
	batchWindowMs: 50,
	latencyMs: 0,
	lagMs: 0,
	laggingWebhookLists: false,
	nestedErrors: false,
	noTagDelete: false,
};

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
	/** The day at whose beginning, in UTC, the data end, `yyyy-mm-dd`; today by default. */
	today?: string;
	/** The moment at which the time of its data stands still, ISO 8601; the real time by default. */
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
	fault(fault: Fault): void;
	/** Removes the faults that still wait. */
	clearFaults(): void;
	readonly settings: SandboxSettings;
	/** Every post to a webhook or a webhook endpoint, oldest first, at most the last 2,000. */
	readonly deliveries: PostedDelivery[];
	/** Resolves when no delivery is under way or waiting, for its batch or for a retry. */
	settled(): Promise<void>;
	/** Lets something happen that no call of Kit's API causes; throws where it names what is not there. */
	raise(simulated: SimulatedEvent): void;
	/** Posts a made-up delivery to a webhook endpoint, once; rejects where there is none. */
	deliver(crafted: CraftedDelivery): Promise<PostedDelivery>;
	/**
	 * Moves the time of Kit's data forward, and does what becomes due: scheduled broadcasts are sent, and
	 * retries come sooner.
	 */
	advance(seconds: number): void;
	/**
	 * Everything as at the start: data, time, connections, settings; no faults, no deliveries, empty logs.
	 */
	reset(): void;
	close(): Promise<void>;
}

const SECOND = 1000;
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Starts a stand-in for Maton's gateway and Kit's API behind it, modelled on their documentation.
 * @param options how it is to be
 * @returns the sandbox, listening; rejects where the port is taken
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const {
		port = 0,
		subscribers = 50,
		seed = 1,
		keepAnswers = false,
		today,
		now,
		...chosen
	} = options;
	const settings: SandboxSettings = { ...DEFAULTS, ...chosen };
	const initial = { ...settings };
	const clock = new Clock(now === undefined ? undefined : Date.parse(now));
	const until = Date.parse(today ?? new Date(clock.now()).toISOString().slice(0, 10));
	if (Number.isNaN(until)) throw new Error(`Not a day: ${String(today)}`);
	const world = { subscribers, seed, until: Math.floor(until / DAY) * DAY, clock };
	const log: RecordedRequest[] = [];
	const deliveries: PostedDelivery[] = [];
	const faults = new Faults(seed);
	const start = () => {
		const connections = demoConnections(world);
		const dispatcher = new WebhookDispatcher(deliveries, settings);
		for (const account of connections.accounts()) dispatcher.serve(account);
		return {
			connections,
			dispatcher,
			matonLimit: new RateLimit(10, SECOND),
			kitLimit: new RateLimit(600, 60 * SECOND),
			kitKeyLimit: new RateLimit(120, 60 * SECOND),
			authorized: 0,
		};
	};
	const state = { settings, ...start() };
	const settle = () => {
		for (const account of state.connections.accounts()) account.settle();
	};
	const accountOf = (connection?: string) =>
		state.connections.forKit(KEYS.main, connection ?? CONNECTIONS.main).account;

	const controls = {
		keys: KEYS,
		connections: CONNECTIONS,
		log,
		settings,
		fault: (fault: Fault) => {
			faults.add(fault);
		},
		clearFaults: () => {
			faults.clear();
		},
		deliveries,
		settled: async () => {
			await state.dispatcher.settled();
		},
		raise: (simulated: SimulatedEvent) => {
			happen(accountOf(simulated.connection), simulated);
		},
		deliver: async (crafted: CraftedDelivery) =>
			await state.dispatcher.deliver(accountOf(crafted.connection), crafted),
		advance: (seconds: number) => {
			clock.advance(seconds);
			settle();
			state.dispatcher.hasten(seconds * SECOND * settings.retryScale);
		},
		reset: () => {
			clock.reset();
			state.dispatcher.stop();
			deliveries.length = 0;
			// The old data go first, since both together may not fit.
			state.connections = new Connections([]);
			Object.assign(settings, initial);
			Object.assign(state, start());
			faults.clear();
			log.length = 0;
		},
	};

	const app = fastify({
		bodyLimit: MOST_BYTES,
		exposeHeadRoutes: false,
		forceCloseConnections: true,
	});
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
		try {
			done(null, body === '' ? undefined : JSON.parse(String(body)));
		} catch {
			done(Object.assign(new Error('The body is not valid JSON'), { statusCode: 400 }));
		}
	});
	// Anything but JSON is read as no parameters at all.
	app.addContentTypeParser('*', { parseAs: 'string' }, (_request, _body, done) => {
		done(null, undefined);
	});
	addFaultHooks(app, log, faults, keepAnswers);
	addGateway(app, state);
	addControl(app, controls, (id) => {
		state.authorized += 1;
		const account = freshAccount(world, 9000 + state.authorized);
		state.dispatcher.serve(account);
		return state.connections.authorize(id, account);
	});
	addPage(app, controls, () => state.connections);
	// What becomes due is done without anyone asking, so that webhooks hear of it.
	const ticking = setInterval(settle, SECOND).unref();
	const stop = async () => {
		clearInterval(ticking);
		state.dispatcher.stop();
		await app.close();
	};

	try {
		const url = await app.listen({ port, host: '127.0.0.1' });
		return { ...controls, url, close: stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

import fastify from 'fastify';
import { Clock } from './clock';
import { addControl } from './control';
import { Faults } from './faults';
import type { Fault } from './faults';
import { addGateway } from './gateway';
import { addInterference } from './interference';
import { DAY } from './kit/dates';
import type { RecordedRequest } from './log';
import { Connections } from './maton/connections';
import { CONNECTIONS, demoConnections, freshAccount, KEYS } from './maton/demo';
import { RateLimit } from './rateLimit';

export type { Fault, FaultKind } from './faults';
export type { RecordedRequest } from './log';

/** How a sandbox is to be. */
export interface SandboxOptions {
	/** Where it listens on 127.0.0.1; 0, the default, is any free port. */
	port?: number;
	/** How many subscribers the main connection has; 50 by default. */
	subscribers?: number;
	/** Fixes the data, with the day; 1 by default. */
	seed?: number;
	/** Answer 429 above Maton's 10 requests a second and Kit's 600 a minute; false by default. */
	enforceRateLimit?: boolean;
	/** Keep the answers in the log as well, for checks of them; false by default. */
	keepAnswers?: boolean;
	/** Let webhook endpoints be on this machine, which Kit refuses; false by default. */
	allowLoopbackWebhooks?: boolean;
	/** The day at whose beginning, in UTC, the data end, `yyyy-mm-dd`; today by default. */
	today?: string;
}

/** What can be changed while it runs. */
export interface SandboxSettings {
	enforceRateLimit: boolean;
	allowLoopbackWebhooks: boolean;
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
	/** Moves the time of Kit's data forward, and does what becomes due: scheduled broadcasts are sent. */
	advance(seconds: number): void;
	/** Everything as at the start: data, time, connections, settings; no faults, an empty log. */
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
	const { port = 0, subscribers = 50, seed = 1, today } = options;
	const { enforceRateLimit = false, allowLoopbackWebhooks = false, keepAnswers = false } = options;
	const until = Date.parse(today ?? new Date().toISOString().slice(0, 10));
	if (Number.isNaN(until)) throw new Error(`Not a day: ${String(today)}`);
	const clock = new Clock();
	const world = { subscribers, seed, until: Math.floor(until / DAY) * DAY, clock };
	const log: RecordedRequest[] = [];
	const faults = new Faults(seed);
	const state = {
		connections: demoConnections(world),
		settings: { enforceRateLimit, allowLoopbackWebhooks },
		matonLimit: new RateLimit(10, SECOND),
		kitLimit: new RateLimit(600, 60 * SECOND),
	};
	let authorized = 0;

	const controls = {
		keys: KEYS,
		connections: CONNECTIONS,
		log,
		settings: state.settings,
		fault: (fault: Fault) => {
			faults.add(fault);
		},
		clearFaults: () => {
			faults.clear();
		},
		advance: (seconds: number) => {
			clock.advance(seconds);
			for (const account of state.connections.accounts()) account.settle();
		},
		reset: () => {
			clock.reset();
			// The old data go first, since both together may not fit.
			state.connections = new Connections([]);
			state.connections = demoConnections(world);
			Object.assign(state.settings, { enforceRateLimit, allowLoopbackWebhooks });
			state.matonLimit.clear();
			state.kitLimit.clear();
			faults.clear();
			log.length = 0;
			authorized = 0;
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
	addInterference(app, log, faults, keepAnswers);
	addGateway(app, state);
	addControl(app, controls, (id) => {
		authorized += 1;
		return state.connections.authorize(id, freshAccount(world, 9000 + authorized));
	});

	try {
		const url = await app.listen({ port, host: '127.0.0.1' });
		return {
			...controls,
			url,
			close: async () => {
				await app.close();
			},
		};
	} catch (error) {
		await app.close();
		throw error;
	}
}

import type { Fault, Sandbox, SandboxOptions, SandboxSettings } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import type { Ask } from './ask';
import { askOf } from './ask';
import { passLag } from './passingLag';
import { Contract } from '../../sandbox/facts/contract';
import type { Exchange } from '../../sandbox/facts/contract';

/** A sandbox for the tests of one file, as it was at its start before every test. */
export interface TestSandbox {
	readonly current: Sandbox;
	/** A credential for the main connection */
	readonly credential: { apiKey: string; connectionId: string; baseUrl: string };
	/** What arrived, `METHOD path` and what went with it */
	requests(): { request: string; query: unknown; body: unknown; status: number }[];
	/** What is known of Kit and Maton; what arrives and is answered is checked against it after every test */
	readonly contract: Contract;
	/** An answer of the sandbox to a request of the test's own */
	readonly ask: Ask;
}

/** What a test finds Kit and the way to it like. */
export interface Roughness extends Partial<SandboxSettings> {
	/** What goes wrong with some requests, of which `requests()` tells nothing */
	faults?: Fault[];
}

/**
 * Kit as it is far away: answers take a while, what the node writes shows late in lists, filters and lookups
 * by email address, and errors about sequences are nested. Now and then others have used up the limit of the
 * key, or a proxy on the way answers in Kit's place; who asks for long hears from Kit that it was too much.
 */
export const ROUGH: Roughness = {
	latencyMs: 3,
	lagMs: 240_000,
	nestedErrors: true,
	faults: [
		{ kind: 'status', status: 429, share: 0.04 },
		{ kind: 'notJson', status: 502, method: 'GET', share: 0.01 },
		{ kind: 'kitRateLimit', skip: 60 },
	],
};

/** Kit as near and polite as it never is, for what is about the node alone. */
export const SMOOTH: Roughness = {};

/**
 * Starts a sandbox before the tests of a file and stops it after them.
 * @param options how the sandbox is to be
 * @param roughness with which every test begins; what a test asks of its own passes the time by which lists
 * lag
 * @param judge which of the problems of an exchange fail its test; all of them by default
 */
export function useSandbox(
	options: SandboxOptions = {},
	{ faults = [], ...settings }: Roughness = ROUGH,
	judge = (_exchange: Exchange, problems: string[]): string[] => problems,
): TestSandbox {
	let running: Sandbox | undefined;
	const contract = new Contract();
	const current = () => {
		if (!running) throw new Error('The sandbox runs only during tests');
		return running;
	};
	beforeAll(async () => {
		running = await startSandbox({ keepAnswers: (options.subscribers ?? 0) < 10_000, ...options });
	});
	beforeEach(() => {
		current().reset();
		Object.assign(current().settings, settings);
		passLag((seconds) => {
			current().advance(seconds);
		});
		for (const fault of faults) current().fault(fault);
	});
	afterEach(() => {
		const problems = current().log.flatMap((one) => judge(one, contract.check(one)));
		expect([...new Set(problems)]).toEqual([]);
	});
	afterAll(async () => {
		await running?.close();
	});
	return {
		contract,
		get current() {
			return current();
		},
		get credential() {
			const { url, keys } = current();
			return { apiKey: keys.main, connectionId: '', baseUrl: url };
		},
		requests: () =>
			current()
				.log.filter(({ struck }) => !faults.some((fault) => fault === struck))
				.map(({ method, path, query, body, status }) => ({
					request: `${method} ${path}`,
					query,
					body,
					status,
				})),
		ask: async (...request) => {
			const { lagMs } = current().settings;
			// A test that sets the time itself is about it.
			const pass = () => {
				if (settings.lagMs === lagMs) current().advance(lagMs / 1000);
			};
			pass();
			const answer = await askOf(current())(...request);
			pass();
			return answer;
		},
	};
}

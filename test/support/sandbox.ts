import type { Sandbox, SandboxOptions, SandboxSettings } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import type { Ask } from './ask';
import { askOf } from './ask';
import { Contract } from '../../sandbox/facts/contract';

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

/**
 * Kit as it is far away: answers take a while, what the node writes shows late in lists, filters and lookups
 * by email address, and errors about sequences are nested.
 */
export const ROUGH: Partial<SandboxSettings> = {
	latencyMs: 3,
	lagMs: 240_000,
	nestedErrors: true,
};

/**
 * Starts a sandbox before the tests of a file and stops it after them.
 * @param options how the sandbox is to be
 * @param settings with which every test begins; what a test asks of its own passes the time by which lists lag
 */
export function useSandbox(
	options: SandboxOptions = {},
	settings: Partial<SandboxSettings> = {},
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
	});
	afterEach(() => {
		const problems = current().log.flatMap((exchange) => contract.check(exchange));
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
			current().log.map(({ method, path, query, body, status }) => ({
				request: `${method} ${path}`,
				query,
				body,
				status,
			})),
		ask: async (...request) => {
			const { lagMs } = current().settings;
			const pass = () => {
				if (settings.lagMs !== undefined) current().advance(lagMs / 1000);
			};
			pass();
			const answer = await askOf(current())(...request);
			pass();
			return answer;
		},
	};
}

import fc from 'fast-check';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { useClock } from '../support/clock';
import { kitNode } from '../support/n8n';
import type { PollingOptions } from '../support/polling';
import { TestPolling } from '../support/polling';
import { SMOOTH, useSandbox } from '../support/sandbox';
import { ALL_SCENES } from './cases';
import { expectEachOnce, keysOf, truthOf } from './truths';

// Each test says itself what goes wrong.
const sandbox = useSandbox({ subscribers: 60, allowLoopbackWebhooks: true, retryScale: 0 }, SMOOTH);
const advance = useClock();

/** How many requests a poll takes that finds nothing. */
const QUIET: Record<string, number> = {
	// The broadcasts of the last days, of which there are two then, are each counted for themselves.
	openedBroadcast: 3,
};

beforeAll(async () => {
	await kitNode();
});

describe.each(ALL_SCENES)('$watch', ({ watch, parameters, play, takeBack }) => {
	let chosen: INodeParameters;
	let polling: TestPolling;
	let before: string[];
	let items: IDataObject[];

	async function start(more: Partial<PollingOptions> = {}): Promise<void> {
		chosen = { watch, ...(await parameters?.(sandbox.ask)) };
		polling = new TestPolling({ parameters: chosen, credential: sandbox.credential, ...more });
		await polling.activate();
		before = await truthOf(sandbox, chosen);
		items = [];
	}

	const scene = () => ({ ask: sandbox.ask, sandbox: sandbox.current, advance });

	const happen = async () => await play(scene(), chosen);

	const poll = async () => {
		const found = await polling.poll();
		items.push(...found);
		return found;
	};

	async function restart(): Promise<void> {
		polling = await polling.restart();
		items.push(...polling.runs.flat());
	}

	/** What has happened since the mark was set, and is still there. */
	const due = async () => (await truthOf(sandbox, chosen)).filter((key) => !before.includes(key));

	async function expectAllOnce(): Promise<void> {
		const keys = await due();
		expect(keys).not.toEqual([]);
		expectEachOnce(watch, items, keys);
	}

	test('the first polls start nothing, and the next ones bring what happened since', async () => {
		await start();
		expect(polling.runs).toEqual([]);
		expect(await poll()).toEqual([]);
		await happen();
		await happen();
		await poll();
		await expectAllOnce();
		expect(await poll()).toEqual([]);
		expect(polling.failures).toEqual([]);
	});

	test('a quiet poll takes few requests, and no large one', async () => {
		await start();
		await happen();
		await poll();
		advance(1800);
		await poll();
		sandbox.current.log.length = 0;
		expect(await poll()).toEqual([]);
		expect(sandbox.current.log).toHaveLength(QUIET[watch] ?? 1);
	});

	test('what shows late in Kit’s lists comes once', async () => {
		await start();
		sandbox.current.settings.lagMs = 300_000;
		await happen();
		await poll();
		advance(200);
		await happen();
		for (let minute = 0; minute < 8; minute++) {
			await poll();
			advance(60);
		}
		await poll();
		await expectAllOnce();
	});

	test('a poll that fails is made up by the next', async () => {
		await start();
		await happen();
		const body = { errors: ['No'] };
		sandbox.current.fault({ kind: 'status', status: 401, body, path: '/kit/v4' });
		expect(await poll()).toEqual([]);
		expect(polling.failures.map(({ message }) => message)).toEqual([
			expect.stringMatching(/^No\. /),
		]);
		await happen();
		await poll();
		await expectAllOnce();
	});

	test('answers that are lost, refused or cut off are asked for again', async () => {
		await start();
		await happen();
		sandbox.current.fault({ kind: 'kitRateLimit', path: '/kit/v4' });
		sandbox.current.fault({ kind: 'truncate', path: '/kit/v4' });
		await poll();
		await expectAllOnce();
		expect(polling.failures).toEqual([]);
	});

	test('n8n that starts again goes on where it was', async () => {
		await start();
		await happen();
		await poll();
		await restart();
		await happen();
		await restart();
		await poll();
		await expectAllOnce();
	});

	test('what n8n’s database refuses comes with the next poll', async () => {
		await start();
		await happen();
		polling.isFull = true;
		expect(await poll()).toEqual([]);
		polling.isFull = false;
		await poll();
		await poll();
		await expectAllOnce();
	});

	test('what n8n keeps together with the run is neither lost nor brought twice', async () => {
		await start({ durable: true });
		// n8n does not keep what the poll of an activation remembers, unless it started a run.
		expect(await poll()).toEqual([]);
		await happen();
		polling.isFull = true;
		expect(await poll()).toEqual([]);
		await restart();
		await poll();
		await restart();
		await expectAllOnce();
	});

	test('a test in the editor shows some of the latest, and changes nothing', async () => {
		await start();
		await happen();
		const saved = JSON.stringify(polling.saved);
		const shown = await polling.test();
		expect(shown.length).toBeGreaterThan(0);
		expect(shown.length).toBeLessThanOrEqual(5);
		expect(JSON.stringify(polling.saved)).toBe(saved);
		await poll();
		await expectAllOnce();
	});

	test('whatever happens, lags, fails and starts again, each thing is reported once', async () => {
		const step = fc.oneof(
			{ weight: 4, arbitrary: fc.constant('happen' as const) },
			{ weight: 4, arbitrary: fc.constant('poll' as const) },
			fc.constant('takeBack' as const),
			fc.constantFrom('restart' as const, 'refuse' as const, 'fail' as const),
			fc.record({ seconds: fc.integer({ min: 1, max: 100_000 }) }),
		);
		const steps = fc.array(step, { minLength: 4, maxLength: 14 });
		await fc.assert(
			fc.asyncProperty(steps, fc.constantFrom(0, 30_000, 300_000), async (all, lagMs) => {
				sandbox.current.reset();
				await start();
				Object.assign(sandbox.current.settings, { lagMs });
				const ever = new Set<string>();
				for (const one of all) {
					if (one === 'happen') await happen();
					else if (one === 'takeBack') {
						for (const key of await due()) ever.add(key);
						await takeBack?.(scene(), chosen);
					} else if (one === 'poll') await poll();
					else if (one === 'restart') await restart();
					else if (one === 'refuse') {
						polling.isFull = true;
						expect(await poll()).toEqual([]);
						polling.isFull = false;
						// One that is ended before it polls again has saved the mark, and not the run.
						await poll();
					} else if (one === 'fail') {
						sandbox.current.fault({ kind: 'status', status: 400, path: '/kit/v4' });
						expect(await poll()).toEqual([]);
						sandbox.current.clearFaults();
					} else advance(one.seconds);
				}
				await happen();
				advance(301);
				await poll();
				advance(3700);
				await poll();
				await poll();
				// What was taken back may have been reported before, or not.
				const keys = await due();
				const isThere = (item: IDataObject) => {
					const [key = ''] = keysOf(watch, [item]);
					return keys.includes(key) || !ever.has(key);
				};
				expectEachOnce(watch, items.filter(isThere), keys);
			}),
			{ numRuns: 8 },
		);
	}, 240_000);
});

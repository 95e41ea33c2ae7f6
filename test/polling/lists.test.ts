import type { INodeParameters } from 'n8n-workflow';
import type { PollingOptions } from '../support/polling';
import { useClock } from '../support/clock';
import { TestPolling } from '../support/polling';
import { kitNode } from '../support/n8n';
import { ROUGH, useSandbox } from '../support/sandbox';
import { LIST_CASES } from './cases';

const sandbox = useSandbox({}, { ...ROUGH, lagMs: 0 });
const advance = useClock();

beforeAll(async () => {
	await kitNode();
});

describe.each(LIST_CASES)('$watch', (one) => {
	const { watch, event, idOf } = one;
	let chosen: INodeParameters;
	let polling: TestPolling;

	async function start(more: Partial<PollingOptions> = {}) {
		chosen = { watch, ...(await one.parameters?.(sandbox.ask)) };
		polling = new TestPolling({ parameters: chosen, credential: sandbox.credential, ...more });
		await polling.activate();
	}
	const happen = async () => await one.happen(sandbox.ask, chosen);

	test('the first poll starts nothing, and the next ones bring what happened since, once and in order', async () => {
		await start();
		expect(await polling.poll()).toEqual([]);
		const ids = [await happen(), await happen(), await happen()];
		const items = await polling.poll();
		expect(items.map(idOf)).toEqual(ids);
		expect(items.every((item) => item.event === event)).toBe(true);
		expect(new Set(items.map(({ id }) => id)).size).toBe(3);
		expect(await polling.poll()).toEqual([]);
		advance(7200);
		const later = await happen();
		expect((await polling.poll()).map(idOf)).toEqual([later]);
		expect(await polling.poll()).toEqual([]);
		expect(polling.failures).toEqual([]);
	});

	test('what shows late in Kit’s list comes once, with what came before it', async () => {
		await start();
		sandbox.current.settings.lagMs = 300_000;
		const ids = [await happen()];
		expect(await polling.poll()).toEqual([]);
		advance(200);
		ids.push(await happen());
		const items = await polling.poll();
		for (let minute = 0; minute < 8; minute++) {
			advance(60);
			items.push(...(await polling.poll()));
		}
		expect(items.map(idOf)).toEqual(ids);
	});

	test('n8n that starts again goes on where it was', async () => {
		await start();
		const ids = [await happen()];
		expect((await polling.poll()).map(idOf)).toEqual(ids);
		const again = await polling.restart();
		expect(again.runs).toEqual([]);
		const others = [await happen(), await happen()];
		const third = await again.restart();
		expect(third.runs.flat().map(idOf)).toEqual(others);
		expect(await third.poll()).toEqual([]);
	});
});

import type { IDataObject } from 'n8n-workflow';
import type { Sandbox } from '../../sandbox';
import { SCENES } from '../../test/polling/cases';
import { askOf } from '../../test/support/ask';
import { kitNode } from '../../test/support/n8n';
import { TestPolling } from '../../test/support/polling';
import { NOW } from './madeUpKit';

/**
 * Lets everything happen that can be watched, and polls for it.
 * @param sandbox with data and time that are always the same; it is reset first
 * @returns the first item of each watch, by its value
 */
export async function collectPolled(sandbox: Sandbox): Promise<ReadonlyMap<string, IDataObject>> {
	await kitNode();
	sandbox.reset();
	const { now } = Date;
	let moment = Date.parse(NOW);
	const ask = askOf(sandbox);
	const advance = (seconds: number) => {
		sandbox.advance(seconds);
		moment += 1000 * seconds;
	};
	const items = new Map<string, IDataObject>();
	// The node has to live in the time of the sandbox.
	Date.now = () => moment;
	try {
		for (const { watch, parameters, play } of SCENES) {
			const chosen = { watch, ...(await parameters?.(ask)) };
			const credential = { apiKey: sandbox.keys.main, connectionId: '', baseUrl: sandbox.url };
			const polling = new TestPolling({ parameters: chosen, credential });
			await polling.activate();
			await play({ ask, sandbox, advance }, chosen);
			const [item] = await polling.poll();
			if (!item) throw new Error(`Nothing was found by ${watch}`);
			items.set(watch, item);
		}
	} finally {
		Date.now = now;
	}
	return items;
}

import type { Sandbox } from '../../sandbox';
import { startSandbox } from '../../sandbox';

/** When everything in the examples happens. */
export const NOW = '2026-11-23T09:30:00Z';

/** @returns a sandbox whose data and time are the same whenever it is started */
export async function startMadeUpKit(): Promise<Sandbox> {
	return await startSandbox({ now: NOW });
}

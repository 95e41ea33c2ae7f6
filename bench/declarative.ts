import { monitorEventLoopDelay } from 'node:perf_hooks';
import { runKit } from '../test/support/n8n';
import { sendBare } from './bareRequests';
import { sendByHttpRequest } from './httpRequest';
import { liftRateLimit } from './rateLimit';
import { sandboxProcess } from './sandbox';
import { cpuMsOf, repeat } from './spread';

const ITEMS = 5000;
const RUNS = 5;

/** Ten at once, as fast as they come. */
const BATCH = { batchSize: 10, batchInterval: 1 };

/**
 * The processor time that one item of an operation costs, in this node with all its fields, and how
 * long it keeps n8n from doing anything else.
 * @param modules the `node_modules` folder of n8n
 * @returns milliseconds an item in all and of that without the request itself, what it is against HTTP Request,
 * and the longest time in milliseconds for which nothing else ran
 */
export async function measureDeclarative(modules: string) {
	const sandbox = await sandboxProcess({ subscribers: 100 });
	try {
		const { credential } = sandbox;
		liftRateLimit(credential);
		const { subscribers } = await sandbox.ask('GET', '/kit/v4/subscribers?per_page=1');
		const { id = 0 } = (subscribers as { id: number }[])[0] ?? {};
		const items = Array.from({ length: ITEMS }, () => ({ id }));
		const byHttpRequest = await sendByHttpRequest(
			modules,
			credential,
			[{ method: 'GET', path: '/kit/v4/subscribers/{{ $json.id }}' }],
			items,
			BATCH,
		);
		const once = async () => {
			const delay = monitorEventLoopDelay({ resolution: 5 });
			delay.enable();
			const cpuMs = await cpuMsOf(async () => {
				const { error, json } = await runKit({
					credential,
					parameters: {
						resource: 'subscriber',
						operation: 'get',
						subscriberId: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
					},
					items,
				});
				if (error) throw error;
				if (json.length !== ITEMS) throw new Error(`${String(json.length)} items came`);
			});
			delay.disable();
			const bareMs = await cpuMsOf(async () => {
				const path = `/kit/v4/subscribers/${String(id)}`;
				await sendBare(credential, { count: ITEMS, path, atOnce: 10 });
			});
			const httpRequestMs = await cpuMsOf(async () => {
				if ((await byHttpRequest()) !== ITEMS) throw new Error('HTTP Request lost items');
			});
			return {
				cpuMsPerItem: cpuMs / ITEMS,
				cpuVsHttpRequest: cpuMs / httpRequestMs,
				cpuMsWithoutRequest: (cpuMs - bareMs) / ITEMS,
				longestBlockMs: delay.max / 1e6,
			};
		};
		await once();
		return await repeat(RUNS, once);
	} finally {
		sandbox.stop();
	}
}

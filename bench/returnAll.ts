import type { INodeExecutionData } from 'n8n-workflow';
import { runKit } from '../test/support/n8n';
import { listByHttpRequest } from './httpRequest';
import { liftRateLimit } from './rateLimit';
import type { Credential } from './sandbox';
import { sandboxProcess } from './sandbox';
import { cpuMsOf, repeat, timed } from './spread';

const SUBSCRIBERS = 100_000;
const RUNS = 7;

/** Kit is farther away than the sandbox. */
const FAR = { subscribers: 20_000, delayMs: 250, runs: 5 };

/** The same items without n8n. */
async function bareFetch({ apiKey, baseUrl }: Credential): Promise<number> {
	const items: INodeExecutionData[] = [];
	for (let after = ''; ;) {
		const query = new URLSearchParams({ per_page: '1000', status: 'all', ...(after && { after }) });
		const response = await fetch(`${baseUrl}/kit/v4/subscribers?${query.toString()}`, {
			headers: { Authorization: `Bearer ${apiKey}` },
		});
		const { subscribers, pagination } = (await response.json()) as {
			subscribers: INodeExecutionData['json'][];
			pagination: { has_next_page: boolean; end_cursor: string };
		};
		for (const json of subscribers) items.push({ json, pairedItem: { item: 0 } });
		if (!pagination.has_next_page) return items.length;
		after = pagination.end_cursor;
	}
}

async function returnAll(credential: Credential): Promise<number> {
	const { items, error } = await runKit({
		credential,
		parameters: {
			resource: 'subscriber',
			operation: 'getAll',
			returnAll: true,
			filters: { status: 'all' },
		},
	});
	if (error) throw error;
	return items.length;
}

/** How long a list takes, and the processor time for it. */
async function measureList(subscribers: number, work: () => Promise<number | undefined>) {
	let cpuMs = 0;
	global.gc?.();
	const ms = await timed(async () => {
		cpuMs = await cpuMsOf(async () => {
			const count = await work();
			if (count !== subscribers) throw new Error(`${String(count)} subscribers came`);
		});
	});
	return { ms, cpuMs };
}

/** Against a sandbox on the same machine, with the rate limit lifted: what remains is n8n's own work. */
async function measureNear(modules: string) {
	const sandbox = await sandboxProcess({ subscribers: SUBSCRIBERS });
	try {
		const { credential } = sandbox;
		liftRateLimit(credential);
		const viaHttpRequest = await listByHttpRequest(modules, credential);
		const once = async () => {
			const kit = await measureList(SUBSCRIBERS, async () => await returnAll(credential));
			const request = await measureList(SUBSCRIBERS, viaHttpRequest);
			const bare = await measureList(SUBSCRIBERS, async () => await bareFetch(credential));
			return {
				vsHttpRequest: kit.ms / request.ms,
				vsFetch: kit.ms / bare.ms,
				cpuVsHttpRequest: kit.cpuMs / request.cpuMs,
				cpuVsFetch: kit.cpuMs / bare.cpuMs,
				ms: kit.ms,
				cpuMs: kit.cpuMs,
			};
		};
		await once();
		return await repeat(RUNS, once);
	} finally {
		sandbox.stop();
	}
}

/** Against a sandbox that answers as late as a server far away, at Maton's rate. */
async function measureFar(modules: string) {
	const { subscribers, delayMs, runs } = FAR;
	const sandbox = await sandboxProcess({ subscribers });
	try {
		const { credential } = sandbox;
		await sandbox.ask('POST', '/_sandbox/faults', { kind: 'slow', delayMs, share: 1 });
		const viaHttpRequest = await listByHttpRequest(modules, credential);
		return await repeat(runs, async () => {
			const kit = await measureList(subscribers, async () => await returnAll(credential));
			const request = await measureList(subscribers, viaHttpRequest);
			return { farVsHttpRequest: kit.ms / request.ms };
		});
	} finally {
		sandbox.stop();
	}
}

/**
 * Return All of 100,000 subscribers, against what a person would do without this package.
 * @param modules the `node_modules` folder of n8n, whose own nodes are in it
 * @returns the node's time and processor time as a share of each of the others'; the latter says more
 * where the machine is busy
 */
export async function measureReturnAll(modules: string) {
	return { ...(await measureNear(modules)), ...(await measureFar(modules)) };
}

import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Sandbox } from '../../sandbox';
import { say } from '../../scripts/progress';
import { askOf } from '../support/ask';
import { kitNode, runKit } from '../support/n8n';
import '../support/unlimited';
import type { Death, Ledger } from './ledger';
import { ledgerOf, NAME } from './ledger';
import type { Soaked, StartSoaked } from './modes';
import type { RoughProxy } from './roughProxy';
import { startRoughProxy } from './roughProxy';

const POLL_MS = 200;

/** How many deliveries Kit makes. */
export const DELIVERIES = Number(process.env.SOAK_DELIVERIES ?? 2000);

/** How often n8n is killed meanwhile. */
const KILLS = DELIVERIES < 1000 ? 2 : 5;

const SEED = 17;

const MOST_STARTS = 3;

/** Between two deliveries; while a process is down there are fewer, so that the rest of n8n is soaked as well. */
const PAUSE_MS = { up: 20, down: 300 };

/** Waits until a process takes calls of the webhook: what is not signed it refuses then, and does not know before. */
async function untilHeard(target: string, path: string): Promise<void> {
	for (;;) {
		const answer = await fetch(target + path, { method: 'POST' }).catch(() => undefined);
		await answer?.body?.cancel();
		if (answer?.status === 401) return;
		await wait(POLL_MS);
	}
}

async function endpointsAtKit(sandbox: Sandbox): Promise<{ id: number }[]> {
	const { webhook_endpoints } = await askOf(sandbox)('GET', '/kit/v4/webhook_endpoints');
	return webhook_endpoints as { id: number }[];
}

/**
 * Publishes a workflow that starts on every new tag, and waits until n8n hears Kit.
 * @returns its ID, and the path of its webhook
 */
async function publish({ rest, sandbox, targets }: Soaked): Promise<{ id: string; path: string }> {
	const { id: credential, name } = await rest.createCredential({
		name: 'Maton Kit account',
		type: 'matonKitApi',
		data: { apiKey: sandbox.keys.main, connectionId: '', baseUrl: sandbox.url },
	});
	const webhookId = randomUUID();
	const { id } = await rest.createWorkflow({
		name: 'Soak',
		nodes: [
			{
				id: randomUUID(),
				webhookId,
				name: 'Kit Trigger',
				type: 'n8n-nodes-maton-kit.kitTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: { events: ['tag.created'] },
				credentials: { matonKitApi: { id: credential, name } },
			},
		],
		connections: {},
	});
	await rest.activateWorkflow(id);
	const path = `/webhook/${webhookId}/webhook`;
	await Promise.all(
		targets.map(async (target) => {
			await untilHeard(target, path);
		}),
	);
	while ((await endpointsAtKit(sandbox)).length === 0) await wait(POLL_MS);
	return { id, path };
}

async function deliveriesAtKit(sandbox: Sandbox): Promise<{ status: string }[]> {
	const ask = askOf(sandbox);
	const [endpoint] = await endpointsAtKit(sandbox);
	const path = `/kit/v4/webhook_endpoints/${String(endpoint?.id)}/deliveries?per_page=1000`;
	const all: { status: string }[] = [];
	for (let after = ''; ;) {
		const page = await ask('GET', path + after);
		all.push(...(page.deliveries as typeof all));
		const { has_next_page: hasNext, end_cursor: cursor } = page.pagination as {
			has_next_page: boolean;
			end_cursor: string;
		};
		if (!hasNext) return all;
		after = `&after=${encodeURIComponent(cursor)}`;
	}
}

/** @returns the names of the events that Get Missed Events fetches, of what Kit gave up on or the trigger did not take */
async function fetchMissed(sandbox: Sandbox): Promise<string[]> {
	const [endpoint] = await endpointsAtKit(sandbox);
	await kitNode();
	const { json, error } = await runKit({
		parameters: {
			resource: 'webhookEndpoint',
			operation: 'getMissedEvents',
			webhookEndpointId: { __rl: true, mode: 'id', value: endpoint?.id ?? 0 },
			deliveries: 'notTaken',
		},
		credential: { apiKey: sandbox.keys.main, connectionId: '', baseUrl: sandbox.url },
	});
	if (error) throw error;
	return JSON.stringify(json).match(NAME) ?? [];
}

/** Waits until a call of a process is under way, but no longer than a pause. */
async function isBusy({ posts }: RoughProxy, process: number): Promise<boolean> {
	const end = Date.now() + PAUSE_MS.up;
	while (Date.now() < end) {
		const calls = posts.flatMap((post) => post.calls);
		if (calls.some((call) => call.process === process && call.endedAt === undefined)) return true;
		await wait(1);
	}
	return false;
}

/**
 * Kills a process and starts it again, as whatever supervises it does, and again where it ends by itself: n8n 2.41
 * does, once, where it died before a run had begun (`execution-recovery.service.ts` in n8n). It takes calls until then.
 */
async function killAndRestart(
	n8n: Soaked,
	process: number,
	path: string,
	deaths: Death[],
): Promise<void> {
	deaths.push({ process, at: Date.now(), isOwn: false });
	for (let tries = 1; ; tries++) {
		try {
			await n8n.killAndRestart(process);
			await untilHeard(n8n.targets[process] ?? '', path);
			return;
		} catch (error) {
			deaths.push({ process, at: Date.now(), isOwn: true });
			if (tries === MOST_STARTS) throw error;
			say('n8n has ended by itself, and is started once more');
		}
	}
}

/** Lets a lot happen at Kit while n8n is killed now and then, until Kit has delivered everything. */
async function happen(
	n8n: Soaked,
	proxy: RoughProxy,
	path: string,
): Promise<{ names: string[]; deaths: Death[] }> {
	const { sandbox, targets } = n8n;
	const ask = askOf(sandbox);
	const deaths: Death[] = [];
	let kills = 0;
	const names: string[] = [];
	let isDown = false;
	let restarting = Promise.resolve();
	for (let batch = 1; batch <= DELIVERIES; batch++) {
		// What happens at once comes in one delivery.
		const fresh = Array.from(
			{ length: 1 + (batch % 3) },
			(_, n) => `soak-${String(names.length + n + 1).padStart(5, '0')}`,
		);
		names.push(...fresh);
		await Promise.all(fresh.map(async (name) => await ask('POST', '/kit/v4/tags', { name })));
		const process = kills % targets.length;
		const isDue = kills < Math.min(KILLS, Math.floor(batch / (DELIVERIES / (KILLS + 1))));
		if (isDue && !isDown && (await isBusy(proxy, process))) {
			await restarting;
			kills++;
			isDown = true;
			restarting = killAndRestart(n8n, process, path, deaths).finally(() => {
				isDown = false;
			});
			say(`${String(batch)} deliveries, n8n is killed for the ${String(kills)}. time`);
		}
		await wait(isDown ? PAUSE_MS.down : PAUSE_MS.up);
	}
	await restarting;
	// Kit's later waits are longer than anybody wants to wait here, and 30 days are how long it keeps deliveries.
	const hurrying = setInterval(() => {
		sandbox.advance(2 * 60 * 60);
	}, 5000);
	await sandbox.settled();
	clearInterval(hurrying);
	return { names, deaths };
}

/**
 * Lets a lot happen at Kit while one post in ten goes wrong on its way, the database refuses one run in ten,
 * and n8n is killed now and then.
 * @param start starts what is soaked
 * @returns what became of everything
 */
export async function soak(start: StartSoaked): Promise<Ledger> {
	const proxy = await startRoughProxy(NAME, SEED);
	try {
		const n8n = await start(proxy.url);
		try {
			proxy.targets.push(...n8n.targets);
			const { id, path } = await publish(n8n);
			await n8n.refuseRuns();
			const begun = Date.now();
			const { names, deaths } = await happen(n8n, proxy, path);
			const milliseconds = Date.now() - begun;
			const runs = await n8n.runs(id);
			const deliveries = await deliveriesAtKit(n8n.sandbox);
			const fetched = await fetchMissed(n8n.sandbox);
			return ledgerOf({
				names,
				deliveries,
				posts: proxy.posts,
				runs,
				deaths,
				fetched,
				milliseconds,
			});
		} finally {
			await n8n.stop();
		}
	} finally {
		await proxy.close();
	}
}

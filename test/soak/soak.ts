import { setTimeout as wait } from 'node:timers/promises';
import type { Sandbox } from '../../sandbox';
import { say } from '../../scripts/progress';
import { askOf } from '../support/ask';
import type { Passed, RoughProxy } from './roughProxy';

/** By which the events of a soak are told apart. */
export const NAME = /soak-\d{5}/g;

/** Kit's first waits before it tries again are 0.15, 0.6 and 4.5 seconds here. */
export const SANDBOX = { allowLoopbackWebhooks: true, retryScale: 0.005, batchWindowMs: 5 };

/** How long n8n may take, once it has taken a run, until it has saved what it remembers of it. */
const SAVING_MS = 2000;

/** n8n, as a soak needs it. */
export interface SoakedN8n {
	/** Ends a process of it in the middle of what it is doing, and starts it again. */
	killAndRestart: (kill: number) => Promise<void>;
	/** Every execution of the workflow: its status and its data, as a text. */
	executions: () => Promise<{ status: string; data: string }[]>;
}

interface SoakOptions {
	n8n: SoakedN8n;
	sandbox: Sandbox;
	proxy: RoughProxy;
	/** How many deliveries Kit is to make */
	deliveries: number;
	/** How often n8n is killed meanwhile */
	kills: number;
}

/** What became of everything. */
export interface Ledger {
	deliveries: Record<string, number>;
	events: number;
	posts: Record<string, number>;
	faults: Record<string, number>;
	runs: Record<string, number>;
	/** How often an event is in so many runs */
	eventsByRuns: Record<string, number>;
	kills: number;
	/** Events in no run that Kit did not give up on */
	lost: string[];
	/** Events that Kit gave up on, after eight attempts */
	givenUp: string[];
	/** Events in several runs that no kill explains */
	doubled: string[];
	seconds: number;
}

function count<T>(all: Iterable<T>, keyOf: (one: T) => string): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const one of all) counts[keyOf(one)] = (counts[keyOf(one)] ?? 0) + 1;
	return Object.fromEntries(Object.entries(counts).sort());
}

async function deliveriesAtKit(sandbox: Sandbox): Promise<{ id: number; status: string }[]> {
	const ask = askOf(sandbox);
	const { webhook_endpoints: endpoints } = await ask('GET', '/kit/v4/webhook_endpoints');
	const [endpoint] = endpoints as { id: number }[];
	const path = `/kit/v4/webhook_endpoints/${String(endpoint?.id)}/deliveries?per_page=1000`;
	const all: { id: number; status: string }[] = [];
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

/** Whether n8n may have died between taking a run of an event and remembering it. */
function isAtKill(posts: Passed[], kills: number[]): boolean {
	return posts.some(
		({ at, fault, endedAt = Infinity }) =>
			fault !== 'never arrives' && kills.some((kill) => at <= kill && endedAt + SAVING_MS >= kill),
	);
}

/**
 * Lets a lot happen at Kit while one post in ten goes wrong on its way, and n8n is killed now and then.
 * @param options what is soaked, and for how long; the workflow is published
 * @returns what became of everything
 */
export async function soak(options: SoakOptions): Promise<Ledger> {
	const { n8n, sandbox, proxy, deliveries, kills } = options;
	const ask = askOf(sandbox);
	const begun = Date.now();
	const killedAt: number[] = [];
	let events = 0;
	let isDown = false;
	let restarting = Promise.resolve();
	for (let batch = 1; batch <= deliveries; batch++) {
		// What happens at once comes in one delivery.
		const size = 1 + (batch % 3);
		await Promise.all(
			Array.from({ length: size }, async () => {
				events += 1;
				await ask('POST', '/kit/v4/tags', { name: `soak-${String(events).padStart(5, '0')}` });
			}),
		);
		await wait(isDown ? 300 : 20);
		if (batch % Math.ceil(deliveries / (kills + 1)) !== 0 || killedAt.length === kills) continue;
		await restarting;
		killedAt.push(Date.now());
		isDown = true;
		restarting = n8n.killAndRestart(killedAt.length - 1).finally(() => {
			isDown = false;
		});
		say(`${String(batch)} deliveries, n8n is killed for the ${String(killedAt.length)}. time`);
	}
	await restarting;
	const settled = sandbox.settled().then(() => true);
	// Kit's later waits are longer than anybody wants to wait here.
	while (!(await Promise.race([settled, wait(5000, false)]))) sandbox.advance(12 * 60 * 60);

	const runs = await n8n.executions();
	const runsOf = new Map<string, number>();
	for (const { data } of runs) {
		for (const name of new Set(data.match(NAME))) runsOf.set(name, (runsOf.get(name) ?? 0) + 1);
	}
	const postsOf = new Map<string, Passed[]>();
	for (const post of proxy.passed) {
		for (const name of post.names) postsOf.set(name, [...(postsOf.get(name) ?? []), post]);
	}
	const names = Array.from({ length: events }, (_, n) => `soak-${String(n + 1).padStart(5, '0')}`);
	const missing = names.filter((name) => !runsOf.has(name));
	const isTried = (name: string) => (postsOf.get(name)?.length ?? 0) >= 8;
	return {
		deliveries: count(await deliveriesAtKit(sandbox), ({ status }) => status),
		events,
		posts: count(proxy.passed, ({ status }) =>
			status === undefined ? 'no answer' : String(status),
		),
		faults: count(proxy.passed, ({ fault }) => fault ?? 'none'),
		runs: count(runs, ({ status }) => status),
		eventsByRuns: count(names, (name) => String(runsOf.get(name) ?? 0)),
		kills: killedAt.length,
		lost: missing.filter((name) => !isTried(name)),
		givenUp: missing.filter(isTried),
		doubled: names.filter(
			(name) => (runsOf.get(name) ?? 0) > 1 && !isAtKill(postsOf.get(name) ?? [], killedAt),
		),
		seconds: Math.round((Date.now() - begun) / 1000),
	};
}

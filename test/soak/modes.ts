import { setTimeout as wait } from 'node:timers/promises';
import type { Sandbox, SandboxOptions } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import type { N8nRest } from '../../scripts/n8n/rest';
import { SharedN8n } from '../e2e/support/shared';
import { startQueueMode } from '../queue/queueMode';

const POLL_MS = 3000;

/** Kit's first waits before it tries again are 3, 12 and 90 seconds here: a restart uses few of its eight tries up. */
const SANDBOX: SandboxOptions = {
	allowLoopbackWebhooks: true,
	retryScale: 0.1,
	batchWindowMs: 5,
};

/** An execution as n8n's database has it. */
export interface SavedRun {
	status: string;
	/** What n8n saved of it, as one text */
	data: string;
}

/** n8n and Kit, as a soak needs them. */
export interface Soaked {
	rest: N8nRest;
	sandbox: Sandbox;
	/** Where n8n's processes for webhooks answer. */
	targets: string[];
	/** Lets the database refuse one in ten runs from now on. */
	refuseRuns: () => Promise<void>;
	/** Ends one of the processes for webhooks in the middle of what it is doing, and starts it again. */
	killAndRestart: (process: number) => Promise<void>;
	/** Every execution of a workflow, when all have ended. */
	runs: (workflowId: string) => Promise<SavedRun[]>;
	stop: () => Promise<void>;
}

/**
 * @param webhookUrl where Kit reaches n8n
 * @returns n8n and Kit, running
 */
export type StartSoaked = (webhookUrl: string) => Promise<Soaked>;

/**
 * Waits until no run is under way any more. What n8n died in before it had begun stays new.
 * @param count counts the executions for which an SQL condition holds
 */
async function untilEnded(count: (condition: string) => Promise<number>): Promise<void> {
	for (let before = -1; ;) {
		const ended = await count("status NOT IN ('new', 'running')");
		if (ended === before && (await count("status = 'running'")) === 0) return;
		before = ended;
		await wait(POLL_MS);
	}
}

async function startRegular(webhookUrl: string): Promise<Soaked> {
	const sandbox = await startSandbox(SANDBOX);
	const { signal } = new AbortController();
	const n8n = await SharedN8n.start(signal, { WEBHOOK_URL: `${webhookUrl}/` });
	return {
		get rest() {
			return n8n.rest;
		},
		sandbox,
		targets: [n8n.rest.url],
		refuseRuns: async () => {
			await n8n.sql([
				"CREATE TRIGGER refuse BEFORE INSERT ON execution_entity WHEN abs(random()) % 10 = 0 BEGIN SELECT RAISE(ABORT, 'disk is full'); END",
			]);
		},
		killAndRestart: async () => {
			await n8n.restart('kill');
		},
		runs: async (workflowId) => {
			await untilEnded(async (condition) => {
				const counting = `SELECT count(*) AS n FROM execution_entity WHERE ${condition}`;
				const [row] = await n8n.sql([counting]);
				return Number(row?.n);
			});
			const rows = await n8n.sql([
				'SELECT e.status, d.data FROM execution_entity e JOIN execution_data d ON d.executionId = e.id WHERE e.workflowId = ?',
				workflowId,
			]);
			return rows as unknown as SavedRun[];
		},
		stop: async () => {
			await n8n.stop();
			await sandbox.close();
		},
	};
}

async function startQueue(webhookUrl: string): Promise<Soaked> {
	const n8n = await startQueueMode({ webhookProcesses: 2, webhookUrl, sandbox: SANDBOX });
	const { rest, sandbox, webhooks, sql, stop } = n8n;
	const count = async (condition: string) =>
		Number(await sql(`SELECT count(*) FROM execution_entity WHERE ${condition}`));
	return {
		rest,
		sandbox,
		targets: webhooks.map(({ url }) => url),
		refuseRuns: async () => {
			await sql(`
				CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
					BEGIN IF random() < 0.1 THEN RAISE EXCEPTION 'disk is full'; END IF; RETURN NEW; END $$;
				CREATE TRIGGER refuse BEFORE INSERT ON execution_entity FOR EACH ROW EXECUTE FUNCTION refuse();
			`);
		},
		killAndRestart: async (process) => {
			await webhooks[process]?.killAndRestart();
		},
		runs: async (workflowId) => {
			await untilEnded(count);
			const rows = await sql(
				`SELECT json_build_object('status', e.status, 'data', d.data) FROM execution_entity e JOIN execution_data d ON d."executionId" = e.id WHERE e."workflowId" = '${workflowId}'`,
			);
			const lines = rows.split('\n').filter((line) => line !== '');
			return lines.map((line) => JSON.parse(line) as SavedRun);
		},
		stop,
	};
}

/** The ways to run n8n in which it is soaked. */
export const MODES: Readonly<Record<string, StartSoaked>> = {
	regular: startRegular,
	queue: startQueue,
};

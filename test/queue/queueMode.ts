import { randomBytes } from 'node:crypto';
import { chmod, cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enter, saveDemoCredential } from '../../scripts/n8n/demo';
import { N8N_VERSION } from '../../scripts/n8n/install';
import { prepareN8n } from '../../scripts/n8n/prepare';
import type { RunningN8n } from '../../scripts/n8n/process';
import { startN8n } from '../../scripts/n8n/process';
import type { Credential, N8nRest } from '../../scripts/n8n/rest';
import { freePort } from '../../scripts/port';
import { say, withProgress } from '../../scripts/progress';
import type { Sandbox, SandboxOptions } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import { findPrograms } from './programs';
import { DATABASE_USER, startPostgres, startRedis } from './server';

const PROJECT = join(__dirname, '../..');
const CACHE = join(PROJECT, '.cache');

export const WORKERS = ['worker-1', 'worker-2'] as const;

/** The environment variable by which an expression in a workflow tells which process evaluates it. */
export const PROCESS_NAME = 'KIT_TEST_PROCESS';

type Stop = () => Promise<void>;

/** How queue mode is to be. */
interface QueueModeOptions {
	/** How many processes take calls of webhooks; one by default */
	webhookProcesses?: number;
	/** Where Kit reaches them; the first of them by default */
	webhookUrl?: string;
	sandbox?: SandboxOptions;
}

/** One of the processes that take calls of webhooks. */
interface WebhookProcess {
	url: string;
	/** Ends it in the middle of what it is doing, and starts it again. */
	killAndRestart: () => Promise<void>;
}

/** n8n in queue mode, with the package installed as a community package in each of its processes. */
export interface QueueMode {
	/** The main process, with the owner logged in. */
	rest: N8nRest;
	/** Where Kit reaches the processes for webhooks. */
	webhookUrl: string;
	webhooks: WebhookProcess[];
	/** Runs SQL in the database, and returns what Postgres prints: a line for each row. */
	sql: (statements: string) => Promise<string>;
	sandbox: Sandbox;
	/** A credential for the sandbox. */
	credential: Credential;
	stop: () => Promise<void>;
}

/**
 * Starts a sandbox, Redis, Postgres and four processes of n8n: the main one, which takes no calls of
 * production webhooks, one for webhooks, and two workers that run one execution at a time, so that
 * two at the same time need both. There can be more for webhooks. Each has a folder of its own, as on machines of their own. Their
 * logs lie in `.cache/queue`.
 * @param options how it is to be
 * @returns the running whole
 * @throws {Failure} when something is missing or does not start
 */
export async function startQueueMode(options: QueueModeOptions = {}): Promise<QueueMode> {
	const { webhookProcesses = 1 } = options;
	const { signal } = new AbortController();
	const logs = join(CACHE, 'queue');
	await rm(logs, { recursive: true, force: true });
	await mkdir(logs, { recursive: true });
	say(`The logs of all processes are in ${logs}`);
	const programs = await findPrograms();
	const folder = await mkdtemp(join(tmpdir(), 'kit-queue-'));
	// Postgres runs as another user where this one is root.
	await chmod(folder, 0o755);

	const stops: Stop[] = [
		async () => {
			await rm(folder, { recursive: true, force: true });
		},
	];
	const stop = async () => {
		for (const each of stops.splice(0).reverse()) await each();
	};
	try {
		const template = join(folder, 'template');
		await mkdir(template);
		const places = { project: PROJECT, userFolder: template, signal };
		const { installed } = await prepareN8n(places);
		const sandbox = await startSandbox({ allowLoopbackWebhooks: true, ...options.sandbox });
		stops.push(async () => {
			await sandbox.close();
		});
		const redis = await startRedis(programs, logs);
		stops.push(redis.stop);
		const postgres = await startPostgres(programs, folder, logs);
		stops.push(postgres.stop);

		const ports: number[] = [];
		for (let n = 0; n < webhookProcesses; n++) ports.push(await freePort());
		const urls = ports.map((port) => `http://127.0.0.1:${String(port)}`);
		const webhookUrl = options.webhookUrl ?? urls[0] ?? '';
		const shared = {
			EXECUTIONS_MODE: 'queue',
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(redis.port),
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(postgres.port),
			DB_POSTGRESDB_DATABASE: 'postgres',
			DB_POSTGRESDB_USER: DATABASE_USER,
			// With n8n's two, calls that come at once wait for each other until n8n gives up.
			DB_POSTGRESDB_POOL_SIZE: '10',
			N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
			N8N_DISABLE_PRODUCTION_MAIN_PROCESS: 'true',
			N8N_BLOCK_ENV_ACCESS_IN_NODE: 'false',
			WEBHOOK_URL: `${webhookUrl}/`,
		};
		const startProcess = async (
			name: string,
			command: 'start' | 'webhook' | 'worker',
			port: number,
		): Promise<RunningN8n> => {
			const userFolder = join(folder, name);
			await cp(join(template, '.n8n'), join(userFolder, '.n8n'), { recursive: true });
			const worker = {
				QUEUE_HEALTH_CHECK_ACTIVE: 'true',
				QUEUE_HEALTH_CHECK_PORT: String(port),
				N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
				N8N_CONCURRENCY_PRODUCTION_LIMIT: '1',
			};
			const n8n = await startN8n({
				installed,
				command,
				userFolder,
				port,
				settings: { ...shared, [PROCESS_NAME]: name, ...(command === 'worker' && worker) },
				log: join(logs, `${name}.log`),
				signal,
			});
			stops.push(n8n.stop);
			return n8n;
		};

		const running: RunningN8n[] = [];
		const startWebhook = async (n: number, port: number) => {
			running[n] = await startProcess(`webhook-${String(n + 1)}`, 'webhook', port);
		};
		return await withProgress(`Starting n8n ${N8N_VERSION} in queue mode`, async () => {
			// Alone first, since it prepares the database that the others use.
			const { rest } = await startProcess('main', 'start', await freePort());
			const others = await Promise.allSettled([
				...ports.map(async (port, n) => {
					await startWebhook(n, port);
				}),
				...WORKERS.map(async (name) => await startProcess(name, 'worker', await freePort())),
			]);
			const failed = others.find((one) => one.status === 'rejected');
			if (failed) throw failed.reason as Error;
			await enter(rest, folder);
			const gateway = { apiKey: sandbox.keys.main, connectionId: '', baseUrl: sandbox.url };
			const credential = await saveDemoCredential(rest, gateway);
			const webhooks = ports.map((port, n) => ({
				url: urls[n] ?? '',
				killAndRestart: async () => {
					await running[n]?.kill();
					await startWebhook(n, port);
				},
			}));
			const sql = async (statements: string) => await postgres.sql(statements);
			return { rest, webhookUrl, webhooks, sql, sandbox, credential, stop };
		});
	} catch (error) {
		await stop();
		throw error;
	}
}

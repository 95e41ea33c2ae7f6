import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { delimiter, dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { childEnvironment } from '../childEnvironment';
import { Failure } from '../failure';
import { freePort } from '../port';
import type { InstalledN8n } from './install';
import { N8nRest } from './rest';

const HOST = '127.0.0.1';
const START_TIMEOUT_MS = 180_000;
const STOP_TIMEOUT_MS = 35_000;
const POLL_MS = 300;
const LOG_TAIL_LINES = 15;

/** What n8n writes is for its owner alone: the database holds credentials, and a file the key to them. */
const UMASK = 0o077;

/** Settings of other n8n installations that must not reach this one. */
const FOREIGN_VARIABLES =
	/^(N8N_|DB_|EXECUTIONS_|QUEUE_|NODES_|GENERIC_|CREDENTIALS_|WEBHOOK_URL$|NODE_ENV$|PORT$)/;

interface StartOptions {
	installed: Pick<InstalledN8n, 'node' | 'script'>;
	/** Which of n8n's processes: the main one, by default, or a part of its queue mode. */
	command?: 'start' | 'webhook' | 'worker';
	userFolder: string;
	/** Where it answers; for a worker, where it says that it is ready. */
	port: number;
	/** Added to n8n's settings. */
	settings?: Readonly<Record<string, string>>;
	/** The file that receives everything n8n prints. */
	log: string;
	/** Gives up waiting for n8n when aborted. */
	signal: AbortSignal;
}

export interface RunningN8n {
	rest: N8nRest;
	/** Of its process */
	pid: number;
	isRunning: () => boolean;
	/** Resolves when the process has ended, by itself or stopped. */
	ended: Promise<void>;
	/** Lets n8n end what it is doing, and ends it if that takes too long. */
	stop: () => Promise<void>;
	/** Ends it in the middle of what it is doing, as a loss of power does. */
	kill: () => Promise<void>;
}

async function environment({
	installed,
	userFolder,
	port,
	settings,
}: StartOptions): Promise<NodeJS.ProcessEnv> {
	const own = Object.entries(childEnvironment()).filter(([name]) => !FOREIGN_VARIABLES.test(name));
	return {
		...Object.fromEntries(own),
		// n8n starts its task runner with whatever "node" it finds.
		PATH: [dirname(installed.node), process.env.PATH ?? ''].join(delimiter),
		N8N_USER_FOLDER: userFolder,
		N8N_LISTEN_ADDRESS: HOST,
		N8N_HOST: HOST,
		N8N_PORT: String(port),
		N8N_RUNNERS_BROKER_LISTEN_ADDRESS: HOST,
		N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		N8N_SECURE_COOKIE: 'false',
		WEBHOOK_URL: `http://${HOST}:${String(port)}/`,
		N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'true',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_ONBOARDING_FLOW_DISABLED: 'true',
		N8N_REINSTALL_MISSING_PACKAGES: 'false',
		...settings,
	};
}

async function logTail(path: string): Promise<string> {
	const lines = (await readFile(path, 'utf8').catch(() => '')).trimEnd().split('\n');
	return lines
		.slice(-LOG_TAIL_LINES)
		.map((line) => `  ${line}`)
		.join('\n');
}

/**
 * Tells how n8n ended, when nobody had asked it to.
 * @param log the file with what it printed
 * @returns the sentence and the end of the log
 */
export async function explainEnd(log: string): Promise<Failure> {
	return new Failure(`n8n has ended by itself. The end of ${log}:\n${await logTail(log)}`);
}

async function stopChild(child: ChildProcess, ended: Promise<void>): Promise<void> {
	child.kill('SIGTERM');
	const impatience = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
	await ended;
	clearTimeout(impatience);
}

/** Waits until n8n serves its REST interface. */
async function untilReady(n8n: RunningN8n, { log, signal }: StartOptions): Promise<void> {
	const deadline = Date.now() + START_TIMEOUT_MS;
	while (!(await n8n.rest.isReady())) {
		if (!n8n.isRunning()) throw await explainEnd(log);
		signal.throwIfAborted();
		if (Date.now() > deadline) {
			const seconds = String(START_TIMEOUT_MS / 1000);
			const tail = await logTail(log);
			throw new Failure(`n8n is not ready after ${seconds} seconds. The end of ${log}:\n${tail}`);
		}
		await wait(POLL_MS);
	}
}

/**
 * Starts n8n on 127.0.0.1 and waits until it is ready.
 * @param options what to start, where its data lie, and its port
 * @returns the running n8n; nobody is logged in yet
 * @throws {Failure} when it ends, or is not ready within 3 minutes, with the end of its log
 */
export async function startN8n(options: StartOptions): Promise<RunningN8n> {
	const { installed, command = 'start', userFolder, port } = options;
	// A file rather than a pipe: n8n must not depend on this process to read what it prints.
	const log = await open(options.log, 'w', 0o600);
	const env = await environment(options);
	const umask = process.umask(UMASK);
	const child = spawn(installed.node, [installed.script, command], {
		cwd: userFolder,
		env,
		stdio: ['ignore', log.fd, log.fd],
	});
	process.umask(umask);
	const killChild = (): void => {
		child.kill();
	};
	process.once('exit', killChild);
	let running = true;
	const ended = new Promise<void>((resolve) => {
		child.once('error', ({ message }) => {
			appendFileSync(options.log, `${message}\n`);
			resolve();
		});
		child.once('close', resolve);
	}).then(() => {
		running = false;
		process.off('exit', killChild);
	});
	await log.close();
	const n8n: RunningN8n = {
		rest: new N8nRest(`http://${HOST}:${String(port)}`),
		pid: child.pid ?? NaN,
		isRunning: () => running,
		ended,
		stop: async () => {
			if (running) await stopChild(child, ended);
		},
		kill: async () => {
			child.kill('SIGKILL');
			await ended;
		},
	};
	try {
		await untilReady(n8n, options);
		return n8n;
	} catch (error) {
		await n8n.stop();
		throw error;
	}
}

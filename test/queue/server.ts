import { execFile, spawn } from 'node:child_process';
import { chown, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Failure } from '../../scripts/failure';
import { freePort } from '../../scripts/port';
import type { Programs } from './programs';

const run = promisify(execFile);

const HOST = '127.0.0.1';
const POLL_MS = 100;
const START_TIMEOUT_MS = 30_000;
const MOST_BYTES = 256 * 1024 * 1024;

/** The owner of the database; anybody on this machine may be it while the tests run. */
export const DATABASE_USER = 'n8n';

/** A private server for the tests, with its data in a folder of theirs. */
export interface Server {
	port: number;
	stop: () => Promise<void>;
}

/** The user and group of a process; those of this one where they are left out. */
interface Account {
	uid?: number;
	gid?: number;
}

/** A Postgres with its database. */
export interface Postgres extends Server {
	/** Runs SQL, and returns what Postgres prints: a line for each row. */
	sql: (statements: string) => Promise<string>;
}

interface ServerOptions {
	port: number;
	program: string;
	args: string[];
	/** Asks the server whether it is ready: a program and its arguments, ended with 0 if so. */
	probe: [string, string[]];
	/** Ends it in an orderly way, without waiting for others to leave. */
	stopSignal: NodeJS.Signals;
	/** The file that receives everything it prints. */
	log: string;
	account?: Account;
}

async function startServer(options: ServerOptions): Promise<Server> {
	const { port, program, args, probe, stopSignal, account } = options;
	const log = await open(options.log, 'w');
	const child = spawn(program, args, { ...account, stdio: ['ignore', log.fd, log.fd] });
	const end = new AbortController();
	const ended = new Promise<void>((resolve) => {
		end.signal.addEventListener('abort', () => {
			resolve();
		});
	});
	for (const event of ['error', 'close']) {
		child.once(event, () => {
			end.abort();
		});
	}
	await log.close();
	const stop = async () => {
		child.kill(stopSignal);
		await ended;
	};
	const deadline = Date.now() + START_TIMEOUT_MS;
	while (!(await succeeds(...probe))) {
		if (!end.signal.aborted && Date.now() < deadline) await wait(POLL_MS);
		else {
			await stop();
			throw new Failure(`${program} did not start. It says why in ${options.log}.`);
		}
	}
	return { port, stop };
}

async function succeeds(program: string, args: string[]): Promise<boolean> {
	return await run(program, args).then(
		() => true,
		() => false,
	);
}

/**
 * Starts a Redis on 127.0.0.1 that writes nothing to disk.
 * @param programs where it is installed
 * @param logs the folder for its log
 * @returns the running server
 * @throws {Failure} when it does not start
 */
export async function startRedis({ redis }: Programs, logs: string): Promise<Server> {
	const port = await freePort();
	return await startServer({
		port,
		program: join(redis, 'redis-server'),
		args: ['--port', String(port), '--bind', HOST, '--save', '', '--appendonly', 'no'],
		probe: [join(redis, 'redis-cli'), ['-h', HOST, '-p', String(port), 'ping']],
		stopSignal: 'SIGTERM',
		log: join(logs, 'redis.log'),
	});
}

/** Postgres refuses to run as root; Debian's package makes a user for it. */
async function postgresAccount(): Promise<Account> {
	if (process.getuid?.() !== 0) return {};
	const id = async (flag: string) => Number((await run('id', [flag, 'postgres'])).stdout);
	return { uid: await id('-u'), gid: await id('-g') };
}

/**
 * Makes a new Postgres and starts it on 127.0.0.1.
 * @param programs where it is installed
 * @param folder an existing folder that any user may enter, for its data
 * @param logs the folder for its log
 * @returns the running server, with the database `postgres`
 * @throws {Failure} when it does not start
 */
export async function startPostgres(
	{ postgres }: Programs,
	folder: string,
	logs: string,
): Promise<Postgres> {
	const port = await freePort();
	const account = await postgresAccount();
	const data = join(folder, 'postgres');
	await mkdir(data, { mode: 0o700 });
	if (account.uid !== undefined && account.gid !== undefined) {
		await chown(data, account.uid, account.gid);
	}
	const initialise = ['-D', data, '-U', DATABASE_USER, '--auth=trust', '--no-sync'];
	await run(join(postgres, 'initdb'), [...initialise, '--encoding=UTF8', '--locale=C'], {
		...account,
		cwd: folder,
	});
	const server = await startServer({
		port,
		program: join(postgres, 'postgres'),
		args: [
			...['-D', data, '-h', HOST, '-p', String(port)],
			...['-c', 'unix_socket_directories=', '-c', 'fsync=off'],
		],
		probe: [join(postgres, 'pg_isready'), ['-h', HOST, '-p', String(port)]],
		// "Fast shutdown" of Postgres: connections are closed and the data are in order.
		stopSignal: 'SIGINT',
		log: join(logs, 'postgres.log'),
		account,
	});
	const address = ['-h', HOST, '-p', String(port), '-U', DATABASE_USER, '-d', 'postgres'];
	return {
		...server,
		sql: async (statements) => {
			const args = [...address, '-qAt', '-c', statements];
			const { stdout } = await run(join(postgres, 'psql'), args, { maxBuffer: MOST_BYTES });
			return stdout;
		},
	};
}

import { copyFile, cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Statement } from '../../../scripts/n8n/database';
import { databaseFile, runSql } from '../../../scripts/n8n/database';
import { enter, nodesOf } from '../../../scripts/n8n/demo';
import type { CommunityPackage } from '../../../scripts/n8n/package';
import { prepareN8n } from '../../../scripts/n8n/prepare';
import { type RunningN8n, startN8n } from '../../../scripts/n8n/process';
import { recordPackage } from '../../../scripts/n8n/record';
import type { N8nRest, Owner } from '../../../scripts/n8n/rest';
import { freePort } from '../../../scripts/port';
import { withProgress } from '../../../scripts/progress';

const PROJECT = resolve(__dirname, '../../..');

/** Where failed tests leave what helps to understand them. Emptied at each start. */
const FAILURES = join(PROJECT, '.cache', 'e2e-failures');

type StartOptions = Parameters<typeof startN8n>[0];

/**
 * n8n takes up a publication again that it died in: after a minute here, rather than two. It gives a first poll
 * seven tenths of that.
 */
const SETTINGS = {
	N8N_WORKFLOW_PUBLICATION_OUTBOX_LEASE_SECONDS: '60',
	N8N_WORKFLOW_PUBLICATION_OUTBOX_POLL_INTERVAL_MS: '1000',
};

/** The n8n that all test files share. */
export class SharedN8n {
	private constructor(
		readonly community: CommunityPackage,
		/** Who is logged in. */
		readonly owner: Owner,
		private readonly options: StartOptions,
		private running: RunningN8n,
	) {}

	/**
	 * Starts a new n8n on a free port, with an owner and the package as users get it.
	 * @param signal gives up when aborted
	 * @param settings added to n8n's
	 * @returns the running n8n
	 */
	static async start(
		signal: AbortSignal,
		settings: StartOptions['settings'] = {},
	): Promise<SharedN8n> {
		await rm(FAILURES, { recursive: true, force: true });
		const userFolder = await mkdtemp(join(tmpdir(), 'n8n-e2e-'));
		const log = join(userFolder, 'n8n.log');
		try {
			const { installed, community } = await prepareN8n({ project: PROJECT, userFolder, signal });
			const port = await freePort();
			const options = {
				...{ installed, userFolder, port, log, signal },
				settings: { ...SETTINGS, ...settings },
			};
			const running = await withProgress('Starting n8n', async () => await startN8n(options));
			const owner = await enter(running.rest, userFolder);
			const shared = new SharedN8n(community, owner, options, running);
			const nodes = await nodesOf(shared.rest, community);
			await recordPackage({ node: installed.node, userFolder }, community, nodes);
			return shared;
		} catch (error) {
			await rm(userFolder, { recursive: true, force: true });
			throw error;
		}
	}

	/** n8n's interface, with the owner logged in. */
	get rest(): N8nRest {
		return this.running.rest;
	}

	/**
	 * Ends n8n and starts it again, on the same port and with the same data.
	 * @param end how it is ended
	 */
	async restart(end: 'kill' | 'stop' = 'stop'): Promise<void> {
		await this.running[end]();
		this.running = await startN8n(this.options);
		await enter(this.rest, this.options.userFolder);
	}

	/** Runs SQL in its database, and returns the rows of the last statement. */
	async sql(...statements: Statement[]): Promise<Record<string, unknown>[]> {
		const { installed, userFolder } = this.options;
		return await runSql({ node: installed.node, userFolder }, ...statements);
	}

	/**
	 * Starts another n8n with a copy of everything that this one has, at another address.
	 * @returns the copy, with the owner logged in, and what ends it and removes its data
	 */
	async clone(): Promise<{ rest: N8nRest; stop: () => Promise<void> }> {
		const from = this.options.userFolder;
		const userFolder = await mkdtemp(join(tmpdir(), 'n8n-clone-'));
		await cp(from, userFolder, {
			recursive: true,
			filter: (file) => !file.startsWith(databaseFile(from)),
		});
		await this.sql(['VACUUM INTO ?', databaseFile(userFolder)]);
		const log = join(userFolder, 'n8n.log');
		const clone = await startN8n({ ...this.options, userFolder, log, port: await freePort() });
		await enter(clone.rest, userFolder);
		return {
			rest: clone.rest,
			stop: async () => {
				await clone.stop();
				await rm(userFolder, { recursive: true, force: true });
			},
		};
	}

	/** Ends n8n, and removes its data. */
	async stop(): Promise<void> {
		await this.running.stop();
		await rm(this.options.userFolder, { recursive: true, force: true });
	}

	/**
	 * Makes a folder for what helps to understand a failure, with n8n's log in it.
	 * @param test the name of the test that failed
	 * @returns the folder
	 */
	async keepFailure(test: string): Promise<string> {
		const folder = join(FAILURES, test.replaceAll(/[^\w]+/g, '-').slice(0, 100));
		await mkdir(folder, { recursive: true });
		await copyFile(this.options.log, join(folder, 'n8n.log'));
		return folder;
	}
}

let current: SharedN8n | undefined;

/** @returns the n8n of this run; throws where none was started, as in one of Jest's workers */
export function sharedN8n(): SharedN8n {
	if (current) return current;
	throw new Error('There is no n8n in this process: run Jest with --runInBand');
}

/** @param shared the n8n of this run */
export function shareN8n(shared: SharedN8n | undefined): void {
	current = shared;
}

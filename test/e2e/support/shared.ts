import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
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
	 * @returns the running n8n
	 */
	static async start(signal: AbortSignal): Promise<SharedN8n> {
		await rm(FAILURES, { recursive: true, force: true });
		const userFolder = await mkdtemp(join(tmpdir(), 'n8n-e2e-'));
		const log = join(userFolder, 'n8n.log');
		try {
			const { installed, community } = await prepareN8n({ project: PROJECT, userFolder, signal });
			const port = await freePort();
			const options = { installed, userFolder, port, log, signal };
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

	/** Ends n8n and starts it again, on the same port and with the same data. */
	async restart(): Promise<void> {
		await this.running.stop();
		this.running = await startN8n(this.options);
		await enter(this.rest, this.options.userFolder);
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

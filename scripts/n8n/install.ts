import { mkdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Failure } from '../failure';
import { npm } from '../npm';
import { withProgress } from '../progress';
import { neededNodePackage, nodeBinary, nodeHeaders, wantsNode24 } from './runtime';

/** The newest n8n that installs completely: 2.41.3 names a dependency that cannot be had. */
export const N8N_VERSION = '2.41.1';

const NEEDED_BYTES = 5e9;

/** Older versions of n8n take a spreadsheet library from its makers' site; the registry has it too. */
const OLDER_OVERRIDES = { xlsx: '0.18.5' };

const FLAGS = ['--no-audit', '--no-fund', '--no-progress', '--no-update-notifier'];

export interface InstalledN8n {
	/** The folder of its packages. */
	modules: string;
	/** The Node binary to run it with. */
	node: string;
	/** Its command line script. */
	script: string;
}

async function assertDiskSpace(folder: string): Promise<void> {
	const { bavail, bsize } = await statfs(folder);
	const free = bavail * bsize;
	if (free >= NEEDED_BYTES) return;
	throw new Failure(
		`n8n needs about ${String(NEEDED_BYTES / 1e9)} GB below ${folder}, ` +
			`and ${(free / 1e9).toFixed(1)} GB are free. Make room and run the command again.`,
	);
}

/** Downloads everything. No install scripts: one of a Kafka client wants a prebuilt binary and fails. */
async function download(
	version: string,
	folder: string,
	log: string,
	signal: AbortSignal,
): Promise<void> {
	await withProgress(
		`Installing n8n ${version} (about 5 minutes; 3 GB here and 1 GB in npm's cache; once)`,
		async (remark) => {
			let fetched = 0;
			await npm(['install', '--ignore-scripts', '--loglevel=http', ...FLAGS], {
				cwd: folder,
				log,
				signal,
				onLine: (line) => {
					if (!line.includes('http fetch')) return;
					fetched++;
					remark(`${String(fetched)} files downloaded`);
				},
			});
		},
	);
}

/** Runs the one install script n8n cannot do without: that of its database driver. */
async function buildDatabaseDriver(
	version: string,
	folder: string,
	log: string,
	signal: AbortSignal,
): Promise<void> {
	const headers = nodeHeaders(join(folder, 'node_modules'), version);
	await withProgress("Preparing n8n's database driver (about a minute, once)", async () => {
		await npm(['rebuild', 'sqlite3', '--ignore-scripts=false', ...FLAGS], {
			cwd: folder,
			log,
			signal,
			env: headers ? { npm_config_nodedir: headers } : {},
		});
	});
}

interface Wanted {
	dependencies: Record<string, string>;
}

/** Whether all that is wanted is there. A Node may be there besides, which the running one does without. */
function has(marker: string, wanted: Wanted): boolean {
	const there = JSON.parse(marker) as Partial<Wanted>;
	const dependencies = { ...there.dependencies, ...wanted.dependencies };
	return isDeepStrictEqual({ ...there, ...wanted, dependencies }, there);
}

/**
 * Gets n8n, and a Node it runs on where this one is too old, unless they are there from last time.
 * An install that was interrupted is done again: a marker is written when everything is in place.
 * @param project the project's folder, below whose `.cache` it is kept
 * @param signal ends the install when aborted
 * @param version which n8n
 * @returns where it lies
 * @throws {Failure} when the disk is too full, npm fails, or no Node for n8n can be had
 */
export async function installN8n(
	project: string,
	signal: AbortSignal,
	version = N8N_VERSION,
): Promise<InstalledN8n> {
	const folder = join(project, '.cache', `n8n-${version}`);
	const modules = join(folder, 'node_modules');
	const marker = join(folder, 'complete');
	const node = neededNodePackage(version);
	const dependencies = { n8n: version, ...(node && { [node.name]: node.version }) };
	const overrides = wantsNode24(version) ? {} : { overrides: OLDER_OVERRIDES };
	const wanted = { private: true, dependencies, ...overrides };
	if (!has(await readFile(marker, 'utf8').catch(() => '{}'), wanted)) {
		signal.throwIfAborted();
		await mkdir(folder, { recursive: true });
		await assertDiskSpace(folder);
		await rm(marker, { force: true });
		const content = JSON.stringify(wanted, null, 2);
		await writeFile(join(folder, 'package.json'), content);
		await writeFile(join(folder, '.npmrc'), 'ignore-scripts=true\n');
		const log = join(folder, 'install.log');
		await download(version, folder, log, signal);
		await buildDatabaseDriver(version, folder, log, signal);
		await writeFile(marker, content);
	}
	const script = join(modules, 'n8n', 'bin', 'n8n');
	return { modules, node: nodeBinary(modules, version), script };
}

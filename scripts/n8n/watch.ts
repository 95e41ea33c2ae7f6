import { watch } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { asSentence } from '../failure';
import { say } from '../progress';
import { buildPackage } from './build';
import { type CommunityPackage, installedFolder, installedHash } from './package';

const SOURCES = ['nodes', 'credentials', 'icons'];

/** Editors write a file more than once. */
const QUIET_MS = 200;

/** Makes n8n look for changes of what it has loaded, and load that again (`setupHotReload` in n8n). */
export const RELOAD_SETTINGS = { N8N_DEV_RELOAD: 'true' };

interface Watched {
	/** The project's folder. */
	project: string;
	/** The folder with the data of the n8n that runs, with {@link RELOAD_SETTINGS}. */
	userFolder: string;
	community: CommunityPackage;
	/** Ends the watching when aborted. */
	signal: AbortSignal;
}

async function rebuild({ project, userFolder, community, signal }: Watched): Promise<void> {
	await buildPackage(project, signal);
	// What is installed is no longer what was packed.
	await rm(installedHash(userFolder), { force: true });
	const installed = join(installedFolder(userFolder, community.name), 'dist');
	await cp(join(project, 'dist'), installed, { recursive: true });
	say('n8n loads it. An open editor shows new fields after a reload of the page.');
}

/**
 * Builds the package whenever its sources change, and puts it where a running n8n has loaded it from. A build
 * that fails says why, and leaves n8n as it is.
 * @param watched what, and in which n8n
 */
export async function watchSources(watched: Watched): Promise<void> {
	const { project, signal } = watched;
	let changes = 0;
	for (const folder of SOURCES) {
		const options = { recursive: true, signal };
		watch(join(project, folder), options, () => changes++).on('error', () => undefined);
	}
	say(`Watching ${SOURCES.join(', ')}.`);
	for (let built = 0; !signal.aborted;) {
		const before = changes;
		await wait(QUIET_MS, undefined, { signal }).catch(() => undefined);
		if (before === built || before !== changes) continue;
		built = before;
		await rebuild(watched).catch((error: unknown) => {
			if (!signal.aborted) say(asSentence(error));
		});
	}
}

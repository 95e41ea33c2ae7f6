import { buildPackage } from './build';
import { installN8n, type InstalledN8n, N8N_VERSION } from './install';
import { type CommunityPackage, installPackage } from './package';

interface Places {
	/** The project's folder. n8n itself is kept below its `.cache`. */
	project: string;
	/** The folder n8n is told to keep its own `.n8n` in. It exists. */
	userFolder: string;
	signal: AbortSignal;
	/** Which n8n; the one of the demonstration by default. */
	version?: string;
}

/** What n8n is started with. */
export interface PreparedN8n {
	installed: InstalledN8n;
	community: CommunityPackage;
}

/**
 * Everything before n8n can be started: builds the package, gets n8n unless it is there, and installs
 * the package in it as users get it.
 * @param places the folders
 * @returns the n8n and the package
 * @throws {Failure} when a step fails
 */
export async function prepareN8n({
	project,
	userFolder,
	signal,
	version = N8N_VERSION,
}: Places): Promise<PreparedN8n> {
	await buildPackage(project, signal);
	const installed = await installN8n(project, signal, version);
	const community = await installPackage({
		...{ project, userFolder, signal },
		modules: installed.modules,
	});
	return { installed, community };
}

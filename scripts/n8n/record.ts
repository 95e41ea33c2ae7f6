import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment } from '../childEnvironment';
import type { CommunityPackage } from './package';
import type { InstalledPackage, NodeType } from './rest';

const run = promisify(execFile);

/** A package as n8n's tables `installed_packages` and `installed_nodes` keep it. */
export interface PackageRecord extends CommunityPackage {
	nodes: InstalledPackage['installedNodes'];
}

interface Places {
	/** The Node that runs n8n. */
	node: string;
	/** The folder n8n keeps its own `.n8n` in. */
	userFolder: string;
}

/**
 * Notes an installed community package where n8n's Settings > Community Nodes reads it: in two
 * tables of its database (`persistPackageWithNodes` in n8n's installed-packages.repository). n8n
 * writes there only what it installs from the registry itself, so for a package installed from a
 * tarball it is done here. n8n may be running.
 * @param places where n8n's Node and data lie; the database has been set up
 * @param community the package
 * @param nodeTypes its nodes, as n8n has loaded them
 * @throws {Error} when the database cannot be written
 */
export async function recordPackage(
	places: Places,
	community: CommunityPackage,
	nodeTypes: readonly NodeType[],
): Promise<void> {
	const nodes = nodeTypes.map(({ displayName, name, version }) => ({
		name: displayName,
		type: name,
		latestVersion: Math.max(...[version].flat()),
	}));
	const record: PackageRecord = { ...community, nodes };
	const args = [
		'--disable-warning=ExperimentalWarning',
		join(__dirname, 'recordPackage.mjs'),
		join(places.userFolder, '.n8n', 'database.sqlite'),
		JSON.stringify(record),
	];
	await run(places.node, args, { env: childEnvironment() });
}

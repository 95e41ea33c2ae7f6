import type { DatabasePlaces } from './database';
import { runSql } from './database';
import type { CommunityPackage } from './package';
import type { NodeType } from './rest';

const NOW = "STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')";

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
	places: DatabasePlaces,
	{ name, version, author }: CommunityPackage,
	nodeTypes: readonly NodeType[],
): Promise<void> {
	const latest = (versions: number | number[]) => Math.max(...[versions].flat());
	await runSql(
		places,
		['DELETE FROM installed_nodes WHERE package = ?', name],
		['DELETE FROM installed_packages WHERE packageName = ?', name],
		[
			'INSERT INTO installed_packages ' +
				'(packageName, installedVersion, authorName, authorEmail, createdAt, updatedAt) ' +
				`VALUES (?, ?, ?, ?, ${NOW}, ${NOW})`,
			...[name, version, author?.name ?? null, author?.email ?? null],
		],
		...nodeTypes.map(
			(node) =>
				[
					'INSERT INTO installed_nodes (name, type, latestVersion, package) VALUES (?, ?, ?, ?)',
					...[node.displayName, node.name, latest(node.version), name],
				] as const,
		),
	);
}

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment } from '../childEnvironment';
import { Failure } from '../failure';
import { npm } from '../npm';

const run = promisify(execFile);

interface PackageJson {
	name: string;
	version: string;
	author?: { name?: string; email?: string };
	n8n: { nodes: string[] };
	dependencies?: Record<string, string>;
	devDependencies?: Record<string, string>;
	peerDependencies?: Record<string, string>;
	optionalDependencies?: Record<string, string>;
}

/** What n8n keeps about a community package it has installed. */
export type CommunityPackage = Pick<PackageJson, 'name' | 'version' | 'author'>;

interface Places {
	/** The project's folder. */
	project: string;
	/** The folder n8n is told to keep its own `.n8n` in. */
	userFolder: string;
	/** The folder of n8n's own packages. */
	modules: string;
	signal: AbortSignal;
}

/** @returns where n8n has a community package installed */
export function installedFolder(userFolder: string, name: string): string {
	return join(userFolder, '.n8n', 'nodes', 'node_modules', name);
}

/** @returns the file with the hash of the tarball that is installed */
export function installedHash(userFolder: string): string {
	return join(userFolder, 'installed-package.sha256');
}

async function readJson(path: string): Promise<unknown> {
	return JSON.parse(await readFile(path, 'utf8')) as unknown;
}

/** The list of community packages n8n keeps beside their folder (`mutatePackageJsonDependencies`). */
async function noteInLedger(nodes: string, { name, version }: CommunityPackage): Promise<void> {
	const path = join(nodes, 'package.json');
	const ledger = (await readJson(path).catch(() => undefined)) as PackageJson | undefined;
	const dependencies = { ...ledger?.dependencies, [name]: version };
	const content = { name: 'installed-nodes', private: true, dependencies };
	await writeFile(path, JSON.stringify(content, null, 2));
}

/** Takes the fields out that n8n takes out too. */
async function stripDependencies(folder: string): Promise<void> {
	const path = join(folder, 'package.json');
	const content = (await readJson(path)) as PackageJson;
	delete content.devDependencies;
	delete content.peerDependencies;
	delete content.optionalDependencies;
	await writeFile(path, JSON.stringify(content, null, 2));
}

/**
 * @param tarball a file that npm packed
 * @param folder what receives the package's files
 * @throws {Failure} when "tar" fails
 */
export async function unpack(tarball: string, folder: string): Promise<void> {
	try {
		const args = ['-xzf', tarball, '-C', folder, '--strip-components=1'];
		await run('tar', args, { env: childEnvironment() });
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw new Failure(`The package could not be unpacked with "tar": ${reason}`);
	}
}

/**
 * Lets the package find n8n's own libraries before any that lie around n8n's folder, such as those of the
 * project. n8n offers its own only where Node finds none, and knows the errors of no others (`NODE_PATH` in
 * its `load-nodes-and-credentials.js`).
 */
async function offerLibraries(userFolder: string, modules: string): Promise<void> {
	const link = join(userFolder, 'node_modules');
	await rm(link, { force: true });
	await symlink(modules, link, 'junction');
}

/**
 * Packs the built project as it would be published and installs it as n8n installs a community
 * package (`downloadPackage` in n8n's community-packages.service), from the tarball instead of the
 * registry: unpacked below `.n8n/nodes/node_modules`, without its development and peer
 * dependencies, and noted in `.n8n/nodes/package.json`. n8n loads what lies there when it starts.
 * Does nothing when the same tarball is installed already.
 * @param places the folders
 * @returns the package
 * @throws {Failure} when it cannot be packed or unpacked
 */
export async function installPackage(places: Places): Promise<CommunityPackage> {
	const { project, userFolder, modules, signal } = places;
	const { name, version, author } = (await readJson(join(project, 'package.json'))) as PackageJson;
	const nodes = join(userFolder, '.n8n', 'nodes');
	const installed = installedFolder(userFolder, name);
	const hashFile = installedHash(userFolder);
	await mkdir(join(nodes, 'node_modules'), { recursive: true, mode: 0o700 });
	await offerLibraries(userFolder, modules);

	await npm(['pack', '--ignore-scripts', `--pack-destination=${userFolder}`], {
		cwd: project,
		log: join(userFolder, 'pack.log'),
		signal,
	});
	const tarball = join(userFolder, `${name}-${version}.tgz`);
	const hash = createHash('sha256')
		.update(await readFile(tarball))
		.digest('hex');
	const before = await readFile(hashFile, 'utf8').catch(() => undefined);
	const intact = await readJson(join(installed, 'package.json')).catch(() => undefined);
	if (before !== hash || intact === undefined) {
		const fresh = join(userFolder, 'unpacked');
		await rm(fresh, { recursive: true, force: true });
		await mkdir(fresh);
		await unpack(tarball, fresh);
		await stripDependencies(fresh);
		await rm(installed, { recursive: true, force: true });
		await rename(fresh, installed);
		await noteInLedger(nodes, { name, version });
		await writeFile(hashFile, hash);
	}
	return { name, version, author };
}

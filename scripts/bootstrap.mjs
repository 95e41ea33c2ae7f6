// Runs before anything is installed, so it uses nothing but Node itself, and files that do the same.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from './childEnvironment.js';

const OLDEST_NODE = 20;
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const lockFile = join(root, 'package-lock.json');
const installedLock = join(root, 'node_modules', '.installed-package-lock.json');

/**
 * Ends the command with a sentence instead of a stack trace.
 * @param {string} sentence what went wrong and what to do
 * @returns {never}
 */
function stop(sentence) {
	console.error(`\n${sentence}`);
	process.exit(1);
}

/** Installs the packages that `package-lock.json` names, unless exactly those are there. */
function install() {
	const wanted = readFileSync(lockFile, 'utf8');
	if (existsSync(installedLock) && readFileSync(installedLock, 'utf8') === wanted) return;
	console.error('Installing the development packages (about a minute, once) ...');
	// At first exactly what the lock file says, and later only what differs, which takes seconds.
	const command = existsSync(join(root, 'node_modules')) ? ['install', '--no-save'] : ['ci'];
	// Named, because npm leaves them out where NODE_ENV is "production".
	const flags = ['--include=dev', '--loglevel=error', '--no-progress'];
	const { status } = spawnSync('npm', [...command, ...flags], {
		cwd: root,
		env: childEnvironment(),
		stdio: ['ignore', process.stderr.fd, 'inherit'],
		shell: process.platform === 'win32',
	});
	if (status !== 0) {
		stop(
			'The development packages could not be installed; npm says why above. ' +
				'Without a network connection this works only where they were installed before.',
		);
	}
	writeFileSync(installedLock, wanted);
}

const major = Number(process.versions.node.split('.')[0]);
if (major < OLDEST_NODE) {
	stop(
		`This project needs Node ${String(OLDEST_NODE)} or later, and this is Node ${process.versions.node}. ` +
			'Install a newer one from nodejs.org and run the command again.',
	);
}

install();

const [script, ...args] = process.argv.slice(2);
if (script) {
	// In this process, so that Ctrl-C reaches the script alone and its exit code is this command's.
	process.argv = [process.argv[0] ?? 'node', join(root, script), ...args];
	// Through require(), because without a "type" in package.json a .ts file is CommonJS.
	const { register } = await import('tsx/cjs/api');
	register();
	createRequire(import.meta.url)(join(root, script));
}

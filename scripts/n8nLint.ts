import { spawnSync } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { childEnvironment } from './childEnvironment';
import { asSentence } from './failure';
import { npm } from './npm';
import { withProgress } from './progress';

const PROJECT = join(__dirname, '..');
const VERSION = '0.48.3';
const FOLDER = join(PROJECT, '.cache', `n8n-node-cli-${VERSION}`);
const CLI = join(FOLDER, 'node_modules', '@n8n', 'node-cli');

/** What lies in a package made with n8n's template; scripts and tests of ours are no part of one. */
const SHIPPED = ['nodes', 'credentials', 'icons', 'package.json', 'tsconfig.json'];

/** Linting needs nothing of it, and it brings 400 packages along. */
const LEFT_OUT = '@n8n/ai-node-sdk';

/** Installs n8n's command line for nodes, unless it is there from last time. */
async function install(): Promise<void> {
	const marker = join(FOLDER, 'complete');
	const wanted = JSON.stringify({
		private: true,
		dependencies: { '@n8n/node-cli': VERSION, typescript: '5.9.3' },
		overrides: { [LEFT_OUT]: 'file:./nothing' },
	});
	if ((await readFile(marker, 'utf8').catch(() => undefined)) === wanted) return;
	await mkdir(join(FOLDER, 'nothing'), { recursive: true });
	const nothing = { name: LEFT_OUT, version: '0.0.0' };
	await writeFile(join(FOLDER, 'nothing', 'package.json'), JSON.stringify(nothing));
	await writeFile(join(FOLDER, 'package.json'), wanted);
	const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-progress'];
	await withProgress(`Installing n8n's node CLI ${VERSION} (about a minute, once)`, async () => {
		await npm(['install', ...flags], { cwd: FOLDER, log: join(FOLDER, 'install.log') });
	});
	await writeFile(marker, wanted);
}

/**
 * Runs `n8n-node lint` in its strict mode, in which n8n's own configuration must be the one of the package:
 * over a copy of what is shipped, beside which our own configuration is none.
 */
async function main(): Promise<void> {
	await install();
	const copy = join(FOLDER, 'package');
	await rm(copy, { recursive: true, force: true });
	await mkdir(copy);
	for (const name of SHIPPED) await cp(join(PROJECT, name), join(copy, name), { recursive: true });
	const configuration = 'dist/template/templates/shared/default/eslint.config.mjs';
	await cp(join(CLI, configuration), join(copy, 'eslint.config.mjs'));
	const { status } = spawnSync(process.execPath, [join(CLI, 'bin/n8n-node.mjs'), 'lint'], {
		cwd: copy,
		env: childEnvironment(),
		stdio: 'inherit',
	});
	if (status === 0) console.log('n8n-node lint finds nothing wrong in what is shipped.');
	process.exitCode = status ?? 1;
}

main().catch((error: unknown) => {
	console.error(asSentence(error));
	process.exitCode = 1;
});

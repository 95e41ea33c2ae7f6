import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { childEnvironment } from '../scripts/childEnvironment';
import { asSentence } from '../scripts/failure';
import { installN8n } from '../scripts/n8n/install';
import { buildPackage } from '../scripts/n8n/build';

const PROJECT = join(__dirname, '..');

/** Builds the package and gets n8n, then measures on the Node that n8n runs on. */
async function main(): Promise<void> {
	// The measured values are all that standard output is for.
	process.stdout.write = process.stderr.write.bind(process.stderr);
	const { signal } = new AbortController();
	await buildPackage(PROJECT, signal);
	const { node, modules } = await installN8n(PROJECT, signal);
	const script = [join(__dirname, 'run.ts'), modules, ...process.argv.slice(2)];
	const measuring = spawn(node, ['--expose-gc', '--require', 'tsx/cjs', ...script], {
		cwd: PROJECT,
		stdio: 'inherit',
		env: { ...childEnvironment(), N8N_LOG_LEVEL: 'silent' },
	});
	const [code] = (await once(measuring, 'exit')) as [number | null];
	process.exitCode = code ?? 1;
}

main().catch((error: unknown) => {
	console.error(asSentence(error));
	process.exitCode = 1;
});

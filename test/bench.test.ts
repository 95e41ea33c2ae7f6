import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment } from '../scripts/childEnvironment';

const PROJECT = resolve(__dirname, '..');

/** The others need n8n's own nodes or minutes. */
test('npm run bench measures deliveries, loading and the package', async () => {
	const args = [
		...['--expose-gc', '--require', 'tsx/cjs', join(PROJECT, 'bench/run.ts')],
		...['', 'delivery', 'load', 'package', '--json'],
	];
	const { stdout } = await promisify(execFile)(process.execPath, args, {
		cwd: PROJECT,
		env: childEnvironment(),
	});
	const results = JSON.parse(stdout) as Record<string, Record<string, { median: number }>>;
	expect(Object.keys(results)).toEqual(['delivery', 'load', 'package']);
	const medians = Object.values(results).flatMap((measured) => Object.values(measured));
	for (const { median } of medians) expect(median).toBeGreaterThan(0);
	// Beside other tests.
}, 180_000);

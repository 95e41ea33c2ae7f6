import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(__dirname, '../..');

test('n8n’s own command line lints what is shipped, in its strict mode, and finds nothing', () => {
	const lint = ['scripts/bootstrap.mjs', 'scripts/n8nLint.ts'];
	const { stdout, stderr, status } = spawnSync(process.execPath, lint, {
		cwd: root,
		encoding: 'utf8',
		// Its rules are others where this says "test", as it does under Jest.
		env: { ...process.env, NODE_ENV: undefined },
	});
	expect(stdout + stderr).toContain('n8n-node lint finds nothing wrong');
	expect(status).toBe(0);
}, 300_000);

import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { withCounts, withResourcesTable } from '../scripts/docs/resourcesTable';
import { describedOperations } from './support/description';
import { kitNode, loader } from './support/n8n';

const root = resolve(__dirname, '..');

describe('what is published', () => {
	test('is what n8n loads, README, LICENSE and CHANGELOG, and nothing else', () => {
		const packed = execFileSync('npm', ['pack', '--dry-run', '--json'], {
			cwd: root,
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'ignore'],
		});
		const [{ files, size }] = JSON.parse(packed) as [{ files: { path: string }[]; size: number }];
		expect(size).toBeLessThan(200_000);
		const outside = files.map(({ path }) => path).filter((path) => !path.startsWith('dist/'));
		expect(outside.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
		const inside = files.map(({ path }) => path).filter((path) => path.startsWith('dist/'));
		expect(
			inside.filter((path) => !/\.(js|svg|node\.json)$|\/__schema__\/.*\.json$/.test(path)),
		).toEqual([]);
	});

	test('brings no package along and needs no particular n8n', () => {
		const manifest = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as Record<
			string,
			unknown
		>;
		expect(manifest).not.toHaveProperty('dependencies');
		expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
		expect(manifest.keywords).toContain('n8n-community-node-package');
		expect(manifest.license).toBe('MIT');
	});

	test('passes n8n’s scanner without a warning (npm run scan)', () => {
		const scan = ['scripts/bootstrap.mjs', 'scripts/scan.ts'];
		const { stdout, status } = spawnSync(process.execPath, scan, {
			cwd: root,
			encoding: 'utf8',
			// Its rules are others where this says "test", as it does under Jest.
			env: { ...process.env, NODE_ENV: undefined },
		});
		expect(stdout).toMatch(/^n8n's scanner finds nothing wrong/);
		expect(status).toBe(0);
	});
});

test('package-lock.json has what every platform needs, from whatever registry npm is set to', () => {
	const lock = readFileSync(resolve(root, 'package-lock.json'), 'utf8');
	expect(lock).not.toContain('"resolved"');
	const { packages } = JSON.parse(lock) as {
		packages: Record<string, { optionalDependencies?: Record<string, string> }>;
	};
	const places = Object.keys(packages);
	const optional = Object.values(packages).flatMap((one) =>
		Object.keys(one.optionalDependencies ?? {}),
	);
	expect(optional.length).toBeGreaterThan(0);
	expect(
		optional.filter((name) => !places.some((place) => place.endsWith(`node_modules/${name}`))),
	).toEqual([]);
});

test('README has the resources and the number of operations as the node has them (npm run docs)', () => {
	const cells = (text: string) => text.replaceAll(/ *\| */g, '|').replaceAll(/-{3,}/g, '---');
	const readme = readFileSync(resolve(root, 'README.md'), 'utf8');
	expect(cells(readme)).toBe(cells(withCounts(withResourcesTable(readme))));
});

describe('the Kit node', () => {
	test('has icons for light and dark, and is found under its old name', async () => {
		const { description } = await kitNode();
		const { iconUrl, codex } = description;
		expect(iconUrl).toEqual({
			light: 'icons/n8n-nodes-maton-kit/dist/icons/kit.svg',
			dark: 'icons/n8n-nodes-maton-kit/dist/icons/kit.dark.svg',
		});
		for (const path of Object.values(iconUrl as Record<string, string>)) {
			const file = resolve(root, path.replace('icons/n8n-nodes-maton-kit/', ''));
			expect(readFileSync(file, 'utf8')).toContain('<svg');
		}
		expect(codex?.alias).toContain('ConvertKit');
		expect(codex?.categories).toContain('Marketing');
		expect(loader.types.credentials.map(({ name }) => name)).toEqual(['matonKitApi']);
	});

	test('can run every operation in both ways', async () => {
		const { customOperations } = await kitNode();
		for (const { resource, option } of await describedOperations()) {
			expect(customOperations?.[resource]).toHaveProperty(String(option.value));
			expect(option.routing?.request?.url).toMatch(/^\/(kit\/v4|connections)/);
			expect(option.routing?.send?.paginate).toBe(true);
			expect(option.routing?.operations?.pagination).toBeInstanceOf(Function);
			expect(option.action).toBeTruthy();
		}
	});
});

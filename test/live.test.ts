import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { IDataObject } from 'n8n-workflow';
import type { Sandbox } from '../sandbox';
import { startSandbox } from '../sandbox';
import { Contract } from '../sandbox/facts/contract';
import { CONNECTIONS, KEYS } from '../sandbox/maton/demo';
import { differencesOf } from '../scripts/live/differences';
import { runLive } from '../scripts/live/run';
import { askOf } from './support/ask';
import { operationsOf } from './support/description';

/** What a run printed, and what its account was like before and after. */
interface Ran {
	lines: string[];
	isFine: boolean;
	before: Record<string, IDataObject[]>;
	after: Record<string, IDataObject[]>;
}

const LISTS = [
	'broadcasts',
	'custom_fields',
	'sequences',
	'snippets',
	'tags',
	'webhook_endpoints',
	'webhooks',
];

/** Everything that the check could make or leave, by the list that has it. */
async function contentsOf(sandbox: Sandbox): Promise<Record<string, IDataObject[]>> {
	const ask = askOf(sandbox);
	const contents: Record<string, IDataObject[]> = {};
	for (const list of [...LISTS, 'subscribers']) {
		const everybody = list === 'subscribers' ? '&status=all' : '';
		const answer = await ask('GET', `/kit/v4/${list}?per_page=1000${everybody}`);
		contents[list] = answer[list] as IDataObject[];
	}
	return contents;
}

interface Setting {
	writes?: boolean;
	connectionId?: string;
	/** Brings about what is there, or goes wrong */
	prepare?: (sandbox: Sandbox) => Promise<void>;
	/** The line after which the run is interrupted */
	interruptedAfter?: string;
}

const sandboxes: Sandbox[] = [];

async function ran(setting: Setting = {}): Promise<Ran> {
	const { writes = false, connectionId = '', prepare, interruptedAfter } = setting;
	const sandbox = await startSandbox();
	sandboxes.push(sandbox);
	const before = await contentsOf(sandbox);
	await prepare?.(sandbox);
	const lines: string[] = [];
	const interruption = new AbortController();
	const isFine = await runLive({
		gateway: { apiKey: KEYS.main, connectionId, baseUrl: sandbox.url },
		writes,
		signal: interruption.signal,
		print: (line) => {
			lines.push(line);
			if (line === interruptedAfter) interruption.abort();
		},
	});
	sandbox.clearFaults();
	return { lines, isFine, before, after: await contentsOf(sandbox) };
}

/** Lets Kit answer otherwise than it is known to. */
async function plantDifferences(sandbox: Sandbox): Promise<void> {
	const ask = askOf(sandbox);
	const plant = async (list: string, status: number, change?: (row: IDataObject) => void) => {
		const path = `/kit/v4/${list}`;
		const body = await ask('GET', path);
		const [rows] = Object.values(body).filter(Array.isArray) as IDataObject[][];
		for (const row of rows ?? []) change?.(row);
		sandbox.fault({ kind: 'status', status, body, path: new RegExp(`^${path}$`), times: Infinity });
	};
	await plant('email_templates', 200, (row) => {
		delete row.category;
	});
	await plant('purchases', 200, (row) => {
		row.total = row.email_address;
	});
	await plant('segments', 206);
}

/** Two requests fail: the answer to one is lost, and the other is refused. */
async function letFail(sandbox: Sandbox): Promise<void> {
	await askOf(sandbox)('POST', '/kit/v4/tags', { name: 'n8n-check-left-over' });
	sandbox.fault({
		kind: 'drop',
		afterHandling: true,
		method: 'POST',
		path: '/kit/v4/broadcasts',
	});
	const body = { errors: ['Name is taken'] };
	sandbox.fault({ kind: 'status', status: 422, body, method: 'PUT', path: '/kit/v4/tags' });
}

let polite: Ran;
let limited: Ran;
let planted: Ran;
let failing: Ran;
let interrupted: Ran;

beforeAll(async () => {
	// Together, because each waits for the rate limit of its own gateway.
	[polite, limited, planted, failing, interrupted] = await Promise.all([
		ran(),
		ran({ connectionId: CONNECTIONS.apiKey }),
		ran({ prepare: plantDifferences }),
		ran({ writes: true, prepare: letFail }),
		ran({ writes: true, interruptedAfter: 'ok         sequence.create' }),
	]);
});

afterAll(async () => {
	for (const sandbox of sandboxes) await sandbox.close();
});

const linesWith = (lines: string[], state: string) =>
	lines.filter((line) => line.startsWith(state));

/** The differences, which stand between the operations and the summary. */
const differencesIn = ({ lines }: Ran) => lines.slice(lines.indexOf('') + 1, -1);

test('reading finds nothing where Kit is as it is known to be, and changes nothing', () => {
	expect(differencesIn(polite)).toEqual([]);
	expect(polite.isFine).toBe(true);
	expect(linesWith(polite.lines, 'ok').length).toBeGreaterThan(35);
	expect(linesWith(polite.lines, 'not tried')).toEqual(
		['get', 'getDeliveries', 'getMissedEvents', 'getDelivery'].map(
			(name) => `not tried  webhookEndpoint.${name}: no webhook endpoint in this account`,
		),
	);
	expect(polite.after).toEqual(polite.before);
});

test('what a connection by API key cannot do is said, and is no difference', () => {
	expect(linesWith(limited.lines, 'refused')).toEqual(
		['purchase', 'webhookEndpoint'].map(
			(resource) => `refused    ${resource}.getAll: 401, by the plan or the connection`,
		),
	);
	expect(limited.lines).toContain('not tried  purchase.get: purchase.getAll gave none');
	expect([limited.isFine, differencesIn(limited)]).toEqual([true, []]);
});

test('three planted differences are found, by place and kind', () => {
	expect(differencesIn(planted)).toEqual([
		'GET /v4/email_templates 200 body.email_templates[].category: missing',
		expect.stringMatching(
			/^GET \/v4\/purchases 200 body\.purchases\[\]\.total: differs: expected number, got a text of \d+ characters$/,
		),
		'GET /v4/segments 206: is not documented',
	]);
	expect(planted.isFine).toBe(false);
});

test('writing leaves the account as it was but for one who is unsubscribed, though requests fail', () => {
	const { subscribers: then = [], ...before } = failing.before;
	const { subscribers: now = [], ...after } = failing.after;
	expect(after).toEqual(before);
	const known = new Set(then.map(({ id }) => id));
	expect(now.filter(({ id }) => !known.has(id))).toMatchObject([
		{
			state: 'cancelled',
			email_address: expect.stringMatching(/^n8n-check-\w+@example\.com$/) as string,
		},
	]);
	expect(differencesIn(failing)).toEqual([
		'POST /v4/broadcasts no answer: the node failed at broadcast.create',
		'PUT /v4/tags/{id} 422: the node failed at tag.update',
	]);
});

test('writing tries every operation, or says why not', async () => {
	const named = failing.lines.map(
		(line) => /^(?:ok|differs|refused|not tried) +([\w.]+)/.exec(line)?.[1],
	);
	expect((await operationsOf()).filter((operation) => !named.includes(operation))).toEqual([]);
});

test('an interrupted round ends early and leaves nothing', () => {
	expect(interrupted.after).toEqual(interrupted.before);
	expect(interrupted.lines).not.toContain('ok         subscriber.create');
});

test('nothing of the account is printed, and no key', () => {
	for (const { lines, before } of [polite, limited, planted, failing, interrupted]) {
		const output = lines.join('\n');
		expect(output).not.toContain('@');
		expect(output).not.toContain(KEYS.main);
		const names = Object.values(before)
			.flat()
			.flatMap(({ name, first_name, subject, label }) => [name, first_name, subject, label])
			.filter((value): value is string => typeof value === 'string');
		expect(names.filter((name) => new RegExp(`\\b${name}\\b`).test(output))).toEqual([]);
	}
});

test('a new key is named only where it is a word of Kit’s, and dictionaries keep theirs', () => {
	const subscriber = {
		id: 5,
		first_name: null,
		email_address: 'a@b.co',
		state: 'active',
		created_at: '2026-01-01T00:00:00Z',
		fields: { shoe_size_of_ada: 44 },
		plan_name: 'x',
		'Ada Lovelace': 'x',
	};
	const problems = new Contract().problems({
		method: 'GET',
		path: '/kit/v4/subscribers/5',
		status: 200,
		answer: { subscriber },
	});
	expect(differencesOf(problems)).toEqual([
		'GET /v4/subscribers/{id} 200 body.subscriber.plan_name: new',
		'GET /v4/subscribers/{id} 200 body.subscriber.(a key of 12 characters): new',
		'GET /v4/subscribers/{id} 200 body.subscriber.fields.*: differs: expected string or null, got an integer',
	]);
});

test('a key that does not work is a sentence without the key', async () => {
	const gateway = { apiKey: 'no-such-key', connectionId: '', baseUrl: sandboxes[0]?.url ?? '' };
	const running = runLive({ gateway, writes: false, print: () => undefined });
	await expect(running).rejects.toThrow(/^Maton did not accept the API key\. (?!.*no-such-key)/);
});

test('the command asks before it writes, and ends where nobody is there to say yes', async () => {
	const command = spawn(
		process.execPath,
		['scripts/bootstrap.mjs', 'scripts/live/main.ts', '--write'],
		{ cwd: join(__dirname, '..'), stdio: ['ignore', 'pipe', 'pipe'] },
	);
	const [output, problem] = await Promise.all([text(command.stdout), text(command.stderr)]);
	const code = command.exitCode ?? ((await once(command, 'exit')) as [number])[0];
	expect([code, output]).toEqual([1, expect.stringContaining('one is unsubscribed at the end')]);
	expect(problem).toContain('Add --yes');
});

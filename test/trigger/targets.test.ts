import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { kitNode } from '../support/n8n';
import { useSandbox } from '../support/sandbox';
import type { TriggerOptions } from '../support/trigger';
import { otherProcess, TestTrigger } from '../support/trigger';

const sandbox = useSandbox();

const OLD_URL = 'https://n8n.example.com/webhook';
const NEW_URL = 'https://n8n.example.com/hooks';
const OTHER_HOST = 'https://staging.example.com/webhook';

const KINDS: Record<string, INodeParameters> = {
	classic: {
		events: ['subscriber.activated', 'purchase.created'],
		settings: { delivery: 'classic' },
	},
	signed: { events: ['subscriber.created', 'tag.deleted'] },
};

type Credential = ReturnType<typeof useSandbox>['credential'];

type Account = 'main' | 'second' | Credential;

beforeAll(async () => {
	await kitNode();
});

function credentialOf(account: Account): Credential {
	const connectionId = account === 'second' ? sandbox.current.connections.second : '';
	return typeof account === 'object' ? account : { ...sandbox.credential, connectionId };
}

/** The URLs to which an account posts, without tokens, and how often each */
async function targets(account: Account): Promise<Record<string, number>> {
	const { apiKey, connectionId } = credentialOf(account);
	const headers = {
		Authorization: `Bearer ${apiKey}`,
		...(connectionId && { 'Maton-Connection': connectionId }),
	};
	const counts: Record<string, number> = {};
	for (const list of ['webhooks', 'webhook_endpoints']) {
		const response = await fetch(`${sandbox.current.url}/kit/v4/${list}`, { headers });
		const { [list]: rows } = (await response.json()) as Record<string, IDataObject[]>;
		for (const { target_url, url = target_url } of rows ?? []) {
			const target = (url as string).replace(/\?.*/, '');
			counts[target] = (counts[target] ?? 0) + 1;
		}
	}
	return counts;
}

function copyOf(data: IDataObject): IDataObject {
	return JSON.parse(JSON.stringify(data)) as IDataObject;
}

/** A key and a connection of somebody else's */
async function strangersCredential(): Promise<Credential> {
	const { url, keys } = sandbox.current;
	const post = async (path: string) =>
		(await (
			await fetch(url + path, {
				method: 'POST',
				headers: { Authorization: `Bearer ${keys.empty}`, 'Content-Type': 'application/json' },
				body: JSON.stringify({ app: 'kit' }),
			})
		).json()) as { connection: { connection_id: string } };
	const { connection } = await post('/connections');
	const connectionId = connection.connection_id;
	await post(`/_sandbox/connections/${connectionId}/authorize`);
	return { apiKey: keys.empty, connectionId, baseUrl: url };
}

describe.each([
	['classic', 2],
	['signed', 1],
])('%s', (kind, count) => {
	let saved: IDataObject;

	beforeEach(() => {
		saved = {};
	});

	function trigger(
		webhookBaseUrl = OLD_URL,
		account: Account = 'main',
		more: Partial<TriggerOptions> = {},
	): TestTrigger {
		return new TestTrigger({
			parameters: KINDS[kind] ?? {},
			credential: credentialOf(account),
			saved,
			webhookBaseUrl,
			...more,
		});
	}

	test('after a change of the path of webhooks, the next start moves everything there', async () => {
		await trigger().activate();
		const moved = trigger(NEW_URL);
		expect(await moved.activate()).toBe('created');
		expect(await targets('main')).toEqual({ [moved.url]: count });
		expect(await moved.activate()).toBe('there');
		expect(moved.warnings).toEqual([]);
	});

	test('dying before n8n saved the move leaves it as it is meant at the next start', async () => {
		await trigger().activate();
		const before = copyOf(saved);
		await trigger(NEW_URL).activate();
		saved = before;
		const moved = trigger(NEW_URL);
		await moved.activate();
		expect(await targets('main')).toEqual({ [moved.url]: count });
	});

	test.each([
		['main', 'second'],
		['second', 'main'],
	] as const)('from the connection %s to %s, everything moves', async (from, to) => {
		await trigger(OLD_URL, from).activate();
		const moved = trigger(OLD_URL, to);
		expect(await moved.activate()).toBe('created');
		expect(await targets(from)).toEqual({});
		expect(await targets(to)).toEqual({ [moved.url]: count });
		expect(await moved.activate()).toBe('there');
		expect(moved.warnings).toEqual([]);
	});

	test('a change of the connection and of the kind of delivery leaves nothing behind', async () => {
		await trigger().activate();
		const other = Object.keys(KINDS).find((name) => name !== kind) ?? '';
		await trigger(OLD_URL, 'second', { parameters: KINDS[other] }).activate();
		expect(await targets('main')).toEqual({});
		expect(Object.keys(await targets('second'))).toHaveLength(1);
	});

	test('a connection that is gone is said, and everything is made in the new one', async () => {
		const { second } = sandbox.current.connections;
		await trigger(OLD_URL, 'second').activate();
		await sandbox.ask('DELETE', `/connections/${second}`);
		const moved = trigger(NEW_URL);
		expect(await moved.activate()).toBe('created');
		expect(await targets('main')).toEqual({ [moved.url]: count });
		expect(moved.warnings).toEqual([
			expect.stringContaining(`at https://n8n.example.com in the connection ${second}`),
		]);
		expect(await moved.activate()).toBe('there');
		expect(moved.warnings).toHaveLength(1);
	});

	test('a connection that Maton takes in place of one that is gone is said', async () => {
		const { current } = sandbox;
		const old = trigger();
		await old.activate();
		const { connections } = (await sandbox.ask('GET', '/connections?app=kit')) as {
			connections: { connection_id: string }[];
		};
		for (const { connection_id: id } of connections) {
			if (id !== current.connections.second) await sandbox.ask('DELETE', `/connections/${id}`);
		}
		await old.deactivate();
		expect(old.warnings).toEqual([
			expect.stringContaining('at https://n8n.example.com in the oldest connection of its key'),
		]);
		expect(await old.activate()).toBe('created');
		expect(await targets('second')).toEqual({ [old.url]: count });
		expect(old.warnings).toHaveLength(1);
	});

	test('a connection that may no longer write is said, and everything is made in the new one', async () => {
		await trigger(OLD_URL, 'second').activate();
		sandbox.current.fault({ kind: 'status', status: 403, method: 'DELETE' });
		const moved = trigger(NEW_URL);
		await moved.activate();
		expect(await targets('main')).toEqual({ [moved.url]: count });
		expect(moved.warnings).toHaveLength(1);
	});

	test('with a key that does not lead to the old account, that is said without a secret', async () => {
		const old = trigger();
		await old.activate();
		const secrets = JSON.stringify(saved).match(/whsec_\w+/g) ?? [];
		const stranger = await strangersCredential();
		const moved = trigger(OLD_URL, stranger);
		expect(await moved.activate()).toBe('created');
		expect(await targets(stranger)).toEqual({ [moved.url]: count });
		expect(await targets('main')).toEqual({ [old.url]: count });
		expect(moved.warnings).toEqual([
			expect.stringContaining('at https://n8n.example.com in the oldest connection of its key'),
		]);
		for (const secret of [...secrets, sandbox.credential.apiKey, 'token', '/webhook', 'hook-']) {
			expect(moved.warnings.join()).not.toContain(secret);
		}
		expect(JSON.stringify(saved)).not.toContain(sandbox.credential.apiKey);
	});

	test('the same account by its Connection ID is moved to without a word', async () => {
		await trigger().activate();
		const { main } = sandbox.current.connections;
		const moved = trigger(OLD_URL, { ...sandbox.credential, connectionId: main });
		await moved.activate();
		expect(await targets('main')).toEqual({ [moved.url]: count });
		expect(moved.warnings).toEqual([]);
	});

	test('a failure at the old account is said, and the next try does all', async () => {
		await trigger(OLD_URL, 'second').activate();
		sandbox.current.fault({ kind: 'status', status: 500, method: 'DELETE', times: 2 });
		const moved = trigger(NEW_URL);
		await expect(moved.activate()).rejects.toMatchObject({
			message: expect.stringMatching(
				/https:\/\/n8n\.example\.com.*\. .*No new ones were created/,
			) as string,
		});
		expect(await targets('main')).toEqual({});
		sandbox.current.clearFaults();
		await moved.activate();
		expect(await targets('second')).toEqual({});
		expect(await targets('main')).toEqual({ [moved.url]: count });
	});

	test('deactivating after a change that was never activated removes what was before', async () => {
		await trigger().activate();
		await trigger(NEW_URL, 'second').deactivate();
		expect(await targets('main')).toEqual({});
		expect(JSON.stringify(saved)).not.toContain(OLD_URL);
	});

	test('deactivating before n8n saved a move removes what is at both places', async () => {
		await trigger().activate();
		const before = copyOf(saved);
		await trigger(NEW_URL, 'second').activate();
		saved = before;
		await trigger(NEW_URL, 'second').deactivate();
		expect(await targets('main')).toEqual({});
		expect(await targets('second')).toEqual({});
	});

	test('a copy of n8n with another address leaves alone what belongs to the original', async () => {
		const original = trigger();
		await original.activate();
		const copied = copyOf(saved);
		const clone = trigger(OTHER_HOST, 'main', { saved: copied, process: await otherProcess() });
		expect(await clone.activate()).toBe('created');
		const both = { [original.url]: count, [clone.url]: count };
		expect(await targets('main')).toEqual(both);
		expect(clone.warnings).toEqual([
			expect.stringContaining('at https://n8n.example.com in the oldest connection of its key'),
		]);
		expect(await clone.activate()).toBe('there');
		expect(await original.activate()).toBe('there');
		await clone.deactivate();
		expect(await targets('main')).toEqual({ [original.url]: count });
	});

	test('what static data say of another n8n, or of another node, is left alone', async () => {
		const original = trigger();
		await original.activate();
		const text = JSON.stringify(saved);
		const owner = /"owner":"(\S+) [^"]+"/.exec(text)?.[1] ?? '';
		const elsewhere = { process: await otherProcess() };
		saved = JSON.parse(text.replace(`"${owner} `, '"another-n8n ')) as IDataObject;
		await trigger(NEW_URL, 'main', elsewhere).activate();
		saved = JSON.parse(text) as IDataObject;
		await trigger(NEW_URL, 'main', { ...elsewhere, webhookId: 'hook-2' }).activate();
		expect(await targets('main')).toMatchObject({ [original.url]: count });
	});

	test('the webhooks of another workflow stay where they are', async () => {
		const other = trigger(OLD_URL, 'main', { webhookId: 'hook-2', saved: {} });
		await other.activate();
		await trigger().activate();
		await trigger(NEW_URL, 'second').activate();
		expect(await targets('main')).toEqual({ [other.url]: count });
	});

	describe.each([
		['its own static data', false],
		['those of production', true],
	])('a test run with %s', (_, shared) => {
		test('beside the published workflow changes nothing of it', async () => {
			const node = trigger();
			await node.activate();
			const before = await targets('main');
			await node.startTest(shared ? saved : {});
			expect(await targets('main')).toEqual({ ...before, [node.testUrl]: count });
			await node.endTest();
			expect(await targets('main')).toEqual(before);
			expect(await node.activate()).toBe('there');
		});

		test('goes on while the workflow is published and unpublished', async () => {
			const node = trigger();
			await node.startTest(shared ? saved : {});
			await node.activate();
			expect(await targets('main')).toEqual({ [node.testUrl]: count, [node.url]: count });
			await node.deactivate();
			expect(await targets('main')).toEqual({ [node.testUrl]: count });
			await node.activate();
			await node.endTest();
			expect(await targets('main')).toEqual({ [node.url]: count });
			expect(await node.activate()).toBe('there');
		});

		test('after a change leaves what production has, for production to move', async () => {
			const before = trigger();
			await before.activate();
			const node = trigger(NEW_URL, 'second');
			await node.startTest(shared ? saved : {});
			await node.endTest();
			expect(await targets('main')).toEqual({ [before.url]: count });
			expect(await targets('second')).toEqual({});
			await node.activate();
			expect(await targets('main')).toEqual({});
			expect(await targets('second')).toEqual({ [node.url]: count });
		});
	});
});

import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startSandbox, type Sandbox } from '../sandbox';
import { asSentence, Failure } from './failure';
import { enter, importExamples, nodesOf, saveDemoCredential } from './n8n/demo';
import { OlderN8nRest } from './n8n/olderRest';
import type { CommunityPackage } from './n8n/package';
import { prepareN8n } from './n8n/prepare';
import { startN8n } from './n8n/process';
import { itemsOf, type Credential, type Execution, type Workflow } from './n8n/rest';
import { freePort } from './port';
import { say, withProgress } from './progress';

const PROJECT = join(__dirname, '..');
const CACHE = join(PROJECT, '.cache');
const EXAMPLE = 'List subscribers, tag the new ones';
const POLL_MS = 250;
const PATIENCE_MS = 30_000;
const PATIENCE_WITH_POLLS_MS = 180_000;

/** What is tried with a running n8n. */
interface Trial {
	rest: OlderN8nRest;
	sandbox: Sandbox;
	community: CommunityPackage;
	credential: Credential;
	/** What the credential holds. */
	gateway: { apiKey: string; connectionId: string; baseUrl: string };
}

/** Throws the sentence about what is not as it should be. */
function check(isRight: boolean, sentence: string): void {
	if (!isRight) throw new Failure(sentence);
}

async function until(
	what: string,
	isSo: () => Promise<boolean>,
	patienceMs = PATIENCE_MS,
): Promise<void> {
	const deadline = Date.now() + patienceMs;
	while (!(await isSo())) {
		check(Date.now() < deadline, `Waited ${String(patienceMs / 1000)} seconds until ${what}`);
		await wait(POLL_MS);
	}
}

async function testCredential({ rest, credential, gateway }: Trial): Promise<string> {
	const { status, message } = await rest.testCredential(credential, gateway);
	check(status === 'OK', message);
	return message;
}

async function runExample({ rest, community, credential }: Trial): Promise<string> {
	const examples = await importExamples(rest, join(PROJECT, 'examples'), community, credential);
	const { id = '' } = examples.find(({ name }) => name === EXAMPLE) ?? {};
	const { nodes } = await rest.workflow(id);
	const trigger = nodes.find(({ type }) => type.endsWith('.manualTrigger'));
	const execution = await rest.runWorkflow(id, trigger?.name ?? '');
	const { error, runData } = execution.data.resultData;
	check(
		execution.status === 'success',
		[error?.node?.name, error?.message, error?.description].filter(Boolean).join(': '),
	);
	const counts = Object.keys(runData).map((name) => ({
		name,
		items: itemsOf(execution, name).length,
	}));
	const said = counts.map(({ name, items }) => `${name}: ${String(items)}`).join(', ');
	const runnable = nodes.filter(({ type }) => !type.endsWith('.stickyNote'));
	check(counts.length === runnable.length, `Not every node ran (${said})`);
	check(
		counts.every(({ items }) => items > 0),
		`Not every node put out items (${said})`,
	);
	return said;
}

/** Runs nodes one after another, the first of which starts by hand. */
async function runChain(
	{ rest, community, credential: { id, name } }: Trial,
	called: string,
	chain: [name: string, type: string, parameters: object][],
): Promise<Execution> {
	const nodes = chain.map(([nodeName, type, parameters], index) => ({
		id: randomUUID(),
		name: nodeName,
		type: type === 'kit' ? `${community.name}.kit` : `n8n-nodes-base.${type}`,
		typeVersion: type === 'set' ? 3.4 : 1,
		position: [200 * index, 0] as [number, number],
		parameters: parameters as Record<string, unknown>,
		...(type === 'kit' && {
			credentials: { matonKitApi: { id, name } },
			onError: 'continueErrorOutput',
		}),
	}));
	const connections = Object.fromEntries(
		chain.slice(1).map(([node], index) => {
			const [before = ''] = chain[index] ?? [];
			return [before, { main: [[{ node, type: 'main', index: 0 }]] }];
		}),
	);
	const settings = { executionOrder: 'v1' };
	const workflow = await rest.createWorkflow({ name: called, nodes, connections, settings });
	return await rest.runWorkflow(workflow.id, chain[0]?.[0] ?? '');
}

/** Two items, of which the second fails. */
async function sortOutFailedItems(trial: Trial): Promise<string> {
	const tagId = { __rl: true, mode: 'id', value: '={{ $itemIndex === 0 ? $json.id : 999999 }}' };
	const { data } = await runChain(trial, 'Failed items', [
		['Start', 'manualTrigger', {}],
		['List', 'kit', { resource: 'tag', operation: 'getAll', limit: 2 }],
		['Update', 'kit', { resource: 'tag', operation: 'update', tagId, name: '={{ $json.name }}' }],
	]);
	const [succeeded = [], failed = []] = data.resultData.runData.Update?.[0]?.data?.main ?? [];
	const counts = `${String(succeeded?.length)} and ${String(failed?.length)}`;
	check(counts === '1 and 1', `Of two items, ${counts} came out of the two outputs`);
	return 'one item out of each output';
}

async function mapColumns(trial: Trial): Promise<string> {
	const columns = {
		mode: 'raw',
		jsonOutput: '{ "email": "columns@example.com", "Company": "Ada" }',
	};
	const customFields = { mappingMode: 'autoMapInputData', value: null };
	const execution = await runChain(trial, 'Columns', [
		['Start', 'manualTrigger', {}],
		['Columns', 'set', columns],
		[
			'Create',
			'kit',
			{
				resource: 'subscriber',
				operation: 'create',
				emailAddress: '={{ $json.email }}',
				customFields,
			},
		],
	]);
	const [created] = itemsOf(execution, 'Create');
	const { company } = (created?.json.fields ?? {}) as { company?: unknown };
	check(company === 'Ada', `The custom field has “${String(company)}”`);
	return 'a column became the value of a custom field';
}

async function exportToFile(trial: Trial): Promise<string> {
	const execution = await runChain(trial, 'Export', [
		['Start', 'manualTrigger', {}],
		['Export', 'kit', { resource: 'subscriber', operation: 'export' }],
	]);
	const [file] = itemsOf(execution, 'Export');
	const { subscribers, bytes } = file?.json ?? {};
	check(Number(bytes) > 0, `The file has ${String(bytes)} bytes`);
	return `${String(subscribers)} subscribers, ${String(bytes)} bytes`;
}

/** A published workflow that is a trigger alone. */
async function publishTrigger(
	{ rest, community, credential: { id, name } }: Trial,
	type: string,
	parameters: Record<string, unknown>,
	webhookId?: string,
): Promise<Workflow> {
	const trigger = {
		id: randomUUID(),
		...(webhookId && { webhookId }),
		name: 'Trigger',
		type: `${community.name}.${type}`,
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters,
		credentials: { matonKitApi: { id, name } },
	};
	const content = { name: 'On Kit', nodes: [trigger], connections: {}, settings: {} };
	const workflow = await rest.createWorkflow(content);
	await rest.activateWorkflow(workflow.id);
	return workflow;
}

async function publish(
	trial: Trial,
	parameters: Record<string, unknown>,
): Promise<{ workflow: Workflow; url: string }> {
	const { rest } = trial;
	const webhookId = randomUUID();
	const workflow = await publishTrigger(trial, 'kitTrigger', parameters, webhookId);
	const url = `${rest.url}/webhook/${webhookId}/webhook`;
	await until('n8n has published the webhook', async () => {
		const { status } = await fetch(url, { method: 'POST' });
		return status === 401;
	});
	return { workflow, url };
}

/** How many executions of a workflow have succeeded. */
async function successes({ rest }: Trial, { id }: Workflow): Promise<number> {
	return (await rest.executions(id)).filter(({ status }) => status === 'success').length;
}

async function ask({ sandbox }: Trial, path: string, body?: unknown): Promise<unknown> {
	const response = await fetch(sandbox.url + path, {
		method: body === undefined ? 'GET' : 'POST',
		headers: {
			authorization: `Bearer ${sandbox.keys.main}`,
			'content-type': 'application/json',
		},
		...(body !== undefined && { body: JSON.stringify(body) }),
	});
	return await response.json();
}

async function startByClassicWebhook(trial: Trial): Promise<string> {
	const parameters = { events: ['subscriber.activated'], settings: { delivery: 'classic' } };
	const { workflow, url } = await publish(trial, parameters);
	await until('Kit has the webhook', async () => {
		const { webhooks } = (await ask(trial, '/kit/v4/webhooks')) as {
			webhooks: { target_url: string }[];
		};
		return webhooks.some(({ target_url }) => target_url.startsWith(url));
	});
	await ask(trial, '/kit/v4/subscribers', { email_address: 'new@example.com' });
	await until('the workflow was started', async () => (await successes(trial, workflow)) === 1);
	return 'one execution for one new subscriber';
}

async function startBySignedEndpoint(trial: Trial): Promise<string> {
	const parameters = { events: ['tag.created'] };
	const { workflow, url } = await publish(trial, parameters);
	let endpoint = 0;
	await until('n8n has the secret of the endpoint', async () => {
		const { webhook_endpoints } = (await ask(trial, '/kit/v4/webhook_endpoints')) as {
			webhook_endpoints: { id: number; url: string }[];
		};
		endpoint = webhook_endpoints.find((one) => one.url.startsWith(url))?.id ?? 0;
		if (endpoint === 0) return false;
		// Signed but empty: refused for its signature until n8n has the secret, and then for this.
		return (await trial.sandbox.deliver({ endpoint, events: [] })).status === 400;
	});
	const events = [{ id: randomUUID(), type: 'tag.created', data: {} }];
	await trial.sandbox.deliver({ endpoint, events });
	await until('the workflow was started', async () => (await successes(trial, workflow)) === 1);
	await trial.sandbox.deliver({ endpoint, events });
	const executions = (await trial.rest.executions(workflow.id)).length;
	check(executions === 1, 'An event that came again started the workflow again');
	return 'one execution for an event that came twice';
}

/** Polls once a minute. */
async function startByPolling(trial: Trial): Promise<string> {
	const workflow = await publishTrigger(trial, 'kitPollingTrigger', { watch: 'newSubscriber' });
	await ask(trial, '/kit/v4/subscribers', { email_address: 'polled@example.com' });
	const isStarted = async () => (await successes(trial, workflow)) === 1;
	await until('a poll started the workflow', isStarted, PATIENCE_WITH_POLLS_MS);
	return 'one execution for one new subscriber';
}

const TRIALS: [string, (trial: Trial) => Promise<string>][] = [
	['The credential is tested', testCredential],
	['The example runs', runExample],
	['A failed item comes out of the error output', sortOutFailedItems],
	['Columns of the input become custom fields', mapColumns],
	['Subscribers are exported to a file', exportToFile],
	['A classic webhook starts a workflow', startByClassicWebhook],
	['A signed endpoint starts a workflow, once for each event', startBySignedEndpoint],
	['A poll starts a workflow', startByPolling],
];

/**
 * Starts a version of n8n with the package installed and tries what people do with it.
 * @param version of n8n
 * @returns how many trials failed
 * @throws {Failure} when n8n cannot be installed, does not start, or loads no node
 */
async function tryWith(version: string): Promise<number> {
	const { signal } = new AbortController();
	const log = join(CACHE, `n8n-${version}.log`);
	// Not below the project, whose own n8n-workflow the package would find before that of this n8n.
	const userFolder = await mkdtemp(join(tmpdir(), 'kit-compatibility-'));
	const prepared = await prepareN8n({ project: PROJECT, userFolder, signal, version });
	const { installed, community } = prepared;
	const port = await freePort();
	const sandbox = await startSandbox({ subscribers: 250, allowLoopbackWebhooks: true });
	try {
		const n8n = await withProgress(`Starting n8n ${version}`, async () => {
			return await startN8n({ installed, userFolder, port, log, signal });
		});
		try {
			const rest = new OlderN8nRest(n8n.rest.url);
			// Older versions say that they are ready a little too early.
			await until('n8n answers its editor', async () => await rest.answersEditor());
			await enter(rest, userFolder);
			const nodes = await nodesOf(rest, community);
			say(`Nodes: ${nodes.map(({ displayName }) => displayName).join(', ')}`);
			const gateway = { apiKey: sandbox.keys.main, connectionId: '', baseUrl: sandbox.url };
			const credential = await saveDemoCredential(rest, gateway);
			const trial = { rest, sandbox, community, credential, gateway };
			let failed = 0;
			for (const [what, run] of TRIALS) {
				try {
					say(`✓ ${what} (${await run(trial)})`);
				} catch (error) {
					failed++;
					say(`✗ ${what}: ${asSentence(error)}`);
				}
			}
			say(`n8n's log is ${log}`);
			return failed;
		} finally {
			await n8n.stop();
		}
	} finally {
		await sandbox.close();
		await rm(userFolder, { recursive: true, force: true });
	}
}

async function main(): Promise<void> {
	const [version = ''] = process.argv.slice(2);
	try {
		if (!/^\d+\.\d+\.\d+$/.test(version)) {
			throw new Failure('Name a version of n8n: npm run compatibility -- 2.0.0');
		}
		const failed = await tryWith(version);
		process.exitCode = failed > 0 ? 1 : 0;
	} catch (error) {
		process.exitCode = 1;
		process.stderr.write(`\n${asSentence(error)}\n`);
	}
}

void main();

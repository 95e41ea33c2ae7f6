import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type {
	Credential,
	Execution,
	WorkflowContent,
	WorkflowNode,
} from '../../../scripts/n8n/rest';
import type { SandboxOptions } from '../../../sandbox';
import { SMOOTH, type TestSandbox, useSandbox } from '../../support/sandbox';
import type { E2e } from './environment';

const POLL_MS = 200;
const TIMEOUT_MS = 60_000;

export const { n8n, onFailure } = (globalThis as unknown as { e2e: E2e }).e2e;

/**
 * Waits until something is there.
 * @param what what it is, for the sentence when it never comes
 * @param look returns it, or `undefined` as long as it is not there
 * @param timeoutMs how long to wait; a minute if left out
 * @returns what `look` returned
 * @throws {Error} when it is not there by then
 */
export async function until<T>(
	what: string,
	look: () => Promise<T | undefined>,
	timeoutMs = TIMEOUT_MS,
): Promise<T> {
	const deadline = Date.now() + timeoutMs;
	for (;;) {
		const found = await look();
		if (found !== undefined) return found;
		if (Date.now() > deadline) throw new Error(`Still missing: ${what}`);
		await wait(POLL_MS);
	}
}

/**
 * Waits until a workflow has been executed.
 * @param workflowId which
 * @param count how many of its executions must have ended
 * @param timeoutMs how long to wait for them; a minute if left out
 * @returns all that have, oldest first
 */
export async function executionsOf(
	workflowId: string,
	count: number,
	timeoutMs?: number,
): Promise<Execution[]> {
	const look = async () => {
		const all = await n8n.rest.executions(workflowId);
		return all.length >= count ? all : undefined;
	};
	const ended = await until(`${String(count)} executions`, look, timeoutMs);
	const oldestFirst = ended.reverse();
	return await Promise.all(oldestFirst.map(async ({ id }) => await n8n.rest.waitForExecution(id)));
}

/** A node of a workflow; the position is set by {@link chain}. */
export function node(
	name: string,
	type: string,
	typeVersion: number,
	parameters: Record<string, unknown> = {},
	more: Partial<WorkflowNode> = {},
): WorkflowNode {
	return { id: randomUUID(), name, type, typeVersion, position: [0, 0], parameters, ...more };
}

/** The node that a person starts by hand. */
export const manualTrigger = node('Start', 'n8n-nodes-base.manualTrigger', 1);

/**
 * A workflow of nodes in a row.
 * @param name its name
 * @param nodes each receives what the one before gives
 * @param settings the workflow's settings
 */
export function chain(
	name: string,
	nodes: WorkflowNode[],
	settings: Record<string, unknown> = {},
): WorkflowContent {
	const links = nodes.slice(1).map(({ name: to }, index) => {
		const main = [[{ node: to, type: 'main', index: 0 }]];
		return [nodes[index]?.name ?? '', { main }] as const;
	});
	return {
		name,
		nodes: nodes.map((one, index) => ({ ...one, position: [index * 220, 0] })),
		connections: Object.fromEntries(links),
		settings: { executionOrder: 'v1', ...settings },
	};
}

/** A sandbox, a credential for it in n8n, and the nodes of this package that use it. */
export interface TestKit {
	sandbox: TestSandbox;
	readonly credential: Credential;
	kit: (
		name: string,
		parameters: Record<string, unknown>,
		more?: Partial<WorkflowNode>,
	) => WorkflowNode;
	trigger: (parameters: Record<string, unknown>) => WorkflowNode;
	/** Saves a workflow of a manual trigger and these nodes, and runs it to its end. */
	run: (nodes: WorkflowNode[]) => Promise<Execution>;
	/** Waits until Kit has so many webhooks, classic ones and active endpoints together. */
	webhooksAtKit: (count: number) => Promise<void>;
}

/**
 * Starts a sandbox before the tests of a file, and makes a credential for it. No workflow outlives
 * its test.
 * @param options how the sandbox is to be
 */
export function useKit(options: SandboxOptions = {}): TestKit {
	// A person in the editor has no second try; what is about faults asks for them.
	const sandbox = useSandbox({ allowLoopbackWebhooks: true, ...options }, SMOOTH);
	let credential: Credential | undefined;
	const saved = () => {
		if (!credential) throw new Error('The credential is there only during tests');
		return credential;
	};
	const credentials = () => ({ matonKitApi: { id: saved().id, name: saved().name } });
	beforeAll(async () => {
		credential = await n8n.rest.createCredential({
			name: 'Maton Kit account',
			type: 'matonKitApi',
			data: sandbox.credential,
		});
	});
	afterEach(async () => {
		for (const { id } of await n8n.rest.workflows()) await n8n.rest.deleteWorkflow(id);
	});
	afterAll(async () => {
		await n8n.rest.deleteCredential(saved().id);
	});
	return {
		sandbox,
		get credential() {
			return saved();
		},
		kit: (name, parameters, more) =>
			node(name, 'n8n-nodes-maton-kit.kit', 1, parameters, {
				credentials: credentials(),
				...more,
			}),
		trigger: (parameters) =>
			node('Kit Trigger', 'n8n-nodes-maton-kit.kitTrigger', 1, parameters, {
				credentials: credentials(),
				webhookId: randomUUID(),
			}),
		run: async (nodes) => {
			const content = chain('Run by a test', [manualTrigger, ...nodes]);
			const { id } = await n8n.rest.createWorkflow(content);
			return await n8n.rest.runWorkflow(id, manualTrigger.name);
		},
		webhooksAtKit: async (count) => {
			await until(`${String(count)} webhooks at Kit`, async () => {
				const { webhooks } = await sandbox.ask('GET', '/kit/v4/webhooks');
				const { webhook_endpoints } = await sandbox.ask('GET', '/kit/v4/webhook_endpoints');
				const endpoints = webhook_endpoints as { status: string }[];
				const active = endpoints.filter(({ status }) => status === 'active');
				const all = [webhooks, active].flat();
				return all.length === count ? true : undefined;
			});
		},
	};
}

import { setTimeout as wait } from 'node:timers/promises';
import { parseFlatted } from './flatted';

const POLL_MS = 250;
const EXECUTION_TIMEOUT_MS = 120_000;
const UNPUBLISH_TIMEOUT_MS = 90_000;
const UNPUBLISHING = 'still being unpublished';
const FINAL_STATUSES = new Set(['success', 'error', 'crashed', 'canceled']);

export interface Owner {
	email: string;
	firstName: string;
	lastName: string;
	password: string;
}

export interface CredentialContent {
	name: string;
	type: string;
	data: Record<string, unknown>;
}

export interface Credential {
	id: string;
	name: string;
	type: string;
}

export interface CredentialTest {
	status: 'OK' | 'Error';
	message: string;
}

export interface WorkflowNode {
	id: string;
	name: string;
	type: string;
	typeVersion: number;
	position: [number, number];
	parameters: Record<string, unknown>;
	credentials?: Record<string, { id: string; name: string }>;
	[other: string]: unknown;
}

export interface WorkflowContent {
	name: string;
	nodes: WorkflowNode[];
	connections: Record<string, unknown>;
	/** Items that stand for the output of a node, by its name */
	pinData?: Record<string, unknown>;
	settings?: Record<string, unknown>;
}

export interface WorkflowSummary {
	id: string;
	name: string;
	active: boolean;
}

export interface Workflow extends WorkflowContent, WorkflowSummary {
	versionId: string;
}

export interface NodeType {
	/** The full type name, for example `n8n-nodes-maton-kit.kit`. */
	name: string;
	displayName: string;
	version: number | number[];
	[other: string]: unknown;
}

export interface InstalledPackage {
	packageName: string;
	installedVersion: string;
	/** Whether n8n has it on its list but none of its nodes loaded. */
	failedLoading?: boolean;
	installedNodes: { name: string; type: string; latestVersion: number }[];
}

export interface Item {
	json: Record<string, unknown>;
	pairedItem?: unknown;
	error?: unknown;
	[other: string]: unknown;
}

export interface RunError {
	message: string;
	description?: string | null;
	[other: string]: unknown;
}

/** One run of one node. */
export interface NodeRun {
	executionStatus?: string;
	executionTime?: number;
	error?: RunError;
	/** For `main` and the other kinds of connection: items per output. */
	data?: Record<string, (Item[] | null)[]>;
	[other: string]: unknown;
}

export interface ExecutionData {
	resultData: {
		runData: Record<string, NodeRun[]>;
		lastNodeExecuted?: string;
		error?: RunError & { node?: { name: string } };
	};
}

export interface ExecutionSummary {
	id: string;
	status: string;
	mode: string;
}

export interface Execution {
	id: string;
	status: string;
	workflowId: string;
	data: ExecutionData;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** An answer of n8n that is not a success. */
export class N8nError extends Error {
	override readonly name = 'N8nError';

	/**
	 * @param status the HTTP status
	 * @param message n8n's own sentence
	 */
	constructor(
		readonly status: number,
		message: string,
	) {
		super(message);
	}
}

/** Reads n8n's sentence from the body of an answer. */
function messageOf(body: unknown, status: number): string {
	if (typeof body === 'object' && body !== null && 'message' in body) return String(body.message);
	return `n8n answered ${String(status)}`;
}

/**
 * The items a node put out.
 * @param execution a finished execution
 * @param nodeName the node's name in the workflow
 * @param output which of its outputs
 * @param run which of its runs
 * @returns the items, none when it did not run
 */
export function itemsOf(execution: Execution, nodeName: string, output = 0, run = 0): Item[] {
	const { runData } = execution.data.resultData;
	return runData[nodeName]?.[run]?.data?.main?.[output] ?? [];
}

/**
 * n8n's internal REST interface, the one its editor uses, of n8n 2.41. Every method throws
 * {@link N8nError} when n8n refuses, and what `fetch` throws when it cannot be reached.
 */
export class N8nRest {
	private cookie = '';

	/** @param url where n8n listens, without a trailing slash */
	constructor(readonly url: string) {}

	private async call(method: Method, path: string, body?: unknown): Promise<unknown> {
		const response = await fetch(`${this.url}${path}`, {
			method,
			headers: {
				accept: 'application/json',
				// n8n closes idle connections, and a busy process notices that only by a failed request.
				connection: 'close',
				...(this.cookie && { cookie: this.cookie }),
				...(body !== undefined && { 'content-type': 'application/json' }),
			},
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		const auth = response.headers.getSetCookie().find((cookie) => cookie.startsWith('n8n-auth='));
		if (auth) this.cookie = auth.split(';', 1).join('');
		const text = await response.text();
		const isJson = response.headers.get('content-type')?.includes('json') ?? false;
		const content: unknown = isJson && text ? JSON.parse(text) : undefined;
		if (!response.ok) throw new N8nError(response.status, messageOf(content, response.status));
		return content;
	}

	/** The same for the routes below `/rest`, which wrap their answer in `data`. */
	protected async rest(method: Method, path: string, body?: unknown): Promise<unknown> {
		const content = await this.call(method, `/rest${path}`, body);
		if (typeof content === 'object' && content !== null && 'data' in content) return content.data;
		return content;
	}

	/** @returns whether n8n is up, its database is in order and its nodes are loaded */
	async isReady(): Promise<boolean> {
		try {
			await this.call('GET', '/healthz/readiness');
			return true;
		} catch {
			return false;
		}
	}

	/** @returns whether this n8n has an owner already */
	async hasOwner(): Promise<boolean> {
		const settings = (await this.rest('GET', '/settings')) as {
			userManagement: { showSetupOnFirstLoad?: boolean };
		};
		return settings.userManagement.showSetupOnFirstLoad !== true;
	}

	/**
	 * Makes the owner of a new n8n, who is logged in by it.
	 * @param owner the password needs 8 characters, a digit and a capital
	 */
	async createOwner(owner: Owner): Promise<void> {
		await this.rest('POST', '/owner/setup', owner);
	}

	/**
	 * Logs in. Without the header `browser-id`, so the cookie is not bound to a browser. n8n allows
	 * few logins a minute for one address.
	 */
	async login({ email, password }: Pick<Owner, 'email' | 'password'>): Promise<void> {
		await this.rest('POST', '/login', { emailOrLdapLoginId: email, password });
	}

	/** @returns all credentials, without their data */
	async credentials(): Promise<Credential[]> {
		return (await this.rest('GET', '/credentials')) as Credential[];
	}

	/** @returns the credential made */
	async createCredential(content: CredentialContent): Promise<Credential> {
		return (await this.rest('POST', '/credentials', content)) as Credential;
	}

	/**
	 * Replaces a credential's name and data.
	 * @returns the credential
	 */
	async updateCredential(id: string, content: CredentialContent): Promise<Credential> {
		return (await this.rest('PATCH', `/credentials/${id}`, content)) as Credential;
	}

	/**
	 * Creates a credential, or updates the one with its name and type.
	 * @returns the credential
	 */
	async saveCredential(content: CredentialContent): Promise<Credential> {
		const there = (await this.credentials()).find(
			({ name, type }) => name === content.name && type === content.type,
		);
		if (there) return await this.updateCredential(there.id, content);
		return await this.createCredential(content);
	}

	/** Removes a credential. */
	async deleteCredential(id: string): Promise<void> {
		await this.rest('DELETE', `/credentials/${id}`);
	}

	/**
	 * Tests a saved credential, as the editor does after saving.
	 * @param credential the credential
	 * @param data its data
	 * @returns whether it works, and the sentence the editor shows
	 */
	async testCredential(
		{ id, name, type }: Credential,
		data: Record<string, unknown>,
	): Promise<CredentialTest> {
		const credentials = { id, name, type, data };
		return (await this.rest('POST', '/credentials/test', { credentials })) as CredentialTest;
	}

	/** @returns all workflows, without their nodes */
	async workflows(): Promise<WorkflowSummary[]> {
		return (await this.rest('GET', '/workflows')) as WorkflowSummary[];
	}

	/** @returns a workflow with its nodes */
	async workflow(id: string): Promise<Workflow> {
		return (await this.rest('GET', `/workflows/${id}`)) as Workflow;
	}

	/** @returns the workflow made, which is inactive */
	async createWorkflow(content: WorkflowContent): Promise<Workflow> {
		return (await this.rest('POST', '/workflows', content)) as Workflow;
	}

	/** Removes a workflow, active or not, by way of the archive as n8n wants it. */
	async deleteWorkflow(id: string): Promise<void> {
		await this.onceUnpublished('POST', `/workflows/${id}/archive`);
		await this.onceUnpublished('DELETE', `/workflows/${id}`);
	}

	/** Calls again while n8n is still busy with the deactivation of a workflow. */
	private async onceUnpublished(method: Method, path: string): Promise<void> {
		const deadline = Date.now() + UNPUBLISH_TIMEOUT_MS;
		for (;;) {
			try {
				await this.rest(method, path);
				return;
			} catch (error) {
				const isBusy = error instanceof N8nError && error.message.includes(UNPUBLISHING);
				if (!isBusy || Date.now() > deadline) throw error;
				await wait(POLL_MS);
			}
		}
	}

	/**
	 * Activates ("publishes") a workflow as it is saved now. n8n registers webhooks a moment after it
	 * has answered, so a production URL may answer 404 for a second or two.
	 */
	async activateWorkflow(id: string): Promise<void> {
		const { versionId } = await this.workflow(id);
		await this.rest('POST', `/workflows/${id}/activate`, { versionId });
	}

	/** Deactivates a workflow. */
	async deactivateWorkflow(id: string): Promise<void> {
		await this.rest('POST', `/workflows/${id}/deactivate`, {});
	}

	/**
	 * Runs a saved workflow as the editor's "Execute workflow" does, without waiting for its end.
	 * @param id the workflow
	 * @param triggerName the name of the trigger node to start from
	 * @returns the id of the execution, or `undefined` when n8n now waits for a test call of a webhook
	 */
	async startWorkflow(id: string, triggerName: string): Promise<string | undefined> {
		const triggerToStartFrom = { name: triggerName };
		const started = await this.rest('POST', `/workflows/${id}/run`, { triggerToStartFrom });
		return (started as { executionId?: string }).executionId;
	}

	/**
	 * Runs a saved workflow and waits for its end.
	 * @param id the workflow
	 * @param triggerName the name of the trigger node to start from, which must not wait for a call
	 * @param timeoutMs how long to wait
	 * @returns the execution, whether it succeeded or not
	 * @throws {Error} when it waits for a call, or has not ended in time
	 */
	async runWorkflow(id: string, triggerName: string, timeoutMs?: number): Promise<Execution> {
		const execution = await this.startWorkflow(id, triggerName);
		if (execution === undefined) throw new Error(`"${triggerName}" waits to be called`);
		return await this.waitForExecution(execution, timeoutMs);
	}

	/**
	 * The latest executions of a workflow, newest first. n8n asks its database for those that run and
	 * for those that have ended one after the other, and lists one that ends in between twice
	 * (`execution-list-v1.service.ts` in n8n); here it has ended.
	 * @returns their ids and statuses
	 */
	async executions(workflowId: string): Promise<ExecutionSummary[]> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const { results } = (await this.rest('GET', `/executions?filter=${filter}&limit=50`)) as {
			results: ExecutionSummary[];
		};
		const byId = new Map(results.map((one) => [one.id, one]));
		return [...byId.values()].sort((a, b) => Number(b.id) - Number(a.id));
	}

	/** @returns an execution with the data of all its nodes */
	async execution(id: string): Promise<Execution> {
		const found = (await this.rest('GET', `/executions/${id}`)) as Omit<Execution, 'data'> & {
			data: string;
		};
		return { ...found, data: parseFlatted(found.data) as ExecutionData };
	}

	/**
	 * Waits until an execution has ended.
	 * @returns the execution, whether it succeeded or not
	 * @throws {Error} when it has not ended in time
	 */
	async waitForExecution(id: string, timeoutMs = EXECUTION_TIMEOUT_MS): Promise<Execution> {
		const deadline = Date.now() + timeoutMs;
		for (;;) {
			const execution = await this.execution(id);
			if (FINAL_STATUSES.has(execution.status)) return execution;
			if (Date.now() > deadline) {
				throw new Error(
					`Execution ${id} is still "${execution.status}" after ${String(timeoutMs)} ms`,
				);
			}
			await wait(POLL_MS);
		}
	}

	/** Stops an execution, as the editor's button does. */
	async stopExecution(id: string): Promise<void> {
		await this.rest('POST', `/executions/${id}/stop`);
	}

	/**
	 * All node types n8n has loaded, those made for AI agents included.
	 * @returns their descriptions
	 */
	async nodeTypes(): Promise<NodeType[]> {
		return (await this.call('GET', '/types/nodes.json')) as NodeType[];
	}

	/** @returns the community packages on n8n's list (Settings > Community Nodes) */
	async communityPackages(): Promise<InstalledPackage[]> {
		return (await this.rest('GET', '/community-packages')) as InstalledPackage[];
	}
}

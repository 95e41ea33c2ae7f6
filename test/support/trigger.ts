import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createGunzip } from 'node:zlib';
import express from 'express';
import { HookContext, LoadOptionsContext, PackageDirectoryLoader, WebhookContext } from 'n8n-core';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	INode,
	INodeParameters,
	INodeType,
	IWebhookData,
} from 'n8n-workflow';
import { Workflow } from 'n8n-workflow';
import rawBody from 'raw-body';
import { additionalData, kitNode, loader, nodeTypes } from './n8n';
import type { TestSandbox } from './sandbox';

const TRIGGER = 'n8n-nodes-maton-kit.kitTrigger';

function copyOf(data: IDataObject): IDataObject {
	return JSON.parse(JSON.stringify(data)) as IDataObject;
}

/** How a trigger stands in its workflow. */
export interface TriggerOptions {
	parameters: INodeParameters;
	credential: ICredentialDataDecryptedObject;
	/** What no other trigger has; n8n gives each node its own, and each test has another one */
	webhookId?: string;
	/** What n8n has saved, by reference, as it outlives a restart */
	saved?: IDataObject;
	webhookBaseUrl?: string;
	/** The process of n8n that it runs in, the one of this file if left out */
	process?: PackageDirectoryLoader;
	workflowId?: string;
}

/** Another process of n8n, which knows nothing of what this one keeps in its memory. */
export async function otherProcess(): Promise<PackageDirectoryLoader> {
	const other = new PackageDirectoryLoader(loader.directory);
	await jest.isolateModulesAsync(async () => {
		await other.loadAll();
		other.getNode('kitTrigger');
	});
	return other;
}

/** What one process of n8n remembers of a trigger must not reach the next test. */
function webhookIdOfTest(): string {
	const { currentTestName = '' } = expect.getState();
	return `hook-${createHash('sha256').update(currentTestName).digest('hex').slice(0, 8)}`;
}

const lanes = new Map<string, string>();

/** An address of the sandbox that is each trigger's own to n8n, and so has a rate limit of its own. */
function ownLane(credential: ICredentialDataDecryptedObject, webhookId: string) {
	const lane = lanes.get(webhookId) ?? '/.'.repeat(lanes.size + 1);
	lanes.set(webhookId, lane);
	return { ...credential, baseUrl: `${credential.baseUrl as string}${lane}` };
}

/** What hears a trigger's webhook. */
export interface Listening {
	/** What started the workflow */
	readonly items: IDataObject[][];
	/** Lets something else answer all calls during a task */
	replacedBy(other: express.Express, task: () => Promise<void>): Promise<void>;
	close(): Promise<void>;
}

/** A Kit Trigger in a workflow, activated and called as n8n does it. */
export class TestTrigger {
	readonly saved: IDataObject;

	/** What the node wrote into n8n's log as a warning */
	readonly warnings: string[] = [];

	/** Whether n8n cannot take runs, as where its database is full */
	isFull = false;

	/** What n8n would show as failed executions, because the node threw */
	readonly failedRuns: Error[] = [];

	/** What was answered to calls, each status with its body */
	readonly answers: string[] = [];

	/** What happens between the node's answer to n8n and the run */
	beforeRun?: () => Promise<void>;

	/** The calls that n8n is not through with */
	readonly underWay = new Set<Promise<void>>();

	/** What activating and deactivating failed with */
	private readonly errors: Error[] = [];

	/** What hears the calls in its place */
	heir?: TestTrigger;

	private readonly node: INode;

	/** What n8n keeps with its registration of a test webhook */
	private testData: IDataObject = {};

	constructor(private readonly options: TriggerOptions) {
		const { parameters, webhookId = webhookIdOfTest(), saved = {} } = options;
		this.saved = saved;
		this.node = {
			id: `id-of-${webhookId}`,
			webhookId,
			name: 'Kit Trigger',
			type: TRIGGER,
			typeVersion: 1,
			position: [0, 0],
			parameters,
			credentials: { matonKitApi: { id: '1', name: 'Maton Kit' } },
		};
	}

	/**
	 * @param changes such as the process that it goes on in, or what n8n has saved
	 * @returns the same trigger with these, which hears its calls from now on
	 */
	succeededBy(changes: Partial<TriggerOptions>): TestTrigger {
		this.heir = new TestTrigger({ ...this.options, saved: this.saved, ...changes });
		return this.heir;
	}

	/** All that a person or a caller could read of what went wrong, of what succeeded it as well */
	get words(): string {
		const { warnings, answers, failedRuns, errors, heir } = this;
		const said = [...failedRuns, ...errors].map((error) => {
			const { message, description } = error as Error & { description?: string };
			return [message, description, JSON.stringify(error)];
		});
		return [warnings, answers, said.flat(), heir?.words].flat().join('\n');
	}

	/** What n8n makes of a workflow that it loads: static data of its own, until it saves them */
	private workflowWith(staticData: IDataObject): Workflow {
		return new Workflow({
			id: this.options.workflowId ?? 'workflow-1',
			name: 'On Kit',
			nodes: [this.node],
			connections: {},
			active: true,
			nodeTypes: nodeTypes({ [TRIGGER]: this.type }),
			staticData: copyOf(staticData),
		});
	}

	private get type(): INodeType {
		return (this.options.process ?? loader).getNode('kitTrigger').type as INodeType;
	}

	private get data() {
		const { credential, webhookBaseUrl = 'http://127.0.0.1:9/webhook' } = this.options;
		return {
			...additionalData(ownLane(credential, this.node.webhookId ?? '')),
			webhookBaseUrl,
			webhookTestBaseUrl: `${webhookBaseUrl}-test`,
		};
	}

	/** Where n8n hears the webhook */
	get url(): string {
		return `${this.data.webhookBaseUrl}/${String(this.node.webhookId)}/webhook`;
	}

	/** Where n8n hears the webhook during a test run */
	get testUrl(): string {
		return `${this.data.webhookTestBaseUrl}/${String(this.node.webhookId)}/webhook`;
	}

	/** What n8n shows below the node on the canvas */
	get subtitle(): unknown {
		const { subtitle } = this.type.description;
		const workflow = this.workflowWith({});
		const node = workflow.getNode('Kit Trigger') ?? this.node;
		return workflow.expression.getSimpleParameterValue(node, subtitle, 'internal', {});
	}

	/** What the panel says of what Kit has; n8n tells the node no more than this */
	async registered(): Promise<string> {
		const parameters = { workflowId: this.options.workflowId ?? 'workflow-1' };
		const node: INode = { ...this.node, id: 'uuid-1234', name: 'Temp-Node', parameters };
		delete node.webhookId;
		const workflow = new Workflow({
			nodes: [node],
			connections: {},
			active: false,
			nodeTypes: nodeTypes({ [TRIGGER]: this.type }),
		});
		const { webhookBaseUrl } = this.data;
		const data = {
			...this.data,
			currentNodeParameters: parameters,
			restApiUrl: webhookBaseUrl.replace('/webhook', '/rest'),
		};
		const context = new LoadOptionsContext(workflow, node, data, '');
		const options = await this.type.methods?.loadOptions?.getRegistered?.call(context);
		if (options?.length !== 1) throw new Error('There is something to choose');
		return options[0]?.name ?? '';
	}

	/** Calls a hook in the modes in which n8n calls it: a test run shows in them only at its beginning. */
	private async hook(
		method: 'checkExists' | 'create' | 'delete',
		workflow: Workflow,
		isTest = false,
	): Promise<boolean> {
		const node = workflow.getNode('Kit Trigger') ?? this.node;
		const [mode, activation] =
			method === 'delete'
				? (['internal', 'update'] as const)
				: isTest
					? (['manual', 'manual'] as const)
					: (['trigger', 'activate'] as const);
		const webhookData = { isTest } as unknown as IWebhookData;
		const context = new HookContext(workflow, node, this.data, mode, activation, webhookData);
		this.listenToLog(context);
		const hooks = this.type.webhookMethods?.default;
		if (!hooks) throw new Error('The trigger has no hooks');
		try {
			return await hooks[method].call(context);
		} catch (error) {
			this.errors.push(error as Error);
			throw error;
		}
	}

	private listenToLog(context: object): void {
		Object.defineProperty(context, 'logger', {
			value: { debug: () => undefined, warn: (message: string) => this.warnings.push(message) },
		});
	}

	/**
	 * What n8n does when a workflow is activated, and when it could not be
	 * @param cleanUp whether a failure is followed by what n8n does then
	 */
	async activate(cleanUp = true): Promise<'created' | 'there'> {
		const workflow = this.workflowWith(this.saved);
		try {
			const isThere = await this.hook('checkExists', workflow);
			if (!isThere) await this.hook('create', workflow);
			this.save(workflow);
			return isThere ? 'there' : 'created';
		} catch (error) {
			if (cleanUp) await this.deactivate().catch(() => undefined);
			throw error;
		}
	}

	async deactivate(): Promise<void> {
		const workflow = this.workflowWith(this.saved);
		await this.hook('delete', workflow);
		this.save(workflow);
	}

	/** What n8n does with static data that changed */
	private save(workflow: Workflow): void {
		const { staticData } = workflow as unknown as { staticData: { __dataChanged?: boolean } };
		if (staticData.__dataChanged !== true) return;
		for (const key of Object.keys(this.saved)) Reflect.deleteProperty(this.saved, key);
		Object.assign(this.saved, copyOf(workflow.staticData));
	}

	/**
	 * What n8n does when it begins to listen for a test event
	 * @param staticData what it hands the node: nothing in n8n 2.41
	 */
	async startTest(staticData: IDataObject = {}): Promise<void> {
		const workflow = this.workflowWith(staticData);
		this.testData = workflow.staticData;
		if (await this.hook('checkExists', workflow, true)) return;
		await this.hook('create', workflow, true);
	}

	/** What n8n does when the test event came, or nobody waits for it any more */
	async endTest(): Promise<void> {
		await this.hook('delete', this.workflowWith(this.testData), true);
	}

	/** Hears the webhook on a port of its own; what starts the workflow is collected */
	async listen(): Promise<Listening> {
		const items: IDataObject[][] = [];
		const app = express();
		let inPlace: express.Express | undefined;
		app.use((request, response, next) => {
			if (inPlace) inPlace(request, response);
			else next();
		});
		app.post('/*path', (request, response) => {
			// n8n leaves the body to the node where its hidden option says so (`body-parser.ts` in n8n).
			const readRawBody = async () => {
				const encoding = request.headers['content-encoding'];
				const stream = encoding === 'gzip' ? request.pipe(createGunzip()) : request;
				request.rawBody = await rawBody(stream, { limit: '16mb' });
			};
			Object.assign(request, { readRawBody, body: undefined });
			const { json } = response;
			response.json = (body: unknown) => {
				this.answers.push(`${String(response.statusCode)} ${JSON.stringify(body)}`);
				return json.call(response, body);
			};
			const hearing = this.heir ?? this;
			const call = hearing
				.call(request, response)
				.then((rows) => {
					if (rows) items.push(rows);
				})
				.catch((error: unknown) => {
					hearing.failedRuns.push(error as Error);
					response.status(500).json({ message: 'Workflow Webhook Error' });
				})
				.finally(() => hearing.underWay.delete(call));
			hearing.underWay.add(call);
		});
		const server = app.listen(0, '127.0.0.1');
		await new Promise((resolve) => server.once('listening', resolve));
		const { port } = server.address() as AddressInfo;
		this.options.webhookBaseUrl = `http://127.0.0.1:${String(port)}/webhook`;
		return {
			items,
			async replacedBy(other, task) {
				inPlace = other;
				await task();
				inPlace = undefined;
			},
			async close() {
				server.closeAllConnections();
				await new Promise((resolve) => server.close(resolve));
			},
		};
	}

	/**
	 * Hands a call of the webhook to the node, and answers it, as n8n 2.41 does (`webhook-helpers.ts`).
	 * @returns the items that start the workflow, if any
	 */
	async call(
		httpRequest: express.Request,
		httpResponse: express.Response,
	): Promise<IDataObject[] | undefined> {
		const isTest = httpRequest.path.startsWith('/webhook-test/');
		const workflow = this.workflowWith(isTest ? this.testData : this.saved);
		const node = workflow.getNode('Kit Trigger') ?? this.node;
		const data = { ...this.data, httpRequest, httpResponse };
		const webhookData = { isTest } as unknown as IWebhookData;
		const mode = isTest ? 'manual' : 'webhook';
		const context = new WebhookContext(workflow, node, data, mode, webhookData, [], null);
		this.listenToLog(context);
		// Its properties are read one by one, and `webhookResponse` only when the run was taken.
		const result = (await this.type.webhook?.call(context)) ?? {};
		if (result.noWebhookResponse === true || !result.workflowData) {
			if (!isTest) this.save(workflow);
			if (result.noWebhookResponse !== true) {
				httpResponse.status(200).json(result.webhookResponse);
			}
			return undefined;
		}
		await this.beforeRun?.();
		if (this.isFull) {
			httpResponse.status(500).json({ message: 'There was a problem executing the workflow' });
			return undefined;
		}
		// n8n makes the workflow of the run from the same static data, and forgets that they changed.
		(workflow.staticData as { __dataChanged?: boolean }).__dataChanged = false;
		const answer: unknown = result.webhookResponse;
		if (!isTest) this.save(workflow);
		httpResponse.status(200).json(answer);
		return result.workflowData[0]?.map(({ json }) => json);
	}
}

/** One trigger for each test of a file, which Kit can reach, and which is closed after the test. */
export function useTrigger(sandbox: TestSandbox) {
	let node: TestTrigger;
	let heard: Awaited<ReturnType<TestTrigger['listen']>> | undefined;
	afterEach(async () => {
		await heard?.close();
		heard = undefined;
		expect(node.words).not.toContain(sandbox.credential.apiKey);
		expect(node.words).not.toMatch(/whsec_|v1=|token=(?!\[hidden\])|[\w-]{70,}|\b[0-9a-f]{32}\b/);
	});
	return {
		get node() {
			return node;
		},
		get heard() {
			if (!heard) throw new Error('Nobody listens yet');
			return heard;
		},
		/** @param activates whether the workflow is published at once */
		async listen(parameters: INodeParameters, activates = true): Promise<void> {
			await kitNode();
			sandbox.current.settings.allowLoopbackWebhooks = true;
			await heard?.close();
			node = new TestTrigger({ parameters, credential: sandbox.credential });
			heard = await node.listen();
			if (activates) await node.activate();
		},
	};
}

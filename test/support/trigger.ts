import type { AddressInfo } from 'node:net';
import express from 'express';
import { HookContext, WebhookContext } from 'n8n-core';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	INode,
	INodeParameters,
	INodeType,
	IWebhookData,
} from 'n8n-workflow';
import { Workflow } from 'n8n-workflow';
import { additionalData, kitNode, loader, nodeTypes } from './n8n';
import type { TestSandbox } from './sandbox';

const TRIGGER = 'n8n-nodes-maton-kit.kitTrigger';

/** How a trigger stands in its workflow. */
export interface TriggerOptions {
	parameters: INodeParameters;
	credential: ICredentialDataDecryptedObject;
	/** What no other trigger has; n8n gives each node its own */
	webhookId?: string;
	/** What n8n has saved, by reference, as it outlives a restart */
	saved?: IDataObject;
	webhookBaseUrl?: string;
}

/** A Kit Trigger in a workflow, activated and called as n8n does it. */
export class TestTrigger {
	readonly saved: IDataObject;

	/** What the node wrote into n8n's log as a warning */
	readonly warnings: string[] = [];

	private readonly workflow: Workflow;

	private readonly node: INode;

	/** What n8n keeps with its registration of a test webhook */
	private testData: IDataObject = {};

	constructor(private readonly options: TriggerOptions) {
		const { parameters, webhookId = 'hook-1', saved = {} } = options;
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
		this.workflow = this.workflowWith(saved);
	}

	private workflowWith(staticData: IDataObject): Workflow {
		return new Workflow({
			id: 'workflow-1',
			name: 'On Kit',
			nodes: [this.node],
			connections: {},
			active: true,
			nodeTypes: nodeTypes({ [TRIGGER]: this.type }),
			staticData,
		});
	}

	private get type(): INodeType {
		return loader.getNode('kitTrigger').type as INodeType;
	}

	private get data() {
		const { credential, webhookBaseUrl = 'http://127.0.0.1:9/webhook' } = this.options;
		return {
			...additionalData(credential),
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
		const node = this.workflow.getNode('Kit Trigger') ?? this.node;
		return this.workflow.expression.getSimpleParameterValue(node, subtitle, 'internal', {});
	}

	/** Calls a hook in the modes in which n8n calls it: a test run shows in them only at its beginning. */
	private async hook(
		method: 'checkExists' | 'create' | 'delete',
		workflow = this.workflow,
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
		Object.defineProperty(context, 'logger', {
			value: { debug: () => undefined, warn: (message: string) => this.warnings.push(message) },
		});
		const hooks = this.type.webhookMethods?.default;
		if (!hooks) throw new Error('The trigger has no hooks');
		return await hooks[method].call(context);
	}

	/** What n8n does when a workflow is activated, and again at each start */
	async activate(): Promise<'created' | 'there'> {
		if (await this.hook('checkExists')) return 'there';
		await this.hook('create');
		return 'created';
	}

	async deactivate(): Promise<void> {
		await this.hook('delete');
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
	async listen(): Promise<{ items: IDataObject[][]; close(): Promise<void> }> {
		const items: IDataObject[][] = [];
		const app = express();
		app.use(express.raw({ type: () => true, limit: '16mb' }));
		app.post('/*path', (request, response, next) => {
			// n8n leaves the body to the node where its hidden option says so.
			const arrived: unknown = request.body;
			const readRawBody = async () => {
				request.rawBody = Buffer.isBuffer(arrived) ? arrived : Buffer.alloc(0);
				await Promise.resolve();
			};
			Object.assign(request, { readRawBody, body: undefined });
			this.call(request, response)
				.then((rows) => {
					if (rows) items.push(rows);
				})
				.catch(next);
		});
		const server = app.listen(0, '127.0.0.1');
		await new Promise((resolve) => server.once('listening', resolve));
		const { port } = server.address() as AddressInfo;
		this.options.webhookBaseUrl = `http://127.0.0.1:${String(port)}/webhook`;
		return {
			items,
			async close() {
				server.closeAllConnections();
				await new Promise((resolve) => server.close(resolve));
			},
		};
	}

	/**
	 * Hands a call of the webhook to the node, as n8n does.
	 * @returns the items that start the workflow, if any
	 */
	async call(
		httpRequest: express.Request,
		httpResponse: express.Response,
	): Promise<IDataObject[] | undefined> {
		const isTest = httpRequest.path.startsWith('/webhook-test/');
		const workflow = isTest ? this.workflowWith(this.testData) : this.workflow;
		const node = workflow.getNode('Kit Trigger') ?? this.node;
		const data = { ...this.data, httpRequest, httpResponse };
		const webhookData = { isTest } as unknown as IWebhookData;
		const mode = isTest ? 'manual' : 'webhook';
		const context = new WebhookContext(workflow, node, data, mode, webhookData, [], null);
		const { workflowData } = (await this.type.webhook?.call(context)) ?? {};
		return workflowData?.[0]?.map(({ json }) => json);
	}
}

/** One trigger for each test of a file, which Kit can reach, and which is closed after the test. */
export function useTrigger(sandbox: TestSandbox) {
	let node: TestTrigger;
	let heard: Awaited<ReturnType<TestTrigger['listen']>>;
	afterEach(async () => {
		await heard.close();
	});
	return {
		get node() {
			return node;
		},
		get heard() {
			return heard;
		},
		async listen(parameters: INodeParameters): Promise<void> {
			await kitNode();
			sandbox.current.settings.allowLoopbackWebhooks = true;
			node = new TestTrigger({ parameters, credential: sandbox.credential });
			heard = await node.listen();
			await node.activate();
		},
	};
}

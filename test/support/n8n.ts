import { resolve } from 'node:path';
import {
	ExecutionLifecycleHooks,
	LoadOptionsContext,
	PackageDirectoryLoader,
	RoutingNode,
	WorkflowExecute,
} from 'n8n-core';
import type {
	IConnections,
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	INodeTypes,
	IRun,
	IWorkflowBase,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import {
	ICredentialsHelper,
	NodeConnectionTypes,
	NodeHelpers,
	setSafeRegexEngine,
	Workflow,
} from 'n8n-workflow';

/** Both ways in which n8n can run an operation: as a custom operation, or on its declarative engine. */
export type Way = 'customOperations' | 'declarative';

export const WAYS: Way[] = ['customOperations', 'declarative'];

export const KIT = 'n8n-nodes-maton-kit.kit';

/** The workflow in which the Kit node runs. */
export const WORKFLOW_ID = 'test';

/** n8n ends a run whose regular expression takes 250 ms, in which a busy machine may do something else. */
setSafeRegexEngine({
	exec: (pattern, input, flags) => new RegExp(pattern, flags).exec(input),
	test: (pattern, input, flags) => new RegExp(pattern, flags).test(input),
	replace: (pattern, input, flags, by) => input.replace(new RegExp(pattern, flags), by),
	matchAll: (pattern, input, flags = '') => [
		...input.matchAll(new RegExp(pattern, `${flags.replace('g', '')}g`)),
	],
	split: (pattern, input, flags) => input.split(new RegExp(pattern, flags)),
});

/** The package as n8n loads it: from `dist`, by what package.json names. */
export const loader = new PackageDirectoryLoader(resolve(__dirname, '../..'));
/** Not before all that a test imports is there, since that may put something in the place of a module. */
const loaded = Promise.resolve().then(async () => {
	await loader.loadAll();
});

/** @returns the Kit node as n8n's loader made it */
export async function kitNode(): Promise<INodeType> {
	await loaded;
	return loader.getNode('kit').type as INodeType;
}

/** Gives the items of a test to the node under test. */
export function itemSource(items: IDataObject[]): INodeType {
	return {
		description: {
			group: ['trigger'],
			version: 1,
			defaults: {},
			inputs: [],
			properties: [],
			name: 'items',
			displayName: 'Items',
			description: '',
			outputs: [NodeConnectionTypes.Main],
		},
		async execute() {
			return await Promise.resolve([items.map((json) => ({ json }))]);
		},
	};
}

/** What n8n does to declarative nodes when it hands them out (`node-types.ts` in n8n). */
export function onDeclarativeEngine(node: INodeType): INodeType {
	const declarative: INodeType = { description: node.description, methods: node.methods };
	declarative.execute = async function (this: IExecuteFunctions) {
		return (await new RoutingNode(this as never, declarative).runNode()) ?? [];
	};
	return declarative;
}

async function nothing(): Promise<undefined> {
	await Promise.resolve();
	return undefined;
}

/** The credential of the tests, decrypted by this helper in place of n8n's, which needs a database. */
class TestCredentials extends ICredentialsHelper {
	constructor(private readonly data: ICredentialDataDecryptedObject) {
		super();
	}

	getParentTypes(): string[] {
		return [];
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		name: string,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const { authenticate } = loader.getCredential(name).type;
		if (typeof authenticate !== 'function') throw new Error('authenticate is no function');
		return await authenticate(credentials, request);
	}

	preAuthentication = nothing;

	runPreAuthentication = nothing;

	async getCredentials(): Promise<never> {
		return await Promise.reject(new Error('Not in tests'));
	}

	/** Resolves expressions in its fields for the item that asks, as n8n's own helper does. */
	async getDecrypted(
		...[, , , mode, executeData, , values]: Parameters<ICredentialsHelper['getDecrypted']>
	): Promise<ICredentialDataDecryptedObject> {
		const data = structuredClone(this.data);
		if (
			!values ||
			!Object.values(data).some((value) => typeof value === 'string' && value.startsWith('='))
		) {
			return await Promise.resolve(data);
		}
		const { workflow, runExecutionData, runIndex, itemIndex, node, connectionInputData } = values;
		return workflow.expression.getParameterValue(
			data as INodeParameters,
			runExecutionData,
			runIndex,
			itemIndex,
			node.name,
			connectionInputData,
			mode,
			{},
			executeData,
		) as ICredentialDataDecryptedObject;
	}

	updateCredentials = nothing;

	updateCredentialsOauthTokenData = nothing;

	getCredentialsProperties() {
		return [];
	}
}

export function additionalData(
	credential: ICredentialDataDecryptedObject,
	workflow?: IWorkflowBase,
): IWorkflowExecuteAdditionalData {
	const data: Partial<IWorkflowExecuteAdditionalData> = {
		credentialsHelper: new TestCredentials(credential),
		executionId: 'test',
		currentNodeExecutionIndex: 0,
		variables: {},
		webhookWaitingBaseUrl: 'http://127.0.0.1/webhook-waiting',
		formWaitingBaseUrl: 'http://127.0.0.1/form-waiting',
		setExecutionStatus: () => undefined,
		...(workflow && { hooks: new ExecutionLifecycleHooks('manual', 'test', workflow) }),
	};
	return data as IWorkflowExecuteAdditionalData;
}

/** A node under test, and what n8n is to do with it. */
export interface KitRun {
	parameters: INodeParameters;
	credential: ICredentialDataDecryptedObject;
	items?: IDataObject[];
	way?: Way;
	onError?: INode['onError'];
	retryOnFail?: boolean;
	/** What starts it: by hand, if left out */
	mode?: WorkflowExecuteMode;
	/** What n8n keeps of the workflow from run to run, by reference */
	saved?: IDataObject;
	/** Called as soon as the run has begun, with what cancels it */
	whileRunning?: (cancel: () => void) => void;
	/** Called with what the node says to the editor while it runs */
	onMessage?: (message: unknown) => void;
}

/** How a run ended. */
export interface KitResult {
	/** The first output, without n8n's wrapping */
	json: IDataObject[];
	items: INodeExecutionData[];
	/** The error output, where the node has one */
	errors: INodeExecutionData[];
	/** What the run failed with, if it did */
	error?: Error & { description?: string; httpCode?: string; context?: IDataObject };
	run: IRun;
}

/** The Kit node as it stands in a workflow. */
export function kitInWorkflow(parameters: INodeParameters, more: Partial<INode> = {}): INode {
	return {
		id: 'kit',
		name: 'Kit',
		type: KIT,
		typeVersion: 1,
		position: [200, 0],
		parameters,
		credentials: { matonKitApi: { id: '1', name: 'Maton Kit' } },
		...more,
	};
}

/** A node of the tests' own. */
export function plainNode(name: string, type: string): INode {
	return { id: name, name, type, typeVersion: 1, position: [0, 0], parameters: {} };
}

/**
 * Runs a workflow on n8n's own engine.
 * @param nodes its nodes, of which the first starts it
 * @param connections between them, by the node they come from
 * @param types the node types by name
 * @param credential what the credential of all nodes holds
 * @param more what n8n gives the run besides
 * @param start what starts it, and what n8n has kept
 * @returns the run, which can be cancelled
 */
export function runWorkflow(
	nodes: INode[],
	connections: IConnections,
	types: Record<string, INodeType>,
	credential: ICredentialDataDecryptedObject,
	more: Partial<IWorkflowExecuteAdditionalData> = {},
	{ mode = 'manual', saved = {} }: Pick<KitRun, 'mode' | 'saved'> = {},
) {
	const base = { id: WORKFLOW_ID, name: 'Test', nodes, connections, active: false };
	const workflow = new Workflow({
		...base,
		nodeTypes: nodeTypes(types),
		settings: { executionOrder: 'v1' },
		staticData: structuredClone(saved),
	});
	const hooks = { ...base, isArchived: false, createdAt: new Date(), updatedAt: new Date() };
	const given = additionalData(credential, hooks as unknown as IWorkflowBase);
	// n8n keeps static data as a whole, of runs that nobody started by hand (`hookFunctionsSave` in n8n).
	given.hooks?.addHandler('workflowExecuteAfter', (_, staticData?: IDataObject) => {
		if (mode === 'manual' || !staticData) return;
		Object.assign(saved, JSON.parse(JSON.stringify(staticData)));
	});
	return new WorkflowExecute({ ...given, ...more }, mode).run({
		workflow,
		startNode: workflow.getNode(nodes[0]?.name ?? '') ?? undefined,
	});
}

/**
 * Runs a workflow of two nodes, the items and Kit.
 * @param run the node and what is to be done
 * @returns what came out
 */
export async function runKit(run: KitRun): Promise<KitResult> {
	const { parameters, credential, items = [{}], way = 'customOperations' } = run;
	const { onError, retryOnFail } = run;
	const kit = await kitNode();
	const execution = runWorkflow(
		[
			plainNode('Items', 'items'),
			kitInWorkflow(parameters, { onError, retryOnFail, waitBetweenTries: 0 }),
		],
		{ Items: { main: [[{ node: 'Kit', type: NodeConnectionTypes.Main, index: 0 }]] } },
		{ items: itemSource(items), [KIT]: way === 'declarative' ? onDeclarativeEngine(kit) : kit },
		credential,
		{
			sendDataToUI: (_, data) => {
				for (const message of (data as { messages: unknown[] }).messages) run.onMessage?.(message);
			},
		},
		run,
	);
	run.whileRunning?.(() => {
		execution.cancel();
	});
	const finished = await execution;
	const task = finished.data.resultData.runData.Kit?.at(-1);
	const [main, errors] = task?.data?.main ?? [];
	return {
		json: (main ?? []).map(({ json }) => json),
		items: main ?? [],
		errors: errors ?? [],
		error: (task?.error ?? finished.data.resultData.error) as KitResult['error'],
		run: finished,
	};
}

export function nodeTypes(types: Record<string, INodeType>): INodeTypes {
	const get = (name: string): INodeType => {
		const type = types[name];
		if (!type) throw new Error(`No node type ${name}`);
		return type;
	};
	return {
		getByName: get,
		getByNameAndVersion: (name) => NodeHelpers.getVersionedNodeType(get(name)),
		getKnownTypes: () => ({}),
	};
}

/**
 * @param credential what the node's credential holds
 * @param parameters the node's parameters as they stand in the editor
 * @returns the context that n8n gives to drop-down lists
 */
export async function loadOptionsContext(
	credential: ICredentialDataDecryptedObject,
	parameters: INodeParameters = {},
): Promise<LoadOptionsContext> {
	const node = kitInWorkflow(parameters);
	const types = nodeTypes({ [KIT]: await kitNode() });
	const workflow = new Workflow({
		nodes: [node],
		connections: {},
		active: false,
		nodeTypes: types,
	});
	const data = { ...additionalData(credential), currentNodeParameters: parameters };
	return new LoadOptionsContext(workflow, node, data, 'parameters');
}

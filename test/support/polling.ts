import { createHash } from 'node:crypto';
import { PollContext, PollTriggerExecutor, TriggersAndPollers } from 'n8n-core';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	IPollFunctions,
} from 'n8n-workflow';
import { Workflow } from 'n8n-workflow';
import './unlimited';
import { additionalData, loader, nodeTypes } from './n8n';

const POLLING_TRIGGER = 'n8n-nodes-maton-kit.kitPollingTrigger';

function copyOf<T>(data: T): T {
	return JSON.parse(JSON.stringify(data)) as T;
}

/** How a polling trigger stands in its workflow. */
export interface PollingOptions {
	parameters: INodeParameters;
	credential: ICredentialDataDecryptedObject;
	/** What n8n has saved of the workflow, by reference, as it outlives a restart */
	saved?: IDataObject;
	name?: string;
	/** Whether n8n keeps what polls remember in its own store, together with the run (`poll-cursor.service.ts`) */
	durable?: boolean;
	/** Whether it is an n8n that does not tell nodes for how long they may poll, as before 2.41 */
	older?: boolean;
}

const silent = { debug: () => undefined, scoped: () => silent };

/** A Kit Polling Trigger in a workflow, polled by n8n-core as n8n 2.41 lets it. */
export class TestPolling {
	/** The items of each run that n8n took */
	readonly runs: IDataObject[][] = [];

	/** What n8n would show as failed executions */
	readonly failures: Error[] = [];

	/** Whether n8n cannot take runs, as where its database refuses them */
	isFull = false;

	/** What n8n does when a run is over */
	runEnds: (done?: { reject: (error: Error) => void }) => void = () => undefined;

	readonly saved: IDataObject;

	private readonly node: INode;

	private workflow: Workflow | undefined;

	private poller: ((isTest?: boolean) => Promise<void>) | undefined;

	constructor(private readonly options: PollingOptions) {
		const { parameters, saved = {}, name = 'Kit Polling Trigger' } = options;
		this.saved = saved;
		const { currentTestName = '' } = expect.getState();
		this.node = {
			id: createHash('sha256').update(`${name} ${currentTestName}`).digest('hex').slice(0, 8),
			name,
			type: POLLING_TRIGGER,
			typeVersion: 1,
			position: [0, 0],
			parameters: { pollTimes: { item: [{ mode: 'everyMinute' }] }, ...parameters },
			credentials: { matonKitApi: { id: '1', name: 'Maton Kit' } },
		};
	}

	private get type(): INodeType {
		return loader.getNode('kitPollingTrigger').type as INodeType;
	}

	private workflowOf(staticData: IDataObject): Workflow {
		return new Workflow({
			id: 'workflow-1',
			name: 'On Kit',
			nodes: [this.node],
			connections: {},
			active: true,
			nodeTypes: nodeTypes({ [POLLING_TRIGGER]: this.type }),
			staticData,
		});
	}

	/** What n8n does with static data that changed */
	private save(workflow: Workflow): void {
		const { staticData } = workflow as unknown as { staticData: { __dataChanged?: boolean } };
		if (staticData.__dataChanged !== true) return;
		for (const key of Object.keys(this.saved)) Reflect.deleteProperty(this.saved, key);
		Object.assign(this.saved, copyOf(workflow.staticData));
		staticData.__dataChanged = false;
	}

	private contextOf(workflow: Workflow): IPollFunctions {
		let cursor: IDataObject | undefined;
		let before = '';
		const isDurable = this.options.durable === true;
		const emit: IPollFunctions['__emit'] = (data, _response, done) => {
			if (!isDurable) this.save(workflow);
			// n8n starts the run after this, and knows only then whether its database takes it.
			setImmediate(() => {
				if (this.isFull) {
					done?.reject(new Error('SQLITE_FULL: database or disk is full'));
					return;
				}
				if (cursor) this.saved.cursor = copyOf(cursor);
				this.runs.push((data[0] ?? []).map(({ json }: INodeExecutionData) => json));
				this.runEnds(done);
			});
		};
		const context = new PollContext(
			workflow,
			this.node,
			additionalData(this.options.credential),
			'trigger',
			'activate',
			emit,
			(error) => this.failures.push(error),
			async () => {
				if (cursor && JSON.stringify(cursor) !== before) this.saved.cursor = copyOf(cursor);
				await Promise.resolve();
			},
			async (run) => {
				cursor = isDurable ? copyOf((this.saved.cursor ?? {}) as IDataObject) : undefined;
				before = JSON.stringify(cursor);
				return await run();
			},
			() => cursor ?? workflow.getStaticData('node', this.node),
		);
		if (this.options.older === true) Reflect.deleteProperty(context, 'getPollBudgetMs');
		return context;
	}

	/** What n8n does when the workflow is published, and when n8n itself starts: it polls at once. */
	async activate(): Promise<void> {
		const workflow = this.workflowOf(copyOf(this.saved));
		this.workflow = workflow;
		const executor = new PollTriggerExecutor(
			silent as never,
			new TriggersAndPollers(),
			{
				startSpan: async (_: unknown, run: (span: object) => unknown) =>
					await run({ setStatus: () => undefined }),
				startNewTraceSpan: async (_: unknown, run: (span: object) => unknown) =>
					await run({ setStatus: () => undefined }),
				pickWorkflowAttributes: () => ({}),
				pickNodeAttributes: () => ({}),
			} as never,
			{ error: (error: Error) => this.failures.push(error) } as never,
		);
		this.poller = executor.create(
			workflow,
			this.node,
			this.contextOf(workflow),
			() => this.workflow === workflow,
		);
		await this.poller(true);
		this.save(workflow);
		await new Promise(setImmediate);
	}

	/** What n8n does when a poll time has come. @returns the items of the run that it starts, if any */
	async poll(): Promise<IDataObject[]> {
		const { length } = this.runs;
		await this.poller?.();
		await new Promise(setImmediate);
		await new Promise(setImmediate);
		return this.runs.slice(length).flat();
	}

	/** What a person sees who tries the node in the editor */
	async test(): Promise<IDataObject[]> {
		const workflow = this.workflowOf(copyOf(this.saved));
		const data = additionalData(this.options.credential);
		const context = new PollContext(workflow, this.node, data, 'manual', 'manual');
		const [items = []] = (await this.type.poll?.call(context)) ?? [];
		return items.map(({ json }) => json);
	}

	/** n8n ends without a word, and starts again with what it has saved */
	async restart(changes: Partial<PollingOptions> = {}): Promise<TestPolling> {
		this.workflow = undefined;
		const next = new TestPolling({ ...this.options, saved: copyOf(this.saved), ...changes });
		await next.activate();
		return next;
	}
}

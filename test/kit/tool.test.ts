import type { StructuredTool } from '@langchain/core/tools';
import type {
	EngineResponse,
	IDataObject,
	IExecuteFunctions,
	INodeParameters,
	INodeType,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import {
	itemSource,
	KIT,
	kitInWorkflow,
	kitNode,
	onDeclarativeEngine,
	plainNode,
	runWorkflow,
} from '../support/n8n';
import { useSandbox } from '../support/sandbox';
import { mapped, mappedByColumns } from './cases/case';

const sandbox = useSandbox();

/** The two ways in which n8n lets an agent call a node. */
const AGENTS = {
	'by the workflow engine, as newer agents ask it to': engineAgent,
	'by its own execute function, as older agents call it': callingAgent,
};

const agent: INodeType['description'] = {
	name: 'agent',
	displayName: 'Agent',
	description: '',
	group: ['transform'],
	version: 1,
	defaults: {},
	inputs: [NodeConnectionTypes.Main, NodeConnectionTypes.AiTool],
	outputs: [NodeConnectionTypes.Main],
	properties: [],
};

/** Asks n8n's engine to run the tool, and gives out what it answered. */
function engineAgent(input: IDataObject): INodeType {
	return {
		description: agent,
		async execute(response?: EngineResponse) {
			await Promise.resolve();
			const [result] = response?.actionResponses ?? [];
			if (result && 'data' in result) {
				const output = result.data.data?.ai_tool?.[0] ?? [];
				const error = result.data.error?.message;
				return [error === undefined ? output : [{ json: { error } }]];
			}
			const id = 'call-1';
			const type = NodeConnectionTypes.AiTool;
			const actionType = 'ExecutionNodeAction';
			const action = { actionType, nodeName: 'Kit', input: input as never, type, id, metadata: {} };
			return { actions: [action as never], metadata: {} };
		},
	};
}

/** Calls the tool itself. */
function callingAgent(input: IDataObject): INodeType {
	return {
		description: agent,
		async execute(this: IExecuteFunctions) {
			const connected = await this.getInputConnectionData(NodeConnectionTypes.AiTool, 0);
			const [tool] = connected as StructuredTool[];
			try {
				const text = (await tool?.invoke(input)) as string;
				return [(JSON.parse(text) as IDataObject[]).map((json) => ({ json }))];
			} catch (error) {
				return [[{ json: { error: (error as Error).message } }]];
			}
		},
	};
}

/** The Kit node as n8n makes a tool of it (`ai-tools.ts` in n8n). */
async function kitTool(): Promise<INodeType> {
	const kit = await kitNode();
	return {
		...onDeclarativeEngine(kit),
		customOperations: kit.customOperations,
		description: {
			...kit.description,
			name: `${KIT}Tool`,
			inputs: [],
			outputs: [NodeConnectionTypes.AiTool],
		},
	};
}

describe.each(Object.entries(AGENTS))('run %s', (_, makeAgent) => {
	async function call(parameters: INodeParameters, input: IDataObject): Promise<IDataObject[]> {
		const { data } = await runWorkflow(
			[
				plainNode('Items', 'items'),
				plainNode('Agent', 'agent'),
				kitInWorkflow(parameters, { type: `${KIT}Tool` }),
			],
			{
				Items: { main: [[{ node: 'Agent', type: NodeConnectionTypes.Main, index: 0 }]] },
				Kit: { ai_tool: [[{ node: 'Agent', type: NodeConnectionTypes.AiTool, index: 0 }]] },
			},
			{ items: itemSource([{}]), agent: makeAgent(input), [`${KIT}Tool`]: await kitTool() },
			sandbox.credential,
		);
		expect(data.resultData.error).toBeUndefined();
		const output = data.resultData.runData.Agent?.at(-1)?.data?.main?.[0] ?? [];
		return output.map(({ json }) => json);
	}

	test('a list gives all its rows', async () => {
		const json = await call(
			{
				resource: 'tag',
				operation: 'getAll',
				returnAll: true,
			},
			{},
		);
		expect(json).toHaveLength(12);
		expect(json).toContainEqual(expect.objectContaining({ name: 'VIP' }));
	});

	test('a list keeps to the limit that the agent gives', async () => {
		const limit = "={{ $fromAI('limit', 'How many', 'number') }}";
		const parameters = { resource: 'subscriber', operation: 'getAll', returnAll: false, limit };
		expect(await call(parameters, { limit: 3 })).toHaveLength(3);
		expect(sandbox.requests()[0]?.query).toEqual({ per_page: '3' });
	});

	test('an export says what is in the file, which agents do not get', async () => {
		const json = await call({ resource: 'subscriber', operation: 'export', format: 'csv' }, {});
		expect(json).toMatchObject([{ subscribers: expect.any(Number) as number, format: 'csv' }]);
		expect(Number(json[0]?.subscribers)).toBeGreaterThan(0);
	});

	test('a write reaches Kit with what the agent gives', async () => {
		const { subscriber } = await sandbox.ask('POST', '/kit/v4/subscribers', {
			email_address: 'reader@example.com',
		});
		const { tag } = await sandbox.ask('POST', '/kit/v4/tags', { name: 'vip' });
		const json = await call(
			{
				resource: 'tag',
				operation: 'addToSubscriber',
				tagId: { __rl: true, mode: 'id', value: "={{ $fromAI('tag', 'The tag', 'number') }}" },
				subscriberId: { __rl: true, mode: 'email', value: "={{ $fromAI('email', 'Whom') }}" },
			},
			{ tag: (tag as { id: number }).id, email: 'reader@example.com' },
		);
		expect(json).toMatchObject([{ id: (subscriber as { id: number }).id }]);
		expect(sandbox.requests()[0]).toMatchObject({
			body: { email_address: 'reader@example.com' },
			status: 201,
		});
	});

	test('an agent names a tag and a subscriber who do not exist yet, and both are created', async () => {
		const json = await call(
			{
				resource: 'tag',
				operation: 'addToSubscriber',
				tagId: { __rl: true, mode: 'name', value: "={{ $fromAI('tag', 'The tag') }}" },
				createTag: true,
				subscriberId: { __rl: true, mode: 'email', value: "={{ $fromAI('email', 'Whom') }}" },
				createSubscriber: true,
				newSubscriber: { firstName: "={{ $fromAI('name', 'Their name') }}" },
			},
			{ tag: 'Met at the fair', email: 'eve@example.com', name: 'Eve' },
		);
		expect(json).toMatchObject([{ email_address: 'eve@example.com', first_name: 'Eve' }]);
		const { tags } = await sandbox.ask(
			'GET',
			`/kit/v4/subscribers/${String(Number(json[0]?.id))}/tags`,
		);
		expect(tags).toMatchObject([{ name: 'Met at the fair' }]);
	});

	test.each(['VIP', '{id}'])('a tag By ID takes what an agent knows of it: %s', async (known) => {
		const { tags } = await sandbox.ask('GET', '/kit/v4/tags?per_page=1000');
		const { id } = (tags as { id: number; name: string }[]).find(({ name }) => name === 'VIP') ?? {
			id: 0,
		};
		await sandbox.ask('POST', '/kit/v4/subscribers', { email_address: 'eve@example.com' });
		const json = await call(
			{
				resource: 'tag',
				operation: 'addToSubscriber',
				tagId: { __rl: true, mode: 'id', value: "={{ $fromAI('Tag', ``, 'string') }}" },
				subscriberId: { __rl: true, mode: 'id', value: "={{ $fromAI('Subscriber') }}" },
			},
			{ Tag: known.replace('{id}', String(id)), Subscriber: 'eve@example.com' },
		);
		expect(json).toMatchObject([{ email_address: 'eve@example.com' }]);
		const request = `POST /kit/v4/tags/${String(id)}/subscribers`;
		expect(sandbox.requests().at(-1)).toMatchObject({ request, status: 201 });
	});

	test('an agent fills in n8n’s form for custom fields', async () => {
		const json = await call(
			{
				resource: 'subscriber',
				operation: 'create',
				emailAddress: "={{ $fromAI('email', 'Whom') }}",
				customFields: mapped({
					company: "={{ $fromAI('Company', `Where they work`, 'string') }}",
					lead_score: "={{ $fromAI('Lead_score', ``, 'number') }}",
				}),
			},
			{ email: 'eve@example.com', Company: 'Acme', Lead_score: 7 },
		);
		expect(json).toMatchObject([{ company: 'Acme', lead_score: '7' }]);
	});

	test('columns that are no custom field keep a form that maps columns from nothing', async () => {
		const json = await call(
			{
				resource: 'subscriber',
				operation: 'create',
				emailAddress: "={{ $fromAI('email', 'Whom') }}",
				customFields: mappedByColumns,
			},
			{ email: 'eve@example.com', compnay: 'Acme' },
		);
		expect(json).toMatchObject([{ email_address: 'eve@example.com' }]);
		expect(json[0]).not.toHaveProperty('compnay');
	});

	test('an agent gets records simplified, unless something else is chosen', async () => {
		const get = (more: INodeParameters) =>
			call({ resource: 'subscriber', operation: 'getAll', limit: 1, ...more }, {});
		const [simplified = {}] = await get({});
		expect(simplified).toHaveProperty('last_name');
		expect(simplified).not.toHaveProperty('fields');
		expect((await get({ output: 'raw' }))[0]).toHaveProperty('fields');
	});

	test('an agent that misspells a tag is told what it is called', async () => {
		const [{ error } = {}] = await call(
			{
				resource: 'tag',
				operation: 'getSubscribers',
				tagId: { __rl: true, mode: 'name', value: "={{ $fromAI('tag', 'The tag') }}" },
			},
			{ tag: 'Podcast listner' },
		);
		expect(error).toContain('Near it: “Podcast listener”');
	});

	test('an agent writes Liquid, and what it drafts stays a draft', async () => {
		const content = '<p>Hello {{ subscriber.first_name }}</p>';
		const json = await call(
			{
				resource: 'broadcast',
				operation: 'create',
				subject: "={{ $fromAI('subject', 'The subject') }}",
				content: "={{ $fromAI('content', 'The HTML') }}",
			},
			{ subject: 'Hi', content },
		);
		expect(json).toMatchObject([{ subject: 'Hi', content, status: 'draft', send_at: null }]);
	});

	test('the agent is told what was wrong', async () => {
		const [{ error } = {}] = await call(
			{ resource: 'tag', operation: 'create', name: "={{ $fromAI('name', 'Its name') }}" },
			{ name: '' },
		);
		expect(error).toContain('Name must be filled in');
	});
});

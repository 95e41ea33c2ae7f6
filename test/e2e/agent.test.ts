import type { Credential, Execution, WorkflowNode } from '../../scripts/n8n/rest';
import { itemsOf } from '../../scripts/n8n/rest';
import { ChatModel } from './support/chatModel';
import { chain, manualTrigger, n8n, node, useKit } from './support/n8n';

const AGENT = '@n8n/n8n-nodes-langchain.agent';
const TOOL = 'n8n-nodes-maton-kit.kitTool';

/** Newer agents let the workflow engine run tools, older ones call them themselves. */
const AGENT_VERSIONS = [1.9, 2.2, 3.1];

/** Older agents hand the model an empty text for a tool that fails; only a person can read why. */
const toldOnFailure = (version: number): boolean => version >= 3;

const maton = useKit();
const model = new ChatModel();
let openAi: Credential;

beforeAll(async () => {
	const url = await model.start();
	const data = { apiKey: 'none', url };
	openAi = await n8n.rest.createCredential({ name: 'Stand-in', type: 'openAiApi', data });
});

afterAll(async () => {
	await model.stop();
});

function tool(name: string, parameters: Record<string, unknown>): WorkflowNode {
	return maton.kit(name, parameters, { type: TOOL });
}

/** Runs an agent with tools, on a request that the stand-in does not read. */
async function ask(version: number, tools: WorkflowNode[]): Promise<Execution> {
	const agent = node('Agent', AGENT, version, {
		promptType: 'define',
		text: 'Tag reader@example.com as vip',
		options: {},
	});
	const chat = node(
		'Model',
		'@n8n/n8n-nodes-langchain.lmChatOpenAi',
		1.2,
		{ model: { __rl: true, mode: 'id', value: 'stand-in' }, options: {} },
		{ credentials: { openAiApi: { id: openAi.id, name: openAi.name } } },
	);
	const { nodes, connections, ...rest } = chain('Ask an agent', [manualTrigger, agent]);
	const toAgent = (type: string) => ({ [type]: [[{ node: 'Agent', type, index: 0 }]] });
	const { id } = await n8n.rest.createWorkflow({
		...rest,
		nodes: [...nodes, chat, ...tools],
		connections: {
			...connections,
			Model: toAgent('ai_languageModel'),
			...Object.fromEntries(tools.map(({ name }) => [name, toAgent('ai_tool')])),
		},
	});
	return await n8n.rest.runWorkflow(id, manualTrigger.name);
}

const findTags = () => tool('Find tags', { resource: 'tag', operation: 'getAll', returnAll: true });

const addTag = () =>
	tool('Tag a subscriber', {
		resource: 'tag',
		operation: 'addToSubscriber',
		tagId: {
			__rl: true,
			mode: 'id',
			value: "={{ $fromAI('tag_id', 'The ID of the tag', 'number') }}",
		},
		subscriberId: {
			__rl: true,
			mode: 'email',
			value: "={{ $fromAI('email', 'The email address of the subscriber', 'string') }}",
		},
	});

describe.each(AGENT_VERSIONS)('an AI Agent of version %d', (version) => {
	test('tags a subscriber with the values that the model chose', async () => {
		const { tag } = await maton.sandbox.ask('POST', '/kit/v4/tags', { name: 'vip' });
		const { id: tagId } = tag as { id: number };
		await maton.sandbox.ask('POST', '/kit/v4/subscribers', { email_address: 'reader@example.com' });
		model.willCall(
			{ name: 'Find_tags', arguments: {} },
			{ name: 'Tag_a_subscriber', arguments: { tag_id: tagId, email: 'reader@example.com' } },
		);

		const execution = await ask(version, [findTags(), addTag()]);

		expect(execution.data.resultData.error).toBeUndefined();
		const path = `/kit/v4/tags/${String(tagId)}/subscribers`;
		const { subscribers } = await maton.sandbox.ask('GET', path);
		expect(subscribers).toMatchObject([{ email_address: 'reader@example.com' }]);
		const [allTags, tagged] = model.told;
		expect(allTags).toContain('"name":"VIP"');
		expect(tagged).toContain('reader@example.com');
		expect(itemsOf(execution, 'Agent')).toMatchObject([
			{ json: { output: expect.stringContaining('reader@example.com') as string } },
		]);
	});

	test('makes known what was wrong with a call', async () => {
		const call = { tag_id: 999999, email: 'reader@example.com' };
		model.willCall({ name: 'Tag_a_subscriber', arguments: call });
		const { data } = await ask(version, [addTag()]);
		const [run] = data.resultData.runData['Tag a subscriber'] ?? [];
		const told = toldOnFailure(version) ? model.told.join() : run?.error?.message;
		expect(told).toContain('Not Found (tag 999999)');
	});

	test('is offered tools that a model can tell apart and fill in', async () => {
		model.willCall();
		await ask(version, [findTags(), addTag()]);
		const offered = new Map(model.offered.map((one) => [one.name, one]));
		expect(offered.get('Find_tags')?.description).toBe('Get many tags in Kit');
		expect(offered.get('Tag_a_subscriber')).toMatchObject({
			description: 'Add tag to subscriber in Kit',
			parameters: {
				type: 'object',
				properties: {
					tag_id: { type: 'number', description: 'The ID of the tag' },
					email: { type: 'string', description: 'The email address of the subscriber' },
				},
				required: ['tag_id', 'email'],
			},
		});
	});
});

import { readdirSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { importExamples } from '../../scripts/n8n/demo';
import type { Credential, Execution, Workflow, WorkflowContent } from '../../scripts/n8n/rest';
import type { Example, Outcome } from './examples';
import { EXAMPLES, READER, tagAsVip, tagsOf } from './examples';
import { ChatModel } from './support/chatModel';
import { useEditor } from './support/editor';
import { executionsOf, n8n, node, useKit } from './support/n8n';

const FOLDER = resolve(__dirname, '../../examples');
const CHAT_MODEL = '@n8n/n8n-nodes-langchain.lmChatOpenAi';

const maton = useKit({ subscribers: 250 });
const editor = useEditor();
const model = new ChatModel();
let openAi: Credential;
let second: Credential;

const names = new Map(
	readdirSync(FOLDER)
		.filter((file) => file.endsWith('.json'))
		.map((file) => {
			const { name } = JSON.parse(readFileSync(resolve(FOLDER, file), 'utf8')) as WorkflowContent;
			return [basename(file, '.json'), name];
		}),
);

beforeAll(async () => {
	const data = { apiKey: 'none', url: await model.start() };
	second = await n8n.rest.createCredential({
		name: 'Second account',
		type: 'matonKitApi',
		data: { ...maton.sandbox.credential, connectionId: maton.sandbox.current.connections.second },
	});
	openAi = await n8n.rest.createCredential({ name: 'Stand-in', type: 'openAiApi', data });
});

afterAll(async () => {
	await model.stop();
});

/** Imports an example as `npm start` does, and chooses the credential of its chat model. */
async function imported(file: string): Promise<Workflow> {
	const { community, rest } = n8n;
	const credentials = { first: maton.credential, second };
	const all = await importExamples(rest, FOLDER, community, credentials);
	const found = all.find(({ name }) => name === names.get(file));
	const workflow = await rest.workflow(found?.id ?? '');
	if (!workflow.nodes.some(({ type }) => type === CHAT_MODEL)) return workflow;
	const { name, connections, settings } = workflow;
	const nodes = workflow.nodes.map((node) =>
		node.type === CHAT_MODEL ? { ...node, credentials: { openAiApi: openAi } } : node,
	);
	await rest.deleteWorkflow(workflow.id);
	return await rest.createWorkflow({ name, nodes, connections, settings });
}

/** Does in the table what a person would. */
async function editTable(
	operation: 'insert' | 'update',
	email: string,
	first_name: string,
): Promise<void> {
	const execution = await maton.run([
		node('Edit', 'n8n-nodes-base.dataTable', 1.1, {
			resource: 'row',
			operation,
			dataTableId: { __rl: true, mode: 'name', value: 'Kit readers' },
			matchType: 'allConditions',
			filters: { conditions: [{ keyName: 'email', condition: 'eq', keyValue: email }] },
			columns: { mappingMode: 'defineBelow', value: { email, first_name } },
		}),
	]);
	expect(execution.data.resultData.error).toBeUndefined();
}

async function runByKit(
	{ id }: Workflow,
	{ happen, runs = 1, webhooks = 1 }: Example,
): Promise<Execution[]> {
	await n8n.rest.activateWorkflow(id);
	await maton.webhooksAtKit(webhooks);
	await happen?.(maton.sandbox);
	const executions = await executionsOf(id, runs);
	await n8n.rest.deactivateWorkflow(id);
	await maton.webhooksAtKit(0);
	return executions;
}

async function runByCall({ id }: Workflow, { call, runs = 1 }: Example): Promise<Execution[]> {
	if (!call) throw new Error('There is nothing to post');
	await n8n.rest.activateWorkflow(id);
	const response = await fetch(`${n8n.rest.url}/webhook/${call.path}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(call.body),
	});
	expect(response.status).toBe(200);
	const executions = await executionsOf(id, runs);
	await n8n.rest.deactivateWorkflow(id);
	return executions;
}

const chat = () => editor.page.getByTestId('canvas-chat');

const chatButton = () => editor.page.getByTestId('workflow-chat-button');

/** Opens an agent's chat, unless the editor left it open, and says something in it. */
async function say(workflow: Workflow, question: string): Promise<void> {
	await editor.open(workflow.id);
	if ((await chatButton().innerText()) === 'Open chat') await chatButton().click();
	await chat().locator('textarea').fill(question);
	await chat().locator('textarea').press('Enter');
}

async function runByChat(workflow: Workflow, talk: Example['chat']): Promise<Execution[]> {
	if (!talk) throw new Error('There is nothing to say');
	model.willCall(...(await talk.calls(maton.sandbox)));
	await say(workflow, talk.question);
	if (talk.press !== undefined) {
		const button = chat().getByText(talk.press, { exact: true });
		await button.waitFor();
		await button.click();
	}
	await chat()
		.getByText(await talk.answer(maton.sandbox))
		.last()
		.waitFor();
	await chatButton().click();
	return await executionsOf(workflow.id, 1);
}

async function run(workflow: Workflow, example: Example): Promise<Execution[]> {
	if (example.happen) return await runByKit(workflow, example);
	if (example.call) return await runByCall(workflow, example);
	if (example.chat) return await runByChat(workflow, example.chat);
	const [start] = workflow.nodes.filter(({ type }) => type.endsWith('Trigger'));
	return [await n8n.rest.runWorkflow(workflow.id, start?.name ?? '')];
}

function outcomeOf(executions: Execution[]): Outcome {
	return {
		sandbox: maton.sandbox,
		items: (node, output) =>
			executions.flatMap((execution) => {
				const { main, ai_tool } = execution.data.resultData.runData[node]?.[0]?.data ?? {};
				return (main ?? ai_tool)?.[output ?? 0] ?? [];
			}),
		file: async (item) => {
			const { data } = item?.binary as { data: { id: string } };
			const url = `${n8n.rest.url}/rest/binary-data?id=${data.id}&action=download`;
			return gunzipSync(await (await editor.page.request.get(url)).body());
		},
	};
}

test.each([...names.keys()])('the example %s does what it says', async (file) => {
	const example = EXAMPLES[file];
	if (!example) throw new Error('examples.ts does not say what to expect of it');
	const workflow = await imported(file);
	await editor.pictureOfCanvas(`examples/${file}`, workflow.id);

	const executions = await run(workflow, example);

	expect(executions.map(({ status, data }) => [status, data.resultData.error])).toEqual(
		executions.map(() => ['success', undefined]),
	);
	await example.see?.(outcomeOf(executions));
});

test('the agent leaves everything as it is until it is allowed to, and when it is not', async () => {
	const workflow = await imported('agent-with-approval');
	model.willCall(...(await tagAsVip(maton.sandbox)));
	await say(workflow, `Make ${READER} a VIP`);
	await chat().getByText(`May I give ${READER} the tag VIP?`).waitFor();
	expect(await tagsOf(maton.sandbox)).toEqual([]);
	await chat().getByText('Leave it', { exact: true }).click();
	await chat().getByText('User rejected').last().waitFor();
	expect(await tagsOf(maton.sandbox)).toEqual([]);
});

test('the sync with a table takes what changed on either side to the other, and nothing when it runs again', async () => {
	const { rest } = n8n;
	const workflow = await imported('two-way-sync-with-table');
	const [start] = workflow.nodes.filter(({ type }) => type.endsWith('Trigger'));
	const run = async () => {
		maton.sandbox.current.log.length = 0;
		const { data } = await rest.runWorkflow(workflow.id, start?.name ?? '');
		expect(data.resultData.error).toBeUndefined();
		const count = (node: string) =>
			data.resultData.runData[node]?.[0]?.data?.main?.[0]?.length ?? 0;
		return { sent: count('Send to Kit'), written: count('Write into the table') };
	};
	const address = 'typed.in@example.com';
	const nameInKit = async () => {
		const path = `/kit/v4/subscribers?email_address=${address}`;
		const { subscribers } = await maton.sandbox.ask('GET', path);
		return (subscribers as { id: number; first_name: string }[])[0];
	};
	await run();
	expect(await run()).toEqual({ sent: 0, written: 0 });

	await editTable('insert', address, 'Typed');
	expect(await run()).toEqual({ sent: 1, written: 0 });
	expect(await nameInKit()).toMatchObject({ first_name: 'Typed' });
	expect(await run()).toEqual({ sent: 0, written: 0 });
	await editTable('update', address, 'Corrected');
	// What Kit's lists do not show yet is not taken back into the table.
	maton.sandbox.current.settings.lagMs = 300_000;
	expect(await run()).toEqual({ sent: 1, written: 0 });
	expect(await run()).toEqual({ sent: 0, written: 0 });
	maton.sandbox.current.settings.lagMs = 0;
	expect(await nameInKit()).toMatchObject({ first_name: 'Corrected' });

	const { subscribers } = await maton.sandbox.ask('GET', '/kit/v4/subscribers?per_page=1');
	const [other] = subscribers as { id: number; email_address: string }[];
	await maton.sandbox.ask('PUT', `/kit/v4/subscribers/${String(other?.id)}`, {
		email_address: other?.email_address,
		first_name: 'Changed',
	});
	expect(await run()).toEqual({ sent: 0, written: 1 });
	expect(await run()).toEqual({ sent: 0, written: 0 });
});

test('a shop’s order that arrives twice is recorded once', async () => {
	const workflow = await imported('shop-order-to-purchase');
	const { call } = EXAMPLES['shop-order-to-purchase'] ?? {};
	if (!call) throw new Error('There is no order');
	const order = { path: call.path, body: { ...call.body, id: 'S-8' } };
	await runByCall(workflow, { call: order });
	await runByCall(workflow, { call: order, runs: 2 });
	const created = maton.sandbox.requests().filter(({ request }) => request.endsWith('/purchases'));
	expect(created).toHaveLength(1);
});

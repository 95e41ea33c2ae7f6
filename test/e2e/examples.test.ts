import { readdirSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { importExamples } from '../../scripts/n8n/demo';
import type { Credential, Execution, Workflow, WorkflowContent } from '../../scripts/n8n/rest';
import { itemsOf } from '../../scripts/n8n/rest';
import { KitSide } from '../support/kitSide';
import type { Example, Outcome } from './examples';
import { EXAMPLES, newSubscriber, READER, subscriberOf, tagAsVip, tagsOf } from './examples';
import { ChatModel } from './support/chatModel';
import { useEditor } from './support/editor';
import { chain, executionsOf, manualTrigger, n8n, node, until, useKit } from './support/n8n';

const FOLDER = resolve(__dirname, '../../examples');
const CHAT_MODEL = '@n8n/n8n-nodes-langchain.lmChatOpenAi';

const maton = useKit({ subscribers: 250 });
const editor = useEditor();
const model = new ChatModel();
let openAi: Credential;

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
	openAi = await n8n.rest.createCredential({ name: 'Stand-in', type: 'openAiApi', data });
});

afterAll(async () => {
	await model.stop();
});

/** Imports an example as `npm start` does, and chooses the credential of its chat model. */
async function imported(file: string): Promise<Workflow> {
	const { community, rest } = n8n;
	const all = await importExamples(rest, FOLDER, community, maton.credential);
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

/** What is published again polls at once, and not only at its poll times. */
async function runByPolling({ id }: Workflow, { happen }: Example): Promise<Execution[]> {
	await n8n.rest.activateWorkflow(id);
	await until('a mark', async () => {
		const [row] = await n8n.sql(['SELECT staticData FROM workflow_entity WHERE id = ?', id]);
		return String(row?.staticData).includes('memory') || undefined;
	});
	await happen?.(maton.sandbox);
	await n8n.rest.deactivateWorkflow(id);
	await n8n.rest.activateWorkflow(id);
	const executions = await executionsOf(id, 1);
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
	if (example.polls) return await runByPolling(workflow, example);
	if (example.happen) return await runByKit(workflow, example);
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

test('what n8n missed is caught up with once, however often that is run', async () => {
	const { sandbox } = maton;
	const { id } = await imported('catch-up-on-missed-events');
	await n8n.rest.activateWorkflow(id);
	await maton.webhooksAtKit(1);
	await newSubscriber(sandbox, 'arrives@example.com');
	await executionsOf(id, 1);
	// Nobody answers there, and Kit tries eight times in two days, here at once.
	sandbox.current.settings.retryScale = 0;
	const kit = new KitSide(sandbox);
	const endpoint = await kit.endpoint();
	await kit.patch(endpoint.id, { url: 'http://127.0.0.1:9/' });
	await newSubscriber(sandbox, 'missed@example.com');
	await sandbox.current.settled();
	await kit.patch(endpoint.id, { url: endpoint.url });

	const tagged: unknown[][] = [];
	for (let n = 0; n < 2; n++) {
		const execution = await n8n.rest.runWorkflow(id, 'Every hour');
		expect(execution.status).toBe('success');
		tagged.push(itemsOf(execution, 'Add the tag').map(({ json }) => json.email_address));
	}
	expect(tagged).toEqual([['missed@example.com'], []]);
	expect(await tagsOf(sandbox, 'missed@example.com')).toEqual(['New reader']);
});

test('the table and Kit stay the same whichever is changed, however often that is run', async () => {
	const { id } = await imported('two-way-sync-with-table');
	const ran = async () => {
		const execution = await n8n.rest.runWorkflow(id, 'When clicking ‘Execute workflow’');
		expect(execution.data.resultData.error).toBeUndefined();
		const written = (name: string) =>
			itemsOf(execution, name).map(({ json }) => json.email ?? json.email_address);
		return { sent: written('Send to Kit'), written: written('Write into the table') };
	};
	await newSubscriber(maton.sandbox);
	await ran();
	expect(await ran()).toEqual({ sent: [], written: [] });

	const reader = { keyName: 'email', condition: 'eq', keyValue: READER };
	const change = await n8n.rest.createWorkflow(
		chain('Change a row', [
			manualTrigger,
			node('Change', 'n8n-nodes-base.dataTable', 1, {
				resource: 'row',
				operation: 'update',
				dataTableId: { __rl: true, mode: 'name', value: 'Kit readers' },
				matchType: 'allConditions',
				filters: { conditions: [reader] },
				columns: { mappingMode: 'defineBelow', value: { first_name: 'Grace' } },
			}),
		]),
	);
	expect((await n8n.rest.runWorkflow(change.id, 'Start')).status).toBe('success');
	expect((await ran()).sent).toEqual([READER]);
	expect(await subscriberOf(maton.sandbox)).toMatchObject({ first_name: 'Grace' });
	expect(await ran()).toEqual({ sent: [], written: [] });
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

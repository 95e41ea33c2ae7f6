import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { importExamples } from '../../scripts/n8n/demo';
import type { Execution, Workflow, WorkflowContent } from '../../scripts/n8n/rest';
import { itemsOf } from '../../scripts/n8n/rest';
import { everythingHappens } from './support/everything';
import { executionsOf, n8n, useKit } from './support/n8n';

const FOLDER = resolve(__dirname, '../../examples');
const STARTED_BY_HAND = ['n8n-nodes-base.manualTrigger', 'n8n-nodes-base.scheduleTrigger'];
const KIT_TRIGGER = 'n8n-nodes-maton-kit.kitTrigger';

const maton = useKit({ subscribers: 250 });

async function runByKit(id: string, webhooks: number): Promise<Execution[]> {
	await n8n.rest.activateWorkflow(id);
	await maton.webhooksAtKit(webhooks);
	await everythingHappens(maton.sandbox);
	const executions = await executionsOf(id, 1);
	await n8n.rest.deactivateWorkflow(id);
	await maton.webhooksAtKit(0);
	return executions;
}

async function runExample(workflow: Workflow): Promise<Execution[]> {
	const trigger = workflow.nodes.find(({ type }) => type.endsWith('Trigger'));
	if (trigger?.type === KIT_TRIGGER) {
		const { delivery, events } = trigger.parameters;
		return await runByKit(workflow.id, delivery === 'signed' ? 1 : [events].flat().length);
	}
	if (trigger && STARTED_BY_HAND.includes(trigger.type)) {
		return [await n8n.rest.runWorkflow(workflow.id, trigger.name)];
	}
	throw new Error(`Nothing here starts a workflow with ${trigger?.type ?? 'no trigger'}`);
}

const examples = readdirSync(FOLDER)
	.filter((file) => file.endsWith('.json'))
	.map((file) => JSON.parse(readFileSync(resolve(FOLDER, file), 'utf8')) as WorkflowContent);

test.each(examples.map(({ name }) => name))('the example "%s" does what it says', async (name) => {
	const { community, rest } = n8n;
	const imported = await importExamples(rest, FOLDER, community, maton.credential);
	const id = imported.find((example) => example.name === name)?.id ?? '';
	const workflow = await rest.workflow(id);
	const executions = await runExample(workflow);
	expect(executions.map(({ status, data }) => [status, data.resultData.error])).toEqual(
		executions.map(() => ['success', undefined]),
	);
	for (const { name: node, type } of workflow.nodes) {
		if (!type.startsWith(`${community.name}.`)) continue;
		expect([node, executions.flatMap((one) => itemsOf(one, node)).length]).not.toEqual([node, 0]);
	}
});

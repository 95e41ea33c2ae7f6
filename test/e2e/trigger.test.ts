import type { Execution } from '../../scripts/n8n/rest';
import { itemsOf } from '../../scripts/n8n/rest';
import { chain, executionsOf, n8n, useKit } from './support/n8n';

const { sandbox, trigger, webhooksAtKit } = useKit();

const DELIVERIES = {
	'a classic webhook': {
		events: ['subscriber.activated'],
		settings: { delivery: 'classic' },
	},
	'a signed endpoint': {
		events: ['subscriber.created'],
	},
};

async function subscribe(email: string): Promise<void> {
	await sandbox.ask('POST', '/kit/v4/subscribers', { email_address: email });
}

async function activeWorkflow(parameters: Record<string, unknown>): Promise<string> {
	const { id } = await n8n.rest.createWorkflow(chain('On Kit', [trigger(parameters)]));
	await n8n.rest.activateWorkflow(id);
	return id;
}

const DELIVERY_LIST = Object.entries(DELIVERIES);

test.each(DELIVERY_LIST)(
	'%s starts an active workflow, and is gone when it is deactivated',
	async (_, parameters) => {
		const id = await activeWorkflow(parameters);
		await webhooksAtKit(1);
		await subscribe('first@example.com');
		const [execution] = await executionsOf(id, 1);
		expect(execution?.status).toBe('success');
		const [item] = execution ? itemsOf(execution, 'Kit Trigger') : [];
		expect(item?.json.subscriber).toMatchObject({ email_address: 'first@example.com' });
		await n8n.rest.deactivateWorkflow(id);
		await webhooksAtKit(0);
	},
);

test('after a restart each active workflow has one webhook still, and is started by it', async () => {
	const active = await Promise.all(
		DELIVERY_LIST.map(async ([, parameters]) => ({ id: await activeWorkflow(parameters) })),
	);
	await webhooksAtKit(active.length);
	await n8n.restart();
	await subscribe('second@example.com');
	for (const { id } of active) {
		const executions = await executionsOf(id, 1);
		const told = executions.flatMap((one: Execution) => itemsOf(one, 'Kit Trigger'));
		expect(told.map(({ json }) => json.subscriber)).toEqual([
			expect.objectContaining({ email_address: 'second@example.com' }),
		]);
	}
	await webhooksAtKit(active.length);
	for (const { id } of active) await n8n.rest.deactivateWorkflow(id);
	await webhooksAtKit(0);
});

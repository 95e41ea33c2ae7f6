import { KitSide } from '../support/kitSide';
import { useSandbox } from '../support/sandbox';
import { otherProcess, useTrigger } from '../support/trigger';

const sandbox = useSandbox();
const trigger = useTrigger(sandbox);
const kit = new KitSide(sandbox);

const BOTH = { events: ['tag.created', 'tag.deleted', 'purchase.created'] };

let account: string;

beforeEach(async () => {
	const answer = await sandbox.ask('GET', '/kit/v4/account');
	account = (answer.account as { name: string }).name;
});

test('the panel says how many webhooks there are, since when, and in which account', async () => {
	await trigger.listen(BOTH, false);
	const nothing = `Nothing in “${account}” until the workflow is published`;
	expect(await trigger.node.registered()).toBe(nothing);
	await trigger.node.activate();
	const today = new Date().toISOString().slice(0, 10);
	expect(await trigger.node.registered()).toBe(
		`A signed endpoint for 2 events since ${today} and 1 classic webhook in “${account}”`,
	);
	await trigger.node.deactivate();
	expect(await trigger.node.registered()).toBe(nothing);
});

test('the panel says that somebody has disabled the endpoint', async () => {
	await trigger.listen({ events: ['tag.created'] });
	await kit.patch((await kit.endpoint()).id, { status: 'disabled' });
	expect(await trigger.node.registered()).toMatch(
		/^A signed endpoint for 1 event since .*, disabled in/,
	);
});

test('the panel counts neither another workflow’s webhooks nor those of a copy of n8n', async () => {
	await trigger.listen(BOTH);
	const elsewhere = { process: await otherProcess(), saved: {} };
	const copy = { ...elsewhere, webhookBaseUrl: 'https://n8n.example.com/webhook' };
	await trigger.node.succeededBy(copy).activate();
	const other = { ...elsewhere, webhookId: 'hook-2', workflowId: 'workflow-2' };
	await trigger.node.succeededBy(other).activate();
	expect(await kit.urls()).toHaveLength(6);
	expect(await trigger.node.registered()).toMatch(
		/^A signed endpoint for 2 events .* and 1 classic/,
	);
});

test('the panel says of a connection without signed endpoints what it has', async () => {
	const { apiKey: connectionId } = sandbox.current.connections;
	await trigger.listen({ events: ['subscriber.activated', 'purchase.created'] }, false);
	const node = trigger.node.succeededBy({ credential: { ...sandbox.credential, connectionId } });
	await node.activate();
	expect(await node.registered()).toBe(`2 classic webhooks in “${account}”`);
});

test('the panel says why it cannot tell', async () => {
	await trigger.listen({ events: ['tag.created'] }, false);
	const credential = { ...sandbox.credential, apiKey: 'maton-wrong-key' };
	const node = trigger.node.succeededBy({ credential });
	expect(await node.registered()).toContain('Maton did not accept the API key');
});

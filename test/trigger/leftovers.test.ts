import { KitSide } from '../support/kitSide';
import { useSandbox } from '../support/sandbox';
import { TestTrigger, useTrigger } from '../support/trigger';

const sandbox = useSandbox();
const trigger = useTrigger(sandbox);
const kit = new KitSide(sandbox);

const EVENTS = { events: ['tag.created'] };

/** For longer than this Kit does not keep deliveries, in seconds */
const MONTH = 31 * 24 * 3600;

/** Publishes another node, which misses something, and unpublishes it for good; its endpoint stays. */
async function leave(workflowId: string, webhookId: string): Promise<number> {
	const other = new TestTrigger({
		parameters: EVENTS,
		credential: sandbox.credential,
		workflowId,
		webhookId,
		webhookBaseUrl: trigger.node.url.replace(/\/hook-.*/, ''),
	});
	await other.activate();
	other.isFull = true;
	await kit.createTag(`For ${webhookId}`);
	const left = (await kit.endpoints()).find(({ url }) => url.startsWith(other.url));
	await other.deactivate();
	return left?.id ?? 0;
}

async function stays(): Promise<number[]> {
	return (await kit.endpoints()).map(({ id }) => id).sort((one, other) => one - other);
}

test('what a node that was taken out has left is deleted when Kit keeps nothing of it any more', async () => {
	sandbox.current.settings.retryScale = 0;
	await trigger.listen(EVENTS);
	const left = await leave('workflow-1', 'taken-out');
	await trigger.node.deactivate();
	expect(await stays()).toEqual([left]);
	await trigger.node.activate();
	expect(await stays()).toHaveLength(2);
	sandbox.current.advance(MONTH);
	await trigger.node.deactivate();
	expect(await kit.endpoints()).toEqual([]);
});

test('what another workflow has left stays, and what somebody has made active again', async () => {
	sandbox.current.settings.retryScale = 0;
	await trigger.listen(EVENTS);
	const left = await leave('workflow-2', 'others');
	const active = await leave('workflow-1', 'active-again');
	await kit.patch(active, { status: 'active' });
	sandbox.current.advance(MONTH);
	await trigger.node.deactivate();
	expect(await stays()).toEqual([left, active]);
});

test('what is active again, though the list does not show it yet, stays', async () => {
	sandbox.current.settings.retryScale = 0;
	await trigger.listen(EVENTS);
	const active = await leave('workflow-1', 'active-again');
	sandbox.current.advance(MONTH);
	Object.assign(sandbox.current.settings, { lagMs: 300_000, laggingWebhookLists: true });
	await kit.patch(active, { status: 'active' });
	await trigger.node.deactivate();
	expect(await stays()).toEqual([active]);
});

test('what is left of a workflow that was deleted and imported anew is the new one’s', async () => {
	sandbox.current.settings.retryScale = 0;
	await trigger.listen(EVENTS);
	trigger.node.isFull = true;
	await kit.createTag('Missed');
	await trigger.node.deactivate();
	const left = await stays();
	const imported = trigger.node.succeededBy({ workflowId: 'workflow-2', saved: {} });
	await imported.activate();
	expect(await stays()).toEqual(left);
	expect(await imported.registered()).toMatch(/^A signed endpoint for 1 event /);
	await kit.createTag('Afterwards');
	expect(trigger.heard.items).toMatchObject([[{ tag: { name: 'Afterwards' } }]]);
});

test('what Kit does not let go of does not keep a workflow from being unpublished', async () => {
	sandbox.current.settings.retryScale = 0;
	await trigger.listen(EVENTS);
	const left = await leave('workflow-1', 'taken-out');
	sandbox.current.advance(MONTH);
	const body = { errors: ['Not yours'] };
	const path = `/kit/v4/webhook_endpoints/${String(left)}`;
	sandbox.current.fault({ kind: 'status', status: 403, body, method: 'DELETE', path });
	await trigger.node.deactivate();
	expect(await stays()).toEqual([left]);
});

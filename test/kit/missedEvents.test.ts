import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { kitNode, runKit, WORKFLOW_ID } from '../support/n8n';
import { useSandbox } from '../support/sandbox';
import { TestTrigger } from '../support/trigger';

const sandbox = useSandbox();

let trigger: TestTrigger;
let heard: Awaited<ReturnType<TestTrigger['listen']>>;

beforeEach(async () => {
	await kitNode();
	sandbox.current.settings.allowLoopbackWebhooks = true;
	// Kit tries eight times in two days, here at once.
	sandbox.current.settings.retryScale = 0;
	trigger = new TestTrigger({
		parameters: { events: ['subscriber.created', 'tag.created'] },
		credential: sandbox.credential,
		workflowId: WORKFLOW_ID,
	});
	heard = await trigger.listen();
	await trigger.activate();
});

afterEach(async () => {
	await heard.close();
});

async function createTags(...names: string[]): Promise<void> {
	for (const name of names) await sandbox.ask('POST', '/kit/v4/tags', { name });
	await sandbox.current.settled();
}

async function deliveriesOfTrigger(): Promise<IDataObject[]> {
	const { webhook_endpoints } = await sandbox.ask('GET', '/kit/v4/webhook_endpoints');
	const [{ id } = {}] = webhook_endpoints as IDataObject[];
	const path = `/kit/v4/webhook_endpoints/${String(Number(id))}/deliveries`;
	return (await sandbox.ask('GET', path)).deliveries as IDataObject[];
}

async function missed(parameters: INodeParameters = {}): Promise<IDataObject[]> {
	const { json, error } = await runKit({
		credential: sandbox.credential,
		parameters: { resource: 'webhookEndpoint', operation: 'getMissedEvents', ...parameters },
	});
	if (error) throw error;
	return json;
}

test('what n8n could not take comes as the items of the trigger, oldest first and once', async () => {
	await createTags('Arrived');
	const [[arrived] = []] = heard.items;
	trigger.isFull = true;
	await createTags('First', 'Second');
	await sandbox.ask('POST', '/kit/v4/subscribers', { email_address: 'reader@example.com' });
	await sandbox.current.settled();
	trigger.isFull = false;
	const items = await missed();
	expect(items).toMatchObject([
		{ event: 'tag.created', tag: { name: 'First' } },
		{ event: 'tag.created', tag: { name: 'Second' } },
		{ event: 'subscriber.created', subscriber: { email_address: 'reader@example.com' } },
	]);
	expect(Object.keys(items[0] ?? {})).toEqual(Object.keys(arrived ?? {}));
	expect(new Set(items.map(({ id }) => id)).size).toBe(3);
});

test('only what Kit gave up on since then is asked for', async () => {
	trigger.isFull = true;
	await createTags('Early');
	const [early] = (await deliveriesOfTrigger()).map(({ completed_at }) => completed_at as string);
	const between = new Date(Date.parse(early ?? '') + 1000).toISOString();
	expect(await missed({ since: between })).toEqual([]);
	sandbox.current.advance(60);
	await createTags('Late');
	expect(await missed({ since: between })).toMatchObject([{ tag: { name: 'Late' } }]);
	expect(await missed()).toHaveLength(2);
});

test('nothing was missed where everything arrived', async () => {
	await createTags('Arrived');
	expect(await missed()).toEqual([]);
});

test('a workflow without an endpoint says how it gets one', async () => {
	await trigger.deactivate();
	await expect(missed()).rejects.toMatchObject({
		message: expect.stringContaining('has no signed endpoint at Kit') as string,
		description: expect.stringContaining('Publish this workflow') as string,
	});
});

import express from 'express';
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

/** What n8n answers by itself while it brings its database up to date (`abstract-server.ts` in n8n). */
async function whileStarting(task: () => Promise<void>): Promise<void> {
	const starting = express().use((_request, response) => {
		response.send('n8n is starting up. Please wait');
	});
	await heard.replacedBy(starting, task);
}

test('what n8n answered while it started is told from what it took, and has not to be taken twice', async () => {
	await createTags('Arrived');
	await whileStarting(async () => {
		await createTags('Lost');
	});
	trigger.isFull = true;
	await createTags('Failed');
	trigger.isFull = false;
	await createTags('Arrived later');
	expect(heard.items.flat()).toMatchObject([
		{ tag: { name: 'Arrived' } },
		{ tag: { name: 'Arrived later' } },
	]);
	expect(await missed()).toMatchObject([{ tag: { name: 'Failed' } }]);
	const items = await missed({ deliveries: 'notTaken' });
	expect(items).toMatchObject([{ tag: { name: 'Lost' } }, { tag: { name: 'Failed' } }]);
	expect(Object.keys(items[0] ?? {})).toEqual(Object.keys(heard.items[0]?.[0] ?? {}));
});

test('everything can be had again since a time, each event once, but not what is still on its way', async () => {
	await createTags('Early');
	sandbox.current.advance(60);
	const [early] = (await deliveriesOfTrigger()).map(({ completed_at }) => completed_at as string);
	await createTags('Arrived');
	await whileStarting(async () => {
		await createTags('Lost');
	});
	sandbox.current.settings.retryScale = 1;
	trigger.isFull = true;
	await sandbox.ask('POST', '/kit/v4/tags', { name: 'On its way' });
	const hasFailedOnce = async () => (await deliveriesOfTrigger())[0]?.status === 'retrying';
	while (!(await hasFailedOnce())) await new Promise((resolve) => setTimeout(resolve, 5));
	const since = new Date(Date.parse(early ?? '') + 1000).toISOString();
	const items = await missed({ deliveries: 'all', since });
	expect(items).toMatchObject([{ tag: { name: 'Arrived' } }, { tag: { name: 'Lost' } }]);
	expect(items[0]).toEqual(heard.items[1]?.[0]);
	const withEarly = await missed({ deliveries: 'all' });
	expect(withEarly.map(({ id }) => id)).toEqual([
		heard.items[0]?.[0]?.id,
		...items.map((i) => i.id),
	]);
});

test('what two triggers of one workflow missed comes together', async () => {
	const other = new TestTrigger({
		parameters: { events: ['tag.created'] },
		credential: sandbox.credential,
		workflowId: WORKFLOW_ID,
		webhookId: 'the-other',
	});
	const listening = await other.listen();
	await other.activate();
	trigger.isFull = true;
	await createTags('By one');
	trigger.isFull = false;
	other.isFull = true;
	await createTags('By the other');
	expect((await missed()).map(({ tag }) => (tag as IDataObject).name)).toEqual([
		'By one',
		'By the other',
	]);
	await listening.close();
});

test('a workflow without an endpoint says how it gets one', async () => {
	await trigger.deactivate();
	await expect(missed()).rejects.toMatchObject({
		message: expect.stringContaining('has no signed endpoint at Kit') as string,
		description: expect.stringContaining('Publish this workflow') as string,
	});
});

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

async function run(parameters: INodeParameters = {}) {
	return await runKit({
		credential: sandbox.credential,
		parameters: { resource: 'webhookEndpoint', operation: 'getMissedEvents', ...parameters },
	});
}

async function missed(parameters: INodeParameters = {}): Promise<IDataObject[]> {
	const { json, error } = await run(parameters);
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

/** What Kit may answer of one delivery where it is otherwise than its documents say. */
function answers(delivery: IDataObject, skip = 0, times = 1): void {
	const path = /deliveries\/\d+$/;
	sandbox.current.fault({ kind: 'status', status: 200, body: { delivery }, path, skip, times });
}

const EVENT = { id: 'a', type: 'tag.created', created: '2026-11-23T10:00:00Z', data: {} };

test.each([
	['in a payload as it was posted', { payload: { delivery_id: 1, events: [EVENT] } }],
	['in a payload of events', { payload: [EVENT] }],
	['in a payload of JSON', { payload: JSON.stringify({ delivery_id: 1, events: [EVENT] }) }],
	['beside the attempts', { events: [EVENT] }],
	['in both places', { events: [EVENT], payload: { events: [EVENT] } }],
	['in a payload, with no events beside it', { events: [], payload: { events: [EVENT] } }],
])('the events of a delivery are found %s', async (_, delivery) => {
	trigger.isFull = true;
	await createTags('First');
	answers({ id: 1, status: 'failed', ...delivery });
	expect(await missed()).toMatchObject([{ event: 'tag.created', id: 'a' }]);
});

const UNTOLD: [string, IDataObject][] = [
	['no payload', {}],
	['an empty payload', { payload: null }],
	['a payload that is no JSON', { payload: 'H4sIAAAAAAAA' }],
	['a payload without events', { payload: { delivery_id: 1 } }],
	['a payload of no events', { payload: { delivery_id: 1, events: [] } }],
	['events without an ID', { payload: { events: [{ type: 'tag.created' }] } }],
	['events that are none', { payload: { events: [null, 1, 'a'] } }],
];

test.each(UNTOLD)(
	'a delivery with %s is named in a hint, and the events of the others come',
	async (_, delivery) => {
		trigger.isFull = true;
		await createTags('First');
		await createTags('Second');
		const { id } = (await deliveriesOfTrigger()).at(-1) ?? {};
		answers(delivery);
		const { json, error, run: finished } = await run();
		expect(error).toBeUndefined();
		expect(json).toMatchObject([{ tag: { name: 'Second' } }]);
		const hints = finished.data.resultData.runData.Kit?.at(-1)?.hints ?? [];
		expect(hints.map(({ message }) => message)).toEqual([
			`Kit does not tell what was in a delivery that it lists: ${String(Number(id))}`,
		]);
	},
);

test.each(UNTOLD)('a delivery with %s is an error where there is no other', async (_, delivery) => {
	trigger.isFull = true;
	await createTags('First');
	answers(delivery);
	await expect(missed()).rejects.toMatchObject({
		message: expect.stringContaining('Kit does not tell what was in a delivery') as string,
	});
});

test('a delivery that Kit deletes while it is asked for does not keep the others back', async () => {
	trigger.isFull = true;
	await createTags('First');
	await createTags('Second');
	const body = { errors: ['Not Found'] };
	sandbox.current.fault({ kind: 'status', status: 404, body, path: /deliveries\/\d+$/ });
	expect(await missed()).toMatchObject([{ tag: { name: 'Second' } }]);
});

test('what the trigger took needs no payload to be known as taken', async () => {
	await createTags('Arrived');
	const attempts = [{ response_status: 200, response_body: '{"events":1}' }];
	answers({ id: 1, status: 'delivered', attempts, payload: null });
	expect(await missed({ deliveries: 'notTaken' })).toEqual([]);
});

test('a test run that n8n did not end makes nothing missed that the workflow has', async () => {
	await trigger.startTest();
	const path = '/kit/v4/webhook_endpoints';
	const { webhook_endpoints } = await sandbox.ask('GET', path);
	const left = (webhook_endpoints as IDataObject[]).find(({ url }) =>
		(url as string).startsWith(trigger.testUrl),
	);
	// Nobody hears a test webhook after n8n has started anew.
	const url = 'http://127.0.0.1:9/webhook-test';
	await sandbox.ask('PATCH', `${path}/${String(Number(left?.id))}`, { url });
	await createTags('Arrived');
	expect(heard.items).toMatchObject([[{ tag: { name: 'Arrived' } }]]);
	expect(await missed()).toEqual([]);
});

test('a workflow without an endpoint says how it gets one', async () => {
	await trigger.deactivate();
	await expect(missed()).rejects.toMatchObject({
		message: expect.stringContaining('has no signed endpoint at Kit') as string,
		description: expect.stringContaining('Publish this workflow') as string,
	});
});

import { setTimeout as wait } from 'node:timers/promises';
import express from 'express';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { useClock } from '../support/clock';
import { kitNode } from '../support/n8n';
import { TestPolling } from '../support/polling';
import { ROUGH, useSandbox } from '../support/sandbox';
import { TestTrigger } from '../support/trigger';
import type { Row } from './cases';
import { addSubscriber, deafEndpoint, idOfSubscriber, sendBroadcast } from './cases';

const sandbox = useSandbox({}, { ...ROUGH, lagMs: 0 });
const advance = useClock();

beforeAll(async () => {
	await kitNode();
});

async function start(parameters: INodeParameters, name?: string): Promise<TestPolling> {
	const polling = new TestPolling({ parameters, credential: sandbox.credential, name });
	await polling.activate();
	return polling;
}

const idOf = (key: string) => (item: IDataObject) => (item[key] as Row).id;

test('Broadcast Sent reports a broadcast once, when it is through, and one that was begun before', async () => {
	const polling = await start({ watch: 'broadcastSent' });
	const first = await sendBroadcast(sandbox.ask);
	expect(await polling.poll()).toEqual([]);
	advance(90);
	const items = await polling.poll();
	expect(items.map(idOf('broadcast'))).toEqual([first]);
	expect(items[0]).toMatchObject({ event: 'broadcast.sent', broadcast: { subject: 'News' } });
	const second = await sendBroadcast(sandbox.ask);
	const again = await polling.restart();
	advance(90);
	expect((await again.poll()).map(idOf('broadcast'))).toEqual([second]);
	sandbox.current.log.length = 0;
	expect(await again.poll()).toEqual([]);
	expect(sandbox.current.log).toHaveLength(1);
});

test('New Post reports a post once, and a draft when it is published', async () => {
	const polling = await start({ watch: 'newPost' });
	const posts = (await sandbox.ask('GET', '/kit/v4/posts')).posts as Row[];
	const draft = posts.find(({ status }) => status === 'draft');
	expect(draft).toBeDefined();
	await sendBroadcast(sandbox.ask, { public: true });
	advance(60);
	sandbox.current.raise({ type: 'post.published', post: draft?.id });
	const items = await polling.poll();
	expect(items.map(({ event }) => event)).toEqual(['post.published', 'post.published']);
	expect(items.map(idOf('post'))).toEqual([expect.any(Number), draft?.id]);
	expect(await polling.poll()).toEqual([]);
	expect((await (await polling.restart()).poll()).length).toBe(0);
});

test('New Post reports 60 posts that were published since the last poll, though it looks at 50 otherwise', async () => {
	const polling = await start({ watch: 'newPost' });
	for (let made = 0; made < 60; made++) await sendBroadcast(sandbox.ask, { public: true });
	advance(60);
	const ids = (await polling.poll()).map(idOf('post'));
	expect(new Set(ids).size).toBe(60);
	sandbox.current.log.length = 0;
	expect(await polling.poll()).toEqual([]);
	expect(sandbox.current.log).toHaveLength(1);
});

/** Watches Missed Events beside a Kit Trigger of the same workflow. */
async function besideTrigger(
	event: string,
	act: (trigger: TestTrigger, polling: TestPolling) => Promise<void>,
): Promise<void> {
	Object.assign(sandbox.current.settings, { allowLoopbackWebhooks: true, retryScale: 0 });
	const trigger = new TestTrigger({
		parameters: { events: [event] },
		credential: sandbox.credential,
		workflowId: 'workflow-1',
	});
	const heard = await trigger.listen();
	try {
		await trigger.activate();
		await act(trigger, await start({ watch: 'missedEvents' }));
	} finally {
		await heard.close();
	}
}

/** Watches Missed Events of an endpoint that nobody hears. */
async function startDeaf(): Promise<TestPolling> {
	Object.assign(sandbox.current.settings, { allowLoopbackWebhooks: true, retryScale: 0 });
	return await start({ watch: 'missedEvents', ...(await deafEndpoint(sandbox.ask)) });
}

test('Missed Events reports what Kit could not deliver, each event once, as the Kit Trigger would have', async () => {
	await besideTrigger('subscriber.created', async (trigger, polling) => {
		trigger.isFull = true;
		const ids = [await addSubscriber(sandbox.ask), await addSubscriber(sandbox.ask)];
		await sandbox.current.settled();
		advance(60);
		const items = await polling.poll();
		expect(items.map(idOfSubscriber)).toEqual(ids);
		expect(items[0]).toMatchObject({
			event: 'subscriber.created',
			id: expect.any(String) as string,
		});
		expect(await polling.poll()).toEqual([]);
		trigger.isFull = false;
		await addSubscriber(sandbox.ask);
		await sandbox.current.settled();
		expect(await polling.poll()).toEqual([]);
		sandbox.current.log.length = 0;
		await polling.poll();
		expect(sandbox.current.log).toHaveLength(2);
	});
});

test('Missed Events reports an event once that two triggers miss, though Kit gives up on them at different times', async () => {
	await besideTrigger('tag.created', async (first, polling) => {
		sandbox.current.settings.retryScale = 1;
		const second = new TestTrigger({
			parameters: { events: ['tag.created'] },
			credential: sandbox.credential,
			workflowId: 'workflow-1',
			webhookId: 'the-second',
		});
		const heard = await second.listen();
		try {
			await second.activate();
			first.isFull = true;
			const gone = express().use((_, response) => {
				response.status(410).end();
			});
			const posts = sandbox.current.deliveries;
			const miss = async (name: string) => {
				const before = posts.length;
				await sandbox.ask('POST', '/kit/v4/tags', { name });
				while (posts.slice(before).filter(({ status }) => status !== null).length < 2)
					await wait(5);
			};
			await heard.replacedBy(gone, async () => {
				await miss('Missed');
			});
			expect(await polling.poll()).toMatchObject([{ tag: { name: 'Missed' } }]);
			sandbox.current.advance(60);
			sandbox.current.settings.retryScale = 0;
			await sandbox.current.settled();
			expect(posts.filter(({ status }) => status === 500)).toHaveLength(8);
			expect(await polling.poll()).toEqual([]);
			expect(await (await polling.restart()).poll()).toEqual([]);
		} finally {
			await heard.close();
		}
	});
});

test('Missed Events reads no more of a long outage in one poll than n8n lets a poll take', async () => {
	const polling = await startDeaf();
	sandbox.current.settings.batchWindowMs = 0;
	const names = Array.from({ length: 250 }, (_, index) => `Missed ${String(index)}`);
	for (const name of names) {
		await sandbox.ask('POST', '/kit/v4/tags', { name });
		// So that Kit puts each into a delivery of its own.
		await sandbox.current.settled();
	}
	const first = await polling.poll();
	expect(first).toHaveLength(200);
	const second = await polling.poll();
	const reported = [...first, ...second].map(({ tag }) => (tag as Row).name);
	expect(reported.sort()).toEqual(names.sort());
	expect(await polling.poll()).toEqual([]);
});

describe('Missed Events, of deliveries of which Kit does not tell the events,', () => {
	const untold = { kind: 'status', status: 200, body: { delivery: { payload: null } } } as const;
	const path = /deliveries\/\d+$/;

	async function missTag(name: string): Promise<void> {
		await sandbox.ask('POST', '/kit/v4/tags', { name });
		await sandbox.current.settled();
	}

	test('reports the others, and says once in a failed execution which they are', async () => {
		const polling = await startDeaf();
		for (const name of ['First', 'Second']) await missTag(name);
		sandbox.current.fault({ ...untold, path, times: 1 });
		expect(await polling.poll()).toMatchObject([{ tag: { name: 'Second' } }]);
		const sentence = 'Kit does not tell what was in a delivery that it lists: ';
		expect(polling.failures.map(({ message }) => message)).toEqual([
			expect.stringContaining(sentence) as string,
		]);
		await missTag('Third');
		expect(await polling.poll()).toMatchObject([{ tag: { name: 'Third' } }]);
		expect(polling.failures).toHaveLength(1);
	});

	test('does not keep a workflow from being published, or n8n from starting', async () => {
		const polling = await startDeaf();
		await missTag('First');
		sandbox.current.fault({ ...untold, path, times: 100 });
		const next = await polling.restart();
		expect(next.runs).toEqual([]);
		expect(next.failures).toHaveLength(1);
		expect(await next.poll()).toEqual([]);
		expect(next.failures).toHaveLength(1);
		await expect(next.test()).rejects.toThrow('Kit does not tell what was in a delivery');
	});
});

test('Missed Events can be published with its Kit Trigger, though the list of endpoints is late', async () => {
	Object.assign(sandbox.current.settings, { lagMs: 300_000, laggingWebhookLists: true });
	await besideTrigger('tag.created', async (trigger, polling) => {
		trigger.isFull = true;
		await sandbox.ask('POST', '/kit/v4/tags', { name: 'Missed' });
		await sandbox.current.settled();
		advance(300);
		expect(await polling.poll()).toMatchObject([{ tag: { name: 'Missed' } }]);
	});
});

describe('what is watched', () => {
	test('is told from anything else: another choice sets a new mark', async () => {
		const tags = (await sandbox.ask('GET', '/kit/v4/tags')).tags as Row[];
		const by = (row?: Row) => ({ tagId: { __rl: true, mode: 'id', value: row?.id ?? 0 } });
		const tag = async (row: Row | undefined, id: number) =>
			await sandbox.ask('POST', `/kit/v4/tags/${String(row?.id)}/subscribers/${String(id)}`);
		const polling = await start({ watch: 'tagAdded', ...by(tags[0]) });
		const before = await addSubscriber(sandbox.ask);
		await tag(tags[1], before);
		const parameters = { watch: 'tagAdded', ...by(tags[1]) };
		const other = await polling.restart({ parameters });
		expect(await other.poll()).toEqual([]);
		const after = await addSubscriber(sandbox.ask);
		await tag(tags[1], after);
		expect((await other.poll()).map(idOfSubscriber)).toEqual([after]);
	});

	test('in another account has a mark of its own', async () => {
		const polling = await start({ watch: 'newSubscriber' });
		const [, connectionId = ''] = Object.values(sandbox.current.connections);
		const credential = { ...sandbox.credential, connectionId };
		const other = await polling.restart({ credential });
		expect(other.runs).toEqual([]);
	});

	test('in another account, which Maton takes where the connection is gone, has a mark of its own', async () => {
		const { current } = sandbox;
		const conditions = { condition: [{ type: 'subscriber_state', states: ['active'] }] };
		const polling = await start({ watch: 'matchesFilter', conditions });
		const { second, ...others } = current.connections;
		const { connections } = (await sandbox.ask('GET', '/connections?app=kit')) as {
			connections: { connection_id: string }[];
		};
		for (const { connection_id: id } of connections) {
			if (id !== second) await sandbox.ask('DELETE', `/connections/${id}`);
		}
		expect(Object.values(others)).not.toContain(second);
		expect(await polling.poll()).toEqual([]);
		const id = await addSubscriber(sandbox.ask);
		expect((await polling.poll()).map(idOfSubscriber)).toEqual([id]);
		expect(polling.failures).toEqual([]);
	});

	test('is in the account that the node names, where that is another than the credential’s', async () => {
		const { second: value } = sandbox.current.connections;
		const connection = { __rl: true, mode: 'list', value };
		const other = await start({ watch: 'newSubscriber', connection });
		await addSubscriber(sandbox.ask);
		expect(await other.poll()).toEqual([]);
		sandbox.current.log.length = 0;
		await other.poll();
		expect(sandbox.current.log.map(({ headers }) => headers['maton-connection'])).toEqual([value]);
	});

	test('goes on with a new key, or another connection, that leads to the same account', async () => {
		const polling = await start({ watch: 'newSubscriber' });
		const id = await addSubscriber(sandbox.ask);
		const { apiKey: connectionId } = sandbox.current.connections;
		const credential = { ...sandbox.credential, connectionId };
		const other = await polling.restart({ credential });
		expect(other.runs.flat().map(idOfSubscriber)).toEqual([id]);
		const later = await addSubscriber(sandbox.ask);
		sandbox.current.log.length = 0;
		expect((await other.poll()).map(idOfSubscriber)).toEqual([later]);
		expect(sandbox.current.log).toHaveLength(1);
	});

	test('stays the same where an expression among its conditions gives another day', async () => {
		const after = '={{ $now.minus({ days: 3 }).toISO() }}';
		const conditions = { condition: [{ type: 'subscribed', after }] };
		const polling = await start({ watch: 'matchesFilter', conditions });
		for (let day = 0; day < 3; day++) {
			const id = await addSubscriber(sandbox.ask);
			expect((await polling.poll()).map(idOfSubscriber)).toEqual([id]);
			advance(86_400);
		}
		expect(polling.failures).toEqual([]);
	});

	test('by two nodes of a workflow does not disturb either', async () => {
		const saved = {};
		const parameters = { watch: 'newSubscriber' };
		const { credential } = sandbox;
		const one = new TestPolling({ parameters, credential, saved, name: 'One' });
		const other = new TestPolling({ parameters, credential, saved, name: 'Other' });
		await one.activate();
		await other.activate();
		const id = await addSubscriber(sandbox.ask);
		expect((await one.poll()).map(idOfSubscriber)).toEqual([id]);
		expect((await other.poll()).map(idOfSubscriber)).toEqual([id]);
		expect(await one.poll()).toEqual([]);
	});
});

describe('a poll', () => {
	test('passes over rows of which Kit does not say when they happened', async () => {
		const polling = await start({ watch: 'unsubscribed' });
		const path = '/kit/v4/subscribers';
		const query = 'status=cancelled&include=canceled_at&sort_field=cancelled_at';
		const page = await sandbox.ask('GET', `${path}?${query}`);
		const [row] = page.subscribers as Row[];
		const body = { ...page, subscribers: [{ ...row, canceled_at: null }] };
		sandbox.current.fault({ kind: 'status', status: 200, body, path });
		expect(await polling.poll()).toEqual([]);
		const id = await addSubscriber(sandbox.ask);
		await sandbox.ask('POST', `${path}/${String(id)}/unsubscribe`);
		expect((await polling.poll()).map(idOfSubscriber)).toEqual([id]);
		expect(polling.failures).toEqual([]);
	});

	test('of what does not exist any more says which', async () => {
		const tags = (await sandbox.ask('GET', '/kit/v4/tags')).tags as Row[];
		const id = tags[0]?.id ?? 0;
		const polling = await start({
			watch: 'tagAdded',
			tagId: { __rl: true, mode: 'id', value: id },
		});
		await sandbox.ask('DELETE', `/kit/v4/tags/${String(id)}`);
		expect(await polling.poll()).toEqual([]);
		expect(polling.failures.map(({ message }) => message)).toEqual([
			expect.stringContaining(`(tag ${String(id)})`),
		]);
	});

	test('of an n8n that is older than the promise it tells of refusals is left alone', async () => {
		const parameters = { watch: 'newSubscriber' };
		const polling = new TestPolling({ parameters, credential: sandbox.credential, older: true });
		await polling.activate();
		const id = await addSubscriber(sandbox.ask);
		expect((await polling.poll()).map(idOfSubscriber)).toEqual([id]);
		expect(await polling.poll()).toEqual([]);
	});

	test('is not made while the one before is under way', async () => {
		const polling = await start({ watch: 'newSubscriber' });
		await addSubscriber(sandbox.ask);
		sandbox.current.fault({ kind: 'slow', delayMs: 300, path: '/kit/v4/subscribers' });
		await Promise.all([polling.poll(), polling.poll()]);
		await polling.poll();
		expect(polling.runs).toHaveLength(1);
	});

	test('reads 2,000 new subscribers page after page, and puts them out in their order', async () => {
		const polling = await start({ watch: 'newSubscriber' });
		const emails = Array.from({ length: 2000 }, (_, index) => ({
			email_address: `many-${String(index)}@example.com`,
		}));
		for (let first = 0; first < emails.length; first += 100) {
			const subscribers = emails.slice(first, first + 100);
			await sandbox.ask('POST', '/kit/v4/bulk/subscribers', { subscribers });
		}
		sandbox.current.fault({ kind: 'status', status: 503, path: '/kit/v4/subscribers', skip: 1 });
		const items = await polling.poll();
		const ids = items.map(idOfSubscriber);
		expect(ids).toHaveLength(2000);
		expect(ids).toEqual([...ids].sort((one, other) => one - other));
		expect(await polling.poll()).toEqual([]);
	});

	test('in the editor says in n8n’s usual words that there is nothing, and what to do', async () => {
		const { posts } = await sandbox.ask('GET', '/kit/v4/posts');
		expect(posts).not.toEqual([]);
		const parameters = { watch: 'clickedLink', linkUrl: 'https://nobody.example.com' };
		const polling = new TestPolling({ parameters, credential: sandbox.credential });
		await expect(polling.test()).rejects.toMatchObject({
			message: 'No data with the current filter could be found',
			description: expect.stringContaining('“Clicked a Link”') as string,
		});
	});

	test('that cannot reach the account says in its message what to do, of which n8n shows no more', async () => {
		const [expired, advice] = [
			sandbox.current.connections.expired,
			'Open maton.ai, connect Kit again',
		];
		const credential = { ...sandbox.credential, connectionId: expired };
		const polling = new TestPolling({ parameters: { watch: 'newSubscriber' }, credential });
		await expect(polling.activate()).rejects.toThrow(advice);
		await expect(polling.test()).rejects.toMatchObject({
			message: expect.not.stringContaining(advice) as string,
			description: expect.stringContaining(advice) as string,
		});
	});

	test('that a wrong choice stops says which, before the workflow is active', async () => {
		const parameters = { watch: 'tagAdded' };
		const polling = new TestPolling({ parameters, credential: sandbox.credential });
		await expect(polling.activate()).rejects.toThrow('Tag must be filled in');
		expect(sandbox.current.log).toEqual([]);
	});
});

import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { IDataObject } from 'n8n-workflow';
import type { PostedDelivery } from '../../sandbox';
import { useClock } from '../support/clock';
import { KitSide } from '../support/kitSide';
import { runKit } from '../support/n8n';
import { useSandbox } from '../support/sandbox';
import { otherProcess, useTrigger } from '../support/trigger';

const sandbox = useSandbox();
const trigger = useTrigger(sandbox);
const kit = new KitSide(sandbox);
const passes = useClock();

const EVENTS = { events: ['tag.created'] };

function event(id: string): IDataObject {
	return { id, type: 'tag.created', created: '2026-11-23T10:00:00Z', data: { tag: { id: 1 } } };
}

function ids(): unknown[] {
	return trigger.heard.items.flat().map(({ id }) => id);
}

/** Kit posts a delivery, once */
async function deliver(deliveryId: number, events: string[]): Promise<PostedDelivery> {
	const { id } = await kit.endpoint();
	return await sandbox.current.deliver({ endpoint: id, deliveryId, events: events.map(event) });
}

/** Posts what Kit would, and hangs up while it is being taken. */
async function hangUp(deliveryId: number, events: string[]): Promise<void> {
	const { id, url } = await kit.endpoint();
	await kit.patch(id, { url: 'https://elsewhere.example.com/' });
	const { headers, body } = await deliver(deliveryId, events);
	await kit.patch(id, { url });
	const { begun, go } = holdRuns();
	const call = request(url, { method: 'POST', headers });
	call.on('error', () => undefined);
	call.end(JSON.stringify(body));
	await begun;
	call.destroy();
	await wait(20);
	go();
	await Promise.all(trigger.node.underWay);
	trigger.node.beforeRun = undefined;
}

/** Lets n8n take no run until it is told to */
function holdRuns(): { begun: Promise<unknown>; go: () => void } {
	const { node } = trigger;
	let begin: () => void = () => undefined;
	const begun = new Promise<void>((resolve) => {
		begin = resolve;
	});
	let go: () => void = () => undefined;
	const held = new Promise<void>((resolve) => {
		go = resolve;
	});
	node.beforeRun = async () => {
		begin();
		await held;
	};
	return { begun, go };
}

test('where n8n cannot take the run, Kit tries again until it can, and the run happens once', async () => {
	await trigger.listen(EVENTS);
	sandbox.current.settings.retryScale = 1;
	trigger.node.isFull = true;
	await sandbox.ask('POST', '/kit/v4/tags', { name: 'Full' });
	const posts = sandbox.current.deliveries;
	const statuses = () => posts.map(({ status }) => status);
	while (statuses().at(-1) !== 500) await wait(10);
	expect(JSON.stringify(trigger.node.saved)).not.toContain('taken');
	sandbox.current.advance(30);
	while (statuses().length < 2 || statuses().at(-1) === null) await wait(10);
	expect(statuses()).toEqual([500, 500]);
	trigger.node.isFull = false;
	sandbox.current.advance(120);
	await sandbox.current.settled();
	expect(statuses()).toEqual([500, 500, 200]);
	expect(trigger.heard.items).toMatchObject([[{ event: 'tag.created', tag: { name: 'Full' } }]]);
	expect(trigger.node.failedRuns).toEqual([]);
});

test('where another process cannot take the run, this one can', async () => {
	await trigger.listen(EVENTS);
	const other = trigger.node.succeededBy({ process: await otherProcess() });
	other.isFull = true;
	expect((await deliver(1, ['a'])).status).toBe(500);
	trigger.node.succeededBy({});
	expect((await deliver(1, ['a'])).status).toBe(200);
	expect(ids()).toEqual(['a']);
});

test.each([
	['the delivery again', 1, ['a', 'b']],
	['another delivery of one of its events', 2, ['b', 'c']],
])('while a run is being taken, %s is held back, and taken afterwards', async (_, id, events) => {
	await trigger.listen(EVENTS);
	const { begun, go } = holdRuns();
	const first = deliver(1, ['a', 'b']);
	await begun;
	const second = await deliver(id, events);
	expect(second.status).toBe(503);
	go();
	expect((await first).status).toBe(200);
	expect((await deliver(id, events)).status).toBe(200);
	expect(ids()).toEqual([...new Set(['a', 'b', ...events])]);
});

test('a run that n8n takes only after an hour, as where few may run at once, happens once', async () => {
	await trigger.listen(EVENTS);
	const { begun, go } = holdRuns();
	const first = deliver(1, ['a']);
	await begun;
	for (let n = 0; n < 3; n++) {
		passes(1200);
		expect((await deliver(1, ['a'])).status).toBe(503);
	}
	go();
	expect((await first).status).toBe(200);
	expect((await deliver(1, ['a'])).status).toBe(200);
	expect(ids()).toEqual(['a']);
});

test('a burst of the same delivery becomes one run', async () => {
	await trigger.listen(EVENTS);
	const all = await Promise.all(Array.from({ length: 20 }, async () => await deliver(1, ['a'])));
	expect(all.map(({ status }) => status)).toContain(200);
	expect(all.filter(({ status }) => status !== 200 && status !== 503)).toEqual([]);
	expect(ids()).toEqual(['a']);
	expect((await deliver(1, ['a'])).status).toBe(200);
	expect(ids()).toEqual(['a']);
});

test('what one process has taken, another with the same saved data does not take again', async () => {
	await trigger.listen(EVENTS);
	await deliver(1, ['a', 'b']);
	trigger.node.succeededBy({ process: await otherProcess() });
	expect((await deliver(1, ['a', 'b'])).status).toBe(200);
	expect((await deliver(2, ['b', 'c'])).status).toBe(200);
	expect(ids()).toEqual(['a', 'b', 'c']);
});

test('what another process has taken meanwhile, this one does not take again', async () => {
	await trigger.listen(EVENTS);
	const here = trigger.node;
	await deliver(1, ['a']);
	here.succeededBy({ process: await otherProcess() });
	await deliver(2, ['b']);
	here.succeededBy({});
	expect((await deliver(2, ['b'])).status).toBe(200);
	expect(ids()).toEqual(['a', 'b']);
});

test('a run that n8n took although the caller hung up is not taken again', async () => {
	await trigger.listen(EVENTS);
	await hangUp(1, ['a']);
	expect(ids()).toEqual(['a']);
	expect((await deliver(1, ['a'])).status).toBe(200);
	expect(ids()).toEqual(['a']);
});

test('a run that n8n could not take is taken by the next call, although the caller hung up', async () => {
	await trigger.listen(EVENTS);
	trigger.node.isFull = true;
	await hangUp(1, ['a']);
	trigger.node.isFull = false;
	expect((await deliver(1, ['a'])).status).toBe(200);
	expect(ids()).toEqual(['a']);
});

test('a retry is known after 11 other deliveries of 100 events each', async () => {
	await trigger.listen(EVENTS);
	const batch = (n: number) => Array.from({ length: 100 }, (_, m) => `${String(n)}-${String(m)}`);
	for (let n = 0; n < 12; n++) await deliver(n, batch(n));
	expect(ids()).toHaveLength(1200);
	expect((await deliver(0, batch(0))).status).toBe(200);
	trigger.node.succeededBy({ process: await otherProcess() });
	expect((await deliver(0, batch(0))).status).toBe(200);
	expect(ids()).toHaveLength(1200);
});

test('what an idle process takes does not make a busy one forget', async () => {
	await trigger.listen(EVENTS);
	const busy = trigger.node;
	const batch = (n: number) => Array.from({ length: 100 }, (_, m) => `${String(n)}-${String(m)}`);
	await deliver(1, ['first']);
	const old = JSON.parse(JSON.stringify(busy.saved)) as IDataObject;
	for (let n = 2; n < 7; n++) await deliver(n, batch(n));
	// The idle one began with what n8n had saved long ago, and saves last.
	busy.succeededBy({ process: await otherProcess(), saved: old });
	await deliver(7, ['idle']);
	busy.succeededBy({ saved: old });
	for (let n = 2; n < 7; n++) await deliver(n + 100, batch(n));
	expect(ids()).toHaveLength(502);
});

test('event types that are not chosen start nothing, and Kit is told that they were taken', async () => {
	await trigger.listen(EVENTS);
	const { id } = await kit.endpoint();
	const other = { ...event('other'), type: 'tag.deleted' };
	const { status } = await sandbox.current.deliver({ endpoint: id, events: [other, event('a')] });
	expect(status).toBe(200);
	expect(ids()).toEqual(['a']);
	expect((await sandbox.current.deliver({ endpoint: id, events: [other] })).status).toBe(200);
	expect(ids()).toEqual(['a']);
});

/** Lets something wait at Kit for which n8n has no room. */
async function leaveWaiting(): Promise<number> {
	sandbox.current.settings.retryScale = 1;
	trigger.node.isFull = true;
	await sandbox.ask('POST', '/kit/v4/tags', { name: 'Waiting' });
	while (sandbox.current.deliveries.at(-1)?.status !== 500) await wait(10);
	return (await kit.endpoint()).id;
}

/** Unpublishes the workflow meanwhile. */
async function unpublishWhileWaiting(): Promise<number> {
	const id = await leaveWaiting();
	await trigger.node.deactivate();
	expect(await kit.endpoint()).toMatchObject({ id, status: 'disabled' });
	expect(trigger.node.warnings.join()).toContain('has not arrived');
	return id;
}

/** What waits arrives, once. */
async function arrives(): Promise<void> {
	sandbox.current.advance(30);
	await sandbox.current.settled();
	expect(trigger.heard.items).toMatchObject([[{ tag: { name: 'Waiting' } }]]);
}

test('what Kit is still trying to deliver arrives after the workflow was published anew', async () => {
	await trigger.listen(EVENTS);
	const id = await unpublishWhileWaiting();
	const changed = { events: ['tag.created', 'tag.deleted'] };
	await trigger.node.succeededBy({ parameters: changed }).activate();
	expect(await kit.endpoint()).toMatchObject({ id, status: 'active', events: changed.events });
	await arrives();
	await trigger.node.heir?.deactivate();
	expect(await kit.endpoints()).toEqual([]);
});

test('what waits at an address that was left is told to be fetched, since it will not arrive', async () => {
	await trigger.listen(EVENTS);
	const id = await leaveWaiting();
	const webhookBaseUrl = trigger.node.url.replace(/\/webhook\/.*/, '/hooks');
	const moved = trigger.node.succeededBy({ webhookBaseUrl });
	await moved.activate();
	expect(moved.warnings).toEqual([
		expect.stringContaining('It leads to where the trigger was before'),
	]);
	expect(moved.warnings.join()).not.toContain('arrives where');
	sandbox.current.advance(30);
	await sandbox.current.settled();
	expect(await missed(id)).toMatchObject([{ tag: { name: 'Waiting' } }]);
});

const CLASSIC = {
	events: ['subscriber.activated'],
	settings: { delivery: 'classic' },
};

test.each([
	['n8n unpublished the workflow before', true],
	['n8n did not come to that', false],
])(
	'what Kit is still trying to deliver is kept when the trigger needs no endpoint any more, where %s',
	async (_, unpublishes) => {
		await trigger.listen(EVENTS);
		const id = await (unpublishes ? unpublishWhileWaiting() : leaveWaiting());
		const classic = trigger.node.succeededBy({ parameters: CLASSIC });
		expect(await classic.activate()).toBe('created');
		expect(await kit.endpoint()).toMatchObject({ id, status: 'disabled' });
		expect(await kit.webhooks()).toHaveLength(1);
		const warnings = [...trigger.node.warnings, ...classic.warnings];
		expect(warnings.filter((one) => one.includes('Get Missed Events'))).toHaveLength(1);
		expect(await classic.activate()).toBe('there');
		const signed = classic.succeededBy({ parameters: EVENTS });
		trigger.node.heir = signed;
		expect(await signed.activate()).toBe('created');
		expect(await kit.endpoint()).toMatchObject({ id, status: 'active' });
		expect(await kit.webhooks()).toEqual([]);
		await arrives();
	},
);

/** @returns what Get Missed Events fetches for an endpoint */
async function missed(id: number): Promise<IDataObject[]> {
	const { json } = await runKit({
		credential: sandbox.credential,
		parameters: {
			resource: 'webhookEndpoint',
			operation: 'getMissedEvents',
			webhookEndpointId: { __rl: true, mode: 'id', value: String(id) },
		},
	});
	return json;
}

test('what waits for an endpoint that is needed no more can be fetched when Kit has given up', async () => {
	await trigger.listen(EVENTS);
	const id = await leaveWaiting();
	await trigger.node.succeededBy({ parameters: CLASSIC }).activate();
	sandbox.current.advance(30);
	await sandbox.current.settled();
	expect(await missed(id)).toMatchObject([{ tag: { name: 'Waiting' } }]);
});

test('what Kit has given up on can be fetched after the workflow was published anew', async () => {
	await trigger.listen(EVENTS);
	sandbox.current.settings.retryScale = 0;
	trigger.node.isFull = true;
	await kit.createTag('Given up');
	const { id } = await kit.endpoint();
	await trigger.node.deactivate();
	await trigger.node.activate();
	expect(await kit.endpoint()).toMatchObject({ id, status: 'active' });
	expect(await missed(id)).toMatchObject([{ tag: { name: 'Given up' } }]);
});

test('what Kit is still trying to deliver outlives a publication that fails', async () => {
	await trigger.listen(EVENTS);
	const id = await unpublishWhileWaiting();
	sandbox.current.fault({
		kind: 'status',
		status: 422,
		body: { errors: ['Not today'] },
		method: 'PATCH',
	});
	await expect(trigger.node.activate()).rejects.toThrow('Not today');
	expect(await kit.endpoint()).toMatchObject({ id, status: 'disabled' });
	trigger.node.isFull = false;
	await trigger.node.activate();
	await arrives();
});

test.each([
	['was unpublished before', true, {}],
	['was unpublished before, and n8n started anew', true, { saved: {} }],
	['stayed published', false, {}],
])(
	'what Kit is still trying to deliver arrives after the Maton key was replaced, where the workflow %s',
	async (_, unpublishes, changes) => {
		await trigger.listen(EVENTS);
		const id = await (unpublishes ? unpublishWhileWaiting() : leaveWaiting());
		const credential = { ...sandbox.credential, apiKey: sandbox.current.keys.next };
		const process = 'saved' in changes ? { process: await otherProcess() } : {};
		const next = trigger.node.succeededBy({ credential, ...changes, ...process });
		expect(await next.activate()).toBe('created');
		expect(await kit.endpoint()).toMatchObject({ id, status: 'active' });
		await arrives();
		expect(next.warnings).toEqual([]);
	},
);

test.each([
	['says so', { kind: 'status', status: 422, body: { errors: ['No deliveries today'] } }],
	['says nothing', { kind: 'status', status: 200, body: {} }],
] as const)(
	'a workflow is unpublished where Kit cannot tell what waits, and %s',
	async (_, fault) => {
		await trigger.listen(EVENTS);
		sandbox.current.fault({ ...fault, method: 'GET', path: /deliveries$/, times: 10 });
		await trigger.node.deactivate();
		expect(await kit.endpoints()).toEqual([]);
	},
);

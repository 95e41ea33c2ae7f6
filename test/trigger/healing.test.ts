import { createHmac } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import type { PostedDelivery } from '../../sandbox';
import { seal } from '../../nodes/KitTrigger/sealedSecret';
import { tokenFor } from '../../nodes/KitTrigger/signature';
import { useClock } from '../support/clock';
import { KitSide } from '../support/kitSide';
import { useSandbox } from '../support/sandbox';
import type { TriggerOptions } from '../support/trigger';
import { otherProcess, useTrigger } from '../support/trigger';

const sandbox = useSandbox();
const trigger = useTrigger(sandbox);
const kit = new KitSide(sandbox);
const passes = useClock();

const SIGNED = { events: ['tag.created'] };
const CLASSIC = { events: ['subscriber.activated'], settings: { delivery: 'classic' } };

/** Longer than a call that cannot be verified keeps n8n from asking Kit again */
const PAUSE = 601;

function copyOf(data: IDataObject): IDataObject {
	return JSON.parse(JSON.stringify(data)) as IDataObject;
}

/** n8n's id of the trigger's webhook */
function nodeKey(): string {
	return trigger.node.url.split('/').at(-2) ?? '';
}

const PROCESSES: Record<string, () => Promise<Partial<TriggerOptions>>> = {
	'the same process': async () => await Promise.resolve({}),
	'another process': async () => ({ process: await otherProcess() }),
	'a process that has nothing saved': async () => ({ process: await otherProcess(), saved: {} }),
};

/** Whether Kit’s next event starts one run, and at which attempt */
async function statusesOf(name: string): Promise<(number | null)[]> {
	const before = trigger.heard.items.length;
	const posts = await kit.createTag(name);
	expect(trigger.heard.items.slice(before)).toMatchObject([[{ tag: { name } }]]);
	return posts.map(({ status }) => status);
}

describe.each(Object.entries(PROCESSES))('in %s', (_, process) => {
	test('an old copy of static data that is put back changes nothing', async () => {
		await trigger.listen(SIGNED);
		const old = copyOf(trigger.node.saved);
		await trigger.node.deactivate();
		await trigger.node.activate();
		trigger.node.succeededBy({ saved: old, ...(await process()) });
		expect(await statusesOf('After')).toEqual([200]);
	});

	test('an old copy from before the first publication changes nothing', async () => {
		await trigger.listen(SIGNED);
		trigger.node.succeededBy({ saved: {}, ...(await process()) });
		expect(await statusesOf('After')).toEqual([200]);
	});

	test('what was not sealed yet when n8n was killed is repaired', async () => {
		await trigger.listen(SIGNED);
		const { id } = await kit.endpoint();
		const token = tokenFor(sandbox.credential.apiKey, nodeKey());
		await kit.patch(id, { url: `${trigger.node.url}?token=${token}` });
		trigger.node.succeededBy(await process());
		const statuses = await statusesOf('First');
		expect([[200], [503, 200]]).toContainEqual(statuses);
		expect(await statusesOf('Second')).toEqual([200]);
	});

	test.each([
		['still signs with the secret before', false, [200]],
		['no longer signs with the secret before', true, [503, 200]],
	])('a secret that somebody rotated, when Kit %s', async (__, isOver, expected) => {
		await trigger.listen(SIGNED);
		const { id } = await kit.endpoint();
		await kit.rotate(id, isOver);
		trigger.node.succeededBy(await process());
		expect(await statusesOf('First')).toEqual(expected);
		expect(await statusesOf('Second')).toEqual([200]);
		expect((await kit.endpoint()).id).toBe(id);
	});

	test('what the lists do not show yet is repaired as well', async () => {
		Object.assign(sandbox.current.settings, { lagMs: 300_000, laggingWebhookLists: true });
		await trigger.listen(SIGNED);
		await kit.rotate((await kit.endpoint()).id, true);
		trigger.node.succeededBy(await process());
		expect(await statusesOf('First')).toEqual([503, 200]);
		expect(await statusesOf('Second')).toEqual([200]);
	});

	test('another Maton key does not lose what Kit sends to the address of before', async () => {
		await trigger.listen(SIGNED);
		const { id } = await kit.endpoint();
		const secret = await kit.rotate(id, true);
		const url = `${trigger.node.url}?token=${seal('key-of-before', nodeKey(), { id, secret })}`;
		await kit.patch(id, { url });
		trigger.node.succeededBy(await process());
		expect(await statusesOf('First')).toEqual([503, 200]);
		expect(await statusesOf('Second')).toEqual([200]);
	});

	test('an address without its query is enough, if need be with a new secret', async () => {
		await trigger.listen(SIGNED);
		const { id } = await kit.endpoint();
		await kit.patch(id, { url: `${trigger.node.url}/` });
		await kit.rotate(id, true);
		trigger.node.succeededBy(await process());
		expect(await statusesOf('First')).toEqual([503, 200]);
		expect(await statusesOf('Second')).toEqual([200]);
	});

	test('a new key leaves no classic event behind, however many come at once', async () => {
		await trigger.listen(CLASSIC);
		const [webhook] = await kit.webhooks();
		const token = tokenFor('key-of-before', nodeKey());
		const name = 'subscriber.subscriber_activate';
		await sandbox.ask('DELETE', `/kit/v4/webhooks/${String(webhook?.id)}`);
		await sandbox.ask('POST', '/kit/v4/webhooks', {
			target_url: `${trigger.node.url}?event=${name}&token=${token}`,
			event: { name },
		});
		trigger.node.succeededBy(await process());
		for (let n = 0; n < 12; n++) {
			await sandbox.ask('POST', '/kit/v4/subscribers', {
				email_address: `reader${String(n)}@example.com`,
			});
		}
		await sandbox.current.settled();
		// Kit posts twice what happens while there is a webhook of both, which nothing in it tells.
		const people = new Set(trigger.heard.items.flat().map((item) => JSON.stringify(item)));
		expect(people.size).toBe(12);
		const urls = (await kit.webhooks()).map(({ target_url }) => target_url);
		expect(urls).toEqual([expect.not.stringContaining(token) as string]);
		trigger.heard.items.length = 0;
		await sandbox.ask('POST', '/kit/v4/subscribers', { email_address: 'last@example.com' });
		await sandbox.current.settled();
		expect(trigger.heard.items).toHaveLength(1);
	});
});

test.each([
	['another process', true],
	['the same process', false],
])('publishing with a new key in %s misses no classic event', async (_, isOther) => {
	const events = ['subscriber.activated', 'subscriber.unsubscribed'];
	await trigger.listen({ events, settings: { delivery: 'classic' } });
	const old = await kit.urls();
	const next = trigger.node.succeededBy({
		credential: { ...sandbox.credential, apiKey: sandbox.current.keys.next },
		...(isOther && { process: await otherProcess() }),
	});
	sandbox.current.log.length = 0;
	await next.activate();
	const moves = sandbox
		.requests()
		.filter(({ request }) => /^(POST|DELETE) .*webhooks/.test(request))
		.map(({ request }) => request.split(' ')[0]);
	expect(moves).toEqual(['POST', 'DELETE', 'POST', 'DELETE']);
	const urls = await kit.urls();
	expect(urls).toHaveLength(2);
	expect(urls.filter((url) => old.includes(url))).toEqual([]);
	expect(next.warnings).toEqual([]);
});

test('after a change of the key, each old webhook goes as soon as the new one is there', async () => {
	const events = ['subscriber.activated', 'subscriber.unsubscribed'];
	await trigger.listen({ events, settings: { delivery: 'classic' } });
	const token = tokenFor('key-of-before', nodeKey());
	for (const { id, event } of await kit.webhooks()) {
		await sandbox.ask('DELETE', `/kit/v4/webhooks/${String(id)}`);
		const name = `subscriber.${event.name}`;
		const target_url = `${trigger.node.url}?event=${name}&token=${token}`;
		await sandbox.ask('POST', '/kit/v4/webhooks', { target_url, event: { name } });
	}
	sandbox.current.log.length = 0;
	await sandbox.ask('POST', '/kit/v4/subscribers', { email_address: 'reader@example.com' });
	await sandbox.current.settled();
	await Promise.all(trigger.node.underWay);
	const moves = sandbox
		.requests()
		.filter(({ request, status }) => /^(POST|DELETE) .*webhooks/.test(request) && status < 300)
		.map(({ request }) => request.split(' ')[0]);
	expect(moves).toEqual(['POST', 'DELETE', 'POST', 'DELETE']);
	expect((await kit.urls()).join()).not.toContain(token);
});

test('a classic event of before the key changed is taken although nothing can be made anew', async () => {
	await trigger.listen(CLASSIC);
	const [own] = await kit.webhooks();
	const name = 'subscriber.subscriber_activate';
	const token = tokenFor('key-of-before', nodeKey());
	await sandbox.ask('POST', '/kit/v4/webhooks', {
		target_url: `${trigger.node.url}?event=${name}&token=${token}`,
		event: { name },
	});
	await sandbox.ask('DELETE', `/kit/v4/webhooks/${String(own?.id)}`);
	sandbox.current.fault({
		kind: 'status',
		status: 422,
		body: { errors: ['No more'] },
		method: 'POST',
		path: '/kit/v4/webhooks',
		times: 5,
	});
	await sandbox.ask('POST', '/kit/v4/subscribers', { email_address: 'reader@example.com' });
	await sandbox.current.settled();
	expect(trigger.heard.items).toHaveLength(1);
	expect(trigger.node.warnings.join()).toContain('No more');
});

test('where Kit could not be asked about a classic event, it is asked again a minute later', async () => {
	await trigger.listen(CLASSIC);
	const [own] = await kit.webhooks();
	const name = 'subscriber.subscriber_activate';
	const target_url = `${trigger.node.url}?event=${name}&token=${tokenFor('key-of-before', nodeKey())}`;
	await sandbox.ask('POST', '/kit/v4/webhooks', { target_url, event: { name } });
	await sandbox.ask('DELETE', `/kit/v4/webhooks/${String(own?.id)}`);
	sandbox.current.fault({ kind: 'status', status: 403, path: '/kit/v4/webhooks', times: 1 });
	for (const seconds of [0, 30, 31]) {
		passes(seconds);
		const email_address = `reader-${String(seconds)}@example.com`;
		await sandbox.ask('POST', '/kit/v4/subscribers', { email_address });
		await sandbox.current.settled();
	}
	expect(trigger.heard.items.flat()).toMatchObject([
		{ subscriber: { email_address: 'reader-31@example.com' } },
	]);
});

test('a new secret that cannot be sealed is used all the same, and a person sees why', async () => {
	await trigger.listen(SIGNED);
	const { id } = await kit.endpoint();
	await kit.rotate(id, true);
	sandbox.current.fault({
		kind: 'status',
		status: 422,
		body: { errors: [`${trigger.node.url}?token=${'a'.repeat(90)} is no URL`] },
		method: 'PATCH',
	});
	expect(await statusesOf('First')).toEqual([500, 200]);
	expect(trigger.node.failedRuns).toMatchObject([
		{ message: expect.stringContaining('cannot be verified') as string },
	]);
});

test('publishing with an old copy of the secret does not undo the new one', async () => {
	await trigger.listen(SIGNED);
	const old = copyOf(trigger.node.saved);
	await kit.rotate((await kit.endpoint()).id, true);
	expect(await statusesOf('First')).toEqual([503, 200]);
	const { id } = await kit.endpoint();
	await sandbox.ask('POST', `/kit/v4/webhook_endpoints/${String(id)}/revoke_previous_secret`);
	const changed = { events: ['tag.created', 'tag.deleted'] };
	const next = { process: await otherProcess(), saved: old, parameters: changed };
	await trigger.node.succeededBy(next).activate();
	expect(await statusesOf('Second')).toEqual([200]);
	expect((await kit.endpoint()).events).toEqual(changed.events);
});

test('where Kit gives no new secret, a person sees it, and a later delivery repairs it', async () => {
	await trigger.listen(SIGNED);
	const { id } = await kit.endpoint();
	await kit.rotate(id, true);
	sandbox.current.fault({
		kind: 'status',
		status: 422,
		body: { errors: ['Not now'] },
		path: /rotate_secret$/,
	});
	sandbox.current.settings.retryScale = 0;
	const posts = await kit.createTag('Lost');
	expect(posts.map(({ status }) => status)).toEqual([500, ...Array<number>(7).fill(503)]);
	expect(trigger.node.failedRuns).toMatchObject([
		{
			message: expect.stringContaining('Not now') as string,
			description: expect.stringContaining('publish it again') as string,
		},
	]);
	passes(PAUSE);
	expect(await statusesOf('Later')).toEqual([503, 200]);
});

describe('where n8n’s clock is wrong', () => {
	/** Kit tries a delivery again, by a clock that is as much behind n8n's. */
	async function again({ url, body }: PostedDelivery, secondsBehind: number): Promise<number> {
		const time = String(Math.floor(Date.now() / 1000) - secondsBehind);
		const text = JSON.stringify(body);
		const secret = /whsec_\w+/.exec(JSON.stringify(trigger.node.saved))?.[0] ?? '';
		const digest = createHmac('sha256', secret).update(`${time}.${text}`).digest('hex');
		const headers = { 'X-Kit-Signature': `t=${time},v1=${digest}` };
		return (await fetch(url, { method: 'POST', body: text, headers })).status;
	}

	/** Kit still tries to deliver it. */
	async function waiting(): Promise<PostedDelivery> {
		sandbox.current.settings.retryScale = 1;
		trigger.node.isFull = true;
		await sandbox.ask('POST', '/kit/v4/tags', { name: 'Waiting' });
		const { deliveries } = sandbox.current;
		for (;;) {
			const post = deliveries.at(-1);
			if (post?.status === 500) return post;
			await wait(10);
		}
	}

	test.each([
		['ahead of', 660],
		['behind', -660],
	])('a person sees that it is %s Kit’s, once a minute at most', async (where, seconds) => {
		await trigger.listen(SIGNED);
		const post = await waiting();
		trigger.node.isFull = false;
		sandbox.current.log.length = 0;
		expect(await again(post, seconds)).toBe(500);
		const message = `n8n’s clock is 11 minutes ${where} Kit’s`;
		expect(trigger.node.failedRuns).toMatchObject([
			{ message: expect.stringContaining(message) as string },
		]);
		for (let n = 0; n < 5; n++) expect(await again(post, seconds)).toBe(503);
		expect(sandbox.current.log).toHaveLength(1);
		expect(trigger.node.failedRuns).toHaveLength(1);
		expect(trigger.heard.items).toEqual([]);
		sandbox.current.advance(30);
		await sandbox.current.settled();
		expect(trigger.heard.items).toMatchObject([[{ tag: { name: 'Waiting' } }]]);
	});

	test('an old delivery that somebody plays again keeps no secret from being repaired', async () => {
		await trigger.listen(SIGNED);
		for (const post of await kit.createTag('Taken')) expect(await again(post, 660)).toBe(401);
		await kit.rotate((await kit.endpoint()).id, true);
		expect(await statusesOf('Rotated')).toEqual([503, 200]);
	});

	test('a delivery that Kit has done with is refused as old, without a failed execution', async () => {
		await trigger.listen(SIGNED);
		for (const post of await kit.createTag('Taken')) expect(await again(post, 660)).toBe(401);
		expect(trigger.node.failedRuns).toEqual([]);
		expect(trigger.heard.items).toHaveLength(1);
	});
});

/** Kit's own waits pass until a delivery was taken, or Kit has given up. */
async function attempts(): Promise<(number | null)[]> {
	const { settings, deliveries } = sandbox.current;
	settings.retryScale = 1;
	const before = deliveries.length;
	await sandbox.ask('POST', '/kit/v4/tags', { name: 'Held up' });
	const posts = () => deliveries.slice(before).map(({ status }) => status);
	const settled = sandbox.current.settled().then(() => true);
	for (let isOver = false; !isOver;) {
		const count = posts().length;
		isOver = await Promise.race([settled, wait(10, false)]);
		if (isOver || posts().length > count || posts().at(-1) === null) continue;
		passes(30);
		sandbox.current.advance(30);
	}
	return posts();
}

test.each([
	['Kit cannot be asked about it for a quarter of an hour', 15 * 60],
	['Kit cannot be asked about it for two hours', 2 * 60 * 60],
])('a delivery is taken although %s', async (_, seconds) => {
	await trigger.listen(SIGNED);
	await kit.rotate((await kit.endpoint()).id, true);
	const isBack = Date.now() + seconds * 1000;
	sandbox.current.fault({ kind: 'status', status: 422, path: /webhook_endpoints/, times: 10_000 });
	const clear = setInterval(() => {
		if (Date.now() > isBack) sandbox.current.clearFaults();
	}, 1);
	const statuses = await attempts();
	clearInterval(clear);
	expect(statuses.at(-1)).toBe(200);
	expect(trigger.heard.items).toMatchObject([[{ tag: { name: 'Held up' } }]]);
});

test('what Kit answers without a secret is refused and removed', async () => {
	await trigger.listen(SIGNED, false);
	const row = { id: 4711, url: trigger.node.url, events: ['tag.created'], status: 'active' };
	sandbox.current.fault({
		kind: 'status',
		status: 201,
		body: { webhook_endpoint: row },
		method: 'POST',
		path: '/kit/v4/webhook_endpoints',
	});
	await expect(trigger.node.activate()).rejects.toThrow('without telling its secret');
	expect(sandbox.requests().map(({ request }) => request)).toContain(
		'DELETE /kit/v4/webhook_endpoints/4711',
	);
	expect(await kit.endpoints()).toEqual([]);
});

test.each(['POST', 'PATCH'])(
	'a lost answer to %s leaves one that works, or none',
	async (method) => {
		await trigger.listen(SIGNED, false);
		sandbox.current.fault({ kind: 'drop', afterHandling: true, method });
		const isActive = await trigger.node.activate().then(
			() => true,
			() => false,
		);
		if (!isActive) expect(await kit.endpoints()).toEqual([]);
		if (!isActive) await trigger.node.activate();
		expect(await kit.endpoints()).toHaveLength(1);
		expect(await statusesOf('After')).toEqual([200]);
	},
);

test('one whose creation was answered by nobody is removed when the lists show it', async () => {
	await trigger.listen(SIGNED, false);
	Object.assign(sandbox.current.settings, { lagMs: 300_000, laggingWebhookLists: true });
	sandbox.current.fault({ kind: 'drop', afterHandling: true, method: 'POST' });
	await expect(trigger.node.activate()).rejects.toThrow('could not be reached');
	expect(await kit.endpoints()).toHaveLength(1);
	sandbox.current.advance(300);
	await trigger.node.activate();
	expect(await kit.endpoints()).toHaveLength(1);
	expect(await statusesOf('After')).toEqual([200]);
});

test.each([
	['with a slash at its end', (url: string) => url.replace('?', '/?')],
	['with other letters encoded', (url: string) => url.replace('/webhook?', '/%77ebhook?')],
	['with more in its query', (url: string) => url.replace('?', '?from=kit&')],
])('an endpoint whose URL Kit writes %s stays as it is', async (_, written) => {
	await trigger.listen(SIGNED);
	const { id, url } = await kit.endpoint();
	await kit.patch(id, { url: written(url) });
	expect(await trigger.node.activate()).toBe('there');
	expect(await statusesOf('After')).toEqual([200]);
	await trigger.node.deactivate();
	expect(await kit.endpoints()).toEqual([]);
});

test('classic webhooks whose URLs Kit writes otherwise are recognised and removed', async () => {
	await trigger.listen(CLASSIC);
	const [webhook] = await kit.webhooks();
	const { host } = new URL(trigger.node.url);
	const written = (webhook?.target_url ?? '')
		.replace(/\?event=(.*)&(token=.*)$/, '/?$2&event=$1')
		.replace(host, host.toUpperCase());
	const others = [
		`http://${host}/webhook/another-hook/webhook?event=subscriber.subscriber_activate`,
		`http://other.example.com${new URL(trigger.node.url).pathname}`,
	];
	for (const url of [written, ...others]) {
		await sandbox.ask('POST', '/kit/v4/webhooks', {
			target_url: url,
			event: { name: 'subscriber.subscriber_activate' },
		});
	}
	const listed = await sandbox.ask('GET', '/kit/v4/webhooks');
	const rows = (listed.webhooks as IDataObject[]).filter((row) => row.target_url !== written);
	const rewritten = rows.map((row) =>
		row.id === webhook?.id ? { ...row, target_url: written } : row,
	);
	sandbox.current.fault({
		kind: 'status',
		status: 200,
		body: { ...listed, webhooks: rewritten },
		method: 'GET',
		path: '/kit/v4/webhooks',
	});
	expect(await trigger.node.activate()).toBe('there');
	await trigger.node.activate();
	expect((await kit.urls()).sort()).toEqual([webhook?.target_url, ...others].sort());
	await trigger.node.deactivate();
	expect((await kit.urls()).sort()).toEqual([...others].sort());
});

/** What can happen to a trigger between two deliveries */
const MISHAPS: Record<string, () => Promise<void>> = {
	async restart() {
		trigger.node.succeededBy({ process: await otherProcess() });
	},
	async forget() {
		trigger.node.succeededBy({ process: await otherProcess(), saved: {} });
	},
	async rotate() {
		await kit.rotate((await kit.endpoint()).id, false);
	},
	async rotateAndRevoke() {
		await kit.rotate((await kit.endpoint()).id, true);
	},
	async dropQuery() {
		await kit.patch((await kit.endpoint()).id, { url: trigger.node.url });
	},
	async unseal() {
		const token = tokenFor(sandbox.credential.apiKey, nodeKey());
		await kit.patch((await kit.endpoint()).id, { url: `${trigger.node.url}?token=${token}` });
	},
	async sealOtherwise() {
		const { id } = await kit.endpoint();
		const sealed = seal('key-of-before', nodeKey(), { id, secret: 'whsec_0123456789abcdef' });
		await kit.patch(id, { url: `${trigger.node.url}?token=${sealed}` });
	},
	async publish() {
		await trigger.node.activate();
	},
	async publishAnew() {
		await trigger.node.deactivate();
		await trigger.node.activate();
	},
};

test('whatever happens in between, the next delivery starts one run', async () => {
	await trigger.listen(SIGNED);
	let count = 0;
	const mishaps = fc.array(fc.constantFrom(...Object.keys(MISHAPS)), { maxLength: 4 });
	await fc.assert(
		fc.asyncProperty(mishaps, async (names) => {
			for (const name of names) await MISHAPS[name]?.();
			passes(PAUSE);
			count += 1;
			const statuses = await statusesOf(`Tag ${String(count)}`);
			expect(statuses.at(-1)).toBe(200);
			expect(statuses.length).toBeLessThanOrEqual(2);
		}),
		{ numRuns: 15 },
	);
});

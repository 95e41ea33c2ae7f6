import { createHmac } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { useSandbox } from '../support/sandbox';
import { useTrigger } from '../support/trigger';

const sandbox = useSandbox();
const trigger = useTrigger(sandbox);

async function post(
	url: string,
	body: string,
	headers: Record<string, string> = {},
): Promise<number> {
	const response = await fetch(url, {
		method: 'POST',
		body,
		headers: { 'Content-Type': 'application/json', ...headers },
	});
	await response.text();
	return response.status;
}

describe('classic', () => {
	const SUBSCRIBER = { subscriber: { id: 1, email_address: 'reader@example.com' } };

	let targetUrl: string;

	beforeEach(async () => {
		await trigger.listen({
			events: ['subscriber.unsubscribed'],
			settings: { delivery: 'classic' },
		});
		const { webhooks } = await sandbox.ask('GET', '/kit/v4/webhooks');
		targetUrl = (webhooks as IDataObject[])[0]?.target_url as string;
	});

	test('a call of Kit’s becomes an item that names its event', async () => {
		expect(await post(targetUrl, JSON.stringify(SUBSCRIBER))).toBe(200);
		expect(trigger.heard.items).toEqual([[{ event: 'subscriber.unsubscribed', ...SUBSCRIBER }]]);
	});

	test.each([
		['without a token', (url: string) => url.replace(/&token=.*/, '')],
		['with another token', (url: string) => url.replace(/token=./, 'token=x')],
		['with a longer token', (url: string) => `${url}0`],
		['with two tokens', (url: string) => `${url}&token=x`],
		['without anything', (url: string) => url.replace(/\?.*/, '')],
	])('a call %s is refused with 401 and starts nothing', async (_, forge) => {
		expect(await post(forge(targetUrl), JSON.stringify(SUBSCRIBER))).toBe(401);
		expect(trigger.heard.items).toEqual([]);
	});

	test('a call for an event that is not chosen any more is taken and starts nothing', async () => {
		const other = targetUrl.replace('subscriber_unsubscribe', 'subscriber_activate');
		expect(await post(other, JSON.stringify(SUBSCRIBER))).toBe(200);
		expect(trigger.heard.items).toEqual([]);
	});

	test.each([
		['what is no JSON', '<html>'],
		['a list', '[]'],
		['nothing', ''],
	])('%s is refused with 400, although it has the token', async (_, body) => {
		expect(await post(targetUrl, body)).toBe(400);
		expect(trigger.heard.items).toEqual([]);
	});
});

describe('signed', () => {
	const now = Math.floor(Date.now() / 1000);

	function secret(): string {
		const found = /whsec_\w+/.exec(JSON.stringify(trigger.node.saved))?.[0];
		if (found === undefined) throw new Error('There is no secret');
		return found;
	}

	function signature(body: string, time = now, key = secret()): Record<string, string> {
		const digest = createHmac('sha256', key)
			.update(`${String(time)}.${body}`)
			.digest('hex');
		return { 'X-Kit-Signature': `t=${String(time)},v1=${digest}` };
	}

	const created = '2026-11-23T10:00:00Z';

	function event(id: string, data: IDataObject = {}): IDataObject {
		return { id, type: 'subscriber.tag_added', created, data };
	}

	let deliveries = 0;

	/** Another delivery each time, but for its events */
	function delivery(events: IDataObject[]): string {
		deliveries += 1;
		return JSON.stringify({ delivery_id: deliveries, events });
	}

	async function deliver(events: IDataObject[]): Promise<number> {
		const body = delivery(events);
		return await post(trigger.node.url, body, signature(body));
	}

	/** The one that is chosen */
	let tag: { id: number; name: string };

	beforeEach(async () => {
		const { tags } = await sandbox.ask('GET', '/kit/v4/tags');
		tag = (tags as IDataObject[])[0] as typeof tag;
		deliveries = 0;
		await trigger.listen({ events: ['subscriber.tag_added'], tagsAdded: [tag.id] });
	});

	test('each event becomes an item with its id, type, time, delivery and data', async () => {
		expect(await deliver([event('a', { tag }), event('b', { tag })])).toBe(200);
		const about = { event: 'subscriber.tag_added', created, delivery_id: 1, tag };
		expect(trigger.heard.items).toEqual([
			[
				{ id: 'a', ...about },
				{ id: 'b', ...about },
			],
		]);
	});

	test('100 events at once become 100 items, once, however often they are sent', async () => {
		const events = Array.from({ length: 100 }, (_, n) => event(`e${String(n)}`, { tag }));
		expect(await deliver(events)).toBe(200);
		expect(await deliver(events.slice(50))).toBe(200);
		expect(await deliver([event('new', { tag }), ...events.slice(0, 50)])).toBe(200);
		expect(trigger.heard.items.map(({ length }) => length)).toEqual([100, 1]);
	});

	test('more events than Kit puts into a delivery today are all taken, once', async () => {
		const events = Array.from({ length: 500 }, (_, n) => event(`e${String(n)}`, { tag }));
		expect(await deliver(events)).toBe(200);
		expect(await deliver(events.slice(400))).toBe(200);
		expect(trigger.heard.items.map(({ length }) => length)).toEqual([500]);
	});

	test('an event that comes twice at the same time becomes one item', async () => {
		const twice = [event('twice', { tag })];
		expect(await deliver(twice)).toBe(200);
		// What n8n hands the second call it has read before the first was done.
		delete (trigger.node.saved['node:Kit Trigger'] as IDataObject).taken;
		expect(await deliver(twice)).toBe(200);
		expect(trigger.heard.items).toHaveLength(1);
	});

	test('an event about another tag starts nothing, and Kit is told that it was taken', async () => {
		expect(await deliver([event('a', { tag: { id: tag.id + 1000, name: 'Another' } })])).toBe(200);
		expect(trigger.heard.items).toEqual([]);
	});

	test('a filter does not hold back events that have nothing to do with it', async () => {
		expect(await deliver([event('untagged', { subscriber: { id: 1 } })])).toBe(200);
		expect(trigger.heard.items).toHaveLength(1);
	});

	test.each([
		['no signature', () => ({})],
		['a signature that is too old', (body: string) => signature(body, now - 301)],
		['a signature from the future', (body: string) => signature(body, now + 330)],
		['the signature of another secret', (body: string) => signature(body, now, 'whsec_other')],
		['the signature of another body', () => signature('{}')],
	])('with %s it is refused with 401 and starts nothing', async (_, headers) => {
		const body = delivery([event('a')]);
		expect(await post(trigger.node.url, body, headers(body) as Record<string, string>)).toBe(401);
		expect(trigger.heard.items).toEqual([]);
	});

	test.each([
		['what is no JSON', '<html>'],
		['what is no envelope', '{"hello": 1}'],
		['no events', delivery([])],
		['events without an id', delivery([{ type: 'subscriber.created' }])],
		['null', 'null'],
	])('%s is refused with 400, although it is signed', async (_, body) => {
		expect(await post(trigger.node.url, body, signature(body))).toBe(400);
		expect(trigger.heard.items).toEqual([]);
	});
});

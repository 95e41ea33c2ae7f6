import { FLAWS } from '../../sandbox/delivery/craftedDelivery';
import type { IDataObject } from 'n8n-workflow';
import { EVENTS } from '../../nodes/shared/events';
import { useSandbox } from '../support/sandbox';
import { useTrigger } from '../support/trigger';

const sandbox = useSandbox();
const trigger = useTrigger(sandbox);

async function items(): Promise<IDataObject[]> {
	await sandbox.current.settled();
	return trigger.heard.items.flat();
}

const PERSON = { email_address: 'reader@example.com', first_name: 'Ada' };

test('a classic webhook starts the workflow when a subscriber is created, and not afterwards', async () => {
	await trigger.listen({ events: ['subscriber.activated'], settings: { delivery: 'classic' } });
	await sandbox.ask('POST', '/kit/v4/subscribers', PERSON);
	expect(await items()).toEqual([
		{
			event: 'subscriber.activated',
			subscriber: expect.objectContaining(PERSON) as IDataObject,
		},
	]);
	await trigger.node.deactivate();
	await sandbox.ask('POST', '/kit/v4/subscribers', { email_address: 'other@example.com' });
	expect(await items()).toHaveLength(1);
});

test.each([
	{ events: ['subscriber.activated'], settings: { delivery: 'classic' } },
	{ events: ['subscriber.created'] },
])('a test event arrives, beside the published workflow ($events)', async (parameters) => {
	await trigger.listen(parameters);
	await trigger.node.startTest();
	await sandbox.ask('POST', '/kit/v4/subscribers', PERSON);
	expect(await items()).toHaveLength(2);
	await trigger.node.endTest();
	await sandbox.ask('POST', '/kit/v4/subscribers', { email_address: 'other@example.com' });
	expect(await items()).toHaveLength(3);
});

test('several classic events start the same workflow, each known by its name', async () => {
	const { tag } = await sandbox.ask('POST', '/kit/v4/tags', { name: 'vip' });
	const { id } = tag as { id: number };
	const events = ['subscriber.tag_added', 'subscriber.tag_removed', 'subscriber.unsubscribed'];
	const tags = { tagsAdded: [id], tagsRemoved: ['vip'] };
	await trigger.listen({ events, ...tags, settings: { delivery: 'classic' } });
	const { subscriber } = await sandbox.ask('POST', '/kit/v4/subscribers', PERSON);
	const who = String((subscriber as { id: number }).id);
	const tagging = `/kit/v4/tags/${String(id)}/subscribers/${who}`;
	await sandbox.ask('POST', tagging);
	await sandbox.current.settled();
	await sandbox.ask('DELETE', tagging);
	await sandbox.current.settled();
	await sandbox.ask('POST', `/kit/v4/subscribers/${who}/unsubscribe`);
	expect((await items()).map(({ event }) => event)).toEqual(events);
});

test('a signed endpoint starts the workflow with what Kit signed, batch by batch', async () => {
	await trigger.listen({ events: ['subscriber.created', 'tag.created'] });
	for (let n = 0; n < 150; n++) {
		await sandbox.ask('POST', '/kit/v4/tags', { name: `Tag ${String(n)}` });
	}
	await sandbox.ask('POST', '/kit/v4/subscribers', PERSON);
	const all = await items();
	expect(all).toHaveLength(151);
	expect(new Set(all.map(({ id }) => id)).size).toBe(151);
	expect(all.filter(({ event }) => event === 'subscriber.created')).toMatchObject([
		{ subscriber: PERSON },
	]);
});

test('a secret that is rotated while it runs keeps working while Kit signs with both', async () => {
	await trigger.listen({ events: ['tag.created'] });
	const { webhook_endpoints } = await sandbox.ask('GET', '/kit/v4/webhook_endpoints');
	const [endpoint] = webhook_endpoints as { id: number }[];
	await sandbox.ask('POST', `/kit/v4/webhook_endpoints/${String(endpoint?.id)}/rotate_secret`, {});
	await sandbox.ask('POST', '/kit/v4/tags', { name: 'After' });
	expect(await items()).toMatchObject([{ tag: { name: 'After' } }]);
});

test('what comes again after a lost answer starts nothing twice', async () => {
	await trigger.listen({ events: ['tag.created'] });
	await sandbox.ask('POST', '/kit/v4/tags', { name: 'Once' });
	const [item] = await items();
	const { webhook_endpoints } = await sandbox.ask('GET', '/kit/v4/webhook_endpoints');
	const [endpoint] = webhook_endpoints as { id: number }[];
	const { id, event: type, created, tag } = item ?? {};
	const again = { endpoint: Number(endpoint?.id), events: [{ id, type, created, data: { tag } }] };
	await sandbox.current.deliver(again);
	expect(await items()).toHaveLength(1);
});

test.each(FLAWS)('what is %s starts nothing and is not taken', async (wrong) => {
	await trigger.listen({ events: ['tag.created'] });
	const { webhook_endpoints } = await sandbox.ask('GET', '/kit/v4/webhook_endpoints');
	const [endpoint] = webhook_endpoints as { id: number }[];
	await sandbox.current.deliver({
		endpoint: Number(endpoint?.id),
		events: [{ id: 'a', type: 'tag.created', created: '2026-11-23T10:00:00Z', data: {} }],
		wrong,
	});
	expect(await items()).toEqual([]);
	expect(sandbox.current.deliveries.at(-1)?.status).toBe(wrong === 'notJson' ? 400 : 401);
});

test('every event that can be chosen is one that Kit knows, by the way that Kit has for it', async () => {
	await trigger.listen({
		events: EVENTS.map(({ value }) => value),
		links: ['https://example.com/course', 'https://example.com/book'],
		products: ['4412'],
	});
	const { webhook_endpoints } = await sandbox.ask('GET', '/kit/v4/webhook_endpoints');
	expect((webhook_endpoints as { events: string[] }[])[0]?.events).toHaveLength(23);
	const { webhooks } = await sandbox.ask('GET', '/kit/v4/webhooks');
	const events = (webhooks as IDataObject[]).map(({ event }) => event);
	expect(events).toHaveLength(4);
	expect(events).toEqual(
		expect.arrayContaining([
			{ name: 'link_click', initiator_value: 'https://example.com/course' },
			{ name: 'link_click', initiator_value: 'https://example.com/book' },
			{ name: 'product_purchase', product_id: 4412 },
			{ name: 'purchase_create', initiator_value: null },
		]),
	);
});

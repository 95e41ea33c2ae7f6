import type { IDataObject } from 'n8n-workflow';
import { CLASSIC_EVENTS, ENDPOINT_EVENTS } from '../../nodes/shared/events';
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
	await trigger.listen({ delivery: 'classic', events: ['subscriber.subscriber_activate'] });
	await sandbox.ask('POST', '/kit/v4/subscribers', PERSON);
	expect(await items()).toEqual([
		{
			event: 'subscriber.subscriber_activate',
			subscriber: expect.objectContaining(PERSON) as IDataObject,
		},
	]);
	await trigger.node.deactivate();
	await sandbox.ask('POST', '/kit/v4/subscribers', { email_address: 'other@example.com' });
	expect(await items()).toHaveLength(1);
});

test.each([
	{ delivery: 'classic', events: ['subscriber.subscriber_activate'] },
	{ delivery: 'signed', endpointEvents: ['subscriber.created'] },
])('a test event arrives, beside the published workflow ($delivery)', async (parameters) => {
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
	const events = [
		'subscriber.tag_add',
		'subscriber.tag_remove',
		'subscriber.subscriber_unsubscribe',
	];
	const tagId = { __rl: true, mode: 'id', value: String(id) };
	await trigger.listen({ delivery: 'classic', events, tagId });
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
	await trigger.listen({
		delivery: 'signed',
		endpointEvents: ['subscriber.created', 'tag.created'],
	});
	for (let n = 0; n < 150; n++) {
		await sandbox.ask('POST', '/kit/v4/tags', { name: `Tag ${String(n)}` });
	}
	await sandbox.ask('POST', '/kit/v4/subscribers', PERSON);
	const all = await items();
	expect(all).toHaveLength(151);
	expect(new Set(all.map(({ id }) => id)).size).toBe(151);
	expect(all.filter(({ type }) => type === 'subscriber.created')).toMatchObject([
		{ data: { subscriber: PERSON } },
	]);
});

test('a secret that is rotated while it runs keeps working while Kit signs with both', async () => {
	await trigger.listen({ delivery: 'signed', endpointEvents: ['tag.created'] });
	const { webhook_endpoints } = await sandbox.ask('GET', '/kit/v4/webhook_endpoints');
	const [endpoint] = webhook_endpoints as { id: number }[];
	await sandbox.ask('POST', `/kit/v4/webhook_endpoints/${String(endpoint?.id)}/rotate_secret`, {});
	await sandbox.ask('POST', '/kit/v4/tags', { name: 'After' });
	expect(await items()).toMatchObject([{ data: { tag: { name: 'After' } } }]);
});

test('what comes again after a lost answer starts nothing twice', async () => {
	await trigger.listen({ delivery: 'signed', endpointEvents: ['tag.created'] });
	await sandbox.ask('POST', '/kit/v4/tags', { name: 'Once' });
	const [item] = await items();
	const { webhook_endpoints } = await sandbox.ask('GET', '/kit/v4/webhook_endpoints');
	const [endpoint] = webhook_endpoints as { id: number }[];
	const { id, type, created, data } = item ?? {};
	const again = { endpoint: Number(endpoint?.id), events: [{ id, type, created, data }] };
	await sandbox.current.deliver(again);
	expect(await items()).toHaveLength(1);
});

test.each([
	'unsigned',
	'wrongSecret',
	'unreadableSignature',
	'changed',
	'stale',
	'future',
	'notJson',
] as const)('what is %s starts nothing and is not taken', async (wrong) => {
	await trigger.listen({ delivery: 'signed', endpointEvents: ['tag.created'] });
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

test('every event that can be chosen is one that Kit knows', async () => {
	await trigger.listen({
		delivery: 'signed',
		endpointEvents: ENDPOINT_EVENTS.map(({ value }) => value),
	});
	const { webhook_endpoints } = await sandbox.ask('GET', '/kit/v4/webhook_endpoints');
	expect((webhook_endpoints as { events: string[] }[])[0]?.events).toHaveLength(23);
	expect(CLASSIC_EVENTS).toHaveLength(15);
});

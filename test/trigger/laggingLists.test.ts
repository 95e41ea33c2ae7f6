import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { KitSide } from '../support/kitSide';
import { kitNode } from '../support/n8n';
import { useSandbox } from '../support/sandbox';
import type { TriggerOptions } from '../support/trigger';
import { otherProcess, TestTrigger } from '../support/trigger';

const sandbox = useSandbox();
const kit = new KitSide(sandbox);

/** Longer than any of these tests takes, so that lists show nothing of what happens in it */
const LAG_MS = 300_000;

const KINDS = {
	classic: [
		{
			events: ['subscriber.activated', 'subscriber.unsubscribed', 'purchase.created'],
			settings: { delivery: 'classic' },
		},
		{
			events: ['subscriber.unsubscribed', 'subscriber.bounced'],
			settings: { delivery: 'classic' },
		},
	],
	signed: [
		{ events: ['subscriber.created', 'tag.deleted', 'broadcast.sent'] },
		{ events: ['tag.deleted', 'tag.created'] },
	],
	both: [
		{ events: ['subscriber.created', 'purchase.created'] },
		{ events: ['tag.created', 'purchase.created'] },
	],
} as const satisfies Record<string, [INodeParameters, INodeParameters]>;

beforeAll(async () => {
	await kitNode();
});

beforeEach(() => {
	Object.assign(sandbox.current.settings, { lagMs: LAG_MS, laggingWebhookLists: true });
});

/** What is at Kit for a trigger: the names of its events, as its webhooks and its endpoints have them */
async function eventsAtKit(): Promise<string[]> {
	const endpoints = (await kit.endpoints()).flatMap(({ events }) => events);
	const webhooks = (await kit.webhooks()).map(({ event }) => event.name);
	return [...endpoints, ...webhooks].sort();
}

const EXPECTED: Record<string, [string[], string[]]> = {
	classic: [
		['purchase_create', 'subscriber_activate', 'subscriber_unsubscribe'],
		['subscriber_bounce', 'subscriber_unsubscribe'],
	],
	signed: [
		['broadcast.sent', 'subscriber.created', 'tag.deleted'],
		['tag.created', 'tag.deleted'],
	],
	both: [
		['purchase_create', 'subscriber.created'],
		['purchase_create', 'tag.created'],
	],
};

describe.each(Object.entries(KINDS))('%s', (kind, [before, after]) => {
	const [first = [], changed = []] = EXPECTED[kind] ?? [];

	let saved: IDataObject;

	beforeEach(() => {
		saved = {};
	});

	function trigger(parameters: INodeParameters = before, more: Partial<TriggerOptions> = {}) {
		return new TestTrigger({
			parameters,
			credential: sandbox.credential,
			saved,
			webhookBaseUrl: 'https://n8n.example.com/webhook',
			...more,
		});
	}

	test('activating again and again leaves one of each', async () => {
		for (let n = 0; n < 3; n++) await trigger().activate();
		expect(await eventsAtKit()).toEqual(first);
	});

	test('a restart that remembers what was saved leaves one of each', async () => {
		await trigger().activate();
		await trigger(before, { process: await otherProcess() }).activate();
		expect(await eventsAtKit()).toEqual(first);
	});

	test('deactivating at once leaves nothing, and activating after it one of each', async () => {
		await trigger().activate();
		await trigger().deactivate();
		expect(await eventsAtKit()).toEqual([]);
		await trigger().activate();
		expect(await eventsAtKit()).toEqual(first);
	});

	test('what the list still shows of before does not keep it from being made anew', async () => {
		sandbox.current.settings.lagMs = 0;
		await trigger().activate();
		sandbox.current.settings.lagMs = LAG_MS;
		await trigger().deactivate();
		await trigger().activate();
		expect(await eventsAtKit()).toEqual(first);
		await trigger().deactivate();
		expect(await eventsAtKit()).toEqual([]);
	});

	test('other events take the place of those before', async () => {
		await trigger().activate();
		await trigger(after).activate();
		expect(await eventsAtKit()).toEqual(changed);
		await trigger().activate();
		expect(await eventsAtKit()).toEqual(first);
	});

	test.each(Object.keys(KINDS))('%s takes its place', async (other) => {
		await trigger().activate();
		await trigger(KINDS[other as keyof typeof KINDS][1]).activate();
		expect(await eventsAtKit()).toEqual(EXPECTED[other]?.[1]);
	});

	test('publishing a change, as n8n does it, leaves what is wanted', async () => {
		await trigger().activate();
		await trigger().deactivate();
		await trigger(after).activate();
		expect(await eventsAtKit()).toEqual(changed);
	});

	test('two hooks at once leave one of each', async () => {
		await Promise.all([trigger().activate(), trigger().activate()]);
		expect(await eventsAtKit()).toEqual(first);
		await Promise.all([trigger().activate(), trigger(after).activate(), trigger(after).activate()]);
		expect(await eventsAtKit()).toEqual(changed);
	});

	test('activating while it is being deactivated leaves one of each', async () => {
		await trigger().activate();
		const ending = trigger().deactivate();
		await trigger().activate();
		await ending;
		expect(await eventsAtKit()).toEqual(first);
	});

	test('what n8n forgot is found when the lists have caught up', async () => {
		await trigger().activate();
		sandbox.current.advance(LAG_MS / 1000);
		await trigger(before, { saved: {}, process: await otherProcess() }).activate();
		expect(await eventsAtKit()).toEqual(first);
	});

	test('a failure in the middle leaves nothing, although the lists do not show it', async () => {
		sandbox.current.fault({
			kind: 'status',
			status: 422,
			body: { errors: ['No more'] },
			method: kind === 'signed' ? 'PATCH' : 'POST',
			skip: kind === 'signed' ? 0 : 1,
		});
		await expect(trigger().activate()).rejects.toThrow('No more');
		expect(await eventsAtKit()).toEqual([]);
	});
});

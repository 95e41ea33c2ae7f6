import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { kitNode, loadOptionsContext, runKit } from '../support/n8n';
import { useSandbox } from '../support/sandbox';
import type { TriggerOptions } from '../support/trigger';
import { TestTrigger } from '../support/trigger';

const sandbox = useSandbox();

beforeAll(async () => {
	await kitNode();
});

beforeEach(() => {
	sandbox.current.settings.allowLoopbackWebhooks = true;
});

const KINDS = {
	classic: { path: '/kit/v4/webhooks', key: 'webhooks', url: 'target_url' },
	signed: { path: '/kit/v4/webhook_endpoints', key: 'webhook_endpoints', url: 'url' },
} as const;

type Kind = keyof typeof KINDS;

function parametersOf(kind: Kind, events = 3): INodeParameters {
	const classic = ['subscriber.activated', 'subscriber.unsubscribed', 'purchase.created'];
	const signed = ['subscriber.created', 'tag.deleted', 'broadcast.sent'];
	return kind === 'classic'
		? { events: classic.slice(0, events), settings: { delivery: 'classic' } }
		: { events: signed.slice(0, events) };
}

function trigger(kind: Kind, more: Partial<TriggerOptions> = {}): TestTrigger {
	return new TestTrigger({
		parameters: parametersOf(kind),
		credential: sandbox.credential,
		...more,
	});
}

/** What Kit has of a kind */
async function atKit(kind: Kind): Promise<IDataObject[]> {
	const { path, key } = KINDS[kind];
	return (await sandbox.ask('GET', `${path}?per_page=1000`))[key] as IDataObject[];
}

function writes(): string[] {
	return sandbox
		.requests()
		.map(({ request }) => request)
		.filter((request) => !request.startsWith('GET'));
}

describe.each([
	['classic', 3],
	['signed', 1],
] as const)('%s', (kind, count) => {
	test('activating creates what is wanted, deactivating removes it', async () => {
		const node = trigger(kind);
		expect(await node.activate()).toBe('created');
		expect(await atKit(kind)).toHaveLength(count);
		await node.deactivate();
		expect(await atKit(kind)).toEqual([]);
	});

	test('activating again, as n8n does at each start, changes nothing', async () => {
		const node = trigger(kind);
		await node.activate();
		const before = await atKit(kind);
		sandbox.current.log.length = 0;
		expect(await trigger(kind, { saved: node.saved }).activate()).toBe('there');
		expect(writes()).toEqual([]);
		expect(await atKit(kind)).toEqual(before);
	});

	test('dying before n8n saved anything leaves one of each at the next start', async () => {
		await trigger(kind).activate();
		await trigger(kind, { saved: {} }).activate();
		expect(await atKit(kind)).toHaveLength(count);
	});

	test('dying in the middle leaves one of each at the next start', async () => {
		const node = trigger(kind);
		await node.activate();
		const [first] = await atKit(kind);
		await sandbox.ask('DELETE', `${KINDS[kind].path}/${String(Number(first?.id))}`);
		expect(await trigger(kind, { saved: node.saved }).activate()).toBe('created');
		expect(await atKit(kind)).toHaveLength(count);
	});

	test('another choice of events takes the place of the one before', async () => {
		const { saved } = trigger(kind);
		await trigger(kind, { saved }).activate();
		const parameters = parametersOf(kind, 1);
		const changed = trigger(kind, { saved, parameters });
		expect(await changed.activate()).toBe('created');
		expect(await atKit(kind)).toHaveLength(1);
		expect(await changed.activate()).toBe('there');
	});

	test('the other kind of delivery takes the place of the one before', async () => {
		const other = kind === 'classic' ? 'signed' : 'classic';
		await trigger(kind).activate();
		await trigger(other).activate();
		expect(await atKit(kind)).toEqual([]);
		expect(await atKit(other)).not.toEqual([]);
	});

	test('the webhooks of other workflows stay', async () => {
		const other = trigger(kind, { webhookId: 'hook-2' });
		await other.activate();
		const node = trigger(kind);
		await node.activate();
		await node.deactivate();
		expect(await atKit(kind)).toHaveLength(count);
		expect(await other.activate()).toBe('there');
	});

	test('what is gone already does not keep it from being deactivated', async () => {
		const node = trigger(kind);
		await node.activate();
		sandbox.current.fault({
			kind: 'status',
			status: 404,
			body: { errors: ['Not Found'] },
			method: 'DELETE',
			times: count,
		});
		await expect(node.deactivate()).resolves.toBeUndefined();
	});

	test('what cannot be removed is said', async () => {
		const node = trigger(kind);
		await node.activate();
		sandbox.current.fault({
			kind: 'status',
			status: 422,
			body: { errors: ['Unable to destroy'] },
			method: 'DELETE',
		});
		await expect(node.deactivate()).rejects.toThrow('Unable to destroy');
	});

	test('one among 1,200 is found', async () => {
		const others = Array.from({ length: 1200 }, (_, n) => `https://example.com/${String(n)}`);
		for (let from = 0; from < others.length; from += 100) {
			await Promise.all(
				others.slice(from, from + 100).map((url) =>
					sandbox.ask('POST', KINDS[kind].path, {
						[KINDS[kind].url]: url,
						...(kind === 'classic'
							? { event: { name: 'subscriber.subscriber_activate' } }
							: { events: ['subscriber.created'] }),
					}),
				),
			);
		}
		const { saved } = trigger(kind);
		await trigger(kind, { saved }).activate();
		for (let n = 0; n < 5; n++) {
			expect(await trigger(kind, { saved }).activate()).toBe('there');
		}
		const node = trigger(kind, { saved });
		await node.deactivate();
		const { pagination } = await sandbox.ask('GET', `${KINDS[kind].path}?include_total_count=true`);
		expect(pagination).toMatchObject({ total_count: 1200 });
		// 1,200 requests to a sandbox that is rough.
	}, 240_000);

	test('no events is said before anything is created', async () => {
		const parameters = { ...parametersOf(kind), events: [] };
		await expect(trigger(kind, { parameters }).activate()).rejects.toThrow(
			'Events must be filled in, and is empty',
		);
		expect(writes()).toEqual([]);
	});
});

describe('classic', () => {
	test.each([0, 1, 2])('when creation %i of 3 fails, none is left', async (skip) => {
		sandbox.current.fault({
			kind: 'status',
			status: 422,
			body: { errors: ['Too many webhooks'] },
			method: 'POST',
			skip,
		});
		await expect(trigger('classic').activate()).rejects.toThrow('Too many webhooks');
		expect(await atKit('classic')).toEqual([]);
	});

	test('a lost answer to a creation leaves none, and the error says so', async () => {
		sandbox.current.fault({ kind: 'drop', afterHandling: true, method: 'POST' });
		await expect(trigger('classic').activate()).rejects.toThrow('could not be reached');
		expect(await atKit('classic')).toEqual([]);
	});

	test('each webhook has its event and a token in its address, and what the event needs', async () => {
		const { tags } = await sandbox.ask('GET', '/kit/v4/tags');
		const [{ id } = {}] = tags as IDataObject[];
		const node = trigger('classic', {
			parameters: {
				events: ['subscriber.tag_added'],
				tagsAdded: [id as number],
				settings: { delivery: 'classic' },
			},
		});
		await node.activate();
		const [webhook] = await atKit('classic');
		expect(webhook).toMatchObject({ event: { name: 'tag_add', tag_id: id } });
		expect(webhook?.target_url).toMatch(
			new RegExp(`^${node.url}\\?event=subscriber.tag_add&workflow=workflow-1&token=[0-9a-f]{32}$`),
		);
		expect(JSON.stringify(webhook)).not.toContain(sandbox.credential.apiKey);
		expect(await node.activate()).toBe('there');
	});

	test('its token is not shown by the Kit node, neither in rows nor in the list to choose from', async () => {
		await trigger('classic').activate();
		const { json } = await runKit({
			credential: sandbox.credential,
			parameters: { resource: 'webhook', operation: 'getAll', returnAll: true },
		});
		const context = await loadOptionsContext(sandbox.credential);
		const choices = await (await kitNode()).methods?.listSearch?.searchWebhooks?.call(context);
		expect(json).toHaveLength(3);
		expect(choices?.results).toHaveLength(3);
		expect(JSON.stringify([json, choices])).not.toMatch(/[0-9a-f]{32}/);
	});

	test('another tag takes the place of the one before', async () => {
		const { tags } = await sandbox.ask('GET', '/kit/v4/tags');
		for (const { id } of (tags as IDataObject[]).slice(0, 2)) {
			await trigger('classic', {
				parameters: {
					events: ['subscriber.tag_removed'],
					tagsRemoved: [Number(id)],
					settings: { delivery: 'classic' },
				},
			}).activate();
			expect(await atKit('classic')).toMatchObject([{ event: { tag_id: id } }]);
		}
	});
});

describe('signed', () => {
	test('a disabled endpoint, and one whose secret is being rotated, is replaced', async () => {
		const { saved } = trigger('signed');
		const node = trigger('signed', { saved });
		for (const change of [
			['PATCH', '', { status: 'disabled' }],
			['POST', '/rotate_secret', {}],
		] as const) {
			await node.activate();
			const [endpoint] = await atKit('signed');
			const [method, action, body] = change;
			await sandbox.ask(
				method,
				`${KINDS.signed.path}/${String(Number(endpoint?.id))}${action}`,
				body,
			);
			expect(await node.activate()).toBe('created');
			expect(await atKit('signed')).toHaveLength(1);
			expect(await node.activate()).toBe('there');
		}
	});

	test('the secret is kept with the node, and gone when it is deactivated', async () => {
		const { saved } = trigger('signed');
		const node = trigger('signed', { saved });
		await node.activate();
		expect(JSON.stringify(saved)).toContain('whsec_');
		await node.deactivate();
		expect(JSON.stringify(saved)).not.toContain('whsec_');
	});
});

import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { KitRun } from '../support/n8n';
import { runKit, WAYS } from '../support/n8n';
import { passLag } from '../support/passingLag';
import { useSandbox } from '../support/sandbox';
import { byEmail, byId, byName } from './cases/case';

const sandbox = useSandbox();

const run = async (operation: string, parameters: INodeParameters, more: Partial<KitRun> = {}) => {
	const [resource = '', value = ''] = operation.split('.');
	return await runKit({
		credential: sandbox.credential,
		parameters: { resource, operation: value, ...parameters },
		...more,
	});
};

const requests = () => sandbox.requests().map(({ request }) => request);

async function newTag(name = 'New'): Promise<number> {
	const { tag } = await sandbox.ask('POST', '/kit/v4/tags', { name });
	return (tag as { id: number }).id;
}

describe('lists and lookups that lag behind', () => {
	beforeEach(() => {
		sandbox.current.settings.lagMs = 300_000;
	});

	test.each<[string, INodeParameters, 'create' | 'createMany']>([
		['subscriber.get', {}, 'create'],
		['subscriber.getTags', { returnAll: true }, 'create'],
		['subscriber.update', { firstName: 'Bea' }, 'create'],
		['subscriber.unsubscribe', {}, 'create'],
		['tag.addToSubscribers', { tagId: byId('={{ $json.tag }}') }, 'create'],
		['tag.addToSubscribers', { tagId: byId('={{ $json.tag }}') }, 'createMany'],
	])('who was just created is found by email address with %s', async (...the) => {
		const [operation, parameters, create] = the;
		const email = `${operation}-${create}@example.com`.toLowerCase();
		const tag = await newTag();
		const created = await run(`subscriber.${create}`, { emailAddress: email });
		expect(created.error).toBeUndefined();
		const subscriberId = byEmail(email.toUpperCase());
		const { error } = await run(operation, { ...parameters, subscriberId }, { items: [{ tag }] });
		expect(error).toBeUndefined();
		expect(requests()).not.toContain('GET /kit/v4/subscribers');
	});

	test('an address that Kit does not find yet is asked for again, alone and in bulk', async () => {
		passLag();
		sandbox.current.settings.lagMs = 2000;
		const tag = await newTag();
		for (const name of ['one', 'two']) {
			await sandbox.ask('POST', '/kit/v4/subscribers', { email_address: `${name}@example.com` });
		}
		const [alone, bulk] = await Promise.all([
			run('subscriber.get', { subscriberId: byEmail('one@example.com') }),
			run('tag.addToSubscribers', { tagId: byId(tag), subscriberId: byEmail('two@example.com') }),
		]);
		expect([alone.error, bulk.error]).toEqual([undefined, undefined]);
		expect(alone.json).toMatchObject([{ email_address: 'one@example.com' }]);
		expect(bulk.json).toMatchObject([{ email_address: 'two@example.com' }]);
	});

	test('a name that Kit does not list yet is asked for again', async () => {
		passLag();
		sandbox.current.settings.lagMs = 2000;
		const tag = await newTag('Brand new');
		const { error } = await run('tag.addToSubscriber', {
			tagId: byName('Brand new'),
			subscriberId: byId(1),
		});
		expect(error?.message).toContain('subscriber 1');
		expect(requests()).toContain(`POST /kit/v4/tags/${String(tag)}/subscribers/1`);
	});

	test('the error about an unknown address names the lag', async () => {
		const { error } = await run('subscriber.get', { subscriberId: byEmail('nobody@example.com') });
		expect(error?.message).toContain('no subscriber with the email address nobody@example.com');
		expect(error?.description).toMatch(
			/by their ID at once, but by their email address only after up to five minutes/,
		);
	});
});

describe.each(WAYS)('bulk failures that name what does not exist with null, run by %s', (way) => {
	test('one item of a bulk operation fails with its own error', async () => {
		const { error } = await run(
			'tag.removeFromSubscribers',
			{ tagId: byId(await newTag()), subscriberId: byId(42) },
			{ way },
		);
		expect(error?.message).toContain('does not exist');
	});
});

describe('bulk failures that name what does not exist with null', () => {
	const TAGGING = { tagId: byId('={{ $json.tag }}'), subscriberId: byId('={{ $json.id }}') };

	async function people(): Promise<number[]> {
		const { subscribers } = await sandbox.ask('GET', '/kit/v4/subscribers?per_page=20');
		return (subscribers as { id: number }[]).map(({ id }) => id);
	}

	test.each(['tag.addToSubscribers', 'tag.removeFromSubscribers'])(
		'%s fails for the one who does not exist, and for nobody else',
		async (operation) => {
			const tag = await newTag();
			const ids = await people();
			const items = [...ids.slice(0, 7), 42, ...ids.slice(7)].map((id) => ({ id, tag }));
			const { json } = await run(operation, TAGGING, { items, onError: 'continueRegularOutput' });
			const failed = json.flatMap(({ error }, index) => (error === undefined ? [] : [index]));
			expect(failed).toEqual([7]);
		},
	);

	test('of two tags for one subscriber, the one that does not exist fails', async () => {
		const tag = await newTag();
		const [id = 0] = await people();
		for (const tags of [
			[999_999, tag],
			[tag, 999_999],
		]) {
			const items = tags.map((one) => ({ id, tag: one }));
			const { json } = await run('tag.addToSubscribers', TAGGING, {
				items,
				onError: 'continueRegularOutput',
			});
			expect(json.map(({ error }) => error !== undefined)).toEqual(tags.map((one) => one !== tag));
		}
	});
});

test.each(WAYS)(
	'Tag → Delete goes another way where Kit knows no such path, run by %s',
	async (way) => {
		sandbox.current.settings.noTagDelete = true;
		const id = await newTag();
		const tagId = byId(id);
		const { json, error } = await run('tag.delete', { tagId }, { way });
		expect(error).toBeUndefined();
		expect(json).toEqual([{ deleted: true, id }]);
		expect(requests().at(-1)).toBe('DELETE /kit/v4/bulk/tags');
		const { error: again } = await run('tag.delete', { tagId }, { way });
		expect(again?.httpCode).toBe('404');
		expect(again?.message).toContain('does not exist');
	},
);

test('Kit’s sentences about sequences are read though they are nested', async () => {
	sandbox.current.fault({ kind: 'status', status: 422, body: { errors: [['Name is too long']] } });
	const { error } = await run('sequence.create', { name: 'Series' });
	expect(error?.message).toBe('Name is too long');
	expect(error?.description).toContain('Correct the value that Kit names');
});

test('what Kit warns of stands beside the output as well', async () => {
	const subscriber = { id: 1, email_address: 'new@example.com' };
	const warnings = ['The custom field unknown_key does not exist'];
	sandbox.current.fault({ kind: 'status', status: 200, body: { subscriber, warnings } });
	const result = await run('subscriber.create', { emailAddress: 'new@example.com' });
	expect(result.json).toEqual([{ ...subscriber, warnings }]);
	const hints = result.run.data.resultData.runData.Kit?.[0]?.hints ?? [];
	expect(hints.map(({ message }) => message)).toEqual([
		expect.stringMatching(/^Kit warns: .*unknown_key/) as string,
	]);
});

test('an error carries Kit’s own name for the request', async () => {
	const { error } = await run('tag.update', { tagId: byId(999_999), name: 'x' });
	expect(error?.description).toMatch(/Kit’s support finds this request as [\w-]+\.$/);
});

test.each<[string, INodeParameters]>([
	['tag.createMany', { name: 'A' }],
	['purchase.getAll', {}],
	['webhookEndpoint.getAll', {}],
])('a connection by API key is told apart from a bad one by %s', async (...the) => {
	const credential = { ...sandbox.credential, connectionId: sandbox.current.connections.apiKey };
	const { error } = await run(...the, { credential });
	expect(error?.description).toContain('need a connection to Kit by OAuth2');
	expect(error?.description).toContain('connect Kit at maton.ai by OAuth2');
});

test('a condition that Kit does not understand is not blamed on the connection', async () => {
	sandbox.current.fault({
		kind: 'status',
		status: 500,
		path: '/kit/v4/subscribers/filter',
		times: 9,
	});
	const { error } = await run('subscriber.filter', {
		conditions: { condition: [{ type: 'subscriber_state', states: ['active'] }] },
	});
	expect(error?.message).toContain('Kit could not filter by these conditions');
	expect((error as unknown as IDataObject).description).not.toContain('delete the old connection');
});

test('names that look alike are told apart in an import', async () => {
	const lower = await newTag('vip');
	const { tags } = await sandbox.ask('GET', '/kit/v4/tags?per_page=1000');
	const upper = (tags as { id: number; name: string }[]).find(({ name }) => name === 'VIP')?.id;
	const digits = await newTag(String(upper));
	await newTag('Caf\u00e9');
	const { json, error } = await run(
		'subscriber.createMany',
		{
			emailAddress: '={{ $json.email }}',
			tags: '={{ $json.tags }}',
			additionalFields: { createTags: true },
		},
		{
			items: [
				{ email: 'a@example.com', tags: 'vip' },
				{ email: 'b@example.com', tags: String(upper) },
				{ email: 'c@example.com', tags: 'Cafe\u0301' },
				{ email: 'd@example.com', tags: '99999' },
				{ email: 'e@example.com', tags: 'Vip' },
			],
			onError: 'continueRegularOutput',
		},
	);
	expect(error).toBeUndefined();
	expect(json.map(({ error: refused }) => refused)).toEqual([
		undefined,
		undefined,
		undefined,
		expect.stringContaining('the account has no tag called “99999”'),
		expect.stringContaining('more than one tag of the account is called “Vip”'),
	]);
	const members = async (tag: number | undefined) => {
		const path = `/kit/v4/tags/${String(tag)}/subscribers?per_page=1000`;
		const { subscribers } = await sandbox.ask('GET', path);
		return (subscribers as { email_address: string }[]).map(({ email_address }) => email_address);
	};
	expect(await members(lower)).toEqual(['a@example.com']);
	expect(await members(upper)).toContain('b@example.com');
	expect(await members(digits)).toEqual([]);
});

test.each([
	['subscriber.createMany', 'Import'],
	['subscriber.create', 'One'],
])(
	'a tag that people call in other accents and capitals is created once: %s',
	async (operation, prefix) => {
		const items = [
			{ email: 'a@example.com', tags: `${prefix} Th\u00e9` },
			{ email: 'b@example.com', tags: `${prefix} The\u0301, ${prefix} TH\u00c9` },
			{ email: 'c@example.com', tags: `${prefix.toUpperCase()} th\u00e9` },
		];
		const { error, json } = await run(
			operation,
			{
				emailAddress: '={{ $json.email }}',
				tags: '={{ $json.tags }}',
				additionalFields: { createTags: true },
			},
			{ items },
		);
		expect(error).toBeUndefined();
		const { tags } = await sandbox.ask('GET', '/kit/v4/tags?per_page=1000');
		const names = (tags as { name: string }[]).map(({ name }) =>
			name.normalize('NFC').toLowerCase(),
		);
		expect(names.filter((name) => name === `${prefix.toLowerCase()} th\u00e9`)).toHaveLength(1);
		expect(json).toHaveLength(3);
	},
);

test('Kit’s own 429 holds the key back, and the run can be cancelled in it', async () => {
	sandbox.current.fault({ kind: 'kitRateLimit' });
	// The same gateway, spelled differently: this holds back no other test.
	const credential = { ...sandbox.credential, baseUrl: `${sandbox.credential.baseUrl}/.` };
	const { run: held } = await run(
		'account.get',
		{},
		{
			credential,
			items: [{}, {}, {}],
			whileRunning: (cancel) => {
				const timer = setInterval(() => {
					if (sandbox.requests().length === 0) return;
					clearInterval(timer);
					setTimeout(cancel, 1000);
				}, 20);
			},
		},
	);
	expect(held.status).toBe('canceled');
	expect(sandbox.requests().filter(({ status }) => status === 429)).toHaveLength(1);
	expect(sandbox.requests().length).toBeLessThanOrEqual(3);
});

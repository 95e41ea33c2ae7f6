import { Logger } from '@n8n/backend-common';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { httpSettings } from '../../nodes/Kit/operation/requestOptions';
import type { KitRun } from '../support/n8n';
import { runKit } from '../support/n8n';
import type { TestProxy } from '../support/proxy';
import { startProxy } from '../support/proxy';
import { useSandbox } from '../support/sandbox';
import { byEmail, byId, mapped } from './cases/case';

const sandbox = useSandbox({ subscribers: 1200, keepAnswers: true });

const run = async (operation: string, parameters: INodeParameters, more: Partial<KitRun> = {}) => {
	const [resource = '', value = ''] = operation.split('.');
	return await runKit({
		credential: sandbox.credential,
		parameters: { resource, operation: value, ...parameters },
		...more,
	});
};

const sent = (request: string) =>
	sandbox.requests().filter((one) => one.request === request).length;

const hintsOf = ({ run: { data } }: Awaited<ReturnType<typeof runKit>>) =>
	(data.resultData.runData.Kit?.at(-1)?.hints ?? []).map(({ message }) => message);

async function someone(): Promise<{ id: number; email: string }> {
	const { subscribers } = await sandbox.ask('GET', '/kit/v4/subscribers?per_page=1');
	const [{ id, email_address }] = subscribers as [{ id: number; email_address: string }];
	return { id, email: email_address };
}

/** Cancels a run a moment after so many requests have arrived. */
const cancelAfter = (requests: number) => (cancel: () => void) => {
	const timer = setInterval(() => {
		if (sandbox.requests().length < requests) return;
		clearInterval(timer);
		setTimeout(cancel, 300);
	}, 10);
};

describe('the proxy of the node’s options', () => {
	let proxy: TestProxy;
	beforeEach(async () => {
		proxy = await startProxy();
	});
	afterEach(async () => {
		await proxy.close();
	});

	test.each<[string, string, (who: { email: string }) => INodeParameters]>([
		['an operation', 'account.get', () => ({})],
		[
			'a lookup by email address',
			'subscriber.getTags',
			({ email }) => ({ subscriberId: byEmail(email) }),
		],
		[
			'a bulk request and its lookups',
			'tag.addToSubscribers',
			({ email }) => ({ tagId: byId(1), subscriberId: byEmail(email) }),
		],
		[
			'every part of an import',
			'subscriber.createMany',
			() => ({
				emailAddress: 'new@example.com',
				tags: ['New'],
				additionalFields: {
					createTags: true,
					customFieldsJson: '{"last_name": "X"}',
				},
			}),
		],
		['an export and its columns', 'subscriber.export', () => ({})],
		[
			'a list from both of its ends',
			'subscriber.getAll',
			() => ({ returnAll: true, filters: { status: 'all' } }),
		],
	])('is used by %s', async (_, operation, parametersOf) => {
		const parameters = parametersOf(await someone());
		await run(
			operation,
			{ ...parameters, requestOptions: { proxy: proxy.url } },
			{ onError: 'continueRegularOutput' },
		);
		expect(sandbox.requests().length).toBeGreaterThan(0);
		expect(proxy.passed.length).toBeGreaterThanOrEqual(sandbox.requests().length);
	});

	test.each(['proxy.example.com:3128', 'ftp://proxy.example.com', 'http://'])(
		'is refused by its name where it is no address: %s',
		async (address) => {
			const { error } = await run('account.get', { requestOptions: { proxy: address } });
			expect(error?.message).toContain('Proxy must be an address such as');
			expect(sandbox.requests()).toEqual([]);
		},
	);

	test.each([
		['http://proxy.example.com', { host: 'proxy.example.com', port: 80, protocol: 'http' }],
		['https://proxy.example.com', { host: 'proxy.example.com', port: 443, protocol: 'https' }],
		[
			'http://me:p%40ss@proxy.example.com:3128',
			{
				host: 'proxy.example.com',
				port: 3128,
				protocol: 'http',
				auth: { username: 'me', password: 'p@ss' },
			},
		],
	])('%s has its own port or the usual one', (address, proxyOptions) => {
		const item = { getNodeParameter: () => ({ proxy: address }) } as never;
		expect(httpSettings(item)).toEqual({ proxy: proxyOptions });
	});
});

describe('batches', () => {
	const batching = (batchSize: number, batchInterval: number) => ({
		requestOptions: { batching: { batch: { batchSize, batchInterval } } },
	});
	const names = (count: number) =>
		Array.from({ length: count }, (_, n) => ({ name: `Tag ${String(n)}` }));

	test('of reads come one after the other, with a pause between them', async () => {
		const { run: ended } = await run('account.get', batching(2, 100_000), {
			items: names(5),
			whileRunning: cancelAfter(2),
		});
		expect(ended.status).toBe('canceled');
		// What a list of the test before had under way may still arrive.
		const requests = sandbox.requests().map(({ request }) => request);
		expect(requests.filter((request) => request !== 'GET /kit/v4/subscribers')).toEqual(
			Array(2).fill('GET /kit/v4/account'),
		);
	});

	test.each([
		['Items per Batch', 1.5, 1],
		['Items per Batch', '={{ "ten" }}', 1],
		['Batch Interval', 1, '={{ "x" }}'],
	])('are refused by the name of what is no whole number: %s', async (name, size, interval) => {
		const { error } = await run('account.get', batching(size as never, interval as never));
		expect(error?.message).toContain(`${name} must be a whole number`);
		expect(sandbox.requests()).toEqual([]);
	});

	test('of bulk operations are no larger than they are set', async () => {
		const { json } = await run(
			'tag.createMany',
			{ name: '={{ $json.name }}', ...batching(2, 1) },
			{ items: names(5) },
		);
		expect(json).toHaveLength(5);
		const sizes = sandbox.requests().map(({ body }) => (body as { tags: unknown[] }).tags.length);
		expect(sizes).toEqual([2, 2, 1]);
	});
});

test('a bulk operation sends the items of each account in a request of its own', async () => {
	sandbox.current.clearFaults();
	const { main, second } = sandbox.current.connections;
	const credential = { ...sandbox.credential, connectionId: '={{ $json.connection }}' };
	const items = [
		{ name: 'Here', connection: main },
		{ name: 'There', connection: second },
		{ name: 'Here too', connection: main },
	];
	const { json } = await run(
		'tag.createMany',
		{ name: '={{ $json.name }}' },
		{ credential, items },
	);
	expect(json.map(({ name }) => name)).toEqual(['Here', 'There', 'Here too']);
	const requests = sandbox.current.log.map(({ headers, body }) => ({
		connection: headers['maton-connection'] ?? '',
		names: (body as { tags: { name: string }[] }).tags.map(({ name }) => name),
	}));
	expect(requests).toEqual([
		{ connection: main, names: ['Here', 'Here too'] },
		{ connection: second, names: ['There'] },
	]);
});

test('of values for one subscriber by two names of an account, the last one stays', async () => {
	const { id } = await someone();
	const { custom_fields: fields } = await sandbox.ask('GET', '/kit/v4/custom_fields');
	const [field] = fields as [{ id: number; key: string }];
	const { main } = sandbox.current.connections;
	const credential = { ...sandbox.credential, connectionId: '={{ $json.connection }}' };
	const values = ['First', 'Mid', 'First'];
	const { json } = await run(
		'customField.setValues',
		{ subscriberId: byId(id), customFields: mapped({ [field.key]: '={{ $json.value }}' }) },
		{ credential, items: values.map((value, n) => ({ value, connection: n === 1 ? main : '' })) },
	);
	expect(json.map(({ fields: set }) => (set as IDataObject)[field.key])).toEqual(values);
	const { subscriber } = await sandbox.ask('GET', `/kit/v4/subscribers/${String(id)}`);
	expect((subscriber as IDataObject).fields).toHaveProperty(field.key, 'First');
});

test('a wrong account stops the run before another is written to', async () => {
	const credential = { ...sandbox.credential, apiKey: '={{ $json.key }}' };
	for (const key of ['', 'wrong']) {
		const items = [
			{ name: 'One', key },
			{ name: 'Two', key: sandbox.credential.apiKey },
		];
		const { error } = await run(
			'tag.createMany',
			{ name: '={{ $json.name }}' },
			{ credential, items },
		);
		expect(error?.context?.itemIndex).toBe(0);
		expect(sandbox.requests().filter(({ status }) => status < 300)).toEqual([]);
	}
});

describe('Retry On Fail', () => {
	const BROADCAST = { subject: '={{ $json.subject }}', content: '<p>Hi</p>' };
	const retrying = { retryOnFail: true } as const;

	test('does not create again what an earlier try created', async () => {
		sandbox.current.fault({ kind: 'status', status: 422, body: { errors: ['No'] }, skip: 1 });
		const result = await run('broadcast.create', BROADCAST, {
			...retrying,
			items: [{ subject: 'One' }, { subject: 'Two' }],
		});
		expect(result.error).toBeUndefined();
		expect(result.json.map(({ subject }) => subject)).toEqual(['One', 'Two']);
		const subjects = sandbox.requests().map(({ body }) => (body as IDataObject).subject);
		expect(subjects).toEqual(['One', 'Two', 'Two']);
		expect(hintsOf(result)).toContain(
			'Item 0 was done by an earlier try of this run, and was not sent again.',
		);
	});

	test('does not create again what may have been created, and says so', async () => {
		sandbox.current.fault({ kind: 'drop', afterHandling: true });
		const { error } = await run('broadcast.create', BROADCAST, {
			...retrying,
			items: [{ subject: 'One' }],
		});
		expect(error?.description).toContain('unknown whether Kit carried this out');
		expect(sent('POST /kit/v4/broadcasts')).toBe(1);
	});

	test('tells how many went through once, however often it tried', async () => {
		sandbox.current.fault({ kind: 'drop', afterHandling: true, skip: 1 });
		const { error } = await run('broadcast.create', BROADCAST, {
			...retrying,
			items: [{ subject: 'One' }, { subject: 'Two' }, { subject: 'Three' }],
		});
		expect(error?.message).toBe(
			'The Maton gateway could not be reached. 1 of 3 items went through, 1 did not, 1 were not sent.',
		);
	});

	test.each([
		['without its record', { kind: 'status', status: 201, body: {} }],
		['with another', { kind: 'status', status: 200, body: { ok: true } }],
	] as const)('does not create again what was answered %s', async (_, fault) => {
		sandbox.current.fault({ ...fault, times: 9 });
		const { error } = await run('broadcast.create', BROADCAST, {
			...retrying,
			items: [{ subject: 'One' }],
		});
		expect(error?.description).toContain('unknown whether Kit carried this out');
		expect(sent('POST /kit/v4/broadcasts')).toBe(1);
	});

	test.each(['tag.delete', 'tag.deleteMany'])('%s goes on where it was', async (operation) => {
		const ids: number[] = [];
		for (const name of ['One', 'Two']) {
			const { tag } = await sandbox.ask('POST', '/kit/v4/tags', { name });
			ids.push((tag as { id: number }).id);
		}
		const bulk = operation === 'tag.deleteMany';
		const batching = {
			requestOptions: { batching: { batch: { batchSize: 1, batchInterval: 1 } } },
		};
		sandbox.current.fault({ kind: 'status', status: 422, body: { errors: ['Busy'] }, skip: 1 });
		const { json, error } = await run(
			operation,
			{ tagId: byId('={{ $json.id }}'), ...(bulk && batching) },
			{ ...retrying, items: ids.map((id) => ({ id })) },
		);
		expect(error).toBeUndefined();
		expect(json).toEqual(ids.map((id) => ({ deleted: true, id })));
		expect(sandbox.requests().map(({ status }) => status)).toEqual(
			bulk ? [200, 422, 200] : [204, 422, 204],
		);
	});

	test('tries again what was surely not done', async () => {
		sandbox.current.fault({ kind: 'status', status: 422, body: { errors: ['Busy'] } });
		const { json } = await run('broadcast.create', BROADCAST, {
			...retrying,
			items: [{ subject: 'One' }],
		});
		expect(json).toMatchObject([{ subject: 'One' }]);
		expect(sent('POST /kit/v4/broadcasts')).toBe(2);
	});

	test('keeps nothing from one run to the next', async () => {
		for (const subject of ['One', 'Two']) {
			const { json } = await run('broadcast.create', BROADCAST, {
				...retrying,
				items: [{ subject }],
			});
			expect(json).toMatchObject([{ subject }]);
		}
	});
});

test('a lost write is said to be of unknown outcome only where it may have arrived', async () => {
	const credential = { ...sandbox.credential, baseUrl: 'http://127.0.0.1:1' };
	const { error } = await run('snippet.create', { name: 'A', content: 'A' }, { credential });
	expect(error?.description).toBe('Nothing answers there: check the Base URL in the credential');
	sandbox.current.fault({ kind: 'drop' });
	const { error: lost } = await run('snippet.create', { name: 'A', content: 'A' });
	expect(lost?.description).toMatch(/try again\. It is unknown whether Kit carried this out/);
});

test('a write that was refused for now is not sent again once another has failed', async () => {
	const { subscribers } = await sandbox.ask('GET', '/kit/v4/subscribers?per_page=4');
	const people = subscribers as { id: number }[];
	const path = '/kit/v4/tags';
	const { tag } = await sandbox.ask('POST', path, { name: 'Late' });
	const headers = { 'Retry-After': '3' };
	sandbox.current.clearFaults();
	// So that all of them are under way when the first is refused.
	sandbox.current.settings.latencyMs = 300;
	sandbox.current.fault({ kind: 'status', status: 429, headers, path });
	sandbox.current.fault({ kind: 'status', status: 422, body: { errors: ['No'] }, path });
	const { error } = await run(
		'tag.addToSubscriber',
		{ tagId: byId((tag as { id: number }).id), subscriberId: byId('={{ $json.id }}') },
		{ items: people },
	);
	expect(error?.message).toBe('No. 2 of 4 items went through, 1 did not, 1 were not sent.');
	expect(sandbox.requests().map(({ status }) => status)).toEqual([429, 422, 201, 201]);
});

test('an item whose tag was still looked for when another item failed is said to be left out', async () => {
	sandbox.current.fault({
		kind: 'slow',
		delayMs: 500,
		path: '/kit/v4/tags',
		method: 'GET',
		skip: 1,
	});
	const { tag } = await sandbox.ask('POST', '/kit/v4/tags', { name: 'There' });
	const { error } = await run(
		'tag.addToSubscriber',
		{
			tagId: { __rl: true, mode: 'name', value: '={{ $json.tag }}' },
			subscriberId: byId('={{ $json.id }}'),
		},
		{
			items: [
				{ tag: (tag as IDataObject).name, id: 999_999 },
				{ tag: 'Nowhere', id: 1 },
			],
		},
	);
	expect(error?.message).toMatch(/0 of 2 items went through, 1 did not, 1 were not sent\.$/);
});

test('nothing is sent after a run has failed, though it was read ahead', async () => {
	const { id } = await someone();
	const items = [{ id: 999_999 }, ...Array.from({ length: 60 }, () => ({ id }))];
	const { error } = await run(
		'subscriber.get',
		{ subscriberId: byId('={{ $json.id }}') },
		{ items },
	);
	expect(error?.context?.itemIndex).toBe(0);
	// Requests that wait for their turn go out in order, so this is the last one if any did wait.
	await run('account.get', {});
	expect(sandbox.requests().length).toBeLessThanOrEqual(11);
	expect(sandbox.requests().at(-1)?.request).toBe('GET /kit/v4/account');
});

test.each<[string, string, INodeParameters]>([
	['of a single operation', 'tag.update', { tagId: byId(999_999), name: 'x' }],
	['of a bulk operation', 'tag.deleteMany', { tagId: byId(999_999) }],
	['refused before it is sent', 'tag.update', { tagId: byId('={{ "vip" }}'), name: 'x' }],
])('a failed item %s is {error, message}, which older n8n tells from success', async (...the) => {
	const [, operation, parameters] = the;
	const { json } = await run(operation, parameters, { onError: 'continueRegularOutput' });
	expect(json).toEqual([
		{ error: expect.any(String) as string, message: expect.any(String) as string },
	]);
});

describe('what the credential holds', () => {
	test.each([
		['a key that is a number', { apiKey: 5 }, 'Maton API Key must be text, not number'],
		['a key that is missing', { apiKey: undefined }, 'Maton API Key must be filled in'],
		['a key of two lines', { apiKey: 'abc\ndef' }, 'Maton API Key must be one word'],
		[
			'a connection that is a list',
			{ connectionId: ['a'] },
			'Connection ID must be text, not a list',
		],
		[
			'a connection by an expression that gives nothing',
			{ connectionId: '={{ $json.gone }}' },
			'Connection ID is an expression that gave nothing',
		],
		['a base URL that is an object', { baseUrl: {} }, 'Base URL must be text, not object'],
		['a base URL without a scheme', { baseUrl: 'api.maton.ai' }, 'Base URL is not an address'],
	])('is refused by the name of its field: %s', async (_, wrong, sentence) => {
		const credential = { ...sandbox.credential, ...wrong } as never;
		const { error } = await run('account.get', {}, { credential });
		expect(error?.message).toContain(sentence);
		expect(sandbox.requests()).toEqual([]);
	});

	test('may have blanks and line ends around it', async () => {
		const { apiKey, baseUrl } = sandbox.credential;
		const credential = { apiKey: ` ${apiKey}\n`, connectionId: ' \n', baseUrl: `${baseUrl}/\n` };
		const { error } = await run('account.get', {}, { credential });
		expect(error).toBeUndefined();
	});

	test('stays hidden in an error, whatever form quotes the key', async () => {
		const { apiKey } = sandbox.credential;
		const forms = [apiKey, Buffer.from(apiKey).toString('base64'), `Bearer ${apiKey}\n`];
		sandbox.current.fault({ kind: 'status', status: 422, body: { errors: forms } });
		const credential = { ...sandbox.credential, apiKey: `${apiKey}\n` };
		const { error } = await run('account.get', {}, { credential });
		expect(error?.message).toBe('[hidden key]; [hidden key]; Bearer [hidden key]\n');
	});
});

test.each([
	['the operation', { resource: 'account', operation: '={{ "get" }}' }],
	['the resource', { resource: '={{ "account" }}', operation: 'get' }],
	['an operation that does not exist', { resource: 'account', operation: 'toString' }],
])('%s cannot be an expression: nothing is sent to the bare gateway', async (_, parameters) => {
	const { error } = await runKit({ credential: sandbox.credential, parameters });
	expect(error?.message).toBe('This operation does not exist');
	expect(sandbox.requests()).toEqual([]);
});

test('a filter whose expression gave nothing is said beside the output', async () => {
	sandbox.current.clearFaults();
	const result = await run('subscriber.getAll', {
		limit: 1,
		filters: { createdAfter: '={{ $json.missing }}', status: 'all' },
	});
	expect(hintsOf(result)).toEqual([
		'Filters: Created After: the expression gave nothing, so nothing was filtered by it.',
	]);
});

test('each request is logged at debug level, without what it says', async () => {
	const { email } = await someone();
	const debug = jest.spyOn(Logger.prototype, 'debug');
	sandbox.current.fault({ kind: 'status', status: 503, body: {} });
	await run('subscriber.get', { subscriberId: byEmail(email) });
	const logged = debug.mock.calls.filter(([message]) => message === 'Kit request');
	debug.mockRestore();
	expect(logged.map(([, data]) => data)).toEqual(
		[
			{ attempt: 1, status: 503 },
			{ attempt: 2, status: 200 },
		].map((one) => ({
			...one,
			method: 'GET',
			path: '/kit/v4/subscribers',
			ms: expect.any(Number) as number,
		})),
	);
});

test('what a bulk failure quotes is hidden as in every error', async () => {
	const { apiKey } = sandbox.credential;
	const token = '0123456789abcdef0123456789abcdef';
	const secrets = `Bearer ${apiKey} whsec_a-b+c/d== https://x.y/?session_token=s ?token=${token}`;
	sandbox.current.fault({
		kind: 'status',
		status: 200,
		body: { tags: [], failures: [{ tag: { name: 'A' }, errors: [secrets] }] },
	});
	const { json } = await run('tag.createMany', { name: 'A' }, { onError: 'continueRegularOutput' });
	expect(json[0]?.error).toBe('Bearer [hidden key] [hidden secret] [hidden link] ?token=[hidden]');
});

test.each([
	['Timeout', { timeout: '={{ "abc" }}' }],
	['Timeout', { timeout: -1 }],
	['Ignore SSL Issues', { allowUnauthorizedCerts: '={{ "maybe" }}' }],
	['Proxy', { proxy: '={{ ({ a: 1 }) }}' }],
])(
	'the node’s options are refused by name where they are wrong: %s',
	async (name, requestOptions) => {
		const { error } = await run('account.get', { requestOptions });
		expect(error?.message).toContain(`${name} must be`);
		expect(sandbox.requests()).toEqual([]);
	},
);

test('certificates are not ignored for the text “false”', () => {
	const item = { getNodeParameter: () => ({ allowUnauthorizedCerts: 'false' }) } as never;
	expect(httpSettings(item)).toEqual({});
});

test('a proxy’s 413 to a bulk request is an error at once', async () => {
	sandbox.current.fault({ kind: 'status', status: 413, body: { error: 'too large' }, times: 9 });
	const { error } = await run('tag.createMany', { name: 'A' });
	expect(error?.message).toContain('413');
	expect(sandbox.requests()).toHaveLength(1);
});

import type { INodeParameters } from 'n8n-workflow';
import { runKit, WAYS } from '../support/n8n';
import { useSandbox } from '../support/sandbox';

const sandbox = useSandbox();

const GET: INodeParameters = { resource: 'account', operation: 'get' };
const CREATE_CONNECTION: INodeParameters = { resource: 'connection', operation: 'create' };
const CREATE_TAG: INodeParameters = {
	resource: 'tag',
	operation: 'create',
	name: '={{ $json.name }}',
};
const byId = (value: string): INodeParameters => ({ __rl: true, mode: 'id', value });

/** The names of the tags that were created, in order. */
/** The names of what was created, be it tags or sequences. */
function created(list: string): unknown[] {
	return sandbox
		.requests()
		.filter(({ request, status }) => request === `POST /kit/v4/${list}` && status < 300)
		.map(({ body }) => (body as { name: string }).name);
}

/** Cancels a run so many milliseconds after its first request has arrived. */
const cancelAfterFirst = (delayMs: number) => (cancel: () => void) => {
	const timer = setInterval(() => {
		if (sandbox.requests().length === 0) return;
		clearInterval(timer);
		setTimeout(cancel, delayMs);
	}, 20);
};

describe.each(WAYS)('run by %s', (way) => {
	const run = async (
		parameters: INodeParameters,
		more: Partial<Parameters<typeof runKit>[0]> = {},
	) => await runKit({ way, credential: sandbox.credential, parameters, ...more });

	describe('two accounts at one key', () => {
		test('without a connection id the oldest active one answers', async () => {
			const { json } = await run(GET);
			expect(json).toMatchObject([{ account: { name: 'Ada Writes' } }]);
			expect(sandbox.current.log[0]?.headers).not.toHaveProperty('maton-connection');
		});

		test('the connection id chooses another', async () => {
			const connectionId = sandbox.current.connections.second;
			const { json } = await run(GET, { credential: { ...sandbox.credential, connectionId } });
			expect((json[0]?.account as { name?: string }).name).not.toBe('Ada Writes');
			expect(sandbox.current.log[0]?.headers).toHaveProperty('maton-connection', connectionId);
		});
	});

	describe('what a person is told', () => {
		test.each([
			[
				'a wrong key',
				{ apiKey: 'wrong' },
				'401',
				'Maton did not accept the API key',
				'maton.ai/settings',
			],
			[
				'a key without Kit',
				{ apiKey: 'maton-demo-key-without-kit' },
				'400',
				'Maton has no active Kit connection',
				'Connect Kit at maton.ai',
			],
			[
				'a connection id that does not exist',
				{ connectionId: '00000000-0000-4000-8000-000000000000' },
				'400',
				'Maton has no active Kit connection',
				'Connection ID',
			],
			[
				'a connection that is pending',
				{ connectionId: 'b8e2f705-1c94-4d3a-a650-9f7d2e4c6b32' },
				'400',
				'Maton has no active Kit connection',
				'Connection ID',
			],
			[
				'a connection whose authorisation has expired',
				{ connectionId: 'c45a9d16-e7f8-4021-b3d9-518c0a6e7f43' },
				'500',
				'Maton could not reach Kit',
				'connect Kit again',
			],
			[
				'a base URL that is another path',
				{ path: '/other' },
				'404',
				'The gateway does not know this address',
				'Base URL',
			],
		])(
			'%s',
			async (
				_,
				{ path = '', ...wrong }: { path?: string; apiKey?: string; connectionId?: string },
				code,
				message,
				what,
			) => {
				const { baseUrl } = sandbox.credential;
				const credential = { ...sandbox.credential, baseUrl: baseUrl + path, ...wrong };
				const { error } = await run(GET, { credential });
				expect(error?.message).toContain(message);
				expect(error?.description).toContain(what);
				expect(error?.httpCode).toBe(code);
			},
		);

		test('a connection without the needed access', async () => {
			const connectionId = sandbox.current.connections.limited;
			const { error } = await run(
				{ ...CREATE_TAG, name: 'New' },
				{ credential: { ...sandbox.credential, connectionId } },
			);
			expect(error?.httpCode).toBe('403');
			expect(error?.description).toContain('connect Kit again');
		});

		test('a 403 of Maton itself', async () => {
			sandbox.current.fault({ kind: 'status', status: 403, body: { error: 'scope' } });
			const { error } = await run(GET);
			expect(error?.message).toContain('does not have the access');
		});

		test.each([
			[
				'the Pro plan that Kit asks for without a word',
				{ resource: 'broadcast', operation: 'getManyStats' },
				{ status: 403, body: {} },
				'only to accounts on its Pro plan',
				'Use Get Stats for each broadcast',
			],
			[
				'a limit of the plan, in Kit’s words',
				{ ...CREATE_TAG, name: 'New' },
				{ status: 403, body: { errors: ['This would exceed your limit'] } },
				'This would exceed your limit',
				'upgrade the plan in Kit',
			],
			[
				'a plan that has to be paid for',
				GET,
				{ status: 402, body: {} },
				'Kit asks for another plan',
				'upgrade the plan in Kit',
			],
		])('%s', async (_, parameters, answer, message, what) => {
			sandbox.current.fault({ kind: 'status', ...answer });
			const { error } = await run(parameters);
			expect(error?.message).toContain(message);
			expect(error?.description).toContain(what);
		});

		test.each<[string, INodeParameters]>([
			['getStats', { filters: { emailSentAfter: '2015-01-01' } }],
			[
				'filter',
				{
					conditions: { condition: [{ type: 'subscriber_state', states: ['active'] }] },
					options: { include: ['stats'], statsFrom: '2015-01-01' },
				},
			],
		])('how far back email stats reach, by Subscriber → %s', async (operation, parameters) => {
			const { subscribers } = await sandbox.ask('GET', '/kit/v4/subscribers?per_page=1');
			const [{ id = 0 } = {}] = subscribers as { id?: number }[];
			const { error } = await run({
				resource: 'subscriber',
				operation,
				...parameters,
				...(operation === 'getStats' && { subscriberId: byId(String(id)) }),
			});
			expect(error?.httpCode).toBe('400');
			expect(error?.description).toContain('for five years');
		});

		test('what does not exist, by resource and id, in Kit’s words', async () => {
			const { error } = await run({
				resource: 'tag',
				operation: 'update',
				tagId: byId('999999'),
				name: 'x',
			});
			expect(error?.message).toBe('Not Found (tag 999999)');
			expect(error?.description).toMatch(
				/^It does not exist, or belongs to another Kit account: check it, and the connection that is used \(Connection in the node, or Connection ID in the credential\)\. Kit’s support/,
			);
			expect(error?.httpCode).toBe('404');
		});

		test('whose email address it was that Kit does not know, when a tag is removed', async () => {
			const { tag } = await sandbox.ask('POST', '/kit/v4/tags', { name: 'There' });
			const id = String((tag as { id: number }).id);
			const { error } = await run({
				resource: 'tag',
				operation: 'removeFromSubscriber',
				tagId: byId(id),
				subscriberId: { __rl: true, mode: 'email', value: 'nobody@example.com' },
			});
			expect(error?.message).toBe(`Not Found (tag ${id}, subscriber nobody@example.com)`);
			expect(error?.description).toMatch(/^One of these does not exist/);
		});

		test('what Kit refuses, in Kit’s words, each sentence of them', async () => {
			sandbox.current.fault({
				kind: 'status',
				status: 422,
				body: { errors: ['Name is too long', 'Name is reserved'] },
			});
			const { error } = await run({ ...CREATE_TAG, name: 'x' });
			expect(error?.message).toBe('Name is too long; Name is reserved');
			expect(error?.description).toContain('Correct the value');
			expect(error?.httpCode).toBe('422');
			expect(error?.context?.itemIndex).toBe(0);
		});

		test('a 401 of Kit, which is not about the Maton key', async () => {
			sandbox.current.fault({
				kind: 'status',
				status: 401,
				body: { errors: ['The access token is invalid'] },
			});
			const { error } = await run(GET);
			expect(error?.message).toBe('The access token is invalid');
			expect(error?.description).toContain('connection that Maton holds');
		});

		test('a status that nobody documents', async () => {
			sandbox.current.fault({ kind: 'status', status: 418, body: { error: 'teapot' } });
			const { error } = await run(GET);
			expect(error?.message).toContain('answered 418 to GET /kit/v4/account');
		});

		test('a redirection, which would carry the key elsewhere', async () => {
			sandbox.current.fault({
				kind: 'status',
				status: 302,
				body: {},
				headers: { location: 'http://127.0.0.1:9/' },
			});
			const { error } = await run(GET);
			expect(error?.message).toContain('redirection');
		});

		test('a gateway that is not there', async () => {
			const credential = { ...sandbox.credential, baseUrl: 'http://127.0.0.1:1' };
			const { error } = await run(CREATE_CONNECTION, { credential });
			expect(error?.message).toContain('could not be reached');
			expect(error?.description).toContain('Base URL');
		});

		test('nothing that is secret', async () => {
			const secret = 'https://connect.maton.ai/?session_token=abc';
			const { apiKey } = sandbox.credential;
			const token = '0123456789abcdef0123456789abcdef';
			sandbox.current.fault({
				kind: 'status',
				status: 422,
				body: { errors: [`Bad key ${apiKey} at ${secret} for whsec_abc and ?a=1&token=${token}`] },
			});
			const { error, run: finished } = await run(GET);
			expect(error?.message).toBe(
				'Bad key [hidden key] at [hidden link] for [hidden secret] and ?a=1&token=[hidden]',
			);
			expect(JSON.stringify([error, finished, error?.stack])).not.toMatch(
				new RegExp(`${apiKey}|session_token|whsec_abc|${token}`),
			);
		});
	});

	describe('trying again', () => {
		test.each([
			['429', { kind: 'status', status: 429 }],
			['502', { kind: 'status', status: 502, body: {} }],
			['503', { kind: 'status', status: 503, body: {} }],
			['504', { kind: 'status', status: 504, body: {} }],
			['500', { kind: 'status', status: 500, body: {} }],
			['a connection that breaks off', { kind: 'drop' }],
			['an answer that is cut off', { kind: 'truncate' }],
			['an answer that is no JSON', { kind: 'notJson' }],
			['an answer that is empty', { kind: 'status', status: 200, body: '' }],
			['522', { kind: 'status', status: 522, body: '' }],
		] as const)('a GET goes on after %s', async (_, fault) => {
			sandbox.current.fault({ ...fault, path: '/kit/' });
			const { json, error } = await run(GET);
			expect(error).toBeUndefined();
			expect(json).toMatchObject([{ account: { name: 'Ada Writes' } }]);
			expect(sandbox.requests()).toHaveLength(2);
		});

		test('waits as long as the gateway asks', async () => {
			sandbox.current.fault({ kind: 'status', status: 429, headers: { 'Retry-After': '3' } });
			const { run: waiting } = await run(GET, { whileRunning: cancelAfterFirst(1000) });
			expect(waiting.status).toBe('canceled');
			expect(sandbox.requests()).toHaveLength(1);
		});

		test.each([-600, 600])(
			'waits until the gateway asks, by a clock that is %d s ahead',
			async (s) => {
				const at = (seconds: number) => new Date(Date.now() + (s + seconds) * 1000).toUTCString();
				const headers = { Date: at(0), 'Retry-After': at(2) };
				sandbox.current.clearFaults();
				sandbox.current.fault({ kind: 'status', status: 429, headers });
				const startedAt = performance.now();
				const { error } = await run(GET);
				expect(error).toBeUndefined();
				expect(performance.now() - startedAt).toBeGreaterThan(1900);
				expect(sandbox.requests().map(({ status }) => status)).toEqual([429, 200]);
			},
		);

		test('a GET is not tried a third time after 500', async () => {
			sandbox.current.clearFaults();
			sandbox.current.fault({ kind: 'status', status: 500, body: {}, times: 9 });
			const { error } = await run(GET);
			expect(error?.message).toBe('Maton could not reach Kit (tried 2 times)');
			expect(sandbox.requests()).toHaveLength(2);
		});

		test('what is final is not said to be tried twice, though too many requests were in its way', async () => {
			sandbox.current.clearFaults();
			sandbox.current.fault({ kind: 'status', status: 429 });
			sandbox.current.fault({ kind: 'status', status: 403, body: { errors: ['No'] } });
			const { error } = await run(GET);
			expect(sandbox.requests().map(({ status }) => status)).toEqual([429, 403]);
			expect(error?.message).not.toContain('tried');
		});

		test('an unsafe write goes on after 429, since nothing was done', async () => {
			sandbox.current.fault({ kind: 'status', status: 429 });
			const { error } = await run(CREATE_CONNECTION);
			expect(error).toBeUndefined();
			expect(sandbox.requests().map(({ status }) => status)).toEqual([429, 200]);
		});

		test.each([
			['500', { kind: 'status', status: 500, body: {} }],
			['503', { kind: 'status', status: 503, body: {} }],
			['an answer that was lost', { kind: 'drop', afterHandling: true }],
			['an answer that is no JSON', { kind: 'notJson' }],
		] as const)('an unsafe write is not repeated after %s, and it is said so', async (_, fault) => {
			sandbox.current.fault(fault);
			const { error } = await run(CREATE_CONNECTION);
			expect(error?.description).toContain('unknown whether Kit carried this out');
			expect(sandbox.requests()).toHaveLength(1);
		});

		test('a write that Kit refuses is not said to be unknown', async () => {
			sandbox.current.fault({ kind: 'status', status: 422, body: { errors: ['No'] } });
			const { error } = await run(CREATE_CONNECTION);
			expect(error?.description).not.toContain('unknown');
		});

		test('a delete whose answer was lost is done when the thing is gone', async () => {
			const { tag } = await sandbox.ask('POST', '/kit/v4/tags', { name: 'Gone' });
			sandbox.current.fault({ kind: 'drop', afterHandling: true, method: 'DELETE' });
			const { id } = tag as { id: number };
			const { json, error } = await run({
				resource: 'tag',
				operation: 'delete',
				tagId: byId(String(id)),
			});
			expect(error).toBeUndefined();
			expect(json).toEqual([{ deleted: true, id }]);
			expect(sandbox.requests().at(-1)?.status).toBe(404);
		});
	});

	describe('several items, of which the second fails', () => {
		const items = [{ name: 'One' }, { name: '' }, { name: 'Three' }];

		test('Continue (using regular output) goes on with the others', async () => {
			const { json, items: output } = await run(CREATE_TAG, {
				items,
				onError: 'continueRegularOutput',
			});
			expect(json[0]).toMatchObject({ name: 'One' });
			expect(json[2]).toMatchObject({ name: 'Three' });
			expect(output.map(({ pairedItem }) => pairedItem)).toEqual([
				{ item: 0 },
				way === 'declarative' ? expect.anything() : { item: 1 },
				{ item: 2 },
			]);
		});

		test('Continue (using error output) sends the failed one there', async () => {
			const { json, errors } = await run(CREATE_TAG, { items, onError: 'continueErrorOutput' });
			expect(json).toMatchObject([{ name: 'One' }, { name: 'Three' }]);
			expect(errors).toHaveLength(1);
			expect(errors[0]?.json.error).toContain('Name must be filled in');
		});
	});
});

test.each(WAYS)(
	'30 items keep to the limit of a gateway that enforces it, run by %s',
	async (way) => {
		sandbox.current.settings.enforceRateLimit = true;
		const { json, error } = await runKit({
			way,
			credential: sandbox.credential,
			parameters: GET,
			items: Array.from({ length: 30 }, () => ({})),
		});
		expect(error).toBeUndefined();
		expect(json).toHaveLength(30);
		const refused = sandbox.requests().filter(({ status }) => status !== 200);
		expect(refused.length).toBeLessThan(3);
	},
);

describe.each(WAYS)('cancelling, run by %s', (way) => {
	test.each([
		[
			'waiting for the next try',
			{ kind: 'status', status: 429, headers: { 'Retry-After': '2' }, times: 99 },
		],
		['reading an answer that does not go on', { kind: 'stall', times: 99 }],
	] as const)('cancelling ends at once what it is at: %s', async (_, fault) => {
		sandbox.current.clearFaults();
		sandbox.current.fault(fault);
		const { run } = await runKit({
			way,
			credential: sandbox.credential,
			parameters: GET,
			whileRunning: cancelAfterFirst(0),
		});
		expect(run.status).toBe('canceled');
		expect(sandbox.requests()).toHaveLength(1);
	});
});

describe('run by custom operations, as n8n does it', () => {
	const items = [{ name: 'One' }, { name: '' }, { name: 'Three' }];

	test.each([
		['a value that is refused before it is sent', items],
		['a value that Kit refuses', [{ name: 'One' }, { name: 'x'.repeat(5) }, { name: 'Three' }]],
	])('%s stops writes one by one: nothing later is written', async (_, given) => {
		sandbox.current.fault({ kind: 'status', status: 422, body: { errors: ['No'] }, skip: 1 });
		const { error } = await runKit({
			credential: sandbox.credential,
			parameters: { ...CREATE_TAG, resource: 'sequence' },
			items: given,
		});
		expect(error?.context?.itemIndex).toBe(1);
		expect(error?.message).toMatch(/ 1 of 3 items went through, 1 did not, 1 were not sent[.]$/);
		expect(created('sequences')).toEqual(['One']);
	});

	test.each([0, 3, 12])(
		'of writes beside each other, after %i that succeed, none starts that has not, and what went through is told exactly',
		async (skip) => {
			sandbox.current.fault({ kind: 'status', status: 422, body: { errors: ['No'] }, skip });
			sandbox.current.settings.latencyMs = 50;
			const names = Array.from({ length: 40 }, (__, index) => ({ name: `Tag ${String(index)}` }));
			const { error } = await runKit({
				credential: sandbox.credential,
				parameters: CREATE_TAG,
				items: names,
			});
			const done = created('tags').length;
			expect(done).toBeGreaterThanOrEqual(skip);
			expect(done).toBeLessThan(30);
			expect(error?.message).toContain(
				` ${String(done)} of 40 items went through, 1 did not, ${String(39 - done)} were not sent.`,
			);
		},
	);

	test('the error output keeps what came in, beside the message and what to do', async () => {
		const { errors } = await runKit({
			credential: sandbox.credential,
			parameters: CREATE_TAG,
			items: [{ name: 'One' }, { name: '', row: 7 }],
			onError: 'continueErrorOutput',
		});
		expect(errors.map(({ json }) => json)).toEqual([
			{
				name: '',
				row: 7,
				error: 'Name must be filled in, and is empty',
				message: 'Nothing was sent to Kit for this item',
			},
		]);
	});

	test('Continue puts the message into the output of its item', async () => {
		const { json } = await runKit({
			credential: sandbox.credential,
			parameters: CREATE_TAG,
			items,
			onError: 'continueRegularOutput',
		});
		expect(json[1]).toEqual({
			error: 'Name must be filled in, and is empty',
			message: 'Nothing was sent to Kit for this item',
		});
	});

	test('n8n’s own Retry On Fail works as well', async () => {
		sandbox.current.fault({ kind: 'status', status: 422, body: { errors: ['Busy'] } });
		const { json } = await runKit({
			credential: sandbox.credential,
			parameters: { ...CREATE_TAG, name: 'Again' },
			retryOnFail: true,
		});
		expect(json).toMatchObject([{ name: 'Again' }]);
	});

	test('a run that has to wait long says so to the editor while it waits', async () => {
		sandbox.current.fault({ kind: 'status', status: 429, headers: { 'Retry-After': '50' } });
		let stop: () => void = () => undefined;
		const said: unknown[] = [];
		const { run } = await runKit({
			credential: sandbox.credential,
			parameters: GET,
			whileRunning: (cancel) => {
				stop = cancel;
			},
			onMessage: (message) => {
				said.push(message);
				stop();
			},
		});
		expect(run.status).toBe('canceled');
		expect(said).toEqual([
			'Kit or Maton refused or did not answer: waiting 50 s to send a request again.',
		]);
	});

	test('what slowed a run is said beside its output', async () => {
		sandbox.current.clearFaults();
		sandbox.current.fault({ kind: 'status', status: 429 });
		const { run: slowed } = await runKit({ credential: sandbox.credential, parameters: GET });
		expect(slowed.data.resultData.runData.Kit?.[0]?.hints).toEqual([
			{
				message: expect.stringContaining('1 of them was sent again') as string,
				type: 'info',
				location: 'outputPane',
			},
		]);
		const { run: quick } = await runKit({ credential: sandbox.credential, parameters: GET });
		expect(quick.data.resultData.runData.Kit?.[0]?.hints ?? []).toEqual([]);
	});

	test('batching pauses between batches, as set in the node’s options', async () => {
		const { run } = await runKit({
			credential: sandbox.credential,
			parameters: {
				...GET,
				requestOptions: { batching: { batch: { batchSize: 1, batchInterval: 100_000 } } },
			},
			items: [{}, {}],
			whileRunning: cancelAfterFirst(1000),
		});
		expect(run.status).toBe('canceled');
		expect(sandbox.requests()).toHaveLength(1);
	});

	test.each([
		['does not begin', { kind: 'slow', delayMs: 1000 }],
		['does not end', { kind: 'stall' }],
	] as const)('a time-out set in the node’s options is kept: an answer %s', async (_, fault) => {
		sandbox.current.fault(fault);
		const { error } = await runKit({
			credential: sandbox.credential,
			parameters: { ...CREATE_CONNECTION, requestOptions: { timeout: 200 } },
		});
		expect(error?.description).toContain('did not answer in time');
		expect(error?.description).toContain('raise the Timeout in the settings of this node');
	});

	test('a proxy set in the node’s options is used', async () => {
		const { error } = await runKit({
			credential: sandbox.credential,
			parameters: { ...CREATE_CONNECTION, requestOptions: { proxy: 'http://127.0.0.1:1' } },
		});
		expect(error?.message).toContain('could not be reached through the proxy');
		expect(error?.description).toContain('check the Proxy in the settings of this node');
		expect(sandbox.requests()).toEqual([]);
	});
});

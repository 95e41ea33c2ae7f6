import { createHmac, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { seal } from '../../nodes/KitTrigger/sealedSecret';
import { tokenFor } from '../../nodes/KitTrigger/signature';
import { useClock } from '../support/clock';
import { KitSide } from '../support/kitSide';
import { useSandbox } from '../support/sandbox';
import { otherProcess, useTrigger } from '../support/trigger';

const sandbox = useSandbox();
const trigger = useTrigger(sandbox);
const kit = new KitSide(sandbox);
const passes = useClock();

const SIGNED = { events: ['tag.created'] };
const CLASSIC = { events: ['subscriber.activated'], settings: { delivery: 'classic' } };
const CLASSIC_EVENT = 'subscriber.subscriber_activate';

/** What one call that cannot be verified makes n8n ask Kit at most: the endpoint, a list, the delivery */
const MOST_ASKED = 3;

/** What a forger sends */
interface Forged {
	query?: string;
	body?: Buffer | string;
	headers?: Record<string, string>;
	/** Whether it hangs up before all of the body is sent */
	isCutOff?: boolean;
}

function delivery(id: unknown = 1, event = 'made-up'): string {
	const events = [{ id: event, type: 'tag.created', created: '2026-11-23T10:00:00Z', data: {} }];
	return JSON.stringify({ delivery_id: id, events });
}

/** Signed with a secret that the forger made up */
function signed(body: string, more: Partial<Forged> = {}): Forged {
	const time = String(Math.floor(Date.now() / 1000));
	const digest = createHmac('sha256', 'whsec_guess').update(`${time}.${body}`).digest('hex');
	return { body, headers: { 'X-Kit-Signature': `t=${time},v1=${digest}` }, ...more };
}

/** @returns the status; 0 where there was no answer */
async function send({ query = '', body = '', headers = {}, isCutOff }: Forged): Promise<number> {
	return await new Promise((resolve) => {
		const call = request(`${trigger.node.url}${query}`, {
			method: 'POST',
			headers: {
				'Content-Type': 'application/json',
				'Content-Length': Buffer.byteLength(body) + (isCutOff === true ? 100 : 0),
				...headers,
			},
		});
		call.on('response', (response) => {
			response.resume();
			resolve(response.statusCode ?? 0);
		});
		call.on('error', () => {
			resolve(0);
		});
		if (isCutOff === true) call.write(body, () => setTimeout(() => call.destroy(), 20));
		else call.end(body);
	});
}

const TOKENS = [
	['none', ''],
	['an empty one', '?token='],
	['two', '?token=a&token=b'],
	['an object', '?token[a]=b'],
	['a prototype', '?__proto__[token]=x&token=__proto__'],
	['a word', '?token=guess'],
	['one of classic form', `?token=${'0'.repeat(32)}`],
	['one of sealed form', `?token=${randomBytes(70).toString('base64url')}`],
	['a long one', `?token=${'a'.repeat(5000)}`],
	['what is no UTF-8', '?token=%ff%fe'],
	['one of another node', () => `?token=${tokenFor(sandbox.credential.apiKey, 'another-hook')}`],
	['one sealed with another key', () => `?token=${seal('k', key(), { id: 1, secret: 'whsec_0' })}`],
] as const;

function key(): string {
	return trigger.node.url.split('/').at(-2) ?? '';
}

/** What no call of Kit's has as its body */
const UNREADABLE: [string, () => Forged][] = [
	['nothing', () => ({})],
	['a signature of nothing', () => signed('')],
	['what is no JSON', () => signed('{"delivery_id":1,"events":[{]}')],
	['deep JSON', () => signed('['.repeat(100_000))],
	['what is no gzip', () => ({ body: 'no gzip', headers: { 'Content-Encoding': 'gzip' } })],
	[
		'half of a gzip',
		() => ({
			body: gzipSync(delivery().repeat(50)).subarray(0, 40),
			headers: { 'Content-Encoding': 'gzip' },
		}),
	],
	[
		'a gzip of 17 MB',
		() => ({
			body: gzipSync(Buffer.alloc(17 * 1024 * 1024, ' ')),
			headers: { 'Content-Encoding': 'gzip' },
		}),
	],
	['17 MB', () => ({ body: Buffer.alloc(17 * 1024 * 1024, ' ') })],
	['half a body', () => ({ ...signed(delivery()), isCutOff: true })],
];

/** Delivery IDs that lead elsewhere in a path, or are none */
const IDS = [
	'',
	'.',
	'..',
	'../..',
	'..%2f..',
	'1/../../webhook_endpoints',
	'1?status=failed',
	'1\n2',
	'\ud800',
	'x'.repeat(100_000),
	null,
	true,
	[1],
	{ id: 1 },
	-1,
	1.5,
];

const FORGED: [string, () => Forged][] = [
	...UNREADABLE,
	['no signature', () => ({ body: delivery() })],
	['an unreadable signature', () => ({ body: delivery(), headers: { 'X-Kit-Signature': 'v1=1' } })],
	['a wrong signature', () => signed(delivery())],
	['events that are none', () => signed('{"delivery_id":1,"events":[null,1,"a"]}')],
	[
		'an endless number',
		() => signed(delivery(1).replace('"delivery_id":1', '"delivery_id":1e999')),
	],
	...IDS.map((id): [string, () => Forged] => [
		`the delivery ID ${JSON.stringify(id).slice(0, 40)}`,
		() => signed(delivery(id)),
	]),
];

/** Nothing of what forgers do may show */
async function expectNothing(before: string[], asked = MOST_ASKED): Promise<void> {
	await Promise.all(trigger.node.underWay);
	expect(trigger.heard.items).toEqual([]);
	expect(trigger.node.failedRuns).toEqual([]);
	const requests = sandbox.requests().map(({ request: line }) => line);
	expect(requests.filter((line) => !line.startsWith('GET'))).toEqual([]);
	expect(requests.length).toBeLessThanOrEqual(asked);
	expect(requests.filter((line) => !/^GET \/kit\/v4\/webhook[\w/]*$/.test(line))).toEqual([]);
	expect(await kit.urls()).toEqual(before);
}

describe.each([
	['signed', SIGNED, ''],
	['classic', CLASSIC, `event=${CLASSIC_EVENT}&`],
])('%s', (kind, parameters, event) => {
	let before: string[];

	beforeEach(async () => {
		await trigger.listen(parameters);
		before = await kit.urls();
		sandbox.current.log.length = 0;
	});

	function queryOf(token: (typeof TOKENS)[number][1]): string {
		const query = typeof token === 'function' ? token() : token;
		return event === '' ? query : `?${event}${query.slice(1)}`;
	}

	test.each(TOKENS)('a call with this as its token is refused: %s', async (_, token) => {
		const forged = signed(delivery(), { query: queryOf(token) });
		expect([401, 503]).toContain(await send(forged));
		await expectNothing(before);
	});

	test.each(FORGED)('a call with this as its body is refused: %s', async (_, forged) => {
		expect([0, 400, 401, 413, 503]).toContain(await send({ query: queryOf(''), ...forged() }));
		await expectNothing(before);
	});

	// Whoever has the address of a classic webhook can post what they like, but it has to be JSON.
	test.each(kind === 'signed' ? FORGED : UNREADABLE)(
		'with the address that Kit has, this as its body is refused: %s',
		async (_, forged) => {
			const query = new URL(before[0] ?? '').search;
			expect([0, 400, 401, 413, 503]).toContain(await send({ query, ...forged() }));
			await expectNothing(before);
		},
	);

	test('hundreds of them make n8n ask Kit no more than one does', async () => {
		for (let n = 0; n < 300; n += 20) {
			const token = randomBytes(16).toString('hex');
			const calls = Array.from({ length: 20 }, (__, m) =>
				signed(delivery(2700 + n + m), { query: queryOf(`?token=${token}`) }),
			);
			const statuses = await Promise.all(calls.map(send));
			expect(statuses.filter((status) => status !== 401 && status !== 503)).toEqual([]);
		}
		await expectNothing(before);
	});
});

test('the id of a delivery of Kit’s does not make somebody else’s call its own', async () => {
	await trigger.listen(SIGNED);
	const [post] = await kit.createTag('Genuine');
	expect(trigger.heard.items).toHaveLength(1);
	trigger.heard.items.length = 0;
	const before = await kit.urls();
	for (const query of ['', new URL(before[0] ?? '').search]) {
		sandbox.current.log.length = 0;
		const { delivery_id: id } = post?.body as { delivery_id: number };
		expect([401, 503]).toContain(await send(signed(delivery(id), { query })));
		await expectNothing(before);
	}
});

describe.each([
	['is incomplete', { apiKey: '' }],
	['leads nowhere', { baseUrl: 'maton' }],
])('while the credential %s', (_, wrong) => {
	function breakCredential() {
		return trigger.node.succeededBy({ credential: { ...sandbox.credential, ...wrong } });
	}

	test.each([
		['signed', SIGNED],
		['classic', CLASSIC],
	])('a call of somebody else makes no failed execution (%s)', async (__, parameters) => {
		await trigger.listen(parameters);
		const before = await kit.urls();
		const { failedRuns } = breakCredential();
		sandbox.current.log.length = 0;
		for (const query of ['', new URL(before[0] ?? '').search]) {
			for (const forged of [{ body: delivery() }, signed(delivery()), { body: '<html>' }]) {
				expect(await send({ query, ...forged })).toBe(503);
			}
		}
		expect(failedRuns).toEqual([]);
		await expectNothing(before, 0);
	});

	test('a delivery of Kit’s makes one that says so, and arrives when it is right again', async () => {
		await trigger.listen(SIGNED);
		sandbox.current.settings.retryScale = 1;
		const { failedRuns } = breakCredential();
		await sandbox.ask('POST', '/kit/v4/tags', { name: 'Genuine' });
		while (sandbox.current.deliveries.at(-1)?.status !== 500) await wait(10);
		expect(failedRuns.map(({ message }) => message)).toEqual([
			expect.stringContaining('The credential cannot be used'),
		]);
		trigger.node.succeededBy({});
		sandbox.current.advance(30);
		await sandbox.current.settled();
		expect(trigger.heard.items).toMatchObject([[{ tag: { name: 'Genuine' } }]]);
	});
});

test('calls that hang up in the middle leave nothing behind', async () => {
	await trigger.listen(SIGNED);
	const before = await kit.urls();
	sandbox.current.log.length = 0;
	await Promise.all(
		Array.from({ length: 30 }, async () => await send({ ...signed(delivery()), isCutOff: true })),
	);
	await wait(50);
	await expectNothing(before);
});

/** 200 calls, of each form that may make n8n ask Kit */
async function flood(query = ''): Promise<void> {
	for (let n = 0; n < 10; n++) {
		const calls = Array.from({ length: 20 }, async (_, m) =>
			send(signed(delivery(n * 20 + m), { query })),
		);
		await Promise.all(calls);
	}
}

describe('after a flood', () => {
	test('a delivery of Kit’s is taken at once', async () => {
		await trigger.listen(SIGNED);
		await flood();
		expect((await kit.createTag('Genuine')).map(({ status }) => status)).toEqual([200]);
		expect(trigger.heard.items).toHaveLength(1);
	});

	test('one that needs a new secret is repaired at once, by what its address carries', async () => {
		await trigger.listen(SIGNED);
		await kit.rotate((await kit.endpoint()).id, true);
		await flood();
		expect((await kit.createTag('Genuine')).map(({ status }) => status)).toEqual([503, 200]);
		expect(trigger.heard.items).toHaveLength(1);
	});

	test('one whose address nobody can open is repaired by the flood itself', async () => {
		await trigger.listen(SIGNED);
		const { id } = await kit.endpoint();
		await kit.rotate(id, true);
		const sealed = seal('key-of-before', key(), { id, secret: 'whsec_0123456789abcdef' });
		await kit.patch(id, { url: `${trigger.node.url}?token=${sealed}` });
		await flood();
		expect((await kit.createTag('Genuine')).map(({ status }) => status)).toEqual([200]);
	});

	test('one of which n8n knows no secret is repaired by the flood itself', async () => {
		await trigger.listen(SIGNED);
		await kit.patch((await kit.endpoint()).id, { url: trigger.node.url });
		trigger.node.succeededBy({ process: await otherProcess(), saved: {} });
		await flood();
		expect((await kit.createTag('Genuine')).map(({ status }) => status)).toEqual([200]);
	});

	test('one whose address has nothing is repaired when n8n may ask again', async () => {
		await trigger.listen(SIGNED);
		const { id } = await kit.endpoint();
		await kit.patch(id, { url: trigger.node.url });
		await kit.rotate(id, true);
		await flood();
		passes(601);
		expect((await kit.createTag('Genuine')).map(({ status }) => status)).toEqual([503, 200]);
		expect(trigger.heard.items).toHaveLength(1);
	});

	test.each([
		['classic', () => `?event=${CLASSIC_EVENT}&token=${randomBytes(16).toString('hex')}`],
		['signed', () => ''],
	])('of %s ones, a classic call of before the key changed is taken at once', async (_, query) => {
		await trigger.listen(CLASSIC);
		const [own] = await kit.webhooks();
		await sandbox.ask('DELETE', `/kit/v4/webhooks/${String(own?.id)}`);
		const token = tokenFor('key-of-before', key());
		await sandbox.ask('POST', '/kit/v4/webhooks', {
			target_url: `${trigger.node.url}?event=${CLASSIC_EVENT}&token=${token}`,
			event: { name: CLASSIC_EVENT },
		});
		await flood(query());
		await sandbox.ask('POST', '/kit/v4/subscribers', { email_address: 'reader@example.com' });
		await sandbox.current.settled();
		expect(trigger.heard.items).toHaveLength(1);
	});
});

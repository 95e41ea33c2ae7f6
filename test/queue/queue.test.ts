import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Workflow, WorkflowNode } from '../../scripts/n8n/rest';
import { say } from '../../scripts/progress';
import type { QueueMode } from './queueMode';
import { PROCESS_NAME, startQueueMode, WORKERS } from './queueMode';

const PACKAGE = 'n8n-nodes-maton-kit';
const POLL_MS = 100;
const PATIENCE_MS = 60_000;

let n8n: QueueMode;

beforeAll(async () => {
	n8n = await startQueueMode();
}, 15 * 60_000);

afterAll(async () => {
	await (n8n as QueueMode | undefined)?.stop();
}, 90_000);

beforeEach(() => {
	n8n.sandbox.reset();
});

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
	const deadline = Date.now() + PATIENCE_MS;
	for (;;) {
		const seen = await look();
		if (seen !== undefined) return seen;
		if (Date.now() > deadline) throw new Error(`Waited in vain until ${what}`);
		await wait(POLL_MS);
	}
}

/** A workflow in which Kit saves a subscriber for each item, named after the process that does it. */
async function activate(
	parameters: Record<string, unknown>,
	emailAddress: string,
	trigger = 'kitTrigger',
): Promise<{ id: string; url: string }> {
	const { id, name } = n8n.credential;
	const node = (type: string, own: Partial<WorkflowNode>): WorkflowNode => ({
		id: randomUUID(),
		name: type,
		type: `${PACKAGE}.${type}`,
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		credentials: { matonKitApi: { id, name } },
		...own,
	});
	const webhookId = randomUUID();
	const firstName = `={{ $env.${PROCESS_NAME} }}`;
	const workflow: Workflow = await n8n.rest.createWorkflow({
		name: 'Queue mode',
		nodes: [
			node(trigger, { webhookId, parameters }),
			node('kit', {
				parameters: {
					resource: 'subscriber',
					operation: 'create',
					emailAddress,
					firstName,
				},
			}),
		],
		connections: { [trigger]: { main: [[{ node: 'kit', type: 'main', index: 0 }]] } },
	});
	await n8n.rest.activateWorkflow(workflow.id);
	return { id: workflow.id, url: `${n8n.webhookUrl}/webhook/${webhookId}/webhook` };
}

interface Signed {
	id: string;
	/** The id of its endpoint at Kit. */
	endpoint: number;
}

/** With its endpoint at Kit, whose deliveries the webhook process takes. */
async function activateSigned(): Promise<Signed> {
	const workflow = await activate({ events: ['tag.created'] }, '={{ $json.tag.name }}@example.com');
	return await until('the webhook process can check signatures', async () => {
		const { webhook_endpoints: endpoints } = await ask('/kit/v4/webhook_endpoints');
		const own = (endpoints as { id: number; url: string }[]).find(({ url }) =>
			url.startsWith(workflow.url),
		);
		if (!own) return undefined;
		// It is signed but empty, so that it is refused either way: for its signature until then.
		const { status } = await n8n.sandbox.deliver({ endpoint: own.id, events: [] });
		return status === 400 ? { id: workflow.id, endpoint: own.id } : undefined;
	});
}

async function ask(path: string, body?: unknown): Promise<Record<string, unknown>> {
	const { url, keys } = n8n.sandbox;
	const response = await fetch(url + path, {
		method: body === undefined ? 'GET' : 'POST',
		headers: { Authorization: `Bearer ${keys.main}`, 'Content-Type': 'application/json' },
		...(body !== undefined && { body: JSON.stringify(body) }),
	});
	const text = await response.text();
	return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

/** An event as Kit sends it, for a tag of that name. */
function tagCreated(name: string) {
	return { id: `event-${name}`, type: 'tag.created', data: { tag: { id: 1, name } } };
}

/** Posts events to the webhook process, as Kit does, and returns the status of its response. */
async function post({ endpoint }: Signed, names: string[]): Promise<number | null> {
	const { status } = await n8n.sandbox.deliver({ endpoint, events: names.map(tagCreated) });
	return status;
}

async function deliver(workflow: Signed, names: string[]): Promise<void> {
	expect(await post(workflow, names)).toBe(200);
}

/** What Kit was asked to save, successfully or not: for which tag, and by which process. */
function saved() {
	return n8n.sandbox.log
		.filter(({ method, path }) => method === 'POST' && path === '/kit/v4/subscribers')
		.map(({ body, status, time }) => {
			const { email_address: email, first_name: worker } = body as Record<string, string>;
			return { name: email?.split('@')[0] ?? '', worker, status, time };
		});
}

/** Waits for the end of all executions; one more is started, since n8n may answer Kit before it notes one. */
async function ended(workflow: Signed): Promise<void> {
	const last = `last-${randomUUID()}`;
	await deliver(workflow, [last]);
	await until('all executions have ended', async () => {
		const executions = await n8n.rest.executions(workflow.id);
		const open = executions.some(({ status }) => ['new', 'running', 'waiting'].includes(status));
		return !open && saved().some(({ name }) => name === last) ? true : undefined;
	});
	expect(new Set((await n8n.rest.executions(workflow.id)).map(({ status }) => status))).toEqual(
		new Set(['success']),
	);
}

/** The names that were saved, in alphabetical order, without those that only mark an end. */
function savedNames(): string[] {
	const names = saved().map(({ name }) => name);
	return names.filter((name) => !name.startsWith('last-')).sort();
}

test('runs that a trigger starts at the same time are spread over the workers', async () => {
	const workflow = await activateSigned();
	// Each run takes so long that the other needs the other worker.
	n8n.sandbox.fault({ kind: 'slow', delayMs: 2000, path: '/kit/v4/subscribers', times: 2 });
	await Promise.all([deliver(workflow, ['one']), deliver(workflow, ['other'])]);
	await ended(workflow);
	expect(savedNames()).toEqual(['one', 'other']);
	const [one, other] = saved();
	expect([one?.worker, other?.worker].sort()).toEqual([...WORKERS]);
});

test('a classic webhook arrives through the webhook process alone, until it is deactivated', async () => {
	const events = ['subscriber.unsubscribed'];
	const workflow = await activate(
		{ events, settings: { delivery: 'classic' } },
		'={{ $json.subscriber.id }}@example.com',
	);
	const atKit = async () => {
		const { webhooks } = await ask('/kit/v4/webhooks');
		return (webhooks as { target_url: string }[]).map(({ target_url }) => target_url);
	};
	const [targetUrl = ''] = await until('Kit has the webhook', async () => {
		const urls = await atKit();
		return urls.length > 0 ? urls : undefined;
	});
	expect(targetUrl.startsWith(`${workflow.url}?`)).toBe(true);
	const main = await fetch(`${n8n.rest.url}${new URL(targetUrl).pathname}`, { method: 'POST' });
	expect(main.status).toBe(404);

	const { subscribers } = await ask('/kit/v4/subscribers?per_page=1');
	const [{ id } = { id: 0 }] = subscribers as { id: number }[];
	await ask(`/kit/v4/subscribers/${String(id)}/unsubscribe`, {});
	await until('a worker has run the workflow', async () => {
		await n8n.sandbox.settled();
		return saved().length > 0 ? true : undefined;
	});
	expect(WORKERS).toContain(saved()[0]?.worker);

	await n8n.rest.deactivateWorkflow(workflow.id);
	await until('Kit has no webhook', async () => ((await atKit()).length === 0 ? true : undefined));
	expect((await fetch(targetUrl, { method: 'POST' })).status).toBe(404);
});

test('an event that Kit sends again afterwards starts nothing', async () => {
	const workflow = await activateSigned();
	await deliver(workflow, ['early', 'late']);
	await ended(workflow);
	await deliver(workflow, ['late', 'later']);
	await ended(workflow);
	expect(savedNames()).toEqual(['early', 'late', 'later']);
});

test('two workers on one key keep to its limit together, and lose and double nothing', async () => {
	const workflow = await activateSigned();
	n8n.sandbox.settings.enforceRateLimit = true;
	// Where this machine is too slow to go beyond the limit, one request is refused all the same.
	n8n.sandbox.fault({ kind: 'status', status: 429, path: '/kit/v4/subscribers', skip: 30 });
	const names = (first: string) =>
		Array.from({ length: 60 }, (_, n) => `${first}-${String(n).padStart(2, '0')}`);
	await Promise.all(
		['left', 'right'].map(async (first) => {
			await deliver(workflow, names(first));
		}),
	);
	await ended(workflow);

	const tries = saved();
	const done = tries.filter(({ status, name }) => status < 300 && !name.startsWith('last-'));
	const refused = tries.filter(({ status }) => status === 429);
	expect(done.map(({ name }) => name).sort()).toEqual([...names('left'), ...names('right')]);
	expect(new Set(done.map(({ worker }) => worker))).toEqual(new Set(WORKERS));
	expect(refused).not.toEqual([]);
	expect(done.length + refused.length + 1).toBe(tries.length);
	const times = done.map(({ time }) => time);
	const seconds = (Math.max(...times) - Math.min(...times)) / 1000;
	say(
		`${String(done.length)} requests of two workers in ${seconds.toFixed(1)} s, ` +
			`${(done.length / seconds).toFixed(1)} a second; ${String(refused.length)} refused in between`,
	);
});

test('an event that Kit sends several times at once starts one run', async () => {
	const workflow = await activateSigned();
	const statuses = await Promise.all(
		Array.from({ length: 5 }, async () => await post(workflow, ['once'])),
	);
	// While n8n takes it, the others are to come again.
	expect(statuses).toContain(200);
	expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
	await ended(workflow);
	expect(savedNames()).toEqual(['once']);
});

test('events that arrive at once are all known when they come again', async () => {
	const workflow = await activateSigned();
	const names = ['a', 'b', 'c', 'd', 'e'];
	await Promise.all(
		names.map(async (name) => {
			await deliver(workflow, [name]);
		}),
	);
	await ended(workflow);
	await deliver(workflow, names);
	await ended(workflow);
	expect(savedNames()).toEqual(names);
});

async function buy(name: string): Promise<void> {
	const product = { name: 'Course', pid: 'course', lid: name, unit_price: 5, quantity: 1 };
	const purchase = {
		transaction_id: name,
		transaction_time: '2026-01-01T00:00:00Z',
		email_address: 'buyer@example.com',
		status: 'paid',
		currency: 'USD',
		...{ subtotal: 5, tax: 0, shipping: 0, discount: 0, total: 5 },
		products: [product],
	};
	await ask('/kit/v4/purchases', { purchase });
}

test('what the main process polls for is run by the workers, each thing once', async () => {
	const everyFifteenSeconds = [0, 15, 30, 45].map((second) => ({
		mode: 'custom',
		cronExpression: `${String(second)} * * * * *`,
	}));
	const workflow = await activate(
		{ watch: 'newPurchase', pollTimes: { item: everyFifteenSeconds } },
		'={{ $json.purchase.transaction_id }}@example.com',
		'kitPollingTrigger',
	);
	const polls = () => n8n.sandbox.log.filter(({ path }) => path === '/kit/v4/purchases').length;
	const polled = async (times: number) => {
		const before = polls();
		await until('the main process polls', async () => {
			return await Promise.resolve(polls() >= before + times ? true : undefined);
		});
	};
	await polled(1);
	await buy('one');
	await buy('other');
	await polled(1);
	await buy('third');
	await polled(3);
	expect(savedNames()).toEqual(['one', 'other', 'third']);
	expect(saved().every(({ worker }) => WORKERS.some((name) => name === worker))).toBe(true);
	await n8n.rest.deactivateWorkflow(workflow.id);
});

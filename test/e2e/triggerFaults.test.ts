import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { KitSide } from '../support/kitSide';
import { chain, executionsOf, n8n, node, until, useKit } from './support/n8n';

// Kit's first waits before it tries again are 0.3, 1.2 and 9 seconds here.
const { sandbox, trigger, webhooksAtKit } = useKit({ retryScale: 0.01 });
const kit = new KitSide(sandbox);

const SIGNED = { events: ['tag.created'] };

afterEach(async () => {
	await n8n.sql(['DROP TRIGGER IF EXISTS refuse']);
});

/** Waits until n8n hears what Kit posts: what is signed and empty it refuses with 400. */
async function heard(): Promise<void> {
	const { id } = await until('an endpoint at Kit', async () => (await kit.endpoints()).at(0));
	await until('n8n hears it', async () => {
		const { status } = await sandbox.current.deliver({ endpoint: id, events: [] });
		return status === 400 ? true : undefined;
	});
	sandbox.current.deliveries.length = 0;
}

async function publish(id: string): Promise<void> {
	await n8n.rest.activateWorkflow(id);
	await heard();
	// n8n hears before its hooks have made an endpoint active that was disabled.
	await webhooksAtKit(1);
}

async function unpublish(id: string): Promise<void> {
	await n8n.rest.deactivateWorkflow(id);
	await webhooksAtKit(0);
}

async function published(...after: Parameters<typeof chain>[1]): Promise<string> {
	const { id } = await n8n.rest.createWorkflow(chain('On Kit', [trigger(SIGNED), ...after]));
	await publish(id);
	return id;
}

async function staticDataOf(id: string): Promise<string | null> {
	const [row] = await n8n.sql(['SELECT staticData FROM workflow_entity WHERE id = ?', id]);
	return row?.staticData as string | null;
}

/** How many executions there are about each of the tags, whatever became of them. */
async function runsOf(id: string): Promise<Record<string, number>> {
	const rows = await n8n.sql([
		'SELECT data FROM execution_data JOIN execution_entity e ON e.id = executionId WHERE e.workflowId = ?',
		id,
	]);
	const runs: Record<string, number> = {};
	for (const { data } of rows) {
		const names = new Set((data as string).match(/Tag \d+/g));
		for (const name of names) runs[name] = (runs[name] ?? 0) + 1;
	}
	return runs;
}

/** What was answered to the attempts at the delivery of one tag. */
async function statusesOf(name: string): Promise<(number | null)[]> {
	return (await kit.createTag(name)).map(({ status }) => status);
}

/** Lets n8n's database take no execution, and a tag be created, until Kit was refused so many times. */
async function refused(name: string, times: number): Promise<void> {
	await n8n.sql([
		"CREATE TRIGGER refuse BEFORE INSERT ON execution_entity BEGIN SELECT RAISE(ABORT, 'disk is full'); END",
	]);
	await sandbox.ask('POST', '/kit/v4/tags', { name });
	await until(`${String(times)} attempts`, async () => {
		const answered = sandbox.current.deliveries.filter(({ status }) => status !== null);
		return await Promise.resolve(answered.length >= times ? true : undefined);
	});
}

test('where the database takes no execution, Kit tries again until it does', async () => {
	const id = await published();
	const { deliveries } = sandbox.current;
	await refused('Tag 1', 2);
	expect(await n8n.rest.executions(id)).toEqual([]);
	await n8n.sql(['DROP TRIGGER refuse']);
	await sandbox.current.settled();
	const statuses = deliveries.map(({ status }) => status);
	expect(statuses.slice(0, -1)).toEqual(statuses.slice(0, -1).map(() => 500));
	expect(statuses.at(-1)).toBe(200);
	expect(await runsOf(id)).toEqual({ 'Tag 1': 1 });
});

test('what the database refused arrives after the workflow was published anew', async () => {
	const id = await published();
	// Without a lag, nothing that the test asks passes the time until Kit tries again.
	Object.assign(sandbox.current.settings, { retryScale: 1, lagMs: 0 });
	await refused('Tag 1', 1);
	await unpublish(id);
	await n8n.sql(['DROP TRIGGER refuse']);
	await publish(id);
	sandbox.current.advance(30);
	await sandbox.current.settled();
	expect(await runsOf(id)).toEqual({ 'Tag 1': 1 });
});

test('an old copy of static data that is saved over the new one changes nothing', async () => {
	const id = await published();
	const old = await staticDataOf(id);
	await unpublish(id);
	await publish(id);
	await n8n.sql(['UPDATE workflow_entity SET staticData = ? WHERE id = ?', old, id]);
	expect(await statusesOf('Tag 1')).toEqual([200]);
	await n8n.sql(['UPDATE workflow_entity SET staticData = ? WHERE id = ?', old, id]);
	await n8n.restart('kill');
	await heard();
	expect(await statusesOf('Tag 2')).toEqual([200]);
	expect(await runsOf(id)).toEqual({ 'Tag 1': 1, 'Tag 2': 1 });
});

test('publishing anew under deliveries loses and doubles nothing that Kit sent', async () => {
	const id = await published();
	let count = 0;
	const end = new AbortController();
	const raising = (async () => {
		while (!end.signal.aborted) {
			count += 1;
			await sandbox.ask('POST', '/kit/v4/tags', { name: `Tag ${String(count)}` });
			await wait(250);
		}
	})();
	for (let n = 0; n < 3; n++) {
		await unpublish(id);
		await n8n.rest.activateWorkflow(id);
		await webhooksAtKit(1);
	}
	await heard();
	end.abort();
	await raising;
	const settled = sandbox.current.settled().then(() => true);
	// What was sent while nothing was published is tried again for two days.
	while (!(await Promise.race([settled, wait(2000, false)]))) sandbox.current.advance(86_400);
	expect((await statusesOf('Tag 100000')).at(-1)).toBe(200);
	const { deliveries } = sandbox.current;
	const taken = deliveries.filter(({ status }) => status === 200);
	const names = taken.flatMap(({ body }) => JSON.stringify(body).match(/Tag \d+/g) ?? []);
	const runs = await runsOf(id);
	expect(Object.values(runs).filter((times) => times !== 1)).toEqual([]);
	expect(names.filter((name) => runs[name] === undefined)).toEqual([]);
});

test('a run that outlives a publication undoes nothing of it', async () => {
	const id = await published(
		node('Wait', 'n8n-nodes-base.wait', 1.1, { amount: 3, unit: 'seconds' }),
		node('Remember', 'n8n-nodes-base.code', 2, {
			jsCode: "$getWorkflowStaticData('global').last = Date.now(); return $input.all();",
		}),
	);
	const { id: before } = await kit.endpoint();
	expect(await statusesOf('Tag 1')).toEqual([200]);
	await unpublish(id);
	await publish(id);
	await executionsOf(id, 1);
	// n8n has put the old copy back, which is what this is about.
	expect(await staticDataOf(id)).toContain(`"endpoint":{"id":${String(before)},`);
	expect(await statusesOf('Tag 2')).toEqual([200]);
	await n8n.restart('kill');
	await heard();
	expect(await statusesOf('Tag 3')).toEqual([200]);
	expect(await runsOf(id)).toEqual({ 'Tag 1': 1, 'Tag 2': 1, 'Tag 3': 1 });
});

test('n8n that is killed while it creates an endpoint takes what Kit sends there', async () => {
	const { id } = await n8n.rest.createWorkflow(chain('On Kit', [trigger(SIGNED)]));
	sandbox.current.fault({ kind: 'drop', method: 'PATCH', times: 1000 });
	const activating = n8n.rest.activateWorkflow(id).catch(() => undefined);
	await until('Kit has answered the creation', async () => {
		const isNext = sandbox.current.log.some(({ method }) => method === 'PATCH');
		return await Promise.resolve(isNext ? true : undefined);
	});
	await n8n.restart('kill');
	await activating;
	sandbox.current.clearFaults();
	expect(await staticDataOf(id)).toBeNull();
	expect((await statusesOf('Tag 1')).at(-1)).toBe(200);
	expect(await statusesOf('Tag 2')).toEqual([200]);
	expect(await runsOf(id)).toEqual({ 'Tag 1': 1, 'Tag 2': 1 });
});

interface Forged {
	body: Buffer | string;
	headers?: Record<string, string>;
	isCutOff?: boolean;
}

const SIGNATURE = {
	'X-Kit-Signature': `t=${String(Math.floor(Date.now() / 1000))},v1=${'0'.repeat(64)}`,
};
const DELIVERY = JSON.stringify({
	delivery_id: 1,
	events: [{ id: 'made-up', type: 'tag.created', data: {} }],
});

const FORGED: Record<string, Forged> = {
	nothing: { body: '' },
	unsigned: { body: DELIVERY },
	'signed by somebody else': { body: DELIVERY, headers: SIGNATURE },
	'no JSON': { body: '{"delivery_id":', headers: SIGNATURE },
	'no gzip': { body: 'no gzip', headers: { ...SIGNATURE, 'Content-Encoding': 'gzip' } },
	'half a gzip': {
		body: gzipSync(DELIVERY.repeat(50)).subarray(0, 40),
		headers: { ...SIGNATURE, 'Content-Encoding': 'gzip' },
	},
	'17 MB': { body: Buffer.alloc(17 * 1024 * 1024, ' '), headers: SIGNATURE },
	'a gzip of 17 MB': {
		body: gzipSync(Buffer.alloc(17 * 1024 * 1024, ' ')),
		headers: { ...SIGNATURE, 'Content-Encoding': 'gzip' },
	},
	XML: { body: '<a>', headers: { ...SIGNATURE, 'Content-Type': 'application/xml' } },
	'a form': {
		body: '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb',
		headers: { ...SIGNATURE, 'Content-Type': 'multipart/form-data; boundary=x' },
	},
	'half a body': { body: DELIVERY, headers: SIGNATURE, isCutOff: true },
};

/** @returns the status; 0 where there was no answer */
async function post(url: string, { body, headers, isCutOff = false }: Forged): Promise<number> {
	return await new Promise((resolve) => {
		const call = request(url, {
			method: 'POST',
			headers: {
				'Content-Type': 'application/json',
				'Content-Length': Buffer.byteLength(body) + (isCutOff ? 100 : 0),
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
		if (isCutOff) call.write(body, () => setTimeout(() => call.destroy(), 50));
		else call.end(body);
	});
}

test('forged calls make no execution and few requests to Kit, and keep no delivery out', async () => {
	const id = await published();
	const { url } = await kit.endpoint();
	const [address = ''] = url.split('?');
	const event = 'event=subscriber.subscriber_activate';
	const token = 'token=0123456789abcdef0123456789abcdef';
	sandbox.current.log.length = 0;
	const answers: [string, string, number][] = [];
	for (const query of ['', `?${token}`, `?${event}`, `?${event}&${token}`]) {
		for (const [name, forged] of Object.entries(FORGED)) {
			answers.push([query, name, await post(address + query, forged)]);
		}
	}
	for (const [name, forged] of Object.entries(FORGED)) {
		answers.push(['its own', name, await post(url, forged)]);
	}
	expect(answers.filter(([, , status]) => ![0, 400, 401, 413, 503].includes(status))).toEqual([]);
	const asked = sandbox.requests().map(({ request: line }) => line);
	expect(asked.filter((line) => !line.startsWith('GET '))).toEqual([]);
	expect(asked.length).toBeLessThanOrEqual(7);
	expect(await n8n.rest.executions(id)).toEqual([]);
	expect(await statusesOf('Tag 1')).toEqual([200]);
	expect(await runsOf(id)).toEqual({ 'Tag 1': 1 });
});

test('a copy of n8n at another address and the original leave each other’s webhooks alone', async () => {
	const id = await published();
	const original = await kit.endpoint();
	const clone = await n8n.clone();
	try {
		await clone.rest.deactivateWorkflow(id).catch(() => undefined);
		await clone.rest.activateWorkflow(id);
		await webhooksAtKit(2);
		await until('both hear it', async () => {
			const posts = await kit.createTag(`Heard ${String(Date.now())}`);
			return posts.length === 2 && posts.every(({ status }) => status === 200) ? true : undefined;
		});
		await n8n.rest.deactivateWorkflow(id);
		await webhooksAtKit(1);
		await n8n.rest.activateWorkflow(id);
		await webhooksAtKit(2);
		await clone.rest.deactivateWorkflow(id);
		await webhooksAtKit(1);
		expect(new URL((await kit.endpoint()).url).host).toBe(new URL(original.url).host);
		await heard();
		expect(await statusesOf('Tag 1')).toEqual([200]);
	} finally {
		await clone.stop();
	}
});

import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { WorkflowNode } from '../../scripts/n8n/rest';
import { itemsOf } from '../../scripts/n8n/rest';
import { addSubscriber, ALL_SCENES, sendBroadcast } from '../polling/cases';
import { expectEachOnce, keysOf, truthOf } from '../polling/truths';
import { chain, executionsOf, n8n, node, until, useKit } from './support/n8n';

const maton = useKit({ subscribers: 200, retryScale: 0 });
const { sandbox } = maton;

const NAME = 'Kit Polling Trigger';

/** n8n takes no poll time of less than a minute, but as many as one likes. */
const POLL_TIMES = [0, 10, 20, 30, 40, 50].map((second) => ({
	mode: 'custom',
	cronExpression: `${String(second)} * * * * *`,
}));

/** Every node has polled meanwhile, and lists have caught up. */
const POLLS_MS = 35_000;

/** Where so much is lost, late and refused, some watches take a while. */
const UNTIL_ALL_MS = 300_000;

const ROUGH = [
	{ kind: 'status', status: 429, share: 0.05 },
	{ kind: 'kitRateLimit', share: 0.02 },
	{ kind: 'drop', share: 0.02 },
] as const;

afterEach(async () => {
	await n8n.sql(['DROP TRIGGER IF EXISTS refuse']);
});

/** Does something at Kit that goes well, whatever goes wrong for n8n. */
async function smoothly<T>(act: () => Promise<T>): Promise<T> {
	const { settings } = sandbox.current;
	const { lagMs } = settings;
	sandbox.current.clearFaults();
	try {
		return await act();
	} finally {
		settings.lagMs = lagMs;
		if (lagMs > 0) for (const fault of ROUGH) sandbox.current.fault(fault);
	}
}

function makeRough(): void {
	Object.assign(sandbox.current.settings, { latencyMs: 20, lagMs: 20_000, nestedErrors: true });
	for (const fault of ROUGH) sandbox.current.fault(fault);
}

interface Watching {
	watch: string;
	workflow: string;
	parameters: INodeParameters;
	before: string[];
}

async function staticDataOf(id: string): Promise<string> {
	const [row] = await n8n.sql(['SELECT staticData FROM workflow_entity WHERE id = ?', id]);
	return String(row?.staticData);
}

/** Publishes a workflow with the trigger, and waits until it has set its mark. */
async function publish(parameters: INodeParameters, ...after: WorkflowNode[]): Promise<string> {
	const { id: credential, name } = maton.credential;
	const polled = { pollTimes: { item: POLL_TIMES }, ...parameters };
	const trigger = node(NAME, 'n8n-nodes-maton-kit.kitPollingTrigger', 1, polled, {
		credentials: { matonKitApi: { id: credential, name } },
	});
	const content = chain(parameters.watch as string, [trigger, ...after]);
	const { id } = await n8n.rest.createWorkflow(content);
	await n8n.rest.activateWorkflow(id);
	await until('a mark', async () => (await staticDataOf(id)).includes('memory') || undefined);
	return id;
}

/**
 * Ends n8n, and waits until it has published everything again after the start. It polls everything meanwhile, and
 * what it has saved as reported is lost where it is killed before it has saved the run, as docs/polling.md says.
 */
async function restart(end?: 'kill'): Promise<void> {
	await n8n.restart(end);
	const isPublished = async () => {
		const [{ open = 0 } = {}] = await n8n.sql([
			"SELECT count(*) AS open FROM workflow_publication_outbox WHERE status NOT IN ('completed', 'failed')",
		]);
		return open === 0 || undefined;
	};
	await until('everything is published again', isPublished, UNTIL_ALL_MS);
}

async function watchAll(watches?: string[]): Promise<Watching[]> {
	const all: Watching[] = [];
	for (const { watch, parameters } of ALL_SCENES) {
		if (watches?.includes(watch) === false) continue;
		const chosen = { watch, ...(await parameters?.(sandbox.ask)) };
		const workflow = await publish(chosen);
		all.push({ watch, workflow, parameters: chosen, before: [] });
	}
	for (const one of all) one.before = await truthOf(sandbox, one.parameters);
	return all;
}

/** Lets something happen that each watch reports. */
async function play(all: Watching[]): Promise<void> {
	const advance = (seconds: number) => {
		sandbox.current.advance(seconds);
	};
	const scene = { ask: sandbox.ask, sandbox: sandbox.current, advance };
	await smoothly(async () => {
		for (const { watch, parameters } of all) {
			await ALL_SCENES.find((one) => one.watch === watch)?.play(scene, parameters);
		}
	});
}

async function reportedBy({ workflow }: Watching): Promise<IDataObject[]> {
	const executions = await executionsOf(workflow, 0);
	return executions.flatMap((one) => itemsOf(one, NAME).map(({ json }) => json as IDataObject));
}

async function dueOf({ parameters, before }: Watching): Promise<string[]> {
	const now = await smoothly(async () => await truthOf(sandbox, parameters));
	return now.filter((key) => !before.includes(key));
}

async function expectAllOnce(all: Watching[]): Promise<void> {
	for (const one of all) expectEachOnce(one.watch, await reportedBy(one), await dueOf(one));
}

async function untilAllReported(all: Watching[]): Promise<void> {
	const deadline = Date.now() + UNTIL_ALL_MS;
	for (const one of all) {
		const due = await dueOf(one);
		const isMissing = async () => {
			const reported = new Set(keysOf(one.watch, await reportedBy(one)));
			return due.some((key) => !reported.has(key));
		};
		while ((await isMissing()) && Date.now() < deadline) await wait(2000);
	}
}

test('every watch reports each thing once, from a Kit at its roughest, across a restart and kills', async () => {
	const all = await watchAll();
	makeRough();
	await play(all);
	await untilAllReported(all);
	await expectAllOnce(all);
	await play(all);
	await restart();
	await play(all);
	await restart('kill');
	await play(all);
	await untilAllReported(all);
	await restart('kill');
	// Nothing comes again after it.
	await wait(POLLS_MS);
	await expectAllOnce(all);
}, 900_000);

const REFUSING = [
	'newSubscriber',
	'matchesFilter',
	'newOrUpdatedSubscriber',
	'newPost',
	'missedEvents',
];

test('what n8n’s database refuses to take comes with the next poll, once', async () => {
	const all = await watchAll(REFUSING);
	await n8n.sql([
		"CREATE TRIGGER refuse BEFORE INSERT ON execution_entity BEGIN SELECT RAISE(ABORT, 'disk is full'); END",
	]);
	await play(all);
	await wait(POLLS_MS);
	expect((await Promise.all(all.map(reportedBy))).flat()).toEqual([]);
	await n8n.sql(['DROP TRIGGER refuse']);
	await untilAllReported(all);
	await wait(POLLS_MS);
	await expectAllOnce(all);
}, 600_000);

test('a run that fails, or that somebody stops, was taken', async () => {
	const failing = await publish(
		{ watch: 'newSubscriber' },
		node('Stop', 'n8n-nodes-base.stopAndError', 1, { errorMessage: 'No' }),
	);
	const waiting = await publish(
		{ watch: 'newSubscriber' },
		node('Wait', 'n8n-nodes-base.wait', 1.1, { amount: 30, unit: 'seconds' }),
	);
	await addSubscriber(sandbox.ask);
	const look = async () => {
		const runs = await n8n.rest.executions(waiting);
		return runs.length > 0 ? runs : undefined;
	};
	const [running] = await until('a run that waits', look, POLLS_MS);
	await n8n.rest.stopExecution(running?.id ?? '');
	await executionsOf(failing, 1, POLLS_MS);
	await wait(POLLS_MS);
	expect((await n8n.rest.executions(failing)).map(({ status }) => status)).toEqual(['error']);
	expect((await n8n.rest.executions(waiting)).map(({ status }) => status)).toEqual(['canceled']);
}, 300_000);

test('a test in the editor shows some of the latest, and takes nothing away', async () => {
	const id = await publish({ watch: 'broadcastSent' });
	const tested = await n8n.rest.runWorkflow(id, NAME);
	expect(itemsOf(tested, NAME).length).toBeGreaterThan(1);
	const before = await staticDataOf(id);
	await n8n.rest.runWorkflow(id, NAME);
	expect(await staticDataOf(id)).toBe(before);
	await sendBroadcast(sandbox.ask);
	sandbox.current.advance(90);
	const look = async () => {
		const runs = await n8n.rest.executions(id);
		return runs.find(({ mode }) => mode === 'trigger');
	};
	const { id: last } = await until('a run of the trigger', look, POLLS_MS);
	expect(itemsOf(await n8n.rest.waitForExecution(last), NAME)).toHaveLength(1);
}, 300_000);

test('Only New Since Last Run goes on from run to run, and after a kill', async () => {
	const { id } = await n8n.rest.createWorkflow(
		chain('Who is new', [
			node(
				'Start',
				'n8n-nodes-base.webhook',
				2,
				{ path: 'who-is-new' },
				{ webhookId: randomUUID() },
			),
			maton.kit('Kit', { operation: 'getAll', returnAll: true, options: { onlyNew: true } }),
		]),
	);
	await n8n.rest.activateWorkflow(id);
	const call = async (count: number) => {
		await until('n8n hears the call', async () => {
			const { ok } = await fetch(`${n8n.rest.url}/webhook/who-is-new`);
			return ok || undefined;
		});
		const last = (await executionsOf(id, count)).at(-1);
		return last ? itemsOf(last, 'Kit').map(({ json }) => json.id) : undefined;
	};
	expect(await call(1)).toEqual([]);
	const first = await addSubscriber(sandbox.ask);
	expect(await call(2)).toEqual([first]);
	await n8n.restart('kill');
	expect(await call(3)).toEqual([]);
	const second = await addSubscriber(sandbox.ask);
	expect(await call(4)).toEqual([second]);
});

import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { KitRun } from '../support/n8n';
import { runKit } from '../support/n8n';
import { useSandbox } from '../support/sandbox';
import type { KitWorker } from '../support/workers';
import { startWorkers } from '../support/workers';
import { byId } from './cases/case';

const sandbox = useSandbox({ enforceRateLimit: true });

const GET_SUBSCRIBER: INodeParameters = {
	resource: 'subscriber',
	operation: 'get',
	subscriberId: byId('={{ $json.id }}'),
};
/** Kit would create a second one if this were sent again after it was done. */
const CREATE_SNIPPET: INodeParameters = {
	resource: 'snippet',
	operation: 'create',
	name: '={{ $json.name }}',
	snippetType: 'inline',
	content: 'Hello',
};

const order = (parameters: INodeParameters, items: IDataObject[]) => ({
	credential: sandbox.credential,
	parameters,
	items,
});

/** So many items that each name another snippet. */
const snippets = (count: number, prefix = 'Snippet') =>
	Array.from({ length: count }, (_, index) => ({ name: `${prefix} ${String(index)}` }));

const statuses = () => sandbox.requests().map(({ status }) => status);

/** The names of the snippets that a request was sent for, as often as one was. */
const sentNames = () =>
	sandbox
		.requests()
		.filter(({ request }) => request === 'POST /kit/v4/snippets')
		.map(({ body }) => (body as IDataObject).name);

/** How many snippets there are by each name, of those that were not there at the start. */
async function createdSnippets(prefix: string): Promise<IDataObject[]> {
	sandbox.current.settings.enforceRateLimit = false;
	const { snippets: rows } = await sandbox.ask('GET', '/kit/v4/snippets?per_page=1000');
	return (rows as { name: string }[]).filter(({ name }) => name.startsWith(prefix)).reverse();
}

/** They load while the first tests run. */
let starting: Promise<KitWorker[]>;
beforeAll(() => {
	starting = startWorkers(4);
});
afterAll(async () => {
	for (const worker of await starting) worker.stop();
});

test('a clock that is set back by an hour holds nothing up', async () => {
	const { now } = Date;
	sandbox.current.settings.enforceRateLimit = false;
	try {
		for (const hours of [0, 1]) {
			jest.spyOn(Date, 'now').mockImplementation(() => now() - hours * 3_600_000);
			const { json } = await runKit(order(CREATE_SNIPPET, snippets(15, `Hour ${String(hours)},`)));
			expect(json).toHaveLength(15);
		}
	} finally {
		jest.restoreAllMocks();
	}
});

test('writes and reads side by side keep to the limit, and come out in order', async () => {
	const { subscribers } = await sandbox.ask('GET', '/kit/v4/subscribers?per_page=50');
	const people = subscribers as { id: number }[];
	// What n8n has to load for its first request takes longer than anything later.
	await runKit(order(GET_SUBSCRIBER, people.slice(0, 1)));
	sandbox.current.reset();
	const writes = snippets(40);
	const [written, read] = await Promise.all([
		runKit(order(CREATE_SNIPPET, writes)),
		runKit(order(GET_SUBSCRIBER, people)),
	]);
	expect(written.json.map(({ name }) => name)).toEqual(writes.map(({ name }) => name));
	expect(read.json.map(({ id }) => id)).toEqual(people.map(({ id }) => id));
	const refused = statuses().filter((status) => status > 201).length;
	// A machine that is busy with something else holds up what has started.
	expect(refused).toBeLessThan(5);
	expect(statuses()).toHaveLength(40 + people.length + refused);
	expect([...new Set(sentNames())]).toEqual(writes.map(({ name }) => name));
});

describe('cancelling a run of 5,000 items', () => {
	/** Cancels it once some requests have arrived, and says how many had. */
	async function cancelled(run: KitRun): Promise<number> {
		let arrived = 0;
		const { run: ended } = await runKit({
			...run,
			whileRunning(cancel) {
				const timer = setInterval(() => {
					arrived = sandbox.requests().length;
					if (arrived < 3) return;
					clearInterval(timer);
					cancel();
				}, 1);
			},
		});
		expect(ended.status).toBe('canceled');
		return arrived;
	}

	test.each([
		['writes', CREATE_SNIPPET, 1],
		['reads', GET_SUBSCRIBER, 25],
	])('sends no more %s than were under way', async (_, parameters, atOnce) => {
		const items = snippets(5000).map((item, id) => ({ ...item, id: id + 1 }));
		const arrived = await cancelled({
			...order(parameters, items),
			onError: 'continueRegularOutput',
		});
		// Requests that wait for their turn go out in order, so these are the last if any did wait.
		const { error } = await runKit(order({ resource: 'account', operation: 'get' }, [{}]));
		expect(error).toBeUndefined();
		expect(sandbox.requests().length - 1 - arrived).toBeLessThanOrEqual(atOnce);
		expect(sandbox.requests().at(-1)?.request).toBe('GET /kit/v4/account');
	});
});

describe('several n8n processes with one key', () => {
	let workers: KitWorker[] = [];
	beforeAll(async () => {
		workers = await starting;
	});

	test.each([
		[2, 30],
		[4, 20],
	])('%i of them do all they are told, each write once', async (processes, each) => {
		const reports = await Promise.all(
			workers
				.slice(0, processes)
				.map(async (worker, number) =>
					worker.run(order(CREATE_SNIPPET, snippets(each, `Process ${String(number)} snippet`))),
				),
		);
		const names = Array.from({ length: processes }, (_, number) =>
			snippets(each, `Process ${String(number)} snippet`).map(({ name }) => name),
		);
		expect(reports.map(({ error }) => error)).toEqual(names.map(() => undefined));
		expect(reports.map(({ json }) => json.map(({ name }) => name))).toEqual(names);
		expect((await createdSnippets('Process')).map(({ name }) => name).sort()).toEqual(
			names.flat().sort(),
		);
		// Without these the processes would not have been in each other's way.
		expect(statuses()).toContain(429);
	});
});

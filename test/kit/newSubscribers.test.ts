import fc from 'fast-check';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { addSubscriber } from '../polling/cases';
import { useClock } from '../support/clock';
import type { KitRun } from '../support/n8n';
import { runKit, WAYS } from '../support/n8n';
import { useSandbox } from '../support/sandbox';

const sandbox = useSandbox({ subscribers: 2345 });
const advance = useClock();

const GET_ALL = { resource: 'subscriber', operation: 'getAll', filters: { status: 'all' } };

let saved: IDataObject;

beforeEach(() => {
	saved = {};
});

async function getMany(options: IDataObject, parameters: INodeParameters = {}, more = {}) {
	const { json, error, run } = await runKit({
		credential: sandbox.credential,
		mode: 'trigger',
		saved,
		parameters: { ...GET_ALL, options, ...parameters } as INodeParameters,
		...(more as Partial<KitRun>),
	});
	if (error) throw new Error(error.message);
	const hints = run.data.resultData.runData.Kit?.[0]?.hints ?? [];
	return { json, hints: hints.map(({ message }) => message) };
}

async function newOnes(parameters?: INodeParameters, more?: Partial<KitRun>): Promise<unknown[]> {
	return (await getMany({ onlyNew: true }, parameters, more)).json.map(({ id }) => id);
}

async function add(count: number): Promise<number[]> {
	const ids: number[] = [];
	for (let n = 0; n < count; n++) ids.push(await addSubscriber(sandbox.ask));
	return ids;
}

describe.each(WAYS)('Only New Since Last Run: %s', (way) => {
	test('returns nobody at first, and then each once, the oldest first', async () => {
		const first = await getMany({ onlyNew: true }, {}, { way });
		expect(first.json).toEqual([]);
		if (way === 'customOperations') {
			expect(first.hints).toContainEqual(expect.stringContaining('this was the first run'));
		}
		const ids = await add(3);
		expect(await newOnes({}, { way })).toEqual(ids);
		expect(await newOnes({}, { way })).toEqual([]);
		advance(86_400);
		const later = await add(2);
		expect(await newOnes({}, { way })).toEqual(later);
	});
});

describe('Only New Since Last Run', () => {
	test('leaves those beyond Limit to the next runs, however late these are', async () => {
		await newOnes();
		const ids = await add(7);
		expect(await newOnes({ limit: 3 })).toEqual(ids.slice(0, 3));
		advance(86_400);
		const more = await add(1);
		expect(await newOnes({ limit: 3 })).toEqual(ids.slice(3, 6));
		advance(86_400);
		expect(await newOnes({ limit: 3 })).toEqual([...ids.slice(6), ...more]);
	});

	test('takes one small request where nobody is new', async () => {
		await newOnes();
		await add(2);
		await newOnes();
		advance(7200);
		sandbox.current.log.length = 0;
		expect(await newOnes({ returnAll: true })).toEqual([]);
		expect(sandbox.requests().map(({ query }) => query)).toEqual([
			{ status: 'all', per_page: '50' },
		]);
	});

	test('gives nobody away in a run that fails, or that is tried again', async () => {
		await newOnes();
		const ids = await add(2);
		const items = [{ status: 'all' }, { status: 'nonsense' }];
		const filters = { status: '={{ $json.status }}' };
		await expect(newOnes({ filters }, { items })).rejects.toThrow('Status');
		await expect(newOnes({ filters }, { items, retryOnFail: true })).rejects.toThrow('Status');
		expect(await newOnes()).toEqual(ids);
	});

	test('shows in the editor some of the latest, says why, and changes nothing', async () => {
		await newOnes();
		const ids = await add(2);
		const { json, hints } = await getMany(
			{ onlyNew: true },
			{ returnAll: true },
			{ mode: 'manual' },
		);
		expect(json).toHaveLength(5);
		expect(json.slice(-2).map(({ id }) => id)).toEqual(ids);
		expect(hints).toContainEqual(
			expect.stringContaining('n8n remembers nothing of a run from the editor'),
		);
		expect(await newOnes()).toEqual(ids);
	});

	test('keeps apart lists with other filters, but not those of other days', async () => {
		const since = (day: string) => ({ filters: { status: 'all', createdAfter: day } });
		await newOnes(since('2020-01-01'));
		expect(await newOnes({ filters: { status: 'cancelled' } })).toEqual([]);
		const ids = await add(1);
		expect(await newOnes(since('2020-01-02'))).toEqual(ids);
		expect(await newOnes({ filters: { status: 'cancelled' } })).toEqual([]);
		expect(await newOnes({ filters: { status: 'active' } })).toEqual([]);
	});

	test('goes on where it was when more or less is to be told of each', async () => {
		await newOnes();
		const ids = await add(2);
		const { json } = await getMany({ onlyNew: true, include: ['tags'], slim: true });
		expect(json.map(({ id }) => id)).toEqual(ids);
		expect(await newOnes()).toEqual([]);
	});

	test('gives each once where several items ask for the same list', async () => {
		const items = [{}, {}];
		await newOnes({}, { items });
		const ids = await add(2);
		expect(await newOnes({}, { items })).toEqual(ids);
	});

	test.each([
		[{ options: { onlyNew: true, after: '' } }, 'a cursor'],
		[{ options: { onlyNew: true, onlyCount: true } }, 'Only Count'],
		[{ sort: { sortField: 'created_at' } }, 'an order'],
		[{ sort: { sortOrder: 'asc' } }, 'an order'],
	])('is refused together with %j', async (parameters, what) => {
		await expect(newOnes(parameters)).rejects.toThrow(
			`Only New Since Last Run cannot be used together with ${what}`,
		);
		expect(sandbox.requests()).toEqual([]);
	});

	test('does not touch what n8n keeps where it is not chosen', async () => {
		await getMany({}, { limit: 1 });
		expect(saved).toEqual({});
	});

	test('reports each once from lists that lag, at whatever times, with whatever Limit', async () => {
		const step = fc.record({
			add: fc.nat(4),
			seconds: fc.integer({ min: 0, max: 20_000 }),
			limit: fc.integer({ min: 1, max: 4 }),
		});
		await fc.assert(
			fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12 }), async (steps) => {
				sandbox.current.reset();
				saved = {};
				await newOnes();
				sandbox.current.settings.lagMs = 300_000;
				const added: number[] = [];
				const told: unknown[] = [];
				for (const { add: count, seconds, limit } of steps) {
					added.push(...(await add(count)));
					advance(seconds);
					const ids = await newOnes({ limit });
					expect(ids.length).toBeLessThanOrEqual(limit);
					told.push(...ids);
				}
				advance(301);
				told.push(...(await newOnes({ returnAll: true })));
				expect(told).toEqual(added);
			}),
			{ numRuns: 10 },
		);
	}, 120_000);
});

describe.each(WAYS)('Continue After Cursor: %s', (way) => {
	test('goes through the whole list, a run at a time, and then gives nobody', async () => {
		const ids: unknown[] = [];
		for (let cursor: IDataObject[string] = null; ;) {
			const { json } = await getMany({ after: cursor }, { limit: 500 }, { way });
			if (json.length === 0) break;
			expect(new Set(json.map((one) => one.cursor)).size).toBe(1);
			cursor = json[0]?.cursor;
			ids.push(...json.map(({ id }) => id));
		}
		const all = await getMany({}, { returnAll: true });
		expect(all.json[0]).not.toHaveProperty('cursor');
		expect(ids).toEqual(all.json.map(({ id }) => id));
	});

	test('finds those who come later at the end of a list that ascends', async () => {
		const ascending = { returnAll: true, sort: { sortField: 'id', sortOrder: 'asc' } };
		const { json } = await getMany({ after: '' }, ascending, { way });
		const ids = await add(2);
		const next = await getMany({ after: json[0]?.cursor }, ascending, { way });
		expect(next.json.map(({ id }) => id)).toEqual(ids);
	});

	test('leads back as well: Continue Before Cursor', async () => {
		const { json } = await getMany({ after: '' }, { limit: 30 }, { way });
		const seen: unknown[] = [];
		for (let before = json[0]?.cursor; ;) {
			const page = await getMany({ before }, { limit: 10 }, { way });
			if (page.json.length === 0) break;
			before = page.json[0]?.cursor;
			seen.unshift(...page.json.map(({ id }) => id));
		}
		expect(seen).toEqual(json.slice(0, 29).map(({ id }) => id));
	});

	test.each(['simplified', 'selected'])('is in the output that is %s', async (output) => {
		const { json } = await getMany({ after: '' }, { limit: 1, output, outputFields: [] }, { way });
		expect(json[0]).toMatchObject({ cursor: expect.any(String) as string });
	});
});

import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import { useClock } from '../support/clock';
import { kitNode } from '../support/n8n';
import { TestPolling } from '../support/polling';
import { ROUGH, useSandbox } from '../support/sandbox';
import type { Row } from './cases';
import { addSubscriber, idOfSubscriber } from './cases';

const sandbox = useSandbox({ subscribers: 120 }, { ...ROUGH, lagMs: 0 });
const advance = useClock();

beforeAll(async () => {
	await kitNode();
});

async function start(): Promise<TestPolling> {
	const parameters = { watch: 'newOrUpdatedSubscriber' };
	const polling = new TestPolling({ parameters, credential: sandbox.credential });
	await polling.activate();
	return polling;
}

async function rename(id: number, first_name: string): Promise<void> {
	await sandbox.ask('PUT', `/kit/v4/subscribers/${String(id)}`, { first_name });
}

async function someIds(): Promise<number[]> {
	const { subscribers } = await sandbox.ask('GET', '/kit/v4/subscribers?status=all&per_page=1000');
	return (subscribers as Row[]).map(({ id }) => id);
}

const brief = ({ event, subscriber }: IDataObject) => [
	event,
	(subscriber as Row).id,
	(subscriber as Row).first_name,
];

test('reports who is new and who has changed, in the order of it, and the last of several changes', async () => {
	const polling = await start();
	expect(await polling.poll()).toEqual([]);
	const [first = 0, second = 0] = (await someIds()).slice(60);
	await rename(first, 'One');
	advance(2);
	const id = await addSubscriber(sandbox.ask);
	advance(2);
	await rename(second, 'Two');
	advance(2);
	await rename(second, 'Three');
	expect((await polling.poll()).map(brief)).toEqual([
		['subscriber.updated', first, 'One'],
		['subscriber.created', id, 'Ada'],
		['subscriber.updated', second, 'Three'],
	]);
	expect(await polling.poll()).toEqual([]);
	await rename(second, 'Four');
	expect((await polling.poll()).map(brief)).toEqual([['subscriber.updated', second, 'Four']]);
	expect(await (await polling.restart()).poll()).toEqual([]);
});

test('a new custom field of the account changes nobody, and one that is filled in does', async () => {
	const polling = await start();
	const [first = 0, second = 0] = await someIds();
	await rename(first, 'One');
	await rename(second, 'Two');
	expect(await polling.poll()).toHaveLength(2);
	await sandbox.ask('POST', '/kit/v4/custom_fields', { label: 'Shoe size' });
	expect(await polling.poll()).toEqual([]);
	const fields = { shoe_size: '42' };
	await sandbox.ask('PUT', `/kit/v4/subscribers/${String(first)}`, { fields });
	const items = await polling.poll();
	expect(items.map(idOfSubscriber)).toEqual([first]);
	expect(items[0]).toHaveProperty('subscriber.fields.shoe_size', '42');
});

test('who becomes what they were before is reported with an ID of its own', async () => {
	const polling = await start();
	const [id = 0] = await someIds();
	const items: IDataObject[] = [];
	for (const name of ['One', 'Two', 'One']) {
		await rename(id, name);
		advance(60);
		items.push(...(await polling.poll()));
	}
	expect(items.map(({ subscriber }) => (subscriber as Row).first_name)).toEqual([
		'One',
		'Two',
		'One',
	]);
	expect(new Set(items.map((item) => item.id)).size).toBe(3);
});

test('who shows late in the list, and far below who was updated at the same time, is reported', async () => {
	const polling = await start();
	const all = (await someIds()).slice(0, 80);
	for (const id of all) {
		await rename(id, 'Imported');
		advance(1);
	}
	const path = '/kit/v4/subscribers';
	const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
	const list = `${path}?status=all&updated_after=${yesterday}&sort_field=updated_at&sort_order=desc`;
	const first = await sandbox.ask('GET', `${list}&per_page=50`);
	const { end_cursor: after } = first.pagination as { end_cursor: string };
	const next = encodeURIComponent(after);
	const rest = await sandbox.ask('GET', `${list}&per_page=1000&after=${next}`);
	const rows = rest.subscribers as Row[];
	const late = all[0] ?? 0;
	expect(rows.map(({ id }) => id)).toContain(late);
	const body = { ...rest, subscribers: rows.filter(({ id }) => id !== late) };
	sandbox.current.fault({ kind: 'status', status: 200, body, path, skip: 1 });
	const items = await polling.poll();
	expect(items.map(idOfSubscriber)).toEqual(all.slice(1));
	advance(60);
	expect((await polling.poll()).map(idOfSubscriber)).toEqual([late]);
	expect(await polling.poll()).toEqual([]);
});

test('a quiet poll takes one small request, days later too', async () => {
	const polling = await start();
	await addSubscriber(sandbox.ask);
	await polling.poll();
	advance(10 * 86_400);
	sandbox.current.log.length = 0;
	expect(await polling.poll()).toEqual([]);
	expect(sandbox.current.log).toHaveLength(1);
	expect(sandbox.current.log[0]?.query).toMatchObject({ per_page: '50' });
	const [id = 0] = await someIds();
	await rename(id, 'Later');
	expect((await polling.poll()).map(idOfSubscriber)).toEqual([id]);
});

test('whatever is changed, created and deleted from lists between polls, the last state of each is reported', async () => {
	const step = fc.oneof(
		fc.record({ who: fc.nat(119), name: fc.constantFrom('A', 'B', 'C') }),
		fc.constant('create' as const),
		fc.constant('poll' as const),
		fc.record({ seconds: fc.integer({ min: 1, max: 200_000 }) }),
	);
	await fc.assert(
		fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
			sandbox.current.reset();
			const ids = (await someIds()).sort();
			const last = new Map<number, unknown>();
			const told = new Map<number, unknown>();
			const touched = new Set<number>();
			const polling = await start();
			const take = async () => {
				for (const { subscriber } of await polling.poll()) {
					const { id, first_name } = subscriber as Row;
					// Nobody is reported who has not been changed since the poll before, and nobody twice.
					expect(touched.delete(id)).toBe(true);
					told.set(id, first_name);
				}
				touched.clear();
			};
			const before = new Map<number, unknown>();
			for (const one of steps) {
				if (one === 'poll') await take();
				else if (one === 'create') {
					const id = await addSubscriber(sandbox.ask);
					last.set(id, 'Ada');
					touched.add(id);
				} else if ('seconds' in one) advance(one.seconds);
				else {
					const id = ids[one.who] ?? 0;
					advance(1);
					const path = `/kit/v4/subscribers/${String(id)}`;
					const { subscriber } = await sandbox.ask('GET', path);
					const { first_name } = subscriber as Row;
					if (!before.has(id)) before.set(id, first_name);
					if (first_name === one.name) continue;
					await rename(id, one.name);
					last.set(id, one.name);
					touched.add(id);
				}
			}
			await take();
			for (const [id, name] of last) {
				// Who is as they were at the last poll has nothing to be told.
				const known = told.has(id) ? told.get(id) : before.get(id);
				expect([id, known]).toEqual([id, name]);
			}
			expect(polling.failures).toEqual([]);
		}),
		{ numRuns: 15 },
	);
}, 300_000);

import { runKit } from '../support/n8n';
import { useSandbox } from '../support/sandbox';

const RETURN_ALL = {
	resource: 'subscriber',
	operation: 'getAll',
	returnAll: true,
	filters: { status: 'all' },
};

describe('Return All of 5,500 subscribers', () => {
	const sandbox = useSandbox({ subscribers: 5500 });
	const queries = () => sandbox.requests().map(({ query }) => query as Record<string, string>);
	const all = async (sort: Record<string, string> = {}) => {
		const { json, error } = await runKit({
			credential: sandbox.credential,
			parameters: { ...RETURN_ALL, sort },
		});
		expect(error).toBeUndefined();
		return json as { id: number }[];
	};
	const ids = (rows: { id: number }[]) => rows.map(({ id }) => id);
	const everyId = async () => {
		const found: number[] = [];
		for (let after = ''; ;) {
			const query = `status=all&per_page=1000&after=${encodeURIComponent(after)}`;
			const page = await sandbox.ask('GET', `/kit/v4/subscribers?${query}`);
			found.push(...ids(page.subscribers as { id: number }[]));
			const { has_next_page: more, end_cursor: end } = page.pagination as Record<string, string>;
			if (!more) return found;
			after = end ?? '';
		}
	};

	test.each([
		['as Kit sorts it', {}, 'asc', false],
		['descending', { sortOrder: 'desc' }, 'asc', false],
		['ascending', { sortOrder: 'asc' }, 'desc', true],
	])('reads from both ends, and keeps the order: %s', async (_, options, reversed, ascending) => {
		const expected = await everyId();
		sandbox.current.log.length = 0;
		expect(ids(await all(options))).toEqual(ascending ? expected.reverse() : expected);
		const back = queries().filter(({ sort_order: order }) => order === reversed);
		// The last page of one end is still under way when the two meet, and may not have arrived.
		expect(back.length).toBeGreaterThanOrEqual(2);
		expect(queries().length).toBeLessThanOrEqual(7);
	});

	test('another order is read from its beginning alone', async () => {
		const rows = await all({ sortField: 'updated_at' });
		expect(new Set(ids(rows)).size).toBe(5500);
		expect(queries()).toHaveLength(6);
	});

	test('whoever is updated meanwhile comes once in the order of updates', async () => {
		const moving = (await everyId()).slice(-10);
		sandbox.current.log.length = 0;
		sandbox.current.settings.latencyMs = 300;
		const reading = all({ sortField: 'updated_at', sortOrder: 'asc' });
		while (queries().length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
		sandbox.current.settings.latencyMs = 0;
		for (const id of moving) {
			await sandbox.ask('PUT', `/kit/v4/subscribers/${String(id)}`, { first_name: 'Moved' });
		}
		const rows = ids(await reading);
		expect(rows).toHaveLength(5500);
		expect(new Set(rows).size).toBe(5500);
	});

	test('a Kit that does not sort the other way round costs one request, and no row', async () => {
		const expected = await everyId();
		sandbox.current.log.length = 0;
		sandbox.current.fault({ kind: 'ignore', parameter: 'sort_order', times: 99 });
		expect(ids(await all())).toEqual(expected);
		expect(queries()).toHaveLength(7);
	});

	test('where the end cannot be read, the beginning goes on', async () => {
		const expected = await everyId();
		sandbox.current.fault({ kind: 'status', status: 422, skip: 1, body: { errors: ['No'] } });
		expect(ids(await all())).toEqual(expected);
	});

	test('where the beginning cannot be read, the run fails, and nothing more is sent', async () => {
		sandbox.current.fault({ kind: 'status', status: 422, skip: 2, body: { errors: ['No'] } });
		const { json, error } = await runKit({
			credential: sandbox.credential,
			parameters: RETURN_ALL,
		});
		expect(error?.message).toContain('No');
		expect(json).toEqual([]);
		expect(queries()).toHaveLength(3);
	});

	test('whoever is there all the time comes once, while others come and go', async () => {
		const before = await everyId();
		const leaving = before.filter((_, place) => place % 500 === 250);
		const reading = all();
		for (const [number, id] of leaving.entries()) {
			await sandbox.ask('POST', `/kit/v4/subscribers/${String(id)}/unsubscribe`);
			await sandbox.ask('POST', '/kit/v4/subscribers', {
				email_address: `late${String(number)}@example.com`,
			});
		}
		const rows = ids(await reading);
		expect(rows).toEqual([...new Set(rows)].sort((one, other) => other - one));
		expect(rows.filter((id) => before.includes(id))).toEqual(before);
	});
});

describe('Return All of 1,000 subscribers', () => {
	const sandbox = useSandbox({ subscribers: 1000 });

	test('is one request', async () => {
		sandbox.current.clearFaults();
		const { json } = await runKit({ credential: sandbox.credential, parameters: RETURN_ALL });
		expect(json).toHaveLength(1000);
		expect(sandbox.requests()).toHaveLength(1);
	});
});

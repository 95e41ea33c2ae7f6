import { runKit, WAYS } from '../support/n8n';
import { useSandbox } from '../support/sandbox';

const GET_ALL = { resource: 'subscriber', operation: 'getAll', filters: { status: 'all' } };
const FILTER = {
	resource: 'subscriber',
	operation: 'filter',
	specifyConditions: 'json',
	conditionsJson: '[{"type": "subscribed", "after": "2000-01-01"}]',
};

describe('with 2,345 subscribers', () => {
	const sandbox = useSandbox({ subscribers: 2345 });

	describe.each(WAYS)('run by %s', (way) => {
		test.each([
			['Get Many', GET_ALL, 4],
			['Filter, which has its cursors in the body and smaller pages', FILTER, 24],
		])('Return All brings each once, in order: %s', async (_, parameters, requests) => {
			const { json, items, error } = await runKit({
				way,
				credential: sandbox.credential,
				parameters: { ...parameters, returnAll: true },
			});
			expect(error).toBeUndefined();
			const ids = json.map(({ id }) => Number(id));
			expect(ids).toHaveLength(2345);
			expect(ids).toEqual([...new Set(ids)].sort((one, other) => other - one));
			const path =
				parameters === FILTER ? 'POST /kit/v4/subscribers/filter' : 'GET /kit/v4/subscribers';
			const own = sandbox.requests().filter(({ request }) => request === path);
			expect(own.length).toBeLessThanOrEqual(requests);
			expect(items.at(-1)?.pairedItem).toEqual({ item: 0 });
		});

		test('Only Count asks Kit to count, in one request', async () => {
			const { json, error } = await runKit({
				way,
				credential: sandbox.credential,
				parameters: { ...GET_ALL, options: { onlyCount: true } },
			});
			expect(error).toBeUndefined();
			expect(json).toEqual([{ total_count: 2345 }]);
			expect(sandbox.requests().map(({ query }) => query)).toEqual([
				{ status: 'all', per_page: '1', include_total_count: 'true' },
			]);
		});

		test('Limit fetches no more than it returns', async () => {
			const { json } = await runKit({
				way,
				credential: sandbox.credential,
				parameters: { ...GET_ALL, returnAll: false, limit: 1200 },
			});
			expect(json).toHaveLength(1200);
			expect(sandbox.requests().map(({ query }) => query)).toEqual([
				{ status: 'all', per_page: '1000' },
				{ status: 'all', per_page: '200', after: expect.any(String) as string },
			]);
		});

		test.each([
			['after', 2345 - 1000],
			['before', 999],
		])('a cursor leads on from a place in the list, or back from it: %s', async (side, count) => {
			const page = await sandbox.ask('GET', '/kit/v4/subscribers?status=all&per_page=1000');
			const { end_cursor: cursor } = page.pagination as { end_cursor: string };
			const { json, error } = await runKit({
				way,
				credential: sandbox.credential,
				parameters: { ...GET_ALL, returnAll: true, options: { [side]: cursor } },
			});
			expect(error).toBeUndefined();
			expect(new Set(json.map(({ id }) => id)).size).toBe(count);
		});

		test('every item gets its own list, and each row says of which item it is', async () => {
			const { items } = await runKit({
				way,
				credential: sandbox.credential,
				items: [{ limit: 2 }, { limit: 1 }],
				parameters: { ...GET_ALL, limit: '={{ $json.limit }}' },
			});
			expect(items.map(({ pairedItem }) => pairedItem)).toEqual([
				{ item: 0 },
				{ item: 0 },
				{ item: 1 },
			]);
		});

		test('Return All given by an expression is not cut by Limit', async () => {
			const { json } = await runKit({
				way,
				credential: sandbox.credential,
				parameters: { ...GET_ALL, returnAll: '={{ true }}', limit: 5 },
			});
			expect(json).toHaveLength(2345);
		});

		test.each([0, -1, 1.5, 'many'])('a Limit of %p is refused before a request', async (limit) => {
			const { error } = await runKit({
				way,
				credential: sandbox.credential,
				parameters: { ...GET_ALL, limit },
			});
			expect(error?.message).toContain('Limit must be a whole number from 1, not');
			expect(sandbox.requests()).toEqual([]);
		});

		test.each([
			['noRows', 'has no “subscribers”'],
			['noPagination', 'has no “pagination”'],
			['noEndCursor', 'no “end_cursor”'],
			['sameEndCursor', 'the same page cursor twice'],
		] as const)('a page that is broken (%s) is an error, not the end', async (tamper, sentence) => {
			sandbox.current.fault({
				kind: 'page',
				tamper,
				path: '/kit/v4/subscribers',
				skip: 1,
				times: 2,
			});
			const { error, json } = await runKit({
				way,
				credential: sandbox.credential,
				parameters: { ...FILTER, returnAll: true },
			});
			expect(error?.message).toContain(sentence);
			expect(json).toEqual([]);
		});
	});
});

describe('with 300,000 subscribers', () => {
	const sandbox = useSandbox({ subscribers: 300_000 });

	test('all come back from one item, in order, each once', async () => {
		const { json, error } = await runKit({
			credential: sandbox.credential,
			parameters: { ...GET_ALL, returnAll: true, options: { slim: true } },
		});
		expect(error).toBeUndefined();
		expect(json).toHaveLength(300_000);
		let descending = true;
		for (let n = 1; n < json.length; n++) {
			descending &&= Number(json[n]?.id) < Number(json[n - 1]?.id);
		}
		expect(descending).toBe(true);
	}, 120_000);
});

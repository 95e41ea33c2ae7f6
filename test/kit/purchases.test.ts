import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import { useClock } from '../support/clock';
import type { KitRun, Way } from '../support/n8n';
import { runKit, WAYS } from '../support/n8n';
import { useSandbox } from '../support/sandbox';

const sandbox = useSandbox();

const advance = useClock();

let lanes = 0;

beforeEach(() => {
	lanes += 1;
});

/** A rate limit of each test's own, as in `storm.test.ts`. */
function ownLane() {
	return { ...sandbox.credential, baseUrl: sandbox.credential.baseUrl + '/.'.repeat(lanes) };
}

const requests = () => sandbox.requests().map(({ request }) => request);

/** What a shop tells of an order: which lines, by their IDs. */
interface Order {
	transaction: string;
	lines: number[];
	/** What of it is otherwise than usual */
	buyer?: string;
	quantity?: number;
	status?: string;
}

/** As a shop would put it. */
const PURCHASE = `={{ {
	email_address: $json.buyer || 'buyer@example.com',
	transaction_id: $json.transaction,
	status: $json.status || 'paid',
	currency: 'EUR',
	transaction_time: '2026-11-01T12:00:00Z',
	subtotal: 5, tax: 0, shipping: 0, discount: 0, total: 5,
	products: $json.lines.map((line) => ({
		name: 'Product ' + line, pid: 'p' + line, lid: String(line), quantity: $json.quantity || 1, unit_price: 5, sku: '' })),
} }}`;

/** The lines that Kit has of each transaction, in its order. */
async function linesAtKit(): Promise<Record<string, string[]>> {
	const { purchases } = (await sandbox.ask('GET', '/kit/v4/purchases')) as {
		purchases: { transaction_id: string; products: { lid: string }[] }[];
	};
	const ours = purchases.filter(({ transaction_id: name }) => name.startsWith('order-'));
	return Object.fromEntries(
		ours.map(({ transaction_id: name, products }) => [name, products.map(({ lid }) => lid)]),
	);
}

async function run(
	way: Way,
	orders: Order[],
	operation = 'upsert',
	{ parameters, ...more }: Partial<KitRun> = {},
) {
	return await runKit({
		way,
		credential: ownLane(),
		items: orders as unknown as IDataObject[],
		parameters: {
			resource: 'purchase',
			operation,
			specifyPurchase: 'json',
			purchaseJson: PURCHASE,
			...parameters,
		},
		...more,
	});
}

describe.each(WAYS)('run by %s', (way) => {
	const save = async (orders: Order[], operation?: string) => await run(way, orders, operation);

	test('an order that is told twice has each of its products once', async () => {
		const order = { transaction: `order-${way}-1`, lines: [1, 2] };
		const first = await save([order]);
		const second = await save([order, { ...order, lines: [2, 3] }]);
		expect(first.error ?? second.error).toBeUndefined();
		expect(await linesAtKit()).toEqual({ [order.transaction]: ['1', '2', '3'] });
		expect(second.items.map(({ json }) => json.id)).toEqual([
			first.items[0]?.json.id,
			first.items[0]?.json.id,
		]);
	});

	test('an order that Kit’s list does not show yet is known by the process that saved it', async () => {
		const order = { transaction: `order-${way}-2`, lines: [1] };
		const patient = { parameters: { requestOptions: { timeout: 60_000 } } };
		await run(way, [order], 'create', patient);
		sandbox.current.log.length = 0;
		const { error, items } = await save([order]);
		expect(error).toBeUndefined();
		expect(items).toHaveLength(1);
		expect(requests()).toEqual([expect.stringMatching(/^GET \/kit\/v4\/purchases\/\d+$/)]);
	});

	test('a purchase whose response is lost is not sent again, and is told to look for', async () => {
		sandbox.current.fault({ kind: 'drop', afterHandling: true, skip: 1 });
		const order = { transaction: `order-${way}-6`, lines: [1] };
		const { error } = await save([order]);
		expect(error?.description).toMatch(/unknown whether Kit carried this out/);
		expect(requests()).toEqual(['GET /kit/v4/purchases', 'POST /kit/v4/purchases']);
	});

	test('whatever orders come in whatever order, each line is at Kit once', async () => {
		let runs = 0;
		const orders = fc.array(
			fc.record({
				transaction: fc.constantFrom('a', 'b', 'c'),
				lines: fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { minLength: 1 }),
			}),
			{ minLength: 1, maxLength: 4 },
		);
		await fc.assert(
			fc.asyncProperty(orders, orders, async (first, second) => {
				sandbox.current.reset();
				lanes += 1;
				runs += 1;
				const named = (all: Order[]) =>
					all.map((one) => ({
						...one,
						transaction: `order-${way}-${String(runs)}-${one.transaction}`,
					}));
				for (const run of [named(first), named(second)]) {
					expect((await save(run)).error).toBeUndefined();
				}
				const wanted = new Map<string, Set<string>>();
				for (const { transaction, lines } of [...named(first), ...named(second)]) {
					const all = wanted.get(transaction) ?? new Set();
					wanted.set(transaction, new Set([...all, ...lines.map(String)]));
				}
				expect(await linesAtKit()).toEqual(
					Object.fromEntries([...wanted].map(([name, lines]) => [name, [...lines]])),
				);
			}),
			{ numRuns: 8 },
		);
	});
});

const posts = () => requests().filter((request) => request.startsWith('POST'));

describe('an order whose response was lost, and that Kit’s list does not show yet', () => {
	test.each([
		['create', true, 0],
		['upsert', true, 0],
		['upsert', false, 1],
	])('sent by %s, is sent again only where Kit must not have it', async (...the) => {
		const [operation, isSaved, sentLater] = the;
		sandbox.current.settings.lagMs = 290_000;
		sandbox.current.fault({
			kind: 'drop',
			path: '/kit/v4/purchases',
			method: 'POST',
			afterHandling: isSaved,
		});
		const order = { transaction: `order-lost-${operation}-${String(isSaved)}`, lines: [1] };
		await run('customOperations', [order], operation);
		const told = await run('customOperations', [order, order], 'upsert', {
			onError: 'continueRegularOutput',
		});
		expect(told.json.map(({ error }) => error)).toEqual(
			[1, 2].map(
				() =>
					`It is not known yet whether Kit has transaction ${order.transaction}: its last request got no response`,
			),
		);
		expect(posts()).toHaveLength(1);
		advance(301);
		expect((await run('customOperations', [order])).error).toBeUndefined();
		expect(posts()).toHaveLength(1 + sentLater);
		advance(301);
		expect(await linesAtKit()).toEqual({ [order.transaction]: ['1'] });
	});
});

test('an order whose run was cancelled while it was sent is not sent again at once', async () => {
	sandbox.current.settings.lagMs = 290_000;
	sandbox.current.fault({ kind: 'stall', path: '/kit/v4/purchases', method: 'POST' });
	const order = { transaction: 'order-cancelled', lines: [1] };
	const cancelled = await run('customOperations', [order], 'upsert', {
		whileRunning: (cancel) => {
			const waiting = setInterval(() => {
				if (posts().length < 1) return;
				clearInterval(waiting);
				cancel();
			}, 5);
		},
	});
	expect(cancelled.run.status).toBe('canceled');
	const { error } = await run('customOperations', [order]);
	expect(error?.message).toContain('It is not known yet');
	expect(posts()).toHaveLength(1);
});

test('an order that comes again in a run that takes long is not sent again', async () => {
	const order = { transaction: 'order-long', lines: [1] };
	const { error } = await run(
		'customOperations',
		[order, { ...order, transaction: 'order-between' }, order],
		'upsert',
		{
			parameters: {
				requestOptions: { batching: { batch: { batchSize: 2, batchInterval: 500 } } },
			},
			whileRunning: () => {
				const waiting = setInterval(() => {
					if (posts().length < 2) return;
					clearInterval(waiting);
					advance(900);
				}, 5);
			},
		},
	);
	expect(error).toBeUndefined();
	expect(await linesAtKit()).toEqual({ 'order-long': ['1'], 'order-between': ['1'] });
});

test('a transaction of another buyer is refused, whatever its products', async () => {
	const order = { transaction: 'order-1001', lines: [1] };
	await run('customOperations', [{ ...order, buyer: 'Ann@example.com' }]);
	const ours = await run('customOperations', [{ ...order, buyer: 'ann@example.com', lines: [2] }]);
	expect(ours.error).toBeUndefined();
	for (const lines of [[1], [3]]) {
		const { error } = await run('customOperations', [
			{ ...order, lines, buyer: 'bob@example.com' },
		]);
		expect(error?.message).toMatch(
			/^Transaction order-1001 is a purchase of another email address \(ID \d+\)/,
		);
	}
	expect(await linesAtKit()).toEqual({ 'order-1001': ['1', '2'] });
});

test.each<[string, Partial<Order>, string[]]>([
	['the same', {}, []],
	['another quantity', { quantity: 3 }, ['line 1 keeps its quantity and price']],
	['another status', { status: 'refunded', lines: [1, 2] }, ['its status stays “paid”']],
])('what Kit does not change is said: %s', async (...the) => {
	const [, change, kept] = the;
	const order = { transaction: 'order-changed', lines: [1] };
	await run('customOperations', [order]);
	const { run: finished } = await run('customOperations', [{ ...order, ...change }]);
	const hints = finished.data.resultData.runData.Kit?.[0]?.hints ?? [];
	expect(hints.map(({ message }) => message).filter((one) => one.includes('only adds'))).toEqual(
		kept.map((what) => `Transaction order-changed: Kit only adds products, so ${what}.`),
	);
});

test('the purchases are read once for all orders of a run', async () => {
	const orders = [3, 4, 5].map((line) => ({
		transaction: `order-${String(line)}`,
		lines: [line],
	}));
	await run('customOperations', orders);
	expect(requests().filter((request) => request === 'GET /kit/v4/purchases')).toHaveLength(1);
	expect(requests().filter((request) => request.startsWith('POST'))).toHaveLength(3);
});

test('a purchase as JSON may come in the envelope of Kit’s document', async () => {
	const purchaseJson = PURCHASE.replace('={{ {', '={{ { purchase: {').replace('} }}', '} } }}');
	const order = { transaction: 'order-8', lines: [1] };
	const { error } = await run('customOperations', [order], 'create', {
		parameters: { purchaseJson },
	});
	expect(error).toBeUndefined();
	expect(sandbox.requests()[0]?.body).toMatchObject({ purchase: { transaction_id: 'order-8' } });
});

test('what is left out of the details follows from the products', async () => {
	const { error } = await runKit({
		credential: ownLane(),
		parameters: {
			resource: 'purchase',
			operation: 'create',
			emailAddress: 'buyer@example.com',
			transactionId: 'order-7',
			products: {
				product: [
					{ name: 'Mug', productId: '7', quantity: 3, unitPrice: 0.1 },
					{ name: 'Cap', productId: '8', unitPrice: 19.9 },
				],
			},
			details: { currency: 'EUR', tax: 1.5, discount: 2 },
		},
	});
	expect(error).toBeUndefined();
	expect(sandbox.requests().map(({ body }) => body)).toEqual([
		{
			purchase: expect.objectContaining({
				status: 'paid',
				subtotal: 20.2,
				tax: 1.5,
				shipping: 0,
				discount: 2,
				total: 19.7,
			}) as unknown,
		},
	]);
});

import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { useClock } from '../support/clock';
import { TestPolling } from '../support/polling';
import { kitNode } from '../support/n8n';
import { useSandbox } from '../support/sandbox';

const sandbox = useSandbox();
const advance = useClock();

beforeAll(async () => {
	await kitNode();
});

type Row = Record<string, unknown> & { id: number };

async function first(path: string, key: string): Promise<Row> {
	const answer = await sandbox.ask('GET', `/kit/v4/${path}`);
	const [row] = answer[key] as Row[];
	if (!row) throw new Error(`There are no ${key}`);
	return row;
}

let count = 0;

async function addSubscriber(): Promise<number> {
	count += 1;
	const body = { email_address: `polled-${String(count)}@example.com` };
	const { subscriber } = await sandbox.ask('POST', '/kit/v4/subscribers', body);
	return (subscriber as Row).id;
}

async function addPurchase(): Promise<number> {
	count += 1;
	const product = { name: 'Course', pid: 'course', lid: `line-${String(count)}`, quantity: 1 };
	const purchase = {
		email_address: 'buyer@example.com',
		transaction_id: `polled-${String(count)}`,
		// A shop may tell Kit later of what was bought long ago.
		transaction_time: '2024-01-01T00:00:00Z',
		products: [{ ...product, unit_price: 5, sku: '' }],
	};
	const answer = await sandbox.ask('POST', '/kit/v4/purchases', { purchase });
	return (answer.purchase as Row).id;
}

interface Case {
	watch: string;
	event: string;
	parameters: () => Promise<INodeParameters>;
	/** Lets it happen. @returns the ID of what it is about */
	happen: (parameters: INodeParameters) => Promise<number>;
	idOf?: (item: IDataObject) => unknown;
	list: RegExp;
}

const idOfTag = ({ tagId }: INodeParameters) => String((tagId as { value: number }).value);
const idOfForm = ({ formId }: INodeParameters) => String((formId as { value: number }).value);

const CASES: Case[] = [
	{
		watch: 'newSubscriber',
		event: 'subscriber.created',
		parameters: async () => await Promise.resolve({}),
		happen: addSubscriber,
		list: /GET \/kit\/v4\/subscribers$/,
	},
	{
		watch: 'unsubscribed',
		event: 'subscriber.unsubscribed',
		parameters: async () => await Promise.resolve({}),
		happen: async () => {
			const id = await addSubscriber();
			await sandbox.ask('POST', `/kit/v4/subscribers/${String(id)}/unsubscribe`);
			return id;
		},
		list: /GET \/kit\/v4\/subscribers$/,
	},
	{
		watch: 'tagAdded',
		event: 'subscriber.tag_added',
		parameters: async () => ({
			tagId: { __rl: true, mode: 'id', value: (await first('tags', 'tags')).id },
		}),
		happen: async (parameters) => {
			const id = await addSubscriber();
			await sandbox.ask('POST', `/kit/v4/tags/${idOfTag(parameters)}/subscribers/${String(id)}`);
			return id;
		},
		list: /GET \/kit\/v4\/tags\/\d+\/subscribers$/,
	},
	{
		watch: 'formSubscription',
		event: 'subscriber.subscribed_to_form',
		parameters: async () => ({
			formId: { __rl: true, mode: 'id', value: (await first('forms', 'forms')).id },
		}),
		happen: async (parameters) => {
			const id = await addSubscriber();
			await sandbox.ask(
				'POST',
				`/kit/v4/forms/${idOfForm(parameters)}/subscribers/${String(id)}`,
				{},
			);
			return id;
		},
		list: /GET \/kit\/v4\/forms\/\d+\/subscribers$/,
	},
	{
		watch: 'newPurchase',
		event: 'purchase.created',
		parameters: async () => await Promise.resolve({}),
		happen: addPurchase,
		idOf: ({ purchase }) => (purchase as Row).id,
		list: /GET \/kit\/v4\/purchases$/,
	},
];

const idOfSubscriber = ({ subscriber }: IDataObject) => (subscriber as Row).id;

describe.each(CASES)(
	'$watch',
	({ watch, event, parameters, happen, idOf = idOfSubscriber, list }) => {
		let chosen: INodeParameters;
		let polling: TestPolling;

		async function start(more: Partial<ConstructorParameters<typeof TestPolling>[0]> = {}) {
			chosen = { watch, ...(await parameters()) };
			polling = new TestPolling({ parameters: chosen, credential: sandbox.credential, ...more });
			await polling.activate();
		}

		const requests = () =>
			sandbox.current.log.filter((one) => list.test(`${one.method} ${one.path}`));

		test('the first poll starts nothing, and the next ones bring what happened since, once and in order', async () => {
			await start();
			expect(await polling.poll()).toEqual([]);
			const ids = [await happen(chosen), await happen(chosen), await happen(chosen)];
			const items = await polling.poll();
			expect(items.map(idOf)).toEqual(ids);
			expect(items.every((item) => item.event === event)).toBe(true);
			expect(new Set(items.map(({ id }) => id)).size).toBe(3);
			expect(await polling.poll()).toEqual([]);
			advance(7200);
			const later = await happen(chosen);
			expect((await polling.poll()).map(idOf)).toEqual([later]);
			expect(await polling.poll()).toEqual([]);
			expect(polling.failures).toEqual([]);
		});

		test('a quiet poll takes one request', async () => {
			await start();
			await happen(chosen);
			await polling.poll();
			advance(7200);
			await polling.poll();
			sandbox.current.log.length = 0;
			await polling.poll();
			expect(sandbox.current.log).toHaveLength(1);
			expect(requests()).toHaveLength(1);
		});

		test('what shows late in Kit’s list comes once, with what came before it', async () => {
			await start();
			sandbox.current.settings.lagMs = 300_000;
			const ids = [await happen(chosen)];
			expect(await polling.poll()).toEqual([]);
			advance(200);
			ids.push(await happen(chosen));
			const items = await polling.poll();
			for (let minute = 0; minute < 8; minute++) {
				advance(60);
				items.push(...(await polling.poll()));
			}
			expect(items.map(idOf)).toEqual(ids);
		});

		test('a poll that fails is made up by the next', async () => {
			await start();
			const ids = [await happen(chosen)];
			sandbox.current.fault({
				kind: 'status',
				status: 401,
				body: { errors: ['No'] },
				path: '/kit/v4',
			});
			expect(await polling.poll()).toEqual([]);
			expect(polling.failures.map(({ message }) => message)).toEqual(['No']);
			ids.push(await happen(chosen));
			expect((await polling.poll()).map(idOf)).toEqual(ids);
		});

		test('n8n that starts again goes on where it was', async () => {
			await start();
			const ids = [await happen(chosen)];
			expect((await polling.poll()).map(idOf)).toEqual(ids);
			const again = await polling.restart();
			expect(again.runs).toEqual([]);
			const others = [await happen(chosen), await happen(chosen)];
			const third = await again.restart();
			expect(third.runs.flat().map(idOf)).toEqual(others);
			expect(await third.poll()).toEqual([]);
		});

		test('where n8n’s database refuses the run, the next poll brings it again', async () => {
			await start();
			const ids = [await happen(chosen)];
			polling.isFull = true;
			expect(await polling.poll()).toEqual([]);
			polling.isFull = false;
			expect((await polling.poll()).map(idOf)).toEqual(ids);
			expect(await polling.poll()).toEqual([]);
		});

		test('what n8n keeps together with the run is neither lost nor brought twice', async () => {
			await start({ durable: true });
			// n8n does not keep what the poll of an activation remembers, unless it started a run.
			expect(await polling.poll()).toEqual([]);
			const ids = [await happen(chosen)];
			polling.isFull = true;
			expect(await polling.poll()).toEqual([]);
			const again = await polling.restart();
			expect(again.runs.flat().map(idOf)).toEqual(ids);
			expect(await again.poll()).toEqual([]);
			expect((await again.restart()).runs).toEqual([]);
		});

		test('a test in the editor shows the latest, and changes nothing', async () => {
			await start();
			const ids = [await happen(chosen), await happen(chosen)];
			const shown = await polling.test();
			expect(shown.map(idOf)).toEqual(expect.arrayContaining(ids));
			expect(shown.length).toBeLessThanOrEqual(5);
			expect((await polling.poll()).map(idOf)).toEqual(ids);
		});
	},
);

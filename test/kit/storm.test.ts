import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { toText } from '../../nodes/shared/fields/parsers';
import { UNKNOWN_OUTCOME } from '../../nodes/shared/transport/explanations';
import { runKit } from '../support/n8n';
import { SMOOTH, useSandbox } from '../support/sandbox';
import type { Kind } from './stormWrites';
import { Contents, writes } from './stormWrites';

const PEOPLE = 20_000;
const LISTS = 10;

const sandbox = useSandbox({ subscribers: PEOPLE }, SMOOTH);

/** What became of the writes of one kind. */
interface Account {
	items: number;
	/** Went through, by the node's word */
	confirmed: number;
	/** Reported as unknown, since Kit may have carried them out */
	unknown: number;
	/** Reported as failed after several tries, which some must be where a ninth of all fails */
	gaveUp: number;
	/** Reported as failed at once */
	refused: number;
	/** Are in Kit */
	landed: number;
	/** Confirmed, but not in Kit */
	lost: number;
	/** In Kit more than once */
	doubled: number;
}

/** 5 % 429, 3 % of 500, 502, 503 and 504, 2 % lost connections and 1 % broken answers. */
function unleash(): void {
	const { current } = sandbox;
	current.fault({ kind: 'status', status: 429, share: 0.05 });
	for (const status of [500, 502, 503, 504]) {
		current.fault({ kind: 'status', status, share: 0.0075 });
	}
	current.fault({ kind: 'drop', share: 0.01 });
	current.fault({ kind: 'drop', afterHandling: true, share: 0.01 });
	current.fault({ kind: 'truncate', share: 0.005 });
	current.fault({ kind: 'notJson', share: 0.005 });
}

/** What the message of an error says at its end where a request was sent again. */
const TRIED = /\(tried \d+ times\)$/;

let lanes = 0;

/**
 * A credential whose requests have a rate limit of their own, as those of another n8n process have: the same
 * gateway, spelled differently. At 10 requests a second this would take minutes.
 */
function ownLane() {
	lanes += 1;
	const { credential } = sandbox;
	return { ...credential, baseUrl: credential.baseUrl + '/.'.repeat(lanes) };
}

const operation = (name: string, parameters: INodeParameters): INodeParameters => {
	const [resource = '', chosen = ''] = name.split('.');
	return { resource, operation: chosen, ...parameters };
};

/** What the node says of each item of a kind. */
async function write({ name, parameters, items }: Kind): Promise<IDataObject[]> {
	const { json, error } = await runKit({
		credential: ownLane(),
		parameters: operation(name, parameters),
		items,
		onError: 'continueRegularOutput',
	});
	expect(error).toBeUndefined();
	expect(json).toHaveLength(items.length);
	return json;
}

async function accountOf({ items, by, landed }: Kind, said: IDataObject[]): Promise<Account> {
	const there = new Map<unknown, number>();
	for (const name of await landed()) there.set(name, (there.get(name) ?? 0) + 1);
	const count = (matches: (said: IDataObject, times: number) => boolean) =>
		items.filter((item, index) => matches(said[index] ?? {}, there.get(item[by]) ?? 0)).length;
	const isUnknown = ({ message }: IDataObject) => toText(message).includes(UNKNOWN_OUTCOME);
	const gaveUp = (one: IDataObject) => !isUnknown(one) && TRIED.test(toText(one.error));
	return {
		items: items.length,
		confirmed: count(({ error }) => error === undefined),
		unknown: count(isUnknown),
		gaveUp: count(gaveUp),
		refused: count((one) => one.error !== undefined && !isUnknown(one) && !gaveUp(one)),
		landed: count((_, times) => times > 0),
		lost: count(({ error }, times) => error === undefined && times === 0),
		doubled: count((_, times) => times > 1),
	};
}

/** All subscribers, by their ids; undefined where the node gave up after several tries. */
async function readAll(): Promise<unknown[] | undefined> {
	const { json, error } = await runKit({
		credential: ownLane(),
		parameters: operation('subscriber.getAll', { returnAll: true, filters: { status: 'all' } }),
	});
	if (error) expect(error.message).toMatch(TRIED);
	return error ? undefined : json.map(({ id }) => id);
}

test('10,000 writes and 200 pages come through a storm of failures, none lost and none twice', async () => {
	const kinds = await writes(sandbox);
	const before = await new Contents(sandbox).ids();
	expect(kinds.flatMap(({ items }) => items)).toHaveLength(10_000);

	unleash();
	const [said, lists] = await Promise.all([
		Promise.all(kinds.map(write)),
		Promise.all(Array.from({ length: LISTS }, readAll)),
	]);
	sandbox.current.clearFaults();

	const accounts = await Promise.all(
		kinds.map(async (kind, index) => await accountOf(kind, said[index] ?? [])),
	);
	const ledger = kinds.map(({ name }, index) => ({ name, ...accounts[index] }));
	if (process.env.LEDGER) console.table(ledger);
	expect(ledger).toEqual(
		kinds.map(({ name, safe, items }, index) => {
			const { confirmed = 0, landed = 0 } = accounts[index] ?? {};
			const rest = items.length - confirmed;
			return {
				...{ name, items: items.length, confirmed, landed, refused: 0, lost: 0, doubled: 0 },
				...(safe ? { unknown: 0, gaveUp: rest } : { unknown: rest, gaveUp: 0 }),
			};
		}),
	);
	const complete = lists.filter((ids) => ids !== undefined);
	for (const ids of complete) {
		expect(new Set(ids).size).toBe(ids.length);
		expect(
			before.filter(
				(
					(seen) => (id) =>
						!seen.has(id)
				)(new Set(ids)),
			),
		).toEqual([]);
	}
	// Two bulk requests, and one list: more than that is no bad luck.
	expect(accounts.reduce((sum, { gaveUp }) => sum + gaveUp, 0)).toBeLessThanOrEqual(200);
	expect(complete.length).toBeGreaterThanOrEqual(LISTS - 1);
}, 180_000);

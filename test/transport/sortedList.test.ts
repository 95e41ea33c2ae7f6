import fc from 'fast-check';
import type { IDataObject, INode } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import type { KitClient, KitRequest } from '../../nodes/shared/transport/client';
import { readSortedList } from '../../nodes/shared/transport/sortedList';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const PAGE = 20;
const BEGIN = Date.parse('2024-01-01');
const DAYS = 300;

interface Person {
	id: number;
	at: number;
	/** Whether Kit looks at them for a page, but leaves them out, so that it has fewer rows or none */
	isHidden?: boolean;
}

/** What a server may make of a day in its filters, beside the time zone in which the day begins. */
type Reading =
	| 'by moment'
	| 'with the day'
	| 'without the day'
	| 'not at all'
	| 'as wrong'
	| 'as too much'
	| 'as wrong beside a cursor of others';

/** A list as Kit pages it, far away, that changes while it is read. */
class FarList {
	readonly requests: IDataObject[] = [];

	readonly signal = undefined;

	readonly responseMs = 1000;

	mostUnderWay = 0;

	private underWay = 0;

	constructor(
		private people: Person[],
		private readonly reading: Reading,
		private readonly zoneHours: number,
		private readonly change: (list: FarList) => void,
		/** Whether a page begins with the row that the one before ended with */
		private readonly repeats: boolean,
	) {}

	with(): this {
		return this;
	}

	ids(): number[] {
		return this.people.filter(({ isHidden }) => isHidden !== true).map(({ id }) => id);
	}

	add(person: Person): void {
		this.people = [...this.people, person];
	}

	remove(position: number): void {
		this.people = this.people.filter((_, index) => index !== position % this.people.length);
	}

	async send({ query = {} }: KitRequest): Promise<IDataObject> {
		this.requests.push(query);
		this.underWay += 1;
		this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
		await new Promise((resolve) => setImmediate(resolve));
		this.underWay -= 1;
		this.change(this);
		const sign = query.sort_order === 'asc' ? 1 : -1;
		const days = JSON.stringify([query.created_after, query.created_before]);
		const cursor =
			typeof query.after === 'string' ? query.after : `${String(-sign * Infinity)} ${days}`;
		const [after, given] = cursor.split(' ');
		this.check(days, given);
		const from = Number(after);
		const rest = this.people
			.filter(({ id, at }) => sign * (id - from) > (this.repeats ? -1 : 0) && this.isIn(at, query))
			.sort((one, other) => sign * (one.id - other.id));
		const rows = rest.slice(0, PAGE);
		return {
			subscribers: rows
				.filter(({ isHidden }) => isHidden !== true)
				.map(({ id, at }) => ({ id, created_at: new Date(at).toISOString() })),
			pagination: {
				has_next_page: rest.length > rows.length,
				end_cursor: rows.length > 0 ? `${String(rows.at(-1)?.id)} ${days}` : '',
			},
		};
	}

	private check(days: string, given?: string): void {
		const { reading } = this;
		const hasDays = days !== JSON.stringify([undefined, undefined]);
		const isWrong = hasDays && (reading === 'as wrong' || reading === 'as too much');
		const isOther = reading === 'as wrong beside a cursor of others' && given !== days;
		if (!isWrong && !isOther) return;
		const httpCode = reading === 'as too much' ? '504' : '422';
		throw new NodeApiError({} as INode, { message: 'Invalid' }, { httpCode });
	}

	private isIn(at: number, query: IDataObject): boolean {
		const { created_after: after, created_before: before } = query as Record<string, string>;
		const local = at + this.zoneHours * HOUR_MS;
		const [start, end] = [Date.parse(after ?? ''), Date.parse(before ?? '')];
		const day = Math.floor(local / DAY_MS) * DAY_MS;
		const isAfter = {
			'by moment': local > start,
			'with the day': day >= start,
			'without the day': day > start,
			'not at all': true,
			'as wrong': true,
			'as too much': true,
			'as wrong beside a cursor of others': local > start,
		}[this.reading];
		const isBefore = {
			'by moment': local < end,
			'with the day': day <= end,
			'without the day': day < end,
			'not at all': true,
			'as wrong': true,
			'as too much': true,
			'as wrong beside a cursor of others': local < end,
		}[this.reading];
		return (after === undefined || isAfter) && (before === undefined || isBefore);
	}
}

const spread = (count: number) => (index: number) => BEGIN + (index * DAYS * DAY_MS) / count;

/** When people signed up, in the order of their ids: `count` of them, and a number from 0 to 1 for each. */
const HISTORIES: Record<string, (count: number, random: number[]) => (index: number) => number> = {
	evenly: (count) => spread(count),
	'more and more': (count) => (index) => BEGIN + DAYS * DAY_MS * Math.sqrt(index / count),
	'nine of ten on one day': (count) => (index) =>
		index < count / 20
			? spread(count)(index * 10)
			: index < (count * 19) / 20
				? BEGIN + 150 * DAY_MS + (index * DAY_MS) / (2 * count)
				: BEGIN + 160 * DAY_MS + ((index - (count * 19) / 20) * 100 * DAY_MS) / count,
	'all on one day': (count) => (index) => BEGIN + 5 * HOUR_MS + (index * HOUR_MS) / count,
	'in lumps': (count) => (index) => {
		const lump = Math.floor((index / count) * 5);
		const part = ((index / count) * 5 - lump) * ([0.3, 1, 0.1, 0.6, 0.2][lump] ?? 1);
		return BEGIN + ((lump + part) * DAYS * DAY_MS) / 5;
	},
	'without an order': (_, random) => (index) =>
		BEGIN + DAYS * DAY_MS * (random[index % random.length] ?? 0),
};

/** Those of which a day cannot be cut, or that cannot be cut at all */
const DENSE = ['nine of ten on one day', 'all on one day', 'without an order'];

const READINGS = [
	'by moment',
	'with the day',
	'without the day',
	'not at all',
	'as wrong',
	'as too much',
	'as wrong beside a cursor of others',
] as const;

function farList(
	history: string,
	count: number,
	options: {
		reading?: Reading;
		zone?: number;
		random?: number[];
		changes?: number[];
		hidden?: boolean[];
		repeats?: boolean;
	} = {},
): FarList {
	const { reading = 'by moment', zone = 0, random = [0.5], changes = [] } = options;
	const { hidden = [], repeats = false } = options;
	const timeOf = HISTORIES[history]?.(count, random) ?? spread(count);
	const people = Array.from({ length: count }, (_, index) => ({
		id: 1000 + 3 * index,
		at: Math.round(timeOf(index)),
		isHidden: hidden[Math.floor((index / count) * hidden.length)],
	}));
	let step = 0;
	const change = (list: FarList) => {
		const number = changes[step++ % Math.max(changes.length, 1)] ?? 0;
		if (number % 3 === 1) list.remove(number);
		if (number % 3 === 2) list.add({ id: 1_000_000 + step, at: BEGIN + DAYS * DAY_MS });
	};
	return new FarList(people, reading, zone, change, repeats);
}

async function read(list: FarList, query: IDataObject = {}): Promise<number[]> {
	const request = { path: '/kit/v4/subscribers', query };
	const rows = await readSortedList(list as unknown as KitClient, request, 'subscribers');
	return rows.map(({ id }) => Number(id));
}

describe('a long list that is far away', () => {
	test.each(Object.keys(HISTORIES))(
		'comes whole, once and in order, whatever its filters by date mean and while it changes: people came %s',
		async (history) => {
			await fc.assert(
				fc.asyncProperty(
					fc.record({
						count: fc.integer({ min: 0, max: 2500 }),
						reading: fc.constantFrom(...READINGS),
						zone: fc.integer({ min: -11, max: 14 }),
						ascending: fc.boolean(),
						random: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
							minLength: 50,
							maxLength: 50,
						}),
						changes: fc.array(fc.nat(5000), { maxLength: 30 }),
						hidden: fc.array(fc.boolean(), { maxLength: 60 }),
						repeats: fc.boolean(),
					}),
					async ({ count, ascending, ...options }) => {
						const list = farList(history, count, options);
						const before = list.ids();
						const found = await read(list, { sort_order: ascending ? 'asc' : 'desc' });
						const stayed = new Set(list.ids());
						const sign = ascending ? 1 : -1;
						expect(found).toEqual([...new Set(found)].sort((a, b) => sign * (a - b)));
						expect(before.filter((id) => stayed.has(id) && !found.includes(id))).toEqual([]);
					},
				),
				{ numRuns: 40 },
			);
		},
		60_000,
	);

	test.each(Object.keys(HISTORIES).filter((history) => !DENSE.includes(history)))(
		'has ten pages under way at once, with hardly a request more than one walk takes: people came %s',
		async (history) => {
			const list = farList(history, 100 * PAGE);
			expect(await read(list)).toHaveLength(100 * PAGE);
			expect(list.mostUnderWay).toBeGreaterThanOrEqual(10);
			expect(list.requests.length).toBeLessThanOrEqual(120);
		},
	);

	test.each(DENSE)(
		'is not read twice where a day has more people than a range: people came %s',
		async (history) => {
			const list = farList(history, 100 * PAGE);
			expect((await read(list)).length).toBe(100 * PAGE);
			expect(list.requests.length).toBeLessThanOrEqual(history === 'without an order' ? 220 : 112);
		},
	);

	test('is read in one walk where it has other filters that page it', async () => {
		const list = farList('evenly', 10 * PAGE);
		const all = list.ids().reverse();
		expect(await read(list, { after: String(all[99]) })).toEqual(all.slice(100));
		expect(list.requests).toHaveLength(5);
	});
});

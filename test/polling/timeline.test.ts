import fc from 'fast-check';
import type { Mark, Occurrence } from '../../nodes/shared/timeline';
import { markAt, sift } from '../../nodes/shared/timeline';

const MINUTE = 60_000;
const LAG_MS = 60 * MINUTE;

/** Something that happens at Kit: when, and how much later the list shows it and stops to show it. */
interface Happening {
	at: number;
	shownAfter: number;
	goneAfter: number;
}

const happenings = fc.array(
	fc.record({
		at: fc.integer({ min: 0, max: 300 }),
		shownAfter: fc.integer({ min: 0, max: 55 }),
		goneAfter: fc.oneof(fc.constant(Infinity), fc.integer({ min: 0, max: 300 })),
	}),
	{ maxLength: 60 },
);

const times = fc
	.uniqueArray(fc.integer({ min: 1, max: 20 }), { minLength: 3, maxLength: 40 })
	.map((steps) => steps.reduce<number[]>((all, step) => [...all, (all.at(-1) ?? 0) + step], []));

/** What a list shows at a moment, in any order. */
function shown(all: Happening[], minute: number, byId: boolean): Occurrence[] {
	return all.flatMap(({ at, shownAfter, goneAfter }, index) => {
		const isThere = at + shownAfter <= minute && minute < at + shownAfter + goneAfter;
		const position = byId ? index + 1 : 1_000_000 + at * MINUTE;
		return isThere ? [{ key: `k${String(index)}`, position, row: { id: index } }] : [];
	});
}

describe.each([
	['times', false],
	['IDs', true],
])('what happens and is listed by %s', (_, byId) => {
	test('is reported exactly once where a poll saw it, and nothing that was there before the mark', () => {
		fc.assert(
			fc.property(happenings, times, fc.func(fc.integer()), (unsorted, polls, shuffle) => {
				const all = [...unsorted].sort((one, other) => one.at - other.at);
				const [first = 0, ...others] = polls;
				const begun = shown(all, first, byId);
				let mark: Mark = markAt(begun, first * MINUTE);
				const reported: string[] = [];
				const seen = new Set(begun.map(({ key }) => key));
				for (const minute of others) {
					const rows = shown(all, minute, byId).sort(
						(one, other) => shuffle(one.key) - shuffle(other.key),
					);
					const sifted = sift(mark, rows, minute * MINUTE, LAG_MS);
					// What n8n has saved is JSON.
					mark = JSON.parse(JSON.stringify(sifted.mark)) as Mark;
					const positions = sifted.fresh.map(({ position }) => position);
					expect(positions).toEqual([...positions].sort((one, other) => one - other));
					reported.push(...sifted.fresh.map(({ key }) => key));
					for (const { key } of rows) seen.add(key);
				}
				expect(new Set(reported).size).toBe(reported.length);
				const atFirst = new Set(begun.map(({ key }) => key));
				const top = begun.reduce((most, { position }) => Math.max(most, position), 0);
				const due = [...seen].filter((key) => {
					const { at } = all[Number(key.slice(1))] ?? { at: 0 };
					const position = byId ? Number(key.slice(1)) + 1 : 1_000_000 + at * MINUTE;
					return !atFirst.has(key) && position >= top;
				});
				expect(reported.sort()).toEqual(due.sort());
			}),
			{ numRuns: 1000 },
		);
	});
});

test('what is remembered is bounded, however much happens in an hour', () => {
	const rows = (from: number, count: number) =>
		Array.from({ length: count }, (_, index) => {
			const id = 2_900_000_000 + from + index;
			return { key: id.toString(36), position: id, row: { id } };
		});
	let mark = markAt(rows(0, 1), 0);
	for (let poll = 1; poll <= 30; poll++) {
		const sifted = sift(mark, rows(poll * 5000, 5000), poll * MINUTE, LAG_MS);
		expect(sifted.fresh).toHaveLength(5000);
		mark = sifted.mark;
		expect(JSON.stringify(mark).length).toBeLessThan(200_000);
	}
});

import fc from 'fast-check';
import type { Taken } from '../../nodes/KitTrigger/deduplicationRecord';
import {
	addTaken,
	deliveryKey,
	eventKey,
	mergeTaken,
	readTaken,
	writeTaken,
} from '../../nodes/KitTrigger/deduplicationRecord';

const NOW = 1_795_000_000;
const DAY = 24 * 60 * 60;
const TOLERANCE = 300;

const ages = fc.integer({ min: -DAY, max: 3 * DAY });

/** What one process remembers: some of 60 things, of ages of their own, in any order */
const memory: fc.Arbitrary<Taken> = fc
	.array(fc.tuple(fc.integer({ min: 0, max: 59 }), fc.boolean(), ages), { maxLength: 60 })
	.map(
		(all) =>
			new Map(
				all.map(([id, isDelivery, age]) => [
					isDelivery ? deliveryKey(id) : eventKey(String(id)),
					NOW - age,
				]),
			),
	);

const memories = fc.array(memory, { maxLength: 4 });

function entries(count: number, age: (n: number) => number, key = eventKey): Taken {
	return new Map(Array.from({ length: count }, (_, n) => [key(String(n)), NOW - age(n)] as const));
}

test('what several processes remember is merged: all that is not too old, and nothing else', () => {
	fc.assert(
		fc.property(memories, (all) => {
			const merged = mergeTaken(all, NOW);
			const given = new Set(all.flatMap((one) => [...one.keys()]));
			for (const key of given) {
				const times = all.flatMap((one) => one.get(key) ?? []);
				const latest = Math.min(NOW, Math.max(...times));
				expect(merged.get(key)).toBe(NOW - latest > 2 * DAY ? undefined : latest);
			}
			expect([...merged.keys()].filter((key) => !given.has(key))).toEqual([]);
		}),
	);
});

test('the order of the processes does not matter, nor does merging the merged', () => {
	const sorted = (taken: Taken) => [...taken].sort();
	fc.assert(
		fc.property(memories, (all) => {
			const merged = mergeTaken(all, NOW);
			expect(sorted(mergeTaken([...all].reverse(), NOW))).toEqual(sorted(merged));
			expect([...mergeTaken([merged, merged], NOW)]).toEqual([...merged]);
			const times = [...merged.values()];
			expect(times).toEqual([...times].sort((one, other) => one - other));
		}),
	);
});

test('what is saved is read again as it was', () => {
	fc.assert(
		fc.property(memories, (all) => {
			const merged = mergeTaken(all, NOW);
			expect([...readTaken(writeTaken(merged))]).toEqual([...merged]);
		}),
	);
});

test('what is saved may be anything', () => {
	fc.assert(
		fc.property(fc.anything(), fc.string(), (value, text) => {
			for (const saved of [value, text]) {
				const merged = mergeTaken([readTaken(saved)], NOW);
				expect([...readTaken(writeTaken(merged))]).toEqual([...merged]);
			}
		}),
	);
});

test('of events the last 1,000 are remembered, whoever took them', () => {
	const busy = entries(1000, (n) => n);
	const idle = new Map([[eventKey('idle'), NOW - 5000]]);
	expect([...mergeTaken([busy, idle], NOW).keys()].sort()).toEqual([...busy.keys()].sort());
	const later = new Map([[eventKey('later'), NOW]]);
	const merged = mergeTaken([busy, later], NOW);
	expect(merged.size).toBe(1000);
	expect(merged.has(eventKey('later'))).toBe(true);
	expect(merged.has(eventKey('999'))).toBe(false);
});

test('of what was taken in the same second, what was taken last is remembered', () => {
	const saved = readTaken(writeTaken(mergeTaken([entries(1000, () => 0)], NOW)));
	const last = new Map([[eventKey('last'), NOW]]);
	const merged = mergeTaken([saved, last], NOW);
	expect(merged.size).toBe(1000);
	expect(merged.has(eventKey('last'))).toBe(true);
	expect(merged.has(eventKey('0'))).toBe(false);
	const again = readTaken(writeTaken(merged));
	expect([...again.keys()].at(-1)).toBe(eventKey('last'));
});

test('no delivery that could still be played again is forgotten, and no more than 1,000 others', () => {
	const recent = entries(3000, (n) => n % (2 * TOLERANCE), deliveryKey);
	const others = new Map(
		[...entries(3000, (n) => 2 * TOLERANCE + 1 + n)].map(([key, at]) => [`d${key}`, at] as const),
	);
	const merged = mergeTaken([others, recent, entries(2000, () => 0)], NOW);
	expect([...recent.keys()].filter((key) => !merged.has(key))).toEqual([]);
	const kept = [...others.keys()].filter((key) => merged.has(key));
	expect(kept).toEqual([...others.keys()].slice(0, 1000));
});

test('a clock that went ahead for a while does not keep out what is taken afterwards', () => {
	const ahead = entries(1000, () => -DAY);
	const merged = mergeTaken([mergeTaken([ahead], NOW)], NOW + 10);
	const next = mergeTaken([merged, new Map([[eventKey('next'), NOW + 10]])], NOW + 10);
	expect(next.size).toBe(1000);
	expect(next.has(eventKey('next'))).toBe(true);
});

test('adding what is taken now is the same as merging it', () => {
	const keys = fc.array(fc.integer({ min: 50, max: 70 }).map((id) => eventKey(String(id))));
	fc.assert(
		fc.property(memory, keys, (before, added) => {
			const taken = mergeTaken([before], NOW);
			const merged = mergeTaken([taken, new Map(added.map((key) => [key, NOW]))], NOW);
			addTaken(taken, added, NOW);
			expect([...taken].sort()).toEqual([...merged].sort());
		}),
	);
});

test('however many are added one after the other, the last 1,000 events and all that can be played again are remembered', () => {
	const taken = new Map<string, number>();
	for (let n = 0; n < 3000; n++) {
		addTaken(taken, [deliveryKey(n), eventKey(String(n))], NOW + n);
	}
	const now = NOW + 2999;
	const deliveries = [...taken.keys()].filter((key) => key.startsWith('d'));
	const events = [...taken.keys()].filter((key) => key.startsWith('e'));
	expect(events).toEqual([...entries(3000, () => 0).keys()].slice(-1000));
	const replayable = [...entries(3000, () => 0, deliveryKey).keys()].slice(-1 - 2 * TOLERANCE);
	expect(deliveries.slice(-replayable.length)).toEqual(replayable);
	expect(deliveries).toHaveLength(replayable.length + 1000);
	expect([...readTaken(writeTaken(taken))]).toEqual([...mergeTaken([taken], now)]);
});

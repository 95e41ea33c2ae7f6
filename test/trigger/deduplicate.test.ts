import { deduplicate } from '../../nodes/KitTrigger/deduplicate';

const ids = (from: number, to: number) =>
	Array.from({ length: to - from }, (_, index) => `event-${String(from + index)}`);

test('an event is new once, within a delivery and across deliveries, in any order', () => {
	const first = deduplicate('', ['a', 'b', 'a']);
	expect(first.isNew).toEqual([true, true, false]);
	expect(deduplicate(first.remembered, ['c', 'b', 'a']).isNew).toEqual([true, false, false]);
});

test('the last 1,000 are remembered, in 12 kB', () => {
	let remembered = '';
	for (let from = 0; from < 1100; from += 100) {
		({ remembered } = deduplicate(remembered, ids(from, from + 100)));
	}
	expect(remembered).toHaveLength(12_000);
	expect(deduplicate(remembered, ids(100, 1100)).isNew).not.toContain(true);
	expect(deduplicate(remembered, ids(0, 100)).isNew).not.toContain(false);
});

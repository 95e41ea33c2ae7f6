import { RecentIds } from '../../nodes/shared/recentIds';

const MINUTE = 60_000;

test('what was saved lately is known by its name in its account, for ten minutes', () => {
	const recent = new RecentIds();
	recent.set('one', 'a@example.com', 7, 0);
	expect(recent.get('one', 'a@example.com', 9 * MINUTE)).toBe(7);
	expect(recent.get('two', 'a@example.com', 0)).toBeUndefined();
	expect(recent.get('one', 'b@example.com', 0)).toBeUndefined();
	expect(recent.get('one', 'a@example.com', 10 * MINUTE)).toBeUndefined();
});

test('what gets another name is no longer known by the one before', () => {
	const recent = new RecentIds();
	recent.set('one', 'old@example.com', 7, 0);
	recent.set('one', 'new@example.com', 7, 1);
	expect(recent.get('one', 'old@example.com', 2)).toBeUndefined();
	expect(recent.get('one', 'new@example.com', 2)).toBe(7);
	recent.delete('one', 'new@example.com');
	expect(recent.get('one', 'new@example.com', 2)).toBeUndefined();
});

test('no more are remembered than ten thousand, the latest ones', () => {
	const recent = new RecentIds();
	for (let id = 1; id <= 10_001; id++) recent.set('one', `${String(id)}@example.com`, id, id);
	expect(recent.get('one', '1@example.com', 10_002)).toBeUndefined();
	expect(recent.get('one', '2@example.com', 10_002)).toBe(2);
	expect(recent.get('one', '10001@example.com', 10_002)).toBe(10_001);
});

import { RecentSubscribers } from '../../nodes/shared/recentSubscribers';

const MINUTE = 60_000;

test('who was saved lately is known by their address in their account, for ten minutes', () => {
	const recent = new RecentSubscribers();
	recent.set('one', 'a@example.com', 7, 0);
	expect(recent.get('one', 'a@example.com', 9 * MINUTE)).toBe(7);
	expect(recent.get('two', 'a@example.com', 0)).toBeUndefined();
	expect(recent.get('one', 'b@example.com', 0)).toBeUndefined();
	expect(recent.get('one', 'a@example.com', 10 * MINUTE)).toBeUndefined();
});

test('who gets another address is no longer known by the one before', () => {
	const recent = new RecentSubscribers();
	recent.set('one', 'old@example.com', 7, 0);
	recent.set('one', 'new@example.com', 7, 1);
	expect(recent.get('one', 'old@example.com', 2)).toBeUndefined();
	expect(recent.get('one', 'new@example.com', 2)).toBe(7);
	recent.delete('one', 'new@example.com');
	expect(recent.get('one', 'new@example.com', 2)).toBeUndefined();
});

test('no more are remembered than ten thousand, the latest ones', () => {
	const recent = new RecentSubscribers();
	for (let id = 1; id <= 10_001; id++) recent.set('one', `${String(id)}@example.com`, id, id);
	expect(recent.get('one', '1@example.com', 10_002)).toBeUndefined();
	expect(recent.get('one', '2@example.com', 10_002)).toBe(2);
	expect(recent.get('one', '10001@example.com', 10_002)).toBe(10_001);
});

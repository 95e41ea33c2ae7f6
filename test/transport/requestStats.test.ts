import { RequestStats } from '../../nodes/shared/transport/requestStats';

test('a run that was not slowed says nothing', () => {
	const stats = new RequestStats(0);
	stats.request();
	stats.beginWait(0);
	stats.endWait(9000);
	expect(stats.hint(20_000)).toBeUndefined();
});

test('a long run says how many requests it took and how long it waited', () => {
	const stats = new RequestStats(0);
	for (let number = 0; number < 1500; number++) stats.request();
	stats.beginWait(1000);
	stats.beginWait(2000);
	stats.endWait(50_000);
	stats.endWait(61_000);
	expect(stats.hint(152_000)).toMatchObject({
		type: 'info',
		message:
			'1,500 requests took 2 min 32 s, of which 1 min 0 s were waiting: Maton allows 10 requests a second.',
	});
});

test('a run with retries says so', () => {
	const stats = new RequestStats(0);
	stats.request();
	stats.request();
	stats.retry();
	expect(stats.hint(3000)?.message).toBe(
		'2 requests took 3 s, of which 0 s were waiting: Maton allows 10 requests a second. 1 of them was sent again after Kit or Maton refused or did not answer.',
	);
});

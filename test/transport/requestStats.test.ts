import { RequestStats } from '../../nodes/shared/transport/requestStats';

test('a run that was not slowed says nothing', () => {
	const stats = new RequestStats(0);
	stats.request(0);
	stats.beginWait(0);
	stats.endWait(9000);
	expect(stats.hint(20_000)).toBeUndefined();
});

test('a long run says how many requests it took and how long it waited', () => {
	const stats = new RequestStats(0);
	for (let number = 0; number < 1500; number++) stats.request(0);
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
	stats.request(0);
	stats.request(0);
	stats.retry(100, 10);
	expect(stats.hint(3000)?.message).toBe(
		'2 requests took 3 s, of which 0 s were waiting, for Maton’s limit of 10 requests a second and to send again. 1 of them was sent again after Kit or Maton refused or did not answer.',
	);
});

/** What a run says, and what made it say so. */
function saying(run: (stats: RequestStats) => void): string[] {
	const said: string[] = [];
	run(new RequestStats(0, (sentence) => said.push(sentence)));
	return said;
}

test('a run that waits for the limit says so twice a minute', () => {
	const said = saying((stats) => {
		for (let second = 0; second < 70; second++) {
			stats.beginWait(second * 1000);
			stats.endWait(second * 1000 + 900);
			stats.request(second * 1000 + 900);
		}
	});
	expect(said).toEqual([
		'So far, 26 requests took 26 s, of which 23 s were waiting: Maton allows 10 requests a second.',
		'So far, 56 requests took 56 s, of which 50 s were waiting: Maton allows 10 requests a second.',
	]);
});

test('a run of which always something waits says so as well', () => {
	const said = saying((stats) => {
		stats.beginWait(0);
		for (let second = 0; second < 40; second++) {
			stats.beginWait(second * 1000);
			stats.request(second * 1000 + 500);
			stats.endWait(second * 1000 + 500);
		}
		expect(stats.hint(40_000)?.message).toContain('40 s, of which 40 s were waiting');
	});
	expect(said).toEqual([
		'So far, 26 requests took 26 s, of which 26 s were waiting: Maton allows 10 requests a second.',
	]);
});

test('a run that was refused says for how long it waits, once for all of its requests', () => {
	const said = saying((stats) => {
		stats.retry(20_000, 1000);
		stats.retry(20_000, 1010);
		stats.retry(100, 9000);
	});
	expect(said).toEqual([
		'Kit or Maton refused or did not answer: waiting 20 s to send a request again.',
	]);
});

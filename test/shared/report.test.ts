import { Report } from '../../nodes/shared/report';

test('a run that was not slowed says nothing', () => {
	const report = new Report(0);
	report.request();
	report.beginWait(0);
	report.endWait(9000);
	expect(report.hint(20_000)).toBeUndefined();
});

test('a long run says how many requests it took and how long it waited', () => {
	const report = new Report(0);
	for (let number = 0; number < 1500; number++) report.request();
	report.beginWait(1000);
	report.beginWait(2000);
	report.endWait(50_000);
	report.endWait(61_000);
	expect(report.hint(152_000)).toMatchObject({
		type: 'info',
		message:
			'1,500 requests took 2 min 32 s, of which 1 min 0 s were waiting: Maton allows 10 requests a second.',
	});
});

test('a run with retries says so', () => {
	const report = new Report(0);
	report.request();
	report.request();
	report.retry();
	expect(report.hint(3000)?.message).toBe(
		'2 requests took 3 s, of which 0 s were waiting: Maton allows 10 requests a second. 1 of them was sent again after Kit or Maton refused or did not answer.',
	);
});

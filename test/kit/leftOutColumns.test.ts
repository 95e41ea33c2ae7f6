import { LeftOutColumns } from '../../nodes/Kit/operation/leftOutColumns';

test('of columns that are others in each item, few are compared with the custom fields', () => {
	const columns = new LeftOutColumns();
	let compared = 0;
	for (let item = 0; item < 10_000; item++) {
		columns.add({ name: item === 0 ? 'birthdya' : `key ${String(item)}`, value: 'x' }, () => {
			compared += 1;
			return item === 0 ? ['Birthday'] : [];
		});
	}
	expect(compared).toBeLessThan(1000);
	expect(columns.note({}, [])).toMatch(
		/: “birthdya” \(near it: “Birthday”\), “key 1”, .* and 9992 more\.$/,
	);
});

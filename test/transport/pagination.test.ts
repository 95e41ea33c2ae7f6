import { readPage } from '../../nodes/shared/transport/pagination';

const rows = [{ id: 1 }];
const last = { has_next_page: false, end_cursor: 'x' };

test('a page has its rows, the cursor of the next one, and that of its end', () => {
	expect(
		readPage({ tags: rows, pagination: { has_next_page: true, end_cursor: 'x' } }, 'tags'),
	).toEqual({ rows, next: 'x', end: 'x' });
	expect(readPage({ tags: rows, pagination: last }, 'tags')).toEqual({ rows, end: 'x' });
	expect(readPage({ tags: [], pagination: last }, 'tags')).toEqual({ rows: [], end: 'x' });
});

test.each([
	['no rows', { pagination: last }, 'tags'],
	['rows that are no list', { tags: {}, pagination: last }, 'tags'],
	['no pagination', { tags: rows }, 'pagination'],
	['pagination that is null', { tags: rows, pagination: null }, 'pagination'],
	[
		'pagination that does not say whether there is more',
		{ tags: rows, pagination: {} },
		'has_next_page',
	],
	[
		'a next page without a cursor',
		{ tags: rows, pagination: { has_next_page: true } },
		'end_cursor',
	],
	[
		'a next page with an empty cursor',
		{ tags: rows, pagination: { has_next_page: true, end_cursor: '' } },
		'end_cursor',
	],
])('%s is said, and is not the end of the list', (_, body, missing) => {
	expect(readPage(body, 'tags')).toContain(missing);
});

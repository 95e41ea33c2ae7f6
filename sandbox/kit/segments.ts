import { iso } from './dates';
import { page } from './pages';
import { answer } from './route';
import type { Answer, Call, Route } from './route';
import type { Segment } from './state';

function row({ id, name, createdAt }: Segment) {
	return { id, name, created_at: iso(createdAt) };
}

function listSegments({ account, query }: Call): Answer {
	const list = { rows: account.segments, key: ({ id }: Segment) => [id] };
	const { rows, pagination } = page(list, query);
	return answer({ segments: rows.map(row), pagination });
}

/** Kit's endpoint for segments. */
export const segmentRoutes: readonly Route[] = [
	{ method: 'GET', path: '/segments', handle: listSegments },
];

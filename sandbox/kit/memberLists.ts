import { between, iso } from './dates';
import { page } from './pages';
import type { Pagination } from './pages';
import type { Call } from './route';
import type { Member, Members } from './state';
import { stateFilter } from './subscribers';

/**
 * One page of who is on a form or in a sequence, newest first, with the filters that both lists have.
 * @param call the request
 * @param members of what
 */
export function pageOfMembers(
	{ query }: Call,
	members: Members,
): { rows: Member[]; pagination: Pagination } {
	const inState = stateFilter(query.status);
	const created = between(query, 'created');
	const added = between(query, 'added');
	const keep = ({ subscriber, at }: Member) =>
		(inState?.(subscriber) ?? true) &&
		(created?.(subscriber.createdAt) ?? true) &&
		(added?.(at) ?? true);
	return page({ rows: members.rows, key: ({ at, id }: Member) => [at, id], keep }, query);
}

const UTM_PARAMETERS = ['source', 'medium', 'campaign', 'term', 'content'] as const;

/**
 * What Kit says of the page that a subscriber came to a form from.
 * @param member of a form
 */
export function referral({ referrer }: Member) {
	const url = URL.canParse(referrer ?? '') ? new URL(referrer ?? '') : undefined;
	const value = (name: string) => url?.searchParams.get(`utm_${name}`) ?? null;
	const parameters = UTM_PARAMETERS.map((name) => [name, value(name)] as const);
	return { referrer, referrer_utm_parameters: Object.fromEntries(parameters) };
}

/** When a member was added, as Kit says it. */
export function addition({ at }: Member) {
	return { added_at: iso(at) };
}

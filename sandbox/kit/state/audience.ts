import type { Account } from './account';
import type { FilterGroup } from './emails';
import { byId } from './ids';
import type { Subscriber } from './people';

/**
 * Whom a broadcast goes to, besides having to be on the list.
 * @param group its filter
 * @returns the subscribers, or undefined for everyone
 */
export function recipientsOf(
	{ subscribers, segments }: Account,
	{ match, rules }: FilterGroup,
): ReadonlySet<Subscriber> | undefined {
	const aimed = rules.flatMap(({ type, ids }) => (ids ?? []).map((id) => ({ type, id })));
	if (aimed.length === 0) return undefined;
	const groups = aimed.map(({ type, id }) =>
		type === 'tag' ? [id] : (byId(segments, id)?.tags ?? []).map((tag) => tag.id),
	);
	const isIn = ({ taggings }: Subscriber) => {
		const belongs = (ids: readonly number[]) => taggings.some(({ tag }) => ids.includes(tag.id));
		if (match === 'all') return groups.every(belongs);
		return groups.some(belongs) === (match === 'any');
	};
	return new Set(subscribers.filter(isIn));
}

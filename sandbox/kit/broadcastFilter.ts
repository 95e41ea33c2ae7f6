import { arrayOf, choiceIn, invalid, isObject, objectOf } from './route';
import type { FilterGroup, FilterRule } from './state';

const GROUPS = ['all', 'any', 'none'] as const;

/** The filter of a broadcast that is for everyone, as Kit's examples have it. */
export const EVERYONE: FilterGroup = { match: 'all', rules: [{ type: 'all_subscribers' }] };

function ruleIn(value: unknown): FilterRule {
	const { type, ids } = objectOf(value);
	const name = 'subscriber_filter type';
	const found = choiceIn(type, name, ['segment', 'tag', 'all_subscribers']);
	if (found === undefined) throw invalid(`${name} can't be blank`);
	if (found === 'all_subscribers') return { type: found };
	const wanted = arrayOf(ids)?.map(Number);
	if (wanted?.every(Number.isInteger) !== true) {
		throw invalid('subscriber_filter ids must be an array of integers');
	}
	return { type: found, ids: wanted };
}

/**
 * Reads `subscriber_filter`, of which the API supports one group of one entry.
 * @param value as it arrived
 * @returns the group; everyone where it is null or empty, undefined where nothing is sent
 */
export function filterIn(value: unknown): FilterGroup | undefined {
	if (value === undefined) return undefined;
	const entries = value === null ? [] : arrayOf(value);
	if (entries?.every(isObject) !== true) throw invalid('subscriber_filter must be an array');
	const groups = entries.flatMap((entry) =>
		GROUPS.flatMap((match) => {
			const rules = (arrayOf(entry[match]) ?? []).map(ruleIn);
			return rules.length === 0 ? [] : [{ match, rules }];
		}),
	);
	if (groups.length > 1) {
		throw invalid('Only a single filter group is supported. Use one of `all`, `any`, or `none`.');
	}
	return groups[0] ?? EVERYONE;
}

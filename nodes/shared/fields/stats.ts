import type { ValueField } from './field';
import { flag } from './parsers';

/** For sequences and their emails. */
export const includeStats: ValueField = {
	displayName: 'Include Stats',
	name: 'includeStats',
	type: 'boolean',
	default: false,
	description: 'Whether each one comes with how often it was sent, opened and clicked',
	target: 'query.include',
	parse: flag('stats'),
};

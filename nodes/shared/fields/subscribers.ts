import type { ValueField } from './field';
import { flag } from './parsers';

/** For operations that name a subscriber by email address and need their id. */
export const createSubscribers: ValueField = {
	displayName: 'Create Missing Subscribers',
	name: 'createSubscribers',
	type: 'boolean',
	default: false,
	description:
		'Whether an email address that Kit does not know becomes a new active subscriber. Otherwise it is an error of its item.',
};

/** For lists of tags and forms. */
export const includeSubscriberCount: ValueField = {
	displayName: 'Include Subscriber Count',
	name: 'includeSubscriberCount',
	type: 'boolean',
	default: false,
	description: 'Whether each one says how many subscribers it has',
	target: 'query.include',
	parse: flag('subscriber_count'),
};

import type { INodePropertyOptions } from 'n8n-workflow';
import type { ValueField } from './field';
import { date } from './parsers';

/** The states a subscriber can be in. */
export const SUBSCRIBER_STATES: INodePropertyOptions[] = [
	{ name: 'Active', value: 'active' },
	{ name: 'Bounced', value: 'bounced' },
	{ name: 'Cancelled', value: 'cancelled' },
	{ name: 'Complained', value: 'complained' },
	{ name: 'Inactive', value: 'inactive' },
];

const STATUSES = [{ name: 'All', value: 'all' }, ...SUBSCRIBER_STATES];

/** Which subscribers a list has, by state. */
export const status: ValueField = {
	displayName: 'Status',
	name: 'status',
	type: 'options',
	options: STATUSES,
	default: 'active',
	description: 'Which subscribers to return: without this filter, only active ones',
	target: 'query.status',
};

/**
 * Two filters for the days between which something happened.
 * @param event what happened, as Kit calls it in `created_after`
 * @param displayName the same as a person reads it
 */
export function between(event: string, displayName: string): ValueField[] {
	return (['after', 'before'] as const).map((side) => ({
		displayName: `${displayName} ${side === 'after' ? 'After' : 'Before'}`,
		name: `${event}${side === 'after' ? 'After' : 'Before'}`,
		type: 'dateTime',
		default: '',
		description: `Only subscribers who were ${event} ${side} this day. The time of day is ignored.`,
		target: `query.${event}_${side}`,
		parse: date,
	}));
}

/** Leaves out what makes lists of subscribers slow. */
export const slim: ValueField = {
	displayName: 'Leave Out Custom Fields',
	name: 'slim',
	type: 'boolean',
	default: false,
	description: 'Whether to leave out the custom fields of each subscriber, which is faster',
	target: 'query.slim',
};

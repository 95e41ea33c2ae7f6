import { customFields } from './customFields';
import type { CollectionField, Field, Target, ValueField } from './field';
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

/** The first name of a subscriber. */
export const firstName: ValueField = {
	displayName: 'First Name',
	name: 'firstName',
	type: 'string',
	default: '',
	target: 'body.first_name',
};

const BY_EMAIL = { 'subscriberId.mode': ['email'] };

/** For operations that add one subscriber to something, who is named by email address. */
export const createSubscriber: ValueField = {
	displayName: 'Create Missing Subscriber',
	name: 'createSubscriber',
	type: 'boolean',
	default: false,
	description:
		'Whether an email address that Kit does not know becomes a new active subscriber. Otherwise it is an error of its item.',
	displayOptions: { show: BY_EMAIL },
};

/** What a subscriber has who is created so. */
export const newSubscriber: CollectionField = {
	displayName: 'New Subscriber',
	name: 'newSubscriber',
	type: 'collection',
	placeholder: 'Add Field',
	default: {},
	description: 'What the subscriber is created with. One who exists stays as they are.',
	displayOptions: { show: { ...BY_EMAIL, createSubscriber: [true] } },
	// A new subscriber has nothing that could be emptied.
	options: [...customFields.slice(0, 2), firstName].map((field): Field => ({
		...field,
		target: field.target?.replace(/^body/, 'settings.newSubscriber') as Target,
	})),
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

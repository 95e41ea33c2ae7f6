import { customFields, customFieldsJson } from './customFields';
import type { CollectionField, Field, ValueField } from './field';
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

const BY_EMAIL = { '/subscriberId.mode': ['email'] };

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

const IS_CREATED = { ...BY_EMAIL, createSubscriber: [true] };

const newSubscriberFields: CollectionField = {
	displayName: 'New Subscriber',
	name: 'newSubscriber',
	type: 'collection',
	placeholder: 'Add Field',
	default: {},
	description: 'What the subscriber is created with. One who exists stays as they are.',
	displayOptions: { show: IS_CREATED },
	options: [
		{ ...customFieldsJson, target: 'settings.newSubscriber.fields' },
		{ ...firstName, target: 'settings.newSubscriber.first_name' },
	],
};

/** What a subscriber has who is created so; nothing in it could be emptied. */
export const newSubscriber: Field[] = [
	...customFields('settings.newSubscriber.fields', IS_CREATED),
	newSubscriberFields,
];

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

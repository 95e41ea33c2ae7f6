import { UserError } from 'n8n-workflow';
import type { EventSubject } from '../events';
import { CLASSIC_EVENTS, eventsNeeding } from '../events';
import type { RowsField, ValueField } from './field';
import {
	customFieldId,
	customFieldIdOrName,
	formId,
	formIdOrName,
	optional,
	sequenceId,
	sequenceIdOrName,
	tagId,
	tagIdOrName,
} from './locators';
import { id, url } from './parsers';

/** How a person says what an event of a classic webhook is about, by the key under which Kit takes it. */
const SUBJECT_FIELDS: Record<EventSubject, ValueField> = {
	custom_field_id: customFieldId,
	form_id: formId,
	initiator_value: {
		displayName: 'Link URL',
		name: 'linkUrl',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. https://example.com/course',
		description: 'The link whose clicks are meant',
		parse: url,
	},
	product_id: {
		displayName: 'Product ID',
		name: 'productId',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 4412',
		description: 'The Kit product whose purchases are meant',
		parse: id,
	},
	sequence_id: sequenceId,
	tag_id: tagId,
};

/** The same in the Kit node, which finds things by their names as well. */
const NAMED_SUBJECTS: Record<EventSubject, ValueField> = {
	...SUBJECT_FIELDS,
	custom_field_id: customFieldIdOrName,
	form_id: formIdOrName,
	sequence_id: sequenceIdOrName,
	tag_id: tagIdOrName,
};

const subjects = Object.entries(NAMED_SUBJECTS) as [EventSubject, ValueField][];

/** The event of a classic webhook, and what it is about. */
export const classicEvent: RowsField = {
	displayName: 'Event',
	name: 'event',
	type: 'fixedCollection',
	placeholder: 'Choose Event',
	default: {},
	required: true,
	description: 'What Kit is to tell the target URL about',
	options: [
		{
			displayName: 'Event',
			name: 'event',
			values: [
				{
					displayName: 'Event',
					name: 'name',
					type: 'options',
					noDataExpression: true,
					options: CLASSIC_EVENTS.map(({ name, value }) => ({ name, value })),
					default: 'subscriber.subscriber_activate',
				},
				...subjects.map(([subject, field]) => ({
					...optional(field),
					displayOptions: { show: { name: eventsNeeding(subject) } },
				})),
			],
		},
	],
	target: 'body.event',
	combine: ([row]) => {
		const known = CLASSIC_EVENTS.find(({ value }) => value === row?.name);
		if (!row || !known) throw new UserError('must be chosen, and is empty');
		const { needs, value: name } = known;
		if (!needs) return { name };
		const field = SUBJECT_FIELDS[needs];
		const subject = row[field.name];
		if (subject === undefined) throw new UserError(`needs ${field.displayName} as well`);
		return { name, [needs]: subject };
	},
};

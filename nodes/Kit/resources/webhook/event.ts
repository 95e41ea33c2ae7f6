import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';
import type { EventSubject } from '../../../shared/events';
import { CLASSIC_EVENTS, eventsNeeding } from '../../../shared/events';
import type { Check } from '../../fields/checks';
import { asText, id, ifGiven, webAddress } from '../../fields/checks';
import { chosen, customField, form, sequence, tag } from '../../fields/locators';

/** The field in which a person says what an event is about. */
interface SubjectField {
	field: INodeProperties;
	check: Check;
}

/** Where the field for a subject shows: with the events that need it. */
function showFor(subject: EventSubject): INodeProperties['displayOptions'] {
	return { show: { name: eventsNeeding(subject) } };
}

/** How a person says what an event is about. */
export const SUBJECTS: Record<EventSubject, SubjectField> = {
	custom_field_id: { field: customField(showFor('custom_field_id')), check: id },
	form_id: { field: form(showFor('form_id')), check: id },
	initiator_value: {
		field: {
			displayName: 'Link URL',
			name: 'linkUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://example.com/course',
			description: 'The link whose clicks are meant',
			displayOptions: showFor('initiator_value'),
		},
		check: webAddress,
	},
	product_id: {
		field: {
			displayName: 'Product ID',
			name: 'productId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 4412',
			description: 'The Kit product whose purchases are meant',
			displayOptions: showFor('product_id'),
		},
		check: id,
	},
	sequence_id: { field: sequence(showFor('sequence_id')), check: id },
	tag_id: { field: tag(showFor('tag_id')), check: id },
};

/** `{ event: { name, formId, ... } }`, as n8n keeps it, to the event that Kit takes. */
export const event: Check = (value) => {
	const { event: entered } = (value ?? {}) as { event?: IDataObject };
	const known = CLASSIC_EVENTS.find((one) => one.value === entered?.name);
	if (!known) throw new UserError('must be one of the list');
	if (!known.needs) return { name: known.value };
	const { field, check } = SUBJECTS[known.needs];
	const subject = ifGiven(check)(chosen(entered?.[field.name]));
	if (subject === undefined) throw new UserError(`needs ${asText(field.displayName)} as well`);
	return { name: known.value, [known.needs]: subject };
};

/** The event of a webhook, and what it is about. */
export const eventField: INodeProperties = {
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
					options: CLASSIC_EVENTS.map(({ name, value }) => ({ name, value })),
					default: 'subscriber.subscriber_activate',
				},
				...Object.values(SUBJECTS).map(({ field }) => field),
			],
		},
	],
};

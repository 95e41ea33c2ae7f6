import { UserError } from 'n8n-workflow';
import {
	additionalFields,
	fieldsToClear,
	filters,
	onlyCount,
	options,
	updateFields,
} from '../../shared/fields/collections';
import { includeStats, sendDays, sendingEmailAddress } from '../../shared/fields/emails';
import type { Field, RowsField, ValueField } from '../../shared/fields/field';
import { emailTemplate, sequenceIdOrName, subscriberId } from '../../shared/fields/locators';
import { nameField } from '../../shared/fields/nameField';
import { idOrName, NAMES_HINT } from '../../shared/fields/names';
import { list as listOf, timeZone } from '../../shared/fields/parsers';
import { between, status } from '../../shared/fields/subscriberFilters';
import { addedSubscriber } from '../operation/addSubscriber';
import { createSubscriber, newSubscriber } from '../../shared/fields/subscribers';
import type { Resource } from '../operation/operation';
import { outputOf } from '../operation/output';
import { list, record, deleted } from '../operation/returns';

const name = nameField('sequence');

/**
 * Who can be excluded, by a kind of thing that subscribers are in.
 * @param type the kind as Kit calls it
 * @param displayName the same as a person reads it
 */
function sources(type: 'form' | 'segment' | 'sequence' | 'tag', displayName: string): ValueField {
	return {
		displayName: `${displayName} Names or IDs`,
		name: `${type}Ids`,
		type: 'multiOptions',
		hint: NAMES_HINT,
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
		typeOptions: { loadOptionsMethod: `get${displayName}s` },
		default: [],
		displayOptions: { show: { type: [type] } },
		parse: listOf(idOrName(`${type}s`)),
	};
}

const excludeSubscribers: RowsField = {
	displayName: 'Exclude Subscribers',
	name: 'excludeSubscribers',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add Exclusion',
	default: {},
	description: 'Who does not get the emails of the sequence',
	options: [
		{
			displayName: 'Exclusion',
			name: 'source',
			values: [
				{
					displayName: 'By',
					name: 'type',
					type: 'options',
					noDataExpression: true,
					options: [
						{ name: 'Form', value: 'form' },
						{ name: 'Segment', value: 'segment' },
						{ name: 'Sequence', value: 'sequence' },
						{ name: 'Tag', value: 'tag' },
					],
					default: 'tag',
				},
				sources('form', 'Form'),
				sources('segment', 'Segment'),
				sources('sequence', 'Sequence'),
				sources('tag', 'Tag'),
			],
		},
	],
	target: 'body.exclude_subscriber_sources',
	combine: (rows) => {
		if (rows.length === 0) throw new UserError('must have at least one exclusion');
		return rows.map((row) => {
			const type = row.type as string;
			const ids = row[`${type}Ids`];
			if (ids === undefined) throw new UserError(`must name at least one ${type} in every row`);
			return { type, ids };
		});
	},
};

/** What a sequence has besides its name, for creating as for updating one. */
const sequenceFields: Field[] = [
	{
		displayName: 'Active',
		name: 'active',
		type: 'boolean',
		default: true,
		description:
			'Whether the sequence sends its emails. Making it active sends them to those who wait in it.',
		target: 'body.active',
	},
	emailTemplate,
	excludeSubscribers,
	{
		displayName: 'Hold',
		name: 'hold',
		type: 'boolean',
		default: false,
		description:
			'Whether those who have received the last email stay in the sequence, to get emails added later',
		target: 'body.hold',
	},
	{
		displayName: 'Repeat',
		name: 'repeat',
		type: 'boolean',
		default: false,
		description: 'Whether subscribers can go through the sequence more than once',
		target: 'body.repeat',
	},
	sendDays,
	{
		displayName: 'Send Hour',
		name: 'sendHour',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 23 },
		default: 9,
		description: 'The hour of the day at which emails are sent, from 0 to 23',
		target: 'body.send_hour',
	},
	sendingEmailAddress,
	{
		displayName: 'Time Zone',
		name: 'timeZone',
		type: 'string',
		default: '',
		placeholder: 'e.g. America/New_York',
		description: 'The time zone of the send hour, by its name in the IANA database',
		target: 'body.time_zone',
		parse: timeZone,
	},
];

export const sequence: Resource = {
	name: 'Sequence',
	value: 'sequence',
	operations: {
		addSubscriber: {
			name: 'Add Subscriber',
			action: 'Add subscriber to sequence',
			description:
				'Add a subscriber, who can be created for it, to a sequence, which then sends them its emails',
			request: 'POST /sequences/{sequence_id}/subscribers/{subscriber_id|email_address}',
			idempotent: true,
			fields: [sequenceIdOrName, subscriberId, createSubscriber, ...newSubscriber],
			returns: outputOf('subscriber', addedSubscriber()),
		},
		create: {
			name: 'Create',
			action: 'Create sequence',
			description: 'Create a sequence without emails, to which emails can be added',
			request: 'POST /sequences',
			idempotent: false,
			fields: [name, additionalFields(...sequenceFields)],
			returns: outputOf('sequence', record('sequence')),
		},
		delete: {
			name: 'Delete',
			action: 'Delete sequence',
			description:
				'Delete a sequence with its emails. Those who are in it get no more emails from it.',
			request: 'DELETE /sequences/{sequence_id}',
			fields: [sequenceIdOrName],
			returns: deleted('sequence'),
		},
		get: {
			name: 'Get',
			action: 'Get sequence',
			description: 'Retrieve a sequence with its schedule and exclusions',
			request: 'GET /sequences/{sequence_id}',
			fields: [sequenceIdOrName, options(includeStats)],
			returns: outputOf('sequence', record('sequence')),
		},
		getAll: {
			name: 'Get Many',
			action: 'Get many sequences',
			description: 'List the sequences of the account',
			request: 'GET /sequences',
			fields: [options(includeStats, onlyCount)],
			returns: outputOf('sequence', list('sequences')),
		},
		getSubscribers: {
			name: 'Get Subscribers',
			action: 'Get subscribers of sequence',
			description: 'List the subscribers who were added to a sequence',
			request: 'GET /sequences/{sequence_id}/subscribers',
			fields: [
				sequenceIdOrName,
				filters(...between('added', 'Added'), ...between('created', 'Created'), status),
				options(onlyCount),
			],
			returns: outputOf('subscriber', list('subscribers')),
		},
		update: {
			name: 'Update',
			action: 'Update sequence',
			description: 'Change the name, schedule or exclusions of a sequence, or pause it',
			request: 'PUT /sequences/{sequence_id}',
			fields: [
				sequenceIdOrName,
				updateFields(
					fieldsToClear([
						{
							name: 'Exclude Subscribers',
							place: 'exclude_subscriber_sources',
							value: [],
							description: 'Nobody is excluded any more',
						},
					]),
					{ ...name, required: false, description: undefined },
					...sequenceFields,
				),
			],
			returns: outputOf('sequence', record('sequence')),
		},
	},
};

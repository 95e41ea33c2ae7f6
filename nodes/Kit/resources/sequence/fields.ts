import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';
import type { Check } from '../../fields/checks';
import {
	asText,
	email,
	id,
	ifGiven,
	listIfGiven,
	listOf,
	timeZone,
	wholeNumber,
	yesOrNo,
} from '../../fields/checks';
import { emailTemplate } from '../../fields/locators';
import { inBody } from '../../fields/sent';
import { sendDays } from '../../fields/weekdays';

/** What can be excluded, by Kit's name for it, and the field in which n8n keeps the choice. */
const SOURCES: Record<string, string> = {
	form: 'formIds',
	segment: 'segmentIds',
	sequence: 'sequenceIds',
	tag: 'tagIds',
};

/** `{ source: [...] }`, as n8n keeps it, to the sources that Kit takes. */
const excludedSources: Check = (value) => {
	const { source = [] } = (value ?? {}) as { source?: IDataObject[] };
	const sources = source.map((entered) => {
		const type = asText(entered.type);
		const ids = listOf(id)(entered[SOURCES[type] ?? '']);
		if (ids.length === 0) throw new UserError(`must name at least one ${type} in every row`);
		return { type, ids };
	});
	return sources.length > 0 ? sources : undefined;
};

/** What a sequence has besides its name, for creating as for updating one. */
export const sequenceFields: INodeProperties[] = [
	inBody(
		'active',
		{
			displayName: 'Active',
			name: 'active',
			type: 'boolean',
			default: true,
			description:
				'Whether the sequence sends its emails. Making it active sends them to those who wait in it.',
		},
		yesOrNo,
	),
	inBody('email_template_id', emailTemplate, ifGiven(id)),
	inBody(
		'exclude_subscriber_sources',
		{
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
							options: [
								{ name: 'Form', value: 'form' },
								{ name: 'Segment', value: 'segment' },
								{ name: 'Sequence', value: 'sequence' },
								{ name: 'Tag', value: 'tag' },
							],
							default: 'tag',
						},
						{
							displayName: 'Form Names or IDs',
							name: 'formIds',
							type: 'multiOptions',
							description:
								'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
							typeOptions: { loadOptionsMethod: 'getForms' },
							default: [],
							displayOptions: { show: { type: ['form'] } },
						},
						{
							displayName: 'Segment Names or IDs',
							name: 'segmentIds',
							type: 'multiOptions',
							description:
								'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
							typeOptions: { loadOptionsMethod: 'getSegments' },
							default: [],
							displayOptions: { show: { type: ['segment'] } },
						},
						{
							displayName: 'Sequence Names or IDs',
							name: 'sequenceIds',
							type: 'multiOptions',
							description:
								'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
							typeOptions: { loadOptionsMethod: 'getSequences' },
							default: [],
							displayOptions: { show: { type: ['sequence'] } },
						},
						{
							displayName: 'Tag Names or IDs',
							name: 'tagIds',
							type: 'multiOptions',
							description:
								'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
							typeOptions: { loadOptionsMethod: 'getTags' },
							default: [],
							displayOptions: { show: { type: ['tag'] } },
						},
					],
				},
			],
		},
		excludedSources,
	),
	inBody(
		'hold',
		{
			displayName: 'Hold',
			name: 'hold',
			type: 'boolean',
			default: false,
			description:
				'Whether those who have received the last email stay in the sequence, to get emails added later',
		},
		yesOrNo,
	),
	inBody(
		'repeat',
		{
			displayName: 'Repeat',
			name: 'repeat',
			type: 'boolean',
			default: false,
			description: 'Whether subscribers can go through the sequence more than once',
		},
		yesOrNo,
	),
	inBody('send_days', sendDays, listIfGiven(asText)),
	inBody(
		'send_hour',
		{
			displayName: 'Send Hour',
			name: 'sendHour',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 23 },
			default: 9,
			description: 'The hour of the day at which emails are sent, from 0 to 23',
		},
		wholeNumber(0, 23),
	),
	inBody(
		'email_address',
		{
			displayName: 'Sending Email Address',
			name: 'emailAddress',
			type: 'string',
			default: '',
			placeholder: 'e.g. hello@example.com',
			description: 'An address of the account to send from. Its default address, if left out.',
		},
		ifGiven(email),
	),
	inBody(
		'time_zone',
		{
			displayName: 'Time Zone',
			name: 'timeZone',
			type: 'string',
			default: '',
			placeholder: 'e.g. America/New_York',
			description: 'The time zone of the send hour, by its name in the IANA database',
		},
		timeZone,
	),
];

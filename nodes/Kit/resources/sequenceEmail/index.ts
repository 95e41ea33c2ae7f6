import type { IDataObject, INodeProperties, PreSendAction } from 'n8n-workflow';
import { list, record, success } from '../../answers';
import { asText, id, ifGiven, listIfGiven, wholeNumber, yesOrNo } from '../../fields/checks';
import { fieldsToEmpty } from '../../fields/emptied';
import {
	emailTemplate,
	sequence as sequenceLocator,
	sequenceEmail as sequenceEmailLocator,
} from '../../fields/locators';
import { inBody, inPath, refusal } from '../../fields/sent';
import { requireChange } from '../../fields/updates';
import { sendDays } from '../../fields/weekdays';
import type { Resource } from '../resource';

const show = { resource: ['sequenceEmail'] };

/** Kit takes days of the week only for emails that wait for days (Kit's documentation). */
const daysOnlyWithDays: PreSendAction = async function (request) {
	const { delay_unit, send_days } = request.body as IDataObject;
	if (delay_unit === 'hours' && Array.isArray(send_days) && send_days.length > 0) {
		throw refusal(this, 'Send Days must be left out where Delay Unit is Hours');
	}
	return await Promise.resolve(request);
};

const delayUnit: INodeProperties = {
	displayName: 'Delay Unit',
	name: 'delayUnit',
	type: 'options',
	options: [
		{ name: 'Days', value: 'days', description: 'At the hour and on the days of the sequence' },
		{ name: 'Hours', value: 'hours', description: 'Exactly so many hours later' },
	],
	default: 'days',
};

const delay: INodeProperties = {
	displayName: 'Delay',
	name: 'delay',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 1,
	description: 'How long after the email before it is sent, in the unit below',
};

const emailFields: INodeProperties[] = [
	inBody('content', {
		displayName: 'Content',
		name: 'content',
		type: 'string',
		typeOptions: { rows: 6 },
		default: '',
		description: 'The HTML of the email',
	}),
	inBody('email_template_id', emailTemplate, ifGiven(id)),
	inBody(
		'position',
		{
			displayName: 'Position',
			name: 'position',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 0,
			description:
				'Where in the sequence it stands, from 0. Each position can be taken once. Left out, it comes last.',
		},
		wholeNumber(0),
	),
	inBody('preview_text', {
		displayName: 'Preview Text',
		name: 'previewText',
		type: 'string',
		default: '',
		description: 'What inboxes show after the subject',
	}),
	inBody(
		'published',
		{
			displayName: 'Published',
			name: 'published',
			type: 'boolean',
			default: false,
			description: 'Whether it is sent to those in the sequence. A draft is not.',
		},
		yesOrNo,
	),
	inBody('send_days', sendDays, listIfGiven(asText)),
];

export const sequenceEmail: Resource = {
	name: 'Sequence Email',
	value: 'sequenceEmail',
	operations: [
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show },
			options: [
				{
					name: 'Create',
					value: 'create',
					action: 'Create an email of a sequence',
					description: 'Add an email to a sequence, as a draft unless Published is set',
					routing: {
						request: { method: 'POST', url: '/kit/v4/sequences/{sequence_id}/emails' },
						...record('email'),
					},
				},
				{
					name: 'Delete',
					value: 'delete',
					action: 'Delete an email of a sequence',
					description: 'Delete an email. Those who wait for it go on to the next one.',
					routing: {
						request: {
							method: 'DELETE',
							url: '/kit/v4/sequences/{sequence_id}/emails/{sequence_email_id}',
						},
						...success(),
					},
				},
				{
					name: 'Get',
					value: 'get',
					action: 'Get an email of a sequence',
					description: 'Retrieve an email of a sequence with its content',
					routing: {
						request: {
							method: 'GET',
							url: '/kit/v4/sequences/{sequence_id}/emails/{sequence_email_id}',
						},
						...record('email'),
					},
				},
				{
					name: 'Get Many',
					value: 'getAll',
					action: 'Get many emails of a sequence',
					description: 'List the emails of a sequence in their order',
					routing: {
						request: { method: 'GET', url: '/kit/v4/sequences/{sequence_id}/emails' },
						...list('emails'),
					},
				},
				{
					name: 'Update',
					value: 'update',
					action: 'Update an email of a sequence',
					description: 'Change, publish or move an email of a sequence',
					routing: {
						request: {
							method: 'PUT',
							url: '/kit/v4/sequences/{sequence_id}/emails/{sequence_email_id}',
						},
						...record('email'),
					},
				},
			],
			default: 'getAll',
		},
		inPath('sequence_id', sequenceLocator({ show }), id),
		inPath(
			'sequence_email_id',
			sequenceEmailLocator({ show: { ...show, operation: ['delete', 'get', 'update'] } }),
			id,
		),
	],
	fields: [
		inBody(
			'delay_value',
			{ ...delay, required: true, displayOptions: { show: { ...show, operation: ['create'] } } },
			wholeNumber(0),
		),
		inBody('delay_unit', {
			...delayUnit,
			displayOptions: { show: { ...show, operation: ['create'] } },
		}),
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			displayOptions: { show: { ...show, operation: ['create'] } },
			routing: { send: { preSend: [daysOnlyWithDays] } },
			options: emailFields,
		},
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			displayOptions: { show: { ...show, operation: ['update'] } },
			routing: { send: { preSend: [requireChange, daysOnlyWithDays] } },
			options: [
				inBody('delay_value', delay, wholeNumber(0)),
				inBody('delay_unit', delayUnit),
				fieldsToEmpty('updateFields', [
					{ name: 'Content', property: 'content', value: null },
					{
						name: 'Email Template',
						property: 'email_template_id',
						value: null,
						description: 'Uses the default template again',
					},
					{ name: 'Preview Text', property: 'preview_text', value: null },
					{
						name: 'Send Days',
						property: 'send_days',
						value: null,
						description: 'Uses the days of the sequence again',
					},
				]),
				...emailFields,
				inBody('subject', {
					displayName: 'Subject',
					name: 'subject',
					type: 'string',
					default: '',
				}),
			],
		},
	],
};

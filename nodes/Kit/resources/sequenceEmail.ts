import { UserError } from 'n8n-workflow';
import {
	additionalFields,
	fieldsToClear,
	onlyCount,
	options,
	updateFields,
} from '../../shared/fields/collections';
import {
	content,
	includeContentOfEach,
	includeStats,
	previewText,
	sendDays,
	subject,
} from '../../shared/fields/emails';
import type { Field, ValueField } from '../../shared/fields/field';
import { emailTemplate, sequenceEmailId, sequenceIdOrName } from '../../shared/fields/locators';
import type { KitRequest } from '../../shared/transport/client';
import type { Resource } from '../operation/operation';
import { outputOf } from '../operation/output';
import { list, record, deleted } from '../operation/returns';

const delay: ValueField = {
	displayName: 'Delay',
	name: 'delay',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 1,
	required: true,
	description: 'How long after the email before it is sent, in the unit below',
	target: 'body.delay_value',
};

const delayUnit: ValueField = {
	displayName: 'Delay Unit',
	name: 'delayUnit',
	type: 'options',
	options: [
		{ name: 'Days', value: 'days', description: 'At the hour and on the days of the sequence' },
		{ name: 'Hours', value: 'hours', description: 'Exactly so many hours later' },
	],
	default: 'days',
	target: 'body.delay_unit',
};

const emailFields: Field[] = [
	content,
	emailTemplate,
	{
		displayName: 'Position',
		name: 'position',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		description:
			'Where in the sequence it stands, from 0. Each position can be taken once. Left out, it comes last.',
		target: 'body.position',
	},
	previewText,
	{
		displayName: 'Published',
		name: 'published',
		type: 'boolean',
		default: false,
		description: 'Whether it is sent to those in the sequence. A draft is not.',
		target: 'body.published',
	},
	sendDays,
];

/** Kit takes days of the week only for emails that wait for days (Kit's documentation). */
function daysOnlyWithDays({ body = {} }: KitRequest): void {
	if (body.delay_unit === 'hours' && Array.isArray(body.send_days)) {
		throw new UserError('Send Days must be left out where Delay Unit is Hours');
	}
}

export const sequenceEmail: Resource = {
	name: 'Sequence Email',
	value: 'sequenceEmail',
	operations: {
		create: {
			name: 'Create',
			action: 'Create email of sequence',
			description: 'Add an email to a sequence, as a draft unless Published is set',
			request: 'POST /sequences/{sequence_id}/emails',
			idempotent: false,
			fields: [sequenceIdOrName, subject, delay, delayUnit, additionalFields(...emailFields)],
			check: daysOnlyWithDays,
			returns: outputOf('sequenceEmail', record('email')),
		},
		delete: {
			name: 'Delete',
			action: 'Delete email of sequence',
			description: 'Delete an email. Those who wait for it go on to the next one.',
			request: 'DELETE /sequences/{sequence_id}/emails/{sequence_email_id}',
			fields: [sequenceIdOrName, sequenceEmailId],
			returns: deleted('sequence_email'),
		},
		get: {
			name: 'Get',
			action: 'Get email of sequence',
			description: 'Retrieve an email of a sequence with its content',
			request: 'GET /sequences/{sequence_id}/emails/{sequence_email_id}',
			fields: [sequenceIdOrName, sequenceEmailId, options(includeStats)],
			returns: outputOf('sequenceEmail', record('email')),
		},
		getAll: {
			name: 'Get Many',
			action: 'Get many emails of sequence',
			description: 'List the emails of a sequence in their order',
			request: 'GET /sequences/{sequence_id}/emails',
			fields: [sequenceIdOrName, options(includeContentOfEach('email'), includeStats, onlyCount)],
			returns: outputOf('sequenceEmailInList', list('emails')),
		},
		update: {
			name: 'Update',
			action: 'Update email of sequence',
			description: 'Change, publish or move an email of a sequence',
			request: 'PUT /sequences/{sequence_id}/emails/{sequence_email_id}',
			fields: [
				sequenceIdOrName,
				sequenceEmailId,
				updateFields(
					{ ...delay, required: false },
					delayUnit,
					fieldsToClear([
						{ name: 'Content', place: 'content', value: null },
						{
							name: 'Email Template',
							place: 'email_template_id',
							value: null,
							description: 'Uses the default template again',
						},
						{
							name: 'Position',
							place: 'position',
							value: null,
							description: 'Lets Kit choose where it stands',
						},
						{ name: 'Preview Text', place: 'preview_text', value: null },
						{
							name: 'Send Days',
							place: 'send_days',
							value: null,
							description: 'Uses the days of the sequence again',
						},
					]),
					...emailFields,
					{ ...subject, required: false, description: undefined },
				),
			],
			check: daysOnlyWithDays,
			returns: outputOf('sequenceEmail', record('email')),
		},
	},
};

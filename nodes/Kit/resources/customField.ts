import { UserError } from 'n8n-workflow';
import { onlyCount, options } from '../../shared/fields/collections';
import {
	customFields,
	customFieldsJson,
	emptiedCustomFields,
} from '../../shared/fields/customFields';
import type { ValueField } from '../../shared/fields/field';
import { customFieldIdOrName, subscriberId } from '../../shared/fields/locators';
import { createSubscribers } from '../../shared/fields/subscribers';
import type { KitRequest } from '../../shared/transport/client';
import { bulk } from '../bulk/bulk';
import { CREATE_CUSTOM_FIELDS } from '../bulk/endpoints';
import { setValues } from '../bulk/setValues';
import type { Resource } from '../operation/operation';
import { list, record, deleted } from '../operation/returns';

const label: ValueField = {
	displayName: 'Label',
	name: 'label',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. Last name',
	description: 'What the custom field is to be called',
	target: 'body.label',
};

/** A value that is missing never takes away what is there. */
function requireValue({ body = {} }: KitRequest): void {
	if (body.fields !== undefined) return;
	throw new UserError(
		'Custom Fields must have at least one value. To take a value away, choose it in Emptied Custom Fields',
	);
}

export const customField: Resource = {
	name: 'Custom Field',
	value: 'customField',
	operations: {
		create: {
			name: 'Create',
			action: 'Create custom field',
			description: 'Create a custom field, or get the one that already has this label',
			request: 'POST /custom_fields',
			idempotent: true,
			fields: [label],
			returns: record('custom_field'),
		},
		createMany: {
			name: 'Create Many',
			action: 'Create many custom fields',
			description:
				'Create custom fields, or get those that already have these labels, up to 100 items with one request',
			request: 'POST /bulk/custom_fields',
			idempotent: true,
			fields: [label],
			returns: bulk(CREATE_CUSTOM_FIELDS),
		},
		delete: {
			name: 'Delete',
			action: 'Delete custom field',
			description: 'Delete a custom field and what every subscriber has in it',
			request: 'DELETE /custom_fields/{custom_field_id}',
			fields: [customFieldIdOrName],
			returns: deleted('custom_field'),
		},
		getAll: {
			name: 'Get Many',
			action: 'Get many custom fields',
			description: 'List the custom fields of the account',
			request: 'GET /custom_fields',
			fields: [options(onlyCount)],
			returns: list('custom_fields'),
		},
		setValues: {
			name: 'Set Values',
			action: 'Set custom field values of subscribers',
			description:
				'Put values into custom fields of a subscriber in place of what is there, up to 100 values with one request',
			request: 'POST /bulk/custom_fields/subscribers',
			idempotent: true,
			fields: [
				subscriberId,
				...customFields(),
				options(createSubscribers, customFieldsJson, emptiedCustomFields),
			],
			check: requireValue,
			returns: setValues(),
		},
		update: {
			name: 'Update',
			action: 'Update custom field',
			description:
				'Give a custom field another label. Its key changes too, so emails that use the old key no longer find it.',
			request: 'PUT /custom_fields/{custom_field_id}',
			fields: [customFieldIdOrName, label],
			returns: record('custom_field'),
		},
	},
};

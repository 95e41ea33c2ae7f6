import { UserError } from 'n8n-workflow';
import { options } from '../../shared/fields/collections';
import type { ValueField } from '../../shared/fields/field';
import { customFieldIdOrName, subscriberId } from '../../shared/fields/locators';
import { flag } from '../../shared/fields/parsers';
import { createSubscribers } from '../../shared/fields/subscribers';
import type { KitRequest } from '../../shared/transport/client';
import { bulk } from '../bulk/bulk';
import { CREATE_CUSTOM_FIELDS, SET_VALUES } from '../bulk/endpoints';
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

const value: ValueField = {
	displayName: 'Value',
	name: 'value',
	type: 'string',
	default: '',
	description: 'What to put into the custom field. To take a value away, turn on Empty Field.',
	target: 'body.value',
};

const emptyField: ValueField = {
	displayName: 'Empty Field',
	name: 'emptyField',
	type: 'boolean',
	default: false,
	description: 'Whether to take the value of the subscriber away, in place of setting one',
	target: 'body.value',
	parse: flag(''),
};

/** A value that is missing never takes away what is there. */
function requireValue({ body = {} }: KitRequest): void {
	if (body.value !== undefined) return;
	throw new UserError(
		'Value must be filled in, and is empty. To take a value away, turn on Empty Field in Options',
	);
}

export const customField: Resource = {
	name: 'Custom Field',
	value: 'customField',
	operations: {
		create: {
			name: 'Create',
			action: 'Create a custom field',
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
			action: 'Delete a custom field',
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
			fields: [],
			returns: list('custom_fields'),
		},
		setValues: {
			name: 'Set Values',
			action: 'Set custom field values of subscribers',
			description:
				'Put a value into a custom field of a subscriber in place of what is there, up to 100 items with one request',
			request: 'POST /bulk/custom_fields/subscribers',
			idempotent: true,
			fields: [customFieldIdOrName, subscriberId, value, options(createSubscribers, emptyField)],
			check: requireValue,
			returns: bulk(SET_VALUES),
		},
		update: {
			name: 'Update',
			action: 'Update a custom field',
			description:
				'Give a custom field another label. Its key changes too, so emails that use the old key no longer find it.',
			request: 'PUT /custom_fields/{custom_field_id}',
			fields: [customFieldIdOrName, label],
			returns: record('custom_field'),
		},
	},
};

import { list, record, success } from '../../answers';
import { bulk } from '../../bulk/answer';
import { NEW_CUSTOM_FIELD, VALUE } from '../../bulk/entries';
import { asText, id, required } from '../../fields/checks';
import { customField as customFieldLocator } from '../../fields/locators';
import { inBody, inPath } from '../../fields/sent';
import type { Resource } from '../resource';

const show = { resource: ['customField'] };

export const customField: Resource = {
	name: 'Custom Field',
	value: 'customField',
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
					action: 'Create a custom field',
					description: 'Create a custom field, or get the one that already has this label',
					routing: {
						request: { method: 'POST', url: '/kit/v4/custom_fields' },
						...record('custom_field'),
					},
				},
				{
					name: 'Create Many',
					value: 'createMany',
					action: 'Create many custom fields',
					description:
						'Create custom fields, or get those that already have these labels, up to 100 items with one request',
					routing: {
						request: { method: 'POST', url: '/kit/v4/bulk/custom_fields' },
						...bulk(NEW_CUSTOM_FIELD),
					},
				},
				{
					name: 'Delete',
					value: 'delete',
					action: 'Delete a custom field',
					description: 'Delete a custom field and what every subscriber has in it',
					routing: {
						request: { method: 'DELETE', url: '/kit/v4/custom_fields/{custom_field_id}' },
						...success(),
					},
				},
				{
					name: 'Get Many',
					value: 'getAll',
					action: 'Get many custom fields',
					description: 'List the custom fields of the account',
					routing: {
						request: { method: 'GET', url: '/kit/v4/custom_fields' },
						...list('custom_fields'),
					},
				},
				{
					name: 'Set Values',
					value: 'setValues',
					action: 'Set custom field values of subscribers',
					description:
						'Put a value into a custom field of a subscriber in place of what is there, up to 100 items with one request',
					routing: {
						request: { method: 'POST', url: '/kit/v4/bulk/custom_fields/subscribers' },
						...bulk(VALUE),
					},
				},
				{
					name: 'Update',
					value: 'update',
					action: 'Update a custom field',
					description:
						'Give a custom field another label. Its key changes too, so emails that use the old key no longer find it.',
					routing: {
						request: { method: 'PUT', url: '/kit/v4/custom_fields/{custom_field_id}' },
						...record('custom_field'),
					},
				},
			],
			default: 'getAll',
		},
		inPath(
			'custom_field_id',
			customFieldLocator({ show: { ...show, operation: ['delete', 'setValues', 'update'] } }),
			id,
		),
	],
	fields: [
		inBody(
			'label',
			{
				displayName: 'Label',
				name: 'label',
				type: 'string',
				default: '',
				required: true,
				placeholder: 'e.g. Last name',
				description: 'What the custom field is to be called',
				displayOptions: { show: { ...show, operation: ['create', 'createMany', 'update'] } },
			},
			required,
		),
		inBody(
			'value',
			{
				displayName: 'Value',
				name: 'value',
				type: 'string',
				default: '',
				description: 'What to put into the custom field. Leave it empty to empty the field.',
				displayOptions: { show: { ...show, operation: ['setValues'] } },
			},
			asText,
		),
	],
};

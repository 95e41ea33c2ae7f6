import type { Field } from './field';
import type { ParseContext, Parser } from './parsers';
import { isMissing, jsonObject, list, refuse, text } from './parsers';

/** What a custom field holds is text (Kit's document). A value that is missing is not sent. */
const texts: Parser<Record<string, string>> = (value, context) => {
	const given = Object.entries(jsonObject(value, context) ?? {}).filter(
		([, one]) => !isMissing(one),
	);
	if (given.length === 0) return undefined;
	return Object.fromEntries(given.map(([key, one]) => [key, textAt(key, one, context)]));
};

function textAt(key: string, value: unknown, context: ParseContext): string {
	try {
		return text(value, context) ?? '';
	} catch {
		return refuse(`must have text in “${key}”`, value);
	}
}

const emptied: Parser<Record<string, string>> = (value, context) => {
	const keys = list(text)(value, context);
	return keys && Object.fromEntries(keys.map((key) => [key, '']));
};

/**
 * The custom fields of a subscriber, by label from the account's own or as JSON. A value left empty
 * stays as it is; what is to be emptied is said by name.
 */
export const customFields: Field[] = [
	{
		displayName: 'Custom Fields',
		name: 'customFields',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Custom Field',
		default: {},
		options: [
			{
				displayName: 'Custom Field',
				name: 'field',
				values: [
					{
						displayName: 'Field Name or ID',
						name: 'key',
						type: 'options',
						required: true,
						typeOptions: { loadOptionsMethod: 'getCustomFieldKeys' },
						default: '',
						description:
							'The custom field of the account, whose key is sent. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
					},
					{
						displayName: 'Value',
						name: 'value',
						type: 'string',
						default: '',
						description: 'What the field is to hold. Left empty, the field keeps what it holds.',
						mayBeEmpty: true,
					},
				],
			},
		],
		combine: (rows) => {
			const given = rows.filter(({ value }) => value !== undefined);
			if (given.length === 0) return undefined;
			return Object.fromEntries(given.map(({ key, value }) => [key as string, value]));
		},
		target: 'body.fields',
	},
	{
		displayName: 'Custom Fields (JSON)',
		name: 'customFieldsJson',
		type: 'json',
		default: '',
		placeholder: 'e.g. {"last_name": "Lamarr"}',
		description: 'Values by the key of the custom field, in addition to those chosen above',
		target: 'body.fields',
		parse: texts,
	},
	{
		displayName: 'Emptied Custom Field Names or IDs',
		name: 'emptiedCustomFields',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getCustomFieldKeys' },
		default: [],
		description:
			'The custom fields to take the value out of. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		target: 'body.fields',
		parse: emptied,
	},
];

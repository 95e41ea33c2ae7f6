import type { IDataObject } from 'n8n-workflow';
import { CustomFieldValues } from './customFieldValues';
import type { MapperField, Target, ValueField } from './field';
import { jsonObject, list, text } from './parsers';

const FIELD_WORDS = { singular: 'custom field', plural: 'custom fields' };

/**
 * n8n's form with a field for each custom field of the account. In a tool of an agent, of which each field
 * can be left to the model, there are no columns to map by themselves.
 * @param target where the values go
 * @param show what else the form depends on
 * @returns the form, once for workflows and once for agents
 */
export function customFields(
	target: Target = 'body.fields',
	show: Record<string, (boolean | string)[]> = {},
): MapperField[] {
	const mapper: MapperField = {
		displayName: 'Custom Fields',
		name: 'customFields',
		type: 'resourceMapper',
		default: { mappingMode: 'defineBelow', value: null },
		description:
			'What the subscriber has in the custom fields of the account. One that is left empty stays as it is.',
		target,
	};
	const form = {
		resourceMapperMethod: 'getCustomFields',
		mode: 'add',
		addAllFields: true,
		fieldWords: FIELD_WORDS,
		noFieldsError: 'This account has no custom fields yet. Create one first.',
	} as const;
	return [
		{
			...mapper,
			typeOptions: { resourceMapper: { ...form, supportAutoMap: true } },
			displayOptions: { ...(Object.keys(show).length > 0 && { show }), hide: { '@tool': [true] } },
		},
		{
			...mapper,
			typeOptions: { resourceMapper: { ...form, supportAutoMap: false } },
			displayOptions: { show: { '@tool': [true], ...show } },
		},
	];
}

/** Custom fields for expressions, which know their keys or labels only when they run. */
export const customFieldsJson: ValueField = {
	displayName: 'Custom Fields (JSON)',
	name: 'customFieldsJson',
	type: 'json',
	default: '',
	placeholder: 'e.g. {"last_name": "Lamarr"}',
	description:
		'Values by the key or the label of the custom field, in addition to those of Custom Fields',
	target: 'body.fields',
	parse: (value, context) => CustomFieldValues.of(jsonObject(value, context), context.label),
};

/** What is to be emptied is said by name, since a value left empty stays as it is. */
export const emptiedCustomFields: ValueField = {
	displayName: 'Emptied Custom Field Names or IDs',
	name: 'emptiedCustomFields',
	type: 'multiOptions',
	typeOptions: { loadOptionsMethod: 'getCustomFieldKeys' },
	default: [],
	description:
		'The custom fields to take the value out of. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
	target: 'body.fields',
	parse: (value, context) => {
		const names = list(text)(value, context);
		return names && CustomFieldValues.emptied(names, context.label);
	},
};

/**
 * Reads the form.
 * @param value what n8n gives for it, or an expression in its place: values by the names of custom fields,
 * which may be JSON
 * @param label of the field, as errors call it
 * @param input the item, whose columns may be mapped by themselves
 * @returns what is given, or undefined for nothing
 */
export function mappedValues(
	value: unknown,
	label: string,
	input: () => IDataObject,
): CustomFieldValues | undefined {
	const form = jsonObject(value, { timezone: '' });
	if (form?.mappingMode === 'autoMapInputData') return CustomFieldValues.columns(input(), label);
	const given = form && 'mappingMode' in form ? jsonObject(form.value, { timezone: '' }) : form;
	return CustomFieldValues.of(given, label);
}

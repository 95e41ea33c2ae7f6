import type { CollectionField, Field, ValueField } from './field';

/** What a list can be narrowed by. */
export function filters(...options: Field[]): CollectionField {
	return collection('Filters', 'filters', 'Add Filter', options);
}

/** What can be said besides. */
export function options(...fields: Field[]): CollectionField {
	return collection('Options', 'options', 'Add Option', fields);
}

/** Kit counts when it is asked to; its document has no total for some lists, whose options lack this. */
export const onlyCount: ValueField = {
	displayName: 'Only Count',
	name: 'onlyCount',
	type: 'boolean',
	default: false,
	description:
		'Whether to return nothing but how many there are, as total_count, which takes one request',
};

/** The order of a list. */
export function sort(...fields: ValueField[]): CollectionField {
	return collection('Sort', 'sort', 'Add Field', fields);
}

/** What something new can have beyond what it must have. */
export function additionalFields(...fields: Field[]): CollectionField {
	return collection('Additional Fields', 'additionalFields', 'Add Field', fields);
}

/** What an update changes; one that changes nothing is a mistake. */
export function updateFields(...fields: Field[]): CollectionField {
	return { ...collection('Update Fields', 'updateFields', 'Add Field', fields), atLeastOne: true };
}

function collection(
	displayName: string,
	name: string,
	placeholder: string,
	fields: Field[],
): CollectionField {
	return { displayName, name, type: 'collection', placeholder, default: {}, options: fields };
}

/**
 * Whether something is filled in field by field, or is JSON.
 * @param displayName of the choice
 * @param name of the choice
 */
export function usingFieldsOrJson(displayName: string, name: string): ValueField {
	return {
		displayName,
		name,
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Using Fields Below', value: 'fields' },
			{ name: 'Using JSON', value: 'json' },
		],
		default: 'fields',
	};
}

/** A field that can be cleared. */
interface Clearable {
	name: string;
	/** Where it stands in the body */
	place: string;
	/** What Kit takes for nothing */
	value: '' | null | [];
	description?: string;
}

/**
 * A field left empty is not sent, so clearing one on purpose is said here.
 * @param clearable the fields that can be cleared
 */
export function fieldsToClear(clearable: Clearable[]): ValueField {
	return {
		displayName: 'Fields to Empty',
		name: 'fieldsToEmpty',
		type: 'multiOptions',
		options: clearable.map(({ name, place, description }) => ({ name, value: place, description })),
		default: [],
		description: 'What to take away. A field that is just left empty stays as it is.',
		clears: Object.fromEntries(clearable.map(({ place, value }) => [place, value])),
	};
}

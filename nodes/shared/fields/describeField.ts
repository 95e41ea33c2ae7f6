import type { INodeProperties } from 'n8n-workflow';
import type { Field } from './field';

/** What only this package reads of a field. */
const OWN_KEYS = [
	'atLeastOne',
	'clears',
	'combine',
	'mayBeEmpty',
	'neverEmpty',
	'parse',
	'takesLiquid',
	'target',
];

/** @returns a field as n8n takes it */
export function describeField(field: Field): INodeProperties {
	const { options, ...shown } = Object.fromEntries(
		Object.entries(field).filter(([key]) => !OWN_KEYS.includes(key)),
	) as unknown as INodeProperties;
	if (field.type === 'collection') return { ...shown, options: field.options.map(describeField) };
	if (field.type === 'fixedCollection') {
		const [{ values, ...group }] = field.options;
		return { ...shown, options: [{ ...group, values: values.map(describeField) }] };
	}
	return options ? { ...shown, options } : shown;
}

import type { ValueField } from './field';

/**
 * The name of something new.
 * @param thing that gets it, as a person calls it
 */
export function nameField(thing: string): ValueField {
	return {
		displayName: 'Name',
		name: 'name',
		type: 'string',
		default: '',
		required: true,
		description: `What the ${thing} is to be called`,
		target: 'body.name',
	};
}

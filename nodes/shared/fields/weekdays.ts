import type { ValueField } from './field';

/** The days of the week on which emails are sent. */
export const sendDays: ValueField = {
	displayName: 'Send Days',
	name: 'sendDays',
	type: 'multiOptions',
	// From Monday to Sunday, as everybody knows them, and not in the order of the alphabet.
	options: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'].map(
		(name) => ({ name, value: name.toLowerCase() }),
	),
	default: [],
	description: 'The days of the week on which emails are sent',
	target: 'body.send_days',
};

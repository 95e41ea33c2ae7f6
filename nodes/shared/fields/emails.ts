import type { ValueField } from './field';
import { HTML_HINT, LIQUID_HINT } from './liquid';
import { email, flag } from './parsers';

/** The subject of a new email. */
export const subject: ValueField = {
	displayName: 'Subject',
	name: 'subject',
	type: 'string',
	default: '',
	required: true,
	description: 'The subject line of the email, with Liquid tags where you like',
	hint: LIQUID_HINT,
	takesLiquid: true,
	target: 'body.subject',
};

/** The HTML of a new email. */
export const content: ValueField = {
	displayName: 'Content',
	name: 'content',
	type: 'string',
	typeOptions: { editor: 'htmlEditor', rows: 6 },
	default: '',
	placeholder: 'e.g. <p>Hello {{ subscriber.first_name }}</p>',
	description: 'The HTML of the email, with Liquid tags where you like',
	hint: HTML_HINT,
	takesLiquid: true,
	target: 'body.content',
};

/** What follows the subject in an inbox. */
export const previewText: ValueField = {
	displayName: 'Preview Text',
	name: 'previewText',
	type: 'string',
	default: '',
	description: 'What inboxes show after the subject',
	hint: LIQUID_HINT,
	takesLiquid: true,
	target: 'body.preview_text',
};

/** Who an email is from. */
export const sendingEmailAddress: ValueField = {
	displayName: 'Sending Email Address',
	name: 'emailAddress',
	type: 'string',
	default: '',
	placeholder: 'e.g. hello@example.com',
	description: 'An address of the account to send from. Its default address, if left out.',
	target: 'body.email_address',
	parse: email,
};

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

/**
 * For lists whose rows come without their content.
 * @param row what one of them is, after `each`
 */
export function includeContentOfEach(row: string): ValueField {
	return {
		displayName: 'Include Content',
		name: 'includeContent',
		type: 'boolean',
		default: false,
		description: `Whether each ${row} comes with its content, which makes the output larger`,
		target: 'query.include_content',
	};
}

/** For sequences and their emails. */
export const includeStats: ValueField = {
	displayName: 'Include Stats',
	name: 'includeStats',
	type: 'boolean',
	default: false,
	description: 'Whether each one comes with how often it was sent, opened and clicked',
	target: 'query.include',
	parse: flag('stats'),
};

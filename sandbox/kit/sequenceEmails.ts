import {
	booleanIn,
	given,
	numberIn,
	optionalText,
	requiredText,
	templateIn,
	weekdaysIn,
} from './fields';
import { page } from './pages';
import { answer, choiceIn, EMPTY, idIn, includesOf, invalid, isSet, notFound } from './route';
import type { Answer, Call, Route } from './route';
import { sequenceIn } from './sequences';
import { sequenceEmailStats } from './sequenceStats';
import { byId, removeId, WEEKDAYS } from './state';
import type { Account, Sequence, SequenceEmail, SequenceEmailSettings } from './state';

function emailRow({ profile }: Account, sequence: Sequence, email: SequenceEmail) {
	return {
		id: email.id,
		sequence_id: sequence.id,
		subject: email.subject,
		preview_text: email.previewText,
		email_address: sequence.emailAddress ?? profile.emailAddress,
		email_template_id: email.templateId,
		published: email.published,
		position: email.position,
		delay_value: email.delayValue,
		delay_unit: email.delayUnit,
		send_days: email.sendDays ?? (email.delayUnit === 'hours' ? null : WEEKDAYS),
	};
}

function wholeRow(account: Account, sequence: Sequence, email: SequenceEmail) {
	return { ...emailRow(account, sequence, email), content: email.content };
}

/** Makes the `stats` of an email, where they are asked for. */
function statsFor(call: Call, sequence: Sequence): (email: SequenceEmail) => object {
	if (!includesOf(call).includes('stats')) return () => ({});
	const stats = sequenceEmailStats(call.account, sequence);
	return (email) => ({ stats: stats(email) });
}

function positionIn(value: unknown): number | undefined {
	const position = numberIn(value, 'position');
	if (position !== undefined && (!Number.isInteger(position) || position < 0)) {
		throw invalid('position must be a non-negative integer');
	}
	return position;
}

/** What was sent of an email; Kit's sentence where it is no good. */
function settingsIn(account: Account, body: Call['body']): Partial<SequenceEmailSettings> {
	const template = body.email_template_id;
	return given({
		subject: body.subject === undefined ? undefined : requiredText(body.subject, 'subject'),
		previewText: optionalText(body.preview_text),
		content: optionalText(body.content) ?? undefined,
		delayValue: numberIn(body.delay_value, 'delay_value'),
		delayUnit: choiceIn(body.delay_unit, 'delay_unit', ['days', 'hours']),
		templateId: template === null ? null : templateIn(account, template)?.id,
		published: booleanIn(body.published, 'published'),
		sendDays: body.send_days === null ? null : weekdaysIn(body.send_days),
		position: positionIn(body.position),
	});
}

/**
 * Checks an email as it would be.
 * @param others the other emails of its sequence
 */
function check(email: SequenceEmailSettings, others: readonly SequenceEmail[]): void {
	if (!Number.isInteger(email.delayValue) || email.delayValue < 0) {
		throw invalid('delay_value must be a non-negative integer');
	}
	const isFirst = others.every(({ position }) => position > email.position);
	if (email.delayValue === 0 && !(isFirst && email.delayUnit === 'days')) {
		throw invalid('delay_value must be greater than 0');
	}
	if (others.some(({ position }) => position === email.position)) {
		throw invalid(`position ${String(email.position)} is already taken in this sequence`);
	}
}

function emailIn(call: Call, sequence: Sequence): SequenceEmail {
	const email = byId(sequence.emails, idIn(call));
	if (email === undefined) throw notFound();
	return email;
}

function listEmails(call: Call): Answer {
	const { account, query } = call;
	const sequence = sequenceIn(call, 'sequence_id');
	const stats = statsFor(call, sequence);
	const { rows, pagination } = page(
		{
			rows: [...sequence.emails].sort((a, b) => a.position - b.position),
			key: ({ position, id }: SequenceEmail) => [position, id],
			order: 'asc',
		},
		query,
	);
	const row = (email: SequenceEmail) => ({
		...emailRow(account, sequence, email),
		...(isSet(query.include_content) && { content: email.content }),
		...stats(email),
	});
	return answer({ emails: rows.map(row), pagination });
}

function create(call: Call): Answer {
	const { account, body } = call;
	const sequence = sequenceIn(call, 'sequence_id');
	requiredText(body.subject, 'subject');
	requiredText(body.delay_value, 'delay_value');
	requiredText(body.delay_unit, 'delay_unit');
	const email: SequenceEmailSettings = {
		subject: '',
		previewText: null,
		content: null,
		delayValue: 0,
		delayUnit: 'days',
		templateId: null,
		published: false,
		sendDays: null,
		position: Math.max(-1, ...sequence.emails.map(({ position }) => position)) + 1,
		...settingsIn(account, body),
	};
	check(email, sequence.emails);
	const created = account.addSequenceEmail(sequence, email);
	return answer({ email: wholeRow(account, sequence, created) }, 201);
}

function get(call: Call): Answer {
	const sequence = sequenceIn(call, 'sequence_id');
	const email = emailIn(call, sequence);
	const row = wholeRow(call.account, sequence, email);
	return answer({ email: { ...row, ...statsFor(call, sequence)(email) } });
}

function update(call: Call): Answer {
	const { account, body } = call;
	const sequence = sequenceIn(call, 'sequence_id');
	const email = emailIn(call, sequence);
	const changed = { ...email, ...settingsIn(account, body) };
	check(
		changed,
		sequence.emails.filter((other) => other !== email),
	);
	Object.assign(email, changed);
	return answer({ email: wholeRow(account, sequence, email) });
}

function remove(call: Call): Answer {
	const sequence = sequenceIn(call, 'sequence_id');
	removeId(sequence.emails, emailIn(call, sequence).id);
	return EMPTY;
}

const PATH = '/sequences/:sequence_id/emails';

/** Kit's endpoints for the emails of a sequence. */
export const sequenceEmailRoutes: readonly Route[] = [
	{ method: 'GET', path: PATH, handle: listEmails },
	{ method: 'POST', path: PATH, handle: create },
	{ method: 'GET', path: `${PATH}/:id`, handle: get },
	{ method: 'PUT', path: `${PATH}/:id`, handle: update },
	{ method: 'DELETE', path: `${PATH}/:id`, handle: remove },
];

import type { Account } from './account';
import { SENT_STATS, templateOf } from './broadcasts';
import { iso } from './dates';
import { all, deletion, listed, one } from './pages';
import { answer, EMPTY, existing, includes, invalid } from './route';
import type { Answer, Call, Operations } from './route';
import { without } from './rows';

/** The days on which a sequence can send. */
export const WEEKDAYS: readonly string[] = [
	'monday',
	'tuesday',
	'wednesday',
	'thursday',
	'friday',
	'saturday',
	'sunday',
];

/** Kit documents no keys for these stats; they are those of a broadcast that apply. */
const STATS = {
	...SENT_STATS,
	open_tracking_disabled: false,
	click_tracking_disabled: false,
};

const statsFor = (call: Call) => includes(call, 'stats') && { stats: STATS };

/** A sequence of which nothing is said. The hour is that of Kit's examples. */
function blankSequence(account: Account) {
	const fresh = account.fresh({});
	return {
		...fresh,
		updated_at: fresh.created_at,
		name: '',
		/** Null for the account's own. */
		email_address: account.emailAddress as string | null,
		email_template_id: null as number | null,
		send_days: WEEKDAYS,
		send_hour: 11,
		time_zone: account.profile.timeZone,
		active: true,
		repeat: false,
		hold: false,
		exclude_subscriber_sources: [] as readonly { readonly type: string }[],
	};
}

/** Emails that follow each other. */
export type Sequence = ReturnType<typeof blankSequence>;

/** An email of which nothing is said. */
function blankEmail(account: Account, sequence: Sequence, position: number) {
	return {
		id: account.nextId(),
		sequence_id: sequence.id,
		subject: '',
		preview_text: null as string | null,
		email_address: sequence.email_address ?? account.emailAddress,
		email_template_id: null as number | null,
		published: false,
		/** No two of a sequence share it. */
		position,
		delay_value: 1,
		delay_unit: 'days' as 'days' | 'hours',
		send_days: WEEKDAYS,
		content: null as string | null,
	};
}

/** One email of a sequence. */
export type SequenceEmail = ReturnType<typeof blankEmail>;

/** The emails of a sequence, ascending by id, not by position. */
function emailsOf({ sequenceEmails }: Account, { id }: Sequence): SequenceEmail[] {
	return sequenceEmails.filter((email) => email.sequence_id === id);
}

/** A sequence as Kit answers it. */
export function sequenceRow(account: Account, sequence: Sequence) {
	const email_count = emailsOf(account, sequence).length;
	return { ...sequence, email_count, subscriber_count: account.countActive(sequence) };
}

/** What was sent, with days in the order of the week; Kit's sentence where the template is no good. */
function checked<T extends SentEmail | Partial<Sequence>>(account: Account, sent: T): T {
	const { email_template_id: template, send_days: days } = sent;
	if (typeof template === 'number') templateOf(account, template);
	if (days?.length === 0) throw invalid("Send days can't be blank");
	return { ...sent, ...(days && { send_days: WEEKDAYS.filter((day) => days.includes(day)) }) };
}

/** Settings as they were sent, the excluded sources by their type. */
function settingsOf(account: Account, sent: Partial<Sequence>): Partial<Sequence> {
	const { exclude_subscriber_sources: sources } = sent;
	const sorted = sources && [...sources].sort((a, b) => a.type.localeCompare(b.type));
	return { ...checked(account, sent), ...(sorted && { exclude_subscriber_sources: sorted }) };
}

/** Adds a sequence without emails and without anyone in it. */
export function addSequence(account: Account, sent: Partial<Sequence>): Sequence {
	if (sent.name === undefined) throw invalid("Name can't be blank");
	return account.add('sequences', { ...blankSequence(account), ...settingsOf(account, sent) });
}

/** It is published or disabled by its `active` (a guess). */
function update({ account, ids, body }: Call<Partial<Sequence>>): Answer {
	const sequence = existing(account.sequences, ids.id);
	const { active } = sequence;
	Object.assign(sequence, settingsOf(account, body), { updated_at: iso(account.now()) });
	if (sequence.active !== active) {
		account.raise({ type: active ? 'sequence.disabled' : 'sequence.published', sequence });
	}
	return answer({ sequence: sequenceRow(account, sequence) });
}

const sequenceIn = ({ account, ids }: Call) => existing(account.sequences, ids.sequence_id);

type SentEmail = Partial<Omit<SequenceEmail, 'id' | 'position' | 'send_days'>> & {
	position?: number | null;
	/** Null for every day. */
	send_days?: readonly string[] | null;
};

/** An email as it is with what was sent, if it fits among the others; null leaves content and place as they are. */
function withSent(account: Account, email: SequenceEmail, sent: SentEmail): SequenceEmail {
	const { send_days: days = email.send_days, ...rest } = checked(account, sent);
	const position = sent.position ?? email.position;
	const content = sent.content ?? email.content;
	const changed = { ...email, ...rest, send_days: days ?? WEEKDAYS, position, content };
	const others = account.sequenceEmails.filter(
		(other) => other.sequence_id === email.sequence_id && other.id !== email.id,
	);
	const isFirst = others.every((other) => other.position > position);
	if (changed.delay_value === 0 && !(isFirst && changed.delay_unit === 'days')) {
		throw invalid('delay_value must be greater than 0');
	}
	if (others.some((other) => other.position === position)) {
		throw invalid(`position ${String(position)} is already taken in this sequence`);
	}
	return changed;
}

/** Adds an email to a sequence, at the end where no position is given; Kit's sentence where that is taken. */
export function addEmail(account: Account, sequence: Sequence, sent: SentEmail): SequenceEmail {
	const positions = emailsOf(account, sequence).map(({ position }) => position);
	const blank = blankEmail(account, sequence, Math.max(-1, ...positions) + 1);
	return account.add('sequenceEmails', withSent(account, blank, sent));
}

const emailIn = (call: Call) => existing(emailsOf(call.account, sequenceIn(call)), call.ids.id);

function listEmails(call: Call<object, { include_content?: boolean }>): Answer {
	const emails = emailsOf(call.account, sequenceIn(call));
	const rows = emails.sort((a, b) => a.position - b.position);
	const key = ({ position, id }: SequenceEmail) => [position, id];
	return listed(call, 'emails', { rows, key, order: 'asc' }, (email) => ({
		...(call.query.include_content === true ? email : without(email, 'content')),
		...statsFor(call),
	}));
}

const EMAILS = '/sequences/{sequence_id}/emails';

const rowWithStats = (sequence: Sequence, call: Call) => ({
	...sequenceRow(call.account, sequence),
	...statsFor(call),
});

/** Kit's endpoints for sequences and their emails. */
export const sequenceOperations: Operations = {
	'GET /sequences': all('sequences', rowWithStats),
	'POST /sequences': ({ account, body }: Call<Partial<Sequence>>) =>
		answer({ sequence: sequenceRow(account, addSequence(account, body)) }, 201),
	'GET /sequences/{id}': one('sequences', rowWithStats),
	'PUT /sequences/{id}': update,
	'DELETE /sequences/{id}': deletion('sequences'),
	[`GET ${EMAILS}`]: listEmails,
	[`POST ${EMAILS}`]: (call: Call<SentEmail>) =>
		answer({ email: addEmail(call.account, sequenceIn(call), call.body) }, 201),
	[`GET ${EMAILS}/{id}`]: (call: Call) =>
		answer({ email: { ...emailIn(call), ...statsFor(call) } }),
	[`PUT ${EMAILS}/{id}`]: (call: Call<SentEmail>) => {
		const email = emailIn(call);
		return answer({ email: Object.assign(email, withSent(call.account, email, call.body)) });
	},
	[`DELETE ${EMAILS}/{id}`]: (call: Call) => {
		call.account.remove('sequenceEmails', emailIn(call));
		return EMPTY;
	},
};

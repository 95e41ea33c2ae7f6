import type { Account } from './account';
import { listed, listOfAll } from './pages';
import { answer, EMPTY, existing, includes, invalid } from './route';
import type { Answer, Call, Operations } from './route';
import { byId, remove, without } from './rows';
import type { EmailTemplate, Sequence } from './rows';

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

/** The hour at which a sequence sends where none is chosen, as in Kit's examples. */
const DEFAULT_HOUR = 11;

type SentEmail = Partial<Omit<SequenceEmail, 'id' | 'position' | 'send_days'>> & {
	position?: number | null;
	/** Null for every day. */
	send_days?: readonly string[] | null;
};

/**
 * Kit documents no keys for these stats; they are those of a broadcast that apply, and the same figures
 * everywhere.
 */
const STATS = {
	recipients: 96,
	open_rate: 55.21,
	emails_opened: 53,
	click_rate: 18.75,
	unsubscribe_rate: 1.04,
	unsubscribes: 1,
	total_clicks: 18,
	open_tracking_disabled: false,
	click_tracking_disabled: false,
};

const statsFor = (call: Call) => includes(call, 'stats') && { stats: STATS };

/** The email template that something is made with. For a "Starting point" Kit wants to be asked. */
export function templateOf(
	{ emailTemplates }: Account,
	id: number,
	allowStartingPoint = false,
): EmailTemplate {
	const template = byId(emailTemplates, id);
	if (template === undefined) throw invalid('Email template not found');
	if (template.category === 'Starting point' && !allowStartingPoint) {
		throw invalid('Starting point templates are not currently supported');
	}
	return template;
}

/** A sequence as Kit answers it. */
export function sequenceRow(sequence: Sequence) {
	const { emails, members } = sequence;
	const row = without(sequence, 'emails', 'members');
	return { ...row, email_count: emails.length, subscriber_count: members.activeCount };
}

const inOrder = (days: readonly string[]) => WEEKDAYS.filter((day) => days.includes(day));

/** What was sent, with days in the order of the week; Kit's sentence where the template is no good. */
function checked<
	T extends { email_template_id?: number | null; send_days?: readonly string[] | null },
>(account: Account, sent: T): T {
	const { email_template_id: template, send_days: days, ...rest } = sent;
	if (typeof template === 'number') templateOf(account, template);
	if (days?.length === 0) throw invalid("Send days can't be blank");
	return { ...(rest as T), ...sent, ...(days && { send_days: inOrder(days) }) };
}

/** A sequence of which nothing but its name is said. */
export function blankSequence({ profile }: Account, name: string) {
	return {
		name,
		/** Null for the account's own. */
		email_address: profile.emailAddress as string | null,
		email_template_id: null as number | null,
		send_days: WEEKDAYS,
		send_hour: DEFAULT_HOUR,
		time_zone: profile.timeZone,
		active: true,
		repeat: false,
		hold: false,
		exclude_subscriber_sources: [] as readonly { readonly type: string }[],
	};
}

/** What the author of a sequence decides. */
export type SequenceSettings = ReturnType<typeof blankSequence>;

/** Settings as they were sent, the excluded sources by their type. */
function settingsOf({ account, body }: Call<Partial<SequenceSettings>>): Partial<SequenceSettings> {
	const { exclude_subscriber_sources: sources } = body;
	const sorted = sources && [...sources].sort((a, b) => a.type.localeCompare(b.type));
	return { ...checked(account, body), ...(sorted && { exclude_subscriber_sources: sorted }) };
}

function create(call: Call<Partial<SequenceSettings>>): Answer {
	const { account, body } = call;
	if (body.name === undefined) throw invalid("Name can't be blank");
	const settings = { ...blankSequence(account, body.name), ...settingsOf(call) };
	return answer({ sequence: sequenceRow(account.addSequence(settings)) }, 201);
}

function update(call: Call<Partial<SequenceSettings>>): Answer {
	const sequence = existing(call.account.sequences, call.ids.id);
	call.account.updateSequence(sequence, settingsOf(call));
	return answer({ sequence: sequenceRow(sequence) });
}

const sequenceIn = ({ account, ids }: Call) => existing(account.sequences, ids.sequence_id);

/** Refuses an email that does not fit among the others of its sequence. */
function checkPlace(email: SequenceEmail, others: readonly SequenceEmail[]): void {
	const isFirst = others.every(({ position }) => position > email.position);
	if (email.delay_value === 0 && !(isFirst && email.delay_unit === 'days')) {
		throw invalid('delay_value must be greater than 0');
	}
	if (others.some(({ position }) => position === email.position)) {
		throw invalid(`position ${String(email.position)} is already taken in this sequence`);
	}
}

/** An email as it is with what was sent; null leaves content and place as they are. */
function withSent(account: Account, email: SequenceEmail, sent: SentEmail): SequenceEmail {
	const { position, content, send_days: days = email.send_days, ...rest } = checked(account, sent);
	return {
		...email,
		...rest,
		send_days: days ?? WEEKDAYS,
		position: position ?? email.position,
		content: content ?? email.content,
	};
}

/** An email of which nothing is said; no two of a sequence share a position. */
function blankEmail(account: Account, sequence: Sequence, position: number) {
	return {
		id: account.nextId(),
		sequence_id: sequence.id,
		subject: '',
		preview_text: null as string | null,
		email_address: sequence.email_address ?? account.profile.emailAddress,
		email_template_id: null as number | null,
		published: false,
		position,
		delay_value: 1,
		delay_unit: 'days' as 'days' | 'hours',
		send_days: WEEKDAYS,
		content: null as string | null,
	};
}

/** One email of a sequence. */
export type SequenceEmail = ReturnType<typeof blankEmail>;

/** Adds an email to a sequence, at the end where no position is given; Kit's sentence where that is taken. */
export function addEmail(account: Account, sequence: Sequence, sent: SentEmail): SequenceEmail {
	const end = Math.max(-1, ...sequence.emails.map(({ position }) => position)) + 1;
	const email = withSent(account, blankEmail(account, sequence, end), sent);
	checkPlace(email, sequence.emails);
	sequence.emails.push(email);
	return email;
}

function updateEmail(call: Call<SentEmail>): Answer {
	const { emails } = sequenceIn(call);
	const email = existing(emails, call.ids.id);
	const changed = withSent(call.account, email, call.body);
	checkPlace(
		changed,
		emails.filter((other) => other !== email),
	);
	return answer({ email: Object.assign(email, changed) });
}

function listEmails(call: Call<object, { include_content?: boolean }>): Answer {
	const rows = [...sequenceIn(call).emails].sort((a, b) => a.position - b.position);
	const key = ({ position, id }: SequenceEmail) => [position, id];
	return listed(call, 'emails', { rows, key, order: 'asc' }, (email) => ({
		...(call.query.include_content === true ? email : without(email, 'content')),
		...statsFor(call),
	}));
}

const EMAILS = '/sequences/{sequence_id}/emails';

/** Kit's endpoints for sequences and their emails. */
export const sequenceOperations: Operations = {
	'GET /sequences': listOfAll(
		'sequences',
		({ sequences }) => sequences,
		(sequence, call) => ({ ...sequenceRow(sequence), ...statsFor(call) }),
	),
	'POST /sequences': create,
	'GET /sequences/{id}': (call: Call) => {
		const sequence = existing(call.account.sequences, call.ids.id);
		return answer({ sequence: { ...sequenceRow(sequence), ...statsFor(call) } });
	},
	'PUT /sequences/{id}': update,
	'DELETE /sequences/{id}': ({ account, ids }: Call) => {
		account.removeSequence(existing(account.sequences, ids.id));
		return EMPTY;
	},
	[`GET ${EMAILS}`]: listEmails,
	[`POST ${EMAILS}`]: (call: Call<SentEmail>) =>
		answer({ email: addEmail(call.account, sequenceIn(call), call.body) }, 201),
	[`GET ${EMAILS}/{id}`]: (call: Call) => {
		const email = existing(sequenceIn(call).emails, call.ids.id);
		return answer({ email: { ...email, ...statsFor(call) } });
	},
	[`PUT ${EMAILS}/{id}`]: updateEmail,
	[`DELETE ${EMAILS}/{id}`]: (call: Call) => {
		const { emails } = sequenceIn(call);
		remove(emails, existing(emails, call.ids.id));
		return EMPTY;
	},
};

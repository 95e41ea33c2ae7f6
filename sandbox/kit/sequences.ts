import { iso } from './dates';
import { booleanIn, given, isTimeZone, requiredText, templateIn, weekdaysIn } from './fields';
import { page } from './pages';
import {
	answer,
	arrayOf,
	choiceIn,
	EMPTY,
	idIn,
	includesOf,
	invalid,
	notFound,
	objectOf,
	textOf,
} from './route';
import type { Answer, Call, Route } from './route';
import { sequenceStats } from './sequenceStats';
import { byId, WEEKDAYS } from './state';
import type { Account, ExcludedSource, Sequence, SequenceSettings } from './state';
import { addressIn } from './subscribers';

/** The hour at which a sequence sends where none is chosen, as in Kit's examples. */
const DEFAULT_HOUR = 11;

/** A sequence as Kit answers it. */
export function sequenceRow(sequence: Sequence) {
	return {
		id: sequence.id,
		name: sequence.name,
		hold: sequence.hold,
		repeat: sequence.repeat,
		created_at: iso(sequence.createdAt),
		updated_at: iso(sequence.updatedAt),
		email_address: sequence.emailAddress,
		email_template_id: sequence.templateId,
		send_days: sequence.sendDays,
		send_hour: sequence.sendHour,
		time_zone: sequence.timeZone,
		active: sequence.active,
		exclude_subscriber_sources: sequence.excluded,
		email_count: sequence.emails.length,
		subscriber_count: sequence.members.activeCount,
	};
}

/** A sequence, with `stats` where they are asked for. */
function readRow(call: Call, sequence: Sequence) {
	const withStats = includesOf(call).includes('stats');
	return {
		...sequenceRow(sequence),
		...(withStats && { stats: sequenceStats(call.account, sequence) }),
	};
}

function excludedIn(value: unknown): ExcludedSource[] | undefined {
	if (value === undefined) return undefined;
	const accepted = ['tag', 'sequence', 'form', 'segment'] as const;
	const sources = (arrayOf(value) ?? []).map((one) => {
		const { type, ids } = objectOf(one);
		const wanted = arrayOf(ids)?.map(Number);
		if (wanted?.every(Number.isInteger) !== true) {
			throw invalid('exclude_subscriber_sources ids must be an array of integers');
		}
		const name = 'exclude_subscriber_sources type';
		return { type: choiceIn(requiredText(type, name), name, accepted) ?? '', ids: wanted };
	});
	return sources.sort((a, b) => a.type.localeCompare(b.type));
}

function hourIn(value: unknown): number | undefined {
	if (value === undefined) return undefined;
	const hour = Number(textOf(value) ?? NaN);
	if (!Number.isInteger(hour) || hour < 0 || hour > 23) {
		throw invalid('send_hour must be an integer between 0 and 23');
	}
	return hour;
}

function zoneIn(value: unknown): string | undefined {
	const zone = textOf(value);
	if (zone !== undefined && !isTimeZone(zone)) {
		throw invalid('time_zone must be a valid IANA timezone');
	}
	return zone;
}

/** What was sent of a sequence; Kit's sentence where it is no good. */
function settingsIn(account: Account, body: Call['body']): Partial<SequenceSettings> {
	const { email_address: address, email_template_id: template } = body;
	return given({
		name: body.name === undefined ? undefined : requiredText(body.name, 'name'),
		emailAddress: address === undefined || address === null ? address : addressIn(address),
		templateId: template === null ? null : templateIn(account, template)?.id,
		sendDays: weekdaysIn(body.send_days),
		sendHour: hourIn(body.send_hour),
		timeZone: zoneIn(body.time_zone),
		active: booleanIn(body.active, 'active'),
		repeat: booleanIn(body.repeat, 'repeat'),
		hold: booleanIn(body.hold, 'hold'),
		excluded: excludedIn(body.exclude_subscriber_sources),
	});
}

/**
 * The sequence that a path names; Kit's 404 where there is none.
 * @param parameter which part of the path
 */
export function sequenceIn(call: Call, parameter = 'id'): Sequence {
	const sequence = byId(call.account.sequences, idIn(call, parameter));
	if (sequence === undefined) throw notFound();
	return sequence;
}

function listSequences(call: Call): Answer {
	const list = { rows: call.account.sequences, key: ({ id }: Sequence) => [id] };
	const { rows, pagination } = page(list, call.query);
	return answer({ sequences: rows.map((row) => readRow(call, row)), pagination });
}

function create({ account, body }: Call): Answer {
	const name = requiredText(body.name, 'name');
	const { emailAddress, timeZone } = account.profile;
	const sequence = account.addSequence({
		name,
		emailAddress,
		templateId: null,
		sendDays: WEEKDAYS,
		sendHour: DEFAULT_HOUR,
		timeZone,
		active: true,
		repeat: false,
		hold: false,
		excluded: [],
		...settingsIn(account, body),
	});
	return answer({ sequence: sequenceRow(sequence) }, 201);
}

function get(call: Call): Answer {
	return answer({ sequence: readRow(call, sequenceIn(call)) });
}

function update(call: Call): Answer {
	const sequence = sequenceIn(call);
	call.account.updateSequence(sequence, settingsIn(call.account, call.body));
	return answer({ sequence: sequenceRow(sequence) });
}

function remove(call: Call): Answer {
	call.account.removeSequence(sequenceIn(call));
	return EMPTY;
}

/** Kit's endpoints for sequences, but for their emails and subscribers. */
export const sequenceRoutes: readonly Route[] = [
	{ method: 'GET', path: '/sequences', handle: listSequences },
	{ method: 'POST', path: '/sequences', handle: create },
	{ method: 'GET', path: '/sequences/:id', handle: get },
	{ method: 'PUT', path: '/sequences/:id', handle: update },
	{ method: 'DELETE', path: '/sequences/:id', handle: remove },
];

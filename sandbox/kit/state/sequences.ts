import type { Members } from './members';

/** The days on which a sequence can send. */
export const WEEKDAYS = [
	'monday',
	'tuesday',
	'wednesday',
	'thursday',
	'friday',
	'saturday',
	'sunday',
] as const;

/** One of the days on which a sequence can send. */
export type Weekday = (typeof WEEKDAYS)[number];

/** Whom a sequence leaves out, in the words of Kit. */
export interface ExcludedSource {
	readonly type: string;
	readonly ids: readonly number[];
}

/** What the author of a sequence decides. */
export interface SequenceSettings {
	name: string;
	/** Null for the account's own. */
	emailAddress: string | null;
	templateId: number | null;
	sendDays: readonly Weekday[];
	sendHour: number;
	timeZone: string;
	active: boolean;
	repeat: boolean;
	hold: boolean;
	excluded: readonly ExcludedSource[];
}

/** Emails that follow each other, with who is in it. */
export interface Sequence extends SequenceSettings {
	readonly id: number;
	readonly createdAt: number;
	updatedAt: number;
	/** Ascending by id, not by position. */
	readonly emails: SequenceEmail[];
	readonly members: Members;
}

/** What the author of one email of a sequence decides. */
export interface SequenceEmailSettings {
	subject: string;
	previewText: string | null;
	content: string | null;
	delayValue: number;
	delayUnit: 'days' | 'hours';
	templateId: number | null;
	published: boolean;
	/** Null for every day, or where the delay is in hours; Kit accepts days with hours too. */
	sendDays: readonly Weekday[] | null;
	/** From 0; no two emails of a sequence share one. */
	position: number;
}

/** One email of a sequence. */
export interface SequenceEmail extends SequenceEmailSettings {
	readonly id: number;
}

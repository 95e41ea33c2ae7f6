import { invalid, isSet, textOf } from './route';
import { byId } from './state';
import type { Account, EmailTemplate, Weekday } from './state';
import { WEEKDAYS } from './state';

/**
 * Only what was sent of a change, so that the rest stays as it is.
 * @param change undefined for what was not sent
 */
export function given<T extends object>(change: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
	const sent = Object.entries(change).filter(([, value]) => value !== undefined);
	return Object.fromEntries(sent) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** A text that may be emptied: null where null is sent, undefined where nothing is. */
export function optionalText(value: unknown): string | null | undefined {
	return value === null ? null : textOf(value);
}

/**
 * Reads a text that must not be empty.
 * @param value as it arrived
 * @param name what the sentence calls it
 */
export function requiredText(value: unknown, name: string): string {
	const text = (textOf(value) ?? '').trim();
	if (text === '') throw invalid(`${name} can't be blank`);
	return text;
}

/** Reads true or false; undefined where nothing or null is sent. */
export function booleanIn(value: unknown, name: string): boolean | undefined {
	const text = textOf(value);
	if (text === undefined) return undefined;
	if (!['true', 'false', '1', '0'].includes(text)) throw invalid(`${name} must be true or false`);
	return isSet(value);
}

/** Reads a number; undefined where nothing or null is sent. */
export function numberIn(value: unknown, name: string): number | undefined {
	const text = textOf(value);
	if (text === undefined) return undefined;
	const number = Number(text);
	if (text.trim() === '' || !Number.isFinite(number)) throw invalid(`${name} is not a number`);
	return number;
}

/**
 * Reads a moment in ISO 8601, in UTC where it names no time zone, as Kit documents it.
 * @param value as it arrived
 * @param name what the sentence calls it
 * @returns milliseconds since 1970; null where null is sent, undefined where nothing is
 */
export function momentIn(value: unknown, name: string): number | null | undefined {
	if (value === null) return null;
	const text = textOf(value);
	if (text === undefined) return undefined;
	const hasZone = !text.includes('T') || /(Z|[+-]\d{2}:?\d{2})$/i.test(text);
	const moment = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(hasZone ? text : `${text}Z`) : NaN;
	if (Number.isNaN(moment)) throw invalid(`${name} is not a valid date`);
	return moment;
}

/**
 * Reads the id of an email template.
 * @param allowStartingPoint whether it may be a "Starting point", for which Kit wants to be asked
 * @returns the template; null where null is sent, undefined where nothing is
 */
export function templateIn(
	account: Account,
	value: unknown,
	allowStartingPoint = false,
): EmailTemplate | null | undefined {
	if (value === null || value === undefined) return value;
	const template = byId(account.emailTemplates, Number(textOf(value) ?? NaN));
	if (template === undefined) throw invalid('Email template not found');
	if (template.category === 'Starting point' && !allowStartingPoint) {
		throw invalid('Starting point templates are not currently supported');
	}
	return template;
}

/** Reads days of the week, in the order of the week; undefined where nothing is sent. */
export function weekdaysIn(value: unknown): Weekday[] | undefined {
	if (value === undefined) return undefined;
	const days: unknown[] = Array.isArray(value) ? value : [value];
	const isDay = (day: unknown) => WEEKDAYS.some((known) => known === day);
	if (days.length === 0 || !days.every(isDay)) {
		throw invalid(`send_days must be one of: ${WEEKDAYS.join(', ')}`);
	}
	return WEEKDAYS.filter((day) => days.includes(day));
}

/** Whether a text names a time zone of the IANA. */
export function isTimeZone(name: string): boolean {
	try {
		return new Intl.DateTimeFormat('en-US', { timeZone: name }).format(0) !== '';
	} catch {
		return false;
	}
}

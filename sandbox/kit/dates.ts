import { invalid, textOf } from './route';

/** The milliseconds of a day. */
export const DAY = 86_400_000;

/**
 * Writes a moment the way Kit's examples do: ISO 8601, UTC, whole seconds.
 * @param moment milliseconds since 1970
 */
export function iso(moment: number): string {
	return `${new Date(moment).toISOString().slice(0, 19)}Z`;
}

/** Like `iso`, for a moment that may not have come. */
export function isoOrNull(moment: number | null): string | null {
	return moment === null ? null : iso(moment);
}

/**
 * Reads a date filter. Kit documents `yyyy-mm-dd` and shows full ISO timestamps as examples, so both
 * are read; a date alone is its first moment in UTC.
 * @param value as it arrived
 * @param name the parameter's name, for the sentence
 * @returns milliseconds since 1970, or undefined where none was sent
 */
export function dateIn(value: unknown, name: string): number | undefined {
	const text = textOf(value);
	if (text === undefined || text === '') return undefined;
	const moment = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : NaN;
	if (Number.isNaN(moment)) throw invalid(`${name} is not a valid date. Use YYYY-MM-DD.`);
	return moment;
}

/**
 * A pair of filters as one test: strictly after the one and strictly before the other.
 * @param values the query or body
 * @param name what the filters begin with, e.g. `created` for `created_after` and `created_before`
 * @returns the test, or undefined where neither was sent
 */
export function between(
	values: Readonly<Record<string, unknown>>,
	name: string,
): ((moment: number) => boolean) | undefined {
	const after = dateIn(values[`${name}_after`], `${name}_after`);
	const before = dateIn(values[`${name}_before`], `${name}_before`);
	if (after === undefined && before === undefined) return undefined;
	return (moment) =>
		(after === undefined || moment > after) && (before === undefined || moment < before);
}

/**
 * How far a time zone is from UTC.
 * @param zone an IANA time zone
 * @param moment when, since summer time moves it
 * @returns such as `-05:00`
 */
export function offsetOf(zone: string, moment: number): string {
	const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
	const name = parts.formatToParts(moment).find(({ type }) => type === 'timeZoneName')?.value ?? '';
	return name.replace('GMT', '') || '+00:00';
}

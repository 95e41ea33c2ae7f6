import { UserError } from 'n8n-workflow';
import { inTimeZone, isTimeZone } from './timeZone';

/**
 * Turns what a person entered into what Kit takes.
 * @param value the field's value, expressions resolved
 * @param timeZone the workflow's, for moments without one of their own
 * @returns what to send, or undefined to send nothing
 * @throws {UserError} whose message goes on after the field's name: `must be ...`
 */
export type Check = (value: unknown, timeZone?: string) => unknown;

/** @returns a value as a person would write it; nothing for what is missing */
export function asText(value: unknown): string {
	if (value === undefined || value === null) return '';
	return typeof value === 'string' ? value.trim() : JSON.stringify(value);
}

function refuse(needed: string, value: unknown): never {
	const given = asText(value);
	throw new UserError(given === '' ? `${needed}, and is empty` : `${needed}, not “${given}”`);
}

function isEmpty(value: unknown): boolean {
	return asText(value) === '';
}

/** Whatever is entered; nothing where the field is left empty. */
export const optional: Check = (value) => (isEmpty(value) ? undefined : value);

/** Text that has to be there. */
export const required: Check = (value) =>
	isEmpty(value) ? refuse('must be filled in', '') : value;

/** Kit's ids are whole numbers of up to 10 digits (Kit's documentation). */
export const id: Check = (value) =>
	isId(value) ? Number(value) : refuse('must be an ID of digits', value);

function isId(value: unknown): boolean {
	return /^[1-9]\d{0,14}$/.test(asText(value));
}

/** The ids of Maton's connections are UUIDs (Maton's documentation). */
export const uuid: Check = (value) =>
	/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(asText(value))
		? asText(value)
		: refuse('must be an ID such as 3f6c1a52-8d0b-4a7e-9c1f-2b5d7e8a9c10', value);

/** An email address, as far as it can be told without asking Kit. */
export const email: Check = (value) =>
	isEmail(asText(value)) ? asText(value) : refuse('must be an email address', value);

/**
 * @param check what a value has to be
 * @returns the same for a field that may be left empty: then nothing is sent
 */
export function ifGiven(check: Check): Check {
	return (value, timeZone) => (isEmpty(value) ? undefined : check(value, timeZone));
}

/** @returns whether a text has the form of an email address */
export function isEmail(text: string): boolean {
	return /^[^\s@]+@[^\s@]+$/.test(text);
}

/** What names a subscriber: an id, sent as a number, or an email address. */
export const idOrEmail: Check = (value) => {
	if (isId(value)) return Number(value);
	if (isEmail(asText(value))) return asText(value);
	return refuse('must be an ID of digits or an email address', value);
};

/** A day as Kit's filters take it, `yyyy-mm-dd`: the day that is written, whatever its time zone. */
export const day: Check = (value) => {
	if (isEmpty(value)) return undefined;
	return readDay(asText(value)) ?? refuse('must be a date such as 2026-01-31', value);
};

function readDay(text: string): string | undefined {
	const [written = ''] = /^\d{4}-\d\d-\d\d(?=T|\s|$)/.exec(text) ?? [];
	const midnight = new Date(`${written}T00:00:00Z`);
	const exists = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(written);
	return exists ? written : undefined;
}

/**
 * A moment as Kit takes it, ISO 8601 in UTC. Where no time zone is written, as in n8n's date picker,
 * that of the workflow is meant.
 */
export const moment: Check = (value, timeZone = 'UTC') => {
	if (isEmpty(value)) return undefined;
	const text = asText(value).replace(' ', 'T');
	if (readDay(text) === undefined) return refuse('must be a date and time', value);
	const hasZone = /(Z|[+-]\d\d:?\d\d)$/i.test(text);
	const time = hasZone ? Date.parse(text) : inTimeZone(text, timeZone);
	return Number.isNaN(time)
		? refuse('must be a date and time', value)
		: new Date(time).toISOString();
};

/**
 * @param least the smallest number that is allowed
 * @param most the largest
 * @returns a check for a number between them
 */
export function numberBetween(least: number, most: number): Check {
	return (value) => {
		if (isEmpty(value)) return undefined;
		const number = Number(value);
		return number >= least && number <= most
			? number
			: refuse(`must be a number from ${String(least)} to ${String(most)}`, value);
	};
}

/**
 * @param least the smallest number that is allowed
 * @param most the largest; none if left out
 * @returns a check for a whole number between them
 */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): Check {
	const needed =
		most === Number.MAX_SAFE_INTEGER
			? `must be a whole number from ${String(least)}`
			: `must be a whole number from ${String(least)} to ${String(most)}`;
	return (value) => {
		if (isEmpty(value)) return undefined;
		const number = Number(value);
		return Number.isInteger(number) && number >= least && number <= most
			? number
			: refuse(needed, value);
	};
}

/** An amount of money, of either sign. */
export const amount: Check = (value) => {
	if (isEmpty(value)) return undefined;
	return Number.isFinite(Number(value)) ? Number(value) : refuse('must be a number', value);
};

/** Yes or no; expressions may give it as text. */
export const yesOrNo: Check = (value) => {
	if (isEmpty(value)) return undefined;
	const text = asText(value).toLowerCase();
	return text === 'true' || (text === 'false' ? false : refuse('must be true or false', value));
};

/**
 * @param pattern what the text has to look like
 * @param needed the same in words, after `must be`
 * @param change how it is sent
 * @returns a check for text of a form
 */
function textLike(pattern: RegExp, needed: string, change = (text: string) => text): Check {
	return (value) => {
		const text = asText(value);
		if (text === '') return undefined;
		return pattern.test(text) ? change(text) : refuse(`must be ${needed}`, value);
	};
}

const inCapitals = (text: string) => text.toUpperCase();

/** A two-letter country code (ISO 3166-1 alpha-2), in capitals as Kit sends it. */
export const countryCode = textLike(
	/^[a-z]{2}$/i,
	'a country code of two letters such as US',
	inCapitals,
);

/** A three-letter currency code (ISO 4217), in capitals. */
export const currency = textLike(
	/^[a-z]{3}$/i,
	'a currency code of three letters such as USD',
	inCapitals,
);

/** The address of a web page or image. */
export const webAddress = textLike(
	/^https?:\/\/[^\s/]+\.?[^\s]*$/i,
	'an address such as https://example.com',
);

/** The same where it has to be there. */
export const requiredWebAddress: Check = (value) =>
	webAddress(value) ?? refuse('must be an address such as https://example.com', '');

/** The name of a time zone in the IANA database. */
export const timeZone: Check = (value) => {
	if (isEmpty(value)) return undefined;
	return isTimeZone(asText(value))
		? asText(value)
		: refuse('must be a time zone such as America/New_York', value);
};

/**
 * @param check what each has to be
 * @returns a check for a list, or for text that is one with commas between
 */
export function listOf(check: Check): (value: unknown) => unknown[] {
	return (value) =>
		(Array.isArray(value) ? (value as unknown[]) : asText(value).split(','))
			.filter((one) => !isEmpty(one))
			.map((one) => check(one));
}

/**
 * @param check what each has to be
 * @returns the same as `listOf`, but an empty list is not sent
 */
export function listIfGiven(check: Check): Check {
	return (value) => {
		const list = listOf(check)(value);
		return list.length > 0 ? list : undefined;
	};
}

const color: Check = (value) =>
	/^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(asText(value))
		? asText(value)
		: refuse('must be hex color codes such as #0a7cff', value);

/** A list of colors such as `#0a7cff`; Kit takes up to 10 (Kit's documentation). */
export const colors: Check = (value) => {
	const list = listOf(color)(value);
	if (list.length > 10) return refuse('must be at most 10', list.length);
	return list.length > 0 ? list : refuse('must name at least one color', '');
};

/** Several choices in one query parameter, as Kit takes them: separated by commas. */
export const commaSeparated: Check = (value) => optional(listOf(asText)(value).join(','));

/** Text or a value that is JSON. */
export const json: Check = (value) => {
	if (isEmpty(value)) return undefined;
	if (typeof value !== 'string') return value;
	try {
		return JSON.parse(value) as unknown;
	} catch {
		return refuse('must be valid JSON', value);
	}
};

/** A JSON object with a value for each name. */
export const jsonObject: Check = (value) => {
	const parsed = json(value);
	if (
		parsed === undefined ||
		(typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
	) {
		return parsed;
	}
	return refuse('must be a JSON object such as {"last_name": "Lamarr"}', value);
};

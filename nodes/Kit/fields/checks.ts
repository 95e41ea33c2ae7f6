import { UserError } from 'n8n-workflow';

/**
 * Turns what a person entered into what Kit takes.
 * @param value the field's value, expressions resolved
 * @returns what to send, or undefined to send nothing
 * @throws {UserError} whose message goes on after the field's name: `must be ...`
 */
export type Check = (value: unknown) => unknown;

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

/** An email address, or nothing where the field is left empty. */
export const optionalEmail: Check = (value) => (isEmpty(value) ? undefined : email(value));

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
	const [written = '', year, month, date] =
		/^(\d{4})-(\d\d)-(\d\d)(?=T|\s|$)/.exec(asText(value)) ?? [];
	const exists = new Date(Date.UTC(Number(year), Number(month) - 1, Number(date)));
	const isReal = !Number.isNaN(exists.getTime()) && exists.toISOString().startsWith(written);
	return written && isReal ? written : refuse('must be a date such as 2026-01-31', value);
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

/** A two-letter country code (ISO 3166-1 alpha-2), in capitals as Kit sends it. */
export const countryCode: Check = (value) => {
	if (isEmpty(value)) return undefined;
	return /^[a-z]{2}$/i.test(asText(value))
		? asText(value).toUpperCase()
		: refuse('must be a country code of two letters such as US', value);
};

/**
 * @param check what each has to be
 * @returns a check for a list, or for text that is one with commas between
 */
export function listOf(check: Check): (value: unknown) => unknown[] {
	return (value) =>
		(Array.isArray(value) ? (value as unknown[]) : asText(value).split(','))
			.filter((one) => !isEmpty(one))
			.map(check);
}

const color: Check = (value) =>
	/^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(asText(value))
		? asText(value)
		: refuse('must be hex color codes such as #0a7cff', value);

/** A list of colors such as `#0a7cff`; Kit takes up to 10 (Kit's documentation). */
export const colors: Check = (value) => {
	const list = listOf(color)(value);
	if (list.length > 10) return refuse('must be at most 10', list.length);
	return list.length > 0 ? list : refuse('must have at least one color', '');
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

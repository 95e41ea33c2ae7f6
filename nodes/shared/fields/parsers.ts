import { DateTime, IANAZone } from 'luxon';
import type { INodePropertyOptions } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';
import { quoted } from '../quoted';

/** What a parser knows beside the value. */
export interface ParseContext {
	/** The workflow's, for times without one of their own */
	timezone: string;
	/** Of a resource locator, the way in which it was given */
	mode?: string;
	/** Of the field, as errors call it */
	label?: string;
	/** Whether an expression gave it, or a person wrote it as it is; left out where that is not known */
	computed?: boolean;
	/** Whether an agent has the node as a tool */
	isTool?: boolean;
}

/**
 * Turns what a person entered, or an expression gave, into what Kit takes.
 * @param value the field's value, expressions resolved; it may be anything
 * @returns what to send, or undefined where nothing is given
 * @throws {UserError} whose message goes on after the field's name: `must be ...`
 */
export type Parser<T = unknown> = (value: unknown, context: ParseContext) => T | undefined;

/** A field that has to be filled in, and is not. */
export class MissingValue extends UserError {}

/** @throws {UserError} with the field's label before what is wrong */
export function labelled<T>(label: string, parse: () => T): T {
	try {
		return parse();
	} catch (error) {
		throw withLabel(label, error as Error);
	}
}

function withLabel(label: string, error: Error): Error {
	if (!(error instanceof UserError)) return error;
	const Kind = error instanceof MissingValue ? MissingValue : UserError;
	return new Kind(`${label} ${error.message}`);
}

/**
 * @param needed what would be right, such as `must be a number`
 * @param value what is there
 * @throws {UserError} always
 */
export function refuse(needed: string, value: unknown): never {
	const given = quote(value);
	throw new UserError(given === '' ? `${needed}, and is empty` : `${needed}, not ${given}`);
}

function quote(value: unknown): string {
	if (isMissing(value)) return '';
	if (Array.isArray(value)) return 'a list';
	if (typeof value === 'object' && !isDate(value)) return 'an object';
	return quoted(toText(value));
}

/** @returns whether nothing is given: no value, or text without anything in it */
export function isMissing(value: unknown): boolean {
	return (
		value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
	);
}

/** As n8n tells an expression from a value; n8n-workflow exports this only since 1.90. */
export function isExpression(raw: unknown): raw is string {
	return typeof raw === 'string' && raw.startsWith('=');
}

/** Expressions may bring dates from another realm, which are no instances of this one's `Date`. */
function isDate(value: unknown): value is Date | DateTime {
	return DateTime.isDateTime(value) || Object.prototype.toString.call(value) === '[object Date]';
}

/**
 * @param value of a record of Kit's, or what was entered
 * @returns it as a person would write it; empty for what is missing
 */
export function toText(value: unknown): string {
	if (value === undefined || value === null) return '';
	if (typeof value === 'string') return value.trim();
	if (isDate(value)) return toIso(value);
	return typeof value === 'object' ? JSON.stringify(value) : (value as number).toString();
}

function toIso(value: Date | DateTime): string {
	const time = DateTime.isDateTime(value)
		? value
		: DateTime.fromMillis(value.valueOf(), { zone: 'utc' });
	return time.toISO() ?? 'an invalid date';
}

/** What JavaScript and Luxon write where an expression puts an object or an invalid date into a text. */
const NO_TEXT = /\[object Object\]|Invalid DateTime/;

/** @throws {UserError} for what is no text, and for a number that is no longer the one that was meant */
function readText(value: unknown, { computed = true }: Partial<ParseContext>): string | undefined {
	if (isMissing(value)) return undefined;
	if (typeof value === 'string') {
		return computed && NO_TEXT.test(value) ? refuse('must be text', value) : value;
	}
	if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
		throw new UserError(
			'must be text, not a number of so many digits, which loses the last of them',
		);
	}
	if (isDate(value)) {
		const iso = toIso(value);
		return Number.isNaN(value.valueOf()) ? refuse('must be text', iso) : iso;
	}
	const isPlain = typeof value === 'boolean' || typeof value === 'bigint' || Number.isFinite(value);
	return isPlain ? String(value) : refuse('must be text', value);
}

/** Text of one line: numbers are written out, and blanks and line ends around it taken off. */
export const text: Parser<string> = (value, context) => readText(value, context)?.trim();

/** Text of several lines, as it is. */
export const longText: Parser<string> = readText;

/** Kit's ids are whole numbers of up to 10 digits (Kit's documentation). */
export const id: Parser<number> = (value) =>
	isMissing(value) ? undefined : (readId(value) ?? refuse('must be an ID of digits', value));

/** An ID of something that can be given by its name as well, in another mode of its locator. */
export const idNotName: Parser<number> = (value) =>
	isMissing(value)
		? undefined
		: (readId(value) ?? refuse('must be an ID of digits (choose By Name to give a name)', value));

/** @returns the ID that a value is; undefined where it is none */
export function readId(value: unknown): number | undefined {
	if (typeof value !== 'string' && typeof value !== 'number') return undefined;
	return /^[1-9]\d{0,14}$/.test(String(value).trim()) ? Number(value) : undefined;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @returns whether a text is a UUID, as the ids of Maton's connections are (Maton's documentation) */
export function isUuid(given: string): boolean {
	return UUID.test(given);
}

/** The id of a connection of Maton's. */
export const uuid = textLike(UUID, 'an ID such as 3f6c1a52-8d0b-4a7e-9c1f-2b5d7e8a9c10', (given) =>
	given.toLowerCase(),
);

/** @returns whether a text has the form of one email address, as far as it can be told without Kit */
export function isEmail(address: string): boolean {
	return (
		/^[^\s@,;:<>()"]+@[^\s@,;:<>()"]*[^\s@,;:<>()".]$/.test(address) && !/\p{C}/u.test(address)
	);
}

/** One email address, its accents in the form that email has them in (RFC 6532). */
export const email: Parser<string> = (value) => {
	const address = text(value, { timezone: '' })?.normalize('NFC');
	if (address === undefined || isEmail(address)) return address;
	return refuse(
		address.split('@').length > 2 ? 'must be one email address' : 'must be an email address',
		address,
	);
};

/** What names a subscriber: an id, sent as a number, or an email address. */
export const idOrEmail: Parser<number | string> = (value, context) => {
	if (isMissing(value)) return undefined;
	if (context.mode === 'email') return email(value, context);
	const found = readId(value);
	if (found !== undefined) return found;
	if (typeof value === 'string' && value.includes('@')) return email(value, context);
	return refuse('must be an ID of digits or an email address', value);
};

/**
 * A time as text, as n8n's date picker, JSON and databases write it, or as Luxon and JavaScript have it.
 * @returns the time, or undefined where it is none
 */
function readTime(value: unknown, zone: string): DateTime<true> | undefined {
	let time: DateTime | undefined;
	if (DateTime.isDateTime(value)) {
		time = DateTime.fromMillis(value.toMillis(), { zone: value.zoneName ?? 'utc' });
	} else if (isDate(value)) {
		time = DateTime.fromMillis(value.valueOf(), { zone });
	} else if (typeof value === 'string' && /^\d{4}-\d\d-\d\d(?=T|\s|$)/.test(value.trim())) {
		const written = value.trim();
		const iso = DateTime.fromISO(written, { zone });
		time = iso.isValid ? iso : DateTime.fromSQL(written, { zone });
	}
	const isRight = time?.isValid === true && time.toUTC().year >= 1 && time.toUTC().year <= 9999;
	return isRight ? (time as DateTime<true>) : undefined;
}

const timeZones = new Map<string, boolean>();

/** @returns whether the IANA database has a time zone of this name; asking Luxon for each value is slow */
function isTimeZone(name: string): boolean {
	const known = timeZones.get(name) ?? IANAZone.isValidZone(name);
	timeZones.set(name, known);
	return known;
}

/** A day as Kit's filters take it, `yyyy-mm-dd`: of text the day that is written, whatever its zone. */
export const date: Parser<string> = (value, { timezone }) => {
	if (isMissing(value)) return undefined;
	const zone = isTimeZone(timezone) ? timezone : 'utc';
	const time = readTime(value, zone);
	if (!time) return refuse('must be a date such as 2026-01-31', value);
	return typeof value === 'string' ? value.trim().slice(0, 10) : time.toISODate();
};

/**
 * A time as Kit takes it, ISO 8601 in UTC. Where no time zone is written, as in n8n's date picker, that
 * of the workflow is meant.
 */
export const dateTime: Parser<string> = (value, { timezone }) => {
	if (isMissing(value)) return undefined;
	const hasZone =
		typeof value !== 'string' || /(Z|[+-]\d\d(:?\d\d)?)$/i.test(value.trim().slice(10));
	if (!hasZone && !isTimeZone(timezone)) {
		throw new UserError(
			`must name its time zone, such as 2026-01-31T09:00:00Z, because that of the workflow, “${timezone}”, is unknown`,
		);
	}
	const time = readTime(value, hasZone ? 'utc' : timezone);
	return (
		time?.toUTC().toISO() ?? refuse('must be a date and time such as 2026-01-31T09:00:00Z', value)
	);
};

/** The name of a time zone in the IANA database. */
export const timeZone: Parser<string> = (value, context) => {
	const name = text(value, context);
	if (name === undefined || isTimeZone(name)) return name;
	return refuse('must be a time zone such as America/New_York', value);
};

/** What a number has to be. */
interface NumberLimits {
	min?: number;
	max?: number;
	/** Whether parts of one are allowed */
	decimals?: boolean;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * @param limits what the number has to be
 * @returns a parser for a number, or for text that is one
 */
export function number({ min, max, decimals = true }: NumberLimits = {}): Parser<number> {
	const range =
		min !== undefined && max !== undefined
			? ` from ${String(min)} to ${String(max)}`
			: min !== undefined
				? ` from ${String(min)}`
				: max !== undefined
					? ` up to ${String(max)}`
					: '';
	const needed = `must be a ${decimals ? '' : 'whole '}number${range}`;
	return (value) => {
		if (isMissing(value)) return undefined;
		const isNumber =
			typeof value === 'number' || (typeof value === 'string' && NUMBER.test(value.trim()));
		const read = isNumber ? Number(value) : NaN;
		const isRight =
			Number.isFinite(read) &&
			(decimals || Number.isSafeInteger(read)) &&
			read >= (min ?? -Infinity) &&
			read <= (max ?? Infinity);
		return isRight ? read : refuse(needed, value);
	};
}

/**
 * @param most how many at most
 * @returns a parser for a number of days, which gives the day so many days before today, `yyyy-mm-dd`
 */
export function daysAgo(most: number): Parser<string> {
	const days = number({ min: 1, max: most, decimals: false });
	return (value, context) => {
		const read = days(value, context);
		if (read === undefined) return undefined;
		const zone = isTimeZone(context.timezone) ? context.timezone : 'utc';
		return DateTime.now().setZone(zone).minus({ days: read }).toISODate() ?? undefined;
	};
}

const BOOLEANS = new Map([
	['true', true],
	['1', true],
	['false', false],
	['0', false],
]);

/** Yes or no; text and numbers are read as n8n reads them (`tryToParseBoolean` in n8n-workflow). */
export const boolean: Parser<boolean> = (value) => {
	if (isMissing(value)) return undefined;
	const isPlain = ['boolean', 'string', 'number'].includes(typeof value);
	const read = isPlain ? BOOLEANS.get(String(value).trim().toLowerCase()) : undefined;
	return read ?? refuse('must be true or false', value);
};

/**
 * @param sent what is sent for yes
 * @returns a parser for yes or no, where Kit takes a word for yes and nothing for no
 */
export function flag(sent: string): Parser<string> {
	return (value, context) => (boolean(value, context) === true ? sent : undefined);
}

/**
 * @param choices the list, as n8n shows it
 * @returns a parser for one of its values, or of its names
 */
export function option(choices: INodePropertyOptions[]): Parser {
	return (value) => {
		const exact = choices.find((choice) => choice.value === value);
		if (exact || isMissing(value)) return exact?.value;
		const given = typeof value === 'object' ? undefined : toText(value);
		const folded = given?.toLowerCase();
		const found =
			choices.find((choice) => String(choice.value) === given) ??
			choices.find((choice) => String(choice.value).toLowerCase() === folded) ??
			choices.find(({ name }) => name.toLowerCase() === folded);
		if (found) return found.value;
		const names = choices.map((choice) => `“${String(choice.value).trim() || choice.name}”`);
		return refuse(`must be ${names.join(' or ')}`, value);
	};
}

/** What becomes of entries of a list that are missing. */
type MissingEntries = 'dropped' | 'refused';

/**
 * @param entry reads each
 * @param missing whether an entry without a value is an error: where a list says who is meant, one
 * that is missing would change that
 * @returns a parser for a list, for text that is one with commas or line breaks between or in JSON, and for
 * one value; no two entries of it are the same, and an empty list is nothing
 */
export function list<T>(entry: Parser<T>, missing: MissingEntries = 'refused'): Parser<T[]> {
	return (value, context) => {
		const given = entriesOf(value);
		const isNothing = given.length === 0 || (!Array.isArray(value) && isMissing(value));
		if (isNothing || (missing === 'dropped' && given.every(isMissing))) return undefined;
		const read = given.map((one) => entry(one, context));
		const there = read.filter((one) => one !== undefined);
		if (there.length < read.length && missing === 'refused') {
			throw new UserError('must not have an empty entry');
		}
		return [...new Set(there)];
	};
}

/** A cell of a spreadsheet may hold several lines, and nothing of Kit's has a line break in its name. */
const LINE_BREAK = /\r\n|[\n\r]/;

function entriesOf(value: unknown): unknown[] {
	if (Array.isArray(value)) return value;
	if (typeof value !== 'string') return [value];
	if (value.trim().startsWith('[')) {
		try {
			const parsed: unknown = JSON.parse(value);
			if (Array.isArray(parsed)) return parsed;
		} catch {
			// It is text that begins with a bracket.
		}
	}
	return value.split(',').flatMap((part) => part.trim().split(LINE_BREAK));
}

/**
 * @param pattern what the text has to look like
 * @param needed the same in words, after `must be`
 * @param change how it is sent
 * @returns a parser for text of a form
 */
function textLike(
	pattern: RegExp,
	needed: string,
	change = (given: string) => given,
): Parser<string> {
	return (value, context) => {
		const given = isMissing(value) || typeof value === 'object' ? undefined : text(value, context);
		if (given === undefined)
			return isMissing(value) ? undefined : refuse(`must be ${needed}`, value);
		return pattern.test(given) ? change(given) : refuse(`must be ${needed}`, value);
	};
}

const inCapitals = (given: string) => given.toUpperCase();

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
export const url = textLike(/^https?:\/\/[^\s/]\S*$/i, 'an address such as https://example.com');

const color = textLike(/^#([0-9a-f]{3}|[0-9a-f]{6})$/i, 'hex color codes such as #0a7cff');

/** A list of colors such as `#0a7cff`; Kit takes up to 10 (Kit's documentation). */
export const colors: Parser<string[]> = (value, context) => {
	const read = list(color)(value, context);
	if (read === undefined) return refuse('must name at least one color', '');
	return read.length > 10 ? refuse('must be at most 10', read.length) : read;
};

/** Text that is JSON, or the value itself. */
export const json: Parser = (value) => {
	if (isMissing(value)) return undefined;
	if (typeof value === 'object') return value;
	try {
		return JSON.parse(toText(value)) as unknown;
	} catch {
		return refuse('must be valid JSON', value);
	}
};

/** A JSON object with a value for each name. */
export const jsonObject: Parser<Record<string, unknown>> = (value, context) => {
	const parsed = json(value, context);
	if (parsed === undefined || isObject(parsed)) return parsed;
	return refuse('must be a JSON object such as {"last_name": "Lamarr"}', value);
};

/** @returns whether a value is an object with names, and no list and no date */
export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value) && !isDate(value);
}

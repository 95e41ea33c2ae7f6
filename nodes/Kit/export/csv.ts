import type { IDataObject } from 'n8n-workflow';
import { toText } from '../../shared/fields/parsers';

/** How rows are written into a file. */
export interface FileFormat {
	/** What stands before the first of them */
	head: string;
	line: (row: IDataObject) => string;
}

/** One column of the file. */
interface Column {
	header: string;
	value: (row: IDataObject) => unknown;
}

/** Without this mark at its beginning, Excel takes a file for one in the computer's old code page. */
const BYTE_ORDER_MARK = '\uFEFF';

/** RFC 4180 */
const END_OF_LINE = '\r\n';

/** What stands between two cells. */
export type Delimiter = ',' | ';' | '\t';

/** Where one of these stands in a cell, it is put in quotes. */
const SPECIAL = /[",;\t\r\n]/;

/** How a formula begins. */
const FORMULA = /^[=+\-@＝＋－＠\t\r\n]/;

const SIGNED_NUMBER = /^[+-]\d+([.,]\d+)?$/;

const ALWAYS = ['id', 'email_address', 'first_name', 'state', 'created_at'].map(own);

/** What `include` adds to a subscriber, and the parts it has (Kit's document), as columns. */
const INCLUDED: Record<string, Column[]> = {
	attribution: parts('attribution', [
		'referrer',
		'utm_source',
		'utm_medium',
		'utm_campaign',
		'utm_term',
		'utm_content',
		'source_type',
		'source_name',
		'source_mechanism',
		'source_mechanism_id',
	]),
	canceled_at: [own('canceled_at')],
	location: parts('location', ['city', 'state', 'country', 'latitude', 'longitude', 'timezone']),
	tags: [{ header: 'tags', value: ({ tags }) => namesOf(tags).join('; ') }],
};

/**
 * @param included what was asked for with `include`, such as `tags`
 * @param customFields the account's, as Kit lists them; each is a column under its label
 * @returns the columns of a file of subscribers, no two with the same header
 */
export function columnsOf(included: string[], customFields: IDataObject[]): Column[] {
	const extras = Object.entries(INCLUDED).flatMap(([name, columns]) =>
		included.includes(name) ? columns : [],
	);
	const taken = new Set([...ALWAYS, ...extras].map(({ header }) => header));
	const custom = customFields.map((field) => {
		const [key, label] = [toText(field.key), toText(field.label)];
		let header = label;
		while (taken.has(header)) header += ` (${key})`;
		taken.add(header);
		return { header, value: inside('fields', key) };
	});
	return [...ALWAYS, ...custom, ...extras];
}

/**
 * @param columns what becomes of each row
 * @param delimiter what stands between two cells
 * @returns the lines of the file, as RFC 4180 has them
 */
export function csv(columns: Column[], delimiter: Delimiter): FileFormat {
	const line = (values: unknown[]) => values.map(cell).join(delimiter) + END_OF_LINE;
	return {
		head: BYTE_ORDER_MARK + line(columns.map(({ header }) => header)),
		line: (row) => line(columns.map(({ value }) => value(row))),
	};
}

function own(name: string): Column {
	return { header: name, value: (row) => row[name] };
}

function inside(name: string, part: string): Column['value'] {
	return (row) => (row[name] as IDataObject | null | undefined)?.[part];
}

function parts(name: string, names: string[]): Column[] {
	return names.map((part) => ({ header: `${name}_${part}`, value: inside(name, part) }));
}

function namesOf(tags: unknown): unknown[] {
	return Array.isArray(tags) ? (tags as IDataObject[]).map(({ name }) => name) : [];
}

function cell(value: unknown): string {
	if (value === undefined || value === null) return '';
	const text = typeof value === 'string' ? defused(value) : JSON.stringify(value);
	return SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Whoever signs up at a form chooses what stands in a cell, and a spreadsheet runs what looks like a
 * formula. An apostrophe before it makes it text (OWASP, “CSV Injection”). Text that is nothing but a
 * number with its sign, such as -5 or +41791234567, is no formula and stays; +1-555-0100 is one, which
 * Excel would work out.
 */
function defused(text: string): string {
	const isFormula = FORMULA.test(text) && !SIGNED_NUMBER.test(text);
	return isFormula ? `'${text}` : text;
}

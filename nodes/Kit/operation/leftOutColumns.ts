import type { INodeParameters } from 'n8n-workflow';
import type { LeftOutColumn } from '../../shared/fields/customFieldValues';
import type { Field } from '../../shared/fields/field';
import { isExpression } from '../../shared/fields/parsers';
import { SUBSCRIBER_STATES } from '../../shared/fields/subscriberFilters';
import { quoted } from '../../shared/quoted';

/** Fields of a subscriber that Kit answers as text or numbers, which nobody expects to be sent back. */
const AT_KIT = [
	'added_at',
	'canceled_at',
	'created_at',
	'cursor',
	'email_address',
	'first_name',
	'form_id',
	'id',
	'referrer',
	'sequence_id',
	'tagged_at',
];

/** What these nodes put out besides, and n8n's own nodes beside the columns of a table. */
const BESIDE = [
	'error',
	'event',
	'has_tag',
	'message',
	'row_number',
	'subscriber_id',
	'success',
	'tag_id',
	'tag_name',
];

const NEVER_MEANT = new Set([...AT_KIT, ...BESIDE]);

/** A form of thirty fields may get a table of a hundred columns. */
const MOST_COLUMNS = 8;
const LONGEST_NAME = 40;

/** So many are compared with the custom fields; where each item has keys of its own, none is a misspelt one. */
const MOST_COMPARED = 200;

/** Columns that were to be mapped to custom fields by themselves, and are none, of all items of a run. */
export class LeftOutColumns {
	/** The labels of the custom fields near each */
	private readonly near = new Map<string, string[]>();

	/**
	 * @param column of an item
	 * @param near gives the labels of the custom fields that may be meant
	 */
	add({ name, value }: LeftOutColumn, near: () => string[]): void {
		const isState = name === 'state' && SUBSCRIBER_STATES.some((state) => state.value === value);
		// What is in an object is no value that somebody has misspelt the name of.
		if (typeof value === 'object' || isState || NEVER_MEANT.has(name)) return;
		if (this.near.has(name)) return;
		this.near.set(name, this.near.size < MOST_COMPARED ? near() : []);
	}

	/**
	 * @param parameters of the node: a column that an expression of them names is used there
	 * @param fields of the operation
	 * @returns a sentence about the columns, those first that are near a custom field; undefined for none
	 */
	note(parameters: INodeParameters, fields: Field[]): string | undefined {
		const expressions = expressionsIn(parameters).join('\n');
		const own = new Map(fields.flatMap(withInner).map((field) => [folded(field.name), field]));
		const columns = [...this.near].filter(([name]) => !isNamed(name, expressions));
		const told = columns
			.map(([name, near]) => ({ name, near, field: own.get(folded(name))?.displayName }))
			.sort((one, other) => Number(isUnclear(one)) - Number(isUnclear(other)))
			.map(({ name, near, field }) => {
				if (field !== undefined) return `${short(name)} (${field} is a field of its own)`;
				return short(name) + (near.length > 0 ? ` (near it: ${near.map(short).join(', ')})` : '');
			});
		if (told.length === 0) return undefined;
		const more = told.length - MOST_COLUMNS;
		const shown =
			told.slice(0, MOST_COLUMNS).join(', ') + (more > 0 ? ` and ${String(more)} more` : '');
		return `Custom Fields left out what the account has no custom field for: ${shown}.`;
	}
}

function isUnclear({ near, field }: { near: string[]; field?: string | undefined }): boolean {
	return near.length === 0 && field === undefined;
}

function short(name: string): string {
	return quoted(name, LONGEST_NAME);
}

/** `First name`, `first_name` and `firstName` are the same. */
function folded(name: string): string {
	return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}

function withInner(field: Field): Field[] {
	return field.type === 'collection' ? field.options : [field];
}

function expressionsIn(value: unknown): string[] {
	if (isExpression(value)) return [value];
	if (typeof value !== 'object' || value === null) return [];
	return Object.values(value).flatMap(expressionsIn);
}

/** Whether a text has a name as a whole word. */
function isNamed(name: string, text: string): boolean {
	if (!text.includes(name)) return false;
	const pattern = name.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
	return new RegExp(String.raw`(?<![\p{L}\p{N}_])${pattern}(?![\p{L}\p{N}_])`, 'u').test(text);
}

import type { IDataObject } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';
import {
	COMPARISONS,
	CONDITIONS,
	latitude,
	longitude,
	radius,
	URL_MATCHING,
	urls,
} from './filterConditions';
import { refuseUnknownNames } from './knownNames';
import type { ParseContext, Parser } from './parsers';
import {
	date,
	id,
	isMissing,
	isObject,
	json,
	labelled,
	list,
	number,
	option,
	text,
} from './parsers';
import { SUBSCRIBER_STATES } from './subscriberFilters';

/** What Kit takes in a condition beside its type; its document has one shape for all types. */
const IN_CONDITION = [
	'after',
	'any',
	'before',
	'comparison',
	'count_greater_than',
	'count_greater_than_or_equal',
	'count_less_than',
	'count_less_than_or_equal',
	'latitude',
	'longitude',
	'radius',
	'states',
	'subscriber_custom_field_id',
	'type',
	'value',
];

/** What Kit takes in `any` of a condition, by its type (Kit's document; `kit_source` is of 2026-10). */
const IN_ANY: Record<string, string[]> = {
	broadcasts: ['ids'],
	forms: ['ids'],
	ids: ['matching'],
	kit_source: ['mechanism', 'mechanism_ids', 'source_ids', 'source_names', 'source_type'],
	urls: ['ids', 'matching', 'urls'],
};

const ids = list(id);
const times = number({ min: 0, decimals: false });

/** Everybody has at least 0 of something, and nobody less. */
const timesFromOne = number({ min: 1, decimals: false });

/** What reads values of conditions that expressions may bring in another form than Kit takes. */
const IN_JSON: Record<string, Parser> = {
	after: date,
	before: date,
	comparison: option(COMPARISONS),
	count_greater_than: times,
	count_greater_than_or_equal: timesFromOne,
	count_less_than: timesFromOne,
	count_less_than_or_equal: times,
	ids,
	latitude,
	longitude,
	mechanism: text,
	mechanism_ids: ids,
	radius,
	source_ids: ids,
	source_names: list(text),
	source_type: text,
	states: list(option(SUBSCRIBER_STATES)),
	subscriber_custom_field_id: id,
	urls,
	value: text,
};

/** @throws {UserError} where a condition has a name that Kit does not know there */
function refuseUnknown(condition: IDataObject, place: string): void {
	refuseUnknownNames(condition, IN_CONDITION, place);
	const { any: concerned = [] } = condition;
	const all: unknown[] = Array.isArray(concerned) ? concerned : [concerned];
	for (const one of all) {
		const type = isObject(one) && typeof one.type === 'string' ? one.type : '';
		if (!isObject(one) || !Object.hasOwn(IN_ANY, type)) {
			throw new UserError(
				`must have in “any”${place} a list of objects with one of these types: ${Object.keys(IN_ANY).join(', ')}`,
			);
		}
		refuseUnknownNames(one, ['type', ...(IN_ANY[type] ?? [])], ` in “any”${place}`);
	}
}

/** “matching” is of IDs, or how URLs are compared. */
function parserIn({ type }: Record<string, unknown>, name: string): Parser | undefined {
	if (name === 'matching') return type === 'urls' ? option(URL_MATCHING) : ids;
	return Object.hasOwn(IN_JSON, name) ? IN_JSON[name] : undefined;
}

/**
 * @param value something in a condition
 * @param position of the condition, from 1
 * @returns the same as Kit takes it: days, numbers and IDs, whatever they are written as
 */
function inJson(value: unknown, context: ParseContext, position: number): unknown {
	if (Array.isArray(value)) return value.map((one) => inJson(one, context, position));
	if (!isObject(value)) return value;
	const entries = Object.entries(value).map(([name, one]) => {
		const parse = parserIn(value, name);
		if (!parse) return [name, inJson(name === 'any' ? [one].flat() : one, context, position)];
		const where = `has in condition ${String(position)} a value of “${name}” that`;
		return [name, labelled(where, () => parse(one, context))];
	});
	return Object.fromEntries(entries);
}

/** @returns whether something in it is empty, at any depth: a condition would not narrow as it seems to */
function isHollow(value: unknown): boolean {
	if (Array.isArray(value)) return value.length === 0 || value.some(isHollow);
	return isObject(value) ? Object.values(value).some(isHollow) : isMissing(value);
}

/**
 * Conditions as Kit's API takes them. Kit answers one that it does not know with 500 and no sentence
 * (Kit's own SDK tests), so they are looked at before.
 */
export const conditionsFromJson: Parser<unknown[]> = (value, context) => {
	const parsed = json(value, context);
	if (parsed === undefined) return undefined;
	const conditions: unknown[] = Array.isArray(parsed) ? parsed : [];
	const isCondition = (entry: unknown) =>
		isObject(entry) && typeof entry.type === 'string' && Object.hasOwn(CONDITIONS, entry.type);
	if (conditions.length > 0 && conditions.every(isCondition)) {
		const hollow = conditions.findIndex(
			(entry) => isHollow(entry) || Object.keys(entry as object).length < 2,
		);
		if (hollow < 0) {
			for (const [index, entry] of conditions.entries()) {
				refuseUnknown(entry as IDataObject, ` in condition ${String(index + 1)}`);
			}
			return conditions.map((entry, index) => inJson(entry, context, index + 1));
		}
		throw new UserError(
			`must not have anything empty in a condition, as condition ${String(hollow + 1)} has`,
		);
	}
	const types = Object.keys(CONDITIONS).sort().join(', ');
	throw new UserError(
		`must be a JSON array such as [{"type": "tags", ...}], with one of these types in each object: ${types}`,
	);
};

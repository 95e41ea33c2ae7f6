import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { isResourceLocatorValue, UserError } from 'n8n-workflow';
import { mappedValues } from './customFields';
import type { CollectionField, Field, Row, RowsField, ValueField } from './field';
import { isShown } from './field';
import type { Evaluator } from './liquid';
import { withExpressions } from './liquid';
import type { ParseContext, Parser } from './parsers';
import {
	boolean,
	dateTime,
	isExpression,
	isMissing,
	isObject,
	json,
	labelled,
	MissingValue,
	list,
	longText,
	number,
	option,
	text,
} from './parsers';

/** What is known where a field is read. */
export interface FieldScope extends ParseContext {
	/** Told of each field of a collection, and each collection, that was added and gave nothing, by its label */
	leftOut?: (label: string) => void;
	/** Told of each field that was filled in, and is cleared all the same, by its label */
	overruled?: (label: string) => void;
	/** Values of the fields of the node that were read before */
	node?: Row;
	/** Gives the item of the input */
	input?: () => IDataObject;
	/** For fields with n8n's HTML editor, which leaves expressions to the node */
	evaluator?: Evaluator;
}

/** A value and where it comes from. */
interface Given {
	value: unknown;
	/** The same as the node has it, before expressions were resolved */
	raw: unknown;
	/** Whether it, or what it stands in, is an expression */
	computed: boolean;
}

/**
 * The one place at which values enter: reads what a field holds, by its type, its choices and its own
 * parser.
 * @param field as the operation has it
 * @param value what n8n gives for it, expressions resolved
 * @param raw the same as the node has it, before expressions were resolved
 * @param scope the workflow's time zone, and who is told what gave nothing
 * @returns the value for Kit; of a collection, those of its fields by their names; undefined where
 * nothing is given
 * @throws {UserError} that names the field, its row, and what would be right
 */
export function parseField(field: Field, value: unknown, raw: unknown, scope: FieldScope): unknown {
	return read(field, { value, raw, computed: isComputed(raw) }, scope, '');
}

function read(field: Field, given: Given, scope: FieldScope, within: string): unknown {
	const label = within + field.displayName;
	if (field.noDataExpression === true && isExpression(given.raw)) {
		throw new UserError(`${label} must be chosen, and cannot be an expression`);
	}
	if (field.type === 'collection') return readCollection(field, given, scope, label);
	if (field.type === 'fixedCollection') return readRows(field, given, scope, label);
	if (field.type === 'resourceMapper') {
		const { input = () => ({}) } = scope;
		return labelled(label, () => mappedValues(given.value, label, input));
	}
	return readValue(field, given, scope, label);
}

function readValue(field: ValueField, given: Given, scope: FieldScope, label: string): unknown {
	return labelled(label, () => {
		const value = evaluated(field, given, scope);
		const located = isResourceLocatorValue(value);
		const context = {
			timezone: scope.timezone,
			mode: located ? value.mode : undefined,
			label,
			// What the node evaluated itself is as good as computed.
			computed: given.computed || value !== given.value,
			isTool: scope.node?.['@tool'] === true,
		};
		const parsed = parserOf(field)(located ? value.value : value, context);
		const isNeeded = field.required === true || field.neverEmpty === true;
		if (parsed === undefined && isNeeded) throw new MissingValue('must be filled in, and is empty');
		return parsed;
	});
}

function evaluated(field: ValueField, { value, computed }: Given, scope: FieldScope): unknown {
	const isHtml = field.typeOptions?.editor === 'htmlEditor' && !computed;
	if (!isHtml || typeof value !== 'string' || !scope.evaluator) return value;
	return withExpressions(value, scope.evaluator);
}

/** @returns what reads a field: its own parser, else that of its type */
function parserOf(field: ValueField): Parser {
	return field.parse ?? parserOfType(field);
}

function parserOfType({ type, options = [], typeOptions = {} }: ValueField): Parser {
	const isStatic = options.length > 0;
	switch (type) {
		case 'boolean':
			return boolean;
		case 'dateTime':
			return dateTime;
		case 'json':
			return json;
		case 'multiOptions':
			return list(isStatic ? option(options) : text);
		case 'number':
			return number({
				min: typeOptions.minValue,
				max: typeOptions.maxValue,
				decimals: typeOptions.numberPrecision !== undefined,
			});
		case 'options':
			return isStatic ? option(options) : text;
		default:
			return typeOptions.rows === undefined ? text : longText;
	}
}

/** What stands at a name or a position inside of something given. */
function inside({ value, raw, computed }: Given, key: string | number): Given {
	const at = (whole: unknown) => (whole as Record<string | number, unknown> | undefined)?.[key];
	const ownRaw = computed ? undefined : at(raw);
	return { value: at(value), raw: ownRaw, computed: computed || isComputed(ownRaw) };
}

function isComputed(raw: unknown): boolean {
	return isExpression(isResourceLocatorValue(raw) ? raw.value : raw);
}

function readCollection(
	field: CollectionField,
	given: Given,
	scope: FieldScope,
	label: string,
): Row | undefined {
	const { value } = given;
	if (!isMissing(value) && !isObject(value)) {
		throw new UserError(`${label} must be an object with the names of its fields`);
	}
	if (isMissing(value) && given.computed) scope.leftOut?.(label);
	const parsed: Row = {};
	const cleared = clearedTargets(field, given, scope);
	for (const inner of field.options) {
		if (!isObject(value) || !(inner.name in value)) continue;
		if (inner.target !== undefined && cleared.includes(inner.target)) {
			const entered = value[inner.name];
			const isFilled = !isMissing(entered) && JSON.stringify(entered) !== '{}';
			if (isFilled) scope.overruled?.(inner.displayName);
			continue;
		}
		if (!isShown(inner, parsed, scope.node)) continue;
		const own = inside(given, inner.name);
		const found = read(inner, own, scope, '');
		if (found !== undefined) parsed[inner.name] = found;
		else if (own.computed) scope.leftOut?.(`${label}: ${inner.displayName}`);
	}
	if (Object.keys(parsed).length > 0) return parsed;
	if (field.atLeastOne) throw new UserError(`${label} must have at least one field with a value`);
	return undefined;
}

/** @returns the targets that a field of the collection clears, whatever else was filled in for them */
function clearedTargets(field: CollectionField, given: Given, scope: FieldScope): string[] {
	const clearing = field.options.find((inner) => 'clears' in inner);
	if (!clearing || !isObject(given.value)) return [];
	const places = read(clearing, inside(given, clearing.name), scope, '') as string[] | undefined;
	return (places ?? []).map((place) => `body.${place}`);
}

function readRows(field: RowsField, given: Given, scope: FieldScope, label: string): unknown {
	const [group] = field.options;
	if (!isMissing(given.value) && !isObject(given.value)) {
		throw new UserError(`${label} must be an object such as {"${group.name}": …}`);
	}
	const inner = inside(given, group.name);
	const several = field.typeOptions?.multipleValues === true;
	const rows = Array.isArray(inner.value)
		? inner.value.map((_, index) => inside(inner, index))
		: isMissing(inner.value)
			? []
			: [inner];
	const parsed: Row[] = [];
	const problems: UserError[] = [];
	for (const [index, row] of rows.entries()) {
		const rowLabel = several ? `${label}, row ${String(index + 1)}` : label;
		try {
			parsed.push(readRow(group.values, row, scope, rowLabel));
		} catch (error) {
			if (!(error instanceof UserError)) throw error as Error;
			problems.push(error);
		}
	}
	if (problems.length > 0) throw allOf(problems);
	return labelled(label, () => field.combine(parsed));
}

/** How many rows are told that have something wrong; a hundred would say no more. */
const MOST_PROBLEMS = 3;

function allOf(problems: UserError[]): UserError {
	const told = problems.slice(0, MOST_PROBLEMS).map(({ message }) => message);
	const more = problems.length - told.length;
	if (more > 0) told.push(`and ${String(more)} more ${more === 1 ? 'row' : 'rows'}`);
	return new UserError(told.join('; '));
}

function readRow(fields: ValueField[], given: Given, scope: FieldScope, label: string): Row {
	const { value } = given;
	if (!isObject(value)) throw new UserError(`${label} must be an object`);
	const row: Row = {};
	const missing: { name: string; error: Error }[] = [];
	for (const field of fields) {
		if (!isShown(field, row, scope.node)) continue;
		const own = field.name in value ? inside(given, field.name) : asDefault(field);
		const found = orMissing(() => read(field, own, scope, `${label}, `));
		if (found instanceof MissingValue) missing.push({ name: field.displayName, error: found });
		else if (found !== undefined) row[field.name] = found;
		else if (!field.mayBeEmpty && (own.computed || field.type === 'options')) {
			const problem = own.computed ? 'is an expression that gave nothing' : 'must be chosen';
			throw new UserError(`${label}, ${field.displayName} ${problem}`);
		}
	}
	const [first, ...others] = missing;
	if (first && others.length === 0) throw first.error;
	if (first)
		throw new UserError(`${label}, must have ${missing.map(({ name }) => name).join(', ')}`);
	return row;
}

function orMissing(readField: () => unknown): unknown {
	try {
		return readField();
	} catch (error) {
		if (error instanceof MissingValue) return error;
		throw error as Error;
	}
}

function asDefault({ default: value }: INodeProperties): Given {
	return { value, raw: value, computed: false };
}

import type { SchemaObject } from 'ajv';

/**
 * What a value is, as short as JSON can say it:
 *
 * - `"string"`, `"integer"`, `"number"`, `"boolean"`, `"null"`, `"any"`;
 * - `"string<date>"`: in a format; `"integer<1..1000>"`, `"integer<0..>"`: in a range; `"string(a|b)"`: one of these;
 *   `"string<list>(a|b)"`: some of these with commas between them; `"string | null"`: or null;
 * - `["integer"]`: a list;
 * - `{ "id": "integer", "name?": "string" }`: an object with these keys and no others, where `?` marks
 *   what may be missing; under `*` what all other keys have, under `#` how many keys there are at least, under
 *   `#any` keys of which one has to be there;
 * - `{ "|": ["string", ["string"]] }`: one of several;
 * - `"$tag"`: the shape of this name in the table.
 */
export type Shape = string | readonly Shape[] | ShapeOfObject;

export interface ShapeOfObject {
	readonly [key: string]: Shape;
}

/** One operation of Kit's or Maton's. */
export interface Operation {
	/** The types of those path parameters that are not integers */
	readonly path?: ShapeOfObject;
	readonly query?: Shape;
	/** Left out where the operation takes none */
	readonly body?: Shape;
	/** By status, or by several with blanks between them; `none` for an answer without a body */
	readonly answers: ShapeOfObject;
	/** Whether Kit's own API keys do not suffice */
	readonly oauth?: boolean;
}

/** Operations by `GET /v4/tags/{id}`, and the shapes that they share. */
export interface Table {
	readonly shapes: Readonly<Record<string, Shape>>;
	readonly operations: Readonly<Record<string, Operation>>;
}

/** An answer without a body. */
export const NONE = 'none';

/** What path parameters are where nothing else is said. */
export const USUAL_IN_PATH = 'integer';

const SCALAR = /^(any|null|string|integer|number|boolean)(?:<(.+)>)?(?:\((.+)\))?( \| null)?$/;
const LIST = 'list';
const RANGE = /^(-?\d+)\.\.(-?\d+)?$/;

type Formats = Readonly<Record<string, RegExp | true | ((text: string) => boolean)>>;

function isTimeZone(name: string): boolean {
	try {
		return new Intl.DateTimeFormat('en-US', { timeZone: name }).format(0) !== '';
	} catch {
		return false;
	}
}

/** The formats that a request is to be sent in and an answer to come in. Others are names only. */
const SENT: Formats = {
	/** A day, `yyyy-mm-dd` */
	date: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/,
	/** A moment in ISO 8601, in UTC */
	'date-time': /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$/,
	/** A moment in ISO 8601, in any time zone */
	'local-date-time':
		/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
	uuid: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/,
	country: /^[A-Z]{2}$/,
};

const ADDRESS = String.raw`[^\s@,]+@[^\s@,]+\.[^\s@,.]+`;

/** The formats that Kit judges, so that whoever asks may send something else and be refused. */
const JUDGED: Formats = {
	/** Not blank */
	filled: /\S/,
	email: new RegExp(`^${ADDRESS}$`),
	/** One or several with commas between them */
	emails: new RegExp(`^${ADDRESS}(,${ADDRESS})*$`),
	/** Of the IANA */
	'time-zone': isTimeZone,
	/** Of the web */
	url: (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
	/** Such as `#ff0000` or `#f00` */
	color: /^#([\da-f]{3}|[\da-f]{6})$/i,
};

/** All formats as Kit judges them, and as whoever asks has to keep to them; true where anything goes. */
export const FORMATS: Readonly<Record<'judged' | 'sent', Formats>> = {
	judged: { ...SENT, ...JUDGED },
	sent: { ...SENT, ...Object.fromEntries(Object.keys(JUDGED).map((name) => [name, true])) },
};

/** Whether something is an object and no list. */
export function isObjectShape(shape: Shape): shape is ShapeOfObject {
	return typeof shape === 'object' && !Array.isArray(shape);
}

/** The name of a key, and whether it may be missing. */
export function keyOf(key: string): { name: string; isOptional: boolean } {
	const isOptional = key.endsWith('?');
	return { name: isOptional ? key.slice(0, -1) : key, isOptional };
}

function schemaOfScalar(text: string): SchemaObject {
	const [, type = '', detail, choices, orNull] = SCALAR.exec(text) ?? [];
	if (type === '') throw new Error(`Not a shape: ${text}`);
	const [, least, most] = RANGE.exec(detail ?? '') ?? [];
	return {
		...(type !== 'any' && { type: orNull === undefined ? type : [type, 'null'] }),
		...(least !== undefined && { minimum: Number(least) }),
		...(most !== undefined && { maximum: Number(most) }),
		...(detail !== undefined && detail in FORMATS.sent && { format: detail }),
		...(choices !== undefined && detail === LIST && { pattern: `^(${choices})(,(${choices}))*$` }),
		...(choices !== undefined &&
			detail !== LIST && {
				enum: [...choices.split('|'), ...(orNull === undefined ? [] : [null])],
			}),
	};
}

function schemaOfObject(shape: ShapeOfObject, shapes: Table['shapes']): SchemaObject {
	const { '*': others, '#': least, '#any': oneOf, ...keys } = shape;
	const entries = Object.entries(keys).map(([key, inner]) => ({ ...keyOf(key), inner }));
	return {
		type: 'object',
		properties: Object.fromEntries(
			entries.map(({ name, inner }) => [name, schemaOf(inner, shapes)]),
		),
		required: entries.filter(({ isOptional }) => !isOptional).map(({ name }) => name),
		additionalProperties: others === undefined ? false : schemaOf(others, shapes),
		...(least !== undefined && { minProperties: Number(least) }),
		...(Array.isArray(oneOf) && {
			anyOf: (oneOf as string[]).map((name) => ({ required: [name] })),
		}),
	};
}

/**
 * @param shape in the notation
 * @param shapes those that it may name
 * @returns the same as JSON Schema
 */
export function schemaOf(shape: Shape, shapes: Table['shapes'] = {}): SchemaObject {
	if (typeof shape === 'string') {
		return shape.startsWith('$') ? schemaOf(named(shape, shapes), shapes) : schemaOfScalar(shape);
	}
	if (!isObjectShape(shape)) return { type: 'array', items: schemaOf(shape[0] ?? 'any', shapes) };
	const alternatives = shape['|'];
	if (Array.isArray(alternatives)) {
		return { anyOf: (alternatives as Shape[]).map((one) => schemaOf(one, shapes)) };
	}
	return schemaOfObject(shape, shapes);
}

/**
 * @param reference such as `$tag`
 * @param shapes of the table
 * @returns the shape of that name
 */
export function named(reference: string, shapes: Table['shapes']): Shape {
	const shape = shapes[reference.slice(1)];
	if (shape === undefined) throw new Error(`There is no shape ${reference}`);
	return shape;
}

/**
 * @param shape that may name others
 * @param shapes those that it may name
 * @returns it with those in their places
 */
export function expanded(shape: Shape, shapes: Table['shapes']): Shape {
	if (typeof shape === 'string') {
		return shape.startsWith('$') ? expanded(named(shape, shapes), shapes) : shape;
	}
	if (!isObjectShape(shape)) return shape.map((one) => expanded(one, shapes));
	return Object.fromEntries(
		Object.entries(shape).map(([key, inner]) => [key, expanded(inner, shapes)]),
	);
}

import type { ErrorObject } from 'ajv';
import type { Problem } from '../../sandbox/facts/contract';

/** So many words of a choice are still named. */
const MOST_CHOICES = 8;

/** The name of a key, where it cannot be anything but a word of Kit's. */
const word = (key: string) =>
	/^[a-z_]{1,30}$/.test(key) ? key : `(a key of ${String(key.length)} characters)`;

/** What a value is, and nothing that is in it. */
function kindOf(value: unknown): string {
	if (value === null) return 'null';
	if (Array.isArray(value)) return `a list of ${String(value.length)}`;
	if (typeof value === 'string') return `a text of ${String(value.length)} characters`;
	if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a decimal';
	return typeof value === 'object' ? 'an object' : typeof value;
}

/**
 * The place of a fault by the names in what is known, and not by those in the answer, which may be a
 * person's own: `#/properties/tags/items/properties/id/type` is `.tags[].id`.
 */
function placeOf({ schemaPath }: ErrorObject): string {
	const steps = schemaPath.split('/').slice(1, -1);
	let place = '';
	while (steps.length > 0) {
		const step = steps.shift();
		if (step === 'properties') place += `.${steps.shift() ?? ''}`;
		else if (step === 'items') place += '[]';
		else if (step === 'additionalProperties') place += '.*';
		else if (step === 'anyOf') steps.shift();
	}
	return place;
}

function expected({ keyword, params, message = '' }: ErrorObject): string {
	const { allowedValues, format, type } = params as Record<string, unknown>;
	if (keyword === 'type') return `expected ${[type].flat().join(' or ')}`;
	if (keyword === 'format') return `expected a ${String(format)}`;
	if (keyword === 'anyOf') return 'expected one of several shapes';
	if (!Array.isArray(allowedValues)) return message;
	const choices = allowedValues.map(String);
	return choices.length > MOST_CHOICES
		? `expected one of ${String(choices.length)} words`
		: `expected one of ${choices.join(', ')}`;
}

function what(error: ErrorObject): string {
	const place = placeOf(error);
	const { missingProperty, additionalProperty } = error.params as Record<string, string>;
	if (missingProperty !== undefined) return `${place}.${missingProperty}: missing`;
	if (additionalProperty !== undefined) return `${place}.${word(additionalProperty)}: new`;
	return `${place}: differs: ${expected(error)}, got ${kindOf(error.data)}`;
}

const isWithin = (inner: ErrorObject, outer: ErrorObject) =>
	inner.schemaPath.startsWith(`${outer.schemaPath}/`) &&
	`${inner.instancePath}/`.startsWith(`${outer.instancePath}/`);

/**
 * Where one of several shapes is expected, the validator tells what is wrong with each. What is left is
 * what is wrong with the one that comes nearest, or that it is none, where it is of another type than all.
 */
function ofNearestShape(errors: ErrorObject[], either: ErrorObject): ErrorObject[] {
	const inside = errors.filter((error) => isWithin(error, either));
	const shapeOf = ({ schemaPath }: ErrorObject) =>
		schemaPath.slice(either.schemaPath.length).split('/')[1];
	const [nearest] = [...new Set(inside.map(shapeOf))]
		.map((shape) => inside.filter((error) => shapeOf(error) === shape))
		.filter((group) =>
			group.every(
				({ keyword, instancePath }) => keyword !== 'type' || instancePath !== either.instancePath,
			),
		)
		.sort((one, other) => one.length - other.length);
	const kept = nearest ?? [either];
	return errors.filter(
		(error) => kept.includes(error) || (error !== either && !inside.includes(error)),
	);
}

/**
 * @param problems of one request and its answer
 * @returns what differs, by place and kind alone: `GET /v4/tags 200 body.tags[].name: missing`
 */
export function differencesOf(problems: readonly Problem[]): string[] {
	const words = problems.flatMap(({ operation, part, error }) => {
		if (typeof error !== 'string') return [];
		// The path of what is not known may have anything in it.
		return [
			part === '' ? `A request ${error}` : `${operation} ${part.replace('answer ', '')}: ${error}`,
		];
	});
	const errors = problems.map(({ error }) => error).filter((error) => typeof error !== 'string');
	const left = errors
		.filter(({ keyword }) => keyword === 'anyOf')
		.sort((one, other) => other.schemaPath.length - one.schemaPath.length)
		.reduce(ofNearestShape, errors);
	const places = problems.flatMap(({ operation, part, error }) => {
		if (typeof error === 'string' || !left.includes(error)) return [];
		const [kind = '', status = ''] = part.split(' ');
		const inside = kind === 'answer' ? `${status} body` : part;
		return [`${operation} ${inside}${what(error)}`];
	});
	return [...new Set([...words, ...places])];
}

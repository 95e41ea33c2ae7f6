import type { ErrorObject } from 'ajv';
import type { KnownOperations } from '.';
import { isObjectShape } from './notation';
import type { Shape, ShapeOfObject } from './notation';
import { Schemas } from './schemas';

type Values = Readonly<Record<string, unknown>>;

/** What is wrong with a request, in a sentence like Kit's. */
export interface Flaw {
	/** Where it is: `/per_page`, `/tags/3/name` */
	readonly place: string;
	readonly sentence: string;
}

/** What a request says, typed as documented and without what is not. */
export interface Said {
	readonly query: Values;
	readonly body: Values;
	readonly flaws: readonly Flaw[];
}

/** The wrapper that Kit does not insist on, by its own clients. */
const WRAPPERS: Readonly<Record<string, string>> = { 'POST /v4/purchases': 'purchase' };

/** What Kit's document requires and Kit does without: a product need not have a stock keeping unit. */
const FORGIVEN = /^\/purchase\/products\/\d+\/sku$/;

/** A blank list of addresses is a malformed one; otherwise blank parameters are not given. */
const NEVER_BLANK = 'string<emails>';

const MOMENT = 'string<date-time>';

/** A moment in any zone as Kit writes it, in UTC; one without a zone is in UTC. */
function momentOf(text: string): string | undefined {
	const hasZone = !/[T ]\d/.test(text) || /(Z|[+-]\d\d:?\d\d)$/i.test(text);
	const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(hasZone ? text : `${text}Z`) : NaN;
	return Number.isNaN(time) ? undefined : `${new Date(time).toISOString().slice(0, 19)}Z`;
}

const WORDS: Readonly<Record<string, boolean>> = { true: true, false: false, 1: true, 0: false };

/** A scalar as the type that it is documented to have, where it can be read as such. */
export function typed(value: unknown, shape: string): unknown {
	if (typeof value !== 'string') {
		const isText = typeof value === 'number' || typeof value === 'boolean';
		return isText && shape.startsWith('string') ? String(value) : value;
	}
	if (shape.startsWith('boolean')) return WORDS[value] ?? value;
	if (shape.startsWith(MOMENT)) return momentOf(value) ?? value;
	return /^(number|integer)/.test(shape) && value.trim() !== '' ? Number(value) : value;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is documented of a value. Kit passes over the rest, but not where it tells alternatives apart. */
function documented(value: unknown, shape: Shape): unknown {
	if (typeof shape === 'string') return typed(value, shape);
	if (!isObjectShape(shape)) {
		return Array.isArray(value) ? value.map((one) => documented(one, shape[0] ?? 'any')) : value;
	}
	const alternatives = shape['|'] as readonly Shape[] | undefined;
	if (!isObject(value)) {
		const list = alternatives?.find((one) => Array.isArray(one));
		return list === undefined ? value : documented(value, list);
	}
	const shapes = (alternatives ?? [shape]).filter(isObjectShape);
	const entries = Object.entries(value).flatMap(([key, inner]) => {
		const all = shapes.map((one) => one[key] ?? one[`${key}?`] ?? one['*']);
		const own = all.find((one) => one !== undefined);
		if (own !== undefined) return [[key, documented(inner, own)]];
		return alternatives === undefined ? [] : [[key, inner]];
	});
	return Object.fromEntries(entries);
}

/** A query as it is documented. Of a parameter that comes twice the last one counts. */
export function queryOf(query: Values, shape: ShapeOfObject): Values {
	const given = Object.entries(query).flatMap(([key, value]: [string, unknown]) => {
		const last: unknown = Array.isArray(value) ? value.at(-1) : value;
		const isBlank = last === '' && (shape[key] ?? shape[`${key}?`]) !== NEVER_BLANK;
		return isBlank ? [] : [[key, last]];
	});
	return documented(Object.fromEntries(given), shape) as Values;
}

/** Of errors about alternatives those about the one that fits best. */
function bestOf(errors: readonly ErrorObject[]): ErrorObject[] {
	const groups = new Map<string, ErrorObject[]>();
	for (const error of errors) {
		const group = /^.*\/anyOf\/\d+/.exec(error.schemaPath)?.[0] ?? '';
		groups.set(group, [...(groups.get(group) ?? []), error]);
	}
	const whole = groups.get('') ?? [];
	groups.delete('');
	// What an alternative is told by, such as its type, weighs more than what it lacks.
	const weight = (group: readonly ErrorObject[]) =>
		group.reduce((sum, { keyword }) => sum + (keyword === 'enum' ? 2 : 1), 0);
	const [best] = [...groups.values()].sort((a, b) => weight(a) - weight(b));
	return best ? [...whole.filter(({ keyword }) => keyword !== 'anyOf'), ...best] : whole;
}

function flawOf({ instancePath, keyword, params, data }: ErrorObject): Flaw {
	const missing = keyword === 'required' ? `/${String(params.missingProperty)}` : '';
	const place = `${instancePath}${missing}`;
	const name =
		place
			.split('/')
			.filter((part) => !/^\d*$/.test(part))
			.at(-1) ?? 'request';
	const label = `${name.slice(0, 1).toUpperCase()}${name.slice(1).replaceAll('_', ' ')}`;
	const isBlank = missing !== '' || (typeof data === 'string' && data.trim() === '');
	const choices: unknown = params.allowedValues;
	if (isBlank && !Array.isArray(choices)) return { place, sentence: `${label} can't be blank` };
	if (!Array.isArray(choices)) return { place, sentence: `${label} is invalid` };
	return {
		place,
		sentence: `${label} must be one of: ${choices.filter((choice) => choice !== null).join(', ')}`,
	};
}

const schemas = new Schemas('judged');

/** What in a value is not as its shape has it. */
function flawsOf(shape: Shape, value: unknown): Flaw[] {
	return bestOf(schemas.errors(shape, value)).map(flawOf);
}

/** Reads requests by what is known of the operation. */
export class Requests {
	constructor(private readonly known: KnownOperations) {}

	/**
	 * @param name of the operation
	 * @param query as it was parsed
	 * @param sent the body as it was parsed; undefined where there is none
	 */
	read(name: string, query: Values, sent: unknown): Said {
		const facts = this.known.of(name, query);
		const said = queryOf(query, facts.query);
		const shape = facts.body ?? {};
		const wrapper = WRAPPERS[name];
		const given = isObject(sent) ? sent : {};
		const isBare = wrapper !== undefined && !(wrapper in given);
		const body = documented(isBare ? { [wrapper]: given } : given, shape);
		const flaws = [...flawsOf(facts.query, said), ...flawsOf(shape, body)];
		return {
			query: said,
			body: isObject(body) ? body : {},
			flaws: flaws.filter(({ place }) => !FORGIVEN.test(place)),
		};
	}
}

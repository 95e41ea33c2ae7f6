import type { Shape, ShapeOfObject } from './notation';
import { isObjectShape } from './notation';

/** Where a fact that Kit's document does not have is from. */
export interface Origin {
	/** Who says so: a page, a client, an example of the document itself */
	readonly source: string;
	/** Since when it is known, `yyyy-mm-dd`; the first of a month where no more than that is */
	readonly since: string;
	/** Why it is to be believed rather than the document */
	readonly because: string;
}

/** What a query has to say for something to hold. */
export interface Condition {
	readonly query: string;
	/** One of its values, between commas */
	readonly has: string;
	/** True where it must not say so */
	readonly not?: boolean;
}

/** A change of the facts that were read off Kit's document. */
export interface Correction extends Origin {
	/** `GET /v4/tags/{id}`, several of them, or `*` for all that have the place */
	readonly of: string | readonly string[];
	/** `query`, `body` or a status, and the keys below it: `body.products[]`; `answers` for all below 300 */
	readonly at: string | readonly string[];
	/** Requests for which alone it holds */
	readonly when?: Condition;
	/** Keys that are there besides */
	readonly add?: ShapeOfObject;
	/** Keys that may be missing; `all` of them */
	readonly optional?: readonly string[] | 'all';
	/** Keys whose value may be null */
	readonly nullable?: readonly string[];
	/** Keys with another value */
	readonly set?: ShapeOfObject;
	/** What stands there instead, where keys do not say it */
	readonly is?: Shape;
	/** One more of several shapes that it may have */
	readonly or?: Shape;
}

/** Thrown where the facts are what a correction makes of them already. */
export class Unneeded extends Error {}

/** The parts of an object, to be changed. */
type Draft = Record<string, Shape>;

/** The key of an object by its name alone, with the mark that it has. */
const keyIn = (shape: Draft, name: string) =>
	[name, `${name}?`].find((key) => Object.hasOwn(shape, key));

const isNullable = (shape: Shape) =>
	shape === 'any' ||
	(typeof shape === 'string' && shape.endsWith(' | null')) ||
	(isObjectShape(shape) && Array.isArray(shape['|']) && shape['|'].includes('null'));

function orNull(shape: Shape): Shape {
	return typeof shape === 'string' ? `${shape} | null` : { '|': [shape, 'null'] };
}

/** Replaces a key where it stands, or adds it. */
function renamed(shape: Draft, from: string | undefined, to: string, value: Shape): Draft {
	if (from === undefined) return { ...shape, [to]: value };
	return Object.fromEntries(
		Object.entries(shape).map(([key, inner]) => (key === from ? [to, value] : [key, inner])),
	);
}

/**
 * Makes the change to one object. What it says already is a mistake, so that no correction outlives the
 * fault that it was made for.
 */
function changedObject(shape: Draft, correction: Correction): Draft {
	let changed = shape;
	const stale = (what: string) => new Unneeded(`needs no correction of ${what} any more`);
	const existing = (name: string) => {
		const key = keyIn(changed, name);
		if (key === undefined) throw new Error(`has no ${name}`);
		return key;
	};
	for (const [key, value] of Object.entries(correction.add ?? {})) {
		if (keyIn(changed, key.replace('?', '')) !== undefined) throw stale(key);
		changed = { ...changed, [key]: value };
	}
	for (const [name, value] of Object.entries(correction.set ?? {})) {
		const key = existing(name);
		if (JSON.stringify(changed[key]) === JSON.stringify(value)) throw stale(name);
		changed = renamed(changed, key, key, value);
	}
	for (const name of correction.nullable ?? []) {
		const key = existing(name);
		const value = changed[key] ?? '';
		if (isNullable(value)) throw stale(name);
		changed = renamed(changed, key, key, orNull(value));
	}
	const optional =
		correction.optional === 'all'
			? Object.keys(changed).filter((key) => /^[^#*].*[^?]$/.test(key))
			: (correction.optional ?? []);
	for (const name of optional) {
		const key = existing(name);
		if (key.endsWith('?')) throw stale(name);
		changed = renamed(changed, key, `${name}?`, changed[key] ?? '');
	}
	return changed;
}

function withOneMore(shapes: readonly Shape[], one: Shape): Shape[] {
	const known = shapes.some((shape) => JSON.stringify(shape) === JSON.stringify(one));
	if (known) throw new Unneeded('needs no further shape any more');
	return [...shapes, one];
}

/**
 * @param shape in which the place is
 * @param way to the place, a key or `[]` each
 * @param correction to be made there
 * @returns the shape with it; throws where there is no such place, or nothing to correct
 */
export function corrected(shape: Shape, way: readonly string[], correction: Correction): Shape {
	const [step, ...rest] = way;
	if (typeof shape !== 'string' && isObjectShape(shape) && Array.isArray(shape['|'])) {
		if (step === undefined && correction.is !== undefined) return correction.is;
		if (step === undefined && correction.or !== undefined) {
			return { '|': withOneMore(shape['|'] as Shape[], correction.or) };
		}
		// What may be null besides is corrected as what it is otherwise.
		const [first = '', ...others] = shape['|'] as Shape[];
		return { '|': [corrected(first, way, correction), ...others] };
	}
	if (step === undefined) {
		if (correction.is !== undefined) return correction.is;
		if (!isObjectShape(shape)) throw new Error('is no object');
		return changedObject({ ...shape }, correction);
	}
	if (step === '[]') {
		if (typeof shape === 'string' || isObjectShape(shape)) throw new Error('is no list');
		return [corrected(shape[0] ?? '', rest, correction)];
	}
	const key = isObjectShape(shape) ? keyIn({ ...shape }, step) : undefined;
	if (!isObjectShape(shape) || key === undefined) throw new Error(`has no ${step}`);
	return { ...shape, [key]: corrected(shape[key] ?? '', rest, correction) };
}

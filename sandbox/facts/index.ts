import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ADDITIONS } from './additions';
import type { Condition, Correction } from './change';
import { corrected, Unneeded } from './change';
import { BY_NAME, CORRECTIONS } from './corrections';
import type { Operation, Shape, ShapeOfObject, Table } from './notation';
import { expanded, isObjectShape, keyOf } from './notation';

/** The facts that `npm run kit-facts` makes of Kit's document. */
export const TABLE_FILE = join(__dirname, 'kit.json');

type Query = Readonly<Record<string, unknown>>;

/** An operation with nothing left to look up. */
export interface Facts {
	readonly query: ShapeOfObject;
	readonly path: ShapeOfObject;
	readonly body?: Shape;
	/** By status, one each */
	readonly answers: Readonly<Record<string, Shape>>;
}

/** @returns the facts of Kit's document as they stand in the repository */
export function readTable(): Table {
	return JSON.parse(readFileSync(TABLE_FILE, 'utf8')) as Table;
}

/** Each status on its own. */
export function byStatus(answers: ShapeOfObject): Record<string, Shape> {
	return Object.fromEntries(
		Object.entries(answers).flatMap(([statuses, shape]) =>
			statuses.split(' ').map((status) => [status, shape]),
		),
	);
}

/** What is known of a value by the name that Kit has for it, where the document says little. */
function withFormats(shape: Shape, part: keyof typeof BY_NAME): Shape {
	if (typeof shape === 'string') return shape;
	if (!isObjectShape(shape)) return shape.map((one) => withFormats(one, part));
	return Object.fromEntries(
		Object.entries(shape).map(([key, inner]) => {
			const rule = BY_NAME[part].find(({ named }) => named.test(keyOf(key).name));
			if (typeof inner !== 'string') return [key, withFormats(inner, part)];
			const [, isAny, orNull] = /^(?:(any)|string|number)( \| null)?$/.exec(inner) ?? [];
			if (rule === undefined || /[<(]|integer|boolean/.test(inner)) return [key, inner];
			const mayBeNull = part === 'body' && (isAny ?? orNull) !== undefined;
			return [key, `${rule.is}${mayBeNull ? ' | null' : ''}`];
		}),
	);
}

function factsOf(operation: Operation, shapes: Table['shapes']): Facts {
	const { path = {}, query = {}, body } = operation;
	const answers = Object.entries(byStatus(operation.answers)).map(([status, shape]) => [
		status,
		withFormats(expanded(shape, shapes), 'body'),
	]);
	return {
		path,
		query: withFormats(expanded(query, shapes), 'query') as ShapeOfObject,
		...(body !== undefined && { body: withFormats(expanded(body, shapes), 'body') }),
		answers: Object.fromEntries(answers) as Record<string, Shape>,
	};
}

const listOf = <T>(one: T | readonly T[]) => (Array.isArray(one) ? one : [one]) as readonly T[];

/** The steps to a place: `body.products[]` is `body`, `products`, `[]`. */
const stepsTo = (place: string) => place.replaceAll('[]', '.[]').split('.');

function placesIn(facts: Facts, { at }: Correction): string[] {
	return listOf(at).flatMap((place) => {
		if (!place.startsWith('answers')) return /^\d/.test(place) ? [`answers.${place}`] : [place];
		const good = Object.keys(facts.answers).filter((status) => Number(status) < 300);
		return good.map((status) => `answers.${status}${place.slice('answers'.length)}`);
	});
}

function hasPlace(facts: Facts, place: string): boolean {
	let shape: Shape | undefined = facts as unknown as ShapeOfObject;
	for (const step of stepsTo(place)) {
		const object: ShapeOfObject = Object(shape) as ShapeOfObject;
		shape = step === '[]' ? object[0] : (object[step] ?? object[`${step}?`]);
	}
	return shape !== undefined;
}

/** Whether something may be put in a place where there is nothing: a body, or the answer of a status. */
const isWhole = (place: string) => /^(body|answers\.\d+)$/.test(place);

function withWhole(facts: Facts, place: string, shape: Shape): Facts {
	const [part, status = ''] = place.split('.');
	if (part === 'body') return { ...facts, body: shape };
	return { ...facts, answers: { ...facts.answers, [status]: shape } };
}

function withCorrection(name: string, facts: Facts, correction: Correction): Facts {
	const { of, at, is } = correction;
	const places = placesIn(facts, correction);
	const there = places.filter((place) => hasPlace(facts, place));
	const [first = ''] = places;
	if (there.length === 0 && of === '*') return facts;
	if (there.length === 0 && isWhole(first) && is !== undefined) return withWhole(facts, first, is);
	if (there.length === 0) throw new Error(`${name} has no ${listOf(at).join(' or ')} to correct`);
	return there.reduce((changed, place) => {
		try {
			return corrected(changed as unknown as Shape, stepsTo(place), correction) as unknown as Facts;
		} catch (error) {
			if (error instanceof Unneeded && of === '*') return changed;
			throw new Error(`${name} ${place} ${(error as Error).message}`);
		}
	}, facts);
}

function holds({ query: name, has, not = false }: Condition, query: Query): boolean {
	const value = query[name];
	const words = typeof value === 'string' ? value.split(',') : [];
	const isSaid = words.includes(has) || (has === 'true' && words.includes('1'));
	return isSaid !== not;
}

interface Route {
	readonly name: string;
	readonly method: string;
	readonly pattern: readonly string[];
}

const paramsIn = ({ pattern }: Route) => pattern.filter((part) => part.startsWith('{')).length;

function routeOf(name: string): Route {
	const [method = '', path = ''] = name.split(' ');
	return { name, method, pattern: path.split('/') };
}

/** An operation, and what holds of it depending on the query. */
interface Entry {
	readonly facts: Facts;
	readonly conditional: readonly Correction[];
	readonly variants: Map<string, Facts>;
}

function entryOf(name: string, operation: Operation, shapes: Table['shapes']): Entry {
	const own = CORRECTIONS.filter(({ of }) => of === '*' || listOf(of).includes(name));
	const always = own.filter(({ when }) => when === undefined);
	const conditional = own.filter(({ when }) => when !== undefined);
	const withAll = (facts: Facts, corrections: readonly Correction[]) =>
		corrections.reduce((changed, one) => withCorrection(name, changed, one), facts);
	const facts = withAll(factsOf(operation, shapes), always);
	// What cannot be made is to be known at once, and not by the first request of its kind.
	withAll(facts, conditional);
	return { facts, conditional, variants: new Map() };
}

/** All that is known of Kit's and Maton's operations. */
export class KnownOperations {
	private readonly entries: ReadonlyMap<string, Entry>;

	private readonly routes: readonly Route[];

	/** @param table of Kit's document; throws where a correction or an addition is no longer needed */
	constructor({ operations, shapes }: Table = readTable()) {
		const added = ADDITIONS.flatMap((addition) => Object.entries(addition.operations));
		const known = added.find(([name]) => name in operations);
		if (known) throw new Error(`${known[0]} is in Kit's document by now`);
		this.entries = new Map(
			[...Object.entries(operations), ...added].map(([name, operation]) => [
				name,
				entryOf(name, operation, shapes),
			]),
		);
		const gone = CORRECTIONS.flatMap(({ of }) => listOf(of)).find(
			(name) => name !== '*' && !this.entries.has(name),
		);
		if (gone !== undefined) throw new Error(`There is no ${gone} to correct`);
		// `/broadcasts/stats` is itself and not the broadcast `stats`.
		this.routes = this.names()
			.map(routeOf)
			.sort((one, other) => paramsIn(one) - paramsIn(other));
	}

	/** @returns all operations, as `GET /v4/tags/{id}` */
	names(): string[] {
		return [...this.entries.keys()];
	}

	/**
	 * @param method of a request
	 * @param path of the request, from `/v4` on for Kit's
	 * @returns the operation, and what stands for its path parameters
	 */
	find(method: string, path: string): { name: string; params: Record<string, string> } | undefined {
		const parts = path.split('/');
		const found = this.routes.find(
			(route) =>
				route.method === method &&
				route.pattern.length === parts.length &&
				route.pattern.every((part, index) => part.startsWith('{') || part === parts[index]),
		);
		if (!found) return undefined;
		const params = found.pattern.flatMap((part, index) =>
			part.startsWith('{') ? [[part.slice(1, -1), parts[index] ?? '']] : [],
		);
		return { name: found.name, params: Object.fromEntries(params) as Record<string, string> };
	}

	/**
	 * @param name of an operation
	 * @param query of a request, on which some of the facts depend
	 * @returns what holds for the request; the same object where the same holds
	 */
	of(name: string, query: Query): Facts {
		const entry = this.entries.get(name);
		if (!entry) throw new Error(`There is no operation ${name}`);
		const { facts, conditional, variants } = entry;
		const met = conditional.filter(({ when }) => when && holds(when, query));
		if (met.length === 0) return facts;
		const key = met.map((one) => conditional.indexOf(one)).join();
		const variant =
			variants.get(key) ??
			met.reduce((changed, correction) => withCorrection(name, changed, correction), facts);
		variants.set(key, variant);
		return variant;
	}
}

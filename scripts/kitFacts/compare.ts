import { byStatus } from '../../sandbox/facts';
import type { Operation, Shape, Table } from '../../sandbox/facts/notation';
import { expanded, isObjectShape, keyOf } from '../../sandbox/facts/notation';

/** Facts by their place, such as `GET /v4/tags 200 tags[].id`. */
type Facts = Map<string, string>;

function add(facts: Facts, place: string, shape: Shape, mark: string): void {
	if (typeof shape === 'string') {
		facts.set(place, `${shape}${mark}`);
		return;
	}
	if (!isObjectShape(shape)) {
		facts.set(place, `list${mark}`);
		add(facts, `${place}[]`, shape[0] ?? 'any', '');
		return;
	}
	const alternatives = shape['|'];
	facts.set(place, `${alternatives === undefined ? 'object' : 'one of several'}${mark}`);
	if (Array.isArray(alternatives)) {
		(alternatives as Shape[]).forEach((one, index) => {
			add(facts, `${place}|${String(index + 1)}`, one, '');
		});
		return;
	}
	for (const [key, inner] of Object.entries(shape)) {
		const { name, isOptional } = keyOf(key);
		add(facts, `${place}.${name}`, inner, isOptional ? ', optional' : '');
	}
}

function addOperation(facts: Facts, name: string, operation: Operation, shapes: Table['shapes']) {
	const { path, query, body, answers, oauth = false } = operation;
	facts.set(name, oauth ? 'with OAuth only' : 'with any key');
	const parts = { path, query, body, ...byStatus(answers) };
	for (const [part, shape] of Object.entries(parts)) {
		if (shape !== undefined) add(facts, `${name} ${part}`, expanded(shape, shapes), '');
	}
}

function factsOf({ shapes, operations }: Table): Facts {
	const facts: Facts = new Map();
	for (const [name, operation] of Object.entries(operations)) {
		addOperation(facts, name, operation, shapes);
	}
	return facts;
}

/**
 * @param before the facts as they were
 * @param now the facts as they are
 * @returns a line for each fact that is new (`+`), gone (`-`) or changed (`~`), in order of their places
 */
export function differences(before: Table, now: Table): string[] {
	const old = factsOf(before);
	const current = factsOf(now);
	return [...new Set([...old.keys(), ...current.keys()])].sort().flatMap((place) => {
		const [was, is] = [old.get(place), current.get(place)];
		if (was === is) return [];
		if (was === undefined) return [`+ ${place}: ${is ?? ''}`];
		return is === undefined ? [`- ${place}: ${was}`] : [`~ ${place}: ${was} → ${is}`];
	});
}

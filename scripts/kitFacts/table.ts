import type { Operation, Shape, ShapeOfObject, Table } from '../../sandbox/facts/notation';
import { isObjectShape } from '../../sandbox/facts/notation';

/** Objects with fewer keys are as short as their names. */
const FEWEST_KEYS = 2;

/** What Kit answers wherever something is wrong. */
const ERRORS = '{errors:["string"]}';

/** The same text for the same shape, whatever the order of its keys. */
function textOf(shape: Shape): string {
	if (typeof shape === 'string') return JSON.stringify(shape);
	if (!isObjectShape(shape)) return `[${shape.map(textOf).join()}]`;
	const keys = Object.keys(shape).sort();
	return `{${keys.map((key) => `${key}:${textOf(shape[key] ?? '')}`).join()}}`;
}

/** What an object is, by the key under which it stands: a tag where that is `tags`. */
const singular = (key: string) => key.replace(/([^s])s$/, '$1');

/** What an operation is about, by its path: `tag` for `/v4/tags/{id}`. */
const subjectOf = (operation: string) =>
	singular(
		operation
			.split('/')
			.filter((part) => !part.startsWith('{'))
			.at(-1) ?? '',
	);

/** Gives names to the objects that occur more than once. */
class Shared {
	private readonly counts = new Map<string, number>();

	private readonly names = new Map<string, string>();

	readonly shapes: Record<string, Shape> = {};

	/** Counts the objects in a shape; what is in one that was there before is counted already. */
	count(shape: Shape): void {
		if (typeof shape === 'string') return;
		if (isObjectShape(shape)) {
			const text = textOf(shape);
			const before = this.counts.get(text) ?? 0;
			this.counts.set(text, before + 1);
			if (before > 0) return;
		}
		for (const inner of Object.values<Shape>(shape)) this.count(inner);
	}

	/**
	 * @param shape of something
	 * @param key under which it stands, or what else it is to be called
	 * @returns the shape with names in the place of what occurs more than once
	 */
	named(shape: Shape, key: string): Shape {
		if (typeof shape === 'string') return shape;
		if (!isObjectShape(shape)) return shape.map((one) => this.named(one, singular(key)));
		const text = textOf(shape);
		const known = this.names.get(text);
		if (known !== undefined) return `$${known}`;
		const inner = Object.fromEntries(
			Object.entries(shape).map(([name, one]) => [
				name,
				this.named(one, ['|', '*'].includes(name) ? key : name.replace('?', '')),
			]),
		);
		const isLong = Object.keys(shape).length >= FEWEST_KEYS || text === ERRORS;
		if (!isLong || (this.counts.get(text) ?? 0) < 2) return inner;
		const name = this.free(text === ERRORS ? 'errors' : key);
		this.names.set(text, name);
		this.shapes[name] = inner;
		return `$${name}`;
	}

	private free(wanted: string): string {
		let name = wanted;
		for (let number = 2; name in this.shapes; number += 1) name = `${wanted}${String(number)}`;
		return name;
	}
}

/** Statuses with the same answer together. */
function grouped(answers: ShapeOfObject): ShapeOfObject {
	const groups = new Map<string, { statuses: string[]; shape: Shape }>();
	for (const [status, shape] of Object.entries(answers)) {
		const text = textOf(shape);
		const group = groups.get(text) ?? { statuses: [], shape };
		groups.set(text, group);
		group.statuses.push(status);
	}
	return Object.fromEntries(
		[...groups.values()].map(({ statuses, shape }) => [statuses.join(' '), shape]),
	);
}

/**
 * @param facts operations, each with all that it has
 * @returns the same, with what they share in one place
 */
export function tableOf(facts: Readonly<Record<string, Operation>>): Table {
	const shared = new Shared();
	const operations = Object.entries(facts).map(([name, operation]) => ({
		name,
		operation: { ...operation, answers: grouped(operation.answers) },
	}));
	for (const { operation } of operations) {
		shared.count(operation.query ?? '');
		shared.count(operation.body ?? '');
		for (const shape of Object.values(operation.answers)) shared.count(shape);
	}
	const short = operations.map(({ name, operation }): [string, Operation] => [
		name,
		{
			...(operation.path && { path: operation.path }),
			...(operation.query && { query: shared.named(operation.query, 'query') }),
			...(operation.body !== undefined && {
				body: shared.named(operation.body, `${subjectOf(name)}Body`),
			}),
			answers: Object.fromEntries(
				Object.entries(operation.answers).map(([status, shape]) => [
					status,
					shared.named(shape, `${subjectOf(name)}Answer`),
				]),
			),
			...(operation.oauth === true && { oauth: true }),
		},
	]);
	const shapes = Object.entries(shared.shapes).sort(([one], [other]) => (one < other ? -1 : 1));
	return { shapes: Object.fromEntries(shapes), operations: Object.fromEntries(short) };
}

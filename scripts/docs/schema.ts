import type { Answers, CaseItems } from './answers';

/** The part of JSON Schema that n8n's editor reads; it takes no alternatives. */
export interface Schema {
	type: 'array' | 'boolean' | 'integer' | 'null' | 'number' | 'object' | 'string';
	properties?: Record<string, Schema>;
	/** Left out where every list was empty */
	items?: Schema;
}

/** Their keys are each account's own, so those of the sandbox say nothing about them. */
const ACCOUNTS_OWN = ['fields'];

function propertiesOf(row: object): Record<string, Schema> {
	const entries = Object.entries(row).map(([key, value]) => [
		key,
		ACCOUNTS_OWN.includes(key) ? { type: 'object' } : schemaOf(value),
	]);
	return Object.fromEntries(entries) as Record<string, Schema>;
}

function schemaOf(value: unknown): Schema {
	if (value === null || value === undefined) return { type: 'null' };
	if (Array.isArray(value)) {
		const items = value.map(schemaOf).reduce(withKeysOfBoth, { type: 'null' });
		return { type: 'array', ...(value.length > 0 && { items }) };
	}
	if (typeof value === 'object') return { type: 'object', properties: propertiesOf(value) };
	if (typeof value === 'number') return { type: Number.isInteger(value) ? 'integer' : 'number' };
	return { type: typeof value as 'string' | 'boolean' };
}

/** Puts two together: what is null or unknown in the one is as in the other. */
function combined(one: Schema, other: Schema, keys: (key: string) => boolean): Schema {
	if (one.type === 'null') return other;
	if (one.type === 'integer' && other.type === 'number') return other;
	if (one.type === 'array' && other.items) {
		return { ...one, items: one.items ? combined(one.items, other.items, keys) : other.items };
	}
	if (!one.properties) return one;
	const properties = { ...one.properties };
	for (const [key, more] of Object.entries(other.properties ?? {})) {
		const known = properties[key];
		if (known) properties[key] = combined(known, more, keys);
		else if (keys(key)) properties[key] = more;
	}
	return { type: 'object', properties };
}

function withKeysOfBoth(one: Schema, other: Schema): Schema {
	return combined(one, other, () => true);
}

function schemaOfRows(rows: CaseItems[number]): Schema {
	return rows.map(schemaOf).reduce(withKeysOfBoth);
}

/**
 * What an operation usually gives: the fields of its first case that gave anything. Fields that come
 * only with an option are left out, since they would be empty for who has not chosen it. Types that are
 * null or unknown there are taken from the other cases, and then from the other operations of the
 * resource, which mostly give the same record.
 */
function usualSchema(operation: string, answers: Answers): Schema {
	const [resource = ''] = operation.split('.');
	const others = [...answers].filter(
		([other]) => other !== operation && other.startsWith(`${resource}.`),
	);
	const cases = [...(answers.get(operation) ?? []), ...others.flatMap(([, items]) => items)];
	return cases.map(schemaOfRows).reduce((one, other) => combined(one, other, () => false));
}

/**
 * The files in which n8n's editor looks for the fields of an operation that has not run.
 * @param answers what the operations gave
 * @returns path inside a node's folder, and text
 */
export function schemaFiles(answers: Answers): Map<string, string> {
	return new Map(
		[...answers.keys()].map((operation) => [
			`__schema__/v1.0.0/${operation.replace('.', '/')}.json`,
			`${JSON.stringify(usualSchema(operation, answers))}\n`,
		]),
	);
}

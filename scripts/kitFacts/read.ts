import type { Operation, Shape, ShapeOfObject } from '../../sandbox/facts/notation';
import { NONE, USUAL_IN_PATH } from '../../sandbox/facts/notation';

/** What of OpenAPI 3.0's schemas Kit's document uses. */
interface Schema {
	type?: string;
	nullable?: boolean;
	format?: string;
	enum?: (string | null)[];
	items?: Schema;
	properties?: Record<string, Schema>;
	required?: string[];
	additionalProperties?: Schema | boolean;
	minProperties?: number;
	oneOf?: Schema[];
	anyOf?: Schema[];
	$ref?: string;
}

interface Parameter {
	in: string;
	name: string;
	required?: boolean;
	schema?: Schema;
}

interface Content {
	content?: Record<string, { schema?: Schema } | undefined>;
}

interface DocumentedOperation {
	parameters?: Parameter[];
	requestBody?: Content;
	responses: Record<string, Content>;
	security?: Record<string, unknown>[];
}

/** What is read of an OpenAPI document. */
export interface Document {
	paths: Record<string, Record<string, DocumentedOperation>>;
	components?: { schemas?: Record<string, Schema> };
}

type Schemas = Record<string, Schema>;

function scalarOf({ type = 'any', format, enum: choices, nullable = false }: Schema): string {
	const words = choices?.filter((one) => one !== null);
	return [
		type,
		format === undefined ? '' : `<${format}>`,
		words === undefined ? '' : `(${words.join('|')})`,
		// What may be anything may be null.
		nullable && type !== 'any' ? ' | null' : '',
	].join('');
}

function objectOf(schema: Schema, schemas: Schemas): ShapeOfObject {
	const { properties = {}, required = [], additionalProperties, minProperties } = schema;
	return {
		...(minProperties !== undefined && { '#': String(minProperties) }),
		...Object.fromEntries(
			Object.entries(properties).map(([name, inner]) => [
				required.includes(name) ? name : `${name}?`,
				propertyOf(name, inner, schemas),
			]),
		),
		...(typeof additionalProperties === 'object' && {
			'*': shapeOf(additionalProperties, schemas),
		}),
	};
}

/**
 * Custom fields by their keys: in the examples, of which the document's answers are made, those of some
 * account, with null where a subscriber has no value.
 */
const CUSTOM_FIELDS = { key: 'fields', shape: { '*': 'string | null' } };

function propertyOf(name: string, schema: Schema, schemas: Schemas): Shape {
	const isMade = schema.type === 'object' && schema.additionalProperties === undefined;
	return name === CUSTOM_FIELDS.key && isMade ? CUSTOM_FIELDS.shape : shapeOf(schema, schemas);
}

function shapeOf(schema: Schema, schemas: Schemas): Shape {
	const { $ref, type, items, nullable } = schema;
	const alternatives = schema.oneOf ?? schema.anyOf;
	const referred = $ref === undefined ? undefined : schemas[$ref.split('/').at(-1) ?? ''];
	if (referred) return shapeOf(referred, schemas);
	if (alternatives) return { '|': alternatives.map((one) => shapeOf(one, schemas)) };
	if (type !== 'array' && type !== 'object') return scalarOf(schema);
	const shape = type === 'array' ? [shapeOf(items ?? {}, schemas)] : objectOf(schema, schemas);
	return nullable === true ? { '|': [shape, 'null'] } : shape;
}

function parametersOf(operation: DocumentedOperation, place: string, schemas: Schemas) {
	const found = (operation.parameters ?? []).filter((one) => one.in === place);
	if (found.length === 0) return undefined;
	return Object.fromEntries(
		found.map(({ name, required = false, schema = {} }) => [
			required ? name : `${name}?`,
			shapeOf(schema, schemas),
		]),
	);
}

const contentOf = (content: Content | undefined, schemas: Schemas): Shape | undefined => {
	const schema = content?.content?.['application/json']?.schema;
	return schema && shapeOf(schema, schemas);
};

function operationOf(operation: DocumentedOperation, schemas: Schemas): Operation {
	const path = Object.entries(parametersOf(operation, 'path', schemas) ?? {});
	const otherPath = path.filter(([, type]) => type !== USUAL_IN_PATH);
	const query = parametersOf(operation, 'query', schemas);
	const body = contentOf(operation.requestBody, schemas);
	const { security = [] } = operation;
	return {
		...(otherPath.length > 0 && { path: Object.fromEntries(otherPath) }),
		...(query && { query }),
		...(body !== undefined && { body }),
		answers: Object.fromEntries(
			Object.entries(operation.responses).map(([status, content]) => [
				status,
				contentOf(content, schemas) ?? NONE,
			]),
		),
		...(security.length > 0 && security.every((one) => 'OAuth2' in one) && { oauth: true }),
	};
}

/**
 * Reads the facts off an OpenAPI document, without its sentences and examples.
 * @param document Kit's
 * @returns its operations by `GET /v4/tags/{id}`, in the order of the alphabet
 */
export function factsOf(document: Document): Record<string, Operation> {
	const schemas = document.components?.schemas ?? {};
	const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
		Object.entries(methods).map(([method, operation]): [string, Operation] => [
			`${method.toUpperCase()} ${path}`,
			operationOf(operation, schemas),
		]),
	);
	const order = ([name]: [string, Operation]) => name.split(' ').reverse().join(' ');
	return Object.fromEntries(operations.sort((one, other) => (order(one) < order(other) ? -1 : 1)));
}

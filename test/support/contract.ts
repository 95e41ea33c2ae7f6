import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ErrorObject, SchemaObject, ValidateFunction } from 'ajv';
import Ajv from 'ajv';
import { NEWER_PATHS, UNDOCUMENTED_QUERY, isKnownFault } from './contractFaults';

/** Kit's published OpenAPI document, where a checkout has it beside it. It is not part of the project. */
const DOCUMENT = resolve(__dirname, '../../../shared/kit-api/openapi-v4.json');

interface Parameter {
	in: string;
	name: string;
	schema?: SchemaObject;
}

interface Content {
	content?: Record<string, { schema?: SchemaObject } | undefined>;
}

interface Operation {
	parameters?: Parameter[];
	requestBody?: Content;
	responses: Record<string, Content | undefined>;
}

interface Document {
	paths: Record<string, Record<string, Operation>>;
	components: { schemas: Record<string, SchemaObject> };
}

/** A request as the sandbox recorded it, with what was answered. */
export interface Exchange {
	method: string;
	path: string;
	query: unknown;
	body: unknown;
	status: number;
	answer?: unknown;
}

/** OpenAPI 3.0 says `nullable` where JSON Schema has a type of its own. */
function withNull(schema: unknown): unknown {
	if (Array.isArray(schema)) return schema.map(withNull);
	if (typeof schema !== 'object' || schema === null) return schema;
	const { nullable, ...rest } = schema as SchemaObject;
	const inner = Object.fromEntries(
		Object.entries(rest)
			.filter(([key]) => key !== 'example' && key !== 'examples')
			.map(([key, value]) => [key, key === 'enum' ? value : withNull(value)]),
	);
	if (nullable !== true) return inner;
	return Object.keys(inner).length === 0 ? {} : { anyOf: [inner, { type: 'null' }] };
}

/** Maton's own errors have `error` where Kit's have `errors`, and are no matter of Kit's document. */
function ofKit(answer: unknown): unknown {
	return typeof answer === 'object' && answer !== null && 'error' in answer ? undefined : answer;
}

/** A query holds only text, so what it means depends on the type that the document gives it. */
function asTyped(text: string, schema: SchemaObject | undefined): unknown {
	const [first] = (schema?.anyOf ?? [schema]) as (SchemaObject | undefined)[];
	if (first?.type === 'boolean') return JSON.parse(text) as unknown;
	return first?.type === 'number' || first?.type === 'integer' ? Number(text) : text;
}

/** Checks what is said between the node and the sandbox against Kit's own document. */
export class Contract {
	private readonly document: Document;

	private readonly ajv = new Ajv({
		strict: false,
		allErrors: true,
		validateFormats: false,
		verbose: true,
	});

	private readonly compiled = new Map<SchemaObject, ValidateFunction>();

	/** The operations that were asked for, as `GET /v4/tags/{id}` */
	readonly exercised = new Set<string>();

	private constructor(text: string) {
		this.document = withNull(JSON.parse(text)) as Document;
	}

	/** @returns the contract, or undefined in a checkout without Kit's document */
	static load(): Contract | undefined {
		return existsSync(DOCUMENT) ? new Contract(readFileSync(DOCUMENT, 'utf8')) : undefined;
	}

	/** @returns every operation of the document */
	operations(): string[] {
		return Object.entries(this.document.paths).flatMap(([path, methods]) =>
			Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
		);
	}

	/**
	 * @param exchange a request and its answer
	 * @returns what in them is not as the document says, known faults of it aside
	 */
	check({ method, path, query, body, status, answer }: Exchange): string[] {
		if (!path.startsWith('/kit/')) return [];
		const kitPath = path.slice('/kit'.length);
		const found = this.find(method, kitPath);
		if (!found) {
			return NEWER_PATHS.some((newer) => newer.test(`${method} ${kitPath}`))
				? []
				: [`${method} ${kitPath} is not in the document`];
		}
		const { name, operation } = found;
		this.exercised.add(name);
		return [
			...this.checkQuery(operation, query as Record<string, string>),
			...this.checkBody(operation.requestBody, body).map((problem) => `request: ${problem}`),
			...this.checkBody(operation.responses[String(status)], ofKit(answer)).map(
				(problem) => `answer ${String(status)}: ${problem}`,
			),
		]
			.map((problem) => `${name} ${problem}`)
			.filter((problem) => !isKnownFault(problem));
	}

	private find(method: string, path: string) {
		const parts = path.split('/');
		const candidates = Object.entries(this.document.paths).filter(([template]) => {
			const pattern = template.split('/');
			return (
				pattern.length === parts.length &&
				pattern.every((part, index) => part.startsWith('{') || part === parts[index])
			);
		});
		// `/broadcasts/stats` is itself and not the broadcast `stats`.
		candidates.sort(([one], [other]) => one.split('{').length - other.split('{').length);
		for (const [template, methods] of candidates) {
			const operation = methods[method.toLowerCase()];
			if (operation) return { name: `${method} ${template}`, operation };
		}
		return undefined;
	}

	private checkQuery({ parameters = [] }: Operation, query: Record<string, string>): string[] {
		return Object.entries(query).flatMap(([key, value]) => {
			const parameter = parameters.find((one) => one.in === 'query' && one.name === key);
			if (!parameter) {
				return UNDOCUMENTED_QUERY.includes(key) ? [] : [`has no query parameter ${key}`];
			}
			return this.validate(parameter.schema, asTyped(value, parameter.schema)).map(
				(problem) => `query ${key}: ${problem}`,
			);
		});
	}

	private checkBody(content: Content | undefined, body: unknown): string[] {
		const schema = content?.content?.['application/json']?.schema;
		if (schema === undefined || body === undefined) return [];
		const known = Object.keys((this.resolved(schema).properties ?? {}) as object);
		const unknown =
			known.length > 0 ? Object.keys(body as object).filter((key) => !known.includes(key)) : [];
		return [...unknown.map((key) => `has no ${key}`), ...this.validate(schema, body)];
	}

	private resolved(schema: SchemaObject): SchemaObject {
		const name = (schema.$ref as string | undefined)?.split('/').at(-1);
		return (name === undefined ? schema : this.document.components.schemas[name]) ?? schema;
	}

	private validate(schema: SchemaObject | undefined, value: unknown): string[] {
		if (schema === undefined) return [];
		let check = this.compiled.get(schema);
		if (!check) {
			check = this.ajv.compile({ ...schema, components: this.document.components });
			this.compiled.set(schema, check);
		}
		if (check(value)) return [];
		return (check.errors ?? []).map(
			({ instancePath, message = '', params, data }: ErrorObject) =>
				`${instancePath || '/'} ${message} ${JSON.stringify(params)}${data === null ? ' and is null' : ''}`,
		);
	}
}

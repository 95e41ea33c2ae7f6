import type { ErrorObject, ValidateFunction } from 'ajv';
import Ajv from 'ajv';
import type { Facts } from '../../sandbox/facts';
import { KnownOperations } from '../../sandbox/facts';
import type { Shape, ShapeOfObject } from '../../sandbox/facts/notation';
import {
	FORMATS,
	isObjectShape,
	NONE,
	schemaOf,
	USUAL_IN_PATH,
} from '../../sandbox/facts/notation';

/** A request as the sandbox recorded it, with what was answered. */
export interface Exchange {
	method: string;
	path: string;
	query?: unknown;
	body?: unknown;
	/** 0 where nothing was answered */
	status: number;
	/** Left out where it was not kept, or is empty */
	answer?: unknown;
	/** Whether a fault of the sandbox's made the answer, which then says nothing about Kit */
	struck?: boolean;
}

/** Where Kit's operations begin at Maton's gateway. */
const KIT = '/kit';

/** Paths that are Kit's or Maton's own; others would be other apps'. */
const CONCERNED = /^\/(kit|connections)(\/|$)/;

/**
 * What any request may be answered with, by Maton's and Kit's documentation: no connection or bad JSON,
 * a wrong key, no permission, too many requests, and failures of theirs.
 */
const ANYWHERE = /^(400|401|403|429|5\d\d)$/;

/** Kit's errors, or Maton's: before Kit is reached, and where either may answer. */
const ERROR: Shape = { '|': [{ errors: ['string'] }, { error: 'string' }] };

/** A query holds only text, and what it means depends on the type that it is to have. */
function asTyped(text: unknown, shape: Shape | undefined): unknown {
	if (typeof text !== 'string' || typeof shape !== 'string') return text;
	if (shape.startsWith('boolean')) {
		return { true: true, false: false, 1: true, 0: false }[text] ?? text;
	}
	return /^(number|integer)/.test(shape) && text.trim() !== '' ? Number(text) : text;
}

const typed = (values: object, shapes: ShapeOfObject): Record<string, unknown> =>
	Object.fromEntries(
		Object.entries(values).map(([key, value]: [string, unknown]) => [
			key,
			asTyped(value, shapes[key] ?? shapes[`${key}?`]),
		]),
	);

/**
 * Whether a request may come without the body that it is documented to take: one that makes something
 * happen, where all of it is optional. A change or a deletion without a body would be one of nothing.
 */
const mayBeLeftOut = (method: string, shape: Shape) =>
	method === 'POST' && isObjectShape(shape) && Object.keys(shape).every((key) => key.endsWith('?'));

function sentenceOf({ instancePath, message = '', params, data }: ErrorObject): string {
	const detail =
		'type' in params || 'missingProperty' in params ? '' : ` ${JSON.stringify(params)}`;
	const value = typeof data === 'object' && data !== null ? '' : `, and is ${JSON.stringify(data)}`;
	return `${instancePath || '/'} ${message}${detail}${value}`;
}

/** Whether a problem is one of what was answered, and not of the request. */
export const isOfAnswer = (problem: string): boolean => /^\S+ \S+ answer /.test(problem);

/** Checks what is said between the node and the sandbox against what is known of Kit and Maton. */
export class Contract {
	private readonly known = new KnownOperations();

	private readonly ajv = new Ajv({
		allErrors: true,
		allowUnionTypes: true,
		strictTypes: false,
		formats: FORMATS,
		verbose: true,
	});

	private readonly compiled = new Map<Shape, ValidateFunction>();

	/** The operations that were asked for, as `GET /v4/tags/{id}` */
	readonly exercised = new Set<string>();

	/** @returns every operation that is known, Kit's as `GET /v4/tags/{id}` */
	operations(): string[] {
		return this.known.names();
	}

	/**
	 * @param method of a request
	 * @param path of the request at Maton
	 * @returns the operation that it is for, and what stands for its path parameters
	 */
	find(method: string, path: string): ReturnType<KnownOperations['find']> {
		return this.known.find(method, path.startsWith(KIT) ? path.slice(KIT.length) : path);
	}

	/**
	 * @param exchange a request and its answer
	 * @returns what in them is not as it is known to be, `GET /v4/tags answer 200: …` each
	 */
	check(exchange: Exchange): string[] {
		const { method, path, query } = exchange;
		if (!CONCERNED.test(path)) return [];
		const found = this.find(method, path);
		if (!found) return [`${method} ${path} is not documented`];
		const { name, params } = found;
		this.exercised.add(name);
		const facts = this.known.of(name, { ...(query as object) });
		return [
			...this.checkPath(facts, params),
			...this.checkQuery(facts, { ...(query as object) }),
			...this.checkBody(facts, exchange),
			...this.checkAnswer(facts, exchange),
		].map((problem) => `${name} ${problem}`);
	}

	private checkPath({ path }: Facts, params: Record<string, string>): string[] {
		return Object.entries(params).flatMap(([key, text]) => {
			const type = path[key] ?? USUAL_IN_PATH;
			// An id is its digits and nothing else: `1e3` and ` 5` are numbers, but no ids.
			const value = type === USUAL_IN_PATH && /^\d+$/.test(text) ? Number(text) : text;
			return this.validate(type, value).map((problem) => `path ${key}: ${problem}`);
		});
	}

	private checkQuery({ query }: Facts, sent: object): string[] {
		return this.validate(query, typed(sent, query)).map((problem) => `query: ${problem}`);
	}

	private checkBody({ body: shape }: Facts, { method, body }: Exchange): string[] {
		if (shape === undefined) return body === undefined ? [] : ['request: takes no body'];
		if (body !== undefined) {
			return this.validate(shape, body).map((problem) => `request: ${problem}`);
		}
		return mayBeLeftOut(method, shape) ? [] : ['request: has no body'];
	}

	private checkAnswer({ answers }: Facts, { status, answer, struck = false }: Exchange): string[] {
		if (struck || status === 0) return [];
		const isAnywhere = ANYWHERE.test(String(status));
		const shape = isAnywhere ? ERROR : answers[String(status)];
		const about = `answer ${String(status)}:`;
		if (shape === undefined) return [`${about} is not documented`];
		if (answer === undefined) return [];
		// Too many requests and failures may be answered in plain text.
		if (typeof answer === 'string' && (status === 429 || status >= 500)) return [];
		if (shape === NONE) return [`${about} has a body`];
		return this.validate(shape, answer).map((problem) => `${about} ${problem}`);
	}

	private validate(shape: Shape, value: unknown): string[] {
		const check = this.compiled.get(shape) ?? this.ajv.compile(schemaOf(shape));
		this.compiled.set(shape, check);
		return check(value) ? [] : (check.errors ?? []).map(sentenceOf);
	}
}

import type { ErrorObject } from 'ajv';
import type { Facts } from '.';
import { KnownOperations } from '.';
import type { Shape, ShapeOfObject } from './notation';
import { isObjectShape, NONE, USUAL_IN_PATH } from './notation';
import { typed } from './requests';
import { Schemas } from './schemas';

/** A request to Maton, with what was answered. */
export interface Exchange {
	method: string;
	path: string;
	query?: unknown;
	body?: unknown;
	/** 0 where nothing was answered */
	status: number;
	/** Left out where it was not kept, or is empty */
	answer?: unknown;
	/** The fault of the sandbox's that made the answer, which then says nothing about Kit */
	struck?: object;
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
const typedQuery = (values: object, shapes: ShapeOfObject): Record<string, unknown> =>
	Object.fromEntries(
		Object.entries(values).map(([key, value]: [string, unknown]) => {
			const shape = shapes[key] ?? shapes[`${key}?`];
			return [key, typeof shape === 'string' ? typed(value, shape) : value];
		}),
	);

/**
 * Whether a request may come without the body that it is documented to take: one that makes something
 * happen, where all of it is optional. A change or a deletion without a body would be one of nothing.
 */
const mayBeLeftOut = (method: string, shape: Shape) =>
	method === 'POST' && isObjectShape(shape) && Object.keys(shape).every((key) => key.endsWith('?'));

/** What is not as it is known to be. */
export interface Problem {
	/** `GET /v4/tags/{id}`; method and path where no such operation is known */
	operation: string;
	/** `path tag_id`, `query`, `request` or `answer 200`; empty where the operation is not known */
	part: string;
	/** In words, or as the validator has it, with the value that is wrong */
	error: string | ErrorObject;
}

function sentenceOf({ operation, part, error }: Problem): string {
	const what = typeof error === 'string' ? error : wordsOf(error);
	return [operation, part && `${part}:`, what].filter(Boolean).join(' ');
}

function wordsOf({ instancePath, message = '', params, data }: ErrorObject): string {
	const detail =
		'type' in params || 'missingProperty' in params ? '' : ` ${JSON.stringify(params)}`;
	const value = typeof data === 'object' && data !== null ? '' : `, and is ${JSON.stringify(data)}`;
	return `${instancePath || '/'} ${message}${detail}${value}`;
}

type Finding = Omit<Problem, 'operation'>;

/** Whether a problem is one of what was answered, and not of the request. */
export const isOfAnswer = (problem: string): boolean => /^\S+ \S+ answer /.test(problem);

/** Checks what is said to Kit and Maton, and what they answer, against what is known of them. */
export class Contract {
	private readonly known = new KnownOperations();

	private readonly schemas = new Schemas('sent');

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
		return this.problems(exchange).map(sentenceOf);
	}

	/**
	 * @param exchange a request and its answer
	 * @returns what in them is not as it is known to be, by its place
	 */
	problems(exchange: Exchange): Problem[] {
		const { method, path, query } = exchange;
		if (!CONCERNED.test(path)) return [];
		const found = this.find(method, path);
		if (!found) return [{ operation: `${method} ${path}`, part: '', error: 'is not documented' }];
		const { name, params } = found;
		this.exercised.add(name);
		const facts = this.known.of(name, { ...(query as object) });
		return [
			...this.checkPath(facts, params),
			...this.checkQuery(facts, { ...(query as object) }),
			...this.checkBody(facts, exchange),
			...this.checkAnswer(facts, exchange),
		].map((problem) => ({ operation: name, ...problem }));
	}

	private checkPath({ path }: Facts, params: Record<string, string>): Finding[] {
		return Object.entries(params).flatMap(([key, text]) => {
			const type = path[key] ?? USUAL_IN_PATH;
			// An id is its digits and nothing else: `1e3` and ` 5` are numbers, but no ids.
			const value = type === USUAL_IN_PATH && /^\d+$/.test(text) ? Number(text) : text;
			return this.validate(`path ${key}`, type, value);
		});
	}

	private checkQuery({ query }: Facts, sent: object): Finding[] {
		return this.validate('query', query, typedQuery(sent, query));
	}

	private checkBody({ body: shape }: Facts, { method, body }: Exchange): Finding[] {
		const part = 'request';
		if (shape === undefined) return body === undefined ? [] : [{ part, error: 'takes no body' }];
		if (body !== undefined) return this.validate(part, shape, body);
		return mayBeLeftOut(method, shape) ? [] : [{ part, error: 'has no body' }];
	}

	private checkAnswer({ answers }: Facts, { status, answer, struck }: Exchange): Finding[] {
		if (struck !== undefined || status === 0) return [];
		const isAnywhere = ANYWHERE.test(String(status));
		const shape = isAnywhere ? ERROR : answers[String(status)];
		const part = `answer ${String(status)}`;
		if (shape === undefined) return [{ part, error: 'is not documented' }];
		if (answer === undefined) return [];
		// Too many requests and failures may be answered in plain text.
		if (typeof answer === 'string' && (status === 429 || status >= 500)) return [];
		if (shape === NONE) return [{ part, error: 'has a body' }];
		return this.validate(part, shape, answer);
	}

	private validate(part: string, shape: Shape, value: unknown): Finding[] {
		return this.schemas.errors(shape, value).map((error) => ({ part, error }));
	}
}

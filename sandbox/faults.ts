import type { Shape, ShapeOfObject } from './facts/notation';
import { isObject } from './kit/route';
import { seeded } from './random';
import type { Random } from './random';

/** The ways in which a list answer can be wrong. */
export const TAMPERINGS = ['noRows', 'noPagination', 'noEndCursor', 'sameEndCursor'] as const;

/** What goes wrong. */
export type FaultKind =
	/**
	 * Answered with a status instead of being handled. Where no body is given, 429 has Maton's, 5xx none, as
	 * Kit's clients know it, and every other status Kit's errors.
	 */
	| { kind: 'status'; status: number; body?: unknown; headers?: Record<string, string> }
	/** The connection is cut instead of an answer: before the request is handled, or after. */
	| { kind: 'drop'; afterHandling?: boolean }
	/** Handled, but the answer's body is cut in the middle. */
	| { kind: 'truncate' }
	/** Handled, but after half of the answer's body nothing more comes. */
	| { kind: 'stall' }
	/** Handled as if a parameter were not in the query. */
	| { kind: 'ignore'; parameter: string }
	/** Answered with Kit's own 429, plain text without `Retry-After`, instead of being handled. */
	| { kind: 'kitRateLimit' }
	/** Answered with a page of HTML, as somebody's proxy does, instead of being handled; 200 without status. */
	| { kind: 'notJson'; status?: number }
	/** Handled after a wait. */
	| { kind: 'slow'; delayMs: number }
	/**
	 * Handled, but the list in the answer is wrong: without its rows, without `pagination`, with a next
	 * page but no cursor to it, or with a next page that is always this one.
	 */
	| { kind: 'page'; tamper: (typeof TAMPERINGS)[number] };

/** Something to go wrong, and for which requests. */
export type Fault = FaultKind & {
	/** In any case; every method where it is left out. */
	method?: string;
	/** What the path begins with, such as `/kit/v4/tags`, or a pattern; every path without it. */
	path?: string | RegExp;
	/** How many matching requests it strikes: one, or without end where there is a `share`. */
	times?: number;
	/** How many matching requests pass unharmed first. */
	skip?: number;
	/** Which share of the matching requests it strikes, from 0 to 1, drawn from the seed. */
	share?: number;
};

function matches({ method, path }: Fault, request: { method: string; path: string }): boolean {
	if (method !== undefined && method.toUpperCase() !== request.method) return false;
	if (path instanceof RegExp) return new RegExp(path.source, path.flags).test(request.path);
	return path === undefined || request.path.startsWith(path);
}

/** The faults that wait for their requests. */
export class Faults {
	private waiting: { readonly fault: Fault; skip: number; times: number }[] = [];
	private random: Random;

	/** @param seed fixes which requests a `share` strikes */
	constructor(private readonly seed: number) {
		this.random = seeded(seed);
	}

	/** Lets a fault wait. The one added first strikes first. */
	add(fault: Fault): void {
		const times = fault.times ?? (fault.share === undefined ? 1 : Infinity);
		this.waiting.push({ fault, times, skip: fault.skip ?? 0 });
	}

	/** Takes the fault that strikes a request, if any. */
	strike(request: { method: string; path: string }): Fault | undefined {
		for (const one of this.waiting) {
			const { fault } = one;
			if (one.times <= 0 || !matches(fault, request)) continue;
			if (one.skip > 0) one.skip -= 1;
			else if (fault.share === undefined || this.random() < fault.share) {
				one.times -= 1;
				return fault;
			}
		}
		return undefined;
	}

	/** Removes every fault. */
	clear(): void {
		this.waiting = [];
		this.random = seeded(this.seed);
	}
}

/**
 * Tampers with a list answer.
 * @param payload the answer's JSON
 * @param after the cursor that the request sent
 * @returns the JSON to send instead; the same where it is no list
 */
export function tampered(
	payload: string,
	tamper: (typeof TAMPERINGS)[number],
	after: unknown,
): string {
	const list: unknown = JSON.parse(payload);
	if (!isObject(list) || !isObject(list.pagination)) return payload;
	const { pagination, ...rows } = list;
	if (tamper === 'noRows') return JSON.stringify({ pagination });
	if (tamper === 'noPagination') return JSON.stringify(rows);
	const end_cursor = tamper === 'noEndCursor' ? null : (after ?? list.pagination.end_cursor);
	const wrong = { ...list.pagination, has_next_page: true, end_cursor };
	return JSON.stringify({ ...rows, pagination: wrong });
}

/** For which requests a fault is, as it comes over HTTP. */
const WHICH: ShapeOfObject = {
	'method?': 'string',
	'path?': 'string',
	'times?': 'number',
	'skip?': 'number',
	'share?': 'number',
};

const STATUS = 'integer<200..599>';

const KINDS: ShapeOfObject[] = [
	{ kind: 'string(status)', status: STATUS, 'body?': 'any', 'headers?': { '*': 'string' } },
	{ kind: 'string(drop)', 'afterHandling?': 'boolean' },
	{ kind: 'string(truncate|stall|kitRateLimit)' },
	{ kind: 'string(ignore)', parameter: 'string' },
	{ kind: 'string(notJson)', 'status?': STATUS },
	{ kind: 'string(slow)', delayMs: 'number' },
	{ kind: 'string(page)', tamper: `string(${TAMPERINGS.join('|')})` },
];

/** A fault as it comes over HTTP. */
export const FAULT: Shape = { '|': KINDS.map((kind) => ({ ...kind, ...WHICH })) };

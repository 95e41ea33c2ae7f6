import { startSandbox } from '../../sandbox';
import type { Sandbox, SandboxOptions } from '../../sandbox';
import { Contract, isOfAnswer } from '../../sandbox/facts/contract';

/** What came back, whatever its status. */
export interface Reply<T> {
	status: number;
	body: T;
}

/** A row of any list or answer. */
export interface Row {
	id: number;
	[key: string]: unknown;
}

/** A sandbox for the tests of one file, as it was at its start before every test. */
export interface KitClient {
	readonly sandbox: Sandbox;
	/** Sends a request, with other headers than usual. */
	readonly call: <T = Record<string, unknown>>(
		method: string,
		path: string,
		body?: unknown,
		headers?: Record<string, string>,
	) => Promise<Reply<T>>;
	/** Sends a request to Kit. */
	readonly kit: <T = Record<string, unknown>>(
		method: string,
		path: string,
		body?: unknown,
	) => Promise<Reply<T>>;
	/** The rows under a key of an answer to a GET. */
	readonly rows: (path: string, key: string) => Promise<Row[]>;
	/** The row under a key of an answer, which must have the status. */
	readonly row: (
		status: number,
		key: string,
		method: string,
		path: string,
		body?: unknown,
	) => Promise<Row>;
	/** Sends a request of the sandbox's own. */
	readonly control: (method: string, path: string, body?: unknown) => Promise<Reply<unknown>>;
}

/**
 * Starts a sandbox before the tests of a file and stops it after them.
 * @param options how it is to be
 */
export function useKit(options: SandboxOptions = {}): KitClient {
	let running: Sandbox | undefined;
	const contract = new Contract();
	const sandbox = () => {
		if (!running) throw new Error('The sandbox runs only during tests');
		return running;
	};
	const call = async <T>(
		method: string,
		path: string,
		body?: unknown,
		headers: Record<string, string> = {},
	): Promise<Reply<T>> => {
		const response = await fetch(`${sandbox().url}${path}`, {
			method,
			headers: {
				authorization: `Bearer ${sandbox().keys.main}`,
				...(body !== undefined && { 'content-type': 'application/json' }),
				...headers,
			},
			...(body !== undefined && { body: JSON.stringify(body) }),
		});
		const text = await response.text();
		return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
	};
	beforeAll(async () => {
		running = await startSandbox({ keepAnswers: true, ...options });
	});
	beforeEach(() => {
		sandbox().reset();
	});
	// Requests are wrong on purpose here, and what is answered to wrong ones is no matter of Kit's document.
	afterEach(() => {
		const problems = sandbox().log.flatMap((exchange) => {
			const found = contract.check(exchange);
			const isWrong = exchange.status >= 400 && !found.every(isOfAnswer);
			return isWrong ? [] : found.filter(isOfAnswer);
		});
		expect([...new Set(problems)]).toEqual([]);
	});
	afterAll(async () => {
		await running?.close();
	});
	return {
		get sandbox() {
			return sandbox();
		},
		call,
		kit: async (method, path, body) => await call(method, `/kit/v4${path}`, body),
		rows: async (path, key) => {
			const { body } = await call<Record<string, Row[]>>('GET', `/kit/v4${path}`);
			return body[key] ?? [];
		},
		row: async (status, key, method, path, body) => {
			const reply = await call<Record<string, Row>>(method, `/kit/v4${path}`, body);
			const row = reply.body[key];
			if (reply.status !== status || row === undefined) {
				throw new Error(`${method} ${path}: ${JSON.stringify(reply)}`);
			}
			return row;
		},
		control: async (method, path, body) => await call(method, `/_sandbox/${path}`, body),
	};
}

/** Kit's answer to bad data. */
export function refusal(...errors: unknown[]): Reply<unknown> {
	return { status: 422, body: { errors } };
}

/** Kit's answer for an id that does not exist. */
export const NOT_FOUND: Reply<unknown> = { status: 404, body: { errors: ['Not Found'] } };

/** Any sentence. */
export const SENTENCE = expect.any(String) as string;

import { startSandbox } from '../../sandbox';
import type { Sandbox, SandboxOptions } from '../../sandbox';
import { Contract, isOfAnswer } from '../../sandbox/facts/contract';

/** What came back, whatever its status. */
interface Reply<T> {
	status: number;
	body: T;
}

/** A row of any list or answer. */
export interface Row {
	id: number;
	[key: string]: unknown;
}

/** Starts a sandbox before the tests of a file, as it is at its start before each, and stops it after them. */
export function useKit(options: SandboxOptions = {}) {
	let running: Sandbox | undefined;
	const contract = new Contract();
	const sandbox = () => {
		if (!running) throw new Error('The sandbox runs only during tests');
		return running;
	};
	const send = async (
		method: string,
		path: string,
		body?: unknown,
		headers: Record<string, string> = {},
	) =>
		await fetch(`${sandbox().url}${path}`, {
			method,
			headers: {
				authorization: `Bearer ${sandbox().keys.main}`,
				...(body !== undefined && { 'content-type': 'application/json' }),
				...headers,
			},
			...(body !== undefined && { body: JSON.stringify(body) }),
		});
	const call = async <T = Record<string, unknown>>(
		...request: Parameters<typeof send>
	): Promise<Reply<T>> => {
		const response = await send(...request);
		const text = await response.text();
		return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
	};
	const kit = async <T = Record<string, unknown>>(method: string, path: string, body?: unknown) =>
		await call<T>(method, `/kit/v4${path}`, body);
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
		/** Sends a request to Maton, and answers what came back as it is. */
		send,
		/** The same with the body read. */
		call,
		/** Sends a request to Kit. */
		kit,
		/** The rows of a list, which are named as the path ends. */
		rows: async (path: string) => {
			const [, key = ''] = /([a-z_]+)(\?|$)/.exec(path) ?? [];
			return (await kit<Record<string, Row[]>>('GET', path)).body[key] ?? [];
		},
		/** The row under a key of an answer, which must have the status. */
		row: async (status: number, key: string, method: string, path: string, body?: unknown) => {
			const reply = await kit<Record<string, Row>>(method, path, body);
			const row = reply.body[key];
			if (reply.status !== status || row === undefined) {
				throw new Error(`${method} ${path}: ${JSON.stringify(reply)}`);
			}
			return row;
		},
		/** Sends a request of the sandbox's own. */
		control: async (method: string, path: string, body?: unknown) =>
			await call<unknown>(method, `/_sandbox/${path}`, body),
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

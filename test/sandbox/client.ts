import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SandboxOptions } from '../../sandbox';
import type { Exchange } from '../../sandbox/facts/contract';
import { isOfAnswer } from '../../sandbox/facts/contract';
import { SMOOTH, useSandbox } from '../support/sandbox';

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

/** Requests are wrong on purpose here, and what is answered to wrong ones is no matter of Kit's document. */
function problemsOf({ status }: Exchange, found: string[]): string[] {
	return status >= 400 && !found.every(isOfAnswer) ? [] : found.filter(isOfAnswer);
}

/** A sandbox for the tests of a file, as it is at its start before each, and what asks it. */
export function useKit(options: SandboxOptions = {}) {
	const running = useSandbox(options, SMOOTH, problemsOf);
	const send = async (
		method: string,
		path: string,
		body?: unknown,
		headers: Record<string, string> = {},
	) =>
		await fetch(`${running.current.url}${path}`, {
			method,
			headers: {
				authorization: `Bearer ${running.credential.apiKey}`,
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
	return {
		get sandbox() {
			return running.current;
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

/** A server that webhooks can lead to. It answers 200, but for what is told. */
export function useReceiver() {
	/** What to answer to the next posts, in order. */
	const reactions: { readonly status: number; readonly headers?: Record<string, string> }[] = [];
	const server = createServer((_request, response) => {
		const { status, headers } = reactions.shift() ?? { status: 200 };
		response.writeHead(status, headers).end(`answer ${String(status)}`);
	});
	beforeAll(async () => {
		await new Promise<void>((resolve) => {
			server.listen(0, '127.0.0.1', resolve);
		});
	});
	beforeEach(() => {
		reactions.length = 0;
	});
	afterAll(() => {
		server.close();
	});
	return {
		reactions,
		get url() {
			return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
		},
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

import { request as overHttp } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as overHttps } from 'node:https';
import type { LookupFunction } from 'node:net';

/** How long the sandbox waits for an answer, in milliseconds; Kit documents that it does wait. */
const TIMEOUT_MS = 10_000;

/** So much of an answer is kept, in characters. */
const MOST_KEPT = 10_000;

/** What came of a post. */
export interface Reply {
	/** Null where nothing came back. */
	readonly status: number | null;
	readonly body: string | null;
	readonly retryAfter: string | null;
	/** Why nothing came back; null where something did. */
	readonly error: string | null;
}

const THIS_MACHINE = [
	{ address: '127.0.0.1', family: 4 },
	{ address: '::1', family: 6 },
];

/** Every name is this machine's, so that nothing ever leaves it, not even a question about a name. */
const lookup: LookupFunction = (_name, { all }, callback) => {
	if (all === true) callback(null, THIS_MACHINE);
	else callback(null, '127.0.0.1', 4);
};

function nothing(error: Error): Reply {
	return { status: null, body: null, retryAfter: null, error: error.message };
}

async function read(response: IncomingMessage): Promise<Reply> {
	response.setEncoding('utf8');
	let body = '';
	for await (const chunk of response) {
		if (body.length < MOST_KEPT) body += String(chunk);
	}
	return {
		status: response.statusCode ?? null,
		body: body.slice(0, MOST_KEPT),
		retryAfter: response.headers['retry-after'] ?? null,
		error: null,
	};
}

/**
 * Posts to this machine, once, following no redirection.
 * @param url a URL that leads to this machine
 * @param headers besides the length
 * @param body as it is sent
 * @param signal breaks it off
 * @returns what came of it; never rejects
 */
export async function postHere(
	url: string,
	headers: Readonly<Record<string, string>>,
	body: string,
	signal: AbortSignal,
): Promise<Reply> {
	const target = new URL(url);
	const send = target.protocol === 'https:' ? overHttps : overHttp;
	return await new Promise((resolve) => {
		const fail = (error: Error) => {
			resolve(nothing(error));
		};
		const request = send(target, {
			method: 'POST',
			headers: { ...headers, 'Content-Length': String(Buffer.byteLength(body)) },
			agent: false,
			lookup,
			signal,
			timeout: TIMEOUT_MS,
		});
		request.on('timeout', () => {
			request.destroy(new Error(`No answer within ${String(TIMEOUT_MS / 1000)} seconds`));
		});
		request.on('error', fail);
		request.on('response', (response) => {
			read(response).then(resolve, fail);
		});
		request.end(body);
	});
}

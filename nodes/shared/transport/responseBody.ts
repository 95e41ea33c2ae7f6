import type { IN8nHttpFullResponse } from 'n8n-workflow';

type Body = IN8nHttpFullResponse['body'];

type Stream = Extract<Body, NodeJS.ReadableStream>;

/**
 * Reads the body of a response that n8n's HTTP helper handed over as a stream. What the helper reads
 * itself stays in memory with its connection until V8 collects all of it, which takes a list of
 * 1,000,000 rows half as much memory again, and more time.
 * @param body what the helper gave
 * @returns what the JSON says; the text where it is none
 * @throws what the connection broke off with
 */
export async function readResponseBody(body: Body): Promise<unknown> {
	if (!isStream(body)) return body;
	body.setEncoding('utf8');
	let text = '';
	for await (const piece of body) text += piece as string;
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text;
	}
}

function isStream(body: Body): body is Stream {
	return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

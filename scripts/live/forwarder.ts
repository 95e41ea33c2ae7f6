import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Exchange } from '../../sandbox/facts/contract';

/** Stands between the node and Maton, and keeps what they say to each other, but for the headers. */
export interface Forwarder {
	/** Takes the place of Maton's base URL. */
	readonly url: string;
	/** What went through, oldest first */
	readonly exchanges: Exchange[];
	close: () => Promise<void>;
}

/** What belongs to one connection only, or says how a body is packed that is forwarded unpacked. */
const OWN_HEADERS =
	/^(host|connection|keep-alive|transfer-encoding|accept-encoding|content-(length|encoding))$/;

const forwarded = (headers: Iterable<[string, unknown]>) =>
	[...headers].flatMap(([name, value]): [string, string][] =>
		OWN_HEADERS.test(name) || typeof value !== 'string' ? [] : [[name, value]],
	);

const parsed = (body: string, type: unknown): unknown =>
	String(type).includes('json') && body !== '' ? JSON.parse(body) : body || undefined;

async function forward(
	baseUrl: string,
	{ request, response }: { request: IncomingMessage; response: ServerResponse },
	exchanges: Exchange[],
): Promise<void> {
	const { method = 'GET', url = '/', headers } = request;
	const { pathname: path, searchParams } = new URL(url, baseUrl);
	const body = await text(request);
	const exchange: Exchange = {
		method,
		path,
		query: Object.fromEntries(searchParams),
		body: parsed(body, headers['content-type']),
		status: 0,
	};
	exchanges.push(exchange);
	const answer = await fetch(baseUrl + url, {
		method,
		headers: forwarded(Object.entries(headers)),
		redirect: 'manual',
		...(body !== '' && { body }),
	});
	const content = await answer.text();
	exchange.answer = parsed(content, answer.headers.get('content-type'));
	exchange.status = answer.status;
	response.writeHead(answer.status, Object.fromEntries(forwarded(answer.headers)));
	response.end(content);
}

/**
 * @param baseUrl to which everything is forwarded
 * @returns the forwarder, listening on this machine only
 */
export async function startForwarder(baseUrl: string): Promise<Forwarder> {
	const exchanges: Exchange[] = [];
	const server = createServer((request, response) => {
		forward(baseUrl, { request, response }, exchanges).catch(() => {
			response.destroy();
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
		exchanges,
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

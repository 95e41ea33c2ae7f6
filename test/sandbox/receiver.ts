import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One post that arrived. */
export interface Arrival {
	readonly path: string;
	readonly headers: IncomingHttpHeaders;
	readonly text: string;
	readonly body: Record<string, unknown>;
}

/** What is answered to a post: 200 by default. */
export interface Reaction {
	readonly status: number;
	readonly headers?: Record<string, string>;
}

/** A server that webhooks can lead to, empty before every test. */
export interface Receiver {
	readonly url: string;
	readonly arrivals: Arrival[];
	/** What to answer to the next posts, in order. */
	readonly reactions: Reaction[];
}

/** Starts a receiver before the tests of a file and stops it after them. */
export function useReceiver(): Receiver {
	const arrivals: Arrival[] = [];
	const reactions: Reaction[] = [];
	let server: Server | undefined;
	let port = 0;
	const parsed = (text: string): Record<string, unknown> => {
		try {
			return JSON.parse(text) as Record<string, unknown>;
		} catch {
			return {};
		}
	};
	beforeAll(async () => {
		server = createServer((request, response) => {
			const chunks: Buffer[] = [];
			request.on('data', (chunk: Buffer) => chunks.push(chunk));
			request.on('end', () => {
				const text = Buffer.concat(chunks).toString();
				const { url = '', headers } = request;
				arrivals.push({ path: url, headers, text, body: parsed(text) });
				const { status, headers: sent } = reactions.shift() ?? { status: 200 };
				response.writeHead(status, sent).end(`answer ${String(status)}`);
			});
		});
		const listening = server;
		await new Promise<void>((resolve) => {
			listening.listen(0, '127.0.0.1', resolve);
		});
		({ port } = server.address() as AddressInfo);
	});
	beforeEach(() => {
		arrivals.length = 0;
		reactions.length = 0;
	});
	afterAll(() => {
		server?.closeAllConnections();
		server?.close();
	});
	return {
		get url() {
			return `http://127.0.0.1:${String(port)}`;
		},
		arrivals,
		reactions,
	};
}

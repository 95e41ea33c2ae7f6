import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** One post that arrived. */
export interface Arrival {
	readonly path: string;
	readonly headers: IncomingHttpHeaders;
	readonly text: string;
	/** Empty where the text is no JSON. */
	readonly body: Record<string, unknown>;
}

function parsed(json: string): Record<string, unknown> {
	try {
		return JSON.parse(json) as Record<string, unknown>;
	} catch {
		return {};
	}
}

/** A server that webhooks can lead to, empty before every test. It answers 200, but for what is told. */
export function useReceiver() {
	const arrivals: Arrival[] = [];
	/** What to answer to the next posts, in order. */
	const reactions: { readonly status: number; readonly headers?: Record<string, string> }[] = [];
	const server = createServer((request, response) => {
		void text(request).then((received) => {
			const { url: path = '', headers } = request;
			arrivals.push({ path, headers, text: received, body: parsed(received) });
			const { status, headers: sent } = reactions.shift() ?? { status: 200 };
			response.writeHead(status, sent).end(`answer ${String(status)}`);
		});
	});
	beforeAll(async () => {
		await new Promise<void>((resolve) => {
			server.listen(0, '127.0.0.1', resolve);
		});
	});
	beforeEach(() => {
		arrivals.length = 0;
		reactions.length = 0;
	});
	afterAll(() => {
		server.closeAllConnections();
		server.close();
	});
	return {
		get url() {
			return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
		},
		arrivals,
		reactions,
	};
}

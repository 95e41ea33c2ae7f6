import type { IncomingMessage } from 'node:http';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { seeded } from '../../sandbox/random';

/** What goes wrong on the way to n8n, each for one post in forty. */
const FAULTS = ['never arrives', 'answer lost', 'answered 502', 'arrives twice'] as const;

type PathFault = (typeof FAULTS)[number];

const SHARE_EACH = 0.025;

/** One post of Kit's. */
export interface Passed {
	/** The names in its body that tell its events */
	names: string[];
	/** In ms since 1970 */
	at: number;
	/** What went wrong on purpose */
	fault?: PathFault;
	/** Which of the processes it was for */
	process: number;
	/** What n8n answered; left out where it did not */
	status?: number;
	/** When n8n answered, or was found not to; left out as long as neither is so */
	endedAt?: number;
}

/** A proxy in front of n8n that loses, doubles and spoils one in ten of what it passes on. */
export interface RoughProxy {
	url: string;
	passed: Passed[];
	/** Where n8n's processes for webhooks answer; they take turns */
	targets: string[];
	close: () => Promise<void>;
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of incoming) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
}

/**
 * @param pattern of the names that tell events
 * @param seed fixes what goes wrong
 * @returns the proxy, listening on 127.0.0.1; it knows no targets yet
 */
export async function startRoughProxy(pattern: RegExp, seed: number): Promise<RoughProxy> {
	const random = seeded(seed);
	const passed: Passed[] = [];
	const targets: string[] = [];
	let turn = 0;

	/** @returns the status; undefined where nothing came back */
	async function forward(
		{ method, headers, url = '/' }: IncomingMessage,
		body: Buffer,
		target: string,
	): Promise<{ status: number; text: Buffer } | undefined> {
		return await new Promise((resolve) => {
			const call = request(target + url, { method, headers, agent: false }, (response) => {
				bodyOf(response).then(
					(text) => {
						resolve({ status: response.statusCode ?? 0, text });
					},
					() => {
						resolve(undefined);
					},
				);
			});
			call.on('error', () => {
				resolve(undefined);
			});
			call.end(body);
		});
	}

	const server = createServer((incoming, outgoing) => {
		void (async () => {
			const body = await bodyOf(incoming);
			const process = turn++ % Math.max(1, targets.length);
			const target = targets[process] ?? '';
			const post: Passed = {
				names: [...new Set(body.toString('utf8').match(pattern))],
				at: Date.now(),
				process,
				fault: FAULTS[Math.floor(random() / SHARE_EACH)],
			};
			const isEvent = post.names.length > 0;
			if (isEvent) passed.push(post);
			if (isEvent && post.fault === 'never arrives') {
				outgoing.destroy();
				return;
			}
			const isTwice = isEvent && post.fault === 'arrives twice';
			const [answer, second] = await Promise.all([
				forward(incoming, body, target),
				...(isTwice ? [forward(incoming, body, target)] : []),
			]);
			const best = second && second.status < 300 ? second : answer;
			post.endedAt = Date.now();
			if (best) post.status = best.status;
			if (!best || (isEvent && post.fault === 'answer lost')) outgoing.destroy();
			else if (isEvent && post.fault === 'answered 502') outgoing.writeHead(502).end();
			else outgoing.writeHead(best.status, { 'content-type': 'application/json' }).end(best.text);
		})();
	});
	await new Promise<void>((resolve) => {
		server.listen(0, '127.0.0.1', resolve);
	});
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${String(port)}`,
		passed,
		targets,
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

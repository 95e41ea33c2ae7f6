import type { IncomingMessage } from 'node:http';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { seeded } from '../../sandbox/random';

/** What goes wrong on the way to n8n, each for one post in forty. */
export const PATH_FAULTS = [
	'never arrives',
	'answer lost',
	'answered 502',
	'arrives twice',
] as const;

type PathFault = (typeof PATH_FAULTS)[number];

const SHARE_EACH = 0.025;

/** A call of one of n8n's processes. */
export interface Call {
	/** Which of them */
	process: number;
	/** In ms since 1970 */
	at: number;
	/** What n8n answered; left out where it did not */
	answer?: { status: number; text: string };
	/** When n8n answered, or was found not to; left out as long as neither is so */
	endedAt?: number;
}

/** An attempt of Kit's at a delivery. */
export interface Post {
	/** The names in its body that tell its events */
	names: string[];
	/** What went wrong on purpose */
	fault?: PathFault;
	/** What became of it: one call, none where it never arrives, two where it arrives twice */
	calls: Call[];
}

/** A proxy in front of n8n that loses, doubles and spoils one in ten of what it passes on. */
export interface RoughProxy {
	url: string;
	posts: Post[];
	/** Where n8n's processes for webhooks answer; they take turns */
	targets: string[];
	close: () => Promise<void>;
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of incoming) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
}

/** Makes a call, and notes what came of it. */
async function pass(
	{ method, headers, url = '/' }: IncomingMessage,
	body: Buffer,
	target: string,
	call: Call,
): Promise<void> {
	const answer = await new Promise<IncomingMessage | undefined>((resolve) => {
		const outgoing = request(target + url, { method, headers, agent: false }, resolve);
		outgoing.on('error', () => {
			resolve(undefined);
		});
		outgoing.end(body);
	});
	const text = answer && (await bodyOf(answer).catch(() => undefined));
	if (text) call.answer = { status: answer.statusCode ?? 0, text: text.toString('utf8') };
	call.endedAt = Date.now();
}

/**
 * @param pattern of the names that tell events
 * @param seed fixes what goes wrong
 * @returns the proxy, listening on 127.0.0.1; it knows no targets yet
 */
export async function startRoughProxy(pattern: RegExp, seed: number): Promise<RoughProxy> {
	const random = seeded(seed);
	const posts: Post[] = [];
	const targets: string[] = [];
	let turn = 0;

	const server = createServer((incoming, outgoing) => {
		void (async () => {
			const body = await bodyOf(incoming);
			const names = [...new Set(body.toString('utf8').match(pattern))];
			const fault = names.length > 0 ? PATH_FAULTS[Math.floor(random() / SHARE_EACH)] : undefined;
			const post: Post = { names, calls: [], ...(fault && { fault }) };
			if (names.length > 0) posts.push(post);
			const times = { 'never arrives': 0, 'arrives twice': 2 } as Record<string, number>;
			await Promise.all(
				Array.from({ length: times[fault ?? ''] ?? 1 }, async () => {
					const call: Call = { process: turn++ % targets.length, at: Date.now() };
					post.calls.push(call);
					await pass(incoming, body, targets[call.process] ?? '', call);
				}),
			);
			const answers = post.calls.flatMap(({ answer }) => answer ?? []);
			const [answer] = answers.sort((one, other) => one.status - other.status);
			if (!answer || fault === 'answer lost') outgoing.destroy();
			else if (fault === 'answered 502') outgoing.writeHead(502).end();
			else {
				outgoing.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.text);
			}
		})();
	});
	await new Promise<void>((resolve) => {
		server.listen(0, '127.0.0.1', resolve);
	});
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${String(port)}`,
		posts,
		targets,
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

import { request as overHttp } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as overHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isOnThisMachine } from '../kit/webhooks';

/** One post to a webhook or a webhook endpoint. */
export interface PostedDelivery {
	readonly kind: 'classic' | 'signed';
	/** The id of the webhook or the webhook endpoint. */
	readonly to: number;
	readonly url: string;
	/** Such as `subscriber.tag_add` of a classic webhook, `subscriber.tag_added` of an endpoint. */
	readonly event: string;
	readonly headers: Readonly<Record<string, string>>;
	/** As it is before it is written as JSON; the text where that is no JSON on purpose. */
	readonly body: unknown;
	/** From 1. */
	readonly attempt: number;
	/** When it was posted, in milliseconds since 1970. */
	readonly time: number;
	/** What was answered; null while nothing is, or where nothing came back. */
	status: number | null;
	/** What the answer said; null like `status`. */
	response: string | null;
	/** Why nothing came back. */
	error: string | null;
}

/** What is to be posted. */
export type DeliveryRequest = Omit<PostedDelivery, 'time' | 'status' | 'response' | 'error'>;

/** What came of a post, and whether it left at all. */
export interface Outcome {
	readonly wasSent: boolean;
	readonly retryAfter: string | null;
	readonly durationMs: number;
	readonly entry: PostedDelivery;
}

/** A post whose body can be up to a hundred events, so not too many are kept. */
const MOST_DELIVERIES = 2000;

/** How long the sandbox waits for an answer, in milliseconds; Kit documents that it does wait. */
const TIMEOUT_MS = 10_000;

/** So much of an answer is kept, in characters. */
const MOST_KEPT = 10_000;

const THIS_MACHINE = [
	{ address: '127.0.0.1', family: 4 },
	{ address: '::1', family: 6 },
];

/** Every name is this machine's, so that nothing ever leaves it, not even a question about a name. */
const lookup: LookupFunction = (_name, { all }, callback) => {
	if (all === true) callback(null, THIS_MACHINE);
	else callback(null, '127.0.0.1', 4);
};

/** Posts to this machine, once, following no redirection. */
async function post(
	{ url, headers }: PostedDelivery,
	body: string,
	signal: AbortSignal,
): Promise<IncomingMessage> {
	return await new Promise((resolve, reject) => {
		const request = (url.startsWith('https:') ? overHttps : overHttp)(url, {
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
		request.on('error', reject).on('response', resolve).end(body);
	});
}

/**
 * Posts to a webhook and writes it into the log. Only this machine is ever connected to.
 * @param log the log, of which the oldest beyond the last 2,000 are dropped
 * @param signal breaks it off
 * @param text the body as it is sent, where that is not its JSON
 * @returns what came of it; never rejects
 */
export async function send(
	log: PostedDelivery[],
	request: DeliveryRequest,
	signal: AbortSignal,
	text = JSON.stringify(request.body),
): Promise<Outcome> {
	const headers = { 'Content-Type': 'application/json', ...request.headers };
	const nothing = { status: null, response: null, error: null };
	const entry: PostedDelivery = { ...request, headers, time: Date.now(), ...nothing };
	log.push(entry);
	if (log.length > MOST_DELIVERIES) log.splice(0, log.length - MOST_DELIVERIES);
	const wasSent = isOnThisMachine(request.url);
	let retryAfter: string | null = null;
	try {
		if (!wasSent) throw new Error('Not sent: the sandbox posts to this machine only');
		const response = await post(entry, text, signal);
		let body = '';
		for await (const chunk of response.setEncoding('utf8')) body += String(chunk);
		entry.status = response.statusCode ?? null;
		entry.response = body.slice(0, MOST_KEPT);
		retryAfter = response.headers['retry-after'] ?? null;
	} catch (error) {
		entry.error = error instanceof Error ? error.message : String(error);
	}
	return { wasSent, retryAfter, durationMs: Date.now() - entry.time, entry };
}

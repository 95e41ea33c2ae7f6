import { isOnThisMachine } from '../kit/webhooks';
import { keep } from '../log';

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

/** A post whose body can be up to a hundred events, so not too many are kept. */
const MOST_DELIVERIES = 2000;

/** How long the sandbox waits for an answer, in milliseconds; Kit documents that it does wait. */
const TIMEOUT_MS = 10_000;

/** So much of an answer is kept, in characters. */
const MOST_KEPT = 10_000;

/** Names such as `hooks.localhost` lead here too, but nobody is asked about them. */
function onThisMachine(url: string): URL {
	if (!isOnThisMachine(url)) throw new Error('Not sent: the sandbox posts to this machine only');
	const target = new URL(url);
	if (target.hostname.endsWith('.localhost')) target.hostname = 'localhost';
	return target;
}

/**
 * Posts to a webhook and writes it into the log. Only this machine is ever connected to.
 * @param log the log, of which the oldest beyond the last 2,000 are dropped
 * @param signal breaks it off
 * @param text the body as it is sent, where that is not its JSON
 * @returns the post with what came of it, and its answer's `Retry-After`; never rejects
 */
export async function send(
	log: PostedDelivery[],
	request: DeliveryRequest,
	signal: AbortSignal,
	text = JSON.stringify(request.body),
): Promise<{ entry: PostedDelivery; retryAfter: string | null }> {
	const headers = { 'Content-Type': 'application/json', ...request.headers };
	const nothing = { status: null, response: null, error: null };
	const entry: PostedDelivery = { ...request, headers, time: Date.now(), ...nothing };
	keep(log, entry, MOST_DELIVERIES);
	try {
		const response = await fetch(onThisMachine(entry.url), {
			method: 'POST',
			headers: { ...headers, Connection: 'close' },
			body: text,
			redirect: 'manual',
			signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
		});
		const said = await response.text();
		Object.assign(entry, { status: response.status, response: said.slice(0, MOST_KEPT) });
		return { entry, retryAfter: response.headers.get('retry-after') };
	} catch (error) {
		const { cause = error } = error as { cause?: unknown };
		entry.error = (cause as Error).message;
		return { entry, retryAfter: null };
	}
}

import { isOnThisMachine } from '../kit/webhookUrls';
import { recordDelivery } from './log';
import type { PostedDelivery } from './log';
import { postHere } from './post';
import type { Reply } from './post';

/** What is to be posted. */
export type DeliveryRequest = Pick<
	PostedDelivery,
	'kind' | 'to' | 'url' | 'event' | 'headers' | 'body' | 'attempt'
>;

/** What came of a post, and whether it left at all. */
export interface Outcome extends Reply {
	readonly wasSent: boolean;
	readonly durationMs: number;
	readonly entry: PostedDelivery;
}

const ELSEWHERE: Reply = {
	status: null,
	body: null,
	retryAfter: null,
	error: 'Not sent: the sandbox posts to this machine only',
};

/**
 * Posts to a webhook and writes it into the log. Only this machine is ever connected to.
 * @param log the log
 * @param request what to post
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
	const time = Date.now();
	const entry: PostedDelivery = {
		...request,
		headers,
		time,
		status: null,
		response: null,
		error: null,
	};
	recordDelivery(log, entry);
	const wasSent = isOnThisMachine(request.url);
	const reply = wasSent ? await postHere(request.url, headers, text, signal) : ELSEWHERE;
	Object.assign(entry, { status: reply.status, response: reply.body, error: reply.error });
	return { ...reply, wasSent, durationMs: Date.now() - time, entry };
}

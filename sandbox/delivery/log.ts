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

/** A post whose body can be up to a hundred events, so not too many are kept. */
const MOST_DELIVERIES = 2000;

/** Adds a post to a log and drops the oldest beyond the last 2,000. */
export function recordDelivery(log: PostedDelivery[], posted: PostedDelivery): void {
	log.push(posted);
	if (log.length > MOST_DELIVERIES) log.splice(0, log.length - MOST_DELIVERIES);
}

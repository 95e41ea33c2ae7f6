/** A classic webhook: one event, one URL, no signature. */
export interface Webhook {
	readonly id: number;
	readonly targetUrl: string;
	/** Without its prefix, such as `tag_add`. */
	readonly event: string;
	/** What the event is about, such as `{tag_id: 44}`; `{}` where it is about everything. */
	readonly subject: Readonly<Record<string, number | string>>;
}

/** The states of a delivery that Kit documents; the last two are final. */
export const DELIVERY_STATUSES = ['pending', 'retrying', 'delivered', 'failed'] as const;

/** One of the states of a delivery that Kit documents. */
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** One try of a delivery. Kit keeps when it ran, what came back, and how long that took. */
export interface DeliveryAttempt {
	readonly at: number;
	/** Null where nothing came back. */
	readonly responseStatus: number | null;
	readonly responseBody: string | null;
	readonly durationMs: number;
}

/** One message to a webhook endpoint, with everything that was tried. */
export interface Delivery {
	readonly id: number;
	readonly eventType: string;
	/** As they are sent, all of one type. */
	readonly events: readonly object[];
	readonly createdAt: number;
	status: DeliveryStatus;
	completedAt: number | null;
	readonly attempts: DeliveryAttempt[];
}

/** The states of a webhook endpoint. */
export const ENDPOINT_STATUSES = ['active', 'disabled'] as const;

/** A signed webhook endpoint: many events, one URL. */
export interface WebhookEndpoint {
	readonly id: number;
	readonly createdAt: number;
	name: string;
	url: string;
	description: string | null;
	events: readonly string[];
	status: (typeof ENDPOINT_STATUSES)[number];
	secret: string;
	/** What a rotation left valid for a while. */
	previousSecret: { readonly secret: string; readonly expiresAt: number } | null;
	/** Ascending by id. */
	readonly deliveries: Delivery[];
}

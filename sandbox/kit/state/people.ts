/** The states of a subscriber that Kit documents. */
export const SUBSCRIBER_STATES = [
	'active',
	'cancelled',
	'bounced',
	'complained',
	'inactive',
] as const;

/** One of the states of a subscriber that Kit documents. */
export type SubscriberState = (typeof SUBSCRIBER_STATES)[number];

/** Where a subscriber is, in the words of `include=location`. */
export interface Location {
	readonly city: string | null;
	readonly state: string | null;
	readonly country: string | null;
	readonly latitude: number | null;
	readonly longitude: number | null;
	readonly timezone: string | null;
}

/** How a subscriber once signed up, in the words of `include=attribution`. */
export interface Attribution {
	readonly referrer: string | null;
	readonly utm_source: string | null;
	readonly utm_medium: string | null;
	readonly utm_campaign: string | null;
	readonly utm_term: string | null;
	readonly utm_content: string | null;
	readonly source_type: string | null;
	readonly source_name: string | null;
	readonly source_mechanism: string | null;
	readonly source_mechanism_id: number | null;
}

/** One person on the list. Moments are milliseconds since 1970. */
export interface Subscriber {
	readonly id: number;
	emailAddress: string;
	firstName: string | null;
	state: SubscriberState;
	readonly createdAt: number;
	updatedAt: number;
	/** When the state last changed away from active. */
	canceledAt: number | null;
	/** Values by custom field id. Replaced, never changed, so that many subscribers can share one. */
	fields: ReadonlyMap<number, string>;
	/** Replaced, never changed, like `fields`. */
	taggings: readonly Tagging[];
	/** What Kit worked out from opened emails. */
	readonly inferredLocation: Location | null;
	/** What was set through `/subscribers/{id}/location`; it wins. */
	pinnedLocation: Location | null;
	readonly attribution: Attribution;
	/** The form or landing page of the attribution, which filters match by. */
	readonly signupFormId: number | null;
}

/** That a subscriber has a tag. */
export interface Tagging {
	readonly id: number;
	readonly at: number;
	readonly tag: Tag;
	readonly subscriber: Subscriber;
}

/** A tag, with its taggings ascending by moment, then id. */
export interface Tag {
	readonly id: number;
	name: string;
	readonly createdAt: number;
	readonly taggings: Tagging[];
}

/** A custom field; its key follows its label, its name never changes. */
export interface CustomField {
	readonly id: number;
	readonly name: string;
	key: string;
	label: string;
	readonly createdAt: number;
}

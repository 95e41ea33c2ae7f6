/** The states of a subscriber that Kit documents. */
export type SubscriberState = 'active' | 'cancelled' | 'bounced' | 'complained' | 'inactive';

type Texts<Key extends string> = Readonly<Record<Key, string | null>>;

/** Where a subscriber is, in the words of `include=location`. */
export type Location = Texts<'city' | 'state' | 'country' | 'timezone'> &
	Readonly<Record<'latitude' | 'longitude', number | null>>;

/** How a subscriber once signed up, in the words of `include=attribution`. */
export type Attribution = Texts<
	| `utm_${'source' | 'medium' | 'campaign' | 'term' | 'content'}`
	| 'referrer'
	| `source_${'type' | 'name' | 'mechanism'}`
> & { readonly source_mechanism_id: number | null };

/** One person on the list, kept small since there may be millions. Moments are milliseconds since 1970. */
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
	/** What Kit worked out from opened emails. */
	readonly inferredLocation: Location | null;
	/** What was set through `/subscribers/{id}/location`; it wins. */
	pinnedLocation: Location | null;
	readonly attribution: Attribution;
	/** The form or landing page of the attribution, which filters match by. */
	readonly signupFormId: number | null;
}

/** That a subscriber has a tag, is on a form or in a sequence. */
export interface Member {
	readonly id: number;
	/** When the subscriber was added, in milliseconds since 1970. */
	readonly at: number;
	readonly subscriber: Subscriber;
	/** The page that it came from, where a form was told one. */
	readonly referrer: string | null;
}

// What follows is as Kit answers it.

/** What has an id, as everything has. */
export interface Row {
	readonly id: number;
}

/** A tag or a segment. */
export interface Named extends Row {
	name: string;
	readonly created_at: string;
}

/** Its key follows its label, its name never changes. */
export interface CustomField extends Row {
	readonly name: string;
	key: string;
	label: string;
	readonly created_at: string;
}

export interface EmailTemplate extends Row {
	readonly name: string;
	readonly is_default: boolean;
	/** `HTML` or `Starting point`; the latter needs `allow_starting_point`, and only broadcasts take it. */
	readonly category: string;
}

/** A form, embedded or a landing page of its own. */
export interface Form extends Named {
	readonly type: 'embed' | 'hosted';
	/** How an embedded form appears; null for a landing page. */
	readonly format: string | null;
	readonly archived: boolean;
}

/** A classic webhook: one event, one URL, no signature. */
export interface Webhook extends Row {
	readonly account_id: number;
	/** Its name without prefix, such as `tag_add`, and what it is about, such as `tag_id`. */
	readonly event: Readonly<Record<string, string | number | null>>;
	readonly target_url: string;
}

/**
 * One message to a webhook endpoint. Kit documents `id`, `status`, `attempt_count` and `completed_at`, and that
 * it keeps of each attempt when it ran, what came back, and how long that took; the other keys are guesses.
 */
export interface Delivery extends Row {
	readonly created_at: string;
	readonly event_type: string;
	/** The last two are final. */
	status: 'pending' | 'retrying' | 'delivered' | 'failed';
	attempt_count: number;
	completed_at: string | null;
	/** As they are sent, all of one type. */
	readonly events: readonly object[];
	readonly attempts: object[];
}

/** How many rows come first for which something holds that holds for none of the later ones. */
export function countFirst<T>(rows: readonly T[], holds: (row: T) => boolean): number {
	let [low, high] = [0, rows.length];
	while (low < high) {
		const middle = (low + high) >>> 1;
		const row = rows[middle];
		if (row !== undefined && holds(row)) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** The row with an id, of rows that are ascending by it. */
export function byId<T extends Row>(
	rows: readonly T[],
	id: number | null | undefined,
): T | undefined {
	if (id === null || id === undefined) return undefined;
	const row = rows[countFirst(rows, (one) => one.id < id)];
	return row?.id === id ? row : undefined;
}

/** Whether a row has all the values that are asked for, of which any may be undefined. */
export function isLike(row: object, asked: object): boolean {
	return Object.entries(asked).every(
		([key, value]: [string, unknown]) => value === undefined || Reflect.get(row, key) === value,
	);
}

/** A row without some of its keys, such as what Kit does not show of it. */
export function without<T extends object, K extends keyof T>(row: T, ...keys: K[]): Omit<T, K> {
	const left = Object.entries(row).filter(([key]) => !keys.includes(key as K));
	return Object.fromEntries(left) as Omit<T, K>;
}

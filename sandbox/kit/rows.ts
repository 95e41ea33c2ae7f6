import type { BroadcastDraft } from './broadcasts';
import type { SequenceEmail, SequenceSettings } from './sequences';

/** Texts that may be missing. */
type Texts<Key extends string> = Record<Key, string | null>;

/** The states of a subscriber that Kit documents. */
export type SubscriberState = 'active' | 'cancelled' | 'bounced' | 'complained' | 'inactive';

/** Where a subscriber is, in the words of `include=location`. */
export type Location = Readonly<
	Texts<'city' | 'state' | 'country' | 'timezone'> & Record<'latitude' | 'longitude', number | null>
>;

/** How a subscriber once signed up, in the words of `include=attribution`. */
export type Attribution = Readonly<
	Texts<`utm_${'source' | 'medium' | 'campaign' | 'term' | 'content'}`> &
		Texts<'referrer' | `source_${'type' | 'name' | 'mechanism'}`>
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

/** That a subscriber is on a form or in a sequence, or has a tag. */
export interface Member {
	readonly id: number;
	/** When the subscriber was added, in milliseconds since 1970. */
	readonly at: number;
	readonly subscriber: Subscriber;
	/** The page that it came from, where a form was told one. */
	readonly referrer: string | null;
}

export interface Tagging extends Member {
	readonly tag: Tag;
}

// What follows is as Kit answers it, and with more besides that Kit does not show.

interface Row {
	readonly id: number;
	readonly created_at: string;
}

export interface Tag extends Row {
	name: string;
	/** Ascending by moment, then id. */
	readonly taggings: Tagging[];
}

/** Its key follows its label, its name never changes. */
export interface CustomField extends Row {
	readonly name: string;
	key: string;
	label: string;
}

export interface EmailTemplate {
	readonly id: number;
	readonly name: string;
	readonly is_default: boolean;
	/** `HTML` or `Starting point`; the latter needs `allow_starting_point`, and only broadcasts take it. */
	readonly category: string;
}

export interface Segment extends Row {
	readonly name: string;
}

/** One email to many. */
export interface Broadcast extends BroadcastDraft, Row {
	/** Shared with the post that it was published as. */
	readonly publication_id: number;
	status: 'draft' | 'scheduled' | 'sending' | 'completed' | 'aborted';
	/** When sending began; null before. */
	startedAt: number | null;
	/** When sending ends; null before it began. */
	completesAt: number | null;
}

/** A page of the newsletter's site. */
export interface Post
	extends
		Row,
		Texts<
			| 'slug'
			| 'description'
			| 'published_at'
			| 'sent_at'
			| 'public_url'
			| 'thumbnail_alt'
			| 'thumbnail_url'
		> {
	readonly publication_id: number;
	readonly title: string;
	readonly content: string;
	status: 'draft' | 'published';
	readonly is_paid: boolean;
	readonly meta_description: null;
}

/** A piece of content to be used in many emails. */
export interface Snippet extends Row {
	name: string;
	readonly snippet_type: 'inline' | 'block';
	archived: boolean;
	/** What `{{ snippet.key }}` names; it stays when the name changes. */
	readonly key: string;
	updated_at: string;
	/** The text of an inline snippet. */
	content: string;
	/** The HTML of a block, among others. */
	document: { readonly value_html: string | null; readonly version: number };
}

/** A form, embedded or a landing page of its own, with who signed up. */
export interface Form extends Row {
	readonly name: string;
	readonly type: 'embed' | 'hosted';
	/** How an embedded form appears; null for a landing page. */
	readonly format: string | null;
	readonly archived: boolean;
	readonly members: Members;
}

/** Emails that follow each other, with who is in it. */
export interface Sequence extends SequenceSettings, Row {
	updated_at: string;
	/** Ascending by id, not by position. */
	readonly emails: SequenceEmail[];
	readonly members: Members;
}

/** One line of a purchase. */
export interface Product extends Readonly<Record<'lid' | 'pid' | 'name', string>> {
	readonly quantity: number;
	readonly unit_price: number;
	readonly sku: string | null;
}

/** What somebody bought, with what it cost. */
export interface Purchase extends Record<
	'subtotal' | 'shipping' | 'discount' | 'tax' | 'total',
	number
> {
	readonly id: number;
	readonly transaction_id: string;
	readonly subscriber_id: number;
	readonly email_address: string;
	readonly status: string;
	readonly currency: string;
	readonly transaction_time: string;
	/** Grows where the same transaction is sent again. */
	readonly products: Product[];
}

/** A classic webhook: one event, one URL, no signature. */
export interface Webhook {
	readonly id: number;
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
	readonly event_type: string;
	/** The last two are final. */
	status: 'pending' | 'retrying' | 'delivered' | 'failed';
	attempt_count: number;
	completed_at: string | null;
	/** As they are sent, all of one type. */
	readonly events: readonly object[];
	readonly attempts: object[];
}

/** Who is on a form or in a sequence. */
export class Members {
	/** Everyone, ascending by moment, then id. */
	readonly rows: Member[] = [];

	private bySubscriber: Map<Subscriber, Member> | undefined;

	/** Those that a list shows by default: the active ones. */
	get activeCount(): number {
		return this.rows.filter(({ subscriber }) => subscriber.state === 'active').length;
	}

	/** What there is of a subscriber. Looked up in a map that the first question makes. */
	of(subscriber: Subscriber): Member | undefined {
		this.bySubscriber ??= new Map(this.rows.map((member) => [member.subscriber, member]));
		return this.bySubscriber.get(subscriber);
	}

	/** Adds a subscriber that is not there yet, at a moment no earlier than the last. */
	add(member: Member): void {
		this.rows.push(member);
		this.bySubscriber?.set(member.subscriber, member);
	}
}

/** How many rows come first of which something is true, and of none after them. */
export function countFirst<T>(rows: readonly T[], isTrue: (row: T) => boolean): number {
	let low = 0;
	let high = rows.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (isTrue(rows[middle] as T)) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** The row with an id, of rows that ascend by it. */
export function byId<T extends { readonly id: number }>(
	rows: readonly T[],
	id: number | null | undefined,
): T | undefined {
	const found = rows[countFirst(rows, (row) => row.id < (id ?? NaN))];
	return found?.id === id ? found : undefined;
}

/** Removes a row, if it is there, from rows that ascend by id. */
export function remove<T extends { readonly id: number }>(rows: T[], row: T): void {
	const index = countFirst(rows, ({ id }) => id < row.id);
	if (rows[index] === row) rows.splice(index, 1);
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

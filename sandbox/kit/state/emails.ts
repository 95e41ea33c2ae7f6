import type { Subscriber, Tag } from './people';

/** A design that emails are made with. */
export interface EmailTemplate {
	readonly id: number;
	readonly name: string;
	readonly isDefault: boolean;
	/** `HTML` or `Starting point`; the latter needs `allow_starting_point`, and only broadcasts take it. */
	readonly category: string;
}

/** A saved group of subscribers. Kit's API tells only its name; here it is whoever has a tag. */
export interface Segment {
	readonly id: number;
	readonly name: string;
	readonly createdAt: number;
	readonly tags: readonly Tag[];
}

/** The states of a broadcast that Kit documents. */
export const BROADCAST_STATUSES = [
	'draft',
	'scheduled',
	'sending',
	'completed',
	'aborted',
] as const;

/** One of the states of a broadcast that Kit documents. */
export type BroadcastStatus = (typeof BROADCAST_STATUSES)[number];

/** Segments or tags, or everyone, in the words of `subscriber_filter`. */
export interface FilterRule {
	readonly type: string;
	readonly ids?: readonly number[];
}

/** Whom a broadcast goes to: the one group of `subscriber_filter` that the API supports. */
export interface FilterGroup {
	readonly match: 'all' | 'any' | 'none';
	readonly rules: readonly FilterRule[];
}

/** What the author of a broadcast decides. Moments are milliseconds since 1970. */
export interface BroadcastDraft {
	subject: string;
	previewText: string | null;
	description: string | null;
	content: string | null;
	isPublic: boolean;
	publishedAt: number | null;
	sendAt: number | null;
	thumbnailAlt: string | null;
	thumbnailUrl: string | null;
	/** Null for the account's own. */
	emailAddress: string | null;
	template: EmailTemplate;
	filter: FilterGroup;
}

/** One email to many. */
export interface Broadcast extends BroadcastDraft {
	readonly id: number;
	/** Shared with the post that it was published as. */
	readonly publicationId: number;
	readonly createdAt: number;
	status: BroadcastStatus;
	/** When sending began; null before. */
	startedAt: number | null;
	/** When sending ends; null before it began. */
	completesAt: number | null;
}

/** A broadcast that was sent, or is being sent, as far as engagement needs it. */
export interface SentEmail {
	readonly id: number;
	readonly sentAt: number;
	readonly links: readonly { readonly id: number; readonly url: string }[];
	/** Whom it was for; everyone on the list where this is left out. */
	readonly recipients?: ReadonlySet<Subscriber>;
}

/** A page of the newsletter's site. */
export interface Post {
	readonly id: number;
	/** Shared with the broadcast that it was sent as. */
	readonly publicationId: number;
	readonly createdAt: number;
	readonly title: string;
	readonly slug: string | null;
	readonly description: string | null;
	readonly content: string;
	status: 'draft' | 'published';
	publishedAt: number | null;
	readonly sentAt: number | null;
	readonly thumbnailAlt: string | null;
	readonly thumbnailUrl: string | null;
	readonly isPaid: boolean;
}

/** A piece of content to be used in many emails. */
export interface Snippet {
	readonly id: number;
	readonly type: 'inline' | 'block';
	/** What `{{ snippet.key }}` names; it stays when the name changes. */
	readonly key: string;
	readonly createdAt: number;
	readonly documentId: number;
	name: string;
	/** The text of an inline snippet, the HTML of a block. */
	body: string;
	archived: boolean;
	updatedAt: number;
	version: number;
}

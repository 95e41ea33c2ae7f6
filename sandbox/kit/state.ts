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

/** A broadcast that was sent, as far as engagement needs it. */
export interface SentEmail {
	readonly id: number;
	readonly sentAt: number;
	readonly links: readonly { readonly id: number; readonly url: string }[];
}

/** What stands on an account's own pages. */
export interface Profile {
	readonly userId: number;
	readonly accountId: number;
	readonly name: string;
	readonly planType: string;
	readonly emailAddress: string;
	readonly senderName: string;
	readonly createdAt: number;
	readonly timeZone: string;
	readonly timeZoneName: string;
	/** Null for an account without a creator profile, for which Kit answers 404. */
	readonly creatorProfile: { readonly name: string; byline: string; bio: string } | null;
}

const NO_VALUES: ReadonlyMap<number, string> = new Map<number, string>();
const NO_TAGGINGS: readonly Tagging[] = [];

/**
 * Finds a row by its id.
 * @param rows ascending by id
 * @param id what to look for
 */
export function byId<T extends { readonly id: number }>(
	rows: readonly T[],
	id: number,
): T | undefined {
	const index = indexOfId(rows, id);
	return index < 0 ? undefined : rows[index];
}

function indexOfId(rows: readonly { readonly id: number }[], id: number): number {
	let low = 0;
	let high = rows.length - 1;
	while (low <= high) {
		const middle = (low + high) >>> 1;
		const found = rows[middle]?.id ?? NaN;
		if (found === id) return middle;
		if (found < id) low = middle + 1;
		else high = middle - 1;
	}
	return -1;
}

function removeId(rows: { readonly id: number }[], id: number): void {
	const index = indexOfId(rows, id);
	if (index >= 0) rows.splice(index, 1);
}

/** One Kit account with everything in it. Every array is ascending by id. */
export class Account {
	readonly subscribers: Subscriber[] = [];

	readonly tags: Tag[] = [];

	readonly customFields: CustomField[] = [];

	readonly sentEmails: SentEmail[] = [];

	colors: readonly string[] = [];

	private readonly byEmail = new Map<string, Subscriber>();

	private readonly sorted = new Map<string, Subscriber[]>();

	private lastId: number;

	private lastSubscriberId: number;

	/**
	 * @param profile what the account says about itself
	 */
	constructor(readonly profile: Profile) {
		this.lastId = profile.accountId * 100;
		this.lastSubscriberId = 2_900_000_000 + profile.accountId;
	}

	/** A new id for anything but a subscriber. */
	nextId(): number {
		return ++this.lastId;
	}

	/** The subscriber with an email address, in whatever case it is written. */
	subscriberByEmail(emailAddress: string): Subscriber | undefined {
		return this.byEmail.get(emailAddress.toLowerCase());
	}

	/**
	 * Adds a subscriber; its address must not be taken.
	 * @param about what is known of it; the rest is as for one created by the API
	 * @returns the subscriber
	 */
	addSubscriber(
		about: Pick<Subscriber, 'emailAddress' | 'firstName' | 'state' | 'createdAt' | 'attribution'> &
			Partial<
				Pick<
					Subscriber,
					'fields' | 'inferredLocation' | 'canceledAt' | 'updatedAt' | 'signupFormId'
				>
			>,
	): Subscriber {
		const subscriber: Subscriber = {
			id: ++this.lastSubscriberId,
			emailAddress: about.emailAddress,
			firstName: about.firstName,
			state: about.state,
			createdAt: about.createdAt,
			updatedAt: about.updatedAt ?? about.createdAt,
			canceledAt: about.canceledAt ?? null,
			fields: about.fields ?? NO_VALUES,
			taggings: NO_TAGGINGS,
			inferredLocation: about.inferredLocation ?? null,
			pinnedLocation: null,
			attribution: about.attribution,
			signupFormId: about.signupFormId ?? null,
		};
		this.subscribers.push(subscriber);
		this.byEmail.set(subscriber.emailAddress.toLowerCase(), subscriber);
		this.sorted.clear();
		return subscriber;
	}

	/**
	 * Changes a subscriber and notes when.
	 * @param subscriber whom
	 * @param change the new values; an address must not be taken
	 */
	updateSubscriber(
		subscriber: Subscriber,
		change: Partial<
			Pick<
				Subscriber,
				'emailAddress' | 'firstName' | 'state' | 'canceledAt' | 'fields' | 'pinnedLocation'
			>
		>,
	): void {
		if (change.emailAddress !== undefined) {
			this.byEmail.delete(subscriber.emailAddress.toLowerCase());
			this.byEmail.set(change.emailAddress.toLowerCase(), subscriber);
		}
		Object.assign(subscriber, change, { updatedAt: Date.now() });
		this.sorted.clear();
	}

	/**
	 * The subscribers in another order than by id, kept until one changes.
	 * @param name names the order
	 * @param key what to sort by, ascending, then by id
	 */
	sortedBy(name: string, key: (subscriber: Subscriber) => number): readonly Subscriber[] {
		let rows = this.sorted.get(name);
		if (rows === undefined) {
			rows = [...this.subscribers].sort((a, b) => key(a) - key(b) || a.id - b.id);
			this.sorted.set(name, rows);
		}
		return rows;
	}

	/** Adds a tag; its name must not be taken. */
	addTag(name: string, createdAt = Date.now()): Tag {
		const tag: Tag = { id: this.nextId(), name, createdAt, taggings: [] };
		this.tags.push(tag);
		return tag;
	}

	/** Removes a tag, and takes it from everyone. */
	removeTag(tag: Tag): void {
		for (const { subscriber } of tag.taggings) {
			subscriber.taggings = subscriber.taggings.filter((tagging) => tagging.tag !== tag);
		}
		removeId(this.tags, tag.id);
	}

	/**
	 * Gives a tag to a subscriber. Called with a moment earlier than the tag's last, it leaves the
	 * order of the tag's taggings to the caller.
	 */
	addTagging(tag: Tag, subscriber: Subscriber, at = Date.now()): Tagging {
		const tagging: Tagging = { id: this.nextId(), at, tag, subscriber };
		tag.taggings.push(tagging);
		subscriber.taggings = [...subscriber.taggings, tagging];
		return tagging;
	}

	/** Takes a tag from a subscriber, if it has it. */
	removeTagging(tag: Tag, subscriber: Subscriber): void {
		const tagging = subscriber.taggings.find((one) => one.tag === tag);
		if (tagging === undefined) return;
		tag.taggings.splice(tag.taggings.indexOf(tagging), 1);
		subscriber.taggings = subscriber.taggings.filter((one) => one !== tagging);
	}

	/** Adds a custom field; neither its label nor its key must be taken. */
	addCustomField(label: string, key: string, createdAt = Date.now()): CustomField {
		const id = this.nextId();
		const field = { id, name: `ck_field_${String(id)}_${key}`, key, label, createdAt };
		this.customFields.push(field);
		return field;
	}

	/** Removes a custom field; its values can be reached no more, since ids are never used again. */
	removeCustomField(field: CustomField): void {
		removeId(this.customFields, field.id);
	}
}

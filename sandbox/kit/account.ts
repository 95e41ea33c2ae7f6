import { iso } from './dates';
import { changesOf } from './events';
import type { KitEvent } from './events';
import { Members, remove } from './rows';
import type { BroadcastDraft } from './broadcasts';
import type {
	Broadcast,
	CustomField,
	EmailTemplate,
	Form,
	Member,
	Post,
	Purchase,
	Segment,
	Sequence,
	Snippet,
	Subscriber,
	Tag,
	Tagging,
	Webhook,
} from './rows';
import type { SequenceSettings } from './sequences';
import type { WebhookEndpoint } from './webhooks';

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

/** How long it takes to send a broadcast, in milliseconds; made up. */
const SENDING_TIME = 60_000;

/** A text as a part of a URL or as a key, such as `my-newsletter-post`. */
export function slugOf(text: string): string {
	return text
		.normalize('NFKD')
		.toLowerCase()
		.replace(/[^a-z\d]+/g, '-')
		.replace(/^-+|-+$/g, '');
}

/**
 * One Kit account with everything in it. Every array is ascending by id. What Kit tells webhooks about is
 * changed through the methods only.
 */
export class Account {
	readonly subscribers: Subscriber[] = [];
	readonly tags: Tag[] = [];
	readonly customFields: CustomField[] = [];
	readonly broadcasts: Broadcast[] = [];
	readonly posts: Post[] = [];
	readonly emailTemplates: EmailTemplate[] = [];
	readonly snippets: Snippet[] = [];
	readonly segments: Segment[] = [];
	readonly sequences: Sequence[] = [];
	readonly forms: Form[] = [];
	readonly purchases: Purchase[] = [];
	readonly webhooks: Webhook[] = [];
	readonly webhookEndpoints: WebhookEndpoint[] = [];
	colors: readonly string[] = ['#008000', '#FF0000'];

	private readonly byEmail = new Map<string, Subscriber>();
	private readonly sorted = new Map<string, Subscriber[]>();
	private listener: ((event: KitEvent) => void) | undefined;
	private lastId: number;
	private lastSubscriberId: number;

	/** Its time is the sandbox's. */
	constructor(
		readonly profile: Profile,
		readonly now: () => number,
	) {
		this.lastId = profile.accountId * 100;
		this.lastSubscriberId = 2_900_000_000 + profile.accountId;
	}

	/** Where its forms, posts and profile are. */
	get site(): string {
		return `https://${slugOf(this.profile.name)}.kit.com`;
	}

	/** Names who hears of events from now on; nobody does while the first data are put in. */
	listen(listener: (event: KitEvent) => void): void {
		this.listener = listener;
	}

	/** Tells of an event. */
	raise(event: KitEvent): void {
		this.listener?.(event);
	}

	/** A new id for anything but a subscriber. */
	nextId(): number {
		return ++this.lastId;
	}

	/** The id of something new, and when that was created. */
	fresh(createdAt = this.now()): { id: number; created_at: string } {
		return { id: this.nextId(), created_at: iso(createdAt) };
	}

	/** The subscriber with an email address, in whatever case it is written. */
	subscriberByEmail(emailAddress: string): Subscriber | undefined {
		return this.byEmail.get(emailAddress.toLowerCase());
	}

	/** Adds a subscriber, of whom the rest is as by the API; its address must not be taken. */
	addSubscriber(
		about: Pick<Subscriber, 'emailAddress' | 'firstName' | 'state' | 'createdAt' | 'attribution'> &
			Partial<Subscriber>,
	): Subscriber {
		const subscriber: Subscriber = {
			updatedAt: about.createdAt,
			canceledAt: null,
			fields: new Map(),
			taggings: [],
			inferredLocation: null,
			pinnedLocation: null,
			signupFormId: null,
			...about,
			id: ++this.lastSubscriberId,
		};
		this.subscribers.push(subscriber);
		this.byEmail.set(subscriber.emailAddress.toLowerCase(), subscriber);
		this.sorted.clear();
		this.raise({ type: 'subscriber.created', subscriber });
		if (subscriber.state === 'active') this.raise({ type: 'subscriber.activated', subscriber });
		return subscriber;
	}

	/** Changes a subscriber and notes when; an address must not be taken. */
	updateSubscriber(subscriber: Subscriber, change: Partial<Omit<Subscriber, 'id'>>): void {
		if (change.emailAddress !== undefined) {
			this.byEmail.delete(subscriber.emailAddress.toLowerCase());
			this.byEmail.set(change.emailAddress.toLowerCase(), subscriber);
		}
		const { state, fields } = subscriber;
		Object.assign(subscriber, change, { updatedAt: this.now() });
		this.sorted.clear();
		for (const event of changesOf({ state, fields }, subscriber, this.customFields)) {
			this.raise(event);
		}
	}

	/**
	 * The subscribers in another order than by id.
	 * @param name names the order, which is kept until a subscriber changes; not where it is empty
	 * @param key what to sort by, ascending, then by id
	 */
	sortedBy(name: string, key: (subscriber: Subscriber) => number | string): readonly Subscriber[] {
		const kept = this.sorted.get(name);
		if (kept) return kept;
		const compare = (a: number | string, b: number | string) => (a < b ? -1 : Number(a > b));
		const rows = [...this.subscribers].sort((a, b) => compare(key(a), key(b)) || a.id - b.id);
		if (name !== '') this.sorted.set(name, rows);
		return rows;
	}

	/** Adds a tag; its name must not be taken. */
	addTag(name: string, createdAt?: number): Tag {
		const { id, created_at } = this.fresh(createdAt);
		const tag: Tag = { id, name, created_at, taggings: [] };
		this.tags.push(tag);
		this.raise({ type: 'tag.created', tag });
		return tag;
	}

	/** Removes a tag, and takes it from everyone, of which Kit does not tell one by one (a guess). */
	removeTag(tag: Tag): void {
		for (const { subscriber } of tag.taggings) {
			subscriber.taggings = subscriber.taggings.filter((tagging) => tagging.tag !== tag);
		}
		remove(this.tags, tag);
		this.raise({ type: 'tag.deleted', tag });
	}

	/**
	 * Gives a tag to a subscriber. Called with a moment earlier than the tag's last, it leaves the
	 * order of the tag's taggings to the caller.
	 */
	addTagging(tag: Tag, subscriber: Subscriber, at = this.now()): Tagging {
		const tagging: Tagging = { id: this.nextId(), at, tag, subscriber, referrer: null };
		tag.taggings.push(tagging);
		subscriber.taggings = [...subscriber.taggings, tagging];
		this.raise({ type: 'subscriber.tag_added', subscriber, tag });
		return tagging;
	}

	/** Takes a tag from a subscriber, if it has it. */
	removeTagging(tag: Tag, subscriber: Subscriber): void {
		const tagging = subscriber.taggings.find((one) => one.tag === tag);
		if (tagging === undefined) return;
		tag.taggings.splice(tag.taggings.indexOf(tagging), 1);
		subscriber.taggings = subscriber.taggings.filter((one) => one !== tagging);
		this.raise({ type: 'subscriber.tag_removed', subscriber, tag });
	}

	/** Adds a custom field; neither its label nor its key must be taken. */
	addCustomField(label: string, key: string, createdAt?: number): CustomField {
		const { id, created_at } = this.fresh(createdAt);
		const customField = { id, name: `ck_field_${String(id)}_${key}`, key, label, created_at };
		this.customFields.push(customField);
		this.raise({ type: 'custom_field.created', customField });
		return customField;
	}

	/** Removes a custom field; its values can be reached no more, since ids are never used again. */
	removeCustomField(customField: CustomField): void {
		remove(this.customFields, customField);
		this.raise({ type: 'custom_field.deleted', customField });
	}

	/** Adds a subscriber to a form or a sequence where it is not yet. */
	addTo(
		where: { form: Form } | { sequence: Sequence },
		subscriber: Subscriber,
		referrer: string | null = null,
		at = this.now(),
	): Member {
		const member = { id: this.nextId(), at, subscriber, referrer };
		const isForm = 'form' in where;
		(isForm ? where.form : where.sequence).members.add(member);
		const type = isForm ? 'subscriber.subscribed_to_form' : 'subscriber.added_to_sequence';
		this.raise({ type, subscriber, ...where });
		return member;
	}

	/** Adds a sequence without emails and without anyone in it. */
	addSequence(settings: SequenceSettings, createdAt?: number): Sequence {
		const row = this.fresh(createdAt);
		const empty = { emails: [], members: new Members() };
		const sequence: Sequence = { ...settings, ...row, updated_at: row.created_at, ...empty };
		this.sequences.push(sequence);
		this.raise({ type: 'sequence.created', sequence });
		return sequence;
	}

	/** Changes a sequence and notes when. It is published or disabled by its `active` (a guess). */
	updateSequence(sequence: Sequence, change: Partial<SequenceSettings>): void {
		const { active } = sequence;
		Object.assign(sequence, change, { updated_at: iso(this.now()) });
		if (sequence.active === active) return;
		this.raise({ type: active ? 'sequence.disabled' : 'sequence.published', sequence });
	}

	/** Removes a sequence with its emails. */
	removeSequence(sequence: Sequence): void {
		remove(this.sequences, sequence);
		this.raise({ type: 'sequence.deleted', sequence });
	}

	/** Adds a broadcast: a draft, scheduled, or sent at once, as its `send_at` says. */
	addBroadcast(draft: BroadcastDraft): Broadcast {
		const ids = { ...this.fresh(), publication_id: this.nextId() };
		const unsent = { status: 'draft', startedAt: null, completesAt: null } as const;
		const broadcast: Broadcast = { ...ids, ...draft, ...unsent };
		this.broadcasts.push(broadcast);
		this.raise({ type: 'broadcast.created', broadcast });
		this.schedule(broadcast);
		return broadcast;
	}

	/** Changes a broadcast of which nothing has been sent. */
	updateBroadcast(broadcast: Broadcast, change: Partial<BroadcastDraft>): void {
		Object.assign(broadcast, change);
		this.schedule(broadcast);
	}

	/** Removes a broadcast of which nothing has been sent. */
	removeBroadcast(broadcast: Broadcast): void {
		remove(this.broadcasts, broadcast);
		this.raise({ type: 'broadcast.deleted', broadcast });
	}

	/**
	 * Does what the clock has made due: scheduled broadcasts are sent, sending ones completed, which is
	 * when Kit tells that they were sent (a guess).
	 */
	settle(): void {
		const now = this.now();
		for (const broadcast of this.broadcasts) {
			const due = Date.parse(broadcast.send_at ?? '');
			if (broadcast.status === 'scheduled' && due <= now) this.send(broadcast, due);
		}
		for (const broadcast of this.broadcasts) {
			if (broadcast.status !== 'sending' || (broadcast.completesAt ?? now) > now) continue;
			broadcast.status = 'completed';
			this.raise({ type: 'broadcast.sent', broadcast });
		}
	}

	private schedule(broadcast: Broadcast): void {
		const { send_at: sendAt } = broadcast;
		broadcast.status = sendAt === null ? 'draft' : 'scheduled';
		if (sendAt !== null && Date.parse(sendAt) <= this.now()) this.send(broadcast, this.now());
	}

	private send(broadcast: Broadcast, at: number): void {
		const change = { status: 'sending', startedAt: at, completesAt: at + SENDING_TIME } as const;
		Object.assign(broadcast, change);
		if (!broadcast.public) return;
		broadcast.published_at ??= iso(at);
		this.addPostOf(broadcast, at);
	}

	/** Adds the post of a broadcast that is for the web too. */
	addPostOf(broadcast: Broadcast, sentAt: number): void {
		const { subject, content } = broadcast;
		this.addPost({
			...broadcast,
			title: subject,
			slug: slugOf(subject),
			content: content ?? '',
			sent_at: iso(sentAt),
		});
	}

	/** Adds a post, which is published where it says when. */
	addPost(
		about: Pick<Post, 'publication_id' | 'title' | 'slug' | 'content' | 'created_at'> &
			Partial<Omit<Post, 'status'>>,
	): void {
		const { slug, published_at = null } = about;
		const post: Post = {
			publication_id: about.publication_id,
			created_at: about.created_at,
			title: about.title,
			slug,
			description: about.description ?? null,
			content: about.content,
			status: published_at === null ? 'draft' : 'published',
			published_at,
			sent_at: about.sent_at ?? null,
			thumbnail_alt: about.thumbnail_alt ?? null,
			thumbnail_url: about.thumbnail_url ?? null,
			id: this.nextId(),
			is_paid: false,
			meta_description: null,
			public_url: slug === null ? null : `${this.site}/posts/${slug}`,
		};
		this.posts.push(post);
		if (post.status === 'published') this.raise({ type: 'post.published', post });
	}

	/** Publishes a post, which may be published already. */
	publishPost(post: Post): void {
		post.status = 'published';
		post.published_at ??= iso(this.now());
		this.raise({ type: 'post.published', post });
	}

	/** Adds a purchase of a subscriber. */
	addPurchase(about: Omit<Purchase, 'id'>): Purchase {
		const purchase = { ...about, id: this.nextId() };
		this.purchases.push(purchase);
		this.raise({ type: 'purchase.created', purchase });
		return purchase;
	}
}

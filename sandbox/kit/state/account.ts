import { linksIn } from '../addresses';
import type {
	Broadcast,
	BroadcastDraft,
	EmailTemplate,
	Post,
	Segment,
	SentEmail,
	Snippet,
} from './emails';
import { recipientsOf } from './audience';
import { changesOf } from './events';
import type { KitEvent, KitListener } from './events';
import { removeId } from './ids';
import { postOf } from './posts';
import { Members } from './members';
import type { Member } from './members';
import type { CustomField, Subscriber, Tag, Tagging } from './people';
import type { Form, Purchase } from './sales';
import type { Sequence, SequenceEmail, SequenceEmailSettings, SequenceSettings } from './sequences';
import type { Webhook, WebhookEndpoint } from './webhooks';

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

const NO_VALUES: ReadonlyMap<number, string> = new Map<number, string>();
const NO_TAGGINGS: readonly Tagging[] = [];

/**
 * One Kit account with everything in it. Every array is ascending by id, but for `sentEmails`. What
 * Kit tells webhooks about is changed through the methods only.
 */
export class Account {
	readonly subscribers: Subscriber[] = [];

	readonly tags: Tag[] = [];

	readonly customFields: CustomField[] = [];

	readonly broadcasts: Broadcast[] = [];

	/** Oldest first. */
	readonly sentEmails: SentEmail[] = [];

	readonly posts: Post[] = [];

	readonly emailTemplates: EmailTemplate[] = [];

	readonly snippets: Snippet[] = [];

	readonly segments: Segment[] = [];

	readonly sequences: Sequence[] = [];

	readonly forms: Form[] = [];

	readonly purchases: Purchase[] = [];

	readonly webhooks: Webhook[] = [];

	readonly webhookEndpoints: WebhookEndpoint[] = [];

	colors: readonly string[] = [];

	private readonly byEmail = new Map<string, Subscriber>();

	private readonly sorted = new Map<string, Subscriber[]>();

	private listener: KitListener | undefined;

	private lastId: number;

	private lastSubscriberId: number;

	/**
	 * @param profile what the account says about itself
	 * @param now the sandbox's clock
	 */
	constructor(
		readonly profile: Profile,
		readonly now: () => number,
	) {
		this.lastId = profile.accountId * 100;
		this.lastSubscriberId = 2_900_000_000 + profile.accountId;
	}

	/** Names who hears of events from now on; nobody does while the first data are put in. */
	listen(listener: KitListener): void {
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
		this.raise({ type: 'subscriber.created', subscriber });
		if (subscriber.state === 'active') this.raise({ type: 'subscriber.activated', subscriber });
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
		const { state, fields } = subscriber;
		Object.assign(subscriber, change, { updatedAt: this.now() });
		this.sorted.clear();
		const events = changesOf({ state, fields }, subscriber, this.customFields);
		for (const event of events) this.raise(event);
	}

	/**
	 * The subscribers in another order than by id.
	 * @param name names the order
	 * @param key what to sort by, ascending, then by id
	 * @param keep whether to keep the order until a subscriber changes
	 */
	sortedBy(
		name: string,
		key: (subscriber: Subscriber) => number | string,
		keep: boolean,
	): readonly Subscriber[] {
		const kept = this.sorted.get(name);
		if (kept && keep) return kept;
		const compare = (a: number | string, b: number | string) => (a < b ? -1 : Number(a > b));
		const rows = [...this.subscribers].sort((a, b) => compare(key(a), key(b)) || a.id - b.id);
		if (keep) this.sorted.set(name, rows);
		return rows;
	}

	/** Adds a tag; its name must not be taken. */
	addTag(name: string, createdAt = this.now()): Tag {
		const tag: Tag = { id: this.nextId(), name, createdAt, taggings: [] };
		this.tags.push(tag);
		this.raise({ type: 'tag.created', tag });
		return tag;
	}

	/** Removes a tag, and takes it from everyone, of which Kit does not tell one by one (a guess). */
	removeTag(tag: Tag): void {
		for (const { subscriber } of tag.taggings) {
			subscriber.taggings = subscriber.taggings.filter((tagging) => tagging.tag !== tag);
		}
		removeId(this.tags, tag.id);
		this.raise({ type: 'tag.deleted', tag });
	}

	/**
	 * Gives a tag to a subscriber. Called with a moment earlier than the tag's last, it leaves the
	 * order of the tag's taggings to the caller.
	 */
	addTagging(tag: Tag, subscriber: Subscriber, at = this.now()): Tagging {
		const tagging: Tagging = { id: this.nextId(), at, tag, subscriber };
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
	addCustomField(label: string, key: string, createdAt = this.now()): CustomField {
		const id = this.nextId();
		const field = { id, name: `ck_field_${String(id)}_${key}`, key, label, createdAt };
		this.customFields.push(field);
		this.raise({ type: 'custom_field.created', customField: field });
		return field;
	}

	/** Removes a custom field; its values can be reached no more, since ids are never used again. */
	removeCustomField(field: CustomField): void {
		removeId(this.customFields, field.id);
		this.raise({ type: 'custom_field.deleted', customField: field });
	}

	/** Adds a form without anyone on it. */
	addForm(about: Omit<Form, 'id' | 'members'>): Form {
		const form = { ...about, id: this.nextId(), members: new Members() };
		this.forms.push(form);
		return form;
	}

	/** Adds a subscriber to a form on which it is not yet. */
	addToForm(form: Form, subscriber: Subscriber, referrer: string | null, at = this.now()): Member {
		const member = { id: this.nextId(), at, subscriber, referrer };
		form.members.add(member);
		this.raise({ type: 'subscriber.subscribed_to_form', subscriber, form });
		return member;
	}

	/** Adds a sequence without emails and without anyone in it. */
	addSequence(settings: SequenceSettings, createdAt = this.now()): Sequence {
		const sequence: Sequence = {
			...settings,
			id: this.nextId(),
			createdAt,
			updatedAt: createdAt,
			emails: [],
			members: new Members(),
		};
		this.sequences.push(sequence);
		this.raise({ type: 'sequence.created', sequence });
		return sequence;
	}

	/** Changes a sequence and notes when. It is published or disabled by its `active` (a guess). */
	updateSequence(sequence: Sequence, change: Partial<SequenceSettings>): void {
		const { active } = sequence;
		Object.assign(sequence, change, { updatedAt: this.now() });
		if (sequence.active === active) return;
		this.raise({ type: active ? 'sequence.disabled' : 'sequence.published', sequence });
	}

	/** Removes a sequence with its emails. */
	removeSequence(sequence: Sequence): void {
		removeId(this.sequences, sequence.id);
		this.raise({ type: 'sequence.deleted', sequence });
	}

	/** Adds a subscriber to a sequence in which it is not yet. */
	addToSequence(sequence: Sequence, subscriber: Subscriber, at = this.now()): Member {
		const member = { id: this.nextId(), at, subscriber, referrer: null };
		sequence.members.add(member);
		this.raise({ type: 'subscriber.added_to_sequence', subscriber, sequence });
		return member;
	}

	/** Adds an email to a sequence; its position must not be taken. */
	addSequenceEmail(sequence: Sequence, settings: SequenceEmailSettings): SequenceEmail {
		const email = { ...settings, id: this.nextId() };
		sequence.emails.push(email);
		return email;
	}

	/** Adds a broadcast: a draft, scheduled, or sent at once, as its `sendAt` says. */
	addBroadcast(draft: BroadcastDraft): Broadcast {
		const broadcast: Broadcast = {
			...draft,
			id: this.nextId(),
			publicationId: this.nextId(),
			createdAt: this.now(),
			status: 'draft',
			startedAt: null,
			completesAt: null,
		};
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
		removeId(this.broadcasts, broadcast.id);
		this.raise({ type: 'broadcast.deleted', broadcast });
	}

	/**
	 * Does what the clock has made due: scheduled broadcasts are sent, sending ones completed, which is
	 * when Kit tells that they were sent (a guess).
	 */
	settle(): void {
		const now = this.now();
		const due = (at: number | null): at is number => at !== null && at <= now;
		const scheduled = this.broadcasts.filter(({ status }) => status === 'scheduled');
		scheduled.sort((a, b) => (a.sendAt ?? 0) - (b.sendAt ?? 0));
		for (const broadcast of scheduled) {
			if (due(broadcast.sendAt)) this.send(broadcast, broadcast.sendAt);
		}
		for (const broadcast of this.broadcasts) {
			if (broadcast.status === 'sending' && due(broadcast.completesAt)) {
				broadcast.status = 'completed';
				this.raise({ type: 'broadcast.sent', broadcast });
			}
		}
	}

	private schedule(broadcast: Broadcast): void {
		const { sendAt } = broadcast;
		broadcast.status = sendAt === null ? 'draft' : 'scheduled';
		if (sendAt !== null && sendAt <= this.now()) this.send(broadcast, this.now());
	}

	private send(broadcast: Broadcast, at: number): void {
		const { id, content } = broadcast;
		const links = linksIn(content).map((url, index) => ({ id: id * 10 + index, url }));
		const recipients = recipientsOf(this, broadcast.filter);
		const change = { status: 'sending', startedAt: at, completesAt: at + SENDING_TIME } as const;
		Object.assign(broadcast, change);
		this.sentEmails.push({ id, sentAt: at, links, ...(recipients && { recipients }) });
		if (!broadcast.isPublic) return;
		broadcast.publishedAt ??= at;
		this.addPost(postOf(broadcast, at));
	}

	/** Adds a post. */
	addPost(about: Omit<Post, 'id'>): Post {
		const post = { ...about, id: this.nextId() };
		this.posts.push(post);
		if (post.status === 'published') this.raise({ type: 'post.published', post });
		return post;
	}

	/** Publishes a post, which may be published already. */
	publishPost(post: Post): void {
		post.status = 'published';
		post.publishedAt ??= this.now();
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

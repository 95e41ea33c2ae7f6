import { iso } from './dates';
import type { Broadcast, Post } from './broadcasts';
import type { KitEvent } from './events';
import type { Purchase } from './purchases';
import { byId } from './rows';
import type { CustomField, EmailTemplate, Form, Member, Named, Row } from './rows';
import type { Subscriber, Webhook } from './rows';
import type { Sequence, SequenceEmail } from './sequences';
import type { Snippet } from './snippets';
import type { WebhookEndpoint } from './webhooks';

/** What one account differs from another by on its own pages. */
export interface Profile {
	readonly accountId: number;
	readonly name: string;
	readonly timeZone: string;
	readonly timeZoneName: string;
	/** Left out of an account without a creator profile, for which Kit answers 404. */
	readonly creatorProfile?: { readonly byline: string; readonly bio: string };
}

/** A text as a part of a URL or as a key, such as `my-newsletter-post`. */
export function slugOf(text: string): string {
	return text
		.normalize('NFKD')
		.toLowerCase()
		.replace(/[^a-z\d]+/g, '-')
		.replace(/^-+|-+$/g, '');
}

/** What Kit tells of those who are added to something. */
const JOINED = {
	tag: 'subscriber.tag_added',
	form: 'subscriber.subscribed_to_form',
	sequence: 'subscriber.added_to_sequence',
} as const;

/** What Kit tells of those who get into a state; nothing of inactive ones. */
const ENTERED = {
	active: 'subscriber.activated',
	cancelled: 'subscriber.unsubscribed',
	bounced: 'subscriber.bounced',
	complained: 'subscriber.complained',
	inactive: '',
} as const;

/** The lists of an account, in Kit's words. */
export type ListName = {
	[K in keyof Account]: Account[K] extends Row[] ? K : never;
}[keyof Account];

/** One Kit account with everything in it. Every array is ascending by id. */
export class Account {
	readonly subscribers: Subscriber[] = [];
	readonly tags: Named[] = [];
	readonly custom_fields: CustomField[] = [];
	readonly broadcasts: Broadcast[] = [];
	readonly posts: Post[] = [];
	readonly email_templates: EmailTemplate[] = [];
	readonly snippets: Snippet[] = [];
	readonly segments: Named[] = [];
	readonly sequences: Sequence[] = [];
	readonly sequenceEmails: SequenceEmail[] = [];
	readonly forms: Form[] = [];
	readonly purchases: Purchase[] = [];
	readonly webhooks: Webhook[] = [];
	readonly webhookEndpoints: WebhookEndpoint[] = [];
	colors: readonly string[] = ['#008000', '#FF0000'];

	private readonly members = new Map<number, Map<number, Member>>();
	private readonly byEmail = new Map<string, Subscriber>();
	private listener: ((event: KitEvent) => void) | undefined;
	private lastId: number;
	private lastSubscriberId: number;

	/** Its time is the sandbox's, but while its history is made up. */
	constructor(
		readonly profile: Profile,
		public now: () => number,
	) {
		this.lastId = profile.accountId * 100;
		this.lastSubscriberId = 2_900_000_000 + profile.accountId;
	}

	/** The account as it is, whatever becomes of this one; nobody hears of what happens in it. */
	copy(): Account {
		const data = Object.entries(this).filter(([, value]) => typeof value !== 'function');
		return Object.assign(
			new Account(this.profile, this.now),
			structuredClone(Object.fromEntries(data)),
		);
	}

	/** What it is reached at, and sends from. */
	get emailAddress(): string {
		return `hello${String(this.profile.accountId)}@example.com`;
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

	/** Something new, with its id and when it was created. */
	fresh<T extends object>(about: T) {
		return { id: this.nextId(), ...about, created_at: iso(this.now()) };
	}

	/** Adds something new to a list, and tells of it. */
	add<T extends Row>(name: ListName, row: T): T {
		(this[name] as Row[]).push(row);
		const key = name.slice(0, -1);
		this.raise({ type: `${key}.created`, [key]: row });
		return row;
	}

	/** Removes something from a list, and who is in it from that, of which Kit does not tell (a guess). */
	remove(name: ListName, row: Row): void {
		this[name].splice((this[name] as Row[]).indexOf(row), 1);
		this.members.delete(row.id);
		const key = name.slice(0, -1);
		this.raise({ type: `${key}.deleted`, [key]: row });
	}

	/** Whether there is what an id names by its key, such as `tag_id`; of products, which are not in Kit's API, too. */
	has(key: string, id: unknown): boolean {
		const rows: unknown = Reflect.get(this, `${key.replace(/_id$/, '')}s`);
		return !Array.isArray(rows) || byId(rows as Row[], Number(id)) !== undefined;
	}

	/** The subscriber with an email address, in whatever case it is written. */
	subscriberByEmail(emailAddress: string): Subscriber | undefined {
		return this.byEmail.get(emailAddress.toLowerCase());
	}

	/** Adds a subscriber; its address must not be taken. */
	addSubscriber(
		about: Pick<Subscriber, 'emailAddress' | 'firstName' | 'state' | 'attribution'> &
			Partial<Subscriber>,
	): Subscriber {
		const now = this.now();
		const subscriber: Subscriber = {
			createdAt: now,
			updatedAt: now,
			canceledAt: about.state === 'cancelled' ? now : null,
			fields: new Map(),
			inferredLocation: null,
			pinnedLocation: null,
			signupFormId: null,
			...about,
			id: ++this.lastSubscriberId,
		};
		this.subscribers.push(subscriber);
		this.byEmail.set(subscriber.emailAddress.toLowerCase(), subscriber);
		this.raise({ type: 'subscriber.created', subscriber });
		if (subscriber.state === 'active') this.raise({ type: 'subscriber.activated', subscriber });
		return subscriber;
	}

	/** Changes a subscriber, notes when, and tells of it; an address must not be taken. */
	updateSubscriber(subscriber: Subscriber, change: Partial<Omit<Subscriber, 'id'>>): void {
		const before = { ...subscriber };
		Object.assign(subscriber, change, { updatedAt: this.now() });
		this.byEmail.delete(before.emailAddress.toLowerCase());
		this.byEmail.set(subscriber.emailAddress.toLowerCase(), subscriber);
		const { state, fields } = subscriber;
		if (state !== before.state) this.raise({ type: ENTERED[state], subscriber });
		for (const custom_field of this.custom_fields) {
			const value = fields.get(custom_field.id) ?? null;
			if (value === (before.fields.get(custom_field.id) ?? null)) continue;
			const type = 'subscriber.custom_field_value_updated';
			this.raise({ type, subscriber, custom_field, value });
		}
	}

	/** Who has a tag, is on a form or in a sequence, by the subscriber's id: ascending by moment, then id. */
	membersOf({ id }: Row): ReadonlyMap<number, Member> {
		return this.members.get(id) ?? new Map<number, Member>();
	}

	/** Those of them that lists show and counts count by default: the active ones. */
	countActive(group: Row): number {
		const members = [...this.membersOf(group).values()];
		return members.filter(({ subscriber }) => subscriber.state === 'active').length;
	}

	/** Gives a tag to a subscriber, or adds it to a form or a sequence, where it is not in it, and tells of it. */
	join(
		kind: keyof typeof JOINED,
		group: Row,
		subscriber: Subscriber,
		referrer: string | null = null,
	): Member {
		const members = this.members.get(group.id) ?? new Map<number, Member>();
		const there = members.get(subscriber.id);
		if (there) return there;
		const member = { id: this.nextId(), at: this.now(), subscriber, referrer };
		this.members.set(group.id, members.set(subscriber.id, member));
		this.raise({ type: JOINED[kind], subscriber, [kind]: group });
		return member;
	}

	/** Takes a tag from a subscriber, and tells of it, if it has it. */
	untag(tag: Named, subscriber: Subscriber): void {
		if (this.members.get(tag.id)?.delete(subscriber.id) !== true) return;
		this.raise({ type: 'subscriber.tag_removed', subscriber, tag });
	}
}

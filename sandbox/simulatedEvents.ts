import type { Shape } from './facts/notation';
import type { Account } from './kit/account';
import type { KitEvent } from './kit/events';
import { byId } from './kit/rows';
import type { Subscriber, SubscriberState } from './kit/rows';

/** The events that no call of Kit's API causes. */
export const SIMULATED_EVENTS = [
	'subscriber.activated',
	'subscriber.bounced',
	'subscriber.complained',
	'subscriber.link_clicked',
	'subscriber.sequence_completed',
	'subscriber.product_purchased',
	'post.published',
] as const;

/** Something that subscribers, or the account's owner in Kit itself, do. */
export interface SimulatedEvent {
	readonly type: (typeof SIMULATED_EVENTS)[number];
	/** In which account, by its connection; the main one by default. */
	readonly connection?: string;
	/** An id or an email address; the newest subscriber by default. */
	readonly subscriber?: number | string;
	/** An id; the first sequence by default. */
	readonly sequence?: number;
	/** The link that is clicked; `https://www.example.com/` by default. */
	readonly url?: string;
	/** The id of the product that is bought; 1 by default. */
	readonly product?: number;
	/** An id; the newest post by default. */
	readonly post?: number;
	/** How often; once by default. */
	readonly times?: number;
}

/** A simulated event as it comes over HTTP. */
export const SIMULATED_EVENT: Shape = {
	type: `string(${SIMULATED_EVENTS.join('|')})`,
	'connection?': 'string',
	'subscriber?': { '|': ['number', 'string'] },
	'sequence?': 'number',
	'url?': 'string',
	'product?': 'number',
	'post?': 'number',
	'times?': 'number',
};

function existing<T>(row: T | undefined, what: string): T {
	if (row === undefined) throw new Error(`There is no such ${what}`);
	return row;
}

function subscriberOf(account: Account, { subscriber }: SimulatedEvent): Subscriber {
	if (typeof subscriber === 'string') {
		return existing(account.subscriberByEmail(subscriber), 'subscriber');
	}
	const { subscribers } = account;
	const found = subscriber === undefined ? subscribers.at(-1) : byId(subscribers, subscriber);
	return existing(found, 'subscriber');
}

const STATES = {
	'subscriber.activated': 'active',
	'subscriber.bounced': 'bounced',
	'subscriber.complained': 'complained',
} as const satisfies Partial<Record<SimulatedEvent['type'], SubscriberState>>;

/** Puts a subscriber into a state, or tells of it again where it is in it. */
function enter(account: Account, subscriber: Subscriber, type: keyof typeof STATES): void {
	const state = STATES[type];
	if (subscriber.state === state) {
		account.raise({ type, subscriber });
		return;
	}
	const canceledAt = state === 'active' ? null : account.now();
	account.updateSubscriber(subscriber, { state, canceledAt });
}

function once(account: Account, simulated: SimulatedEvent): void {
	const { type } = simulated;
	const tell = (about: Omit<KitEvent, 'type' | 'subscriber'>) => {
		account.raise({ type, subscriber: subscriberOf(account, simulated), ...about });
	};
	switch (type) {
		case 'subscriber.link_clicked':
			tell({ url: simulated.url ?? 'https://www.example.com/' });
			break;
		case 'subscriber.product_purchased':
			tell({ productId: simulated.product ?? 1 });
			break;
		case 'subscriber.sequence_completed': {
			const { sequence: id } = simulated;
			const { sequences } = account;
			const sequence = id === undefined ? sequences[0] : byId(sequences, id);
			tell({ sequence: existing(sequence, 'sequence') });
			break;
		}
		case 'post.published': {
			const { post: id } = simulated;
			const post = id === undefined ? account.posts.at(-1) : byId(account.posts, id);
			account.publishPost(existing(post, 'post'));
			break;
		}
		default:
			enter(account, subscriberOf(account, simulated), type);
	}
}

/**
 * Lets something happen in an account. Throws where what it names does not exist.
 * @param account where
 * @param simulated what
 */
export function happen(account: Account, simulated: SimulatedEvent): void {
	const { times = 1 } = simulated;
	for (let count = 0; count < times; count += 1) once(account, simulated);
}

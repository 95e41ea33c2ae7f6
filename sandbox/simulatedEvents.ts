import { z } from 'zod/v4';
import type { Account } from './kit/account';
import { publishPost } from './kit/broadcasts';
import { byId } from './kit/rows';
import type { Subscriber, SubscriberState } from './kit/rows';

/** Something that subscribers, or the account's owner in Kit itself, do: what no call of Kit's API causes. */
export const SIMULATED_EVENT = z.strictObject({
	type: z.enum([
		'subscriber.activated',
		'subscriber.bounced',
		'subscriber.complained',
		'subscriber.link_clicked',
		'subscriber.sequence_completed',
		'subscriber.product_purchased',
		'post.published',
	]),
	/** In which account, by its connection; the main one by default. */
	connection: z.string().optional(),
	/** An id or an email address; the newest subscriber by default. */
	subscriber: z.union([z.number(), z.string()]).optional(),
	/** An id; the first sequence by default. */
	sequence: z.number().optional(),
	/** The link that is clicked; `https://www.example.com/` by default. */
	url: z.string().optional(),
	/** The id of the product that is bought; 1 by default. */
	product: z.number().optional(),
	/** An id; the newest post by default. */
	post: z.number().optional(),
	/** How often; once by default. */
	times: z.number().optional(),
});

export type SimulatedEvent = z.infer<typeof SIMULATED_EVENT>;

/** A row that is named by its id, or the usual one where none is named. */
function chosen<T extends { readonly id: number }>(
	rows: readonly T[],
	id: number | undefined,
	usual: T | undefined,
	what: string,
): T {
	const row = id === undefined ? usual : byId(rows, id);
	if (row === undefined) throw new Error(`There is no such ${what}`);
	return row;
}

function subscriberOf(account: Account, { subscriber }: SimulatedEvent): Subscriber {
	const isAddress = typeof subscriber === 'string';
	const usual = isAddress ? account.subscriberByEmail(subscriber) : account.subscribers.at(-1);
	return chosen(account.subscribers, isAddress ? undefined : subscriber, usual, 'subscriber');
}

const STATES: Readonly<Partial<Record<SimulatedEvent['type'], SubscriberState>>> = {
	'subscriber.activated': 'active',
	'subscriber.bounced': 'bounced',
	'subscriber.complained': 'complained',
};

function once(account: Account, simulated: SimulatedEvent): void {
	const { type, url = 'https://www.example.com/', product: productId = 1 } = simulated;
	if (type === 'post.published') {
		publishPost(account, chosen(account.posts, simulated.post, account.posts.at(-1), 'post'));
		return;
	}
	const subscriber = subscriberOf(account, simulated);
	const state = STATES[type];
	// One that is in the state already is told of again.
	if (state !== undefined && subscriber.state !== state) {
		const canceledAt = state === 'active' ? null : account.now();
		account.updateSubscriber(subscriber, { state, canceledAt });
		return;
	}
	const { sequences } = account;
	account.raise({
		type,
		subscriber,
		...(type === 'subscriber.link_clicked' && { url }),
		...(type === 'subscriber.product_purchased' && { productId }),
		...(type === 'subscriber.sequence_completed' && {
			sequence: chosen(sequences, simulated.sequence, sequences[0], 'sequence'),
		}),
	});
}

/** Lets something happen in an account, as often as it says. Throws where what it names does not exist. */
export function happen(account: Account, simulated: SimulatedEvent): void {
	for (let count = 0; count < (simulated.times ?? 1); count += 1) once(account, simulated);
}

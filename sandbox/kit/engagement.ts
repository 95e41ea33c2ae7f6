import { mixed } from '../random';
import type { Account } from './account';
import type { Broadcast, Subscriber } from './rows';

/** What came of an email to one subscriber. Times are milliseconds since 1970. */
export interface Engagement {
	readonly broadcast: Broadcast;
	readonly sentAt: number;
	readonly isDelivered: boolean;
	readonly openedAt: readonly number[];
	readonly clicks: readonly { readonly at: number; readonly url: string }[];
}

const HOUR = 3_600_000;

/** The addresses that the content of a broadcast links to, each once. */
export function linksOf({ content }: Pick<Broadcast, 'content'>): string[] {
	const found = (content ?? '').matchAll(/href="(https?:\/\/[^"]+)"/g);
	return [...new Set([...found].map(([, url = '']) => url))];
}

/**
 * What a subscriber has done with the broadcasts until now. It follows from the ids, so that it takes no
 * room: one email in fifty bounces, half are opened, one to three times, and a third of those clicked.
 */
export function engagementOf(account: Account, subscriber: Subscriber): Engagement[] {
	const now = account.now();
	return account.broadcasts.flatMap((broadcast): Engagement[] => {
		const { id, startedAt } = broadcast;
		const { createdAt, canceledAt } = subscriber;
		if (startedAt === null || startedAt > now || startedAt <= createdAt) return [];
		if (canceledAt !== null && startedAt >= canceledAt) return [];
		const dice = mixed(subscriber.id, id);
		const isDelivered = dice % 50 !== 0;
		const opens = isDelivered && (dice >>> 6) % 2 === 0 ? 1 + ((dice >>> 8) % 3) : 0;
		const openedAt = Array.from({ length: opens }, (_, n) => startedAt + HOUR * (1 + n * 20));
		const links = linksOf(broadcast);
		const url =
			opens > 0 && (dice >>> 16) % 3 === 0 ? links[(dice >>> 12) % links.length] : undefined;
		const at = startedAt + 2 * HOUR;
		return [
			{
				broadcast,
				sentAt: startedAt,
				isDelivered,
				openedAt: openedAt.filter((time) => time <= now),
				clicks: url === undefined || at > now ? [] : [{ at, url }],
			},
		];
	});
}

import { createHash } from 'crypto';
import { TOLERANCE_SECONDS } from './signature';

/** What n8n has taken, and when, in seconds since 1970: the older first. */
export type Taken = ReadonlyMap<string, number>;

/** Kit tries a delivery again for at most two days (Kit's documentation). */
const KEPT_SECONDS = 2 * 24 * 60 * 60;

/** How many events, and how many deliveries from before the signature's tolerance, are remembered. */
const MOST_REMEMBERED = 1000;

/** So many characters of a hash tell the events of two days apart, and keep what n8n saves small. */
const HASH_LENGTH = 10;

/** @returns what a delivery is remembered by; a retry has the same id, and all of its events */
export function deliveryKey(deliveryId: number | string): string {
	return `d${String(deliveryId)}`;
}

/** @returns what an event is remembered by; the same one can come in another delivery */
export function eventKey(eventId: string): string {
	return `e${createHash('sha256').update(eventId).digest('base64url').slice(0, HASH_LENGTH)}`;
}

/**
 * @param text as `writeTaken` made it; anything else counts as nothing
 * @returns what was taken
 */
export function readTaken(text: unknown): Taken {
	if (typeof text !== 'string') return new Map();
	const entries = text.split(' ').map((entry): [string, number] => {
		const [key = '', seconds = ''] = entry.split('@');
		return [key, Number.parseInt(seconds, 36)];
	});
	return new Map(entries.filter(([key, seconds]) => key !== '' && Number.isFinite(seconds)));
}

/** @returns what was taken as a short text, for n8n to save */
export function writeTaken(taken: Taken): string {
	return [...taken].map(([key, seconds]) => `${key}@${seconds.toString(36)}`).join(' ');
}

/**
 * Puts together what several processes remember. Of deliveries, those that could still be replayed with
 * their signature are all kept.
 * @param all what each of them has
 * @param now the present, in seconds since 1970
 * @returns the whole without what is too old or too much
 */
export function mergeTaken(all: Taken[], now: number): Taken {
	const latest = new Map<string, number>();
	for (const [key, seconds] of all.flatMap((taken) => [...taken])) {
		// What a clock that was ahead has left is as good as new, and no newer than that.
		latest.set(key, Math.min(now, Math.max(seconds, latest.get(key) ?? 0)));
	}
	const left = { d: MOST_REMEMBERED, e: MOST_REMEMBERED };
	const kept = [...latest]
		.reverse()
		.sort(([, one], [, other]) => other - one)
		.filter(([key, seconds]) => {
			const isDelivery = key.startsWith('d');
			if (now - seconds > KEPT_SECONDS) return false;
			if (isDelivery && now - seconds <= 2 * TOLERANCE_SECONDS) return true;
			return left[isDelivery ? 'd' : 'e']-- > 0;
		});
	return new Map(kept.reverse());
}

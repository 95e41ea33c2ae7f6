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
	let text = '';
	for (const [key, seconds] of taken) {
		text += `${text === '' ? '' : ' '}${key}@${seconds.toString(36)}`;
	}
	return text;
}

/**
 * Forgets what is too old or too much. Of deliveries, those that could still be replayed with their signature
 * are all kept.
 * @param taken what was taken, the older first; it is changed
 * @param now the present, in seconds since 1970
 */
function forget(taken: Map<string, number>, now: number): void {
	const isReplayable = (key: string, seconds: number) =>
		key.startsWith('d') && now - seconds <= 2 * TOLERANCE_SECONDS;
	const surplus = { d: -MOST_REMEMBERED, e: -MOST_REMEMBERED };
	for (const [key, seconds] of taken) {
		if (!isReplayable(key, seconds)) surplus[key.startsWith('d') ? 'd' : 'e'] += 1;
	}
	for (const [key, seconds] of taken) {
		if (isReplayable(key, seconds)) continue;
		const isSurplus = surplus[key.startsWith('d') ? 'd' : 'e']-- > 0;
		if (isSurplus || now - seconds > KEPT_SECONDS) taken.delete(key);
	}
}

/**
 * Puts together what several processes remember.
 * @param all what each of them has
 * @param now the present, in seconds since 1970
 * @returns the whole, without what is too old or too much
 */
export function mergeTaken(all: Taken[], now: number): Map<string, number> {
	const latest = new Map<string, number>();
	for (const taken of all) {
		for (const [key, seconds] of taken) {
			// What a clock that was ahead has left is as good as new, and no newer than that.
			latest.set(key, Math.min(now, Math.max(seconds, latest.get(key) ?? 0)));
		}
	}
	const merged = new Map([...latest].sort(([, one], [, other]) => one - other));
	forget(merged, now);
	return merged;
}

/** Adds what was taken now. It changes what it is given, since that can be thousands, and a call has to be short. */
export function addTaken(taken: Map<string, number>, keys: string[], now: number): void {
	for (const key of keys) {
		taken.delete(key);
		taken.set(key, now);
	}
	forget(taken, now);
}

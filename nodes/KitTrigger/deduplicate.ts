import { createHash } from 'crypto';

/** How many events are remembered; Kit tries a delivery again for at most two days. */
const MOST_REMEMBERED = 1000;

/** So many hex digits of a hash tell a thousand ids apart, and keep what n8n has to save small. */
const DIGITS = 12;

function short(eventId: string): string {
	return createHash('sha256').update(eventId).digest('hex').slice(0, DIGITS);
}

/**
 * Tells events that arrive for the first time from those that Kit sent before.
 * @param remembered what this function returned as `remembered` before; empty at first
 * @param eventIds the ids that arrived, in order
 * @returns which of them are new, by position, and what to remember
 */
export function deduplicate(
	remembered: string,
	eventIds: string[],
): { isNew: boolean[]; remembered: string } {
	const seen = new Set(remembered.match(new RegExp(`.{${String(DIGITS)}}`, 'g')) ?? []);
	const isNew = eventIds.map((eventId) => {
		const key = short(eventId);
		if (seen.has(key)) return false;
		seen.add(key);
		return true;
	});
	return { isNew, remembered: [...seen].slice(-MOST_REMEMBERED).join('') };
}

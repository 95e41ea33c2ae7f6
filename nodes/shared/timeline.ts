import type { IDataObject } from 'n8n-workflow';
import { HOUR_MS } from './durations';

/**
 * For how long late rows are awaited. Half of all rows are in Kit's lists after 30 s, and nearly all after five
 * minutes (Kit's documentation).
 */
export const LIST_LAG_MS = HOUR_MS;

/** Something that happened, as a row of a list tells it. */
export interface Occurrence {
	/** Tells it from all others of the same watch */
	key: string;
	/** Where it stands among them: a time in milliseconds since 1970, or an ID, above 0 */
	position: number;
	row: IDataObject;
}

/** Occurrences that were first seen at the same time: when, the highest position, and the keys. */
type Group = [at: number, top: number, keys: string];

/** Up to where everything was reported, and what was beyond that. It is kept as JSON. */
export interface Mark extends IDataObject {
	/** What stands here or before was reported, or was there before the mark was set */
	floor: number;
	/** What was reported since, the oldest first */
	groups: Group[];
}

/** So many keys make a group at most, and so many are remembered: what is saved stays below 200 kB. */
const MOST_IN_GROUP = 1000;
const MOST_KEYS = 10_000;

/** @returns the occurrences in their order, those of the same position in the opposite of the list's */
function ascending(occurrences: Occurrence[]): Occurrence[] {
	return [...occurrences].reverse().sort((one, other) => one.position - other.position);
}

function groupsOf(occurrences: Occurrence[], now: number): Group[] {
	const groups: Group[] = [];
	for (let first = 0; first < occurrences.length; first += MOST_IN_GROUP) {
		const members = occurrences.slice(first, first + MOST_IN_GROUP);
		const keys = members.map(({ key }) => key).join(' ');
		groups.push([now, members.at(-1)?.position ?? 0, keys]);
	}
	return groups;
}

/**
 * Sets a mark at the newest of what is there, so that nothing of it is new.
 * @param occurrences all of the newest position, or more
 * @param now milliseconds since 1970
 * @param earliest where the floor is at least
 * @param behind by how much the floor stays behind the newest, for what comes so late
 */
export function markAt(occurrences: Occurrence[], now: number, earliest = 0, behind = 0): Mark {
	const top = occurrences.reduce((highest, { position }) => Math.max(highest, position), 0);
	// What happens in the same second is still to come.
	const floor = Math.max(earliest, top - 1 - behind);
	const known = ascending(occurrences.filter(({ position }) => position > floor));
	return { floor, groups: groupsOf(known, now) };
}

/**
 * Tells what is new from what was reported.
 *
 * Kit's lists are behind, each row by its own time, so a row may come after others that stand beyond it.
 * What was first seen longer ago than lists can be behind says that everything before it has come too: the
 * floor goes up to there, and only what is beyond it is remembered by its key. Neither clock is compared with
 * the other, nor have rows to be in any order.
 * @param mark of the poll before
 * @param occurrences all beyond the floor, newest first, and any others
 * @param now milliseconds since 1970
 * @param lagMs for how long a row may come after others that stand beyond it
 * @param most how many are wanted; the others are new to the next mark
 * @returns what is new, oldest first, and the mark of the next poll
 */
export function sift(
	mark: Mark,
	occurrences: Occurrence[],
	now: number,
	lagMs: number,
	most = Infinity,
): { fresh: Occurrence[]; mark: Mark } {
	const seen = new Set(mark.groups.flatMap(([, , keys]) => keys.split(' ')));
	const all = ascending(occurrences).filter(({ key, position }) => {
		const isNew = position > mark.floor && !seen.has(key);
		if (isNew) seen.add(key);
		return isNew;
	});
	const fresh = all.slice(0, most);
	const firstLeft = all[fresh.length]?.position ?? Infinity;
	let { floor } = mark;
	const groups = [...mark.groups, ...groupsOf(fresh, now)];
	let left = groups.reduce((sum, [, , keys]) => sum + keys.split(' ').length, 0);
	const kept = groups.filter(([at, top, keys]) => {
		const isNeeded = now - at <= lagMs && left <= MOST_KEYS;
		if (isNeeded || top >= firstLeft) return true;
		floor = Math.max(floor, top);
		left -= keys.split(' ').length;
		return false;
	});
	// Left as it is where nothing has changed, so that n8n does not have to save it.
	const isSame = kept.length === mark.groups.length && fresh.length === 0;
	return { fresh, mark: isSame ? mark : { floor, groups: kept } };
}

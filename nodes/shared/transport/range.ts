import type { IDataObject } from 'n8n-workflow';
import type { Place } from './density';

/** A row of a list, as whoever reads it wants it. */
export interface Entry<T> {
	id: number;
	value: T;
}

/** One end of a range, from which it is read. */
export class Side<T> {
	/** Whether its next page is under way */
	isUnderWay = false;

	/** Whether a page has been asked for */
	isStarted = false;

	/** Whether it is of no use any more, since it could not be read */
	isLost = false;

	/** To the next page */
	cursor: string | undefined;

	/** Those that have been given */
	readonly cursors = new Set<string>();

	/** In the order in which they were read, as far as they have not been taken */
	entries: Entry<T>[] = [];

	lastId = NaN;

	/**
	 * @param isFront whether it is read in the order of the list
	 * @param place how far it has been read
	 */
	constructor(
		readonly isFront: boolean,
		public place: Place,
	) {}
}

/**
 * A part of a list that is sorted by ID, and what has been read of it: from its front, and perhaps from
 * its back, until the two meet. The days are counted from 1970 on; without one, that end is the list's.
 */
export class Range<T> {
	/** Whether everything of it is known */
	isComplete = false;

	/**
	 * @param sign 1 where IDs ascend, -1 where they descend
	 * @param front where it begins in the order of the list
	 * @param back where it ends
	 * @param firstDay the first of its days
	 * @param lastDay the last of its days
	 */
	constructor(
		private readonly sign: 1 | -1,
		readonly front: Side<T>,
		public back: Side<T>,
		public firstDay?: number,
		public lastDay?: number,
	) {}

	/** How many rows wait to be taken. */
	get size(): number {
		return this.front.entries.length + this.back.entries.length;
	}

	get sides(): Side<T>[] {
		return [this.front, this.back];
	}

	/**
	 * @param entries the next ones of a side
	 * @param isLast whether that side has no others
	 * @returns whether they follow those before in the order of the list
	 */
	add(side: Side<T>, entries: Entry<T>[], isLast: boolean): boolean {
		const isSorted = follow(side.lastId, entries, side.isFront ? this.sign : -this.sign);
		if (this.isComplete || side.isLost) return isSorted;
		// Front and back have to go through the IDs in opposite order, or it is not known when they meet.
		if (!isSorted) this.loseBack();
		if (!isSorted && !side.isFront) return false;
		for (const entry of entries) side.entries.push(entry);
		side.lastId = entries.at(-1)?.id ?? side.lastId;
		this.isComplete = isLast || this.haveMet();
		return isSorted;
	}

	/** Goes on with the front alone. */
	loseBack(): void {
		if (this.isComplete) return;
		this.back.isLost = true;
		this.back.entries = [];
		this.back.lastId = NaN;
	}

	/**
	 * Ends at a day, whatever comes after it being another range's.
	 * @param day the last one in the order of the list
	 * @param back reads it from there
	 * @param front reads the other range
	 * @returns the other range, which has this day as well
	 */
	cut(day: number, back: Side<T>, front: Side<T>): Range<T> {
		const [firstDay, lastDay] = this.sign > 0 ? [day, this.lastDay] : [this.firstDay, day];
		const rest = new Range(this.sign, front, this.back, firstDay, lastDay);
		this.back = back;
		if (this.sign > 0) this.lastDay = day;
		else this.firstDay = day;
		return rest;
	}

	/** @returns what has been read and not taken so far, in the order of the list */
	take(): Entry<T>[] {
		const taken = this.front.entries.splice(0);
		if (!this.isComplete) return taken;
		const { lastId } = this.front;
		const rest = this.back.entries.splice(0).reverse();
		return taken.concat(
			rest.filter(({ id }) => Number.isNaN(lastId) || this.sign * (id - lastId) > 0),
		);
	}

	private haveMet(): boolean {
		return this.sign * (this.front.lastId - this.back.lastId) >= -1;
	}
}

function follow(last: number, entries: { id: number }[], sign: number): boolean {
	let before = last;
	return entries.every(({ id }) => {
		const isNext = Number.isNaN(before) || sign * (id - before) > 0;
		before = id;
		return isNext && !Number.isNaN(id);
	});
}

/** @returns the ID of a row; not a number where it has none */
export function idOf({ id }: IDataObject): number {
	return typeof id === 'number' ? id : NaN;
}

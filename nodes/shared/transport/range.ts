import type { IDataObject } from 'n8n-workflow';

/** A row of a list, as whoever reads it wants it. */
export interface Entry<T> {
	id: number;
	value: T;
}

/**
 * A part of a list that is sorted by ID, and what has been read of it: from its front, and perhaps from
 * its back, until the two meet. The days are counted from 1970 on; without one, that end is the list's.
 */
export class Range<T> {
	/** Whether its first page has been asked for */
	isStarted = false;

	/** Whether its back is being read */
	hasBack = false;

	/** Whether everything of it is known */
	isComplete = false;

	/** How many pages may be left to read, by what the last one of the front covered */
	pagesLeft = 1;

	private readonly front: Entry<T>[] = [];

	private back: Entry<T>[] = [];

	private lastOfFront = NaN;

	private lastOfBack = NaN;

	/** Whether front and back have gone through the IDs in opposite order */
	private isSorted = true;

	/**
	 * @param sign 1 where IDs ascend, -1 where they descend
	 * @param firstDay the first of its days
	 * @param lastDay the last of its days
	 */
	constructor(
		private readonly sign: 1 | -1,
		readonly firstDay?: number,
		readonly lastDay?: number,
	) {}

	/** How many rows wait to be taken. */
	get size(): number {
		return this.front.length + this.back.length;
	}

	/** @returns whether the rows follow the others of the front in the order of the list */
	addToFront(entries: Entry<T>[], isLast: boolean): boolean {
		const isSorted = follow(this.lastOfFront, entries, this.sign);
		if (this.isComplete) return isSorted;
		if (!isSorted) this.loseBack();
		for (const entry of entries) this.front.push(entry);
		this.lastOfFront = entries.at(-1)?.id ?? this.lastOfFront;
		this.isComplete = isLast || this.haveMet();
		return isSorted;
	}

	/** @returns whether the back has to be read on */
	addToBack(entries: Entry<T>[], isLast: boolean): boolean {
		if (this.isComplete || !this.isSorted) return false;
		if (!follow(this.lastOfBack, entries, -this.sign)) {
			this.loseBack();
			return false;
		}
		for (const entry of entries) this.back.push(entry);
		this.lastOfBack = entries.at(-1)?.id ?? this.lastOfBack;
		this.isComplete = isLast || this.haveMet();
		return !this.isComplete;
	}

	/** Goes on with the front alone. */
	loseBack(): void {
		if (this.isComplete) return;
		this.isSorted = false;
		this.back = [];
	}

	/** @returns what has been read and not taken so far, in the order of the list */
	take(): Entry<T>[] {
		const taken = this.front.splice(0);
		if (!this.isComplete) return taken;
		const rest = this.back.reverse();
		this.back = [];
		const isNew = ({ id }: Entry<T>) =>
			Number.isNaN(this.lastOfFront) || this.sign * (id - this.lastOfFront) > 0;
		return taken.concat(rest.filter(isNew));
	}

	private haveMet(): boolean {
		return this.sign * (this.lastOfFront - this.lastOfBack) >= 0;
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

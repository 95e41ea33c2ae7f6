import type { IDataObject } from 'n8n-workflow';
import { linkedAbort } from './cancellation';
import type { KitClient, KitRequest } from './client';
import { readRows, walkPages } from './pagination';

/**
 * Collects a list that Kit can sort by ID either way, from both of its ends at the same time. The
 * cursor to a page comes only with the page before it, so one walk waits for every response in turn; two
 * that meet in the middle wait half as long. What this rests on is checked, since Kit's documentation
 * does not promise it: where the two do not go through the IDs in opposite order, or the second fails,
 * the first is walked to its end alone.
 * @param client sends the requests
 * @param request the list's request
 * @param key where the rows stand in each response
 * @param limit how many rows are wanted; a part of the list is read from its beginning
 * @returns so many rows, or all there are, in the order that was asked for
 * @throws {NodeApiError} what `walkPages` throws
 */
export async function readRowsFromBothEnds(
	client: KitClient,
	request: KitRequest,
	key: string,
	limit = Infinity,
): Promise<IDataObject[]> {
	const {
		sort_field: field = 'id',
		sort_order: order = 'desc',
		after,
		before,
	} = request.query ?? {};
	const isPart = limit < Infinity || after !== undefined || before !== undefined;
	if (isPart || field !== 'id') return await readRows(client, request, key, limit);
	const ascending = order === 'asc';
	const reversed = {
		...request,
		query: { ...request.query, sort_order: ascending ? 'desc' : 'asc' },
	};
	const list = new ListFromBothEnds(ascending ? 1 : -1);

	const back = linkedAbort(client.signal);
	const readBack = async () => {
		for await (const page of walkPages(client.with({ signal: back.signal }), reversed, key)) {
			if (!list.addToBack(page.rows, page.next === undefined)) return;
		}
	};
	let readingBack: Promise<void> | undefined;
	try {
		for await (const { rows, next } of walkPages(client, request, key)) {
			if (!list.addToFront(rows)) break;
			if (next !== undefined) readingBack ??= readBack().catch(list.loseBack);
		}
	} finally {
		list.finish();
		// Whatever the second walk is still waiting for is of no use any more.
		back.abort();
		back.release();
	}
	await readingBack;
	return list.rows();
}

/** What two walks through a list have found so far, one from each end. */
class ListFromBothEnds {
	private readonly front: IDataObject[] = [];

	private readonly back: IDataObject[] = [];

	/** Whether both walks have gone through the IDs as they should */
	private opposite = true;

	private complete = false;

	/** @param sign of the front: 1 where IDs ascend, -1 where they descend */
	constructor(private readonly sign: 1 | -1) {}

	/** @returns whether the walk from the front has to go on */
	addToFront(rows: IDataObject[]): boolean {
		if (!this.complete) this.add(rows, this.front, this.sign);
		return !this.complete;
	}

	/** @returns whether the walk from the back has to go on */
	addToBack(rows: IDataObject[], isLast: boolean): boolean {
		if (!this.complete && this.opposite) this.add(rows, this.back, -this.sign);
		this.complete ||= isLast && this.opposite;
		return !this.complete && this.opposite;
	}

	/** Goes on with the front alone, unless all has been found already. */
	readonly loseBack = (): void => {
		this.opposite &&= this.complete;
	};

	/** Ends both walks: all has been found, or the front has failed. */
	finish(): void {
		this.complete = true;
	}

	/** @returns the whole list */
	rows(): IDataObject[] {
		if (!this.opposite) return this.front;
		const last = this.front.at(-1);
		const rest = this.back.filter((row) => last === undefined || this.isBefore(last, row));
		return this.front.concat(rest.reverse());
	}

	private add(rows: IDataObject[], found: IDataObject[], sign: number): void {
		this.opposite &&= isSortedById([...found.slice(-1), ...rows], sign);
		found.push(...rows);
		const [front, back] = [this.front.at(-1), this.back.at(-1)];
		this.complete = this.opposite && !!front && !!back && !this.isBefore(front, back);
	}

	private isBefore(one: IDataObject, other: IDataObject): boolean {
		return isSortedById([one, other], this.sign);
	}
}

function isSortedById(rows: IDataObject[], sign: number): boolean {
	return rows.every((row, index) => {
		const before = rows[index - 1];
		return typeof row.id === 'number' && (!before || sign * (row.id - Number(before.id)) > 0);
	});
}

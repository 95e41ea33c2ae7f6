import type { IAllExecuteFunctions, IDataObject } from 'n8n-workflow';
import { isRecord } from '../../shared/record';
import type { Mark } from '../../shared/timeline';

/** Where n8n keeps the marks of a node, in its static data. */
const KEPT_AS = 'newSinceLastRun';

/** Of filters that come from expressions there may be many. */
const MOST_KEPT = 50;

/** What has static data. */
type StaticData = Pick<IAllExecuteFunctions, 'getWorkflowStaticData'>;

/** A mark, and when a run took it. It is kept as JSON. */
interface Kept {
	mark: Mark;
	at: number;
}

/**
 * Up to where the runs of a node have taken what is new, in each list. What a run takes counts when the run
 * has succeeded: one that fails, or is tried again, has taken nothing.
 */
export class Marks {
	/** By the list; what items of one list do waits for each other */
	private readonly moves = new Map<string, Promise<Kept | undefined>>();

	/**
	 * @param context of the node, or of an item
	 * @param list tells the list from any other
	 * @param now milliseconds since 1970
	 * @param move takes what is new since a mark, and gives the next one
	 * @throws what `move` throws; the mark stays where it was then
	 */
	async move(
		context: StaticData,
		list: string,
		now: number,
		move: (mark?: Mark) => Promise<Mark>,
	): Promise<void> {
		const before =
			this.moves.get(list) ?? Promise.resolve(keptIn(context.getWorkflowStaticData('node'))[list]);
		const moved = before.then(async (found) => ({ mark: await move(found?.mark), at: now }));
		this.moves.set(
			list,
			moved.catch(async () => await before),
		);
		await moved;
	}

	/**
	 * Lets what was taken count.
	 * @param context of the node, or of an item
	 */
	async keep(context: StaticData): Promise<void> {
		const entries = await Promise.all(
			[...this.moves].map(async ([list, moved]) => [list, await moved] as const),
		);
		const moved = entries.filter((entry): entry is [string, Kept] => entry[1] !== undefined);
		// n8n saves static data as a whole once somebody has asked for it, so nobody does without need.
		if (moved.length === 0) return;
		const kept = context.getWorkflowStaticData('node');
		const all = Object.entries({ ...keptIn(kept), ...Object.fromEntries(moved) });
		const latest = all.sort(([, one], [, other]) => other.at - one.at).slice(0, MOST_KEPT);
		kept[KEPT_AS] = Object.fromEntries(latest);
	}
}

function keptIn({ [KEPT_AS]: marks }: IDataObject): Record<string, Kept> {
	return isRecord(marks) ? (marks as unknown as Record<string, Kept>) : {};
}

import type { INodeExecutionData } from 'n8n-workflow';
import type { Account } from '../../shared/transport/client';
import { throwIfCanceled } from '../../shared/transport/cancellation';
import { earlierResults } from '../operation/earlierResults';
import { errorOfItem, failedItem } from '../operation/failedItem';
import type { Item, SendItems } from '../operation/operation';
import type { Run } from '../operation/run';
import { refusedEntry } from './entryResults';
import { MOST_ENTRIES } from './sendEntries';

/** What an item came to: its output, or what it failed with. */
type Outcome = { done: INodeExecutionData } | { thrown: unknown };

/**
 * Runs a bulk operation: its items in their order, in chunks of at most 100, each of which says what
 * every item of it came to.
 * @param run to which the items belong
 * @param startRun begins a run for one account
 * @returns one output item for each input item, in their order
 * @throws what the first item failed with, after its chunk, unless the node continues on fail; the
 * message says how many items went through
 */
export async function runBulk(run: Run, startRun: () => SendItems): Promise<INodeExecutionData[]> {
	const { context, itemCount } = run;
	const earlier = earlierResults(context);
	const sender = new AccountSender(startRun, context.continueOnFail());
	const output: INodeExecutionData[] = [];
	const size = Math.min(MOST_ENTRIES, run.batchSize);
	for (let start = 0; start < itemCount; start += size) {
		throwIfCanceled(context.getExecutionCancelSignal());
		if (start > 0) await run.pause();
		const indexes = Array.from(
			{ length: Math.min(size, itemCount - start) },
			(_, index) => start + index,
		);
		const outcomes = new Map<number, Outcome>();
		for (const itemIndex of indexes) {
			const known = earlier?.get(itemIndex);
			const [done] = known && 'output' in known ? known.output : [];
			if (done) outcomes.set(itemIndex, { done });
		}
		await runChunk(run, sender, indexes, outcomes);
		for (const [itemIndex, outcome] of outcomes) {
			if ('done' in outcome) earlier?.set(itemIndex, { output: [outcome.done] });
		}
		const done = [...outcomes.values()].filter((outcome) => 'done' in outcome).length;
		const failed = [...outcomes.values()].length - done;
		for (const itemIndex of indexes) {
			const outcome = outcomes.get(itemIndex);
			if (outcome && 'done' in outcome) output.push(outcome.done);
			if (!outcome || 'done' in outcome) continue;
			const error = errorOfItem(context, outcome.thrown, itemIndex);
			if (!context.continueOnFail()) {
				error.message = `${error.message}. ${tally(start + done, failed, itemCount)}`;
				throw error;
			}
			output.push(failedItem(error, itemIndex));
		}
	}
	return output;
}

function tally(wentThrough: number, failed: number, count: number): string {
	const left = count - wentThrough - failed;
	const unsent = left > 0 ? `, ${String(left)} were not sent` : '';
	return `${String(wentThrough)} of ${String(count)} items went through, ${String(failed)} did not${unsent}.`;
}

/** Without Continue On Fail nothing of a chunk is sent when one of its items is wrong. */
async function runChunk(
	{ context, prepare }: Run,
	sender: AccountSender,
	indexes: number[],
	outcomes: Map<number, Outcome>,
): Promise<void> {
	const ready: { item: Item; account: Account }[] = [];
	let isWrong = false;
	for (const itemIndex of indexes) {
		if (outcomes.has(itemIndex)) continue;
		try {
			const item = prepare(itemIndex);
			ready.push({ item, account: await item.client.account() });
		} catch (thrown) {
			isWrong = true;
			outcomes.set(itemIndex, { thrown });
		}
	}
	if (isWrong && !context.continueOnFail()) return;
	for (const [{ itemIndex }, outcome] of await sender.send(ready)) outcomes.set(itemIndex, outcome);
}

/**
 * Sends items in the requests of their accounts. A credential may be an expression, so they may lead to
 * several, and items of two never share a request. Where they are surely two, all of one go together.
 * Where they may be one under two names, the items go in their order, and nothing is remembered of a run
 * that another has interrupted.
 */
class AccountSender {
	private readonly runs = new Map<string, SendItems>();

	constructor(
		private readonly startRun: () => SendItems,
		private readonly goesOn: boolean,
	) {}

	async send(ready: { item: Item; account: Account }[]): Promise<Map<Item, Outcome>> {
		const outcomes = new Map<Item, Outcome>();
		const areDistinct = ready.every(({ account }) => account.isNamed);
		const groups: { id: string; items: Item[] }[] = [];
		for (const { item, account } of ready) {
			const candidates = areDistinct ? groups : groups.slice(-1);
			const group = candidates.find(({ id }) => id === account.id);
			if (group) group.items.push(item);
			else groups.push({ id: account.id, items: [item] });
		}
		for (const { id, items } of groups) {
			if (!areDistinct && !this.runs.has(id)) this.runs.clear();
			const send = this.runs.get(id) ?? this.startRun();
			this.runs.set(id, send);
			const failed = await sendGroup(send, items, outcomes);
			if (failed && !this.goesOn) break;
		}
		return outcomes;
	}
}

/** @returns whether the request of all of them failed */
async function sendGroup(
	send: SendItems,
	items: Item[],
	outcomes: Map<Item, Outcome>,
): Promise<boolean> {
	const [first] = items;
	if (!first) return false;
	try {
		const results = await send(first.client, items);
		for (const item of items) {
			const result = results.get(item);
			const pairedItem = { item: item.itemIndex };
			if (result && 'record' in result) {
				outcomes.set(item, { done: { json: { ...result.record }, pairedItem } });
			} else outcomes.set(item, { thrown: refusedEntry(item.client.node, result) });
		}
	} catch (thrown) {
		for (const item of items) outcomes.set(item, { thrown });
	}
	return items.every((item) => 'thrown' in (outcomes.get(item) ?? {}));
}

import type { INodeExecutionData } from 'n8n-workflow';
import { throwIfCanceled } from '../../shared/transport/cancellation';
import { errorOfItem, failedItem } from '../operation/failedItem';
import type { Item, SendItems } from '../operation/operation';
import type { Run } from '../operation/run';
import { refusedEntry } from './entryResults';
import { MOST_ENTRIES } from './sendEntries';

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
	const sendItems = byAccount(startRun);
	const output: INodeExecutionData[] = [];
	const size = Math.min(MOST_ENTRIES, run.batchSize);
	for (let start = 0; start < itemCount; start += size) {
		throwIfCanceled(context.getExecutionCancelSignal());
		if (start > 0) await run.pause();
		const end = Math.min(start + size, itemCount);
		const { done, failed } = await runChunk(run, sendItems, start, end);
		for (let itemIndex = start; itemIndex < end; itemIndex++) {
			const result = done.get(itemIndex);
			if (result) output.push(result);
			if (!failed.has(itemIndex)) continue;
			const error = errorOfItem(context, failed.get(itemIndex), itemIndex);
			if (!context.continueOnFail()) {
				error.message = `${error.message}. ${tally(start + done.size, failed.size, itemCount)}`;
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

type SendChunk = (items: Item[]) => Promise<Map<Item, INodeExecutionData | { thrown: unknown }>>;

/**
 * A credential may be an expression, and so may the node's proxy: items that they lead to different
 * accounts never share a request.
 * @returns what sends items, those of each account together
 */
function byAccount(startRun: () => SendItems): SendChunk {
	const runs = new Map<string, SendItems>();
	return async (items) => {
		const groups = new Map<string, Item[]>();
		const outcomes: Awaited<ReturnType<SendChunk>> = new Map();
		for (const item of items) {
			try {
				const account = await item.client.account();
				groups.set(account, [...(groups.get(account) ?? []), item]);
			} catch (thrown) {
				outcomes.set(item, { thrown });
			}
		}
		for (const [account, group] of groups) {
			const [first] = group;
			if (!first) continue;
			const send = runs.get(account) ?? startRun();
			runs.set(account, send);
			try {
				const results = await send(first.client, group);
				for (const item of group) {
					const result = results.get(item);
					const pairedItem = { item: item.itemIndex };
					if (result && 'record' in result) {
						outcomes.set(item, { json: { ...result.record }, pairedItem });
					} else outcomes.set(item, { thrown: refusedEntry(item.client.node, result) });
				}
			} catch (thrown) {
				for (const item of group) outcomes.set(item, { thrown });
			}
		}
		return outcomes;
	};
}

/** @returns what each item came to; without Continue On Fail nothing is sent when one is wrong */
async function runChunk(
	{ context, prepare }: Run,
	send: SendChunk,
	start: number,
	end: number,
): Promise<{ done: Map<number, INodeExecutionData>; failed: Map<number, unknown> }> {
	const done = new Map<number, INodeExecutionData>();
	const failed = new Map<number, unknown>();
	const ready: Item[] = [];
	for (let itemIndex = start; itemIndex < end; itemIndex++) {
		try {
			ready.push(prepare(itemIndex));
		} catch (thrown) {
			failed.set(itemIndex, thrown);
		}
	}
	if (failed.size > 0 && !context.continueOnFail()) return { done, failed };
	for (const [{ itemIndex }, outcome] of await send(ready)) {
		if ('thrown' in outcome) failed.set(itemIndex, outcome.thrown);
		else done.set(itemIndex, outcome);
	}
	return { done, failed };
}

import type {
	DeclarativeRestApiSettings,
	IExecuteFunctions,
	IExecutePaginationFunctions,
	INodeExecutionData,
} from 'n8n-workflow';
import { throwIfCanceled } from '../../shared/queue';
import type { KitRequest } from '../../shared/send';
import { errorOfItem, failedItem, waitBetweenBatches } from '../item';
import type { BulkItem, SendChunk } from './answer';
import { refusalOf } from './answer';
import { MOST_ENTRIES } from './send';

type PrepareItem = (itemIndex: number) => Promise<{
	item: IExecutePaginationFunctions;
	settings: DeclarativeRestApiSettings.ResultOptions;
}>;

/**
 * Runs a bulk operation: its items in their order, in chunks of at most 100, each of which says what
 * became of every item of it.
 * @param context of the node
 * @param prepareItem puts the request of one item together
 * @param sendChunk sends those of a chunk
 * @returns one output item for each input item, in their order
 * @throws what the first item failed with, after its chunk, unless the node continues on fail; the
 * message says how many items went through
 */
export async function runChunks(
	context: IExecuteFunctions,
	prepareItem: PrepareItem,
	sendChunk: SendChunk,
): Promise<INodeExecutionData[]> {
	const count = context.getInputData().length;
	const output: INodeExecutionData[] = [];
	for (let start = 0; start < count; start += MOST_ENTRIES) {
		throwIfCanceled(context.getExecutionCancelSignal());
		await waitBetweenBatches(context, start / MOST_ENTRIES);
		const itemIndexes = Array.from(
			{ length: Math.min(MOST_ENTRIES, count - start) },
			(_, index) => start + index,
		);
		const { done, failed } = await runChunk(context, prepareItem, sendChunk, itemIndexes);
		for (const itemIndex of itemIndexes) {
			const result = done.get(itemIndex);
			if (result) output.push(result);
			if (!failed.has(itemIndex)) continue;
			const error = errorOfItem(context, failed.get(itemIndex), itemIndex);
			if (!context.continueOnFail()) {
				error.message = `${error.message}. ${tally(start + done.size, failed.size, count)}`;
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

/** @returns what each item became; without Continue On Fail nothing is sent when one is wrong */
async function runChunk(
	context: IExecuteFunctions,
	prepareItem: PrepareItem,
	sendChunk: SendChunk,
	itemIndexes: number[],
): Promise<{ done: Map<number, INodeExecutionData>; failed: Map<number, unknown> }> {
	const done = new Map<number, INodeExecutionData>();
	const failed = new Map<number, unknown>();
	const ready = new Map<number, BulkItem>();
	for (const itemIndex of itemIndexes) {
		try {
			const { item, settings } = await prepareItem(itemIndex);
			ready.set(itemIndex, { context: item, request: settings.options as KitRequest });
		} catch (thrown) {
			failed.set(itemIndex, thrown);
		}
	}
	if (failed.size > 0 && !context.continueOnFail()) return { done, failed };
	try {
		const verdicts = await sendChunk([...ready.values()]);
		for (const [itemIndex, item] of ready) {
			const verdict = verdicts.get(item);
			if (verdict && 'record' in verdict) {
				done.set(itemIndex, { json: { ...verdict.record }, pairedItem: { item: itemIndex } });
			} else {
				failed.set(itemIndex, refusalOf(context.getNode(), verdict));
			}
		}
	} catch (thrown) {
		for (const itemIndex of ready.keys()) failed.set(itemIndex, thrown);
	}
	return { done, failed };
}

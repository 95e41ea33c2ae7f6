import type { IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';
import { runBulk } from '../bulk/runBulk';
import { linkedAbort, wait } from '../../shared/transport/cancellation';
import { isOutcomeUnknown } from '../../shared/transport/client';
import { REQUESTS_PER_SECOND } from '../../shared/transport/rateLimiter';
import { LagPatience } from '../../shared/transport/lagPatience';
import { RequestStats } from '../../shared/transport/requestStats';
import { earlierResults } from './earlierResults';
import { errorOfItem, failedItem } from './failedItem';
import { itemContext } from './itemContext';
import type { Operation, Resource } from './operation';
import { requestOf } from './operation';
import { findSubscriber, prepareItem } from './prepareItem';
import { batchingOf } from './requestOptions';
import type { Run } from './run';

type CustomOperations = NonNullable<INodeType['customOperations']>;

/**
 * n8n's declarative engine starts the requests of all items at once, lets the others go on when one
 * fails, and walks the whole description for every item. Run this way instead, an operation sends the
 * requests of its items in their order and stops at the first failure, and bulk operations send many
 * items with one request.
 * @param resources whose operations are to run this way
 * @returns what n8n calls in place of its declarative engine, by resource and operation
 */
export function customOperationsOf(resources: Resource[]): CustomOperations {
	return onlyOwn(
		resources.map((resource) => [
			resource.value,
			onlyOwn(
				Object.entries(resource.operations).map(([value, operation]) => [
					value,
					async function (this: IExecuteFunctions) {
						return [await execute(this, resource, operation)];
					},
				]),
			),
		]),
	);
}

/** n8n looks operations up by name, and must not find `toString` and the like. */
function onlyOwn<T>(entries: [string, T][]): Record<string, T> {
	return Object.assign(Object.create(null) as Record<string, T>, Object.fromEntries(entries));
}

async function execute(
	context: IExecuteFunctions,
	resource: Resource,
	operation: Operation,
): Promise<INodeExecutionData[]> {
	const node = context.getNode();
	const itemCount = context.getInputData().length;
	const stats = new RequestStats(Date.now());
	const notes = new Set<string>();
	// Nothing of a run outlives it: what is under way when it fails ends with it.
	const { signal, abort, release } = linkedAbort(context.getExecutionCancelSignal());
	const contextOf = (itemIndex: number) => itemContext(context, itemIndex, node);
	const batching = itemCount > 0 ? batchingOf(contextOf(0)) : undefined;
	const shared = { stats, signal, lag: new LagPatience() };
	const run: Run = {
		context,
		itemCount,
		batchSize: batching?.size ?? Infinity,
		pause: async () => {
			await wait(batching?.intervalMs ?? 0, signal);
		},
		prepare: (itemIndex) => {
			const note = (sentence: string) => notes.add(sentence);
			const item = prepareItem(contextOf(itemIndex), resource, operation, shared, note);
			item.notes.forEach(note);
			return item;
		},
	};
	try {
		const { returns } = operation;
		return 'startRun' in returns
			? await runBulk(run, returns.startRun)
			: await runItems(run, readerOf(run, resource, operation, notes), atOnce(resource, operation));
	} finally {
		abort();
		release();
		const hint = stats.hint(Date.now());
		if (hint) context.addExecutionHints(hint);
		for (const message of notes) {
			context.addExecutionHints({ message, type: 'warning', location: 'outputPane' });
		}
	}
}

/** Reading ahead changes nothing at Kit. Of writes, none may be sent once one has failed. */
function atOnce(resource: Resource, operation: Operation): number {
	return requestOf(resource, operation).method === 'GET' ? REQUESTS_PER_SECOND : 1;
}

type RunItem = (itemIndex: number) => Promise<INodeExecutionData[]>;

/**
 * @returns what runs one item. What an earlier try of Retry On Fail wrote is not sent again: it would be
 * created twice, or deleted where nothing is left. Neither is what it may have created.
 */
function readerOf(
	{ context, prepare }: Run,
	resource: Resource,
	operation: Operation,
	notes: Set<string>,
): RunItem {
	const { returns } = operation;
	if (!('readItem' in returns)) throw new Error('A bulk operation runs its items together');
	const read: RunItem = async (itemIndex) =>
		await returns.readItem(await findSubscriber(prepare(itemIndex)));
	const earlier = earlierResults(context);
	if (!earlier || requestOf(resource, operation).method === 'GET') return read;
	return async (itemIndex) => {
		const known = earlier.get(itemIndex);
		if (known) {
			if ('unknown' in known) throw known.unknown;
			notes.add(
				`Item ${String(itemIndex)} was done by an earlier try of this run, and was not sent again.`,
			);
			return known.output;
		}
		const result = await read(itemIndex).then(
			(output) => ({ output }),
			(error: unknown) => ({ unknown: error as Error }),
		);
		if ('output' in result || isOutcomeUnknown(result.unknown)) earlier.set(itemIndex, result);
		if ('unknown' in result) throw result.unknown;
		return result.output;
	};
}

/**
 * Runs the items of a node, in their order.
 * @param run to which they belong
 * @param runItem runs one of them
 * @param limit how many may be under way together
 * @returns their output, in their order
 * @throws what the first item failed with, unless the node continues on fail
 */
async function runItems(
	{ context, itemCount, batchSize, pause }: Run,
	runItem: RunItem,
	limit: number,
): Promise<INodeExecutionData[]> {
	const output: INodeExecutionData[] = [];
	for (let start = 0; start < itemCount; start += batchSize) {
		if (start > 0) await pause();
		const end = Math.min(start + batchSize, itemCount);
		const underWay: Promise<INodeExecutionData[] | { thrown: unknown }>[] = [];
		let next = start;
		for (let itemIndex = start; itemIndex < end; itemIndex++) {
			for (; next < Math.min(itemIndex + limit, end); next++) {
				underWay.push(runItem(next).catch((thrown: unknown) => ({ thrown })));
			}
			const result = (await underWay.shift()) ?? [];
			if (Array.isArray(result)) {
				for (const item of result) output.push(item);
				continue;
			}
			const error = errorOfItem(context, result.thrown, itemIndex);
			if (!context.continueOnFail()) throw error;
			output.push(failedItem(error, itemIndex));
		}
	}
	return output;
}

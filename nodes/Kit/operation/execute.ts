import type { IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';
import { runBulk } from '../bulk/runBulk';
import { linkedAbort, Stopped, wait } from '../../shared/transport/cancellation';
import { LagPatience } from '../../shared/transport/lagPatience';
import { RequestStats } from '../../shared/transport/requestStats';
import { itemContexts } from './itemContext';
import type { Operation, Resource } from './operation';
import { fieldsOf } from './operation';
import { prepareItem } from './prepareItem';
import { RunMemory } from './runMemory';
import { batchingOf } from './requestOptions';
import type { Run } from './run';
import { runItems } from './runItems';

type CustomOperations = NonNullable<INodeType['customOperations']>;

/**
 * n8n's declarative engine starts the requests of all items at once, lets the others go on when one
 * fails, and walks the whole description for every item. Run this way instead, an operation sends what
 * changes the same thing in the order of its items and starts nothing after the first failure, and bulk
 * operations send many items with one request.
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
	const stats = new RequestStats(performance.now(), (sentence) => {
		sayMeanwhile(context, sentence);
	});
	const notes = new Set<string>();
	const note = (sentence: string) => void notes.add(sentence);
	// Nothing of a run outlives it: what is under way when it fails ends with it.
	const { signal, abort, release } = linkedAbort(context.getExecutionCancelSignal());
	const stop = new AbortController();
	const contextOf = itemContexts(context, node);
	const batching = itemCount > 0 ? batchingOf(contextOf(0)) : undefined;
	const memory = new RunMemory();
	const shared = { stats, signal, stop: stop.signal, lag: new LagPatience() };
	const run: Run = {
		context,
		itemCount,
		batchSize: batching?.size ?? Infinity,
		pause: async () => {
			await wait(batching?.intervalMs ?? 0, signal);
		},
		prepare: async (itemIndex) => {
			const context = contextOf(itemIndex);
			const item = await prepareItem(context, resource, operation, shared, memory, note);
			item.notes.forEach(note);
			return item;
		},
		note,
		stop: () => {
			stop.abort(new Stopped('Another item had failed before'));
		},
		isStopped: () => stop.signal.aborted,
	};
	try {
		const { returns } = operation;
		const output =
			'startRun' in returns
				? await runBulk(run, returns)
				: await runItems(run, resource, operation);
		await memory.marks.keep(context);
		return output;
	} finally {
		abort();
		release();
		const hint = stats.hint(performance.now());
		if (hint) context.addExecutionHints(hint);
		const leftOut = memory.leftOut.note(node.parameters, fieldsOf(operation));
		for (const message of [...(leftOut ? [leftOut] : []), ...firstOf([...notes])]) {
			context.addExecutionHints({ message, type: 'warning', location: 'outputPane' });
		}
	}
}

/** How many notes are told: of a thousand items each may have one. */
const MOST_NOTES = 10;

function firstOf(notes: string[]): string[] {
	const left = notes.length - MOST_NOTES;
	if (left <= 0) return notes;
	return [...notes.slice(0, MOST_NOTES), `There are ${String(left)} more notes such as these.`];
}

/**
 * n8n shows nothing in a node before it has ended: hints come with its output. What it has meanwhile is its
 * log, and for a run from the editor the console of the browser.
 */
function sayMeanwhile(context: IExecuteFunctions, sentence: string): void {
	context.logger.info(sentence, { node: context.getNode().name });
	context.sendMessageToUI(sentence);
}

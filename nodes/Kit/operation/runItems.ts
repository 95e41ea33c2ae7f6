import type { INodeExecutionData } from 'n8n-workflow';
import { isOutcomeUnknown } from '../../shared/transport/client';
import { MOST_UNDER_WAY, TaskPool } from '../../shared/transport/taskPool';
import { earlierResults } from './earlierResults';
import type { Item, Operation, Resource } from './operation';
import { isReading, requestOf } from './operation';
import { Outcomes } from './outcomes';
import { findSubscriber } from './prepareItem';
import type { Outcome, Run } from './run';
import { targetOf, Targets } from './targets';

const MOST_WRITES_UNDER_WAY = 10;

/**
 * Runs the items of a node one by one. Those that read run beside each other; so do writes that may be
 * repeated, in their order where they change the same; other writes run one after the other.
 * @param run to which they belong
 * @param resource of the operation
 * @param operation that is chosen
 * @returns their output, in their order
 * @throws what `Outcomes` throws
 */
export async function runItems(
	run: Run,
	resource: Resource,
	operation: Operation,
): Promise<INodeExecutionData[]> {
	const { itemCount, batchSize, pause, isStopped } = run;
	const writes = !isReading(operation);
	const mostWrites = requestOf(resource, operation).idempotent ? MOST_WRITES_UNDER_WAY : 1;
	const most = writes ? mostWrites : MOST_UNDER_WAY;
	const earlier = writes ? earlierResults(run.context) : undefined;
	const outcomes = new Outcomes(run);
	const pool = new TaskPool();
	const targets = new Targets();
	const runItem = async (item: Item) => {
		const outcome = await outcomeOf(async () => await read(operation, item));
		const mayBeDone = 'output' in outcome || isOutcomeUnknown(outcome.thrown);
		if (mayBeDone) earlier?.set(item.itemIndex, outcome);
		outcomes.set(item.itemIndex, outcome);
	};
	const start = async (itemIndex: number) => {
		while (pool.size >= most) await pool.next();
		if (isStopped()) return;
		const item = await run.prepare(itemIndex);
		const target = targetOf(item);
		const account = await item.client.account();
		while (writes && targets.mayHave(account, target)) await pool.next();
		if (isStopped()) return;
		targets.add(account, target);
		pool.start(
			runItem(item).finally(() => {
				targets.remove(account, target);
			}),
		);
	};
	for (let first = 0; first < itemCount && !isStopped(); first += batchSize) {
		if (first > 0) await pause();
		const end = Math.min(first + batchSize, itemCount);
		for (let itemIndex = first; itemIndex < end && !isStopped(); itemIndex++) {
			const known = earlier?.get(itemIndex);
			if (known) {
				outcomes.set(itemIndex, known);
				if ('output' in known) run.note(doneEarlier(itemIndex));
				continue;
			}
			await start(itemIndex).catch((thrown: unknown) => {
				outcomes.set(itemIndex, { thrown });
			});
		}
		// What only reads is of no use any more once an item has failed, and ends with the run.
		while (pool.size > 0 && (writes || !isStopped())) await pool.next();
	}
	return outcomes.output(writes);
}

async function read({ returns }: Operation, item: Item): Promise<INodeExecutionData[]> {
	if (!('readItem' in returns)) throw new Error('A bulk operation runs its items together');
	return await returns.readItem(await findSubscriber(item));
}

async function outcomeOf(output: () => Promise<INodeExecutionData[]>): Promise<Outcome> {
	try {
		return { output: await output() };
	} catch (thrown) {
		return { thrown };
	}
}

/** It would be created twice, or deleted where nothing is left. */
function doneEarlier(itemIndex: number): string {
	return `Item ${String(itemIndex)} was done by an earlier try of this run, and was not sent again.`;
}

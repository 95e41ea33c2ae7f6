import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { Stopped, throwIfCanceled } from '../../shared/transport/cancellation';
import type { Outcome, Run } from './run';

/** What the items of a run came to. Once one has failed, no other starts, unless the node continues on fail. */
export class Outcomes {
	private readonly byItem = new Map<number, Outcome>();

	constructor(private readonly run: Run) {}

	/** @param outcome of an item; one that was never sent has none */
	set(itemIndex: number, outcome: Outcome): void {
		if ('thrown' in outcome && outcome.thrown instanceof Stopped) return;
		this.byItem.set(itemIndex, outcome);
		if ('thrown' in outcome && !this.run.context.continueOnFail()) this.run.stop();
	}

	/**
	 * @param writes whether the items change something at Kit
	 * @returns the output of all items, in their order
	 * @throws what the first item failed with, unless the node continues on fail; where they write, the
	 * message says how many went through
	 */
	output(writes: boolean): INodeExecutionData[] {
		const { context, itemCount } = this.run;
		throwIfCanceled(context.getExecutionCancelSignal());
		const inOrder = [...this.byItem].sort(([one], [other]) => one - other);
		return inOrder.flatMap(([itemIndex, outcome]) => {
			if ('output' in outcome) return outcome.output;
			const error = errorOfItem(context, outcome.thrown, itemIndex);
			if (context.continueOnFail()) return [failedItem(error, itemIndex)];
			if (writes && itemCount > 1) error.message = withTally(error, this.tally());
			throw error;
		});
	}

	private tally(): string {
		const { itemCount } = this.run;
		const done = [...this.byItem.values()].filter((outcome) => 'output' in outcome).length;
		const failed = this.byItem.size - done;
		const left = itemCount - this.byItem.size;
		const unsent = left > 0 ? `, ${String(left)} were not sent` : '';
		return `${String(done)} of ${String(itemCount)} items went through, ${String(failed)} did not${unsent}.`;
	}
}

/** What errors said before, since one of an earlier try of the run is thrown again. */
const messages = new WeakMap<Error, string>();

function withTally(error: Error, tally: string): string {
	const message = messages.get(error) ?? error.message;
	messages.set(error, message);
	return `${message.replace(/[.]$/, '')}. ${tally}`;
}

/** What an item fails with, in n8n's terms, and which item. */
type ItemError = NodeApiError | NodeOperationError;

function errorOfItem(context: IExecuteFunctions, thrown: unknown, itemIndex: number): ItemError {
	const error =
		thrown instanceof NodeApiError || thrown instanceof NodeOperationError
			? thrown
			: new NodeOperationError(context.getNode(), thrown as Error);
	error.context.itemIndex = itemIndex;
	return error;
}

/**
 * What an item becomes with Continue On Fail. Until n8n-core 2.32 an item counts as failed only where its
 * JSON is exactly `{error}` or `{error, message}`. It is not the item's own `error`, with which n8n would
 * throw away the input that it adds on the error output.
 */
function failedItem(error: ItemError, itemIndex: number): INodeExecutionData {
	const { message, description } = error;
	const json = { error: message, ...(description && { message: description }) };
	return { json, pairedItem: { item: itemIndex } };
}

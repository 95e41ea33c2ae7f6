import type {
	IExecuteFunctions,
	IExecutePaginationFunctions,
	INodeExecutionData,
} from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { throwIfCanceled, wait } from '../shared/queue';

/** The context of one item, as n8n's declarative engine gives it to routing functions. */
export function forItem(
	context: IExecuteFunctions,
	itemIndex: number,
): IExecutePaginationFunctions {
	const single = {
		getItemIndex: () => itemIndex,
		getCredentials: async (type: string) => await context.getCredentials(type, itemIndex),
		getNodeParameter: (name: string, fallback?: unknown, options?: object) =>
			context.getNodeParameter(name, itemIndex, fallback, options),
	};
	return Object.assign(Object.create(context) as IExecutePaginationFunctions, single);
}

/** Batching, an option that n8n adds to every declarative node: so many items, then a pause. */
export async function waitBetweenBatches(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<void> {
	const { batching } = context.getNodeParameter('requestOptions', itemIndex, {}) as {
		batching?: { batch?: { batchSize?: number; batchInterval?: number } };
	};
	const { batchSize = 0, batchInterval = 0 } = batching?.batch ?? {};
	if (itemIndex === 0 || batchInterval <= 0 || itemIndex % Math.max(batchSize, 1) !== 0) return;
	await wait(batchInterval, context.getExecutionCancelSignal());
}

/**
 * @param context of the node
 * @param thrown what an item failed with
 * @param itemIndex which item
 * @returns the same as an error of n8n that names the item
 * @throws when the execution is cancelled
 */
export function errorOfItem(
	context: IExecuteFunctions,
	thrown: unknown,
	itemIndex: number,
): NodeApiError | NodeOperationError {
	throwIfCanceled(context.getExecutionCancelSignal());
	const error =
		thrown instanceof NodeApiError || thrown instanceof NodeOperationError
			? thrown
			: new NodeOperationError(context.getNode(), thrown as Error);
	error.context.itemIndex = itemIndex;
	return error;
}

/**
 * @param error what an item failed with
 * @param itemIndex which item
 * @returns what it becomes with Continue On Fail
 */
export function failedItem(
	{ message, description }: NodeApiError | NodeOperationError,
	itemIndex: number,
): INodeExecutionData {
	// Not as the item's `error`: n8n would throw away the input that it adds on the error output.
	const json = { error: message, ...(description && { details: description }) };
	return { json, pairedItem: { item: itemIndex } };
}

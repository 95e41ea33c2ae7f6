import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { throwIfCanceled } from '../../shared/transport/cancellation';

/** What an item fails with, in n8n's terms. */
export type ItemError = NodeApiError | NodeOperationError;

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
): ItemError {
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
 * @returns what it becomes with Continue On Fail. Until n8n-core 2.32 an item counts as failed only
 * where its JSON is exactly `{error}` or `{error, message}`. It is not the item's own `error`, with which
 * n8n would throw away the input that it adds on the error output.
 */
export function failedItem(error: ItemError, itemIndex: number): INodeExecutionData {
	const { message, description } = error;
	const json = { error: message, ...(description && { message: description }) };
	return { json, pairedItem: { item: itemIndex } };
}

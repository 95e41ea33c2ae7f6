import type {
	IExecuteFunctions,
	IExecutePaginationFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeApiError, NodeHelpers, NodeOperationError } from 'n8n-workflow';
import { throwIfCanceled, wait } from '../shared/queue';
import { prepare } from './routing';

type CustomOperations = NonNullable<INodeType['customOperations']>;

/**
 * n8n's declarative engine starts the requests of all items at once, lets the others go on when one
 * fails, and walks the whole description for every item. Run this way instead, an operation sends the
 * requests of its items one after the other and stops at the first failure. What is sent stands in the
 * same `routing`, and the same functions send it, so both ways do the same.
 * @param description the node's description, whose operations are to run this way
 * @returns what n8n calls in place of its declarative engine, by resource and operation
 */
export function operationsOf(description: INodeTypeDescription): CustomOperations {
	const operations: CustomOperations = {};
	async function run(this: IExecuteFunctions) {
		return [await runItems(this, description)];
	}
	for (const { name, displayOptions, options = [] } of description.properties) {
		if (name !== 'operation') continue;
		const byOperation: CustomOperations[string] = {};
		for (const option of options)
			byOperation['value' in option ? option.value.toString() : ''] = run;
		for (const resource of (displayOptions?.show?.resource ?? []) as string[]) {
			operations[resource] = byOperation;
		}
	}
	return operations;
}

async function runItems(
	context: IExecuteFunctions,
	description: INodeTypeDescription,
): Promise<INodeExecutionData[]> {
	const node = context.getNode();
	const shown = description.properties.filter((property) =>
		NodeHelpers.displayParameter(node.parameters, property, node, description),
	);
	const signal = context.getExecutionCancelSignal();
	const output: INodeExecutionData[] = [];

	for (let itemIndex = 0; itemIndex < context.getInputData().length; itemIndex++) {
		throwIfCanceled(signal);
		try {
			await waitBetweenBatches(context, itemIndex);
			const item = forItem(context, itemIndex);
			const { settings, pagination } = await prepare(item, node, shown, description);
			for (const result of await pagination.call(item, settings)) output.push(result);
		} catch (thrown) {
			throwIfCanceled(signal);
			const error = atItem(context, thrown, itemIndex);
			if (!context.continueOnFail()) throw error;
			// Not as the item's `error`: n8n would throw away the input that it adds on the error output.
			const { message, description } = error;
			const json = { error: message, ...(description && { details: description }) };
			output.push({ json, pairedItem: { item: itemIndex } });
		}
	}
	return output;
}

/** The context of one item, as n8n's declarative engine gives it to routing functions. */
function forItem(context: IExecuteFunctions, itemIndex: number): IExecutePaginationFunctions {
	const single = {
		getItemIndex: () => itemIndex,
		getCredentials: async (type: string) => await context.getCredentials(type, itemIndex),
		getNodeParameter: (name: string, fallback?: unknown, options?: object) =>
			context.getNodeParameter(name, itemIndex, fallback, options),
	};
	return Object.assign(Object.create(context) as IExecutePaginationFunctions, single);
}

/** Batching, an option that n8n adds to every declarative node: so many items, then a pause. */
async function waitBetweenBatches(context: IExecuteFunctions, itemIndex: number): Promise<void> {
	const { batching } = context.getNodeParameter('requestOptions', itemIndex, {}) as {
		batching?: { batch?: { batchSize?: number; batchInterval?: number } };
	};
	const { batchSize = 0, batchInterval = 0 } = batching?.batch ?? {};
	if (itemIndex === 0 || batchInterval <= 0 || itemIndex % Math.max(batchSize, 1) !== 0) return;
	await wait(batchInterval, context.getExecutionCancelSignal());
}

/** @returns what was thrown, as an error of n8n that names the item */
function atItem(
	context: IExecuteFunctions,
	thrown: unknown,
	itemIndex: number,
): NodeApiError | NodeOperationError {
	const error =
		thrown instanceof NodeApiError || thrown instanceof NodeOperationError
			? thrown
			: new NodeOperationError(context.getNode(), thrown as Error);
	error.context.itemIndex = itemIndex;
	return error;
}

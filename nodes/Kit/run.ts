import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import { REQUESTS_PER_SECOND } from '../shared/pace';
import { Report } from '../shared/report';
import { isBulk } from './bulk/answer';
import { runChunks } from './bulk/run';
import { errorOfItem, failedItem, forItem, waitBetweenBatches } from './item';
import { chosenOperation, prepare } from './routing';

type CustomOperations = NonNullable<INodeType['customOperations']>;

/**
 * n8n's declarative engine starts the requests of all items at once, lets the others go on when one
 * fails, and walks the whole description for every item. Run this way instead, an operation sends the
 * requests of its items in their order and stops at the first failure, and bulk operations send many
 * items with one request. What is sent stands in the same `routing`, and the same functions send it, so
 * both ways do the same.
 * @param description the node's description, whose operations are to run this way
 * @returns what n8n calls in place of its declarative engine, by resource and operation
 */
export function operationsOf(description: INodeTypeDescription): CustomOperations {
	const operations: CustomOperations = {};
	async function run(this: IExecuteFunctions) {
		return [await runOperation(this, description)];
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

async function runOperation(
	context: IExecuteFunctions,
	description: INodeTypeDescription,
): Promise<INodeExecutionData[]> {
	const node = context.getNode();
	const shown = description.properties.filter((property) =>
		NodeHelpers.displayParameter(node.parameters, property, node, description),
	);
	const { method, pagination } = chosenOperation(node, shown);
	const report = new Report(Date.now());
	const prepareItem = async (itemIndex: number) => {
		const item = Object.assign(forItem(context, itemIndex), { report });
		return { item, settings: await prepare(item, node, shown, description) };
	};
	const runItem = async (itemIndex: number) => {
		await waitBetweenBatches(context, itemIndex);
		const { item, settings } = await prepareItem(itemIndex);
		return await pagination.call(item, settings);
	};
	// Reading ahead changes nothing at Kit. Of writes, none may be sent once one has failed.
	const atOnce = method === 'GET' ? REQUESTS_PER_SECOND : 1;
	const output = isBulk(pagination)
		? await runChunks(context, prepareItem, pagination.startRun())
		: await runItems(context, runItem, atOnce);
	const hint = report.hint(Date.now());
	if (hint) context.addExecutionHints(hint);
	return output;
}

/**
 * Runs the items of a node, in their order.
 * @param context of the node
 * @param runItem runs one of them
 * @param atOnce how many may be under way together
 * @returns their output, in their order
 * @throws what the first item failed with, unless the node continues on fail
 */
async function runItems(
	context: IExecuteFunctions,
	runItem: (itemIndex: number) => Promise<INodeExecutionData[]>,
	atOnce: number,
): Promise<INodeExecutionData[]> {
	const underWay: Promise<INodeExecutionData[] | { thrown: unknown }>[] = [];
	const output: INodeExecutionData[] = [];
	const count = context.getInputData().length;
	let next = 0;
	for (let itemIndex = 0; itemIndex < count; itemIndex++) {
		for (; next < Math.min(itemIndex + atOnce, count); next++) {
			underWay.push(runItem(next).catch((thrown: unknown) => ({ thrown })));
		}
		const results = (await underWay.shift()) ?? [];
		if (Array.isArray(results)) {
			for (const result of results) output.push(result);
			continue;
		}
		const error = errorOfItem(context, results.thrown, itemIndex);
		if (!context.continueOnFail()) throw error;
		output.push(failedItem(error, itemIndex));
	}
	return output;
}

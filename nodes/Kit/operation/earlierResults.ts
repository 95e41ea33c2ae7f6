import type { IExecuteData, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

/** What an earlier try of Retry On Fail came to with an item: its output, or an unknown outcome. */
export type EarlierResult = { output: INodeExecutionData[] } | { unknown: Error };

/**
 * The items that an earlier try of the same run of a node wrote, or may have. n8n hands every try of Retry
 * On Fail the same execution data (`workflow-execute.ts` in n8n-core), and drops them with the run, and
 * this with them.
 */
const byRun = new WeakMap<IExecuteData, Map<number, EarlierResult>>();

/**
 * @param context of the node
 * @returns what earlier tries came to, by the index of the item, to be read and added to; undefined where
 * the node is not tried again
 */
export function earlierResults(context: IExecuteFunctions): Map<number, EarlierResult> | undefined {
	if (context.getNode().retryOnFail !== true) return undefined;
	const run = context.getExecuteData();
	const results = byRun.get(run) ?? new Map<number, EarlierResult>();
	byRun.set(run, results);
	return results;
}

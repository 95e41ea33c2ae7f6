import type { IExecuteData, IExecuteFunctions } from 'n8n-workflow';
import type { Outcome } from './run';

/**
 * The items that an earlier try of the same run of a node wrote, or may have. n8n hands every try of Retry
 * On Fail the same execution data (`workflow-execute.ts` in n8n-core), and drops them with the run, and
 * this with them.
 */
const byRun = new WeakMap<IExecuteData, Map<number, Outcome>>();

/**
 * @param context of the node
 * @returns what earlier tries came to, by the index of the item, to be read and added to: what was done,
 * and what may have been; undefined where the node is not tried again
 */
export function earlierResults(context: IExecuteFunctions): Map<number, Outcome> | undefined {
	if (context.getNode().retryOnFail !== true) return undefined;
	const run = context.getExecuteData();
	const results = byRun.get(run) ?? new Map<number, Outcome>();
	byRun.set(run, results);
	return results;
}

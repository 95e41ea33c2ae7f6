import type { IDataObject } from 'n8n-workflow';
import type { Sandbox } from '../../sandbox';
import { CASES } from '../../test/kit/cases';
import { findKnown, prepare } from '../../test/kit/cases/prepare';
import { askOf } from '../../test/support/ask';
import { runKit } from '../../test/support/n8n';

/** What an operation gave: the items of each case that gave any. */
export type CaseItems = readonly (readonly IDataObject[])[];

/** What each operation gave, by `resource.operation`. */
export type Answers = ReadonlyMap<string, CaseItems>;

/** So many rows of a list show which values may be missing in some of them. */
const ROWS = 50;

/**
 * Runs every case of the tests on n8n's engine.
 * @param sandbox with data and time that are always the same; it is reset before each case
 * @returns what came out; rejects where a case fails
 */
export async function collectAnswers(sandbox: Sandbox): Promise<Answers> {
	const known = await findKnown(askOf(sandbox));
	const answers = new Map<string, IDataObject[][]>();
	for (const [name, makeCase] of Object.entries(CASES)) {
		sandbox.reset();
		const { operation, parameters = {}, before } = makeCase(known);
		const prepared = await prepare(before, sandbox);
		const [resource = '', value = ''] = operation.split('.');
		const limit = 'limit' in parameters && { limit: ROWS };
		const { json, error } = await runKit({
			credential: { apiKey: sandbox.keys.main, connectionId: '', baseUrl: sandbox.url },
			parameters: { resource, operation: value, ...parameters, ...limit },
			items: [{ prepared }],
		});
		if (error) throw new Error(`${name}: ${error.message}`);
		if (json.length > 0) answers.set(operation, [...(answers.get(operation) ?? []), json]);
	}
	return answers;
}

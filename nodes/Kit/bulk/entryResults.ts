import type { IDataObject, INode } from 'n8n-workflow';
import { toText } from '../../shared/fields/parsers';
import type { KitBody } from '../../shared/transport/client';
import { entryRefused, kitSentences } from '../../shared/transport/errors';
import type { EntryResult } from '../operation/operation';
import type { BulkEndpoint } from './endpoints';

/** For the entries of a request that Kit has queued (202); it happens beyond 100 entries only. */
const QUEUED: EntryResult = {
	record: {
		queued: true,
		message: 'Kit carries this out later and does not tell what becomes of it',
	},
};

const UNMENTIONED: EntryResult = { refused: 'Kit’s response does not say what became of this' };

/**
 * @param entry an entry or a row
 * @param names what of it counts
 * @returns a text that is the same for what Kit takes for the same
 */
export function identityOf(entry: IDataObject, names: string[]): string {
	return JSON.stringify(names.map((name) => toText(entry[name]).toLowerCase()));
}

/**
 * Reads what each entry of a request came to. Failures name their entry, and successes are found by
 * what they tell, since Kit promises no order.
 * @param endpoint that answered
 * @param entries the entries as they were sent
 * @param body Kit's response
 * @returns a result for each entry, or a sentence that says what the response lacks
 */
export function readEntryResults(
	endpoint: BulkEndpoint,
	entries: IDataObject[],
	body: KitBody,
): Map<IDataObject, EntryResult> | string {
	const { failure: failureKey, successes: successKey, identity, matchBy } = endpoint;
	if (Object.keys(body).length === 0) return new Map(entries.map((entry) => [entry, QUEUED]));
	const { failures } = body;
	if (!Array.isArray(failures)) return 'it has no “failures”';
	const successes = successKey === undefined ? [] : body[successKey];
	if (!Array.isArray(successes)) return `it has no “${String(successKey)}”`;

	const results = new Map<IDataObject, EntryResult>();
	const undecided = groupBy(entries, identity);
	const unnamed = new Set<string>();
	for (const failure of failures as IDataObject[]) {
		const refused = kitSentences(failure).join('; ') || 'Kit gives no reason';
		const named = (failure[failureKey] ?? {}) as IDataObject;
		const entry = undecided.get(identityOf(named, identity))?.shift();
		if (entry) results.set(entry, { refused });
		else unnamed.add(refused);
	}

	const rows = groupBy(successes as IDataObject[], Object.values(matchBy));
	for (const entry of entries.filter((one) => !results.has(one))) {
		const row = rows.get(identityOf(entry, Object.keys(matchBy)))?.shift();
		if (row) results.set(entry, { record: row });
		else if (unnamed.size > 0) results.set(entry, { refused: [...unnamed].join('; ') });
		else results.set(entry, successKey ? UNMENTIONED : { record: { success: true } });
	}
	return results;
}

function groupBy(entries: IDataObject[], names: string[]): Map<string, IDataObject[]> {
	const groups = new Map<string, IDataObject[]>();
	for (const entry of entries) {
		const identity = identityOf(entry, names);
		const group = groups.get(identity);
		if (group) group.push(entry);
		else groups.set(identity, [entry]);
	}
	return groups;
}

/**
 * @param node the node that asked
 * @param result of an entry that failed
 * @returns the error for its item
 */
export function refusedEntry(
	node: INode,
	result: Extract<EntryResult, { refused: string }> | undefined,
): Error {
	return result?.error ?? entryRefused(node, result?.refused ?? '');
}

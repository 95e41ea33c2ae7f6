import type { IDataObject, NodeApiError } from 'n8n-workflow';
import { asText } from '../fields/checks';
import type { EntryKind } from './entries';

/**
 * What became of an entry: what Kit says of it, or why it did not happen, in Kit's sentences or with
 * what the whole request failed with.
 */
export type Verdict = { record: IDataObject } | { refused: string; because?: NodeApiError };

/** For the entries of a request that Kit has queued (202); it happens beyond 100 entries only. */
const QUEUED: Verdict = {
	record: {
		queued: true,
		message: 'Kit carries this out later and does not tell what becomes of it',
	},
};

/**
 * @param entry an entry or a row
 * @param names what of it counts
 * @returns a text that is the same for what Kit takes for the same
 */
export function keyOf(entry: IDataObject, names: string[]): string {
	return JSON.stringify(names.map((name) => asText(entry[name]).toLowerCase()));
}

/**
 * Reads what became of each entry of a request. Failures name their entry, and successes are found by
 * what they tell, since Kit promises no order.
 * @param kind what the entries are
 * @param entries the entries as they were sent
 * @param body Kit's answer
 * @returns a verdict for each entry, or a sentence that says what the answer lacks
 */
export function readVerdicts(
	kind: EntryKind,
	entries: IDataObject[],
	body: Record<string, unknown>,
): Map<IDataObject, Verdict> | string {
	if (Object.keys(body).length === 0) return new Map(entries.map((entry) => [entry, QUEUED]));
	const { failures } = body;
	if (!Array.isArray(failures)) return 'it has no “failures”';
	const done = kind.done === undefined ? [] : body[kind.done];
	if (!Array.isArray(done)) return `it has no “${String(kind.done)}”`;

	const verdicts = new Map<IDataObject, Verdict>();
	const undecided = listsBy(entries, kind.identity);
	const unnamed = new Set<string>();
	for (const failure of failures as IDataObject[]) {
		const refused = sentencesOf(failure);
		const named = (failure[kind.failed] ?? {}) as IDataObject;
		const entry = undecided.get(keyOf(named, kind.identity))?.shift();
		if (entry) verdicts.set(entry, { refused });
		else unnamed.add(refused);
	}

	const rows = listsBy(done as IDataObject[], Object.values(kind.told));
	for (const entry of entries.filter((one) => !verdicts.has(one))) {
		const record = rows.get(keyOf(entry, Object.keys(kind.told)))?.shift();
		if (record) verdicts.set(entry, { record });
		else if (unnamed.size > 0) verdicts.set(entry, { refused: [...unnamed].join('; ') });
		else verdicts.set(entry, kind.done ? UNMENTIONED : { record: { success: true } });
	}
	return verdicts;
}

const UNMENTIONED: Verdict = { refused: 'Kit’s answer does not say what became of this' };

function sentencesOf({ errors }: IDataObject): string {
	const sentences = Array.isArray(errors) ? errors.map(asText) : [asText(errors)];
	return sentences.join('; ') || 'Kit gives no reason';
}

function listsBy(entries: IDataObject[], names: string[]): Map<string, IDataObject[]> {
	const lists = new Map<string, IDataObject[]>();
	for (const entry of entries) {
		const key = keyOf(entry, names);
		const list = lists.get(key);
		if (list) list.push(entry);
		else lists.set(key, [entry]);
	}
	return lists;
}

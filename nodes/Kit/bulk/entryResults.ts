import type { IDataObject, INode } from 'n8n-workflow';
import { toText } from '../../shared/fields/parsers';
import type { KitBody } from '../../shared/transport/client';
import { entryRefused, entryUnmentioned, UNMENTIONED } from '../../shared/transport/errors';
import { kitSentences } from '../../shared/transport/explanations';
import type { EntryResult } from '../operation/operation';
import type { BulkEndpoint } from './endpoints';

/** For the entries of a request that Kit has queued (202); it happens beyond 100 entries only. */
const QUEUED: EntryResult = {
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
export function identityOf(entry: IDataObject, names: string[]): string {
	return JSON.stringify(names.map((name) => toText(entry[name]).toLowerCase()));
}

/** What a request came to: a result for each entry that the response tells of, and the others. */
export interface EntryResults {
	results: Map<IDataObject, EntryResult>;
	/** Entries of which some failed, where the response does not say which; and why those did */
	ambiguous: Map<IDataObject, string>;
}

/**
 * Reads what each entry of a request came to. Failures name their entry, with null for what does not
 * exist (Kit's own SDK tests), and successes are found by what they tell, since Kit promises no order. An
 * entry that may have failed is never taken for done.
 * @param endpoint that answered
 * @param entries the entries as they were sent
 * @param body Kit's response
 * @returns what it says of each entry, or a sentence about what the response lacks
 */
export function readEntryResults(
	endpoint: BulkEndpoint,
	entries: IDataObject[],
	body: KitBody,
): EntryResults | string {
	if (Object.keys(body).length === 0) {
		return { results: new Map(entries.map((entry) => [entry, QUEUED])), ambiguous: new Map() };
	}
	const { failures } = body;
	if (!Array.isArray(failures)) return 'it has no “failures”';
	const successes = endpoint.successes === undefined ? [] : body[endpoint.successes];
	if (!Array.isArray(successes)) return `it has no “${String(endpoint.successes)}”`;

	const read: EntryResults = { results: new Map(), ambiguous: new Map() };
	const partlyNamed = readFailures(endpoint, entries, failures as IDataObject[], read);
	const undecided = entries.filter((entry) => !read.results.has(entry));
	/** Why each of them may have failed */
	const suspects = new Map<IDataObject, string>();
	for (const { named, refused } of partlyNamed) {
		for (const entry of undecided) {
			if (isAbout(named, entry, endpoint.identity)) suspects.set(entry, refused);
		}
	}
	if (endpoint.successes === undefined) {
		const allFailed = partlyNamed.length >= suspects.size;
		for (const entry of undecided) {
			const refused = suspects.get(entry);
			if (refused === undefined) read.results.set(entry, { record: { success: true } });
			else if (allFailed) read.results.set(entry, { refused });
			else read.ambiguous.set(entry, refused);
		}
		return read;
	}
	const rows = groupBy(successes as IDataObject[], Object.values(endpoint.matchBy));
	for (const [key, group] of groupBy(undecided, Object.keys(endpoint.matchBy))) {
		readSuccesses(group, rows.get(key) ?? [], suspects, read);
	}
	return read;
}

/** @returns the failures that do not name their entry wholly; those that do are its result */
function readFailures(
	{ failure: key, identity }: BulkEndpoint,
	entries: IDataObject[],
	failures: IDataObject[],
	{ results }: EntryResults,
): { named: IDataObject; refused: string }[] {
	const byIdentity = groupBy(entries, identity);
	return failures.flatMap((failure) => {
		const refused = kitSentences(failure).join('; ') || 'Kit gives no reason';
		const named = (failure[key] ?? {}) as IDataObject;
		const entry = byIdentity.get(identityOf(named, identity))?.shift();
		if (entry) results.set(entry, { refused });
		return entry ? [] : [{ named, refused }];
	});
}

/**
 * @param group entries that the rows do not tell apart, such as those of one subscriber
 * @param rows the successes that can be theirs
 * @param suspects why an entry may have failed
 */
function readSuccesses(
	group: IDataObject[],
	rows: IDataObject[],
	suspects: Map<IDataObject, string>,
	{ results, ambiguous }: EntryResults,
): void {
	group.forEach((entry, index) => {
		const refused = suspects.get(entry);
		const record = rows[index] ?? rows[0];
		if (record && (refused === undefined || rows.length >= group.length)) {
			results.set(entry, { record });
		} else if (!record) {
			results.set(entry, { refused: refused ?? UNMENTIONED });
		} else ambiguous.set(entry, refused ?? '');
	});
}

/** @returns whether a failure that names its entry in part, or not at all, can be about this one */
function isAbout(named: IDataObject, entry: IDataObject, identity: string[]): boolean {
	return identity.every(
		(name) =>
			named[name] === null ||
			named[name] === undefined ||
			identityOf(named, [name]) === identityOf(entry, [name]),
	);
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
	const { error, refused = UNMENTIONED } = result ?? {};
	if (error) return error;
	return refused === UNMENTIONED ? entryUnmentioned(node) : entryRefused(node, refused);
}

import type { IDataObject, IExecutePaginationFunctions } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import { unreadableAnswer } from '../../shared/errors';
import type { KitRequest } from '../../shared/send';
import { send } from '../../shared/send';
import type { EntryKind } from './entries';
import type { Verdict } from './verdicts';
import { keyOf, readVerdicts } from './verdicts';

/** Kit handles this many entries at once and queues a request of more (Kit's documentation). */
export const MOST_ENTRIES = 100;

/** A request to a bulk endpoint, without its entries. */
export type BulkRequest = Pick<KitRequest, 'method' | 'url'>;

/** What was last said about each thing in a run, so that the same is not sent twice. */
export class Told {
	private readonly said = new Map<string, { entry: string; verdict: Verdict }>();

	/** @returns the verdict about an entry, where it was the last that was said about its thing */
	of(identity: string, entry: string): Verdict | undefined {
		const last = this.said.get(identity);
		return last?.entry === entry ? last.verdict : undefined;
	}

	/** Keeps a verdict. */
	keep(identity: string, entry: string, verdict: Verdict): void {
		this.said.set(identity, { entry, verdict });
	}
}

/** Something whose entry is to be sent. */
export interface Sendable {
	entry: IDataObject;
}

interface Waiting<T> extends Sendable {
	identity: string;
	text: string;
	/** Whose entry it is: of several where they are the same */
	of: T[];
}

/**
 * Sends entries, at most 100 in a request. The same entry is sent once; entries that say different
 * things about the same go in requests one after the other, so that the last one counts.
 * @param context of an item of the run
 * @param request where to send them
 * @param kind what the entries are
 * @param things what has an entry each
 * @param told what was said earlier in the run
 * @returns a verdict for each of the things; where a request failed, that for all of it
 * @throws when the execution is cancelled
 */
export async function sendEntries<T extends Sendable>(
	context: IExecutePaginationFunctions,
	request: BulkRequest,
	kind: EntryKind,
	things: T[],
	told: Told,
): Promise<Map<T, Verdict>> {
	const verdicts = new Map<T, Verdict>();
	let waiting = things.map((thing): Waiting<T> => {
		const { entry } = thing;
		const identity = keyOf(entry, kind.identity);
		return { entry, identity, text: JSON.stringify(entry), of: [thing] };
	});
	while (waiting.length > 0) {
		const { now, known, later } = nextRound(waiting, told);
		for (const [one, verdict] of known) for (const thing of one.of) verdicts.set(thing, verdict);
		for (let start = 0; start < now.length; start += MOST_ENTRIES) {
			const sent = now.slice(start, start + MOST_ENTRIES);
			const entries = sent.map(({ entry }) => entry);
			const read = await sendOnce(context, request, kind, entries);
			for (const { entry, identity, text, of } of sent) {
				const verdict = read.get(entry);
				if (!verdict) continue;
				if (!('because' in verdict)) told.keep(identity, text, verdict);
				for (const thing of of) verdicts.set(thing, verdict);
			}
		}
		waiting = later;
	}
	return verdicts;
}

async function sendOnce(
	context: IExecutePaginationFunctions,
	request: BulkRequest,
	kind: EntryKind,
	entries: IDataObject[],
): Promise<Map<IDataObject, Verdict>> {
	const body = { ...kind.besides, [kind.list]: entries };
	const answer = await orError(send(context, { ...request, body }));
	const read = answer instanceof NodeApiError ? answer : readVerdicts(kind, entries, answer);
	if (read instanceof Map) return read;
	const because = typeof read === 'string' ? unreadableAnswer(context.getNode(), read) : read;
	return new Map(entries.map((entry) => [entry, { refused: because.message, because }]));
}

/**
 * @param result of a request
 * @returns it, or the error with which Kit or Maton refused
 * @throws anything else, such as that the execution is cancelled
 */
export async function orError<T>(result: Promise<T>): Promise<NodeApiError | T> {
	const failed = await result.then(
		() => undefined,
		(error: unknown) => (error instanceof NodeApiError ? error : undefined),
	);
	return failed ?? (await result);
}

/** Sorts out what was said already, what can be sent now, and what has to wait for that. */
function nextRound<T>(waiting: Waiting<T>[], told: Told) {
	const now = new Map<string, Waiting<T>>();
	const known: [Waiting<T>, Verdict][] = [];
	const later: Waiting<T>[] = [];
	const held = new Set<string>();
	for (const one of waiting) {
		const { identity, text } = one;
		const before = now.get(identity);
		const verdict = before ? undefined : told.of(identity, text);
		if (verdict) {
			known.push([one, verdict]);
		} else if (!before) {
			now.set(identity, one);
		} else if (before.text === text && !held.has(identity)) {
			before.of.push(...one.of);
		} else {
			held.add(identity);
			later.push(one);
		}
	}
	return { now: [...now.values()], known, later };
}

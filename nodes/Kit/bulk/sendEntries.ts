import type { IDataObject } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import { Stopped } from '../../shared/transport/cancellation';
import type { KitBody, KitClient } from '../../shared/transport/client';
import { inParallel } from '../../shared/transport/taskPool';
import { isNotFound } from '../../shared/subscribers';
import { unreadableResponse } from '../../shared/transport/errors';
import type { EntryResult } from '../operation/operation';
import type { BulkEndpoint } from './endpoints';
import { identityOf, readEntryResults } from './entryResults';

/** Kit handles this many entries at once and queues a request of more (Kit's documentation). */
export const MOST_ENTRIES = 100;

/** What Kit last answered about each thing in a run, so that the same is not sent twice. */
export class ResultCache {
	private readonly results = new Map<string, { entry: string; result: EntryResult }>();

	/** @returns the result of an entry, where it was the last that was sent about its thing */
	get(identity: string, entry: string): EntryResult | undefined {
		const last = this.results.get(identity);
		return last?.entry === entry ? last.result : undefined;
	}

	set(identity: string, entry: string, result: EntryResult): void {
		this.results.set(identity, { entry, result });
	}
}

/** Something that has an entry in a bulk request. */
export interface WithEntry {
	entry: IDataObject;
}

interface Pending<T> extends WithEntry {
	identity: string;
	text: string;
	/** Whose entry it is: of several where they are the same */
	owners: T[];
}

/**
 * Sends entries, at most 100 in a request. The same entry is sent once; entries that say different
 * things about the same go in requests one after the other, so that the last one counts.
 * @param client sends the requests
 * @param endpoint to send them to
 * @param owners what has an entry each
 * @param cache what Kit answered earlier in the run
 * @returns a result for each owner; where a request failed, that for all of it
 * @throws when the execution is cancelled
 */
export async function sendEntries<T extends WithEntry>(
	client: KitClient,
	endpoint: BulkEndpoint,
	owners: T[],
	cache: ResultCache,
): Promise<Map<T, EntryResult>> {
	const results = new Map<T, EntryResult>();
	let pending = owners.map((owner): Pending<T> => {
		const { entry } = owner;
		const identity = identityOf(entry, endpoint.identity);
		return { entry, identity, text: JSON.stringify(entry), owners: [owner] };
	});
	let sender = client;
	while (pending.length > 0) {
		const { now, known, later } = nextRound(pending, cache);
		for (const [one, result] of known) for (const owner of one.owners) results.set(owner, result);
		const held: Pending<T>[] = [];
		const stops: Stopped[] = [];
		await inParallel(inChunks(now), async (chunk) => {
			const entries = chunk.map(({ entry }) => entry);
			const answered = await sendOnce(sender, endpoint, entries).catch((error: unknown) => {
				if (!(error instanceof Stopped)) throw error as Error;
				held.push(...chunk);
				stops.push(error);
				return new Map<IDataObject, EntryResult>();
			});
			for (const { entry, identity, text, owners: own } of chunk) {
				const result = answered.get(entry);
				if (!result) continue;
				if (!('error' in result)) cache.set(identity, text, result);
				for (const owner of own) results.set(owner, result);
			}
		});
		const [stopped] = stops;
		if (stopped && held.length === now.length) throw stopped;
		// Once some of them have been sent, the others are too, and what became of them must not be lost.
		sender = client.with({ stop: undefined });
		pending = [...held, ...later];
	}
	return results;
}

function inChunks<T>(entries: T[]): T[][] {
	const count = Math.ceil(entries.length / MOST_ENTRIES);
	return Array.from({ length: count }, (_, index) =>
		entries.slice(index * MOST_ENTRIES, (index + 1) * MOST_ENTRIES),
	);
}

async function sendOnce(
	client: KitClient,
	endpoint: BulkEndpoint,
	entries: IDataObject[],
): Promise<Map<IDataObject, EntryResult>> {
	const { method, path, extra } = endpoint;
	const body = { ...extra, [endpoint.entries]: entries };
	const response = await orApiError(client.send({ method, path, body, idempotent: true }));
	const goingOn = client.with({ stop: undefined });
	if (entries.length > 1 && isTooLarge(response)) {
		const half = Math.ceil(entries.length / 2);
		const halves = [entries.slice(0, half), entries.slice(half)];
		const sent = await inParallel(halves, async (some) => await sendOnce(goingOn, endpoint, some));
		return new Map(sent.flatMap((one) => [...one]));
	}
	const read =
		response instanceof NodeApiError ? response : readEntryResults(endpoint, entries, response);
	if (read instanceof NodeApiError || typeof read === 'string') {
		const error = typeof read === 'string' ? unreadableResponse(client.node, read) : read;
		return new Map(entries.map((entry) => [entry, { refused: error.message, error }]));
	}
	const { results, ambiguous } = read;
	await inParallel([...ambiguous], async ([entry, refused]) => {
		results.set(entry, await resolved(goingOn, endpoint, entry, refused));
	});
	return results;
}

/** Whether a proxy on the way takes no body of this size; Kit's own 413 is about its queue. */
function isTooLarge(response: KitBody | NodeApiError): boolean {
	const isRefused = response instanceof NodeApiError && response.httpCode === '413';
	return isRefused && response.context.fromKit === false;
}

/**
 * Finds out what became of an entry of which Kit did not say whether it failed: by sending it alone, where
 * Kit answers successes too, else by looking whether what it names exists.
 */
async function resolved(
	client: KitClient,
	endpoint: BulkEndpoint,
	entry: IDataObject,
	refused: string,
): Promise<EntryResult> {
	if (endpoint.successes !== undefined) {
		const [alone] = (await sendOnce(client, endpoint, [entry])).values();
		return alone ?? { refused };
	}
	if (!endpoint.lookUp)
		return { refused: `${refused} (of some in one request; Kit does not say which)` };
	for (const request of endpoint.lookUp(entry)) {
		const found = await orApiError(client.send(request));
		if (!(found instanceof NodeApiError)) continue;
		return isNotFound(found) ? { refused } : { refused: found.message, error: found };
	}
	return { record: { success: true } };
}

/**
 * @param result of a request
 * @returns it, or the error with which Kit or Maton refused
 * @throws anything else, such as that the execution is cancelled
 */
export async function orApiError<T>(result: Promise<T>): Promise<NodeApiError | T> {
	const failed = await result.then(
		() => undefined,
		(error: unknown) => (error instanceof NodeApiError ? error : undefined),
	);
	return failed ?? (await result);
}

/** Sorts out what was answered already, what can be sent now, and what has to wait for that. */
function nextRound<T>(pending: Pending<T>[], cache: ResultCache) {
	const now = new Map<string, Pending<T>>();
	const known: [Pending<T>, EntryResult][] = [];
	const later: Pending<T>[] = [];
	const held = new Set<string>();
	for (const one of pending) {
		const { identity, text } = one;
		const before = now.get(identity);
		const result = before ? undefined : cache.get(identity, text);
		if (result) {
			known.push([one, result]);
		} else if (!before) {
			now.set(identity, one);
		} else if (before.text === text && !held.has(identity)) {
			before.owners.push(...one.owners);
		} else {
			held.add(identity);
			later.push(one);
		}
	}
	return { now: [...now.values()], known, later };
}

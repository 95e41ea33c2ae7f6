import type { IDataObject, IPollFunctions } from 'n8n-workflow';
import { NodeOperationError, UserError } from 'n8n-workflow';
import { HOUR_MS } from '../shared/durations';
import { toText } from '../shared/fields/parsers';
import { fingerprint } from '../shared/fingerprint';
import type { NameToFind } from '../shared/fields/names';
import type { ListName } from '../shared/lists';
import type { NamedIds } from '../shared/namedIds';
import { idCalled, namesInList, unknownName, withIds } from '../shared/nameLookup';
import { isRecord } from '../shared/record';
import { KitClient } from '../shared/transport/client';
import { unreadableResponse } from '../shared/transport/errors';
import { afterRefusal } from './handOver';
import type { Choice } from './parameters';
import { choiceOf } from './parameters';
import type { Found, Memory, WatchContext } from './watch';

/** What n8n keeps with the node, in its static data. */
interface SavedState {
	/** Tells what is watched from anything else */
	watched?: string;
	/** Tells the credential from any other, without showing the key */
	credential?: string;
	/** Kit's ID of the account, which a new key or another connection may lead to as well */
	account?: string;
	/** The IDs of what is called by its name, by list and name */
	ids?: Record<string, number>;
	/** When they were looked up, in milliseconds since 1970 */
	namedAt?: number;
	memory?: Memory;
}

async function accountOf(client: KitClient): Promise<string> {
	const { account } = await client.send({ path: '/kit/v4/account' });
	const id = isRecord(account) ? toText(account.id) : '';
	if (id === '') throw unreadableResponse(client.node, 'it has no “account”');
	return id;
}

/** What is called by its name may be deleted and made anew, or get another name: so often it is looked up again. */
const NAMED_MS = HOUR_MS;

/** What a watch reads with, and what was looked up for it. */
interface Resolved {
	watchContext: WatchContext;
	ids: Record<string, number>;
}

/**
 * @param known the IDs that were found before
 * @param isStale whether they are looked up again; what nothing is called any more keeps its ID
 * @returns the settings with IDs in place of names
 * @throws {NodeOperationError} that names the field, where nothing is called so, or several are
 */
async function withNamesResolved(
	watchContext: WatchContext,
	known: Record<string, number> = {},
	isStale = true,
): Promise<Resolved> {
	const { client } = watchContext;
	const ids: Record<string, number> = {};
	const lists = new Map<ListName, NamedIds>();
	const find = async (wanted: NameToFind): Promise<number> => {
		const { list, name } = wanted;
		const key = `${list} ${name}`;
		const before = known[key];
		if (before !== undefined && !isStale) return (ids[key] = before);
		const names = lists.get(list) ?? namesInList(list);
		lists.set(list, names);
		await names.load(client);
		return (ids[key] = idNow(names, wanted, before));
	};
	try {
		return {
			watchContext: { ...watchContext, settings: await withIds(watchContext.settings, find) },
			ids,
		};
	} catch (error) {
		if (error instanceof UserError) throw new NodeOperationError(client.node, error);
		throw error as Error;
	}
}

/** @returns its ID; the one before where that cannot be told any more */
function idNow(names: NamedIds, wanted: NameToFind, before?: number): number {
	const found = names.all(wanted.name);
	if (before !== undefined && found.length !== 1) return before;
	const id = idCalled(names, wanted);
	if (id === undefined) throw unknownName(wanted, names);
	return id;
}

/** The contexts whose last poll is still under way: n8n starts another one when its time has come. */
const underWay = new WeakSet<IPollFunctions>();

/**
 * Asks Kit for what is new.
 * @param context of the poll
 * @param now milliseconds since 1970
 * @returns what starts the workflow, oldest first; nothing where there is nothing new
 * @throws {NodeApiError} what the client throws; the next poll makes up for this one then
 * @throws {NodeOperationError} that names the field that is wrong
 */
export async function poll(context: IPollFunctions, now: number): Promise<IDataObject[]> {
	const choice = choiceOf(context);
	const client = new KitClient(context, { connectionId: choice.connectionId });
	const { id, name } = context.getWorkflow();
	const watchContext: WatchContext = {
		client,
		settings: choice.settings,
		workflow: { id, name },
		now,
	};
	if (context.getMode() === 'manual') {
		const latest = await choice.watch.latest((await withNamesResolved(watchContext)).watchContext);
		if (latest.length > 0) return latest;
		throw new NodeOperationError(
			context.getNode(),
			'No data with the current filter could be found',
			{
				description: `Do something in Kit for which “${choice.watch.name}” starts a workflow, and fetch again: Kit’s lists show it after up to five minutes. The workflow can be published without that.`,
			},
		);
	}
	if (underWay.has(context)) return [];
	underWay.add(context);
	try {
		return await pollSince(context, choice, watchContext);
	} finally {
		underWay.delete(context);
	}
}

async function pollSince(
	context: IPollFunctions,
	choice: Choice,
	watchContext: WatchContext,
): Promise<IDataObject[]> {
	const data = context.getWorkflowStaticData('node') as SavedState;
	const { client } = watchContext;
	const watched = fingerprint(choice.watch.value, choice.meant);
	const { apiKey, baseUrl, connectionId } = await client.credentials();
	const credential = fingerprint(baseUrl, connectionId, apiKey);
	const known = data.credential === credential ? data.account : undefined;
	const account = known ?? (await accountOf(client));
	const begin = async (of: string): Promise<IDataObject[]> => {
		const { watchContext: resolved, ids } = await withNamesResolved(watchContext);
		const memory = await choice.watch.begin(resolved);
		const namedAt = watchContext.now;
		Object.assign(data, { watched, credential, account: of, ids, namedAt, memory });
		return [];
	};
	const { memory: before } = data;
	if (data.watched !== watched || data.account !== account || !before) return await begin(account);
	if (data.credential !== credential) data.credential = credential;
	const { items, memory, problem } = await pollResolved(choice, watchContext, data, before);
	if (items.length > 0 && connectionId === '') {
		// Maton has chosen the connection, and chooses another one where that is not active any more.
		const now = await accountOf(client);
		if (now !== account) return await begin(now);
	}
	if (memory === before) return items;
	data.memory = memory;
	// Thrown, it would keep what else was found, and the workflow from being published.
	if (problem) context.__emitError(problem);
	if (items.length > 0) {
		afterRefusal(context, () => {
			if (data.memory === memory) data.memory = before;
		});
	}
	return items;
}

async function pollResolved(
	{ watch }: Choice,
	watchContext: WatchContext,
	data: SavedState,
	before: Memory,
): Promise<Found> {
	const { namedAt = 0 } = data;
	const isStale = watchContext.now - namedAt >= NAMED_MS;
	const { watchContext: resolved, ids } = await withNamesResolved(watchContext, data.ids, isStale);
	const isNamed = Object.keys(ids).length > 0;
	if (isNamed && isStale) Object.assign(data, { ids, namedAt: watchContext.now });
	try {
		return await watch.poll(resolved, before);
	} catch (error) {
		// It may be about something that is there no more, and has been made anew.
		if (isNamed) data.namedAt = 0;
		throw error as Error;
	}
}

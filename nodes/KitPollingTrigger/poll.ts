import { createHash } from 'crypto';
import type { IDataObject, IPollFunctions } from 'n8n-workflow';
import { NodeOperationError, UserError } from 'n8n-workflow';
import type { Row } from '../shared/fields/field';
import type { NameToFind } from '../shared/fields/names';
import { idCalled, namesInList, unknownName, withIds } from '../shared/nameLookup';
import { KitClient } from '../shared/transport/client';
import { afterRefusal } from './handOver';
import type { Choice } from './parameters';
import { choiceOf } from './parameters';
import type { Asking, Memory } from './watch';

/** What n8n keeps with the node, in its static data. */
interface SavedState {
	/** Tells what is watched, and in which account, from anything else */
	watched?: string;
	/** The IDs of what is called by its name, by list and name, as they were when the mark was set */
	ids?: Record<string, number>;
	memory?: Memory;
}

/** @returns what is watched, and in which account, without showing the key */
async function fingerprint(client: KitClient, { watch, settings }: Choice): Promise<string> {
	const { apiKey, baseUrl, connectionId } = await client.credentials();
	const watched = JSON.stringify([watch.value, settings, baseUrl, connectionId, apiKey]);
	return createHash('sha256').update(watched).digest('hex').slice(0, 16);
}

/**
 * @param ids that were found before, to be added to
 * @returns the settings with ids in place of names
 * @throws {NodeOperationError} that names the field, where nothing is called so, or several are
 */
async function namesFound({ client, settings }: Asking, ids: Record<string, number>): Promise<Row> {
	try {
		return await withIds(settings, async (wanted) => {
			const key = `${wanted.list} ${wanted.name}`;
			ids[key] ??= await idOf(client, wanted);
			return ids[key];
		});
	} catch (error) {
		if (error instanceof UserError) throw new NodeOperationError(client.node, error);
		throw error as Error;
	}
}

async function idOf(client: KitClient, wanted: NameToFind): Promise<number> {
	const names = namesInList(wanted.list);
	await names.load(client);
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
	const client = new KitClient(context);
	const choice = choiceOf(context);
	const { id, name } = context.getWorkflow();
	const asking: Asking = { client, settings: choice.settings, workflow: { id, name }, now };
	if (context.getMode() === 'manual') {
		const settings = await namesFound(asking, {});
		const latest = await choice.watch.latest({ ...asking, settings });
		if (latest.length > 0) return latest;
		throw new NodeOperationError(
			context.getNode(),
			'No data with the current filter could be found',
		);
	}
	if (underWay.has(context)) return [];
	underWay.add(context);
	try {
		return await pollSince(context, choice, asking);
	} finally {
		underWay.delete(context);
	}
}

async function pollSince(
	context: IPollFunctions,
	choice: Choice,
	asking: Asking,
): Promise<IDataObject[]> {
	const data = context.getWorkflowStaticData('node') as SavedState;
	const watched = await fingerprint(asking.client, choice);
	const { memory: before } = data;
	if (data.watched !== watched || !before) {
		const ids: Record<string, number> = {};
		const settings = await namesFound(asking, ids);
		const memory = await choice.watch.begin({ ...asking, settings });
		Object.assign(data, { watched, ids, memory });
		return [];
	}
	const settings = await namesFound(asking, { ...data.ids });
	const { items, memory } = await choice.watch.poll({ ...asking, settings }, before);
	if (memory === before) return items;
	data.memory = memory;
	if (items.length > 0) {
		afterRefusal(context, () => {
			if (data.memory === memory) data.memory = before;
		});
	}
	return items;
}

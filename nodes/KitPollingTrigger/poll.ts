import type { IDataObject, IPollFunctions } from 'n8n-workflow';
import { NodeOperationError, UserError } from 'n8n-workflow';
import type { Row } from '../shared/fields/field';
import { toText } from '../shared/fields/parsers';
import { fingerprint } from '../shared/fingerprint';
import type { NameToFind } from '../shared/fields/names';
import { idCalled, namesInList, unknownName, withIds } from '../shared/nameLookup';
import { isRecord } from '../shared/record';
import { KitClient } from '../shared/transport/client';
import { unreadableResponse } from '../shared/transport/errors';
import { afterRefusal } from './handOver';
import type { Choice } from './parameters';
import { choiceOf } from './parameters';
import type { Asking, Memory } from './watch';

/** What n8n keeps with the node, in its static data. */
interface SavedState {
	/** Tells what is watched from anything else */
	watched?: string;
	/** Tells the credential from any other, without showing the key */
	credential?: string;
	/** Kit's ID of the account, which a new key or another connection may lead to as well */
	account?: string;
	/** The IDs of what is called by its name, by list and name, as they were when the mark was set */
	ids?: Record<string, number>;
	memory?: Memory;
}

async function credentialOf(client: KitClient): Promise<string> {
	const { apiKey, baseUrl, connectionId } = await client.credentials();
	return fingerprint(baseUrl, connectionId, apiKey);
}

async function accountOf(client: KitClient): Promise<string> {
	const { account } = await client.send({ path: '/kit/v4/account' });
	const id = isRecord(account) ? toText(account.id) : '';
	if (id === '') throw unreadableResponse(client.node, 'it has no “account”');
	return id;
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
	const choice = choiceOf(context);
	const client = new KitClient(context, { connectionId: choice.connectionId });
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
	const { client } = asking;
	const watched = fingerprint(choice.watch.value, choice.meant);
	const credential = await credentialOf(client);
	const isSameCredential = data.credential === credential;
	const account = isSameCredential ? data.account : await accountOf(client);
	const { memory: before } = data;
	if (data.watched !== watched || data.account !== account || !before) {
		const ids: Record<string, number> = {};
		const settings = await namesFound(asking, ids);
		const memory = await choice.watch.begin({ ...asking, settings });
		Object.assign(data, { watched, credential, account, ids, memory });
		return [];
	}
	if (!isSameCredential) data.credential = credential;
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

import type { IDataObject } from 'n8n-workflow';
import { toText } from '../../shared/fields/parsers';
import { isNotFound } from '../../shared/subscribers';
import type { Item, Returns } from './operation';
import { readRecord, returning } from './returns';
import { oneByOne, rememberTransaction } from './transactions';

/** A purchase that was created, or that Kit added products to. */
export function createdPurchase(): Returns {
	return returning(async (item) => {
		const purchase = await readRecord(item, 'purchase');
		await rememberTransaction(item.client, purchase);
		return [purchase];
	});
}

/**
 * A purchase with each of its products once. Kit adds the products of a request to those of the
 * transaction, so that only those are sent that it lacks (by their line items), and nothing where it lacks
 * none.
 */
export function savedPurchase(): Returns {
	return returning(async (item) => {
		const { client, request } = item;
		const wanted = request.body?.purchase as Wanted;
		const transactionId = toText(wanted.transaction_id);
		return [await oneByOne(client, transactionId, async () => await save(item, wanted))];
	});
}

type Wanted = IDataObject & { products: IDataObject[] };

async function save(item: Item, wanted: Wanted): Promise<IDataObject> {
	const { client, memory, note } = item;
	const transactionId = toText(wanted.transaction_id);
	const id = await (await memory.transactions(client)).find(client, transactionId);
	const existing = id === undefined ? undefined : await purchaseOf(item, id);
	if (!existing) return await send(item, wanted);
	const there = Array.isArray(existing.products) ? (existing.products as IDataObject[]) : [];
	const lineItems = new Set(there.map(({ lid }) => toText(lid)));
	const products = wanted.products.filter(({ lid }) => !lineItems.has(toText(lid)));
	if (products.length > 0) return await send(item, { ...wanted, products });
	note(`Transaction ${transactionId} has all of these products already, and nothing was sent.`);
	return existing;
}

async function purchaseOf({ client, note }: Item, id: number): Promise<IDataObject | undefined> {
	const request = { path: `/kit/v4/purchases/${String(id)}` };
	return await readRecord({ client, note, request }, 'purchase').catch((error: unknown) => {
		if (isNotFound(error)) return undefined;
		throw error as Error;
	});
}

async function send(item: Item, purchase: IDataObject): Promise<IDataObject> {
	const request = { ...item.request, body: { ...item.request.body, purchase } };
	const saved = await readRecord({ ...item, request }, 'purchase');
	await rememberTransaction(item.client, saved);
	return saved;
}

import type { IDataObject } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { toText } from '../../shared/fields/parsers';
import { foldAddress, isNotFound } from '../../shared/subscribers';
import { isOutcomeUnknown } from '../../shared/transport/client';
import type { Item, Returns } from './operation';
import { readRecord, returning } from './returns';
import { oneByOne, rememberLost, rememberTransaction } from './transactions';

/** A purchase that was created, or that Kit added products to. */
export function createdPurchase(): Returns {
	return returning(async (item) => [await send(item, purchaseIn(item))]);
}

/**
 * A purchase with each of its products once. Kit adds the products of a request to those of the
 * transaction, so that only those are sent that it lacks (by their line items), and nothing where it lacks
 * none.
 */
export function savedPurchase(): Returns {
	return returning(async (item) => {
		const wanted = purchaseIn(item);
		const transactionId = toText(wanted.transaction_id);
		return [await oneByOne(item.client, transactionId, async () => await save(item, wanted))];
	});
}

type Wanted = IDataObject & { products: IDataObject[] };

function purchaseIn({ request }: Item): Wanted {
	return request.body?.purchase as Wanted;
}

async function save(item: Item, wanted: Wanted): Promise<IDataObject> {
	const { client, memory, note } = item;
	const transactionId = toText(wanted.transaction_id);
	const id = await (await memory.transactions(client)).find(client, transactionId);
	const existing = id === undefined ? undefined : await purchaseOf(item, id);
	if (!existing) return await send(item, wanted);
	refuseOther(item, wanted, existing);
	const there = Array.isArray(existing.products) ? (existing.products as IDataObject[]) : [];
	const lines = new Map(there.map((line) => [toText(line.lid), line]));
	for (const kept of keptAsIs(wanted, existing, lines)) {
		note(`Transaction ${transactionId}: Kit only adds products, so ${kept}.`);
	}
	const products = wanted.products.filter(({ lid }) => !lines.has(toText(lid)));
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

/**
 * Two shops may count alike.
 * @throws {NodeOperationError} where the transaction is of another buyer, who would get the products
 */
function refuseOther(
	{ client }: Item,
	{ email_address: buyer, transaction_id: name }: Wanted,
	{ id, email_address: other }: IDataObject,
): void {
	if (foldAddress(toText(buyer)) === foldAddress(toText(other))) return;
	throw new NodeOperationError(
		client.node,
		`Transaction ${toText(name)} is a purchase of another email address (ID ${toText(id)})`,
		{
			description:
				'Nothing was sent, since Kit would add the products to theirs. Where two shops count alike, put the name of the shop before the transaction ID.',
		},
	);
}

/** @returns what of a purchase is otherwise at Kit, and stays so */
function keptAsIs(
	{ products, status }: Wanted,
	{ status: statusThere }: IDataObject,
	lines: Map<string, IDataObject>,
): string[] {
	const changed = products.filter(({ lid, quantity, unit_price: price }) => {
		const line = lines.get(toText(lid));
		const isOther = (given: unknown, there: unknown) =>
			given !== undefined && Number(given) !== Number(there);
		return line && (isOther(quantity, line.quantity) || isOther(price, line.unit_price));
	});
	const names = changed.map(({ lid }) => `line ${toText(lid)} keeps its quantity and price`);
	const isOtherStatus = status !== undefined && toText(status) !== toText(statusThere);
	return isOtherStatus ? [...names, `its status stays “${toText(statusThere)}”`] : names;
}

async function send(item: Item, purchase: IDataObject): Promise<IDataObject> {
	const { client } = item;
	const request = { ...item.request, body: { ...item.request.body, purchase } };
	try {
		const saved = await readRecord({ ...item, request }, 'purchase');
		await rememberTransaction(client, saved);
		return saved;
	} catch (error) {
		const isLost = isOutcomeUnknown(error) || client.signal?.aborted === true;
		if (isLost) await rememberLost(client, toText(purchase.transaction_id));
		throw error as Error;
	}
}

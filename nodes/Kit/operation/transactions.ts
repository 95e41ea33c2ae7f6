import type { IDataObject } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { toText } from '../../shared/fields/parsers';
import { RecentIds } from '../../shared/recentIds';
import type { KitClient } from '../../shared/transport/client';
import type { Page } from '../../shared/transport/pagination';
import { walkPages } from '../../shared/transport/pagination';

const recent = new RecentIds();

/** After five minutes Kit's lists have what was written (Kit's documentation of consistency). */
const LAG_MS = 300_000;

/** Purchases of which nobody knows whether Kit has them, by account and transaction, and since when. */
const lost = new Map<string, number>();

/** So long a list may be that was read before one was lost, and that lagged behind then. */
const LOST_MS = 2 * LAG_MS;

/**
 * The ids of an account's purchases by their transaction IDs. Kit cannot be asked for one of these, so
 * the list is read, the newest first, as far as it takes, and no page twice in five minutes.
 */
export class Transactions {
	private readonly ids = new Map<string, number>();

	private pages: AsyncGenerator<Page> | undefined;

	private begunAt = 0;

	private reading: Promise<unknown> = Promise.resolve();

	/**
	 * @param client sends the requests
	 * @returns the id of the purchase, or undefined where the account has none of this transaction
	 * @throws {NodeApiError} when Kit does not answer the list
	 * @throws {NodeOperationError} when it was sent lately, and cannot be known yet whether Kit has it
	 */
	async find(client: KitClient, transactionId: string): Promise<number | undefined> {
		const finding = this.reading.then(async () => await this.readUntil(client, transactionId));
		this.reading = finding.catch(() => undefined);
		return await finding;
	}

	private async readUntil(client: KitClient, transactionId: string): Promise<number | undefined> {
		const now = Date.now();
		const { owner: account } = await client.account();
		const saved = recent.get(account, transactionId, now);
		if (saved !== undefined) return saved;
		const lostMs = now - (lost.get(keyOf(account, transactionId)) ?? -Infinity);
		// What others have saved since the list was read is in `recent` for longer.
		if (lostMs < LOST_MS || now - this.begunAt >= LAG_MS) this.pages = undefined;
		if (!this.pages) this.begunAt = now;
		this.pages ??= walkPages(client, { path: '/kit/v4/purchases' }, 'purchases');
		while (!this.ids.has(transactionId)) {
			const page = await this.nextPage(this.pages);
			if (page.done === true) break;
			for (const { id, transaction_id: name } of page.value.rows) {
				// Of two with the same name, the newest.
				if (!this.ids.has(toText(name))) this.ids.set(toText(name), Number(id));
			}
		}
		const found = this.ids.get(transactionId);
		if (found === undefined && lostMs < LAG_MS) throw notYetKnown(client, transactionId, lostMs);
		return found;
	}

	/** A list that broke off has ended, and would seem to lack what was not read of it. */
	private async nextPage(pages: AsyncGenerator<Page>) {
		try {
			return await pages.next();
		} catch (error) {
			this.pages = undefined;
			throw error as Error;
		}
	}
}

/**
 * Remembers a purchase that Kit has just saved, for those who ask for it by its transaction.
 * @param client that saved it
 * @param purchase as Kit answered
 */
export async function rememberTransaction(
	client: KitClient,
	{ id, transaction_id: name }: IDataObject,
): Promise<void> {
	if (typeof id !== 'number') return;
	recent.set((await client.account()).owner, toText(name), id, Date.now());
}

/** Remembers that nobody knows whether Kit has saved a purchase, until its list must show it. */
export async function rememberLost(client: KitClient, transactionId: string): Promise<void> {
	const now = Date.now();
	for (const [key, at] of lost) if (now - at >= LOST_MS) lost.delete(key);
	lost.set(keyOf((await client.account()).owner, transactionId), now);
}

function notYetKnown(client: KitClient, name: string, lostMs: number): NodeOperationError {
	const minutes = Math.ceil((LAG_MS - lostMs) / 60_000);
	return new NodeOperationError(
		client.node,
		`It is not known yet whether Kit has transaction ${name}: its last request got no response`,
		{
			description: `Nothing was sent, since that could do it twice. Kit’s list shows it after five minutes at most: run the node again in ${String(minutes)} minutes.`,
		},
	);
}

function keyOf(account: string, transactionId: string): string {
	return JSON.stringify([account, transactionId]);
}

const underWay = new Map<string, Promise<unknown>>();

/**
 * Lets nobody else of this process save a transaction meanwhile: both would find that it is new.
 * @param client that saves it
 * @param transactionId which one
 * @param save finds and saves it
 * @returns what `save` returns
 * @throws what `save` throws
 */
export async function oneByOne<T>(
	client: KitClient,
	transactionId: string,
	save: () => Promise<T>,
): Promise<T> {
	const key = keyOf((await client.account()).owner, transactionId);
	const saving = Promise.resolve(underWay.get(key)).then(save);
	const settled = saving.catch(() => undefined);
	underWay.set(key, settled);
	try {
		return await saving;
	} finally {
		if (underWay.get(key) === settled) underWay.delete(key);
	}
}

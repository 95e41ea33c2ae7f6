import type { IDataObject } from 'n8n-workflow';
import { toText } from '../../shared/fields/parsers';
import { RecentIds } from '../../shared/recentIds';
import type { KitClient } from '../../shared/transport/client';
import type { Page } from '../../shared/transport/pagination';
import { walkPages } from '../../shared/transport/pagination';

const recent = new RecentIds();

/**
 * The ids of an account's purchases by their transaction IDs. Kit cannot be asked for one of these, so
 * the list is read, the newest first, as far as it takes, and no page twice in a run.
 */
export class Transactions {
	private readonly ids = new Map<string, number>();

	private pages: AsyncGenerator<Page> | undefined;

	private reading: Promise<unknown> = Promise.resolve();

	/**
	 * @param client sends the requests
	 * @returns the id of the purchase, or undefined where the account has none of this transaction
	 * @throws {NodeApiError} when Kit does not answer the list
	 */
	async find(client: KitClient, transactionId: string): Promise<number | undefined> {
		const finding = this.reading.then(async () => await this.readUntil(client, transactionId));
		this.reading = finding.catch(() => undefined);
		return await finding;
	}

	private async readUntil(client: KitClient, transactionId: string): Promise<number | undefined> {
		const saved = recent.get((await client.account()).id, transactionId, Date.now());
		if (saved !== undefined) return saved;
		this.pages ??= walkPages(client, { path: '/kit/v4/purchases' }, 'purchases');
		while (!this.ids.has(transactionId)) {
			const page = await this.nextPage(this.pages);
			if (page.done === true) break;
			for (const { id, transaction_id: name } of page.value.rows) {
				// Of two with the same name, the newest.
				if (!this.ids.has(toText(name))) this.ids.set(toText(name), Number(id));
			}
		}
		return this.ids.get(transactionId);
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
	recent.set((await client.account()).id, toText(name), id, Date.now());
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
	const key = JSON.stringify([(await client.account()).id, transactionId]);
	const saving = Promise.resolve(underWay.get(key)).then(save);
	const settled = saving.catch(() => undefined);
	underWay.set(key, settled);
	try {
		return await saving;
	} finally {
		if (underWay.get(key) === settled) underWay.delete(key);
	}
}

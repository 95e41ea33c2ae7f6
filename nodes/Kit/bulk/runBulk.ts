import type { INodeExecutionData } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';
import type { Account } from '../../shared/transport/client';
import { MOST_UNDER_WAY, TaskPool } from '../../shared/transport/taskPool';
import { earlierResults } from '../operation/earlierResults';
import type { EntryResult, Item, Returns, SendItems, Target } from '../operation/operation';
import { Outcomes } from '../operation/outcomes';
import type { Run } from '../operation/run';
import { Targets } from '../operation/targets';
import { refusedEntry } from './entryResults';
import { MOST_ENTRIES } from './sendEntries';

type BulkReturns = Extract<Returns, { startRun: unknown }>;

/**
 * Runs a bulk operation: its items in chunks of at most 100, which are under way together as far as
 * they are about different things.
 * @param run to which the items belong
 * @param returns of the operation
 * @returns one output item for each input item, in their order
 * @throws what `Outcomes` throws
 */
export async function runBulk(run: Run, returns: BulkReturns): Promise<INodeExecutionData[]> {
	const outcomes = new Outcomes(run);
	const chunks = new Chunks(run, returns, outcomes);
	for (let start = 0; start < run.itemCount && !run.isStopped(); start += run.batchSize) {
		if (start > 0) await run.pause();
		await chunks.send(start, Math.min(start + run.batchSize, run.itemCount));
	}
	return outcomes.output(true);
}

/** An item with its request. */
interface Ready {
	item: Item;
	account: Account;
	target: Target;
}

/** How many items are looked through for such that need not wait for others. */
const MOST_WAITING = 1000;

class Chunks {
	private readonly pool = new TaskPool();

	private readonly underWay = new Targets();

	private readonly senders = new Map<string, { account: Account; send: SendItems }>();

	private readonly earlier;

	constructor(
		private readonly run: Run,
		private readonly returns: BulkReturns,
		private readonly outcomes: Outcomes,
	) {
		this.earlier = earlierResults(run.context);
	}

	/**
	 * Sends the items from the first index up to the second one, as long as none fails. Of a chunk with a
	 * wrong item nothing is sent.
	 */
	async send(start: number, end: number): Promise<void> {
		const { pool, run } = this;
		let waiting: Ready[] = [];
		let next = start;
		while (next < end || waiting.length > 0) {
			const most = Math.min(waiting.length + MOST_ENTRIES, MOST_WAITING);
			for (; waiting.length < most && next < end; next++) waiting.push(...(await this.ready(next)));
			// Reading thousands of items at a stretch would keep those from leaving that are ready.
			await sleep(0);
			while (pool.size >= MOST_UNDER_WAY) await pool.next();
			if (run.isStopped()) break;
			const { chunk, left } = this.chunkOf(waiting);
			waiting = left;
			if (chunk.length > 0) pool.start(this.sendChunk(chunk));
			else if (left.length > 0) await pool.next();
		}
		while (pool.size > 0) await pool.next();
	}

	/** The item with this index, unless it is wrong or has been done. */
	private async ready(itemIndex: number): Promise<Ready[]> {
		const known = this.earlier?.get(itemIndex);
		if (known) this.outcomes.set(itemIndex, known);
		if (known || this.run.isStopped()) return [];
		try {
			const item = await this.run.prepare(itemIndex);
			const account = await item.client.account();
			return [{ item, account, target: this.returns.targetOf(item) }];
		} catch (thrown) {
			this.outcomes.set(itemIndex, { thrown });
			return [];
		}
	}

	/** Those of one account that need not wait for others: for such under way, or such that wait before. */
	private chunkOf(waiting: Ready[]): { chunk: Ready[]; left: Ready[] } {
		const chunk: Ready[] = [];
		const left: Ready[] = [];
		const before = new Targets();
		for (const one of waiting) {
			const { account, target } = one;
			const isOfChunk = (chunk[0]?.account.id ?? account.id) === account.id;
			const hasToWait = this.underWay.mayHave(account, target) || before.mayHave(account, target);
			if (isOfChunk && !hasToWait && chunk.length < MOST_ENTRIES) {
				chunk.push(one);
			} else {
				left.push(one);
				before.add(account, target);
			}
		}
		return { chunk, left };
	}

	private async sendChunk(chunk: Ready[]): Promise<void> {
		const items = chunk.map(({ item }) => item);
		for (const { account, target } of chunk) this.underWay.add(account, target);
		try {
			const results = await this.sendItems(chunk, items);
			for (const item of items) this.settle(item, results.get(item));
		} catch (thrown) {
			for (const { itemIndex } of items) this.outcomes.set(itemIndex, { thrown });
		}
		for (const { account, target } of chunk) this.underWay.remove(account, target);
	}

	private async sendItems([first]: Ready[], items: Item[]): Promise<Map<Item, EntryResult>> {
		return first ? await this.senderOf(first.account)(first.item.client, items) : new Map();
	}

	private settle({ itemIndex, client }: Item, result: EntryResult | undefined): void {
		if (!result || 'refused' in result) {
			this.outcomes.set(itemIndex, { thrown: refusedEntry(client.node, result) });
			return;
		}
		const json = { ...result.record };
		const outcome = { output: [{ json, pairedItem: { item: itemIndex } }] };
		this.earlier?.set(itemIndex, outcome);
		this.outcomes.set(itemIndex, outcome);
	}

	/**
	 * A credential may be an expression, so items may lead to several accounts. What was sent to one is
	 * remembered for it, unless another one, which may be the same under another name, has come in between.
	 */
	private senderOf(account: Account): SendItems {
		const known = this.senders.get(account.id);
		if (known) return known.send;
		const others = [account, ...[...this.senders.values()].map((sender) => sender.account)];
		if (!others.every(({ isNamed }) => isNamed)) this.senders.clear();
		const send = this.returns.startRun();
		this.senders.set(account.id, { account, send });
		return send;
	}
}

import type { LeftOutColumn } from '../../shared/fields/customFieldValues';
import type { NameToFind } from '../../shared/fields/names';
import { toText } from '../../shared/fields/parsers';
import { createTag } from '../../shared/newTag';
import { idCalled, namesInList, severalKeys, unknownName } from '../../shared/nameLookup';
import type { NamedIds } from '../../shared/namedIds';
import type { ListName } from '../../shared/lists';
import type { KitClient } from '../../shared/transport/client';
import { LeftOutColumns } from './leftOutColumns';
import { Marks } from './marks';
import { Transactions } from './transactions';

/** What a run has found out about the accounts that its items lead to. */
export class RunMemory {
	readonly marks = new Marks();

	readonly leftOut = new LeftOutColumns();

	private readonly named = new Map<string, NamedIds>();

	private readonly existing = new Set<string>();

	private readonly purchases = new Map<string, Transactions>();

	/** Tags are created one after the other, since two items may name the same */
	private created: Promise<unknown> = Promise.resolve();

	/**
	 * @param client sends the requests
	 * @param wanted what a field calls by its name
	 * @param mayCreate whether a tag that does not exist is created
	 * @returns its id
	 * @throws {UserError} that names the field, and the names near it
	 * @throws {NodeApiError} when Kit does not answer the list
	 */
	async find(client: KitClient, wanted: NameToFind, mayCreate: boolean): Promise<number> {
		const names = await this.namesOf(client, wanted.list);
		for (let asked = 1; ; asked++) {
			await names.load(client);
			const id = idCalled(names, wanted);
			if (id !== undefined) return id;
			if (mayCreate && wanted.list === 'tags') return await this.create(client, wanted.name, names);
			if (!(await client.waitForLag(asked))) throw unknownName(wanted, names);
			names.forget();
		}
	}

	/**
	 * @param client sends the requests
	 * @param wanted a custom field by its key or label
	 * @param isColumn whether it is a column of the input, which need not be a custom field
	 * @returns the key under which Kit takes its value; undefined for a column that is none
	 * @throws what `find` throws
	 */
	async customFieldKey(
		client: KitClient,
		wanted: NameToFind,
		isColumn: boolean,
	): Promise<string | undefined> {
		const fields = await this.namesOf(client, 'customFields');
		await fields.load(client);
		for (let asked = 1; !isColumn && fields.all(wanted.name).length === 0; asked++) {
			if (!(await client.waitForLag(asked))) break;
			fields.forget();
			await fields.load(client);
		}
		if (fields.idBy('key', wanted.name) !== undefined) return wanted.name;
		const [key, ...others] = fields.all(wanted.name).map((id) => toText(fields.row(id)?.key));
		if (key === undefined && isColumn) return undefined;
		if (key === undefined) throw unknownName(wanted, fields);
		if (others.length > 0) throw severalKeys(wanted, [key, ...others]);
		return key;
	}

	/** Remembers that a column of the input is no custom field of the account. */
	async leaveOut(client: KitClient, column: LeftOutColumn): Promise<void> {
		const fields = await this.namesOf(client, 'customFields');
		this.leftOut.add(column, () => {
			const ids = fields.near(column.name).flatMap((name) => fields.all(name));
			return [...new Set(ids)].map((id) => toText(fields.row(id)?.label));
		});
	}

	/** @returns the id of the custom field with this key, which `customFieldKey` gave */
	async customFieldId(client: KitClient, key: string): Promise<number | undefined> {
		return (await this.namesOf(client, 'customFields')).idBy('key', key);
	}

	/** @returns whether something is known to exist at this path of the account */
	async exists(client: KitClient, path: string): Promise<boolean> {
		return this.existing.has(await keyOf(client, path));
	}

	/** Remembers that something exists at this path of the account. */
	async remember(client: KitClient, path: string): Promise<void> {
		this.existing.add(await keyOf(client, path));
	}

	/** @returns the purchases of the account, by their transactions */
	async transactions(client: KitClient): Promise<Transactions> {
		const key = await keyOf(client, 'purchases');
		const transactions = this.purchases.get(key) ?? new Transactions();
		this.purchases.set(key, transactions);
		return transactions;
	}

	private async namesOf(client: KitClient, list: ListName): Promise<NamedIds> {
		const key = await keyOf(client, list);
		const names = this.named.get(key) ?? namesInList(list);
		this.named.set(key, names);
		return names;
	}

	private async create(client: KitClient, name: string, names: NamedIds): Promise<number> {
		const creating = this.created.then(async () => {
			const [known] = names.all(name);
			if (known !== undefined) return known;
			const id = await createTag(client, name);
			names.set(name, id);
			return id;
		});
		this.created = creating.catch(() => undefined);
		return await creating;
	}
}

async function keyOf(client: KitClient, what: string): Promise<string> {
	return JSON.stringify([(await client.account()).id, what]);
}

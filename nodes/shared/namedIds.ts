import type { IDataObject } from 'n8n-workflow';
import { toText } from './fields/parsers';
import { foldName } from './foldName';
import type { ListName } from './lists';
import { LISTS } from './lists';
import { nearNames } from './nearNames';
import type { KitClient } from './transport/client';
import { readRows } from './transport/pagination';

/** The ids of what an account has of one kind, by what people call it. It is read once in a run. */
export class NamedIds {
	private loading: Promise<void> | undefined;

	private isRead = false;

	private readonly ids = new Set<string>();

	private readonly names = new Set<string>();

	private readonly exact = new Map<string, number[]>();

	private readonly folded = new Map<string, number[]>();

	private readonly rows = new Map<number, IDataObject>();

	/** Ids by the values of a column, for the columns that were asked for */
	private readonly columns = new Map<string, Map<string, number>>();

	/**
	 * @param list where they stand
	 * @param namesOf what a row is called
	 * @param orId whether they can be called by their id as well
	 */
	constructor(
		private readonly list: ListName,
		private readonly namesOf: (row: IDataObject) => string[],
		private readonly orId = false,
	) {}

	/**
	 * Reads the list, unless that has happened.
	 * @throws {NodeApiError} when Kit does not answer it
	 */
	async load(client: KitClient): Promise<void> {
		this.loading ??= this.read(client).finally(() => {
			if (!this.isRead) this.loading = undefined;
		});
		await this.loading;
	}

	/** @returns the first of `all` */
	get(name: string): number | undefined {
		return this.all(name)[0];
	}

	/**
	 * @param name a name, or an id where that is allowed
	 * @returns what has this id, else the ids of all that have exactly this name, else of all that have it in
	 * other capitals
	 */
	all(name: string): number[] {
		if (this.orId && this.ids.has(name)) return [Number(name)];
		return this.exact.get(name.normalize('NFC')) ?? this.folded.get(foldName(name)) ?? [];
	}

	/** @returns Kit's record of what has this id, unless it has come into being since the list was read */
	row(id: number): IDataObject | undefined {
		return this.rows.get(id);
	}

	/** @returns the id of what has this value in a column of the list, such as its key */
	idBy(column: string, value: string): number | undefined {
		const index =
			this.columns.get(column) ??
			new Map([...this.rows].map(([id, row]) => [toText(row[column]), id]));
		this.columns.set(column, index);
		return index.get(value);
	}

	/** Forgets the list, which may lag behind, so that it is read again. */
	forget(): void {
		this.loading = undefined;
		this.isRead = false;
		this.columns.clear();
	}

	/** @returns the names that a person may have meant, the likeliest first */
	near(name: string): string[] {
		return nearNames(this.names, name);
	}

	private async read(client: KitClient): Promise<void> {
		const { path, key } = LISTS[this.list];
		for (const row of await readRows(client, { path }, key)) {
			this.rows.set(Number(row.id), row);
			for (const name of this.namesOf(row)) this.set(name, Number(row.id));
		}
		this.isRead = true;
	}

	/** Adds what is there, or has come into being since. */
	set(name: string, id: number): void {
		const normalized = name.normalize('NFC');
		this.ids.add(String(id));
		this.names.add(normalized);
		add(this.exact, normalized, id);
		add(this.folded, foldName(name), id);
	}
}

function add(ids: Map<string, number[]>, name: string, id: number): void {
	const there = ids.get(name);
	if (!there) ids.set(name, [id]);
	else if (!there.includes(id)) there.push(id);
}

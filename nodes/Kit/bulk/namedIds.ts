import { toText } from '../../shared/fields/parsers';
import type { ListName } from '../../shared/lists';
import { LISTS } from '../../shared/lists';
import type { KitClient } from '../../shared/transport/client';
import { readRows } from '../../shared/transport/pagination';

/** The ids of what an account has of one kind, by what people call it. It is read once in a run. */
export class NamedIds {
	private loading: Promise<void> | undefined;

	private isRead = false;

	private readonly ids = new Set<string>();

	private readonly exact = new Map<string, number>();

	private readonly folded = new Map<string, number>();

	/**
	 * @param list where they stand
	 * @param name by what the rows are called, such as `name`
	 * @param orId whether they can be called by their id as well
	 */
	constructor(
		private readonly list: ListName,
		private readonly name: string,
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

	/**
	 * @param name an id or a name
	 * @returns the id of what has this id, else exactly this name, else this name in other capitals
	 */
	get(name: string): number | undefined {
		if (this.orId && this.ids.has(name)) return Number(name);
		const normalized = name.normalize('NFC');
		return this.exact.get(normalized) ?? this.folded.get(normalized.toLowerCase());
	}

	private async read(client: KitClient): Promise<void> {
		const { path, key } = LISTS[this.list];
		for (const row of await readRows(client, { path }, key)) {
			this.set(toText(row[this.name]), Number(row.id));
		}
		this.isRead = true;
	}

	/** Adds what is there, or has come into being since. */
	set(name: string, id: number): void {
		const normalized = name.normalize('NFC');
		this.ids.add(String(id));
		this.exact.set(normalized, id);
		if (!this.folded.has(normalized.toLowerCase())) this.folded.set(normalized.toLowerCase(), id);
	}
}

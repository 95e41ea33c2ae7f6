import { toText } from '../../shared/fields/parsers';
import type { ListName } from '../../shared/lists';
import { LISTS } from '../../shared/lists';
import type { KitClient } from '../../shared/transport/client';
import { readRows } from '../../shared/transport/pagination';

/** The ids of what an account has of one kind, by what people call it. It is read once in a run. */
export class NamedIds {
	private ids: Map<string, number> | undefined;

	/**
	 * @param list where they stand
	 * @param names by what the rows can be called, such as `name`; the last one goes before the others
	 */
	constructor(
		private readonly list: ListName,
		private readonly names: string[],
	) {}

	/**
	 * Reads the list, unless that has happened.
	 * @throws {NodeApiError} when Kit does not answer it
	 */
	async load(client: KitClient): Promise<void> {
		if (this.ids) return;
		const { path, key } = LISTS[this.list];
		const rows = await readRows(client, { path }, key);
		const ids = new Map<string, number>();
		for (const name of this.names) {
			for (const row of rows) ids.set(fold(toText(row[name])), Number(row.id));
		}
		this.ids = ids;
	}

	/** @returns the id of what has a name, if there is such a thing */
	get(name: string): number | undefined {
		return this.ids?.get(fold(name));
	}

	/** Adds what has come into being since. */
	set(name: string, id: number): void {
		this.ids?.set(fold(name), id);
	}
}

function fold(name: string): string {
	return name.normalize('NFC').toLowerCase();
}

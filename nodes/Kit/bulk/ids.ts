import type { IExecutePaginationFunctions } from 'n8n-workflow';
import { readRows } from '../../shared/pages';
import { asText } from '../fields/checks';

/** The ids of what an account has of one kind, by what people call it. It is read once in a run. */
export class Ids {
	private byName: Map<string, number> | undefined;

	/**
	 * @param list the last part of the list's path, and the key of its rows
	 * @param names by what the rows can be called, such as `name`
	 */
	constructor(
		private readonly list: string,
		private readonly names: string[],
	) {}

	/**
	 * Reads the list, unless that has happened.
	 * @throws {NodeApiError} when Kit does not answer it
	 */
	async load(context: IExecutePaginationFunctions): Promise<void> {
		if (this.byName) return;
		const byName = new Map<string, number>();
		for (const row of await readRows(context, { url: `/kit/v4/${this.list}` }, this.list)) {
			for (const name of this.names) byName.set(asText(row[name]).toLowerCase(), Number(row.id));
		}
		this.byName = byName;
	}

	/** @returns the id of what has a name, if there is such a thing */
	of(name: string): number | undefined {
		return this.byName?.get(name.toLowerCase());
	}

	/** Adds what has come into being since. */
	add(name: string, id: number): void {
		this.byName?.set(name.toLowerCase(), id);
	}
}

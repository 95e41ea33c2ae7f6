import type { IDataObject } from 'n8n-workflow';

/** What the output says of something that Kit answers without a body. */
export interface Done {
	/** As n8n's guide has it for what was deleted */
	word: 'deleted' | 'success';
	/** What it was done to, such as `tag`: its `tag_id` is the `id` of the output */
	own?: string;
}

/**
 * @param done what was done
 * @param named what the fields name, such as `tag_id` and `email_address`
 * @returns the output, which says to whom or to what it was done
 */
export function doneRecord({ word, own = '' }: Done, named: IDataObject): IDataObject {
	const prefix = `${own}_`;
	const shown = Object.entries(named).map(([key, value]) => [
		key.startsWith(prefix) ? key.slice(prefix.length) : key,
		value,
	]);
	return { [word]: true, ...(Object.fromEntries(shown) as IDataObject) };
}

import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { toText } from '../fields/parsers';
import type { ListName } from '../lists';
import { LISTS } from '../lists';
import { KitClient } from '../transport/client';
import { readRows } from '../transport/pagination';

type Load = (this: ILoadOptionsFunctions) => Promise<INodePropertyOptions[]>;

/**
 * @param list whose rows can be chosen
 * @param name what a person reads of a row
 * @param value what of it is sent
 * @returns what loads the whole list, in the order of the alphabet
 */
function optionsOf(list: ListName, name: string, value = 'id'): Load {
	const { path, key } = LISTS[list];
	return async function () {
		const rows = await readRows(new KitClient(this), { path }, key);
		const options = rows.map((row) => ({
			name: toText(row[name]),
			value: (row[value] ?? '') as string | number,
		}));
		return options.sort((one, other) => one.name.localeCompare(other.name));
	};
}

/** What fills lists of options from the account, by the method that a field names. */
export const loadOptions: Record<string, Load> = {
	getBroadcasts: optionsOf('broadcasts', 'subject'),
	getCustomFieldIds: optionsOf('customFields', 'label'),
	getCustomFieldKeys: optionsOf('customFields', 'label', 'key'),
	getForms: optionsOf('forms', 'name'),
	getSegments: optionsOf('segments', 'name'),
	getSequences: optionsOf('sequences', 'name'),
	getTags: optionsOf('tags', 'name'),
};

import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { readRows } from '../../shared/pages';

type Load = (this: ILoadOptionsFunctions) => Promise<INodePropertyOptions[]>;

/**
 * @param key where the rows stand in the answer, and the last part of the list's path
 * @param name what a person reads of a row
 * @param value what of it is sent
 * @returns what loads the whole list, in the order of the alphabet
 */
function optionsOf(key: string, name: string, value = 'id'): Load {
	return async function () {
		const rows = await readRows(this, { url: `/kit/v4/${key}` }, key);
		const options = (rows as Record<string, string | number>[]).map((row) => ({
			name: String(row[name]),
			value: row[value] ?? '',
		}));
		return options.sort((one, other) => one.name.localeCompare(other.name));
	};
}

/** What fills lists of options from the account, by the method that a field names. */
export const loadOptions: Record<string, Load> = {
	getBroadcasts: optionsOf('broadcasts', 'subject'),
	getCustomFieldIds: optionsOf('custom_fields', 'label'),
	getCustomFieldKeys: optionsOf('custom_fields', 'label', 'key'),
	getForms: optionsOf('forms', 'name'),
	getSegments: optionsOf('segments', 'name'),
	getSequences: optionsOf('sequences', 'name'),
	getTags: optionsOf('tags', 'name'),
};

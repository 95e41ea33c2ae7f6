import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { clientFor } from '../connections';
import { toText } from '../fields/parsers';
import type { KitList, ListName } from '../lists';
import { LISTS } from '../lists';
import { readRows } from '../transport/pagination';

type Load = (this: ILoadOptionsFunctions) => Promise<INodePropertyOptions[]>;

/**
 * @param list whose rows can be chosen
 * @param name what a person reads of a row
 * @param value what of it is sent
 * @returns what loads the whole list, in the order of the alphabet
 */
function optionsOf(list: ListName, name: string, value = 'id'): Load {
	const { path, query, key }: KitList = LISTS[list];
	return async function () {
		const rows = await readRows(clientFor(this), { path, query }, key);
		const options = rows.map((row) => ({
			name: toText(row[name]) || `Without a name (${toText(row.id)})`,
			value: (row[value] ?? '') as string | number,
		}));
		return options.sort((one, other) => one.name.localeCompare(other.name));
	};
}

/**
 * @param names of the fields that every subscriber can have
 * @param titleOf gives what a person reads of one
 * @param nameBeside gives what a custom field is called beside them, by its key
 * @returns what loads them, and the custom fields of the account
 */
export function subscriberFields(
	names: readonly string[],
	titleOf: (name: string) => string,
	nameBeside: (key: string) => string,
): Load {
	const ofAccount = optionsOf('customFields', 'label', 'key');
	return async function () {
		const own = names.map((name) => ({ name: titleOf(name), value: name }));
		const custom = await ofAccount.call(this);
		return [
			...own,
			...custom.map(({ name, value }) => ({ name, value: nameBeside(String(value)) })),
		];
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

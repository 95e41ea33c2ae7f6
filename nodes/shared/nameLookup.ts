import type { IDataObject } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';
import { NameToFind } from './fields/names';
import { isObject, toText } from './fields/parsers';
import type { ListName } from './lists';
import { LISTS } from './lists';
import { NamedIds } from './namedIds';
import { quoted } from './quoted';

/** @returns the ids of what is in a list, by what people call it */
export function namesInList(list: ListName): NamedIds {
	const columns = list === 'customFields' ? ['label', 'key'] : ['name'];
	const namesOf = (row: IDataObject) => columns.map((column) => toText(row[column]));
	return new NamedIds(list, namesOf);
}

/**
 * @param names of the list in which it stands
 * @param wanted what a field calls by its name
 * @returns its id, which digits may be themselves; undefined where nothing is called so
 * @throws {UserError} that names the field, where several are called so
 */
export function idCalled(names: NamedIds, wanted: NameToFind): number | undefined {
	if (wanted.id !== undefined && names.row(wanted.id)) return wanted.id;
	const [id, ...others] = names.all(wanted.name);
	if (others.length > 0) throw severalCalled(wanted, names);
	return id ?? wanted.id;
}

/** As a whole, since they are to be copied. */
const listed = (names: string[]) => names.map((name) => `“${name}”`).join(', ');

/** @returns the error that names the field, and the names near the one that nothing has */
export function unknownName({ label, list, name }: NameToFind, names: NamedIds): UserError {
	const kind = LISTS[list].singular.toLowerCase();
	const near = names.near(name);
	const hint =
		near.length > 0
			? `Near it: ${listed(near)}`
			: 'No name is near it; a new one shows in Kit’s list after up to five minutes';
	return new UserError(`${label}: the account has no ${kind} called ${quoted(name)}. ${hint}`);
}

/** @returns the error that names the field, where several are called so */
export function severalCalled({ label, list, name }: NameToFind, names: NamedIds): UserError {
	const kind = LISTS[list].singular.toLowerCase();
	const ids = names.all(name).join(', ');
	return new UserError(
		`${label}: more than one ${kind} of the account is called ${quoted(name)}, with the IDs ${ids}. Choose one by its ID`,
	);
}

/** @returns the error that names the field, where several custom fields have the name, and what tells them apart */
export function severalKeys({ label, name }: NameToFind, keys: string[]): UserError {
	return new UserError(
		`${label}: more than one custom field of the account is called ${quoted(name)}. Call it by its key: ${listed(keys)}`,
	);
}

/**
 * @param values of which some are called by their names, at any depth
 * @param find finds the id of what is called so
 * @returns the same with ids in place of names
 */
export async function withIds<T extends object>(
	values: T,
	find: (wanted: NameToFind) => Promise<number>,
): Promise<T> {
	const replaced = async (value: unknown): Promise<unknown> => {
		if (value instanceof NameToFind) return await find(value);
		if (Array.isArray(value)) return await Promise.all(value.map(replaced));
		return isObject(value) ? await withIds(value, find) : value;
	};
	const found = await Promise.all(
		Object.entries(values).map(async ([key, value]) => [key, await replaced(value)] as const),
	);
	return Object.fromEntries(found) as T;
}

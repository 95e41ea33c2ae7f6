import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { walkPages } from '../../shared/pages';

async function optionsOf(
	context: ILoadOptionsFunctions,
	url: string,
	key: string,
	name: string,
	value: string,
): Promise<INodePropertyOptions[]> {
	const options: INodePropertyOptions[] = [];
	for await (const rows of walkPages(context, { url }, key)) {
		for (const row of rows as Record<string, string | number>[]) {
			options.push({ name: String(row[name]), value: row[value] ?? '' });
		}
	}
	return options.sort((one, other) => one.name.localeCompare(other.name));
}

/** The account's custom fields by label; the value is the key under which Kit takes them. */
export async function getCustomFieldKeys(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	return await optionsOf(this, '/kit/v4/custom_fields', 'custom_fields', 'label', 'key');
}

/** The account's custom fields by label; the value is their id. */
export async function getCustomFieldIds(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	return await optionsOf(this, '/kit/v4/custom_fields', 'custom_fields', 'label', 'id');
}

/** The account's tags by name. */
export async function getTags(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await optionsOf(this, '/kit/v4/tags', 'tags', 'name', 'id');
}

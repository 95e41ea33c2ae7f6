import type { IDataObject, ILoadOptionsFunctions } from 'n8n-workflow';
import { clientFor } from '../connections';
import { isObject, toText } from '../fields/parsers';
import { createTag } from '../newTag';

/**
 * Creates a tag from the list of tags.
 * @param payload of n8n's editor: the name is what was typed to search the list
 * @returns the ID of the tag, which n8n then chooses; false, with which it does nothing, where nothing was typed
 */
async function createTypedTag(
	this: ILoadOptionsFunctions,
	payload: IDataObject | string | undefined,
): Promise<number | false> {
	const name = isObject(payload) ? toText(payload.name) : '';
	return name === '' ? false : await createTag(clientFor(this), name);
}

/** What n8n's editor calls from an entry of a list, by the method that the list names. */
export const actionHandler = { createTypedTag };

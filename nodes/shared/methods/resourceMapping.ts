import type {
	ILoadOptionsFunctions,
	ResourceMapperField,
	ResourceMapperFields,
} from 'n8n-workflow';
import { clientFor } from '../connections';
import { toText } from '../fields/parsers';
import { LISTS } from '../lists';
import { readRows } from '../transport/pagination';

/** The custom fields of the account, whose values are texts (Kit's document), as n8n's form shows them. */
async function getCustomFields(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	const { path, key } = LISTS.customFields;
	const rows = await readRows(clientFor(this), { path }, key);
	const fields = rows.map((row): ResourceMapperField => ({
		id: toText(row.key),
		displayName: toText(row.label),
		type: 'string',
		required: false,
		display: true,
		defaultMatch: false,
		canBeUsedToMatch: false,
	}));
	return { fields: fields.sort((one, other) => one.displayName.localeCompare(other.displayName)) };
}

/** What fills n8n's resource mapper, by the method that a field names. */
export const resourceMapping = { getCustomFields };

import type { Account } from './account';
import { slugOf } from './account';
import { all, deletion } from './pages';
import { answer, checkFree, existing, invalid } from './route';
import type { Answer, Call, Operations } from './route';
import { without } from './rows';
import type { CustomField } from './rows';

type Sent = Call<{ label: string }>;

/** A custom field as Kit answers it, but to a bulk request. */
export const customFieldRow = (field: CustomField) => without(field, 'created_at');

/** A label, trimmed as Kit does, with its key: ASCII only, lower case, underscores. */
function named(sent: string): { label: string; key: string } {
	const label = sent.trim();
	const key = slugOf(label.normalize('NFKD').replace(/[^\x20-\x7e]/g, '')).replaceAll('-', '_');
	if (key === '') throw invalid("Key can't be blank");
	return { label, key };
}

/** Creates a custom field, or finds the one with this label; Kit's sentence where the label is no good. */
export function createCustomField(
	account: Account,
	sent: string,
): { customField: CustomField; isNew: boolean } {
	const { label, key } = named(sent);
	const there = account.customFields.find((field) => field.label === label);
	if (there) return { customField: there, isNew: false };
	checkFree(account.customFields, 'key', key);
	const { id, created_at } = account.fresh({});
	const customField = { id, name: `ck_field_${String(id)}_${key}`, key, label, created_at };
	account.customFields.push(customField);
	account.raise({ type: 'custom_field.created', customField });
	return { customField, isNew: true };
}

function create({ account, body }: Sent): Answer {
	const { customField, isNew } = createCustomField(account, body.label);
	return answer({ custom_field: customFieldRow(customField) }, isNew ? 201 : 200);
}

function update({ account, ids, body }: Sent): Answer {
	const field = existing(account.customFields, ids.id);
	const { label, key } = named(body.label);
	checkFree(account.customFields, 'label', label, field);
	checkFree(account.customFields, 'key', key, field);
	return answer({ custom_field: customFieldRow(Object.assign(field, { label, key })) });
}

/** Kit's custom field endpoints. Values of one that is deleted can be reached no more: ids are not used again. */
export const customFieldOperations: Operations = {
	'GET /custom_fields': all('custom_fields', ({ account }) => account.customFields, customFieldRow),
	'POST /custom_fields': create,
	'PUT /custom_fields/{id}': update,
	'DELETE /custom_fields/{id}': deletion(
		({ account }) => [account.customFields],
		(customField) => ({ type: 'custom_field.deleted', customField }),
	),
};

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
): { custom_field: CustomField; isNew: boolean } {
	const { label, key } = named(sent);
	const there = account.custom_fields.find((field) => field.label === label);
	if (there) return { custom_field: there, isNew: false };
	checkFree(account.custom_fields, 'key', key);
	const { id, created_at } = account.fresh({});
	const field = { id, name: `ck_field_${String(id)}_${key}`, key, label, created_at };
	return { custom_field: account.add('custom_fields', field), isNew: true };
}

function create({ account, body }: Sent): Answer {
	const { custom_field, isNew } = createCustomField(account, body.label);
	return answer({ custom_field: customFieldRow(custom_field) }, isNew ? 201 : 200);
}

function update({ account, ids, body }: Sent): Answer {
	const field = existing(account.custom_fields, ids.id);
	const { label, key } = named(body.label);
	checkFree(account.custom_fields, 'label', label, field);
	checkFree(account.custom_fields, 'key', key, field);
	return answer({ custom_field: customFieldRow(Object.assign(field, { label, key })) });
}

/** Kit's custom field endpoints. Values of one that is deleted can be reached no more: ids are not used again. */
export const customFieldOperations: Operations = {
	'GET /custom_fields': all('custom_fields', customFieldRow),
	'POST /custom_fields': create,
	'PUT /custom_fields/{id}': update,
	'DELETE /custom_fields/{id}': deletion('custom_fields'),
};

import type { Account } from './account';
import { listOfAll } from './pages';
import { answer, EMPTY, existing, invalid } from './route';
import type { Answer, Call, Operations } from './route';
import { without } from './rows';
import type { CustomField } from './rows';

type Sent = Call<{ label: string }>;

/** A custom field as Kit answers it. */
export function customFieldRow(field: CustomField) {
	return without(field, 'created_at');
}

/** A label, trimmed as Kit does, with its key: ASCII only, lower case, underscores. */
function named(sent: string): { label: string; key: string } {
	const label = sent.trim();
	const ascii = label.normalize('NFKD').replace(/[^\x20-\x7e]/g, '');
	const key = ascii
		.toLowerCase()
		.replace(/[^a-z\d]+/g, '_')
		.replace(/^_+|_+$/g, '');
	if (key === '') throw invalid("Key can't be blank");
	return { label, key };
}

/** Creates a custom field, or finds the one with this label; Kit's sentence where the label is no good. */
export function createCustomField(
	account: Account,
	sent: string,
): { field: CustomField; isNew: boolean } {
	const { label, key } = named(sent);
	const existing = account.customFields.find((field) => field.label === label);
	if (existing) return { field: existing, isNew: false };
	if (account.customFields.some((field) => field.key === key)) {
		throw invalid('Key has already been taken');
	}
	return { field: account.addCustomField(label, key), isNew: true };
}

function create({ account, body }: Sent): Answer {
	const { field, isNew } = createCustomField(account, body.label);
	return answer({ custom_field: customFieldRow(field) }, isNew ? 201 : 200);
}

function update({ account, ids, body }: Sent): Answer {
	const field = existing(account.customFields, ids.id);
	const { label, key } = named(body.label);
	const others = account.customFields.filter((other) => other !== field);
	if (others.some((other) => other.label === label)) throw invalid('Label has already been taken');
	if (others.some((other) => other.key === key)) throw invalid('Key has already been taken');
	Object.assign(field, { label, key });
	return answer({ custom_field: customFieldRow(field) });
}

/** Kit's custom field endpoints. */
export const customFieldOperations: Operations = {
	'GET /custom_fields': listOfAll('custom_fields', (one) => one.customFields, customFieldRow),
	'POST /custom_fields': create,
	'PUT /custom_fields/{id}': update,
	'DELETE /custom_fields/{id}': ({ account, ids }: Call) => {
		account.removeCustomField(existing(account.customFields, ids.id));
		return EMPTY;
	},
};

import { page } from './pages';
import { answer, EMPTY, idIn, invalid, notFound, textOf } from './route';
import type { Answer, Call, Route } from './route';
import { byId } from './state';
import type { Account, CustomField } from './state';

/** A custom field as Kit answers it. */
export function customFieldRow({ id, name, key, label }: CustomField) {
	return { id, name, key, label };
}

/** Kit's key for a label: ASCII only, lower case, underscores. */
function keyOf(label: string): string {
	const ascii = label.normalize('NFKD').replace(/[^\x20-\x7e]/g, '');
	return ascii
		.toLowerCase()
		.replace(/[^a-z\d]+/g, '_')
		.replace(/^_+|_+$/g, '');
}

/**
 * A label, trimmed as Kit does, with its key.
 * @param value the label as it arrived
 * @returns both; Kit's sentence where there is none
 */
function labelIn(value: unknown): { label: string; key: string } {
	const label = (textOf(value) ?? '').trim();
	if (label === '') throw invalid("Label can't be blank");
	const key = keyOf(label);
	if (key === '') throw invalid("Key can't be blank");
	return { label, key };
}

/**
 * Creates a custom field, or finds the one with this label.
 * @param value the label as it arrived
 * @returns the field, and whether it is new; Kit's sentence where the label is no good
 */
export function createCustomField(
	account: Account,
	value: unknown,
): { field: CustomField; isNew: boolean } {
	const { label, key } = labelIn(value);
	const existing = account.customFields.find((field) => field.label === label);
	if (existing) return { field: existing, isNew: false };
	if (account.customFields.some((field) => field.key === key)) {
		throw invalid('Key has already been taken');
	}
	return { field: account.addCustomField(label, key), isNew: true };
}

function listCustomFields({ account, query }: Call): Answer {
	const list = { rows: account.customFields, key: ({ id }: CustomField) => [id] };
	const { rows, pagination } = page(list, query);
	return answer({ custom_fields: rows.map(customFieldRow), pagination });
}

function create({ account, body }: Call): Answer {
	const { field, isNew } = createCustomField(account, body.label);
	return answer({ custom_field: customFieldRow(field) }, isNew ? 201 : 200);
}

function fieldIn(call: Call): CustomField {
	const field = byId(call.account.customFields, idIn(call));
	if (field === undefined) throw notFound();
	return field;
}

function update(call: Call): Answer {
	const field = fieldIn(call);
	const { label, key } = labelIn(call.body.label);
	const others = call.account.customFields.filter((other) => other !== field);
	if (others.some((other) => other.label === label)) throw invalid('Label has already been taken');
	if (others.some((other) => other.key === key)) throw invalid('Key has already been taken');
	Object.assign(field, { label, key });
	return answer({ custom_field: customFieldRow(field) });
}

function remove(call: Call): Answer {
	call.account.removeCustomField(fieldIn(call));
	return EMPTY;
}

/** Kit's custom field endpoints. */
export const customFieldRoutes: readonly Route[] = [
	{ method: 'GET', path: '/custom_fields', handle: listCustomFields },
	{ method: 'POST', path: '/custom_fields', handle: create },
	{ method: 'PUT', path: '/custom_fields/:id', handle: update },
	{ method: 'DELETE', path: '/custom_fields/:id', handle: remove },
];

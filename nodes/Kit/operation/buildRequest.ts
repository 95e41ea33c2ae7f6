import type { IDataObject, INodeParameterResourceLocator } from 'n8n-workflow';
import { isResourceLocatorValue, NodeOperationError, UserError } from 'n8n-workflow';
import { accountConnection } from '../../shared/fields/locators';
import type { LeftOutColumn } from '../../shared/fields/customFieldValues';
import { CustomFieldValues } from '../../shared/fields/customFieldValues';
import type { Field, Row } from '../../shared/fields/field';
import { isShown } from '../../shared/fields/field';
import { refuseSwallowedLiquid } from '../../shared/fields/liquid';
import type { FieldScope } from '../../shared/fields/parseField';
import { parseField } from '../../shared/fields/parseField';
import { NameToFind } from '../../shared/fields/names';
import { isObject } from '../../shared/fields/parsers';
import { columnsToMap } from '../../shared/fields/subscriberColumns';
import { getPath, setPath } from '../../shared/objectPath';
import { Stopped } from '../../shared/transport/cancellation';
import type { KitRequest } from '../../shared/transport/client';
import type { ItemContext } from './itemContext';
import { hasExpression } from './itemContext';
import type { ItemRequest, Operation, Resource, Settings } from './operation';
import { fieldsOf, requestOf, usesAccount } from './operation';

/**
 * Puts the request of one item together: reads each field of the operation and puts its value into
 * path, query or body. Nothing else reads the node's fields.
 * @param item the context of the item
 * @param resource of the operation
 * @param operation that is chosen
 * @param find finds what a field calls by its name
 * @returns what is to be sent, and what was chosen besides
 * @throws {NodeOperationError} that names the field, its row and what would be right
 */
export async function buildRequest(
	item: ItemContext,
	resource: Resource,
	operation: Operation,
	find: Finder,
): Promise<ItemRequest> {
	try {
		const { notes, listed, ...assembly } = assemble(item, resource, operation);
		const found = hasNames(assembly) ? await withFound(assembly, find) : assembly;
		operation.check?.(found.request, found.settings);
		const named = { ...namesOf(found.path), ...listed, ...namesIn(assembly.path) };
		return { ...fillPath(found), named, notes };
	} catch (error) {
		throw refusedValue(item, error as Error);
	}
}

/**
 * @param item the context of the item
 * @param resource of the operation
 * @returns the connection that the node names in place of the credential's
 * @throws {NodeOperationError} that says what would be right
 */
export function connectionOf(item: ItemContext, resource: Resource): string | undefined {
	if (!usesAccount(resource)) return undefined;
	const { name, default: fallback } = accountConnection;
	const raw = item.getNode().parameters[name];
	try {
		const entered = item.getNodeParameter(name, fallback) as unknown;
		return parseField(accountConnection, entered, raw, { timezone: '' }) as string | undefined;
	} catch (error) {
		throw refusedValue(item, error as Error);
	}
}

function refusedValue(item: ItemContext, error: Error): Error {
	if (!(error instanceof UserError) || error instanceof Stopped) return error;
	return new NodeOperationError(item.getNode(), error.message, {
		itemIndex: item.getItemIndex(),
		description: 'Nothing was sent to Kit for this item',
	});
}

/** Finds what fields call by a name. */
export interface Finder {
	/** Gives the id, and creates what is missing where that is allowed */
	id: (wanted: NameToFind, mayCreate: boolean) => Promise<number>;
	/** Gives the key of a custom field; undefined where a column of the input is none */
	key: (wanted: NameToFind, isColumn: boolean) => Promise<string | undefined>;
	/** Told of each column that is none */
	leaveOut: (column: LeftOutColumn) => Promise<void>;
}

function hasNames(value: unknown): boolean {
	if (value instanceof NameToFind || value instanceof CustomFieldValues) return true;
	if (Array.isArray(value)) return value.some(hasNames);
	return isObject(value) && Object.values(value).some(hasNames);
}

/** Puts what is found in place of names, wherever they stand. */
async function withFound(assembly: Assembly, find: Finder): Promise<Assembly> {
	const { createTag, createTags } = assembly.settings;
	const mayCreate = createTag === true || createTags === true;
	const replaced = async (value: unknown): Promise<unknown> => {
		if (value instanceof NameToFind) return await find.id(value, mayCreate);
		if (value instanceof CustomFieldValues) return await valuesByKey(value, find);
		if (Array.isArray(value)) {
			const found = await Promise.all(value.map(replaced));
			// Two names may be those of one thing.
			return value.some((one) => one instanceof NameToFind) ? [...new Set(found)] : found;
		}
		return isObject(value) ? await inside(value) : value;
	};
	const inside = async <T extends object>(values: T): Promise<T> => {
		const found = await Promise.all(
			Object.entries(values).map(async ([key, value]) => [key, await replaced(value)] as const),
		);
		return Object.fromEntries(found.filter(([, value]) => value !== undefined)) as T;
	};
	return await inside(assembly);
}

/** Columns of which none is a custom field give nothing to send. */
async function valuesByKey(values: CustomFieldValues, { key, leaveOut }: Finder) {
	const texts = await values.byKey(key, leaveOut);
	return Object.keys(texts).length > 0 ? texts : undefined;
}

function assemble(
	item: ItemContext,
	resource: Resource,
	operation: Operation,
): Assembly & Pick<ItemRequest, 'notes'> & { listed: IDataObject } {
	const fields = fieldsOf(operation);
	const { parameters } = item.getNode();
	const leftOut: string[] = [];
	const overruled: string[] = [];
	const { type } = item.getNode();
	// n8n gives the node that is a tool a name of its own (`ai-tools.ts` in n8n).
	const values: Row = { '@tool': type.endsWith('Tool') };
	const given: [Field, unknown][] = [];
	const listed: IDataObject = {};
	const scope = {
		timezone: item.getTimezone(),
		node: values,
		input: () => columnsToMap(item.getInputData().json),
		evaluator: {
			evaluate: (expression: string) => item.evaluateExpression(expression, item.getItemIndex()),
			isVariable: (name: string) => isVariable(item, name),
		},
		leftOut: (label: string) => leftOut.push(label),
		overruled: (label: string) => overruled.push(label),
	} satisfies FieldScope;
	for (const field of fields) {
		if (!isShown(field, values)) continue;
		refuseSwallowedLiquid(field, parameters[field.name], scope.evaluator.isVariable);
		const entered = enteredIn(item, field, parameters[field.name]);
		const value = parseField(field, entered, parameters[field.name], scope);
		given.push([field, value]);
		if (isResourceLocatorValue(entered)) {
			values[`${field.name}.mode`] = entered.mode;
			if (!hasExpression(parameters[field.name])) Object.assign(listed, nameInList(field, entered));
		}
		if (value === undefined && field.type === 'options') {
			throw new UserError(`${field.displayName} must be chosen, and is empty`);
		}
		// A switch whose expression gives nothing stays as it is at first.
		values[field.name] = value ?? (field.type === 'boolean' ? field.default : undefined);
	}

	const { query = {}, body = {} } = operation;
	const assembly: Assembly = {
		request: { ...requestOf(resource, operation), query: { ...query }, body: { ...body } },
		path: {},
		settings: {},
	};
	for (const [field, value] of given) assign(assembly, field, value);
	for (const [field, value] of given) clear(assembly, field, value, (name) => overruled.push(name));
	return { ...assembly, listed, notes: notesOf(leftOut, overruled) };
}

/** What n8n gives for a field. Of a form it would look through all that the account could have, for each item. */
function enteredIn(
	item: ItemContext,
	{ name, type, default: fallback }: Field,
	raw: unknown,
): unknown {
	if (type !== 'resourceMapper' || !isObject(raw)) return item.getNodeParameter(name, fallback);
	const value = (raw.value ?? null) as unknown;
	if (value === null) return { mappingMode: raw.mappingMode, value };
	const entered = item.getNodeParameter(`${name}.value`, null, { skipValidation: true }) as unknown;
	return { mappingMode: raw.mappingMode, value: entered };
}

/** Whether n8n has something of this name in its expressions: it gives undefined for what it has not. */
function isVariable(item: ItemContext, name: string): boolean {
	try {
		return item.evaluateExpression(`{{ typeof ${name} }}`, item.getItemIndex()) !== 'undefined';
	} catch {
		return true;
	}
}

/** A request on its way, the values that belong into its path, and those that belong nowhere. */
interface Assembly {
	request: KitRequest & { query: IDataObject; body: IDataObject };
	path: Row;
	settings: Settings;
}

/** Puts the value of a field, or of those in a collection, where the field says. */
function assign(assembly: Assembly, field: Field, value: unknown): void {
	if (value === undefined) return;
	if (field.type === 'collection') {
		for (const inner of field.options) assign(assembly, inner, (value as Row)[inner.name]);
		return;
	}
	const [carrier, ...names] = field.target?.split('.') ?? [];
	const name = names.join('.');
	if (carrier === 'path') assembly.path[name] = value;
	else if (carrier === 'query') {
		assembly.request.query[name] = Array.isArray(value) ? value.join(',') : value;
	} else if (carrier === 'body' || carrier === 'settings') {
		const holder = (carrier === 'body' ? assembly.request.body : assembly.settings) as IDataObject;
		setPath(holder, name, together(getPath(holder, name), value));
	} else if (!('clears' in field)) assembly.settings[field.name] = value;
}

/** Several fields may give parts of one thing. */
function together(there: unknown, value: unknown): unknown {
	if (there instanceof CustomFieldValues && value instanceof CustomFieldValues)
		return there.and(value);
	return isObject(there) && isObject(value) ? { ...there, ...value } : value;
}

/** What is to be cleared is cleared, whatever else was filled in. */
function clear(
	assembly: Assembly,
	field: Field,
	value: unknown,
	overruled: (name: string) => void,
): void {
	if (value === undefined) return;
	if (field.type === 'collection') {
		for (const inner of field.options)
			clear(assembly, inner, (value as Row)[inner.name], overruled);
	} else if ('clears' in field) {
		const { body } = assembly.request;
		for (const place of value as string[]) {
			const choice = field.options?.find((one) => one.value === place);
			if (choice && getPath(body, place) !== undefined) overruled(choice.name);
			setPath(body, place, field.clears?.[place]);
		}
	}
}

const SUBSCRIBER = /\/\{subscriber_id(\|email_address)?\}/;

/** Puts values in place of their names in the path; what the path does not name goes into the body. */
function fillPath({
	request: { query, body, ...request },
	path: values,
	settings,
}: Assembly): Omit<ItemRequest, 'named' | 'notes'> {
	let { path } = request;
	let subscriberToFind: string | undefined;
	for (const [name, value] of Object.entries(values)) {
		const placeholder = `{${name}}`;
		const [named, takesAddress] = SUBSCRIBER.exec(path) ?? [];
		if (name === 'subscriber_id' && named !== undefined && typeof value === 'string') {
			if (takesAddress === undefined) {
				subscriberToFind = value;
				continue;
			}
			path = path.replace(named, '');
			if (request.method === 'GET') Object.assign(query, { email_address: value, status: 'all' });
			else body.email_address = value;
		} else if (name === 'subscriber_id' && named !== undefined) {
			path = path.replace(named, `/${String(value)}`);
		} else if (path.includes(placeholder)) {
			path = path.replace(placeholder, encodeURIComponent(String(value)));
		} else {
			body[typeof value === 'string' && name === 'subscriber_id' ? 'email_address' : name] =
				value as string;
		}
	}
	return { request: { ...request, path, query, body }, settings, subscriberToFind };
}

/** What was chosen from a list, as the list showed it: `{ tag_name: 'VIP' }`, of subscribers the address alone. */
function nameInList(
	{ target }: Field,
	{ mode, cachedResultName: name }: INodeParameterResourceLocator,
): IDataObject {
	const [, key] = /^path\.(\w+)_id$/.exec(target ?? '') ?? [];
	if (mode !== 'list' || key === undefined || !name) return {};
	return key === 'subscriber' ? { email_address: name.split(' ')[0] } : { [`${key}_name`]: name };
}

/** `{ tag_name: 'VIP' }` for a `tag_id` that is called by its name */
function namesIn(path: Row): IDataObject {
	const names = Object.entries(path).flatMap(([key, value]) =>
		value instanceof NameToFind ? [[key.replace(/_id$/, '_name'), value.name]] : [],
	);
	return Object.fromEntries(names) as IDataObject;
}

/** A subscriber may be named by an email address in place of an id. */
function namesOf({ subscriber_id: subscriber, ...others }: Row): IDataObject {
	const key = typeof subscriber === 'string' ? 'email_address' : 'subscriber_id';
	return {
		...(others as IDataObject),
		...(subscriber !== undefined && { [key]: subscriber }),
	};
}

function notesOf(leftOut: string[], overruled: string[]): string[] {
	return [
		...leftOut
			.filter((label) => label.split(':')[0] === 'Filters')
			.map((label) => `${label}: the expression gave nothing, so nothing was filtered by it.`),
		...overruled.map(
			(label) => `${label} was filled in, and cleared because Fields to Empty names it.`,
		),
	];
}

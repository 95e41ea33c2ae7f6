import type {
	IExecutePaginationFunctions,
	INodeProperties,
	INodePropertyOptions,
	PreSendAction,
} from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { reloading } from '../../shared/fields/accountLists';
import { describeField } from '../../shared/fields/describeField';
import type { Field } from '../../shared/fields/field';
import { accountConnection } from '../../shared/fields/locators';
import { LagPatience } from '../../shared/transport/lagPatience';
import { refusedEntry } from '../bulk/entryResults';
import type { Operation, Resource } from './operation';
import { fieldsOf, requestOf, usesAccount } from './operation';
import { findSubscriber, prepareItem } from './prepareItem';
import { RunMemory } from './runMemory';

/**
 * @param resources of the node
 * @returns n8n's description of them: the lists of resources and operations, and each field where an
 * operation has it
 */
export function describe(resources: Resource[]): INodeProperties[] {
	return [
		{
			displayName: 'Resource',
			name: 'resource',
			type: 'options',
			noDataExpression: true,
			options: resources.map(({ name, value, description }) => ({ name, value, description })),
			default: 'subscriber',
			routing: { send: { preSend: [refuseUnknown(resources)] } },
		},
		...resources.map(operationList),
		...resources.flatMap(rowsNotice),
		...resources.flatMap(fieldProperties).map(reloading),
		{
			...describeField(accountConnection),
			displayOptions: {
				show: { resource: resources.filter(usesAccount).map(({ value }) => value) },
			},
		},
	];
}

/** @returns the values of the operations that list, whose rows may lag behind */
export function listingOperations(resources: Resource[]): string[] {
	const all = resources.flatMap(({ operations }) => Object.entries(operations));
	const listing = all.filter(([, { returns }]) => returns.fields !== undefined);
	return [...new Set(listing.map(([value]) => value))].sort();
}

/**
 * n8n finds custom operations by what the node holds. Where that is an expression, its declarative
 * engine runs without a request of ours, and would ask the bare gateway.
 */
function refuseUnknown(resources: Resource[]): PreSendAction {
	return async function (request) {
		const node = this.getNode();
		const { resource, operation } = node.parameters;
		const found = resources.find(({ value }) => value === resource)?.operations ?? {};
		if (typeof operation === 'string' && Object.hasOwn(found, operation)) {
			return await Promise.resolve(request);
		}
		throw new NodeOperationError(node, 'This operation does not exist', {
			itemIndex: this.getItemIndex(),
			description: 'Choose a resource and an operation from the lists. They cannot be expressions.',
		});
	};
}

function operationList(resource: Resource): INodeProperties {
	const { value, operations, defaultOperation = 'getAll' } = resource;
	const options = Object.entries(operations).map(([key, operation]): INodePropertyOptions => ({
		name: operation.name,
		value: key,
		action: operation.action,
		description: operation.description,
		routing: routingOf(resource, operation),
	}));
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [value] } },
		options,
		default: defaultOperation,
	};
}

/** Says of operations for many that they take one thing an item, and not a list in one item. */
function rowsNotice({ value, operations }: Resource): INodeProperties[] {
	const forMany = Object.entries(operations).filter(([, { returns }]) => 'startRun' in returns);
	if (forMany.length === 0) return [];
	return [
		{
			displayName:
				'Each input item is one row. They are sent together, up to 100 with one request.',
			name: 'rowsNotice',
			type: 'notice',
			default: '',
			displayOptions: { show: { resource: [value], operation: forMany.map(([key]) => key) } },
		},
	];
}

/**
 * Older AI agents run the node on n8n's declarative engine, an item at a time. It gets the request from
 * the same fields, and the output from the same response, as custom operations do.
 */
function routingOf(resource: Resource, operation: Operation): INodePropertyOptions['routing'] {
	const { method, path: url } = requestOf(resource, operation);
	const { returns } = operation;
	return {
		request: { method, url },
		send: { paginate: true },
		operations: {
			async pagination(this: IExecutePaginationFunctions) {
				const shared = { lag: new LagPatience() };
				const memory = new RunMemory();
				const item = await prepareItem(this, resource, operation, shared, memory);
				if ('readItem' in returns) {
					const output = await returns.readItem(await findSubscriber(item));
					await memory.marks.keep(this);
					return output;
				}
				const result = (await returns.startRun()(item.client, [item])).get(item);
				if (!result || 'refused' in result) throw refusedEntry(item.client.node, result);
				return [{ json: result.record, pairedItem: { item: item.itemIndex } }];
			},
		},
	};
}

/** A field that several operations of a resource share is one property of the node. */
function fieldProperties({ value, operations }: Resource): INodeProperties[] {
	const shownFor = new Map<Field, string[]>();
	for (const [key, operation] of Object.entries(operations)) {
		for (const field of fieldsOf(operation)) {
			shownFor.set(field, [...(shownFor.get(field) ?? []), key]);
		}
	}
	const properties = [...shownFor].map(([field, keys]) => ({ field, keys }));
	return inOrder(properties, Object.values(operations).map(fieldsOf)).map(({ field, keys }) => {
		const { show, hide } = field.displayOptions ?? {};
		return {
			...describeField(field),
			displayOptions: {
				show: { resource: [value], operation: keys, ...show },
				...(hide && { hide }),
			},
		};
	});
}

/** Puts fields so that each operation shows its own in its order. */
function inOrder<T extends { field: Field }>(shared: T[], orders: Field[][]): T[] {
	const left = [...shared];
	const sorted: T[] = [];
	const placed = new Set<Field>();
	const isFirst = ({ field }: T) =>
		orders.every(
			(order) => !order.includes(field) || order.find((one) => !placed.has(one)) === field,
		);
	while (left.length > 0) {
		const [next] = left.splice(Math.max(left.findIndex(isFirst), 0), 1);
		if (!next) break;
		placed.add(next.field);
		sorted.push(next);
	}
	return sorted;
}

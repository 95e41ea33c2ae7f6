import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { Field, Row } from '../../shared/fields/field';
import type { KitClient, KitRequest } from '../../shared/transport/client';
import type { ItemContext } from './itemContext';
import type { RunMemory } from './runMemory';

/** The values of the fields that go nowhere in the request, by their names: `returnAll`, `limit` … */
export type Settings = Row;

/** What one item asks for. */
export interface ItemRequest {
	request: KitRequest;
	settings: Settings;
	/** The email address of a subscriber whose id the path needs and nobody has looked up yet */
	subscriberToFind?: string;
	/** Whom and what the fields name, by Kit's names: `tag_id`, and for a subscriber `email_address` as well */
	named: IDataObject;
	/** What a person should know of what was left out, a sentence each */
	notes: string[];
}

/** An item of the node's input on its way. */
export interface Item extends ItemRequest {
	itemIndex: number;
	context: ItemContext;
	/** Tells the person who runs the node something, beside the output */
	note: (sentence: string) => void;
	/** Sends requests with the credential and the settings of the item */
	client: KitClient;
	/** What the run has found out so far */
	memory: RunMemory;
}

/** What an item changes. Items that change the same are sent in their order. */
export interface Target {
	/** How it is named, such as by its email address: what has another kind of name may be the same */
	kind: string;
	/** Its name, the same for what Kit takes for the same */
	key: string;
}

/** What an entry of a bulk request came to: Kit's record of it, or why there is none. */
export type EntryResult = { record: IDataObject } | { refused: string; error?: Error };

/** Sends items together, with as few requests as Kit allows. */
export type SendItems = (client: KitClient, items: Item[]) => Promise<Map<Item, EntryResult>>;

/** How an operation answers: one item by one, or many items with one request. */
export type Returns = {
	/** The fields that decide what is read, such as Return All and Limit */
	fields?: Field[];
	/** The fields that decide how much of a record is output */
	output?: Field[];
} & (
	| {
			/** Sends the request of an item, and reads its output from the response */
			readItem: (item: Item) => Promise<INodeExecutionData[]>;
	  }
	| {
			/** Begins a run for one account, which remembers what it has sent */
			startRun: () => SendItems;
			/** What an item changes */
			targetOf: (item: Item) => Target;
	  }
);

/** One operation: what it is called, what it requests, its fields, and what it returns. */
export type Operation = {
	name: string;
	action: string;
	description: string;
	/** Sent with every request of it */
	query?: IDataObject;
	body?: IDataObject;
	/** In the order in which n8n shows them; those of `returns` stand below the locators */
	fields: Field[];
	/**
	 * Looks at what the fields gave together.
	 * @throws {UserError} that says which fields do not go together
	 */
	check?: (request: KitRequest, settings: Settings) => void;
	returns: Returns;
} & (
	| {
			/** Method and path, below that of the resource */
			request: `${'DELETE' | 'GET' | 'PATCH' | 'PUT'} /${string}`;
	  }
	| {
			request: `POST /${string}`;
			/** Whether Kit does the same once as twice, so that it may be sent again */
			idempotent: boolean;
			/** It changes nothing, although it is a POST */
			reads?: true;
	  }
);

/** One of Kit's resources as the node shows it. */
export interface Resource {
	/** As it is called in the list of resources, and as n8n keeps the choice */
	name: string;
	value: string;
	/** For whom it is, where that is not everybody */
	description?: string;
	/** What comes before the path of every operation; `/kit/v4` if left out */
	basePath?: string;
	/** By the value with which n8n keeps the choice */
	operations: Record<string, Operation>;
	/** The operation that is chosen at first; `getAll` if left out */
	defaultOperation?: string;
}

/**
 * @param resource to which the operation belongs
 * @param operation whose request is asked for
 * @returns its method and its path, with names in braces for values, and whether it may be repeated
 */
export function requestOf(
	{ basePath = '/kit/v4' }: Resource,
	operation: Operation,
): Required<Pick<KitRequest, 'idempotent' | 'method' | 'path'>> {
	const [method = '', path = ''] = operation.request.split(' ');
	return {
		method: method as 'GET',
		path: basePath + path,
		idempotent: !('idempotent' in operation) || operation.idempotent,
	};
}

/** @returns whether a resource is in a Kit account; Maton's connections are not */
export function usesAccount({ basePath }: Resource): boolean {
	return basePath === undefined;
}

/** @returns whether an operation changes nothing at Kit */
export function isReading(operation: Operation): boolean {
	return operation.request.startsWith('GET ') || ('reads' in operation && operation.reads === true);
}

const RANKS = ['resourceLocator', 'paging', 'value', 'output', 'collection'] as const;

/**
 * @param operation whose fields are asked for
 * @returns them in the order in which n8n shows them: locators, Return All and Limit, the others,
 * and what can be left out
 */
export function fieldsOf({ fields, returns }: Operation): Field[] {
	const rankOf = (field: Field) => {
		if (returns.fields?.includes(field)) return RANKS.indexOf('paging');
		if (returns.output?.includes(field)) return RANKS.indexOf('output');
		const type =
			field.type === 'resourceLocator' || field.type === 'collection' ? field.type : 'value';
		return RANKS.indexOf(type);
	};
	const all = [...(returns.fields ?? []), ...fields, ...(returns.output ?? [])];
	return all.sort((one, other) => rankOf(one) - rankOf(other));
}

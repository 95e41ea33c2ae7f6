import type { INodeProperties, INodePropertyOptions, NodePropertyTypes } from 'n8n-workflow';
import type { Parser } from './parsers';

/**
 * Where in a request a value goes: in place of a name in braces in the path, into a query parameter, or
 * into the body, with dots for objects inside. A path that does not name it, as those of bulk requests,
 * leaves the value to the body. What is for another request than that of the operation goes into the
 * settings.
 */
export type Target = `${'body' | 'path' | 'query' | 'settings'}.${string}`;

interface FieldBase extends Omit<INodeProperties, 'type' | 'options' | 'routing'> {
	/** Left out where the value is not sent but decides what is done */
	target?: Target;
}

/** A field with one value, or a list of them. */
export interface ValueField extends FieldBase {
	type: Exclude<NodePropertyTypes, 'collection' | 'fixedCollection' | 'resourceMapper'>;
	options?: INodePropertyOptions[];
	/** Reads the value where its type and its choices do not say all; gives undefined for nothing */
	parse?: Parser;
	/**
	 * Whether it must not be empty where it was added to a collection. n8n takes `required` there for fields
	 * that nobody added, too.
	 */
	neverEmpty?: true;
	/** Whether outputs of Liquid in it are for Kit, which n8n would take for its own in an expression */
	takesLiquid?: true;
	/** Whether an empty value in a row is left out, where it is otherwise an error of the row */
	mayBeEmpty?: true;
	/** What clears each part of the body that can be chosen here, by its place */
	clears?: Record<string, '' | null | []>;
}

/** A collection, from which a person adds the fields that are wanted. */
export interface CollectionField extends FieldBase {
	type: 'collection';
	options: Field[];
	/** Whether nothing in it is a mistake */
	atLeastOne?: true;
}

/** A row of a fixed collection, its values by the names of its fields. */
export type Row = Record<string, unknown>;

/** A fixed collection: rows of fields, or one row. */
export interface RowsField extends FieldBase {
	type: 'fixedCollection';
	options: [{ displayName: string; name: string; values: ValueField[] }];
	/**
	 * Makes of the rows what is sent.
	 * @returns it, or undefined to send nothing
	 * @throws {UserError} whose message goes on after the field's name: `must ...`
	 */
	combine: (rows: Row[]) => unknown;
}

/** A field with a value for each of what the account has, or for each column of the input that is called so. */
export interface MapperField extends FieldBase {
	type: 'resourceMapper';
}

/** A field as n8n shows it, where its value goes, and what reads it. */
export type Field = CollectionField | MapperField | RowsField | ValueField;

/**
 * @param field whose `displayOptions` name the fields beside it, or with a slash those of the node, and of
 * a locator with `.mode` the way in which it is given; `@tool` is whether an agent has the node as a tool
 * @param beside values of the fields beside it
 * @param node values of the fields of the node
 * @returns whether the field is there
 */
export function isShown({ displayOptions }: Field, beside: Row, node: Row = beside): boolean {
	const { show, hide } = displayOptions ?? {};
	const matches = ([name, list]: [string, unknown]) => {
		const value = name.startsWith('/')
			? node[name.slice(1)]
			: (name.startsWith('@') ? node : beside)[name];
		return (list as unknown[]).includes(value);
	};
	return Object.entries(show ?? {}).every(matches) && !Object.entries(hide ?? {}).some(matches);
}

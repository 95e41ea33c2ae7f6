import type { IDataObject } from 'n8n-workflow';
import type { Field, Row } from '../shared/fields/field';
import type { KitClient } from '../shared/transport/client';

/** What a watch reads with. */
export interface WatchContext {
	client: KitClient;
	/** The values of its fields, by their names */
	settings: Row;
	/** The workflow in which the node is */
	workflow: { id?: string; name?: string };
	/** Milliseconds since 1970 */
	now: number;
}

/** What is kept from poll to poll, as JSON. It is replaced as a whole, and never changed. */
export type Memory = IDataObject;

/** What a poll brought. */
export interface Found {
	/** What is new, in its order, oldest first */
	items: IDataObject[];
	/** What is missing among them, which the next polls do not bring either */
	problem?: Error;
	/** For the next poll; the same object where nothing has changed */
	memory: Memory;
}

/** What a person can choose to be told about. */
export interface Watch {
	/** As a person reads it, and as n8n keeps it */
	name: string;
	value: string;
	description: string;
	/** What a poll costs, and what is special about it */
	notice: string;
	/** What it is about, in the order in which n8n shows it */
	fields: Field[];
	/** Sets the mark: what is there now is not new */
	begin: (context: WatchContext) => Promise<Memory>;
	/** Reads what is new since */
	poll: (context: WatchContext, memory: Memory) => Promise<Found>;
	/** Reads some of the latest, whatever was reported, for a test */
	latest: (context: WatchContext) => Promise<IDataObject[]>;
}

/** How many items a test shows at most. */
export const MOST_LATEST = 5;

/**
 * For so many things one poll asks Kit one by one, at most: n8n may give it 45 seconds. The others are reported by the
 * next ones.
 */
export const MOST_ASKED = 200;

/**
 * @param event Kit's name of what happened, or one of that form
 * @param key what tells it from others of the same name
 * @param created when it happened, as Kit has it
 * @param data what it is about
 * @returns the item, of the form of the Kit Trigger's
 */
export function eventItem(
	event: string,
	key: string,
	created: unknown,
	data: IDataObject,
): IDataObject {
	return { event, id: `${event}:${key}`, created: created ?? null, ...data };
}

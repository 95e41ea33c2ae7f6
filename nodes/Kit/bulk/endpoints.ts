import type { IDataObject } from 'n8n-workflow';
import { toText } from '../../shared/fields/parsers';
import type { Done } from '../operation/done';
import type { KitRequest } from '../../shared/transport/client';

/** One of Kit's bulk endpoints: its request, its entries, and how its response names them (Kit's documentation). */
export interface BulkEndpoint {
	method: KitRequest['method'];
	path: string;
	/** Under which key a request lists its entries */
	entries: string;
	/** What a request has to hold besides */
	extra?: Record<string, null>;
	/** Under which key a failure names its entry */
	failure: string;
	/** Under which key the successes stand; left out where Kit answers failures only */
	successes?: string;
	/** What the output says of the others, where Kit answers failures only */
	done?: Done;
	/** What an entry holds, and under which name the request of an item has it */
	fields: Record<string, string>;
	/** Asks whether what an entry names exists, where the response may not say whether it failed */
	lookUp?: (entry: IDataObject) => KitRequest[];
	/** What of an entry says what it is about: two that agree in it must not be sent together */
	identity: string[];
	/** Which name in a success tells whose it is, by the name that the entry has for it */
	matchBy: Record<string, string>;
}

/** Creates people, or updates those whose email address is known. */
export const CREATE_SUBSCRIBERS: BulkEndpoint = {
	method: 'POST',
	path: '/kit/v4/bulk/subscribers',
	entries: 'subscribers',
	failure: 'subscriber',
	successes: 'subscribers',
	fields: { email_address: 'email_address', first_name: 'first_name', state: 'state' },
	identity: ['email_address'],
	matchBy: { email_address: 'email_address' },
};

/** Gives tags to subscribers. */
export const ADD_TAGS: BulkEndpoint = {
	method: 'POST',
	path: '/kit/v4/bulk/tags/subscribers',
	entries: 'taggings',
	failure: 'tagging',
	successes: 'subscribers',
	fields: { tag_id: 'tag_id', subscriber_id: 'subscriber_id' },
	identity: ['tag_id', 'subscriber_id'],
	matchBy: { subscriber_id: 'id' },
};

/** Takes tags away from subscribers. */
export const REMOVE_TAGS: BulkEndpoint = {
	...ADD_TAGS,
	method: 'DELETE',
	successes: undefined,
	done: { word: 'success' },
	lookUp: ({ tag_id: tag, subscriber_id: subscriber }) => [
		{ path: `/kit/v4/subscribers/${toText(subscriber)}` },
		{ path: `/kit/v4/tags/${toText(tag)}/subscribers`, query: { per_page: 1 } },
	],
};

/** Adds subscribers to forms. */
export const ADD_TO_FORMS: BulkEndpoint = {
	method: 'POST',
	path: '/kit/v4/bulk/forms/subscribers',
	entries: 'additions',
	failure: 'subscription',
	successes: 'subscribers',
	fields: { form_id: 'form_id', subscriber_id: 'subscriber_id', referrer: 'referrer' },
	identity: ['form_id', 'subscriber_id'],
	matchBy: { subscriber_id: 'id' },
};

/** Creates tags. */
export const CREATE_TAGS: BulkEndpoint = {
	method: 'POST',
	path: '/kit/v4/bulk/tags',
	entries: 'tags',
	failure: 'tag',
	successes: 'tags',
	fields: { name: 'name' },
	identity: ['name'],
	matchBy: { name: 'name' },
};

/** Deletes tags. */
export const DELETE_TAGS: BulkEndpoint = {
	method: 'DELETE',
	path: '/kit/v4/bulk/tags',
	entries: 'tags',
	failure: 'tag',
	done: { word: 'deleted', own: 'tag' },
	fields: { id: 'tag_id' },
	identity: ['id'],
	matchBy: {},
};

/** Creates custom fields. */
export const CREATE_CUSTOM_FIELDS: BulkEndpoint = {
	method: 'POST',
	path: '/kit/v4/bulk/custom_fields',
	entries: 'custom_fields',
	failure: 'custom_field',
	successes: 'custom_fields',
	fields: { label: 'label' },
	identity: ['label'],
	matchBy: { label: 'label' },
};

/** Puts values into custom fields of subscribers. */
export const SET_VALUES: BulkEndpoint = {
	method: 'POST',
	path: '/kit/v4/bulk/custom_fields/subscribers',
	entries: 'custom_field_values',
	// Of all bulk endpoints only this one requires it (Kit's document), be it null.
	extra: { callback_url: null },
	failure: 'custom_field_value',
	successes: 'custom_field_values',
	fields: {
		subscriber_id: 'subscriber_id',
		subscriber_custom_field_id: 'custom_field_id',
		value: 'value',
	},
	identity: ['subscriber_id', 'subscriber_custom_field_id'],
	matchBy: {
		subscriber_id: 'subscriber_id',
		subscriber_custom_field_id: 'subscriber_custom_field_id',
	},
};

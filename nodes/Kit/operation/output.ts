import type { IDataObject } from 'n8n-workflow';
import type { Field, ValueField } from '../../shared/fields/field';
import { list, text } from '../../shared/fields/parsers';
import { ALWAYS, CUSTOM_FIELD, SUBSCRIBER } from '../../shared/fields/subscriberColumns';
import { isRecord } from '../../shared/record';
import type { Item, Returns } from './operation';

/** A kind of record, and what people use of it. */
interface RecordKind {
	/** In the order in which the output has them; ten at most, as n8n's guide asks */
	simplified: string[];
	/** What a record has beyond that, in Kit's words */
	others: string[];
	/** Objects whose values stand beside the others, by what comes before a name that is taken */
	flattened?: Record<string, string>;
	/** The method that lists its fields, where they are each account's own; those that are not listed here are used */
	ownFields?: string;
}

const EMAIL_STATS = [
	'recipients',
	'open_rate',
	'emails_opened',
	'click_rate',
	'total_clicks',
	'unsubscribe_rate',
	'unsubscribes',
];

const BROADCAST = {
	simplified: [
		'id',
		'subject',
		'preview_text',
		'status',
		'send_at',
		'published_at',
		'public_url',
		'description',
		'recipient_count',
	],
	others: [
		'publication_id',
		'created_at',
		'email_address',
		'email_template',
		'public',
		'subscriber_filter',
		'thumbnail_alt',
		'thumbnail_url',
	],
};

const POST = {
	simplified: [
		'id',
		'title',
		'slug',
		'description',
		'status',
		'published_at',
		'public_url',
		'is_paid',
	],
	others: [
		'publication_id',
		'created_at',
		'meta_description',
		'sent_at',
		'thumbnail_alt',
		'thumbnail_url',
	],
};

const SEQUENCE_EMAIL = {
	simplified: [
		'id',
		'sequence_id',
		'position',
		'subject',
		'preview_text',
		'published',
		'delay_value',
		'delay_unit',
		'stats',
	],
	others: ['email_address', 'email_template_id', 'send_days'],
};

/** A list leaves out what makes it large; one record that is asked for has it. */
function withContent({ simplified, others }: RecordKind): RecordKind {
	return { simplified: [...simplified, 'content'], others };
}

function inList({ simplified, others }: RecordKind): RecordKind {
	return { simplified, others: [...others, 'content'] };
}

/** Every kind of record that has more than ten fields, or has custom fields. */
const KINDS = {
	account: {
		simplified: ['name', 'primary_email_address', 'plan_type', 'timezone', 'created_at', 'id'],
		others: ['email', 'plan', 'sending_addresses', 'user_id'],
		flattened: { account: 'account', user: 'user' },
	},
	broadcast: withContent(BROADCAST),
	broadcastInList: inList(BROADCAST),
	broadcastStats: {
		simplified: ['id', 'subject', 'send_at', ...EMAIL_STATS],
		others: [
			'status',
			'progress',
			'show_total_clicks',
			'open_tracking_disabled',
			'click_tracking_disabled',
		],
		flattened: { stats: 'stats' },
	},
	emailStats: {
		simplified: [
			'sent',
			'opened',
			'clicked',
			'open_rate',
			'click_rate',
			'unsubscribe_rate',
			'bounce_rate',
			'starting',
			'ending',
		],
		others: ['email_stats_mode', 'open_tracking_enabled', 'click_tracking_enabled'],
	},
	post: withContent(POST),
	postInList: inList(POST),
	purchase: {
		simplified: [
			'id',
			'transaction_id',
			'email_address',
			'subscriber_id',
			'status',
			'currency',
			'total',
			'transaction_time',
			'products',
			'line_items_added',
		],
		others: ['subtotal', 'discount', 'tax', 'shipping'],
	},
	sequence: {
		simplified: [
			'id',
			'name',
			'active',
			'email_count',
			'subscriber_count',
			'send_days',
			'send_hour',
			'time_zone',
			'created_at',
			'stats',
		],
		others: [
			'email_address',
			'email_template_id',
			'exclude_subscriber_sources',
			'hold',
			'repeat',
			'updated_at',
		],
	},
	sequenceEmail: withContent(SEQUENCE_EMAIL),
	sequenceEmailInList: inList(SEQUENCE_EMAIL),
	snippet: {
		simplified: [
			'id',
			'name',
			'key',
			'snippet_type',
			'archived',
			'content',
			'value_html',
			'updated_at',
		],
		others: ['created_at', 'document_id', 'value', 'value_plain', 'version'],
		flattened: { document: 'document' },
	},
	subscriber: {
		...SUBSCRIBER,
		flattened: { fields: CUSTOM_FIELD },
		ownFields: 'getSubscriberFields',
	},
	subscriberStats: {
		simplified: [
			'id',
			'sent',
			'opened',
			'clicked',
			'bounced',
			'open_rate',
			'click_rate',
			'last_sent',
			'last_opened',
			'last_clicked',
		],
		others: ['sends_since_last_open', 'sends_since_last_click'],
		flattened: { stats: 'stats' },
	},
	webhookEndpoint: {
		simplified: ['id', 'name', 'url', 'events', 'status', 'secret', 'description', 'created_at'],
		others: ['source', 'created_by_app', 'previous_secret_expires_at'],
	},
} as const satisfies Record<string, RecordKind>;

/** The kind of a record, by which its output is simplified. */
export type KindName = keyof typeof KINDS;

/**
 * @param row a record of Kit's
 * @param kind of it
 * @returns the same with the values of some objects beside the others. A name that a record of this kind can
 * have of its own keeps that, and the value gets a name with the object's before it.
 */
function flat(row: IDataObject, { simplified, others, flattened = {} }: RecordKind): IDataObject {
	const holders = Object.keys(flattened).filter((holder) => isRecord(row[holder]));
	const own = Object.entries(row).filter(([name]) => !holders.includes(name));
	// An account may call a custom field as it likes.
	const ofKind = 'fields' in flattened ? [...simplified, ...others, ...ALWAYS] : [];
	const reserved = new Set([...own.map(([name]) => name), ...ofKind]);
	const added = holders.flatMap((holder) =>
		Object.entries(row[holder] as IDataObject).map(([name, value]) => {
			let free = name;
			while (reserved.has(free)) free = `${flattened[holder] ?? holder}_${free}`;
			reserved.add(free);
			return [free, value] as const;
		}),
	);
	return Object.fromEntries([...own, ...added]);
}

function pick(row: IDataObject, names: readonly string[]): IDataObject {
	const there = [...new Set([...names, ...ALWAYS])].filter((name) => Object.hasOwn(row, name));
	return Object.fromEntries(there.map((name) => [name, row[name]]));
}

/** @returns what is chosen of a record; what is chosen and not there is said */
function shown(kind: RecordKind, row: IDataObject, { note, settings }: Item): IDataObject {
	const { output, outputFields = [] } = settings as { output?: string; outputFields?: string[] };
	// How many there are is no record.
	if ((output !== 'simplified' && output !== 'selected') || settings.onlyCount === true) return row;
	const all = flat(row, kind);
	const { simplified, ownFields } = kind;
	if (output === 'selected') {
		const byKey = ownFields === undefined ? '' : ' Custom fields are called by their keys.';
		for (const name of outputFields.filter((one) => !Object.hasOwn(all, one))) {
			note(`Output: Kit returned records without “${name}”.${byKey}`);
		}
		return pick(all, ['id', ...outputFields]);
	}
	return ownFields === undefined ? pick(all, simplified) : { ...pick(all, simplified), ...all };
}

const output: ValueField = {
	displayName: 'Output',
	name: 'output',
	type: 'options',
	noDataExpression: true,
	options: [
		{ name: 'Raw', value: 'raw', description: 'All fields, as Kit sends them' },
		{
			name: 'Selected Fields',
			value: 'selected',
			description: 'The ID, and the fields that are chosen below',
		},
		{
			name: 'Simplified',
			value: 'simplified',
			description: 'What is used most, with fewer objects',
		},
	],
	default: 'raw',
	description: 'How much of each record is returned',
};

/**
 * n8n's guide has a switch Simplify for people and these three for agents, and says of neither what it is at
 * first. People get records as Kit has them, as the trigger and the fields shown before the first run have
 * them: nothing is missing that a later node may need. Agents get little, since it all goes to the model.
 */
const OUTPUTS: ValueField[] = [
	{ ...output, displayOptions: { hide: { '@tool': [true] } } },
	{ ...output, default: 'simplified', displayOptions: { show: { '@tool': [true] } } },
];

function selectedFields({ simplified, others, ownFields }: RecordKind): ValueField {
	const field: Pick<ValueField, 'default' | 'displayOptions' | 'name' | 'parse' | 'type'> = {
		name: 'outputFields',
		type: 'multiOptions',
		default: [],
		displayOptions: { show: { output: ['selected'] } },
		parse: list(text, 'dropped'),
	};
	if (ownFields !== undefined) {
		return {
			...field,
			displayName: 'Output Field Names or IDs',
			typeOptions: { loadOptionsMethod: ownFields },
			default: [],
			description:
				'The fields to return, custom fields by their keys. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		};
	}
	const names = [...new Set([...simplified, ...others])].filter((name) => name !== 'id').sort();
	return {
		...field,
		displayName: 'Output Fields',
		options: names.map((name) => ({ name: titleOf(name), value: name })),
		default: [],
		description: 'The fields to return',
	};
}

const WORDS: Record<string, string> = { html: 'HTML', id: 'ID', ids: 'IDs', url: 'URL' };

/** @returns `Preview Text` for `preview_text` */
export function titleOf(name: string): string {
	const words = name
		.split('_')
		.map((word) => WORDS[word] ?? word.charAt(0).toUpperCase() + word.slice(1));
	return words.join(' ');
}

const fieldsByKind = new Map<KindName, Field[]>();

/** Operations of a resource share a field where it is the same. */
function outputFieldsOf(name: KindName): Field[] {
	const known = fieldsByKind.get(name) ?? [...OUTPUTS, selectedFields(KINDS[name])];
	fieldsByKind.set(name, known);
	return known;
}

/**
 * @param name the kind of the records
 * @param returns what gives them
 * @returns the same, of which a person chooses how much is output
 */
export function outputOf(name: KindName, returns: Returns): Returns {
	const kind: RecordKind = KINDS[name];
	const output = outputFieldsOf(name);
	if ('readItem' in returns) {
		return {
			...returns,
			output,
			readItem: async (item: Item) =>
				(await returns.readItem(item)).map((one) => ({
					...one,
					json: shown(kind, one.json, item),
				})),
		};
	}
	return {
		...returns,
		output,
		startRun: () => {
			const send = returns.startRun();
			return async (client, items) => {
				const results = [...(await send(client, items))].map(([item, result]) => {
					const isShown = 'record' in result && result.record.queued !== true;
					const record = isShown && shown(kind, result.record, item);
					return [item, record ? { record } : result] as const;
				});
				return new Map(results);
			};
		},
	};
}

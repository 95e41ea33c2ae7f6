import type { IHookFunctions, INodeProperties, IWebhookFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import type { KitEvent } from '../shared/events';
import { EVENTS } from '../shared/events';
import { describeField } from '../shared/fields/describeField';
import type { CollectionField, Field, Row, ValueField } from '../shared/fields/field';
import { parseField } from '../shared/fields/parseField';
import type { Parser } from '../shared/fields/parsers';
import { id, isExpression, list, url } from '../shared/fields/parsers';
import type { ListName } from '../shared/lists';
import { LISTS } from '../shared/lists';

/** How Kit is to tell n8n of events. */
export type Delivery = 'auto' | 'classic' | 'signed';

const events: ValueField = {
	displayName: 'Events',
	name: 'events',
	type: 'multiOptions',
	noDataExpression: true,
	options: EVENTS.map(({ name, value, description }) => ({ name, value, description })),
	default: ['subscriber.created'],
	required: true,
	description: 'What starts the workflow',
};

/** A field with what an event has to be about to start the workflow. */
export interface EventTarget {
	/** The event that it belongs to */
	event: string;
	field: ValueField;
	/** The list of the account that it names rows of; left out where Kit has no such list */
	list?: TargetList;
}

/** The lists whose rows events are about: what loads one to choose from, and where a signed event has its row. */
export const TARGET_LISTS = {
	customFields: { method: 'getCustomFieldIds', subject: 'custom_field' },
	forms: { method: 'getForms', subject: 'form' },
	sequences: { method: 'getSequences', subject: 'sequence' },
	tags: { method: 'getTags', subject: 'tag' },
} as const satisfies Partial<Record<ListName, { method: string; subject: string }>>;

/** The name of one of them. */
export type TargetList = keyof typeof TARGET_LISTS;

/** Some rows of a list, each by ID or by name. */
function rows(event: string, list: TargetList, what: string, name: string): EventTarget {
	const one = LISTS[list].singular.toLowerCase();
	return {
		event,
		list,
		field: {
			displayName: `${what} Names or IDs`,
			name,
			type: 'multiOptions',
			hint: 'An expression may give names as well',
			typeOptions: { loadOptionsMethod: TARGET_LISTS[list].method },
			default: [],
			description: `Only these start the workflow; any ${one} does if none is chosen. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.`,
			displayOptions: { show: { events: [event] } },
		},
	};
}

/** Some texts, which Kit has no list to choose from for. */
function texts(
	event: string,
	field: Pick<ValueField, 'description' | 'displayName' | 'name' | 'placeholder'>,
	parse: Parser,
): EventTarget {
	return {
		event,
		field: {
			...field,
			type: 'string',
			typeOptions: { multipleValues: true, multipleValueButtonText: 'Add' },
			default: [],
			required: true,
			displayOptions: { show: { events: [event] } },
			parse: (value, context) => {
				const given = Array.isArray(value) ? (value as unknown[]) : [value];
				return list(parse, 'dropped')(given, context);
			},
		},
	};
}

/** What events can be limited to, in the order of the events. */
export const EVENT_TARGETS: readonly EventTarget[] = [
	rows('subscriber.subscribed_to_form', 'forms', 'Form', 'forms'),
	rows('subscriber.tag_added', 'tags', 'Added Tag', 'tagsAdded'),
	rows('subscriber.tag_removed', 'tags', 'Removed Tag', 'tagsRemoved'),
	rows('subscriber.added_to_sequence', 'sequences', 'Started Sequence', 'sequencesStarted'),
	rows('subscriber.sequence_completed', 'sequences', 'Completed Sequence', 'sequencesCompleted'),
	texts(
		'subscriber.link_clicked',
		{
			displayName: 'Links',
			name: 'links',
			placeholder: 'e.g. https://example.com/course',
			description: 'The URLs whose clicks start the workflow, as they stand in the email',
		},
		url,
	),
	texts(
		'subscriber.product_purchased',
		{
			displayName: 'Product IDs',
			name: 'products',
			placeholder: 'e.g. 4412',
			description: 'The products at Kit whose purchases start the workflow',
		},
		id,
	),
	rows('subscriber.custom_field_value_updated', 'customFields', 'Custom Field', 'customFields'),
];

const settings: CollectionField = {
	displayName: 'Options',
	name: 'settings',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		{
			displayName: 'Delivery',
			name: 'delivery',
			type: 'options',
			options: [
				{
					name: 'Automatic',
					value: 'auto',
					description:
						'A signed endpoint for the events that Kit signs; classic webhooks for the others, and where the connection cannot have signed endpoints',
				},
				{
					name: 'Classic Webhooks Only',
					value: 'classic',
					description: 'One webhook for each event, which Kit posts once and does not sign',
				},
				{
					name: 'Signed Endpoint Only',
					value: 'signed',
					description: 'One endpoint for all events, which Kit signs and tries again for two days',
				},
			],
			default: 'auto',
			description: 'How Kit tells n8n what happened',
		},
		{
			displayName: 'Include Full Subscriber',
			name: 'includeFullSubscriber',
			type: 'boolean',
			default: false,
			description:
				'Whether each event comes with the tags, the location and the attribution of its subscriber, for one request to Kit each. An event whose request fails comes without, and says why.',
		},
	],
};

/**
 * Lets n8n hand the node what arrived as it is, rather than refuse with 422 what is no JSON before the
 * node runs. It is the option of n8n's Webhook node 1, which n8n heeds at every node of version 1
 * (`parseRequestBody` in n8n's `webhook-helpers.ts`); where it does not, all works but that 400.
 */
const untouchedBody: INodeProperties = {
	displayName: 'Untouched Body',
	name: 'options',
	type: 'hidden',
	default: { binaryData: true },
};

export const properties: INodeProperties[] = [
	describeField(events),
	...EVENT_TARGETS.map(({ field }) => describeField(field)),
	{
		displayName:
			'Kit keeps events that did not reach n8n for 30 days, except purchases and clicks of links. To fetch them, use the operation Webhook Endpoint → Get Missed Events of the Kit node.',
		name: 'missedNotice',
		type: 'notice',
		default: '',
		displayOptions: { hide: { '/settings.delivery': ['classic'] } },
	},
	describeField(settings),
	untouchedBody,
];

/** What a person chose, read. */
export interface Choice {
	/** The events that start the workflow */
	events: KitEvent[];
	/** What they have to be about, IDs and names as they were given, by event; all where there is nothing */
	targets: ReadonlyMap<string, string[]>;
	delivery: Delivery;
	includeFullSubscriber: boolean;
}

function fieldValue(context: IHookFunctions | IWebhookFunctions, field: Field): unknown {
	const node = context.getNode();
	try {
		return parseField(
			field,
			context.getNodeParameter(field.name, field.default),
			node.parameters[field.name],
			{ timezone: context.getTimezone() },
		);
	} catch (error) {
		throw new NodeOperationError(node, error as Error);
	}
}

/**
 * @param context of an activation or a delivery
 * @returns what a person chose
 * @throws {NodeOperationError} that names the field and what would be right
 */
export function choiceOf(context: IHookFunctions | IWebhookFunctions): Choice {
	const chosen = fieldValue(context, events) as string[];
	const { delivery = 'auto', includeFullSubscriber = false } = (fieldValue(context, settings) ??
		{}) as Row & Partial<Pick<Choice, 'delivery' | 'includeFullSubscriber'>>;
	const targets = EVENT_TARGETS.filter(({ event }) => chosen.includes(event)).flatMap(
		({ event, field }): [string, string[]][] => {
			const given = fieldValue(context, field) as (number | string)[] | undefined;
			if (given !== undefined) return [[event, given.map(String)]];
			if (!isExpression(context.getNode().parameters[field.name])) return [];
			// To let everything through in its place would start the workflow on what was not meant.
			const problem = `${field.displayName} is an expression that gave nothing`;
			throw new NodeOperationError(context.getNode(), problem);
		},
	);
	return {
		events: EVENTS.filter(({ value }) => chosen.includes(value)),
		targets: new Map(targets),
		delivery,
		includeFullSubscriber,
	};
}

/**
 * @param chosen as it stands in the node
 * @returns the expression for what stands below the node on the canvas: the name of the chosen event as
 * the list has it, and of several their number, since there is no room for two names. It carries the
 * names, because an expression cannot look up a list's.
 */
export function subtitle(chosen = '$parameter["events"]'): string {
	const names = JSON.stringify(Object.fromEntries(EVENTS.map(({ value, name }) => [value, name])));
	return `={{ ${chosen}.length > 1 ? ${chosen}.length + " events" : ${names}[${chosen}[0]] }}`;
}

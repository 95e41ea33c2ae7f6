import type { IDataObject, INodeProperties, PreSendAction } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';
import {
	asText,
	day,
	id,
	json,
	listOf,
	numberBetween,
	optional,
	type Check,
} from '../../fields/checks';
import { checked, inBody } from '../../fields/sent';
import { SUBSCRIBER_STATES } from '../../fields/subscriberFilters';

const show = { resource: ['subscriber'], operation: ['filter'] };

const ENGAGEMENT = ['clicks', 'delivered', 'opens', 'sent'];

/** One condition as n8n keeps it: its type, and of each type its own fields. */
interface EnteredCondition extends IDataObject {
	type: string;
}

const count = numberBetween(0, Number.MAX_SAFE_INTEGER);

const texts = listOf(asText);
const ids = listOf(id);

/** @returns `[{ type, [key]: list, ...more }]`; empty where the list is */
function any(type: string, key: string, list: unknown[], more: IDataObject = {}): IDataObject[] {
	return list.length > 0 ? [{ type, [key]: list, ...more }] : [];
}

function engagement({ type, ...entered }: EnteredCondition): IDataObject {
	const matching = (entered.urlMatching ?? 'exact') as string;
	const clicked = [
		...any('urls', 'urls', texts(entered.urls), { matching }),
		...any('urls', 'ids', ids(entered.urlIds)),
	];
	const concerned = [
		...any('broadcasts', 'ids', ids(entered.broadcastIds)),
		...(type === 'clicks' ? clicked : []),
	];
	return {
		count_greater_than: count(entered.countGreaterThan) as number,
		count_greater_than_or_equal: count(entered.countAtLeast) as number,
		count_less_than: count(entered.countLessThan) as number,
		count_less_than_or_equal: count(entered.countAtMost) as number,
		after: day(entered.after) as string,
		before: day(entered.before) as string,
		any: concerned.length > 0 ? concerned : undefined,
	};
}

function needed(value: unknown, what: string): unknown {
	if (value !== undefined && !(Array.isArray(value) && value.length === 0)) return value;
	throw new UserError(`needs ${what}`);
}

/** What Kit takes for each type of condition (Kit's document, `SubscriberFilterRequest`). */
const CONDITIONS: Record<string, (entered: EnteredCondition) => Record<string, unknown>> = {
	attribution: ({ formIds }) => ({
		any: needed(any('forms', 'ids', ids(formIds)), 'at least one form ID in “Attribution”'),
	}),
	custom_field: ({ customFieldId, comparison, value }) => ({
		subscriber_custom_field_id: id(needed(optional(customFieldId), 'a field in “Custom Field”')),
		comparison,
		value: comparison === 'has_value' ? undefined : value,
	}),
	location: ({ latitude, longitude, radius }) => ({
		latitude: numberBetween(-90, 90)(latitude),
		longitude: numberBetween(-180, 180)(longitude),
		radius: numberBetween(0, 12_500)(radius),
	}),
	subscribed: ({ after, before }) => ({ after: day(after), before: day(before) }),
	subscriber_state: ({ states }) => ({ states: needed(states, 'at least one state') }),
	tags: ({ tagIds }) => ({
		any: needed(any('ids', 'matching', ids(tagIds)), 'at least one tag in “Tags”'),
	}),
	...Object.fromEntries(ENGAGEMENT.map((type) => [type, engagement])),
};

/** `{ condition: [...] }`, as n8n keeps it, to the conditions that Kit takes. */
const conditions: Check = (value) => {
	const { condition = [] } = (value ?? {}) as { condition?: EnteredCondition[] };
	if (condition.length === 0) throw new UserError('must have at least one condition');
	return condition.map((entered) => {
		const { type } = entered;
		return { type, ...CONDITIONS[type]?.(entered) };
	});
};

const jsonConditions: Check = (value) => {
	const parsed = json(value);
	if (Array.isArray(parsed)) return parsed as unknown[];
	throw new UserError('must be a JSON array such as [{"type": "tags", ...}]');
};

/** Kit takes what to include as a list of objects, of which that for stats has a range of its own. */
const addIncludes: PreSendAction = async function (request) {
	const options = this.getNodeParameter('options', {}) as IDataObject;
	const start = checked(this, 'Stats From', options.statsFrom, day);
	const end = checked(this, 'Stats To', options.statsTo, day);
	const range = start || end ? { start, end } : undefined;
	const types = new Set([...texts(options.include), ...(range ? ['stats'] : [])]);
	const include = [...types].map((type) => (type === 'stats' ? { type, range } : { type }));
	const body = request.body as IDataObject;
	return await Promise.resolve(
		include.length > 0 ? { ...request, body: { ...body, include } } : request,
	);
};

function onlyFor(...types: string[]): INodeProperties['displayOptions'] {
	return { show: { type: types } };
}

const conditionFields: INodeProperties[] = [
	{
		displayName: 'Type',
		name: 'type',
		type: 'options',
		options: [
			{ name: 'Attribution', value: 'attribution', description: 'The form they signed up through' },
			{ name: 'Clicks', value: 'clicks', description: 'How often they clicked a link' },
			{ name: 'Custom Field', value: 'custom_field', description: 'What a custom field holds' },
			{ name: 'Delivered', value: 'delivered', description: 'How many emails reached them' },
			{ name: 'Location', value: 'location', description: 'Whether they are near a place' },
			{ name: 'Opens', value: 'opens', description: 'How often they opened an email' },
			{ name: 'Sent', value: 'sent', description: 'How many emails were sent to them' },
			{
				name: 'State',
				value: 'subscriber_state',
				description: 'Active, cancelled, bounced and so on',
			},
			{ name: 'Subscribed', value: 'subscribed', description: 'The day they subscribed' },
			{ name: 'Tags', value: 'tags', description: 'The tags they have' },
		],
		default: 'subscriber_state',
	},
	{
		displayName: 'Custom Field Name or ID',
		name: 'customFieldId',
		type: 'options',
		typeOptions: { loadOptionsMethod: 'getCustomFieldIds' },
		default: '',
		description:
			'The custom field to look at. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		displayOptions: onlyFor('custom_field'),
	},
	{
		displayName: 'Comparison',
		name: 'comparison',
		type: 'options',
		options: [
			{ name: 'Contains', value: 'contains' },
			{ name: 'Has a Value', value: 'has_value' },
			{ name: 'Is', value: 'is' },
			{ name: 'Is Greater Than', value: 'greater_than' },
			{ name: 'Is Greater Than or Equal To', value: 'greater_than_or_equal' },
			{ name: 'Is Less Than', value: 'less_than' },
			{ name: 'Is Less Than or Equal To', value: 'less_than_or_equal' },
		],
		default: 'is',
		displayOptions: onlyFor('custom_field'),
	},
	{
		displayName: 'Value',
		name: 'value',
		type: 'string',
		default: '',
		displayOptions: { show: { type: ['custom_field'] }, hide: { comparison: ['has_value'] } },
	},
	{
		displayName: 'More Often Than',
		name: 'countGreaterThan',
		type: 'string',
		default: '',
		placeholder: 'e.g. 5',
		description: 'Only those for whom it happened more often than this',
		displayOptions: onlyFor(...ENGAGEMENT),
	},
	{
		displayName: 'At Least',
		name: 'countAtLeast',
		type: 'string',
		default: '',
		placeholder: 'e.g. 5',
		description: 'Only those for whom it happened this often or more',
		displayOptions: onlyFor(...ENGAGEMENT),
	},
	{
		displayName: 'Less Often Than',
		name: 'countLessThan',
		type: 'string',
		default: '',
		placeholder: 'e.g. 10',
		description: 'Only those for whom it happened less often than this',
		displayOptions: onlyFor(...ENGAGEMENT),
	},
	{
		displayName: 'At Most',
		name: 'countAtMost',
		type: 'string',
		default: '',
		placeholder: 'e.g. 10',
		description: 'Only those for whom it happened this often or less',
		displayOptions: onlyFor(...ENGAGEMENT),
	},
	{
		displayName: 'After',
		name: 'after',
		type: 'dateTime',
		default: '',
		description: 'Only what happened from this day on',
		displayOptions: onlyFor('subscribed', ...ENGAGEMENT),
	},
	{
		displayName: 'Before',
		name: 'before',
		type: 'dateTime',
		default: '',
		description: 'Only what happened up to this day',
		displayOptions: onlyFor('subscribed', ...ENGAGEMENT),
	},
	{
		displayName: 'Broadcast Names or IDs',
		name: 'broadcastIds',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getBroadcasts' },
		default: [],
		description:
			'Only what concerns any of these broadcasts. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		displayOptions: onlyFor(...ENGAGEMENT),
	},
	{
		displayName: 'URLs',
		name: 'urls',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://example.com/course',
		description: 'Only clicks on any of these addresses, separated by commas',
		displayOptions: onlyFor('clicks'),
	},
	{
		displayName: 'URL IDs',
		name: 'urlIds',
		type: 'string',
		default: '',
		placeholder: 'e.g. 71, 72',
		description: 'Only clicks on any of these addresses by their IDs in Kit, separated by commas',
		displayOptions: onlyFor('clicks'),
	},
	{
		displayName: 'URL Matching',
		name: 'urlMatching',
		type: 'options',
		options: [
			{ name: 'Contains', value: 'contains' },
			{ name: 'Ends With', value: 'ends_with' },
			{ name: 'Is Exactly', value: 'exact' },
			{ name: 'Starts With', value: 'starts_with' },
		],
		default: 'exact',
		displayOptions: onlyFor('clicks'),
	},
	{
		displayName: 'Form Names or IDs',
		name: 'formIds',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getForms' },
		default: [],
		description:
			'Any of these forms or landing pages. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		displayOptions: onlyFor('attribution'),
	},
	{
		displayName: 'Latitude',
		name: 'latitude',
		type: 'number',
		typeOptions: { numberPrecision: 6 },
		default: 0,
		displayOptions: onlyFor('location'),
	},
	{
		displayName: 'Longitude',
		name: 'longitude',
		type: 'number',
		typeOptions: { numberPrecision: 6 },
		default: 0,
		displayOptions: onlyFor('location'),
	},
	{
		displayName: 'Radius in Miles',
		name: 'radius',
		type: 'number',
		default: 25,
		displayOptions: onlyFor('location'),
	},
	{
		displayName: 'States',
		name: 'states',
		type: 'multiOptions',
		options: SUBSCRIBER_STATES,
		default: ['active'],
		displayOptions: onlyFor('subscriber_state'),
	},
	{
		displayName: 'Tag Names or IDs',
		name: 'tagIds',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getTags' },
		default: [],
		description:
			'Any of these tags. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		displayOptions: onlyFor('tags'),
	},
];

/** The conditions and options of Subscriber → Filter. */
export const filterFields: INodeProperties[] = [
	{
		displayName: 'Specify Conditions',
		name: 'specifyConditions',
		type: 'options',
		options: [
			{ name: 'Using Fields Below', value: 'fields' },
			{ name: 'Using JSON', value: 'json' },
		],
		default: 'fields',
		displayOptions: { show },
	},
	inBody(
		'all',
		{
			displayName: 'Conditions',
			name: 'conditions',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			placeholder: 'Add Condition',
			default: {},
			description: 'Subscribers are returned who meet all of these',
			displayOptions: { show: { ...show, specifyConditions: ['fields'] } },
			options: [{ displayName: 'Condition', name: 'condition', values: conditionFields }],
		},
		conditions,
	),
	inBody(
		'all',
		{
			displayName: 'Conditions (JSON)',
			name: 'conditionsJson',
			type: 'json',
			default: '[\n  { "type": "subscriber_state", "states": ["active"] }\n]',
			required: true,
			description: 'The conditions as Kit’s API takes them under “all”',
			displayOptions: { show: { ...show, specifyConditions: ['json'] } },
		},
		jsonConditions,
	),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		displayOptions: { show },
		routing: { send: { preSend: [addIncludes] } },
		options: [
			inBody('counting_mode', {
				displayName: 'Counting Mode',
				name: 'countingMode',
				type: 'options',
				options: [
					{ name: 'Every Event', value: 'raw', description: 'Five opens of an email are five' },
					{ name: 'Once per Email', value: 'unique_email', description: 'Five opens are one' },
				],
				default: 'raw',
				description: 'How opens, clicks and the like are counted',
			}),
			{
				displayName: 'Include',
				name: 'include',
				type: 'multiOptions',
				options: [
					{ name: 'Attribution', value: 'attribution' },
					{ name: 'Cancelled At', value: 'canceled_at' },
					{ name: 'Custom Fields', value: 'custom_fields' },
					{ name: 'Location', value: 'location' },
					{ name: 'Stats', value: 'stats' },
					{ name: 'Tags', value: 'tags' },
				],
				default: [],
				description: 'What each subscriber is to come with',
			},
			{
				displayName: 'Stats From',
				name: 'statsFrom',
				type: 'dateTime',
				default: '',
				description: 'The first day of the included stats. 90 days ago, if left out.',
			},
			{
				displayName: 'Stats To',
				name: 'statsTo',
				type: 'dateTime',
				default: '',
				description: 'The last day of the included stats. Today, if left out.',
			},
		],
	},
];

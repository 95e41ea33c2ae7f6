import type { IDataObject, INodePropertyOptions } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';
import type { Row, RowsField, ValueField } from './field';
import { idOrName, NAMES_HINT } from './names';
import type { Parser } from './parsers';
import { date, daysAgo, id, list, number, text } from './parsers';
import { SUBSCRIBER_STATES } from './subscriberFilters';

/** How Kit compares the URLs of clicks with one that is given. */
export const URL_MATCHING: INodePropertyOptions[] = [
	{ name: 'Contains', value: 'contains' },
	{ name: 'Ends With', value: 'ends_with' },
	{ name: 'Is Exactly', value: 'exact' },
	{ name: 'Starts With', value: 'starts_with' },
];

/** How the value of a custom field is compared. */
export const COMPARISONS: INodePropertyOptions[] = [
	{ name: 'Contains', value: 'contains' },
	{ name: 'Has a Value', value: 'has_value' },
	{ name: 'Is', value: 'is' },
	{ name: 'Is Greater Than', value: 'greater_than' },
	{ name: 'Is Greater Than or Equal To', value: 'greater_than_or_equal' },
	{ name: 'Is Less Than', value: 'less_than' },
	{ name: 'Is Less Than or Equal To', value: 'less_than_or_equal' },
];

export const latitude = number({ min: -90, max: 90 });
export const longitude = number({ min: -180, max: 180 });
export const radius = number({ min: 0, max: 12_500 });

const texts = list(text);

/** An address may have commas of its own, of which what follows would be in many others. */
const BETWEEN_ADDRESSES = /,\s+|,(?=https?:\/\/|\/|$)|\r\n|[\n\r]/i;

export const urls: Parser<string[]> = (value, context) => {
	const isOwn = typeof value === 'string' && /^\s*https?:\/\//i.test(value);
	const given = isOwn ? value.trim().split(BETWEEN_ADDRESSES) : value;
	return texts(given, context);
};

/** Kit has emails, opens and clicks of the last five years. */
const MOST_DAYS = 5 * 365;

const ENGAGEMENT = ['clicks', 'delivered', 'opens', 'sent'];

/** @returns what shows a field with conditions of these types */
function onlyFor(...types: string[]): ValueField['displayOptions'] {
	return { show: { type: types } };
}

/** @returns `[{ type, [key]: values, ...more }]`; empty where there are no values */
function anyOf(type: string, key: string, values: unknown, more: IDataObject = {}): IDataObject[] {
	return values === undefined ? [] : [{ type, [key]: values, ...more }];
}

function engagement(row: Row): Record<string, unknown> {
	const concerned = [
		...anyOf('broadcasts', 'ids', row.broadcastIds),
		...anyOf('urls', 'urls', row.urls, { matching: row.urlMatching as string }),
		...anyOf('urls', 'ids', row.urlIds),
	];
	return {
		[row.howOften as string]: row.times,
		after: row.after,
		before: row.before,
		any: concerned.length > 0 ? concerned : undefined,
	};
}

const forms = ({ formIds }: Row) => anyOf('forms', 'ids', formIds);

/** All of what is given must fit (Kit's document of 2026-10, `KitSourceAnyCondition`). */
function kitSource(row: Row): IDataObject[] | undefined {
	const given = Object.entries({
		source_type: row.sourceType,
		source_ids: row.sourceIds,
		source_names: row.sourceNames,
		mechanism: row.mechanism,
		mechanism_ids: row.mechanismIds,
	}).filter(([, value]) => value !== undefined);
	return given.length > 0 ? [{ type: 'kit_source', ...Object.fromEntries(given) }] : undefined;
}

/** What is needed at least, where no field of a condition is required by itself. */
const NEEDED: Record<string, string> = {
	attribution: 'a source or a mechanism',
	subscribed: 'a day',
};

/** Conditions that people want most, each of which is one of Kit's. */
const PRESETS: Record<string, (row: Row) => IDataObject> = {
	joined_lately: ({ lastDays }) => ({ type: 'subscribed', after: lastDays as string }),
	no_clicks: ({ lastDays }) => neverSince('clicks', lastDays),
	no_opens: ({ lastDays }) => neverSince('opens', lastDays),
};

function neverSince(type: string, day: unknown): IDataObject {
	return { type, count_less_than: 1, after: day as string };
}

/** What Kit takes for each type of condition (Kit's document, `SubscriberFilterRequest`). */
export const CONDITIONS: Record<string, (row: Row) => Record<string, unknown>> = {
	attribution: (row) => ({ any: row.formIds === undefined ? kitSource(row) : forms(row) }),
	custom_field: ({ customFieldId, comparison, value }) => ({
		subscriber_custom_field_id: customFieldId,
		comparison,
		value,
	}),
	location: ({ latitude, longitude, radius }) => ({ latitude, longitude, radius }),
	subscribed: ({ after, before }) => ({ after, before }),
	subscriber_state: ({ states }) => ({ states }),
	tags: ({ tagIds }) => ({ any: anyOf('ids', 'matching', tagIds) }),
	...Object.fromEntries(ENGAGEMENT.map((type) => [type, engagement])),
};

/** What is no question where it is about 0 times, and who meets it. */
const NO_QUESTION: Record<string, { name: string; who: string }> = {
	count_greater_than_or_equal: { name: 'At Least', who: 'everybody' },
	count_less_than: { name: 'Less Than', who: 'nobody' },
};

/** @throws {UserError} where a row asks for nothing, since it would not narrow the list as it seems to */
function conditionOf(row: Row, index: number): IDataObject {
	const type = row.type as string;
	const noQuestion = row.times === 0 ? NO_QUESTION[row.howOften as string] : undefined;
	if (noQuestion) {
		const { name, who } = noQuestion;
		throw new UserError(
			`must not have ${name} 0 Times in row ${String(index + 1)}, which ${who} meets. At Most 0 means never`,
		);
	}
	if (type === 'location' && row.latitude === 0 && row.longitude === 0) {
		throw new UserError(
			`must have a Latitude and a Longitude in row ${String(index + 1)}: 0 and 0 is in the Atlantic Ocean`,
		);
	}
	const preset = PRESETS[type];
	if (preset) return preset(row);
	const given = Object.entries(CONDITIONS[type]?.(row) ?? {}).filter(
		([, value]) => value !== undefined,
	);
	if (given.length > 0) return { type, ...Object.fromEntries(given) };
	throw new UserError(`must have ${NEEDED[type] ?? 'a value'} in row ${String(index + 1)}`);
}

/** @returns a field of a condition on the source of a sign-up */
function attribution(
	field: Pick<ValueField, 'description' | 'displayName' | 'name' | 'parse' | 'placeholder'>,
): ValueField {
	return {
		...field,
		type: 'string',
		default: '',
		displayOptions: { show: { type: ['attribution'], attributedTo: ['source'] } },
	};
}

const conditionFields: ValueField[] = [
	{
		displayName: 'Type',
		name: 'type',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Attribution',
				value: 'attribution',
				description: 'The form or the source they first came through',
			},
			{ name: 'Clicks', value: 'clicks', description: 'How often they clicked a link' },
			{ name: 'Custom Field', value: 'custom_field', description: 'What a custom field holds' },
			{ name: 'Delivered', value: 'delivered', description: 'How many emails reached them' },
			{
				name: 'Did Not Click Lately',
				value: 'no_clicks',
				description: 'They clicked no link in the last days, or were sent none',
			},
			{
				name: 'Did Not Open Lately',
				value: 'no_opens',
				description: 'They opened no email in the last days, or were sent none',
			},
			{
				name: 'Joined Lately',
				value: 'joined_lately',
				description: 'They subscribed in the last days',
			},
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
		hint: 'An expression may give a name',
		required: true,
		typeOptions: { loadOptionsMethod: 'getCustomFieldIds' },
		default: '',
		description:
			'The custom field to look at. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		displayOptions: onlyFor('custom_field'),
		parse: idOrName('customFields'),
	},
	{
		displayName: 'Comparison',
		name: 'comparison',
		type: 'options',
		noDataExpression: true,
		options: COMPARISONS,
		default: 'is',
		displayOptions: onlyFor('custom_field'),
	},
	{
		displayName: 'Value',
		name: 'value',
		type: 'string',
		default: '',
		required: true,
		displayOptions: { show: { type: ['custom_field'] }, hide: { comparison: ['has_value'] } },
	},
	{
		displayName: 'How Often',
		name: 'howOften',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'At Least', value: 'count_greater_than_or_equal' },
			{ name: 'At Most', value: 'count_less_than_or_equal' },
			{ name: 'Less Than', value: 'count_less_than' },
			{ name: 'More Than', value: 'count_greater_than' },
		],
		default: 'count_greater_than_or_equal',
		description: 'For a range, add another condition of the same type',
		displayOptions: onlyFor(...ENGAGEMENT),
	},
	{
		displayName: 'Times',
		name: 'times',
		type: 'number',
		typeOptions: { minValue: 0 },
		required: true,
		default: 1,
		displayOptions: onlyFor(...ENGAGEMENT),
	},
	{
		displayName: 'In the Last Days',
		name: 'lastDays',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: MOST_DAYS },
		required: true,
		default: 30,
		description: 'How many days back from today',
		displayOptions: onlyFor(...Object.keys(PRESETS)),
		parse: daysAgo(MOST_DAYS),
	},
	{
		displayName: 'After',
		name: 'after',
		type: 'dateTime',
		default: '',
		description:
			'Only what happened from this day on. Kit has emails, opens and clicks of the last five years.',
		displayOptions: onlyFor('subscribed', ...ENGAGEMENT),
		parse: date,
	},
	{
		displayName: 'Before',
		name: 'before',
		type: 'dateTime',
		default: '',
		description: 'Only what happened up to this day',
		displayOptions: onlyFor('subscribed', ...ENGAGEMENT),
		parse: date,
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
		parse: list(id),
	},
	{
		displayName: 'URLs',
		name: 'urls',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://example.com/course',
		description: 'Only clicks on any of these addresses, separated by commas or line breaks',
		displayOptions: onlyFor('clicks'),
		parse: urls,
	},
	{
		displayName: 'URL IDs',
		name: 'urlIds',
		type: 'string',
		default: '',
		placeholder: 'e.g. 71, 72',
		description:
			'Only clicks on any of these addresses by their IDs in Kit, separated by commas or line breaks',
		displayOptions: onlyFor('clicks'),
		parse: list(id),
	},
	{
		displayName: 'URL Matching',
		name: 'urlMatching',
		type: 'options',
		options: URL_MATCHING,
		default: 'exact',
		displayOptions: onlyFor('clicks'),
	},
	{
		displayName: 'Attributed To',
		name: 'attributedTo',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Form', value: 'form', description: 'A form or landing page of this account' },
			{
				name: 'Source',
				value: 'source',
				description: 'What Kit keeps of how they came: by a form, the API, an import and so on',
			},
		],
		default: 'form',
		description: 'How they first signed up. What they did later does not change it.',
		displayOptions: onlyFor('attribution'),
	},
	{
		displayName: 'Form Names or IDs',
		name: 'formIds',
		type: 'multiOptions',
		hint: NAMES_HINT,
		required: true,
		typeOptions: { loadOptionsMethod: 'getForms' },
		default: [],
		description:
			'Any of these forms or landing pages. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		displayOptions: { show: { type: ['attribution'], attributedTo: ['form'] } },
		parse: list(idOrName('forms')),
	},
	attribution({
		displayName: 'Source Type',
		name: 'sourceType',
		placeholder: 'e.g. api_subscription',
		description:
			'Only those who came by this kind of source: form_subscription, api_subscription, manual, or another in Kit’s words, which Include → Attribution shows',
	}),
	attribution({
		displayName: 'Source Names',
		name: 'sourceNames',
		placeholder: 'e.g. Welcome Form, Partner Integration',
		description:
			'Only those who came by any of the sources with these names, separated by commas or line breaks',
		parse: list(text),
	}),
	attribution({
		displayName: 'Source IDs',
		name: 'sourceIds',
		placeholder: 'e.g. 555, 556',
		description:
			'Only those who came by any of these sources by their IDs in Kit, separated by commas or line breaks',
		parse: list(id),
	}),
	attribution({
		displayName: 'Mechanism',
		name: 'mechanism',
		placeholder: 'e.g. import',
		description:
			'Only those whom this brought to the source, in Kit’s words, which Include → Attribution shows',
	}),
	attribution({
		displayName: 'Mechanism IDs',
		name: 'mechanismIds',
		placeholder: 'e.g. 9, 10',
		description:
			'Only those whom any of these brought, by their IDs in Kit, separated by commas or line breaks',
		parse: list(id),
	}),
	{
		displayName: 'Latitude',
		name: 'latitude',
		type: 'number',
		required: true,
		typeOptions: { numberPrecision: 6 },
		default: 0,
		displayOptions: onlyFor('location'),
		parse: latitude,
	},
	{
		displayName: 'Longitude',
		name: 'longitude',
		type: 'number',
		required: true,
		typeOptions: { numberPrecision: 6 },
		default: 0,
		displayOptions: onlyFor('location'),
		parse: longitude,
	},
	{
		displayName: 'Radius in Miles',
		name: 'radius',
		type: 'number',
		required: true,
		default: 25,
		displayOptions: onlyFor('location'),
		parse: radius,
	},
	{
		displayName: 'States',
		name: 'states',
		type: 'multiOptions',
		required: true,
		options: SUBSCRIBER_STATES,
		default: ['active'],
		displayOptions: onlyFor('subscriber_state'),
	},
	{
		displayName: 'Tag Names or IDs',
		name: 'tagIds',
		type: 'multiOptions',
		hint: NAMES_HINT,
		required: true,
		typeOptions: { loadOptionsMethod: 'getTags' },
		default: [],
		description:
			'Any of these tags. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		displayOptions: onlyFor('tags'),
		parse: list(idOrName('tags')),
	},
];

/** The conditions by which subscribers are filtered, all of which must be met. */
export const filterConditions: RowsField = {
	displayName: 'Conditions',
	name: 'conditions',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add Condition',
	default: {},
	description: 'What a subscriber has to meet: all of these conditions',
	options: [{ displayName: 'Condition', name: 'condition', values: conditionFields }],
	target: 'body.all',
	combine: (rows) => {
		if (rows.length === 0) throw new UserError('must have at least one condition');
		return rows.map(conditionOf);
	},
};

import type { IDataObject } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';
import {
	additionalFields,
	fieldsToClear,
	filters,
	onlyCount,
	options,
	sort,
	updateFields,
	usingFieldsOrJson,
} from '../../shared/fields/collections';
import { conditionsFromJson } from '../../shared/fields/conditionsFromJson';
import {
	customFields,
	customFieldsJson,
	emptiedCustomFields,
} from '../../shared/fields/customFields';
import type { CollectionField, Field, ValueField } from '../../shared/fields/field';
import { filterConditions } from '../../shared/fields/filterConditions';
import {
	formIdOrName,
	optional,
	sequenceIdOrName,
	subscriberId,
	tagIdOrName,
} from '../../shared/fields/locators';
import { idOrName, NAMES_HINT } from '../../shared/fields/names';
import {
	countryCode,
	date,
	email,
	list as listOf,
	number,
	text,
	timeZone,
	toText,
} from '../../shared/fields/parsers';
import { between, slim, status, SUBSCRIBER_STATES } from '../../shared/fields/subscriberFilters';
import { firstName } from '../../shared/fields/subscribers';
import type { KitRequest } from '../../shared/transport/client';
import { importSubscribers } from '../bulk/importSubscribers';
import { binaryPropertyName, fileOptions, format } from '../export/fields';
import { file } from '../export/file';
import type { Resource, Settings } from '../operation/operation';
import { outputOf } from '../operation/output';
import { savedSubscriber } from '../operation/savedSubscriber';
import { checkPlace, cursors, onlyNew, readSubscribers } from '../operation/subscriberList';
import {
	hasTag,
	list,
	record,
	subscriberByIdOrAddress,
	success,
	wholeResponse,
} from '../operation/returns';

const emailAddress: ValueField = {
	displayName: 'Email Address',
	name: 'emailAddress',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. reader@example.com',
	description: 'Identifies the subscriber: one who has it already is updated',
	target: 'body.email_address',
	parse: email,
};

const state: ValueField = {
	displayName: 'State',
	name: 'state',
	type: 'options',
	options: SUBSCRIBER_STATES,
	default: 'active',
	description: 'The state of a new subscriber. One who exists keeps theirs.',
	target: 'body.state',
};

const createTags: ValueField = {
	displayName: 'Create Missing Tags',
	name: 'createTags',
	type: 'boolean',
	default: false,
	description:
		'Whether tags that the account does not have are created. Otherwise they are an error of their item.',
};

const tags: ValueField = {
	displayName: 'Tag Names or IDs',
	name: 'tags',
	hint: NAMES_HINT,
	type: 'multiOptions',
	typeOptions: { loadOptionsMethod: 'getTags' },
	default: [],
	description:
		'The tags to add. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
	parse: listOf(text, 'dropped'),
};

/** What someone who is saved is added to: the same locators as elsewhere, which can be left out here. */
const addTo: ValueField[] = [
	{
		...optional(formIdOrName),
		description: 'A form or landing page to add them to, which may send a confirmation email',
		target: undefined,
	},
	{
		...optional(sequenceIdOrName),
		description: 'A sequence to add them to, which then sends them its emails',
		target: undefined,
	},
];

const whenNotFound: ValueField = {
	displayName: 'When Not Found',
	name: 'whenNotFound',
	type: 'options',
	options: [
		{ name: 'Error', value: 'error', description: 'The item fails, and its error says so' },
		{ name: 'Return Nothing', value: 'nothing', description: 'The item gives no output' },
	],
	default: 'error',
	description: 'What becomes of an item whose subscriber Kit does not know',
};

/** What a subscriber is told by at the top. */
const person: Field[] = [firstName, ...customFields()];

const moreFields: Field[] = [customFieldsJson, emptiedCustomFields];

const listFilters = filters(
	...between('created', 'Created'),
	{
		displayName: 'Email Address',
		name: 'emailAddress',
		type: 'string',
		default: '',
		placeholder: 'e.g. reader@example.com',
		description: 'Only the subscriber with this email address',
		target: 'query.email_address',
		parse: email,
	},
	status,
	...between('updated', 'Updated'),
);

const CREATED_AT = { name: 'Created At', value: 'created_at' };

/** Of the last 90 days; not together with an email address (Kit's document of 2026-10). */
const ENGAGEMENT_ORDERS = [
	{ name: 'Click Rate', value: 'engagement__click_rate' },
	{ name: 'Clicks', value: 'engagement__clicks' },
	{ name: 'Emails Sent', value: 'engagement__sent' },
	{ name: 'Open Rate', value: 'engagement__open_rate' },
	{ name: 'Opens', value: 'engagement__opens' },
].map((order) => ({ ...order, description: 'In the last 90 days' }));

function sortOrder(carrier: 'body' | 'query'): ValueField {
	return {
		displayName: 'Sort Order',
		name: 'sortOrder',
		type: 'options',
		options: [
			{ name: 'Ascending', value: 'asc' },
			{ name: 'Descending', value: 'desc' },
		],
		default: 'desc',
		target: `${carrier}.sort_order`,
	};
}

const listOptions: ValueField[] = [
	{
		displayName: 'Include',
		name: 'include',
		type: 'multiOptions',
		options: [
			{ name: 'Attribution', value: 'attribution' },
			{
				name: 'Cancelled At',
				value: 'canceled_at',
				description: 'Needs the filter Status set to Cancelled',
			},
			{ name: 'Location', value: 'location' },
			{ name: 'Tags', value: 'tags' },
		],
		default: [],
		description: 'What each subscriber is to come with',
		target: 'query.include',
	},
	slim,
];

const listSort = sort(
	{
		displayName: 'Sort By',
		name: 'sortField',
		type: 'options',
		options: [
			{
				name: 'Cancelled At',
				value: 'cancelled_at',
				description: 'Needs the filter Status set to Cancelled',
			},
			...ENGAGEMENT_ORDERS.slice(0, 2),
			CREATED_AT,
			...ENGAGEMENT_ORDERS.slice(2),
			{ name: 'ID', value: 'id' },
			{ name: 'Updated At', value: 'updated_at' },
		],
		default: 'id',
		target: 'query.sort_field',
	},
	sortOrder('query'),
);

function checkList({ query = {} }: KitRequest): void {
	const byEngagement = toText(query.sort_field).startsWith('engagement__');
	if (byEngagement && query.email_address !== undefined) {
		throw new UserError(
			'Sort By must not be about opens, clicks or emails sent where the list is filtered by Email Address',
		);
	}
}

const specifyConditions = usingFieldsOrJson('Specify Conditions', 'specifyConditions');

const conditionsJson: ValueField = {
	displayName: 'Conditions (JSON)',
	name: 'conditionsJson',
	type: 'json',
	default: '[\n  { "type": "subscriber_state", "states": ["active"] }\n]',
	required: true,
	description: 'The conditions as Kit’s API takes them under “all”',
	displayOptions: { show: { specifyConditions: ['json'] } },
	target: 'body.all',
	parse: conditionsFromJson,
};

const filterOptions: ValueField[] = [
	{
		displayName: 'Counting Mode',
		name: 'countingMode',
		type: 'options',
		options: [
			{ name: 'Every Event', value: 'raw', description: 'Five opens of an email count as five' },
			{
				name: 'Once per Email',
				value: 'unique_email',
				description: 'Five opens of an email count as one',
			},
		],
		default: 'raw',
		description: 'How opens, clicks and the like are counted',
		target: 'body.counting_mode',
	},
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
		description:
			'The first day of the included stats, within the last five years. 90 days ago, if left out.',
		parse: date,
	},
	{
		displayName: 'Stats To',
		name: 'statsTo',
		type: 'dateTime',
		default: '',
		description: 'The last day of the included stats. Today, if left out.',
		parse: date,
	},
];

const filterSort = sort(
	{
		displayName: 'Sort By',
		name: 'sortField',
		type: 'options',
		options: [
			...ENGAGEMENT_ORDERS.slice(0, 2),
			CREATED_AT,
			{
				name: 'Distance',
				value: 'location__distance',
				description: 'Needs a condition of the type Location',
			},
			{ name: 'Email Address', value: 'email_address' },
			...ENGAGEMENT_ORDERS.slice(2, 3),
			{ name: 'First Name', value: 'first_name' },
			{ name: 'ID', value: 'id' },
			...ENGAGEMENT_ORDERS.slice(3),
		],
		default: 'id',
		target: 'body.sort_field',
	},
	sortOrder('body'),
);

/** Kit's filter certainly takes as many rows a page; of more, others were not sure (Kit's community). */
const FILTER_PAGE = 100;

/** Kit answers it with 500 and no sentence. */
function checkFilter(request: KitRequest, settings: Settings): void {
	const { all, sort_field: order } = request.body as { all: IDataObject[]; sort_field?: string };
	if (order === 'location__distance' && !all.some(({ type }) => type === 'location')) {
		throw new UserError('Sort By must not be Distance without a condition of the type Location');
	}
	addIncludes(request, settings);
}

/** Kit takes what to include as a list of objects, of which that for stats has a range of its own. */
function addIncludes(request: KitRequest, settings: Settings): void {
	const { include = [], statsFrom: start, statsTo: end } = settings;
	const range = start !== undefined || end !== undefined ? { start, end } : undefined;
	const types = new Set([...(include as string[]), ...(range ? ['stats'] : [])]);
	const included = [...types].map((type) => (type === 'stats' ? { type, range } : { type }));
	if (included.length > 0) Object.assign(request.body ?? {}, { include: included });
}

const statsFilters = filters(
	...(['after', 'before'] as const).map((side): ValueField => ({
		displayName: `Email Sent ${side === 'after' ? 'After' : 'Before'}`,
		name: `emailSent${side === 'after' ? 'After' : 'Before'}`,
		type: 'dateTime',
		default: '',
		description: `Only emails sent ${side} this day, within the last five years`,
		target: `query.email_sent_${side}`,
		parse: date,
	})),
);

const locationParts: ValueField[] = [
	{
		displayName: 'City',
		name: 'city',
		type: 'string',
		default: '',
		placeholder: 'e.g. Portland',
		target: 'body.location.city',
	},
	{
		displayName: 'Country Code',
		name: 'countryCode',
		type: 'string',
		default: '',
		placeholder: 'e.g. US',
		description: 'Two letters (ISO 3166-1 alpha-2)',
		target: 'body.location.country_code',
		parse: countryCode,
	},
	{
		displayName: 'Latitude',
		name: 'latitude',
		type: 'number',
		typeOptions: { numberPrecision: 6 },
		default: 0,
		description: 'Degrees from -90 to 90',
		target: 'body.location.latitude',
		parse: number({ min: -90, max: 90 }),
	},
	{
		displayName: 'Longitude',
		name: 'longitude',
		type: 'number',
		typeOptions: { numberPrecision: 6 },
		default: 0,
		description: 'Degrees from -180 to 180',
		target: 'body.location.longitude',
		parse: number({ min: -180, max: 180 }),
	},
	{
		displayName: 'State or Province',
		name: 'stateProvince',
		type: 'string',
		default: '',
		placeholder: 'e.g. Oregon',
		target: 'body.location.state_province',
	},
	{
		displayName: 'Time Zone',
		name: 'timezone',
		type: 'string',
		default: '',
		placeholder: 'e.g. America/Los_Angeles',
		description: 'The name of the time zone in the IANA database',
		target: 'body.location.timezone',
		parse: timeZone,
	},
];

const location: CollectionField = {
	displayName: 'Location',
	name: 'location',
	type: 'collection',
	placeholder: 'Add Field',
	default: {},
	options: locationParts,
	atLeastOne: true,
};

function requireCountry({ body = {} }: KitRequest): void {
	const { country_code: country } = body.location as IDataObject;
	if (country === undefined) throw new UserError('Location must have a Country Code');
}

/** Kit replaces the whole location and takes nothing less than all six parts (Kit's documentation). */
function requireAllParts({ body = {} }: KitRequest): void {
	const given = body.location as IDataObject;
	const missing = locationParts.filter(
		({ target = '' }) => given[target.slice('body.location.'.length)] === undefined,
	);
	if (missing.length === 0) return;
	const names = missing.map(({ displayName }) => displayName).join(', ');
	throw new UserError(`Location needs all its parts: ${names} missing`);
}

function requireChange({ body = {} }: KitRequest): void {
	if (Object.keys(body).length > 0) return;
	throw new UserError(
		'Nothing would change: First Name, Custom Fields or Update Fields must have at least one value',
	);
}

export const subscriber: Resource = {
	name: 'Subscriber',
	value: 'subscriber',
	operations: {
		create: {
			name: 'Create or Update',
			action: 'Create or update subscriber',
			description:
				'Create a new subscriber, or update the current one if it already exists (upsert), and add them to tags, a form and a sequence',
			request: 'POST /subscribers',
			idempotent: true,
			fields: [
				emailAddress,
				...person,
				{ ...tags, parse: listOf(idOrName('tags'), 'dropped') },
				additionalFields(...moreFields, createTags, ...addTo, state),
			],
			returns: outputOf('subscriber', savedSubscriber()),
		},
		createMany: {
			name: 'Create or Update Many',
			action: 'Create or update many subscribers',
			description:
				'Create or update subscribers with their custom fields, tags and form, up to 100 items with one request for each of the four. A sequence takes a request for each subscriber.',
			request: 'POST /bulk/subscribers',
			idempotent: true,
			fields: [
				emailAddress,
				...person,
				tags,
				additionalFields(...moreFields, createTags, ...addTo, state),
			],
			returns: outputOf('subscriber', importSubscribers()),
		},
		export: {
			name: 'Export',
			action: 'Export subscribers to file',
			description:
				'Write all subscribers into one file, however many: only active ones, unless Status in Filters says otherwise',
			request: 'GET /subscribers',
			fields: [
				format,
				binaryPropertyName,
				listFilters,
				listSort,
				options(...fileOptions, ...listOptions),
			],
			check: checkList,
			returns: file('subscribers'),
		},
		filter: {
			name: 'Filter',
			action: 'Filter subscribers',
			description: 'List subscribers by what they did, their tags, custom fields or location',
			request: 'POST /subscribers/filter',
			idempotent: true,
			reads: true,
			fields: [
				specifyConditions,
				{ ...filterConditions, displayOptions: { show: { specifyConditions: ['fields'] } } },
				conditionsJson,
				filterSort,
				options(...filterOptions),
			],
			check: checkFilter,
			returns: outputOf('subscriber', list('subscribers', { pageSize: FILTER_PAGE })),
		},
		get: {
			name: 'Get',
			action: 'Get subscriber',
			description: 'Retrieve a subscriber by ID or email address, whatever their state',
			request: 'GET /subscribers/{subscriber_id|email_address}',
			fields: [subscriberId, options(whenNotFound)],
			returns: outputOf('subscriber', subscriberByIdOrAddress()),
		},
		getAll: {
			name: 'Get Many',
			action: 'Get many subscribers',
			description: 'List subscribers: only active ones, unless Status in Filters says otherwise',
			request: 'GET /subscribers',
			fields: [listFilters, listSort, options(...cursors, ...listOptions, onlyCount, onlyNew)],
			check: (request, settings) => {
				checkList(request);
				checkPlace(request, settings);
			},
			returns: outputOf('subscriber', list('subscribers', { read: readSubscribers })),
		},
		getStats: {
			name: 'Get Stats',
			action: 'Get stats of subscriber',
			description: 'Retrieve how many emails a subscriber was sent, opened and clicked',
			request: 'GET /subscribers/{subscriber_id}/stats',
			fields: [subscriberId, statsFilters],
			returns: outputOf('subscriberStats', record('subscriber')),
		},
		getTags: {
			name: 'Get Tags',
			action: 'Get tags of subscriber',
			description: 'List the tags that a subscriber has',
			request: 'GET /subscribers/{subscriber_id}/tags',
			fields: [subscriberId, options(onlyCount)],
			returns: list('tags'),
		},
		hasTag: {
			name: 'Has Tag',
			action: 'Check whether subscriber has tag',
			description:
				'Say whether a subscriber has a tag: has_tag of the output is true or false, for an IF node',
			request: 'GET /subscribers/{subscriber_id}/tags',
			fields: [{ ...tagIdOrName, target: undefined }, subscriberId],
			returns: hasTag(),
		},
		removeLocation: {
			name: 'Remove Location',
			action: 'Remove location of subscriber',
			description: 'Take away a pinned location',
			request: 'DELETE /subscribers/{subscriber_id}/location',
			fields: [subscriberId],
			returns: success('subscriber'),
		},
		setLocation: {
			name: 'Set Location',
			action: 'Set location of subscriber',
			description:
				'Pin a location, of which only the country is needed, in place of what Kit found out',
			request: 'POST /subscribers/{subscriber_id}/location',
			idempotent: true,
			fields: [subscriberId, location],
			check: requireCountry,
			returns: outputOf('subscriber', wholeResponse('subscriber')),
		},
		unsubscribe: {
			name: 'Unsubscribe',
			action: 'Unsubscribe subscriber',
			description: 'Cancel a subscriber, who then gets no more emails from the account',
			request: 'POST /subscribers/{subscriber_id}/unsubscribe',
			idempotent: true,
			fields: [subscriberId],
			returns: success('subscriber'),
		},
		update: {
			name: 'Update',
			action: 'Update subscriber',
			description: 'Change the email address, first name or custom fields of a subscriber',
			request: 'PUT /subscribers/{subscriber_id}',
			fields: [
				subscriberId,
				...person,
				{
					...updateFields(
						...moreFields,
						{
							...emailAddress,
							required: false,
							description: 'The new email address. Left out, they keep the one they have.',
						},
						fieldsToClear([{ name: 'First Name', place: 'first_name', value: null }]),
					),
					atLeastOne: undefined,
				},
			],
			check: requireChange,
			returns: outputOf('subscriber', savedSubscriber()),
		},
		updateLocation: {
			name: 'Update Location',
			action: 'Update location of subscriber',
			description: 'Replace a pinned location by another, for which all parts are needed',
			request: 'PATCH /subscribers/{subscriber_id}/location',
			fields: [subscriberId, location],
			check: requireAllParts,
			returns: outputOf('subscriber', wholeResponse('subscriber')),
		},
	},
};

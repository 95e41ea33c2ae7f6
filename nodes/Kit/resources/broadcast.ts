import { UserError } from 'n8n-workflow';
import {
	additionalFields,
	fieldsToClear,
	filters,
	onlyCount,
	options,
	updateFields,
} from '../../shared/fields/collections';
import { content, previewText, sendingEmailAddress, subject } from '../../shared/fields/emails';
import type { Field, RowsField, ValueField } from '../../shared/fields/field';
import { broadcastId, emailTemplate } from '../../shared/fields/locators';
import { idOrName, NAMES_HINT } from '../../shared/fields/names';
import { boolean, date, dateTime, list as listOf, url } from '../../shared/fields/parsers';
import type { KitRequest } from '../../shared/transport/client';
import { duplicatedBroadcast, savedBroadcast } from '../operation/broadcasts';
import type { Resource, Settings } from '../operation/operation';
import { outputOf } from '../operation/output';
import { list, record, deleted } from '../operation/returns';

/**
 * One group, since Kit takes no more (Kit's document).
 * @param description what the field decides
 * @param leftOut what it is to take the field away for
 */
const recipients = (description: string, leftOut: string): RowsField => ({
	displayName: 'Recipients',
	name: 'recipients',
	type: 'fixedCollection',
	placeholder: 'Choose Recipients',
	default: {},
	description,
	options: [
		{
			displayName: 'Recipients',
			name: 'recipients',
			values: [
				{
					displayName: 'Match',
					name: 'match',
					type: 'options',
					options: [
						{ name: 'All of These', value: 'all', description: 'Who is in every one of them' },
						{ name: 'Any of These', value: 'any', description: 'Who is in one or more of them' },
						{ name: 'None of These', value: 'none', description: 'Who is in none of them' },
					],
					default: 'any',
				},
				{
					displayName: 'Segment Names or IDs',
					name: 'segmentIds',
					type: 'multiOptions',
					hint: NAMES_HINT,
					typeOptions: { loadOptionsMethod: 'getSegments' },
					default: [],
					description:
						'Segments of the account. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
					parse: listOf(idOrName('segments')),
				},
				{
					displayName: 'Tag Names or IDs',
					name: 'tagIds',
					type: 'multiOptions',
					hint: NAMES_HINT,
					typeOptions: { loadOptionsMethod: 'getTags' },
					default: [],
					description:
						'Tags of the account. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
					parse: listOf(idOrName('tags')),
				},
			],
		},
	],
	target: 'body.subscriber_filter',
	combine: ([row]) => {
		if (!row) return undefined;
		const group = [
			{ type: 'segment', ids: row.segmentIds },
			{ type: 'tag', ids: row.tagIds },
		].filter(({ ids }) => ids !== undefined);
		if (group.length > 0) return [{ [row.match as string]: group }];
		throw new UserError(
			`must name at least one segment or tag. To ${leftOut}, take the field away`,
		);
	},
});

/** The ways to send a broadcast. */
const SENDINGS = [
	{ name: 'Send at a Time', value: 'atTime', description: 'Kit sends it at the time below' },
	{ name: 'Send Now', value: 'now', description: 'Kit begins to send it at once' },
];

const when: ValueField = {
	displayName: 'When',
	name: 'when',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Save as Draft',
			value: 'draft',
			description: 'It waits in Kit, where you finish it and send it yourself',
		},
		...SENDINGS,
	],
	default: 'draft',
	hint: 'A broadcast that is sent goes to all active subscribers, unless Recipients names others',
};

const changeWhen: ValueField = {
	...when,
	options: [
		{
			name: 'Do Not Change',
			value: 'unchanged',
			description: 'A draft stays a draft, and a schedule stays as it is',
		},
		{ name: 'Save as Draft', value: 'draft', description: 'A schedule is taken back' },
		...SENDINGS,
	],
	default: 'unchanged',
	hint: 'A broadcast that is sent goes to the recipients that it has, unless Recipients names others',
};

/** So long ago a time may be that an expression took for now. */
const LATE_MS = 60_000;

const sendAt: ValueField = {
	displayName: 'Send At',
	name: 'sendAt',
	type: 'dateTime',
	default: '',
	required: true,
	description:
		'When Kit sends the broadcast. A time without a zone is in the time zone of the workflow.',
	displayOptions: { show: { when: ['atTime'] } },
	target: 'body.send_at',
	parse: (value, context) => {
		const time = dateTime(value, context);
		if (time === undefined || Date.parse(time) > Date.now() - LATE_MS) return time;
		throw new UserError(
			`must not be in the past, and ${time} is. To send at once, set When to Send Now`,
		);
	},
};

/** Kit sends what has a time, at once where that has come, and keeps as a draft what has none. */
function schedule({ body = {} }: KitRequest, { when: chosen }: Settings): void {
	if (chosen === 'now') body.send_at = new Date().toISOString();
}

/** Kit wants it said where content goes with a “Starting point” template (Kit's document of 2026-10). */
const allowStartingPoint: ValueField = {
	displayName: 'Allow Starting Point Template',
	name: 'allowStartingPoint',
	type: 'boolean',
	default: false,
	description:
		'Whether the template may be one of Kit’s “Starting point” templates. What was laid out in Kit’s editor is then replaced by plain HTML, which cannot be undone.',
	target: 'body.allow_starting_point',
	parse: (value, context) => boolean(value, context) === true || undefined,
};

/** What a broadcast has besides subject and content, for creating as for updating one. */
const broadcastFields: Field[] = [
	allowStartingPoint,
	{
		displayName: 'Description',
		name: 'description',
		type: 'string',
		default: '',
		description: 'A note for you; readers do not see it',
		target: 'body.description',
	},
	emailTemplate,
	{
		displayName: 'Public',
		name: 'public',
		type: 'boolean',
		default: false,
		description: 'Whether the broadcast is also published in the newsletter feed on the web',
		target: 'body.public',
	},
	{
		displayName: 'Published At',
		name: 'publishedAt',
		type: 'dateTime',
		default: '',
		description: 'The date that the web version shows',
		target: 'body.published_at',
	},
	previewText,
	sendingEmailAddress,
	{
		displayName: 'Thumbnail Alt Text',
		name: 'thumbnailAlt',
		type: 'string',
		default: '',
		description: 'What the thumbnail shows, for those who cannot see it',
		target: 'body.thumbnail_alt',
	},
	{
		displayName: 'Thumbnail URL',
		name: 'thumbnailUrl',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://example.com/picture.jpg',
		description: 'The picture that the web version shows',
		target: 'body.thumbnail_url',
		parse: url,
	},
];

const broadcastFilters = filters(
	{
		displayName: 'Sent After',
		name: 'sentAfter',
		type: 'dateTime',
		default: '',
		description: 'Only broadcasts sent after this day',
		target: 'query.sent_after',
		parse: date,
	},
	{
		displayName: 'Sent Before',
		name: 'sentBefore',
		type: 'dateTime',
		default: '',
		description: 'Only broadcasts sent before this day',
		target: 'query.sent_before',
		parse: date,
	},
	{
		displayName: 'Status',
		name: 'status',
		type: 'options',
		options: [
			{ name: 'Aborted', value: 'aborted' },
			{ name: 'Completed', value: 'completed' },
			{ name: 'Draft', value: 'draft' },
			{ name: 'Scheduled', value: 'scheduled' },
			{ name: 'Sending', value: 'sending' },
		],
		default: 'completed',
		target: 'query.status',
	},
);

/** Kit creates a broadcast from a subject and either content or a template (Kit's documentation). */
function requireContent({ body = {} }: KitRequest): void {
	if (body.content === undefined && body.email_template_id === undefined) {
		throw new UserError(
			'Content must be filled in, or an Email Template chosen in Additional Fields',
		);
	}
}

/** What is not named in an update stays as it is; null takes a schedule back (Kit's documentation). */
function reschedule(request: KitRequest, settings: Settings): void {
	schedule(request, settings);
	const { body = {} } = request;
	if (settings.when === 'draft') body.send_at = null;
	if (Object.keys(body).length > 0) return;
	throw new UserError(
		'Update Fields must have at least one field with a value, where neither When nor Recipients changes anything',
	);
}

export const broadcast: Resource = {
	name: 'Broadcast',
	value: 'broadcast',
	operations: {
		create: {
			name: 'Create',
			action: 'Create broadcast',
			description: 'Create a draft, or an email that Kit sends to subscribers now or at a time',
			request: 'POST /broadcasts',
			idempotent: false,
			fields: [
				subject,
				content,
				when,
				sendAt,
				recipients(
					'Who gets the broadcast: all active subscribers, unless segments or tags are chosen here',
					'reach all active subscribers',
				),
				additionalFields(...broadcastFields),
			],
			check: (request, settings) => {
				requireContent(request);
				schedule(request, settings);
			},
			returns: outputOf('broadcast', savedBroadcast()),
		},
		delete: {
			name: 'Delete',
			action: 'Delete broadcast',
			description: 'Delete a broadcast that has not been sent',
			request: 'DELETE /broadcasts/{broadcast_id}',
			fields: [broadcastId],
			returns: deleted('broadcast'),
		},
		duplicate: {
			name: 'Duplicate',
			action: 'Duplicate broadcast',
			description:
				'Create a draft with the content, template and recipients of another broadcast, whatever became of that one. What was laid out in Kit’s editor becomes plain HTML.',
			request: 'POST /broadcasts',
			idempotent: false,
			fields: [
				{ ...broadcastId, target: undefined },
				additionalFields(allowStartingPoint, {
					...subject,
					required: false,
					description: 'The subject line of the draft. That of the other one, if left out.',
				}),
			],
			returns: outputOf('broadcast', duplicatedBroadcast()),
		},
		get: {
			name: 'Get',
			action: 'Get broadcast',
			description: 'Retrieve a broadcast with its content, status and recipients',
			request: 'GET /broadcasts/{broadcast_id}',
			fields: [broadcastId],
			returns: outputOf('broadcast', record('broadcast')),
		},
		getClicks: {
			name: 'Get Clicks',
			action: 'Get link clicks of broadcast',
			description: 'List the links of a broadcast and how often they were clicked',
			request: 'GET /broadcasts/{broadcast_id}/clicks',
			fields: [broadcastId],
			returns: list('broadcast.clicks'),
		},
		getAll: {
			name: 'Get Many',
			action: 'Get many broadcasts',
			description: 'List broadcasts: drafts, scheduled and sent ones',
			request: 'GET /broadcasts',
			fields: [
				broadcastFilters,
				options(
					{
						displayName: 'Leave Out Content',
						name: 'slim',
						type: 'boolean',
						default: false,
						description:
							'Whether to leave out the content, the recipients, the template and the addresses of each broadcast, which is faster',
						target: 'query.slim',
					},
					onlyCount,
				),
			],
			returns: outputOf('broadcastInList', list('broadcasts')),
		},
		getManyStats: {
			name: 'Get Many Stats',
			action: 'Get stats of many broadcasts',
			description:
				'List opens, clicks and unsubscribes of broadcasts, which needs an account on Kit’s Pro plan',
			request: 'GET /broadcasts/stats',
			fields: [broadcastFilters, options(onlyCount)],
			returns: outputOf('broadcastStats', list('broadcasts')),
		},
		getStats: {
			name: 'Get Stats',
			action: 'Get stats of broadcast',
			description: 'Retrieve opens, clicks and unsubscribes of a broadcast',
			request: 'GET /broadcasts/{broadcast_id}/stats',
			fields: [broadcastId],
			returns: outputOf('broadcastStats', record('broadcast')),
		},
		update: {
			name: 'Update',
			action: 'Update broadcast',
			description: 'Change, schedule or take back a broadcast that has not been sent',
			request: 'PUT /broadcasts/{broadcast_id}',
			fields: [
				broadcastId,
				changeWhen,
				sendAt,
				recipients(
					'Who gets the broadcast. Left out, its recipients stay as they are.',
					'leave its recipients as they are',
				),
				{
					...updateFields(
						{ ...content, placeholder: undefined, description: 'The HTML of the email' },
						fieldsToClear([
							{ name: 'Description', place: 'description', value: '' },
							{ name: 'Preview Text', place: 'preview_text', value: '' },
							{
								name: 'Sending Email Address',
								place: 'email_address',
								value: null,
								description: 'Sends from the default address of the account again',
							},
							{ name: 'Thumbnail Alt Text', place: 'thumbnail_alt', value: null },
							{ name: 'Thumbnail URL', place: 'thumbnail_url', value: null },
						]),
						...broadcastFields,
						{ ...subject, required: false },
					),
					atLeastOne: undefined,
				},
			],
			check: reschedule,
			returns: outputOf('broadcast', savedBroadcast()),
		},
	},
};

import { UserError } from 'n8n-workflow';
import {
	additionalFields,
	fieldsToClear,
	filters,
	options,
	updateFields,
} from '../../shared/fields/collections';
import { previewText, sendingEmailAddress, subject } from '../../shared/fields/emails';
import type { Field, RowsField, ValueField } from '../../shared/fields/field';
import { LIQUID_HINT } from '../../shared/fields/liquid';
import { broadcastId, emailTemplate } from '../../shared/fields/locators';
import { boolean, date, id, list as listOf, url } from '../../shared/fields/parsers';
import type { KitRequest } from '../../shared/transport/client';
import type { Resource } from '../operation/operation';
import { list, record, success } from '../operation/returns';

const content: ValueField = {
	displayName: 'Content',
	name: 'content',
	type: 'string',
	typeOptions: { rows: 6 },
	default: '',
	placeholder: 'e.g. <p>Hello {{ subscriber.first_name }}</p>',
	description: 'The HTML of the email, with Liquid tags where you like',
	hint: LIQUID_HINT,
	takesLiquid: true,
	target: 'body.content',
};

/** One group, since Kit takes no more (Kit's document). */
const recipients: RowsField = {
	displayName: 'Recipients',
	name: 'recipients',
	type: 'fixedCollection',
	placeholder: 'Choose Recipients',
	default: {},
	description: 'Who gets the broadcast. All active subscribers do, if left out.',
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
					typeOptions: { loadOptionsMethod: 'getSegments' },
					default: [],
					description:
						'Segments of the account. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
					parse: listOf(id),
				},
				{
					displayName: 'Tag Names or IDs',
					name: 'tagIds',
					type: 'multiOptions',
					typeOptions: { loadOptionsMethod: 'getTags' },
					default: [],
					description:
						'Tags of the account. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
					parse: listOf(id),
				},
			],
		},
	],
	target: 'body.subscriber_filter',
	combine: ([row = {}]) => {
		const group = [
			{ type: 'segment', ids: row.segmentIds },
			{ type: 'tag', ids: row.tagIds },
		].filter(({ ids }) => ids !== undefined);
		if (group.length > 0) return [{ [row.match as string]: group }];
		throw new UserError(
			'must name at least one segment or tag. To reach all active subscribers, take the field away',
		);
	},
};

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
	recipients,
	{
		displayName: 'Send At',
		name: 'sendAt',
		type: 'dateTime',
		default: '',
		description:
			'When the broadcast is sent to its recipients. Without it, the broadcast is a draft. A time without a zone is in the time zone of the workflow.',
		target: 'body.send_at',
	},
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

export const broadcast: Resource = {
	name: 'Broadcast',
	value: 'broadcast',
	operations: {
		create: {
			name: 'Create',
			action: 'Create a broadcast',
			description: 'Create a draft, or with Send At schedule an email that is sent to subscribers',
			request: 'POST /broadcasts',
			idempotent: false,
			fields: [subject, content, additionalFields(...broadcastFields)],
			check: requireContent,
			returns: record('broadcast'),
		},
		delete: {
			name: 'Delete',
			action: 'Delete a broadcast',
			description: 'Delete a broadcast that has not been sent',
			request: 'DELETE /broadcasts/{broadcast_id}',
			fields: [broadcastId],
			returns: success(),
		},
		get: {
			name: 'Get',
			action: 'Get a broadcast',
			description: 'Retrieve a broadcast with its content, status and recipients',
			request: 'GET /broadcasts/{broadcast_id}',
			fields: [broadcastId],
			returns: record('broadcast'),
		},
		getClicks: {
			name: 'Get Clicks',
			action: 'Get the link clicks of a broadcast',
			description: 'List the links of a broadcast and how often they were clicked',
			request: 'GET /broadcasts/{broadcast_id}/clicks',
			fields: [broadcastId],
			returns: list('broadcast.clicks', { counts: false }),
		},
		getAll: {
			name: 'Get Many',
			action: 'Get many broadcasts',
			description: 'List broadcasts: drafts, scheduled and sent ones',
			request: 'GET /broadcasts',
			fields: [
				broadcastFilters,
				options({
					displayName: 'Leave Out Content',
					name: 'slim',
					type: 'boolean',
					default: false,
					description: 'Whether to leave out what makes the answer large, which is faster',
					target: 'query.slim',
				}),
			],
			returns: list('broadcasts'),
		},
		getManyStats: {
			name: 'Get Many Stats',
			action: 'Get the stats of many broadcasts',
			description:
				'List opens, clicks and unsubscribes of broadcasts, which needs an account on Kit’s Pro plan',
			request: 'GET /broadcasts/stats',
			fields: [broadcastFilters],
			returns: list('broadcasts'),
		},
		getStats: {
			name: 'Get Stats',
			action: 'Get the stats of a broadcast',
			description: 'Retrieve opens, clicks and unsubscribes of a broadcast',
			request: 'GET /broadcasts/{broadcast_id}/stats',
			fields: [broadcastId],
			returns: record('broadcast'),
		},
		update: {
			name: 'Update',
			action: 'Update a broadcast',
			description:
				'Change, schedule or unschedule a broadcast that has not been sent. With Send At, it is sent to subscribers.',
			request: 'PUT /broadcasts/{broadcast_id}',
			fields: [
				broadcastId,
				updateFields(
					{ ...content, placeholder: undefined, description: 'The HTML of the email' },
					fieldsToClear([
						{ name: 'Description', place: 'description', value: '' },
						{ name: 'Preview Text', place: 'preview_text', value: '' },
						{
							name: 'Send At',
							place: 'send_at',
							value: null,
							description: 'Turns a scheduled broadcast back into a draft',
						},
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
			],
			returns: record('broadcast'),
		},
	},
};

import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';
import type { Check } from '../../fields/checks';
import { id, ifGiven, email, listOf, moment, webAddress, yesOrNo } from '../../fields/checks';
import { emailTemplate } from '../../fields/locators';
import { inBody } from '../../fields/sent';

/** `{ recipients: { match, segmentIds, tagIds } }`, as n8n keeps it, to the one group that Kit takes. */
const subscriberFilter: Check = (value) => {
	const { recipients } = (value ?? {}) as { recipients?: IDataObject };
	if (!recipients) return undefined;
	const group = [
		{ type: 'segment', ids: listOf(id)(recipients.segmentIds) },
		{ type: 'tag', ids: listOf(id)(recipients.tagIds) },
	].filter(({ ids }) => ids.length > 0);
	if (group.length === 0) throw new UserError('must name at least one segment or tag');
	return [{ [recipients.match as string]: group }];
};

/** What a broadcast has besides subject and content, for creating as for updating one. */
export const broadcastFields: INodeProperties[] = [
	inBody('description', {
		displayName: 'Description',
		name: 'description',
		type: 'string',
		default: '',
		description: 'A note for you; readers do not see it',
	}),
	inBody('email_template_id', emailTemplate, ifGiven(id)),
	inBody(
		'public',
		{
			displayName: 'Public',
			name: 'public',
			type: 'boolean',
			default: false,
			description: 'Whether the broadcast is also published in the newsletter feed on the web',
		},
		yesOrNo,
	),
	inBody(
		'published_at',
		{
			displayName: 'Published At',
			name: 'publishedAt',
			type: 'dateTime',
			default: '',
			description: 'The date that the web version shows',
		},
		moment,
	),
	inBody('preview_text', {
		displayName: 'Preview Text',
		name: 'previewText',
		type: 'string',
		default: '',
		description: 'What inboxes show after the subject',
	}),
	inBody(
		'subscriber_filter',
		{
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
								{
									name: 'Any of These',
									value: 'any',
									description: 'Who is in one or more of them',
								},
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
						},
						{
							displayName: 'Tag Names or IDs',
							name: 'tagIds',
							type: 'multiOptions',
							typeOptions: { loadOptionsMethod: 'getTags' },
							default: [],
							description:
								'Tags of the account. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
						},
					],
				},
			],
		},
		subscriberFilter,
	),
	inBody(
		'send_at',
		{
			displayName: 'Send At',
			name: 'sendAt',
			type: 'dateTime',
			default: '',
			description:
				'When the broadcast is sent to its recipients. Without it, the broadcast is a draft. A time without a zone is in the time zone of the workflow.',
		},
		moment,
	),
	inBody(
		'email_address',
		{
			displayName: 'Sending Email Address',
			name: 'emailAddress',
			type: 'string',
			default: '',
			placeholder: 'e.g. hello@example.com',
			description: 'An address of the account to send from. Its default address, if left out.',
		},
		ifGiven(email),
	),
	inBody('thumbnail_alt', {
		displayName: 'Thumbnail Alt Text',
		name: 'thumbnailAlt',
		type: 'string',
		default: '',
		description: 'What the thumbnail shows, for those who cannot see it',
	}),
	inBody(
		'thumbnail_url',
		{
			displayName: 'Thumbnail URL',
			name: 'thumbnailUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://example.com/picture.jpg',
			description: 'The picture that the web version shows',
		},
		webAddress,
	),
];

import { list, record, success } from '../../answers';
import { bulk } from '../../bulk/answer';
import { DELETED_TAG, NEW_TAG, TAGGING, UNTAGGING } from '../../bulk/entries';
import { id, required } from '../../fields/checks';
import { tag as tagLocator } from '../../fields/locators';
import { inBody, inPath } from '../../fields/sent';
import { between, status } from '../../fields/subscriberFilters';
import type { Resource } from '../resource';

const show = { resource: ['tag'] };

export const tag: Resource = {
	name: 'Tag',
	value: 'tag',
	operations: [
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show },
			options: [
				{
					name: 'Add to Many Subscribers',
					value: 'addToSubscribers',
					action: 'Add tags to many subscribers',
					description:
						'Tag subscribers, up to 100 items with one request. Nothing changes for those who have the tag.',
					routing: {
						request: { method: 'POST', url: '/kit/v4/bulk/tags/subscribers' },
						...bulk(TAGGING),
					},
				},
				{
					name: 'Add to Subscriber',
					value: 'addToSubscriber',
					action: 'Add a tag to a subscriber',
					description: 'Tag a subscriber who already exists. Nothing changes if they have the tag.',
					routing: {
						request: {
							method: 'POST',
							url: '/kit/v4/tags/{tag_id}/subscribers/{subscriber_id|email_address}',
						},
						...record('subscriber'),
					},
				},
				{
					name: 'Create',
					value: 'create',
					action: 'Create a tag',
					description: 'Create a tag, or get the one that already has this name',
					routing: { request: { method: 'POST', url: '/kit/v4/tags' }, ...record('tag') },
				},
				{
					name: 'Create Many',
					value: 'createMany',
					action: 'Create many tags',
					description:
						'Create tags, or get those that already have these names, up to 100 items with one request',
					routing: { request: { method: 'POST', url: '/kit/v4/bulk/tags' }, ...bulk(NEW_TAG) },
				},
				{
					name: 'Delete',
					value: 'delete',
					action: 'Delete a tag',
					description: 'Delete a tag and take it away from every subscriber who has it',
					routing: { request: { method: 'DELETE', url: '/kit/v4/tags/{tag_id}' }, ...success() },
				},
				{
					name: 'Delete Many',
					value: 'deleteMany',
					action: 'Delete many tags',
					description:
						'Delete tags and take them away from every subscriber who has them, up to 100 items with one request',
					routing: {
						request: { method: 'DELETE', url: '/kit/v4/bulk/tags' },
						...bulk(DELETED_TAG),
					},
				},
				{
					name: 'Get Many',
					value: 'getAll',
					action: 'Get many tags',
					description: 'List the tags of the account',
					routing: { request: { method: 'GET', url: '/kit/v4/tags' }, ...list('tags') },
				},
				{
					name: 'Get Subscribers',
					value: 'getSubscribers',
					action: 'Get the subscribers of a tag',
					description: 'List the subscribers who have a tag',
					routing: {
						request: { method: 'GET', url: '/kit/v4/tags/{tag_id}/subscribers' },
						...list('subscribers'),
					},
				},
				{
					name: 'Remove From Many Subscribers',
					value: 'removeFromSubscribers',
					action: 'Remove tags from many subscribers',
					description: 'Take tags away from subscribers, up to 100 items with one request',
					routing: {
						request: { method: 'DELETE', url: '/kit/v4/bulk/tags/subscribers' },
						...bulk(UNTAGGING),
					},
				},
				{
					name: 'Remove From Subscriber',
					value: 'removeFromSubscriber',
					action: 'Remove a tag from a subscriber',
					description: 'Take a tag away from a subscriber',
					routing: {
						request: {
							method: 'DELETE',
							url: '/kit/v4/tags/{tag_id}/subscribers/{subscriber_id|email_address}',
						},
						...success(),
					},
				},
				{
					name: 'Update',
					value: 'update',
					action: 'Update a tag',
					description: 'Give a tag another name. Its subscribers keep it.',
					routing: { request: { method: 'PUT', url: '/kit/v4/tags/{tag_id}' }, ...record('tag') },
				},
			],
			default: 'getAll',
		},
		inPath(
			'tag_id',
			tagLocator({
				show: {
					...show,
					operation: [
						'addToSubscriber',
						'addToSubscribers',
						'delete',
						'deleteMany',
						'getSubscribers',
						'removeFromSubscriber',
						'removeFromSubscribers',
						'update',
					],
				},
			}),
			id,
		),
	],
	fields: [
		inBody(
			'name',
			{
				displayName: 'Name',
				name: 'name',
				type: 'string',
				default: '',
				required: true,
				placeholder: 'e.g. Bought the course',
				description: 'What the tag is to be called',
				displayOptions: { show: { ...show, operation: ['update'] } },
			},
			required,
		),
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			displayOptions: { show: { ...show, operation: ['getSubscribers'] } },
			options: [...between('created', 'Created'), status, ...between('tagged', 'Tagged')],
		},
	],
};

import { filters, onlyCount, options } from '../../shared/fields/collections';
import type { ValueField } from '../../shared/fields/field';
import { subscriberId, tagIdOrName, tagToAdd } from '../../shared/fields/locators';
import { between, slim, status } from '../../shared/fields/subscriberFilters';
import {
	createSubscriber,
	createSubscribers,
	includeSubscriberCount,
	newSubscriber,
} from '../../shared/fields/subscribers';
import { bulk } from '../bulk/bulk';
import { ADD_TAGS, CREATE_TAGS, DELETE_TAGS, REMOVE_TAGS } from '../bulk/endpoints';
import { addedSubscriber } from '../operation/addSubscriber';
import type { Resource } from '../operation/operation';
import { outputOf } from '../operation/output';
import { deletedTag, list, record, success } from '../operation/returns';

const name: ValueField = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. Bought the course',
	description: 'What the tag is to be called',
	target: 'body.name',
};

const createTag: ValueField = {
	displayName: 'Create If Missing',
	name: 'createTag',
	type: 'boolean',
	default: false,
	description:
		'Whether a tag that the account does not have is created. Otherwise it is an error of its item.',
	displayOptions: { show: { '/tagId.mode': ['name'] } },
};

export const tag: Resource = {
	name: 'Tag',
	value: 'tag',
	operations: {
		addToSubscribers: {
			name: 'Add to Many Subscribers',
			action: 'Add tags to many subscribers',
			description:
				'Tag subscribers, up to 100 items with one request. Nothing changes for those who have the tag.',
			request: 'POST /bulk/tags/subscribers',
			idempotent: true,
			fields: [tagToAdd, subscriberId, createTag, options(createSubscribers)],
			returns: outputOf('subscriber', bulk(ADD_TAGS)),
		},
		addToSubscriber: {
			name: 'Add to Subscriber',
			action: 'Add tag to subscriber',
			description:
				'Tag a subscriber, who can be created for it. Nothing changes if they have the tag.',
			request: 'POST /tags/{tag_id}/subscribers/{subscriber_id|email_address}',
			idempotent: true,
			fields: [tagToAdd, subscriberId, createTag, createSubscriber, ...newSubscriber],
			returns: outputOf('subscriber', addedSubscriber()),
		},
		create: {
			name: 'Create',
			action: 'Create tag',
			description: 'Create a tag, or get the one that already has this name',
			request: 'POST /tags',
			idempotent: true,
			fields: [name],
			returns: record('tag'),
		},
		createMany: {
			name: 'Create Many',
			action: 'Create many tags',
			description:
				'Create tags, or get those that already have these names, up to 100 items with one request',
			request: 'POST /bulk/tags',
			idempotent: true,
			fields: [name],
			returns: bulk(CREATE_TAGS),
		},
		delete: {
			name: 'Delete',
			action: 'Delete tag',
			description: 'Delete a tag and take it away from every subscriber who has it',
			request: 'DELETE /tags/{tag_id}',
			fields: [tagIdOrName],
			returns: deletedTag(),
		},
		deleteMany: {
			name: 'Delete Many',
			action: 'Delete many tags',
			description:
				'Delete tags and take them away from every subscriber who has them, up to 100 items with one request',
			request: 'DELETE /bulk/tags',
			fields: [tagIdOrName],
			returns: bulk(DELETE_TAGS),
		},
		getAll: {
			name: 'Get Many',
			action: 'Get many tags',
			description: 'List the tags of the account',
			request: 'GET /tags',
			fields: [options(includeSubscriberCount, onlyCount)],
			returns: list('tags'),
		},
		getSubscribers: {
			name: 'Get Subscribers',
			action: 'Get subscribers of tag',
			description: 'List the subscribers who have a tag',
			request: 'GET /tags/{tag_id}/subscribers',
			fields: [
				tagIdOrName,
				filters(...between('created', 'Created'), status, ...between('tagged', 'Tagged')),
				options(slim, onlyCount),
			],
			returns: outputOf('subscriber', list('subscribers')),
		},
		removeFromSubscribers: {
			name: 'Remove From Many Subscribers',
			action: 'Remove tags from many subscribers',
			description: 'Take tags away from subscribers, up to 100 items with one request',
			request: 'DELETE /bulk/tags/subscribers',
			fields: [tagIdOrName, subscriberId],
			returns: bulk(REMOVE_TAGS),
		},
		removeFromSubscriber: {
			name: 'Remove From Subscriber',
			action: 'Remove tag from subscriber',
			description: 'Take a tag away from a subscriber',
			request: 'DELETE /tags/{tag_id}/subscribers/{subscriber_id|email_address}',
			fields: [tagIdOrName, subscriberId],
			returns: success(),
		},
		update: {
			name: 'Update',
			action: 'Update tag',
			description: 'Give a tag another name. Its subscribers keep it.',
			request: 'PUT /tags/{tag_id}',
			fields: [tagIdOrName, name],
			returns: record('tag'),
		},
	},
};

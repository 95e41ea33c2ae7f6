import { filters, onlyCount, options } from '../../shared/fields/collections';
import type { ValueField } from '../../shared/fields/field';
import { formIdOrName, subscriberId } from '../../shared/fields/locators';
import { between, slim, status } from '../../shared/fields/subscriberFilters';
import {
	createSubscriber,
	createSubscribers,
	includeSubscriberCount,
	newSubscriber,
} from '../../shared/fields/subscribers';
import { bulk } from '../bulk/bulk';
import { ADD_TO_FORMS } from '../bulk/endpoints';
import { addedSubscriber } from '../operation/addSubscriber';
import type { Resource } from '../operation/operation';
import { outputOf } from '../operation/output';
import { list } from '../operation/returns';

const referrer: ValueField = {
	displayName: 'Referrer',
	name: 'referrer',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://example.com/?utm_source=newsletter',
	description: 'The page they came from, from which Kit reads the UTM parameters',
	target: 'body.referrer',
};

const formFilters = filters(
	{
		displayName: 'Status',
		name: 'status',
		type: 'options',
		options: [
			{ name: 'Active', value: 'active' },
			{ name: 'All', value: 'all' },
			{ name: 'Archived', value: 'archived' },
			{ name: 'Trashed', value: 'trashed' },
		],
		default: 'active',
		description: 'Which forms to return: without this filter, only active ones',
		target: 'query.status',
	},
	{
		displayName: 'Type',
		name: 'type',
		type: 'options',
		options: [
			{ name: 'Embedded Form', value: 'embed' },
			{ name: 'Landing Page', value: 'hosted' },
		],
		default: 'embed',
		target: 'query.type',
	},
);

export const form: Resource = {
	name: 'Form',
	value: 'form',
	operations: {
		addSubscriber: {
			name: 'Add Subscriber',
			action: 'Add subscriber to form',
			description:
				'Add a subscriber, who can be created for it, to a form as if they had filled it in. A form with double opt-in sends them its confirmation email.',
			request: 'POST /forms/{form_id}/subscribers/{subscriber_id|email_address}',
			idempotent: true,
			fields: [formIdOrName, subscriberId, createSubscriber, ...newSubscriber, options(referrer)],
			returns: outputOf('subscriber', addedSubscriber()),
		},
		addSubscribers: {
			name: 'Add Many Subscribers',
			action: 'Add many subscribers to forms',
			description:
				'Add subscribers to forms, up to 100 items with one request. Forms with double opt-in send each of them a confirmation email.',
			request: 'POST /bulk/forms/subscribers',
			idempotent: true,
			fields: [formIdOrName, subscriberId, options(createSubscribers, referrer)],
			returns: outputOf('subscriber', bulk(ADD_TO_FORMS)),
		},
		getAll: {
			name: 'Get Many',
			action: 'Get many forms',
			description: 'List the forms and landing pages of the account',
			request: 'GET /forms',
			fields: [formFilters, options(includeSubscriberCount, onlyCount)],
			returns: list('forms'),
		},
		getSubscribers: {
			name: 'Get Subscribers',
			action: 'Get subscribers of form',
			description: 'List the subscribers who came through a form',
			request: 'GET /forms/{form_id}/subscribers',
			fields: [
				formIdOrName,
				filters(...between('added', 'Added'), ...between('created', 'Created'), status),
				options(slim, onlyCount),
			],
			returns: outputOf('subscriber', list('subscribers')),
		},
	},
};

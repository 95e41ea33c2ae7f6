import type { INodeProperties } from 'n8n-workflow';
import { eventsNeeding } from '../shared/events';
import type { EventSubject } from '../shared/events';
import { describeField } from '../shared/fields/describeField';
import { SUBJECT_FIELDS } from '../shared/fields/eventSubjects';
import { classicEvents, endpointEvents, eventFilters } from './parameters';

const classic = { delivery: ['classic'] };

const signed = { delivery: ['signed'] };

/** What an event is about, shown with the events that need it. */
function subjectField(subject: EventSubject): INodeProperties {
	return {
		...describeField(SUBJECT_FIELDS[subject]),
		displayOptions: { show: { ...classic, events: eventsNeeding(subject) } },
	};
}

/**
 * Lets n8n hand the node what arrived as it is, rather than refuse with 422 what is no JSON before the
 * node runs. It is the option of n8n's Webhook node 1, which n8n heeds at every node of version 1
 * (`parseRequestBody` in n8n's `webhook-helpers.ts`); where it does not, all works but that 400.
 */
const untouchedBody: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'hidden',
	default: { binaryData: true },
};

export const properties: INodeProperties[] = [
	{
		displayName: 'Delivery',
		name: 'delivery',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Classic Webhook',
				value: 'classic',
				description: 'One webhook for each event, also for purchases and link clicks',
			},
			{
				name: 'Signed Endpoint',
				value: 'signed',
				description: 'One endpoint for any number of events, signed and tried again by Kit',
			},
		],
		default: 'classic',
	},
	{
		displayName:
			'Kit posts each event once, to an address that only it knows. What gets lost on the way is not sent again.',
		name: 'classicNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: classic },
	},
	{
		displayName:
			'Kit signs what it posts, sends up to 100 events at once, and tries again for two days when n8n does not answer. n8n must be reachable from the internet.',
		name: 'signedNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: signed },
	},
	{ ...describeField(classicEvents), displayOptions: { show: classic } },
	subjectField('form_id'),
	subjectField('sequence_id'),
	subjectField('tag_id'),
	subjectField('custom_field_id'),
	subjectField('product_id'),
	subjectField('initiator_value'),
	{ ...describeField(endpointEvents), displayOptions: { show: signed } },
	{ ...describeField(eventFilters), displayOptions: { show: signed } },
	untouchedBody,
];

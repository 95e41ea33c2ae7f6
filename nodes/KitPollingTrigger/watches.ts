import { byName } from '../shared/byName';
import type { IDataObject } from 'n8n-workflow';
import { DAY_MS } from '../shared/durations';
import { formId, tagId } from '../shared/fields/locators';
import { toText } from '../shared/fields/parsers';
import { LISTS } from '../shared/lists';
import { clickedLinkWatch, matchesFilterWatch, openedBroadcastWatch } from './engagementWatches';
import { listWatch } from './listWatch';
import { missedEventsWatch } from './missedWatch';
import { newPost } from './postWatch';
import { newOrUpdatedSubscriber } from './updateWatch';
import type { Watch } from './watch';

const SUBSCRIBERS = LISTS.subscribers.path;

const ONE_REQUEST =
	'A poll takes one small request while nothing is new, and one more for each 1,000 that are new.';

const aboutSubscriber = (row: IDataObject) => ({ subscriber: row });

const newSubscriber = listWatch({
	name: 'New Subscriber',
	value: 'newSubscriber',
	description: 'Somebody was added to the account, confirmed or not',
	notice: ONE_REQUEST,
	fields: [],
	event: 'subscriber.created',
	request: () => ({ path: SUBSCRIBERS, query: { status: 'all' } }),
	key: 'subscribers',
	column: 'id',
	createdColumn: 'created_at',
	data: aboutSubscriber,
});

const unsubscribed = listWatch({
	name: 'Unsubscribed',
	value: 'unsubscribed',
	description: 'A subscriber left the list',
	notice: `${ONE_REQUEST} Somebody who comes back and leaves again is reported again.`,
	fields: [],
	event: 'subscriber.unsubscribed',
	request: () => ({
		path: SUBSCRIBERS,
		query: {
			status: 'cancelled',
			include: 'canceled_at',
			sort_field: 'cancelled_at',
			sort_order: 'desc',
		},
	}),
	key: 'subscribers',
	column: 'canceled_at',
	data: aboutSubscriber,
});

const tagAdded = listWatch({
	name: 'Tag Added',
	value: 'tagAdded',
	description: 'A subscriber got a tag',
	notice: `${ONE_REQUEST} Somebody who loses the tag and gets it again is reported again.`,
	fields: [{ ...tagId, description: 'The tag whose new members are meant' }],
	event: 'subscriber.tag_added',
	request: (settings) => ({
		path: `${LISTS.tags.path}/${toText(settings.tagId)}/subscribers`,
		query: { status: 'all' },
	}),
	key: 'subscribers',
	column: 'tagged_at',
	data: (row, { tagId: id }) => ({ subscriber: row, tag: { id: id as number } }),
});

const formSubscription = listWatch({
	name: 'Form Subscription',
	value: 'formSubscription',
	description: 'A subscriber signed up through a form or landing page, or was added to it',
	notice:
		'A poll takes one request for those who joined the form in the last days, and one more for each further 1,000, because the order of Kit’s list does not tell who came last.',
	fields: [{ ...formId, description: 'The form or landing page whose new members are meant' }],
	event: 'subscriber.subscribed_to_form',
	request: (settings) => ({
		path: `${LISTS.forms.path}/${toText(settings.formId)}/subscribers`,
		query: { status: 'all' },
	}),
	key: 'subscribers',
	column: 'added_at',
	dayFilter: 'added_after',
	data: (row, { formId: id }) => ({ subscriber: row, form: { id: id as number } }),
});

const newPurchase = listWatch({
	name: 'New Purchase',
	value: 'newPurchase',
	description: 'Somebody bought something, at Kit or at a shop that tells Kit',
	notice: `${ONE_REQUEST} It needs a connection to Kit by OAuth2.`,
	fields: [],
	event: 'purchase.created',
	request: () => ({ path: LISTS.purchases.path }),
	key: 'purchases',
	column: 'id',
	createdColumn: 'transaction_time',
	data: (row) => ({ purchase: row }),
});

const broadcastSent = listWatch({
	name: 'Broadcast Sent',
	value: 'broadcastSent',
	description: 'A broadcast has gone out to all of its recipients',
	notice: 'A poll takes one small request, for the broadcasts of the last days.',
	fields: [],
	event: 'broadcast.sent',
	request: () => ({
		path: LISTS.broadcasts.path,
		query: { status: 'completed', slim: true },
	}),
	key: 'broadcasts',
	column: 'send_at',
	otherColumns: ['published_at', 'created_at'],
	dayFilter: 'sent_after',
	// One that was begun before another may be through after it, by as much as it is larger.
	lagMs: 3 * DAY_MS,
	isSlow: true,
	data: (row) => ({ broadcast: row }),
});

/** What can be watched, in the order of their names. */
export const WATCHES: readonly Watch[] = [
	broadcastSent,
	clickedLinkWatch,
	formSubscription,
	matchesFilterWatch,
	missedEventsWatch,
	newOrUpdatedSubscriber,
	newPost,
	newPurchase,
	newSubscriber,
	openedBroadcastWatch,
	tagAdded,
	unsubscribed,
].sort(byName);

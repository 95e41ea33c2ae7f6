import { between } from './dates';
import { page } from './pages';
import { answer, EMPTY, isSet } from './route';
import type { Answer, Call, Route } from './route';
import type { Account, Subscriber, Tag, Tagging } from './state';
import { listedSubscriber, writtenSubscriber } from './subscriberRows';
import { stateFilter, subscriberByEmail, subscriberIn } from './subscribers';
import { tagIn } from './tags';

function listSubscribers(call: Call): Answer {
	const { account, query } = call;
	const tag = tagIn(call, 'tag_id');
	const inState = stateFilter(query.status);
	const created = between(query, 'created');
	const tagged = between(query, 'tagged');
	const keep = ({ subscriber, at }: Tagging) =>
		(inState?.(subscriber) ?? true) &&
		(created?.(subscriber.createdAt) ?? true) &&
		(tagged?.(at) ?? true);
	const list = { rows: tag.taggings, key: ({ at, id }: Tagging) => [at, id], keep };
	const { rows, pagination } = page(list, query);
	const row = ({ subscriber, at }: Tagging) =>
		listedSubscriber(account, subscriber, isSet(query.slim), at);
	return answer({ subscribers: rows.map(row), pagination });
}

function tagSubscriber(account: Account, tag: Tag, subscriber: Subscriber): Answer {
	const existing = subscriber.taggings.find((tagging) => tagging.tag === tag);
	const { at } = existing ?? account.addTagging(tag, subscriber);
	const body = { subscriber: writtenSubscriber(account, subscriber, at) };
	return answer(body, existing ? 200 : 201);
}

function tagById(call: Call): Answer {
	return tagSubscriber(call.account, tagIn(call, 'tag_id'), subscriberIn(call));
}

function tagByEmail(call: Call): Answer {
	const tag = tagIn(call, 'tag_id');
	return tagSubscriber(call.account, tag, subscriberByEmail(call, 'tag subscriber'));
}

function untagById(call: Call): Answer {
	call.account.removeTagging(tagIn(call, 'tag_id'), subscriberIn(call));
	return EMPTY;
}

function untagByEmail(call: Call): Answer {
	const tag = tagIn(call, 'tag_id');
	const subscriber = subscriberByEmail(call, 'remove tag from subscriber');
	call.account.removeTagging(tag, subscriber);
	return EMPTY;
}

/** Kit's endpoints about who has a tag. */
export const tagSubscriberRoutes: readonly Route[] = [
	{ method: 'GET', path: '/tags/:tag_id/subscribers', handle: listSubscribers },
	{ method: 'POST', path: '/tags/:tag_id/subscribers', handle: tagByEmail },
	{ method: 'DELETE', path: '/tags/:tag_id/subscribers', handle: untagByEmail },
	{ method: 'POST', path: '/tags/:tag_id/subscribers/:id', handle: tagById },
	{ method: 'DELETE', path: '/tags/:tag_id/subscribers/:id', handle: untagById },
];

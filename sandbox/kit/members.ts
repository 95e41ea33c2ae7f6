import type { Account } from './account';
import { between, iso } from './dates';
import { all, listed } from './pages';
import { answer, checkFree, EMPTY, existing, includes, invalid } from './route';
import type { Answer, Call, Operations } from './route';
import { isLike } from './rows';
import type { Form, Member, Named, Row, Subscriber } from './rows';
import { isListed, listedSubscriber, subscriberByEmail, writtenSubscriber } from './subscribers';
import type { Filters } from './subscribers';

/** Creates a tag, or finds the one with this name. */
export function createTag(account: Account, sent: string): { tag: Named; isNew: boolean } {
	const name = sent.trim();
	const there = account.tags.find((tag) => tag.name === name);
	if (there) return { tag: there, isNew: false };
	return { tag: account.add('tags', account.fresh({ name })), isNew: true };
}

function updateTag({ account, ids, body }: Call<{ name: string }>): Answer {
	const tag = existing(account.tags, ids.id);
	const name = body.name.trim();
	checkFree(account.tags, 'name', name, tag);
	tag.name = name;
	return answer({ tag });
}

/** A tag or a form, with how many are in it where that is asked for. */
function counted<T extends Row>(group: T, call: Call) {
	const isCounted = includes(call, 'subscriber_count');
	return { ...group, ...(isCounted && { subscriber_count: call.account.countActive(group) }) };
}

function listForms(
	call: Call<object, { status?: 'active' | 'archived' | 'trashed' | 'all'; type?: Form['type'] }>,
): Answer {
	const { status = 'active', type } = call.query;
	const keep = (form: Form) =>
		(status === 'all' || (form.archived ? 'archived' : 'active') === status) &&
		isLike(form, { type });
	return listed(call, 'forms', { rows: call.account.forms, keep }, counted);
}

const UTM_PARAMETERS = ['source', 'medium', 'campaign', 'term', 'content'] as const;

/** What Kit says of the page that a subscriber came to a form from, and when it was added. */
export function formAddition({ referrer, at }: Member) {
	const url = URL.canParse(referrer ?? '') ? new URL(referrer ?? '') : undefined;
	const referrer_utm_parameters = Object.fromEntries(
		UTM_PARAMETERS.map((name) => [name, url?.searchParams.get(`utm_${name}`) ?? null]),
	);
	return { added_at: iso(at), referrer, referrer_utm_parameters };
}

interface Sent {
	email_address: string;
	referrer?: string | null;
}

/**
 * What subscribers are in is listed and added to in the same ways.
 * @param row what a row says of the membership
 */
function operationsOf(
	name: 'tag' | 'form' | 'sequence',
	row: (member: Member) => object,
): Operations {
	const path = `/${name}s/{${name}_id}/subscribers`;
	const groupIn = ({ account, ids }: Call) => existing<Row>(account[`${name}s`], ids[`${name}_id`]);
	const add = (call: Call<Partial<Sent>>, subscriber: Subscriber): Answer => {
		const { account, body } = call;
		const group = groupIn(call);
		if ('active' in group && group.active === false) throw invalid('Sequence is inactive');
		const status = account.membersOf(group).has(subscriber.id) ? 200 : 201;
		const member = account.join(name, group, subscriber, body.referrer);
		const written = { ...writtenSubscriber(account, subscriber), ...row(member) };
		return answer({ subscriber: written }, status);
	};
	return {
		[`GET ${path}`]: (call: Call<object, Filters>) => {
			const { query, account } = call;
			const { added_after, added_before, tagged_after, tagged_before } = query;
			const isWithin = between(added_after ?? tagged_after, added_before ?? tagged_before);
			const isShown = isListed(query);
			const list = {
				rows: [...account.membersOf(groupIn(call)).values()],
				key: ({ at, id }: Member) => [at, id],
				keep: ({ subscriber, at }: Member) => isShown(subscriber) && isWithin(at),
			};
			return listed(call, 'subscribers', list, (member) => ({
				...listedSubscriber(account, member.subscriber, query.slim),
				...row(member),
			}));
		},
		[`POST ${path}`]: (call: Call<Sent>) => add(call, subscriberByEmail(call)),
		[`POST ${path}/{id}`]: (call: Call<Partial<Sent>>) =>
			add(call, existing(call.account.subscribers, call.ids.id)),
	};
}

function untag({ account, ids }: Call, subscriber: Subscriber): Answer {
	account.untag(existing(account.tags, ids.tag_id), subscriber);
	return EMPTY;
}

/** Kit's endpoints for tags, forms and segments, and for who has a tag, is on a form or in a sequence. */
export const memberOperations: Operations = {
	'GET /tags': all('tags', counted),
	'POST /tags': ({ account, body }: Call<{ name: string }>) => {
		const { tag, isNew } = createTag(account, body.name);
		return answer({ tag }, isNew ? 201 : 200);
	},
	'PUT /tags/{id}': updateTag,
	// Whether Kit knows the path depends on whom one asks; it stands in Maton's documentation only.
	'DELETE /tags/{id}': ({ account, ids, settings }: Call) => {
		account.remove('tags', existing(settings.noTagDelete ? [] : account.tags, ids.id));
		return EMPTY;
	},
	'GET /forms': listForms,
	'GET /segments': all('segments'),
	...operationsOf('tag', ({ at }) => ({ tagged_at: iso(at) })),
	'DELETE /tags/{tag_id}/subscribers': (call: Call<Sent>) => untag(call, subscriberByEmail(call)),
	'DELETE /tags/{tag_id}/subscribers/{id}': (call: Call) =>
		untag(call, existing(call.account.subscribers, call.ids.id)),
	...operationsOf('form', formAddition),
	...operationsOf('sequence', ({ at }) => ({ added_at: iso(at) })),
};

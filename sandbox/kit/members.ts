import type { Account } from './account';
import { isBetween, iso } from './dates';
import { listed, listOfAll } from './pages';
import { answer, EMPTY, existing, includes, invalid } from './route';
import type { Answer, Call, Operations } from './route';
import { isLike, without } from './rows';
import type { Form, Member, Sequence, Subscriber, Tag } from './rows';
import { isListed, listedSubscriber, subscriberByEmail, writtenSubscriber } from './subscribers';
import type { SubscriberFilters } from './subscribers';

interface Filters extends SubscriberFilters {
	added_after?: string;
	added_before?: string;
	tagged_after?: string;
	tagged_before?: string;
}

interface Sent {
	email_address: string;
	referrer?: string | null;
}

/** A tag as Kit answers it. */
export function tagRow(tag: Tag) {
	return without(tag, 'taggings');
}

/** A form as Kit answers it. */
export function formRow(form: Form) {
	return without(form, 'members');
}

/** Creates a tag, or finds the one with this name. */
export function createTag(account: Account, sent: string): { tag: Tag; isNew: boolean } {
	const name = sent.trim();
	const existing = account.tags.find((tag) => tag.name === name);
	return existing ? { tag: existing, isNew: false } : { tag: account.addTag(name), isNew: true };
}

function updateTag({ account, ids, body }: Call<{ name: string }>): Answer {
	const tag = existing(account.tags, ids.id);
	const name = body.name.trim();
	if (account.tags.some((other) => other !== tag && other.name === name)) {
		throw invalid('Name has already been taken');
	}
	tag.name = name;
	return answer({ tag: tagRow(tag) });
}

/** Whether Kit knows the path depends on whom one asks; it stands in Maton's documentation only. */
function removeTag({ account, ids, settings }: Call): Answer {
	account.removeTag(existing(settings.noTagDelete ? [] : account.tags, ids.id));
	return EMPTY;
}

/** A tag counts the subscribers that its list shows by default: the active ones. */
function countedTag(tag: Tag, call: Call) {
	if (!includes(call, 'subscriber_count')) return tagRow(tag);
	const active = tag.taggings.filter(({ subscriber }) => subscriber.state === 'active');
	return { ...tagRow(tag), subscriber_count: active.length };
}

function listForms(
	call: Call<object, { status?: 'active' | 'archived' | 'trashed' | 'all'; type?: Form['type'] }>,
): Answer {
	const { status = 'active', type } = call.query;
	const keep = (form: Form) =>
		(status === 'all' || (form.archived ? 'archived' : 'active') === status) &&
		isLike(form, { type });
	const isCounted = includes(call, 'subscriber_count');
	return listed(call, 'forms', { rows: call.account.forms, keep }, (form) => ({
		...formRow(form),
		...(isCounted && { subscriber_count: form.members.activeCount }),
	}));
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

/** Puts a subscriber where it need not be yet; the first referrer stays. */
export function addToForm(
	account: Account,
	form: Form,
	subscriber: Subscriber,
	referrer: string | null = null,
): Member {
	return form.members.of(subscriber) ?? account.addTo({ form }, subscriber, referrer);
}

/** Something that subscribers are in, which Kit lets be listed and added to in the same ways. */
interface Group<T extends { readonly id: number }> {
	/** Such as `tag`. */
	readonly name: string;
	readonly of: (account: Account) => readonly T[];
	readonly members: (one: T) => readonly Member[];
	readonly find: (one: T, subscriber: Subscriber) => Member | undefined;
	readonly add: (account: Account, one: T, subscriber: Subscriber, sent: Partial<Sent>) => Member;
	/** What a row says of the membership. */
	readonly row: (member: Member) => object;
}

function operationsOf<T extends { readonly id: number }>(group: Group<T>): Operations {
	const { name, members, find } = group;
	const path = `/${name}s/{${name}_id}/subscribers`;
	const groupIn = ({ account, ids }: Call) => existing(group.of(account), ids[`${name}_id`]);
	const add = ({ account, body }: Call<Partial<Sent>>, one: T, subscriber: Subscriber): Answer => {
		const there = find(one, subscriber);
		const member = there ?? group.add(account, one, subscriber, body);
		const row = { ...writtenSubscriber(account, subscriber), ...group.row(member) };
		return answer({ subscriber: row }, there ? 200 : 201);
	};
	return {
		[`GET ${path}`]: (call: Call<object, Filters>) => {
			const { query, account } = call;
			const after = query.added_after ?? query.tagged_after;
			const before = query.added_before ?? query.tagged_before;
			const keep = ({ subscriber, at }: Member) =>
				isListed(subscriber, query) && isBetween(at, { after, before });
			const key = ({ at, id }: Member) => [at, id];
			const list = { rows: members(groupIn(call)), key, keep };
			return listed(call, 'subscribers', list, (member) => ({
				...listedSubscriber(account, member.subscriber, query.slim),
				...group.row(member),
			}));
		},
		[`POST ${path}`]: (call: Call<Sent>) => add(call, groupIn(call), subscriberByEmail(call)),
		[`POST ${path}/{id}`]: (call: Call<Partial<Sent>>) =>
			add(call, groupIn(call), existing(call.account.subscribers, call.ids.id)),
	};
}

/** Kit's endpoints for tags and forms, and for who has a tag, is on a form or in a sequence. */
export const memberOperations: Operations = {
	'GET /tags': listOfAll('tags', ({ tags }) => tags, countedTag),
	'POST /tags': ({ account, body }: Call<{ name: string }>) => {
		const { tag, isNew } = createTag(account, body.name);
		return answer({ tag: tagRow(tag) }, isNew ? 201 : 200);
	},
	'PUT /tags/{id}': updateTag,
	'DELETE /tags/{id}': removeTag,
	'GET /forms': listForms,
	...operationsOf<Tag>({
		name: 'tag',
		of: ({ tags }) => tags,
		members: ({ taggings }) => taggings,
		find: (tag, { taggings }) => taggings.find((one) => one.tag === tag),
		add: (account, tag, subscriber) => account.addTagging(tag, subscriber),
		row: ({ at }) => ({ tagged_at: iso(at) }),
	}),
	'DELETE /tags/{tag_id}/subscribers': (call: Call<Sent>) => {
		const { account, ids } = call;
		account.removeTagging(existing(account.tags, ids.tag_id), subscriberByEmail(call));
		return EMPTY;
	},
	'DELETE /tags/{tag_id}/subscribers/{id}': ({ account, ids }: Call) => {
		const subscriber = existing(account.subscribers, ids.id);
		account.removeTagging(existing(account.tags, ids.tag_id), subscriber);
		return EMPTY;
	},
	...operationsOf<Form>({
		name: 'form',
		of: ({ forms }) => forms,
		members: ({ members }) => members.rows,
		find: ({ members }, subscriber) => members.of(subscriber),
		add: (account, form, subscriber, { referrer }) =>
			addToForm(account, form, subscriber, referrer),
		row: formAddition,
	}),
	...operationsOf<Sequence>({
		name: 'sequence',
		of: ({ sequences }) => sequences,
		members: ({ members }) => members.rows,
		find: ({ members, active }, subscriber) => {
			if (!active) throw invalid('Sequence is inactive');
			return members.of(subscriber);
		},
		add: (account, sequence, subscriber) => account.addTo({ sequence }, subscriber),
		row: ({ at }) => ({ added_at: iso(at) }),
	}),
};

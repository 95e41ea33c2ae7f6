import { iso } from './dates';
import { page } from './pages';
import { answer, EMPTY, idIn, includesOf, invalid, notFound, textOf } from './route';
import type { Answer, Call, Route } from './route';
import { byId } from './state';
import type { Account, Tag } from './state';

/** A tag as Kit answers it. */
export function tagRow({ id, name, createdAt }: Tag) {
	return { id, name, created_at: iso(createdAt) };
}

function nameIn(value: unknown): string {
	const name = (textOf(value) ?? '').trim();
	if (name === '') throw invalid("Name can't be blank");
	return name;
}

/**
 * Creates a tag, or finds the one with this name.
 * @param value the name as it arrived
 * @returns the tag, and whether it is new; Kit's sentence where the name is no good
 */
export function createTag(account: Account, value: unknown): { tag: Tag; isNew: boolean } {
	const name = nameIn(value);
	const existing = account.tags.find((tag) => tag.name === name);
	return existing ? { tag: existing, isNew: false } : { tag: account.addTag(name), isNew: true };
}

/**
 * The tag that a path names.
 * @param call the request
 * @param parameter which part of the path
 * @returns the tag; Kit's 404 where there is none
 */
export function tagIn(call: Call, parameter = 'id'): Tag {
	const tag = byId(call.account.tags, idIn(call, parameter));
	if (tag === undefined) throw notFound();
	return tag;
}

/** A tag counts the subscribers that its list shows by default: the active ones. */
function subscriberCount(tag: Tag): number {
	return tag.taggings.filter(({ subscriber }) => subscriber.state === 'active').length;
}

function listTags(call: Call): Answer {
	const { account, query } = call;
	const counted = includesOf(call).includes('subscriber_count');
	const { rows, pagination } = page({ rows: account.tags, key: ({ id }) => [id] }, query);
	const row = (tag: Tag) => ({
		...tagRow(tag),
		...(counted && { subscriber_count: subscriberCount(tag) }),
	});
	return answer({ tags: rows.map(row), pagination });
}

function create({ account, body }: Call): Answer {
	const { tag, isNew } = createTag(account, body.name);
	return answer({ tag: tagRow(tag) }, isNew ? 201 : 200);
}

function update(call: Call): Answer {
	const tag = tagIn(call);
	const name = nameIn(call.body.name);
	if (call.account.tags.some((other) => other !== tag && other.name === name)) {
		throw invalid('Name has already been taken');
	}
	tag.name = name;
	return answer({ tag: tagRow(tag) });
}

function remove(call: Call): Answer {
	if (call.settings.noTagDelete) throw notFound();
	call.account.removeTag(tagIn(call));
	return EMPTY;
}

/** Kit's tag endpoints; `DELETE /tags/{id}` stands in Maton's documentation of Kit only. */
export const tagRoutes: readonly Route[] = [
	{ method: 'GET', path: '/tags', handle: listTags },
	{ method: 'POST', path: '/tags', handle: create },
	{ method: 'PUT', path: '/tags/:id', handle: update },
	{ method: 'DELETE', path: '/tags/:id', handle: remove },
];

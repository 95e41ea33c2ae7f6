import { siteOf } from './addresses';
import { iso } from './dates';
import { addition, pageOfMembers, referral } from './memberLists';
import { page } from './pages';
import { answer, choiceIn, idIn, includesOf, isSet, notFound, textOf } from './route';
import type { Answer, Call, Route } from './route';
import { byId } from './state';
import type { Account, Form, Member, Subscriber } from './state';
import { listedSubscriber, writtenSubscriber } from './subscriberRows';
import { subscriberByEmail, subscriberIn } from './subscribers';

/** A form as Kit answers it. */
export function formRow({ profile }: Account, form: Form) {
	const url = `${siteOf(profile)}/${form.uid}`;
	return {
		id: form.id,
		name: form.name,
		created_at: iso(form.createdAt),
		type: form.type,
		format: form.format,
		embed_js: `${url}/index.js`,
		embed_url: url,
		archived: form.status === 'archived',
		uid: form.uid,
	};
}

function listForms(call: Call): Answer {
	const { account, query } = call;
	const accepted = ['active', 'archived', 'trashed', 'all'] as const;
	const status = choiceIn(query.status, 'Status', accepted) ?? 'active';
	const type = choiceIn(query.type, 'Type', ['embed', 'hosted']);
	const counted = includesOf(call).includes('subscriber_count');
	const keep = (form: Form) =>
		(status === 'all' || form.status === status) && (type === undefined || form.type === type);
	const list = { rows: account.forms, key: ({ id }: Form) => [id], keep };
	const { rows, pagination } = page(list, query);
	const row = (form: Form) => ({
		...formRow(account, form),
		...(counted && { subscriber_count: form.members.activeCount }),
	});
	return answer({ forms: rows.map(row), pagination });
}

function formIn(call: Call): Form {
	const form = byId(call.account.forms, idIn(call, 'form_id'));
	if (form === undefined) throw notFound();
	return form;
}

function listSubscribers(call: Call): Answer {
	const { account, query } = call;
	const { rows, pagination } = pageOfMembers(call, formIn(call).members);
	const row = (member: Member) => ({
		...listedSubscriber(account, member.subscriber, isSet(query.slim)),
		...addition(member),
		...referral(member),
	});
	return answer({ subscribers: rows.map(row), pagination });
}

/**
 * Adds a subscriber to a form, unless it is there; the first referrer stays.
 * @param referrer as it arrived
 * @returns that it is there, and whether that is new
 */
export function addToForm(
	account: Account,
	form: Form,
	subscriber: Subscriber,
	referrer: unknown,
): { member: Member; isNew: boolean } {
	const existing = form.members.of(subscriber);
	if (existing) return { member: existing, isNew: false };
	const page = textOf(referrer) ?? null;
	return { member: account.addToForm(form, subscriber, page), isNew: true };
}

function addSubscriber({ account, body }: Call, form: Form, subscriber: Subscriber): Answer {
	const { member, isNew } = addToForm(account, form, subscriber, body.referrer);
	const row = {
		...writtenSubscriber(account, subscriber),
		...addition(member),
		...referral(member),
	};
	return answer({ subscriber: row }, isNew ? 201 : 200);
}

function addByEmail(call: Call): Answer {
	const form = formIn(call);
	return addSubscriber(call, form, subscriberByEmail(call, 'add subscriber to form'));
}

function addById(call: Call): Answer {
	const form = formIn(call);
	return addSubscriber(call, form, subscriberIn(call));
}

/** Kit's endpoints for forms and landing pages. */
export const formRoutes: readonly Route[] = [
	{ method: 'GET', path: '/forms', handle: listForms },
	{ method: 'GET', path: '/forms/:form_id/subscribers', handle: listSubscribers },
	{ method: 'POST', path: '/forms/:form_id/subscribers', handle: addByEmail },
	{ method: 'POST', path: '/forms/:form_id/subscribers/:id', handle: addById },
];

import { page } from './pages';
import { answer, EMPTY, idIn, invalid, isObject, notFound, objectOf, textOf } from './route';
import type { Answer, Call, Route } from './route';
import { byId, removeId } from './state';
import type { Account, Webhook } from './state';

/** The keys that say what an event is about. */
const KEYS = [
	'form_id',
	'tag_id',
	'sequence_id',
	'product_id',
	'initiator_value',
	'custom_field_id',
] as const;

type Key = (typeof KEYS)[number];

/** The events of Kit's classic webhooks, each with the key it needs, if any. */
const EVENTS: Readonly<Record<string, Key | null>> = {
	'subscriber.subscriber_activate': null,
	'subscriber.subscriber_unsubscribe': null,
	'subscriber.subscriber_bounce': null,
	'subscriber.subscriber_complain': null,
	'subscriber.form_subscribe': 'form_id',
	'subscriber.course_subscribe': 'sequence_id',
	'subscriber.course_complete': 'sequence_id',
	'subscriber.link_click': 'initiator_value',
	'subscriber.product_purchase': 'product_id',
	'subscriber.tag_add': 'tag_id',
	'subscriber.tag_remove': 'tag_id',
	'purchase.purchase_create': null,
	'custom_field.field_created': null,
	'custom_field.field_deleted': null,
	'custom_field.field_value_updated': 'custom_field_id',
};

/** What an id must name; products are not in Kit's API. */
const ROWS: Partial<Record<Key, (account: Account) => readonly { readonly id: number }[]>> = {
	form_id: ({ forms }) => forms,
	tag_id: ({ tags }) => tags,
	sequence_id: ({ sequences }) => sequences,
	custom_field_id: ({ customFields }) => customFields,
};

function isWebAddress(url: string): boolean {
	return URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol);
}

/** Whether a body value is sent, and not null or empty. */
function isSent(value: unknown): boolean {
	return value !== undefined && value !== null && value !== '';
}

/** An event is named without its prefix, with the key it is about, as in Kit's examples. */
function webhookRow({ profile }: Account, { id, event, subject, targetUrl }: Webhook) {
	const about = Object.keys(subject).length === 0 ? { initiator_value: null } : subject;
	const row = { id, account_id: profile.accountId, event: { name: event, ...about } };
	return { ...row, target_url: targetUrl };
}

/** What the value of an event's key is; Kit's sentence where it is no good. */
function subjectIn(account: Account, key: Key, value: unknown): Webhook['subject'] {
	if (!isSent(value)) throw invalid(`${key} is required for this event`);
	const text = textOf(value) ?? '';
	if (key === 'initiator_value') {
		if (!isWebAddress(text)) throw invalid('initiator_value must be a link URL');
		return { initiator_value: text };
	}
	const id = Number(text);
	if (!Number.isInteger(id)) throw invalid(`${key} must be an integer`);
	const rows = ROWS[key]?.(account);
	if (rows && byId(rows, id) === undefined) throw invalid(`${key} does not exist`);
	return { [key]: id };
}

function create({ account, body }: Call): Answer {
	const target = textOf(body.target_url) ?? '';
	const event = objectOf(body.event);
	const name = textOf(event.name) ?? '';
	if (target === '' || !isObject(body.event) || name === '') {
		throw invalid('`event` and `target` parameters must be provided');
	}
	if (!isWebAddress(target)) throw invalid('Target url is invalid');
	const key = Object.hasOwn(EVENTS, name) ? EVENTS[name] : undefined;
	if (key === undefined) throw invalid('Event name is invalid');
	const foreign = KEYS.filter((other) => other !== key && isSent(event[other]));
	if (foreign.length > 0) throw invalid(`${foreign.join(', ')} does not belong to this event`);
	const webhook: Webhook = {
		id: account.nextId(),
		targetUrl: target,
		event: name.slice(name.indexOf('.') + 1),
		subject: key === null ? {} : subjectIn(account, key, event[key]),
	};
	account.webhooks.push(webhook);
	return answer({ webhook: webhookRow(account, webhook) }, 201);
}

function listWebhooks({ account, query }: Call): Answer {
	const list = { rows: account.webhooks, key: ({ id }: Webhook) => [id] };
	const { rows, pagination } = page(list, query);
	return answer({ webhooks: rows.map((row) => webhookRow(account, row)), pagination });
}

function remove(call: Call): Answer {
	const { webhooks } = call.account;
	const webhook = byId(webhooks, idIn(call));
	if (webhook === undefined) throw notFound();
	removeId(webhooks, webhook.id);
	return EMPTY;
}

/** Kit's endpoints for classic webhooks. */
export const webhookRoutes: readonly Route[] = [
	{ method: 'GET', path: '/webhooks', handle: listWebhooks },
	{ method: 'POST', path: '/webhooks', handle: create },
	{ method: 'DELETE', path: '/webhooks/:id', handle: remove },
];

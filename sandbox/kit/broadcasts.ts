import { siteOf, slugOf } from './addresses';
import { filterIn, EVERYONE } from './broadcastFilter';
import { between, iso, isoOrNull } from './dates';
import { booleanIn, given, momentIn, optionalText, requiredText, templateIn } from './fields';
import { page } from './pages';
import type { List } from './pages';
import { answer, choiceIn, EMPTY, idIn, invalid, isSet, notFound } from './route';
import type { Answer, Call, Route } from './route';
import { BROADCAST_STATUSES, byId } from './state';
import type { Account, Broadcast, BroadcastDraft } from './state';
import { addressIn } from './subscribers';

/** A broadcast as Kit answers it. */
export function broadcastRow({ profile }: Account, broadcast: Broadcast) {
	const { filter, isPublic, subject, template } = broadcast;
	return {
		id: broadcast.id,
		publication_id: broadcast.publicationId,
		created_at: iso(broadcast.createdAt),
		subject,
		preview_text: broadcast.previewText,
		description: broadcast.description,
		content: broadcast.content,
		public: isPublic,
		published_at: isoOrNull(broadcast.publishedAt),
		send_at: isoOrNull(broadcast.sendAt),
		thumbnail_alt: broadcast.thumbnailAlt,
		thumbnail_url: broadcast.thumbnailUrl,
		public_url: isPublic ? `${siteOf(profile)}/posts/${slugOf(subject)}` : null,
		email_address: broadcast.emailAddress ?? profile.emailAddress,
		email_template: { id: template.id, name: template.name },
		subscriber_filter: [{ [filter.match]: filter.rules }],
		status: broadcast.status,
	};
}

/** What `slim=true` leaves, by the tests of Kit's own PHP SDK. */
function slimRow(account: Account, broadcast: Broadcast): object {
	const left = ['content', 'public_url', 'email_address', 'email_template', 'subscriber_filter'];
	const row = Object.entries(broadcastRow(account, broadcast));
	return Object.fromEntries(row.filter(([name]) => !left.includes(name)));
}

/** The broadcasts that a list asks for. `sent_after` and `sent_before` leave out what was not sent. */
export function listOfBroadcasts({ account, query }: Call): List<Broadcast> {
	const status = choiceIn(query.status, 'Status', BROADCAST_STATUSES);
	const sent = between(query, 'sent');
	const keep = (broadcast: Broadcast) =>
		(status === undefined || broadcast.status === status) &&
		(sent === undefined || (broadcast.startedAt !== null && sent(broadcast.startedAt)));
	return { rows: account.broadcasts, key: ({ id }) => [id], keep };
}

/**
 * The broadcast that a path names; Kit's 404 where there is none.
 * @param parameter which part of the path
 */
export function broadcastIn(call: Call, parameter = 'id'): Broadcast {
	const broadcast = byId(call.account.broadcasts, idIn(call, parameter));
	if (broadcast === undefined) throw notFound();
	return broadcast;
}

function unsentIn(call: Call): Broadcast {
	const broadcast = broadcastIn(call);
	if (broadcast.startedAt !== null) throw invalid('Broadcast is already sending.');
	return broadcast;
}

/** What was sent of a broadcast; Kit's sentence where it is no good. */
function draftIn(account: Account, body: Call['body']): Partial<BroadcastDraft> {
	const { email_address: address, subject } = body;
	const startingPoint = isSet(body.allow_starting_point);
	return given({
		subject: subject === undefined ? undefined : requiredText(subject, 'Subject'),
		previewText: optionalText(body.preview_text),
		description: optionalText(body.description),
		content: optionalText(body.content),
		isPublic: booleanIn(body.public, 'Public'),
		publishedAt: momentIn(body.published_at, 'Published at'),
		sendAt: momentIn(body.send_at, 'Send at'),
		thumbnailAlt: optionalText(body.thumbnail_alt),
		thumbnailUrl: optionalText(body.thumbnail_url),
		emailAddress: address === undefined || address === null ? address : addressIn(address),
		template: templateIn(account, body.email_template_id, startingPoint) ?? undefined,
		filter: filterIn(body.subscriber_filter),
	});
}

function listBroadcasts(call: Call): Answer {
	const { account, query } = call;
	const found = page(listOfBroadcasts(call), query);
	const row = isSet(query.slim) ? slimRow : broadcastRow;
	const rows = found.rows.map((broadcast) => row(account, broadcast));
	return answer({ broadcasts: rows, pagination: found.pagination });
}

function create({ account, body }: Call): Answer {
	const subject = requiredText(body.subject, 'Subject');
	const sent = draftIn(account, body);
	if ((sent.content ?? '') === '' && sent.template === undefined) {
		throw invalid("Content can't be blank");
	}
	const template = sent.template ?? account.emailTemplates.find(({ isDefault }) => isDefault);
	if (template === undefined) throw invalid('Email template not found');
	const broadcast = account.addBroadcast({
		subject,
		previewText: null,
		description: null,
		content: null,
		isPublic: false,
		publishedAt: null,
		sendAt: null,
		thumbnailAlt: null,
		thumbnailUrl: null,
		emailAddress: null,
		filter: EVERYONE,
		...sent,
		template,
	});
	return answer({ broadcast: broadcastRow(account, broadcast) }, 201);
}

function get(call: Call): Answer {
	return answer({ broadcast: broadcastRow(call.account, broadcastIn(call)) });
}

function update(call: Call): Answer {
	const { account } = call;
	const broadcast = unsentIn(call);
	const change = draftIn(account, call.body);
	if (Object.keys(change).length === 0) throw invalid('At least one attribute must be provided');
	account.updateBroadcast(broadcast, change);
	return answer({ broadcast: broadcastRow(account, broadcast) });
}

function remove(call: Call): Answer {
	call.account.removeBroadcast(unsentIn(call));
	return EMPTY;
}

/** Kit's endpoints for broadcasts, but for what came of them. */
export const broadcastRoutes: readonly Route[] = [
	{ method: 'GET', path: '/broadcasts', handle: listBroadcasts },
	{ method: 'POST', path: '/broadcasts', handle: create },
	{ method: 'GET', path: '/broadcasts/:id', handle: get },
	{ method: 'PUT', path: '/broadcasts/:id', handle: update },
	{ method: 'DELETE', path: '/broadcasts/:id', handle: remove },
];

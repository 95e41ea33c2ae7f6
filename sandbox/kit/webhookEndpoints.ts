import { createHash } from 'node:crypto';
import { DAY, iso, isoOrNull } from './dates';
import { given, optionalText, requiredText } from './fields';
import { page } from './pages';
import { answer, choiceIn, EMPTY, idIn, invalid, isSet, KitError, notFound, textOf } from './route';
import type { Answer, Call, Route } from './route';
import { byId, ENDPOINT_STATUSES, removeId } from './state';
import type { Account, WebhookEndpoint } from './state';
import { eventsIn } from './webhookEvents';
import { endpointUrlIn } from './webhookUrls';

/** How long a rotation leaves the secret before valid; Kit documents that it does, not how long. */
const OVERLAP = DAY;

const LONGEST_DESCRIPTION = 255;

function previousExpiry({ now }: Account, { previousSecret }: WebhookEndpoint): number | null {
	const expiresAt = previousSecret?.expiresAt ?? 0;
	return expiresAt > now() ? expiresAt : null;
}

function endpointRow(account: Account, endpoint: WebhookEndpoint) {
	return {
		id: endpoint.id,
		name: endpoint.name,
		url: endpoint.url,
		events: endpoint.events,
		status: endpoint.status,
		source: 'api',
		description: endpoint.description,
		created_by_app: 'Maton',
		created_at: iso(endpoint.createdAt),
		previous_secret_expires_at: isoOrNull(previousExpiry(account, endpoint)),
	};
}

/** A new secret. It follows from an id of the account's, since it guards nothing here. */
function newSecret(account: Account): string {
	const seed = `${String(account.profile.accountId)} ${String(account.nextId())}`;
	return `whsec_${createHash('sha256').update(seed).digest('hex')}`;
}

/**
 * The endpoint that a path names; Kit's 404 where there is none.
 * @param call the request
 */
export function endpointIn(call: Call): WebhookEndpoint {
	const endpoint = byId(call.account.webhookEndpoints, idIn(call));
	if (endpoint === undefined) throw notFound();
	return endpoint;
}

function descriptionIn(value: unknown): string | null | undefined {
	const description = optionalText(value);
	if ((description ?? '').length > LONGEST_DESCRIPTION) {
		const most = `maximum is ${String(LONGEST_DESCRIPTION)} characters`;
		throw invalid(`description is too long (${most})`);
	}
	return description;
}

function listEndpoints({ account, query }: Call): Answer {
	const status = choiceIn(query.status, 'status', ENDPOINT_STATUSES);
	const keep = (endpoint: WebhookEndpoint) => status === undefined || endpoint.status === status;
	const list = { rows: account.webhookEndpoints, key: ({ id }: WebhookEndpoint) => [id], keep };
	const { rows, pagination } = page(list, query);
	const endpoints = rows.map((row) => endpointRow(account, row));
	return answer({ webhook_endpoints: endpoints, pagination });
}

function create({ account, body, settings }: Call): Answer {
	const url = endpointUrlIn(body.url, settings);
	const events = eventsIn(body.events);
	const description = descriptionIn(body.description) ?? null;
	const id = account.nextId();
	const endpoint: WebhookEndpoint = {
		id,
		createdAt: account.now(),
		name: textOf(body.name) ?? `webhook-${String(id)}`,
		url,
		description,
		events,
		status: 'active',
		secret: newSecret(account),
		previousSecret: null,
		deliveries: [],
	};
	account.webhookEndpoints.push(endpoint);
	const row = { ...endpointRow(account, endpoint), secret: endpoint.secret };
	return answer({ webhook_endpoint: row }, 201);
}

function get(call: Call): Answer {
	return answer({ webhook_endpoint: endpointRow(call.account, endpointIn(call)) });
}

function update(call: Call): Answer {
	const { account, body, settings } = call;
	const endpoint = endpointIn(call);
	const change = given({
		name: body.name === undefined ? undefined : requiredText(body.name, 'name'),
		url: body.url === undefined ? undefined : endpointUrlIn(body.url, settings),
		description: descriptionIn(body.description),
		status: choiceIn(body.status, 'status', ENDPOINT_STATUSES),
		events: body.events === undefined ? undefined : eventsIn(body.events),
	});
	Object.assign(endpoint, change);
	return answer({ webhook_endpoint: endpointRow(account, endpoint) });
}

function remove(call: Call): Answer {
	removeId(call.account.webhookEndpoints, endpointIn(call).id);
	return EMPTY;
}

function rotateSecret(call: Call): Answer {
	const { account, body } = call;
	const endpoint = endpointIn(call);
	if (previousExpiry(account, endpoint) !== null && !isSet(body.force)) {
		throw new KitError(409, [
			'A previous rotation is still in its overlap window. Pass `force: true` to rotate anyway.',
		]);
	}
	endpoint.previousSecret = { secret: endpoint.secret, expiresAt: account.now() + OVERLAP };
	endpoint.secret = newSecret(account);
	const row = { ...endpointRow(account, endpoint), secret: endpoint.secret };
	return answer({ webhook_endpoint: row });
}

function revokePreviousSecret(call: Call): Answer {
	const endpoint = endpointIn(call);
	endpoint.previousSecret = null;
	return answer({ webhook_endpoint: endpointRow(call.account, endpoint) });
}

const PATH = '/webhook_endpoints';

/** Kit's endpoints for signed webhook endpoints, but for their deliveries. */
export const webhookEndpointRoutes: readonly Route[] = [
	{ method: 'GET', path: PATH, handle: listEndpoints },
	{ method: 'POST', path: PATH, handle: create },
	{ method: 'GET', path: `${PATH}/:id`, handle: get },
	{ method: 'PATCH', path: `${PATH}/:id`, handle: update },
	{ method: 'DELETE', path: `${PATH}/:id`, handle: remove },
	{ method: 'POST', path: `${PATH}/:id/rotate_secret`, handle: rotateSecret },
	{ method: 'POST', path: `${PATH}/:id/revoke_previous_secret`, handle: revokePreviousSecret },
];

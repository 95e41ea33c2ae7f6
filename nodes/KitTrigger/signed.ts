import type { IDataObject, IHookFunctions, IWebhookFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import type { Row } from '../shared/fields/field';
import { toText } from '../shared/fields/parsers';
import { KitClient } from '../shared/transport/client';
import { readRows } from '../shared/transport/pagination';
import { deduplicate } from './deduplicate';
import type { RefusedDelivery } from './delivery';
import { parseJson, rawBodyOf } from './delivery';
import { endpointEvents, eventFilters, fieldValue } from './parameters';
import type { WebhookProvider, WebhookTarget } from './provider';
import { removeAll } from './provider';
import { verifySignature } from './signature';
import { staticData } from './staticData';

const ENDPOINTS = '/kit/v4/webhook_endpoints';

const PRIVATE_HOST =
	/^(localhost|.*\.local|127\..*|10\..*|192\.168\..*|172\.(1[6-9]|2\d|3[01])\..*|169\.254\..*|\[(::1|f[cd].*|fe80.*)\])$/i;

function isPrivate(url: string): boolean {
	return URL.canParse(url) && PRIVATE_HOST.test(new URL(url).hostname);
}

/** Kit refuses private addresses. A gateway that is itself private, as for tests, may reach them. */
async function refusePrivate(context: IHookFunctions, url: string): Promise<void> {
	const { baseUrl } = await new KitClient(context).credentials();
	if (!isPrivate(url) || isPrivate(baseUrl)) return;
	throw new NodeOperationError(
		context.getNode(),
		`Kit cannot reach this n8n at ${new URL(url).origin}`,
		{
			description:
				'Signed endpoints need a public address. Set the environment variable WEBHOOK_URL of n8n to the one under which the internet reaches it.',
		},
	);
}

async function ownEndpoints(
	context: IHookFunctions,
	{ url, connectionId }: WebhookTarget,
): Promise<IDataObject[]> {
	const all = await readRows(
		new KitClient(context),
		{ path: ENDPOINTS, connectionId },
		'webhook_endpoints',
	);
	return all.filter((endpoint) => endpoint.url === url);
}

/** One endpoint at Kit for all events, whose deliveries are signed. */
export const signed: WebhookProvider = {
	async isInSync(context, target) {
		const events = fieldValue(context, endpointEvents);
		fieldValue(context, eventFilters);
		await refusePrivate(context, target.url);
		const { endpointId, secret } = staticData(context);
		const own = await ownEndpoints(context, target);
		const [endpoint] = own;
		if (!endpoint || own.length > 1 || !secret) return false;
		const listed = (endpoint.events ?? []) as string[];
		return (
			toText(endpoint.id) === toText(endpointId) &&
			endpoint.status === 'active' &&
			listed.length === events.length &&
			events.every((event) => listed.includes(event)) &&
			// Somebody is rotating the secret: the kept one ends soon, and only a new endpoint tells another.
			!endpoint.previous_secret_expires_at
		);
	},

	async create(context, target) {
		const events = fieldValue(context, endpointEvents);
		fieldValue(context, eventFilters);
		await this.remove(context, target);
		const { url, connectionId } = target;
		const name = `n8n: ${toText(context.getWorkflow().name)}`;
		const { webhook_endpoint: endpoint } = await new KitClient(context).send({
			method: 'POST',
			path: ENDPOINTS,
			connectionId,
			body: { url, events, name },
		});
		const { id, secret } = (endpoint ?? {}) as { id?: number; secret?: string };
		Object.assign(staticData(context), { endpointId: id, secret });
	},

	async hasAny(context, target) {
		return (await ownEndpoints(context, target)).length > 0;
	},

	async remove(context, target) {
		const { connectionId } = target;
		const own = await ownEndpoints(context, target);
		const count = await removeAll(context, { path: ENDPOINTS, connectionId }, own);
		const data = staticData(context);
		delete data.endpointId;
		delete data.secret;
		return count;
	},
};

interface DeliveredEvent extends IDataObject {
	id: string;
	type: string;
}

const MOST_EVENTS = 100;

/**
 * What arrived in this process, by the endpoint's secret, see `deduplicate.ts`. n8n reads the static data for
 * each call and saves them after it, so calls that come at the same time know nothing of each other
 * there.
 */
const arrived = new Map<string, string>();

function eventsIn(bytes: Buffer): { deliveryId: unknown; events: DeliveredEvent[] } | undefined {
	const { delivery_id: deliveryId, events } = parseJson(bytes) ?? {};
	if (!Array.isArray(events) || events.length === 0 || events.length > MOST_EVENTS)
		return undefined;
	const isEvent = (event: unknown): event is DeliveredEvent =>
		typeof event === 'object' &&
		event !== null &&
		typeof (event as IDataObject).id === 'string' &&
		typeof (event as IDataObject).type === 'string';
	return (events as unknown[]).every(isEvent)
		? { deliveryId, events: events as DeliveredEvent[] }
		: undefined;
}

/** The filters of the node, by where an event has what they are about. */
const FILTERS = {
	form: 'formId',
	sequence: 'sequenceId',
	tag: 'tagId',
	custom_field: 'customFieldId',
};

/** An event passes a filter that is about something it does not have. */
function passes({ data }: DeliveredEvent, filters: Row): boolean {
	return Object.entries(FILTERS).every(([subject, filter]) => {
		const wanted = toText(filters[filter]);
		const about = (data as IDataObject | undefined)?.[subject] as IDataObject | undefined;
		return wanted === '' || about === undefined || toText(about.id) === wanted;
	});
}

/**
 * Reads a delivery of Kit's.
 * @param context of the call
 * @param now the present, in seconds since 1970
 * @returns an item for each event that is new and passes the filters, or why nothing is taken
 */
export async function readDelivery(
	context: IWebhookFunctions,
	now: number,
): Promise<IDataObject[] | RefusedDelivery> {
	const bytes = await rawBodyOf(context);
	const data = staticData(context);
	const refusal = verifySignature(
		bytes,
		context.getHeaderData()['x-kit-signature'],
		data.secret ?? '',
		now,
	);
	if (refusal !== undefined || !data.secret) {
		return { status: 401, reason: refusal ?? 'this n8n has no secret for it' };
	}
	const delivery = eventsIn(bytes);
	if (!delivery) {
		return { status: 400, reason: 'it is no JSON with 1 to 100 events' };
	}
	const { events, deliveryId } = delivery;
	const filters = fieldValue(context, eventFilters) ?? {};
	const { isNew, remembered } = deduplicate(
		(data.seen ?? '') + (arrived.get(data.secret) ?? ''),
		events.map(({ id }) => id),
	);
	data.seen = remembered;
	arrived.set(data.secret, remembered);
	return events
		.filter((event, index) => isNew[index] && passes(event, filters))
		.map((event) => ({ ...event, delivery_id: deliveryId as number }));
}

import type {
	IDataObject,
	IExecuteSingleFunctions,
	INodeProperties,
	PreSendAction,
} from 'n8n-workflow';
import { unknownAddress } from '../../shared/errors';
import { send } from '../../shared/send';
import { asText, idOrEmail, optional } from './checks';
import { subscriber } from './locators';
import { checked } from './sent';

/** In a `url`: the subscriber's id, or nothing there and the email address in query or body. */
const ID_OR_EMAIL = '/{subscriber_id|email_address}';

/**
 * The subscriber that an operation is about, by id or by email address. Where Kit takes an email
 * address as well, the `url` says so (`{subscriber_id|email_address}`) and the address is sent;
 * elsewhere (`{subscriber_id}`) the address is looked up first. Where the `url` names none, as those of
 * bulk operations, id or address go into the body.
 * @param displayOptions where the field shows
 */
export function subscriberInPath(
	displayOptions: INodeProperties['displayOptions'],
): INodeProperties {
	return { ...subscriber(displayOptions), routing: { send: { preSend: [nameSubscriber] } } };
}

const nameSubscriber: PreSendAction = async function (request) {
	const value = this.getNodeParameter('subscriberId', undefined, { extractValue: true });
	const who = checked(this, 'Subscriber', value, idOrEmail) as number | string;
	const body = request.body as IDataObject;
	const isId = typeof who === 'number';
	if (!request.url.includes('{subscriber_id')) {
		const named = isId ? { subscriber_id: who } : { email_address: who };
		return { ...request, body: { ...body, ...named } };
	}
	if (isId) {
		return { ...request, url: request.url.replace(/\{subscriber_id[^}]*\}/, String(who)) };
	}
	if (!request.url.endsWith(ID_OR_EMAIL)) {
		const found = await subscriberByEmail(this, who);
		const url = request.url.replace('{subscriber_id}', asText(found.id));
		if (request.method !== 'PUT') return { ...request, url };
		return {
			...request,
			url,
			body: { ...body, email_address: optional(body.email_address) ?? found.email_address },
		};
	}
	const url = request.url.slice(0, -ID_OR_EMAIL.length);
	if (request.method === 'GET') {
		return { ...request, url, qs: { ...request.qs, email_address: who, status: 'all' } };
	}
	return { ...request, url, body: { ...body, email_address: who } };
};

/**
 * @param context of the item
 * @param address the email address
 * @returns the subscriber as Kit lists them, whatever their state
 * @throws {NodeApiError} when there is none
 */
export async function subscriberByEmail(
	context: IExecuteSingleFunctions,
	address: string,
): Promise<IDataObject> {
	const qs = { email_address: address, status: 'all' };
	const { subscribers } = await send(context, { method: 'GET', url: '/kit/v4/subscribers', qs });
	const [found] = Array.isArray(subscribers) ? (subscribers as IDataObject[]) : [];
	if (found) return found;
	throw unknownAddress(context.getNode(), address);
}

/**
 * Kit wants the email address with every update of a subscriber (its document marks it required), so
 * for one who keeps their address it is read first.
 */
export const keepEmailAddress: PreSendAction = async function (request) {
	const body = request.body as IDataObject;
	if (body.email_address) return request;
	const { subscriber: current } = await send(this, { method: 'GET', url: request.url });
	const { email_address } = current as IDataObject;
	return { ...request, body: { ...body, email_address } };
};

import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';
import { isRecord } from '../shared/record';
import { isSignedEvent, signedItem } from '../shared/signedEvent';
import type { Delivery } from './items';
import { classicItem, isChosen, withFullSubscribers } from './items';
import type { Choice } from './parameters';
import { choiceOf } from './parameters';
import type { Refusal } from './repair';
import { isGenuineClassic, refuseByClock, repairEndpoint } from './repair';
import type { EndpointSecret } from './sealedSecret';
import { open } from './sealedSecret';
import type { SignatureProblem } from './signature';
import { sameToken, signedAt, tokenFor, verifySignature } from './signature';
import type { Trigger } from './state';
import { nodeKey, openTrigger, TriggerState } from './state';
import { deliveryKey, eventKey } from './deduplicationRecord';
import { Deduplicator } from './deduplicator';

/** What a call of Kit's brings. */
export interface Received {
	/** What starts the workflow; nothing where all of it was taken before, or is not wanted */
	items: IDataObject[];
	/** To be called when n8n has taken the run */
	taken: () => void;
}

function nothing(): Received {
	return { items: [], taken: () => undefined };
}

/**
 * Reads the bytes that arrived. What cannot be read is the caller's doing, and an exception would make a
 * failed execution of it.
 */
async function readBody(context: IWebhookFunctions): Promise<Buffer | Refusal> {
	const request = context.getRequestObject();
	try {
		await request.readRawBody();
	} catch (error) {
		const { type, statusCode } = error as { type?: unknown; statusCode?: unknown };
		const isTooLarge = type === 'entity.too.large' || statusCode === 413;
		return isTooLarge
			? { status: 413, reason: 'it is larger than n8n takes' }
			: { status: 400, reason: 'its body cannot be read' };
	}
	return Buffer.isBuffer(request.rawBody) ? request.rawBody : Buffer.alloc(0);
}

/** @returns the JSON object that the bytes are, or undefined where they are none */
function parseJson(bytes: Buffer): IDataObject | undefined {
	try {
		const body: unknown = JSON.parse(bytes.toString('utf8'));
		return isRecord(body) ? body : undefined;
	} catch {
		return undefined;
	}
}

/** Kit's are numbers; it is kept as a part of a text. */
function isDeliveryId(id: unknown): id is Delivery['id'] {
	return (typeof id === 'number' || typeof id === 'string') && /^[\w-]{1,64}$/.test(String(id));
}

function deliveryIn(bytes: Buffer): Delivery | undefined {
	const { delivery_id: id, events } = parseJson(bytes) ?? {};
	if (!isDeliveryId(id)) return undefined;
	// Kit sends up to 100 (its documentation); were it to send more, these would be its events all the same.
	if (!Array.isArray(events) || events.length === 0) return undefined;
	const all: unknown[] = events;
	return all.every(isSignedEvent) ? { id, events: all } : undefined;
}

/** @returns what came by a classic webhook */
async function receiveClassic(
	context: IWebhookFunctions,
	trigger: Trigger,
	{ event, token }: IDataObject,
): Promise<Received | Refusal> {
	const { credentials, client } = trigger;
	if (!sameToken(token, tokenFor(credentials.apiKey, nodeKey(context)))) {
		const genuine = await isGenuineClassic(context, trigger, event, token, Date.now());
		if (genuine !== true) return genuine;
	}
	const bytes = await readBody(context);
	if (!Buffer.isBuffer(bytes)) return bytes;
	const body = parseJson(bytes);
	if (!body) return { status: 400, reason: 'it is no JSON object' };
	const choice = choiceOf(context);
	const chosen = choice.events.find(({ classic }) => classic !== undefined && classic === event);
	if (!chosen) return nothing();
	const item = classicItem(chosen, body);
	const items = choice.includeFullSubscriber ? await withFullSubscribers(client, [item]) : [item];
	return { ...nothing(), items };
}

/** @returns what came by a signed endpoint */
async function receiveSigned(
	context: IWebhookFunctions,
	trigger: Trigger,
	token: unknown,
): Promise<Received | Refusal> {
	const { credentials, state } = trigger;
	const bytes = await readBody(context);
	if (!Buffer.isBuffer(bytes)) return bytes;
	const header = context.getHeaderData()['x-kit-signature'];
	const now = Math.floor(Date.now() / 1000);
	const verify = (secret: string) => verifySignature(bytes, header, secret, now);
	const problemWith = (one: EndpointSecret | undefined) =>
		one ? verify(one.secret) : 'this n8n has no secret for it';
	const brought = open(credentials.apiKey, nodeKey(context), token);
	const kept = state.registration?.endpoint;
	const reason = problemWith(brought);
	const delivery = deliveryIn(bytes);
	if (reason !== undefined && problemWith(kept) !== undefined) {
		const time = signedAt(header);
		const signer = [brought, kept].find(
			(one) => one && verifySignature(bytes, header, one.secret, time) === undefined,
		);
		if (delivery && signer) {
			const late = { delivery, endpointId: signer.id, ahead: now - time, now: Date.now() };
			return await refuseByClock(context, trigger, late);
		}
		// Only what a signature of Kit's could be is worth a question.
		if (!delivery || verify('') !== MISMATCH) return { status: 401, reason };
		const isTrusted =
			brought !== undefined || sameToken(token, tokenFor(credentials.apiKey, nodeKey(context)));
		const repaired = await repairEndpoint(context, trigger, {
			delivery,
			endpointId: brought?.id,
			isTrusted,
			reason,
			verifies: (secret) => verify(secret) === undefined,
			now: Date.now(),
		});
		if (repaired !== true) return repaired;
	}
	if (!delivery) return { status: 400, reason: 'it is no JSON with events' };
	const response = context.getResponseObject();
	return await take(
		trigger,
		delivery,
		choiceOf(context),
		() => response.writableEnded && response.statusCode > 299,
	);
}

/** A delivery of this problem may still be Kit's: it is signed, and just now. */
const MISMATCH: SignatureProblem = 'its signature does not match';

/** Leaves out what was taken before, and holds back what another call is bringing right now. */
async function take(
	{ client, state }: Trigger,
	{ id, events }: Delivery,
	choice: Choice,
	wasRefused: () => boolean,
): Promise<Received | Refusal> {
	const now = Math.floor(Date.now() / 1000);
	const once = new Deduplicator(state);
	const chosen = events.filter((event) => isChosen(event, choice));
	const key = deliveryKey(id);
	const keys = once.fresh([key, ...chosen.map((event) => eventKey(event.id))], now);
	// A retry is the whole delivery again.
	if (!keys.includes(key) || chosen.length === 0) return nothing();
	const fresh = chosen.filter(
		(event, index) =>
			keys.includes(eventKey(event.id)) && chosen.findIndex((e) => e.id === event.id) === index,
	);
	if (fresh.length === 0) return nothing();
	if (!once.begin(keys, wasRefused)) {
		return { status: 503, reason: 'another call with the same events is being taken' };
	}
	const items = fresh.map((event) => signedItem(event, id));
	return {
		items: choice.includeFullSubscriber ? await withFullSubscribers(client, items) : items,
		taken: () => {
			once.end(keys, Math.floor(Date.now() / 1000));
		},
	};
}

/**
 * Without the Maton key, only what Kit signed with the secret that n8n kept can be told from anybody else's call.
 * @throws what is wrong with the credential, where Kit called
 */
async function refuseWithoutKey(context: IWebhookFunctions, error: Error): Promise<Refusal> {
	const bytes = await readBody(context);
	if (!Buffer.isBuffer(bytes)) return bytes;
	const { endpoint } = new TriggerState(context).registration ?? {};
	const header = context.getHeaderData()['x-kit-signature'];
	const now = Math.floor(Date.now() / 1000);
	if (endpoint && verifySignature(bytes, header, endpoint.secret, now) === undefined) throw error;
	return { status: 503, reason: 'the credential of the node cannot be used' };
}

/**
 * Reads a call of the webhook, by whomever it was made.
 * @param context of the call
 * @returns what Kit brought, or why nothing is taken
 * @throws {NodeOperationError} when Kit called, but the node's own fields or Kit do not let it be taken
 */
export async function receive(context: IWebhookFunctions): Promise<Received | Refusal> {
	let trigger: Trigger;
	try {
		trigger = await openTrigger(context);
	} catch (error) {
		return await refuseWithoutKey(context, error as Error);
	}
	const query = context.getQueryData() as IDataObject;
	return query.event === undefined
		? await receiveSigned(context, trigger, query.token)
		: await receiveClassic(context, trigger, query);
}

import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import type { Delivery } from './items';
import {
	findEndpoint,
	isStillTried,
	listCallers,
	registerAgain,
	renewEndpoint,
} from './registration';
import { sameToken } from './signature';
import type { Trigger } from './state';
import type { Caller } from './webhooksAtKit';

/** What a call is answered that starts nothing. */
export interface Refusal {
	status: 400 | 401 | 413 | 503;
	reason: string;
	/** After how many seconds Kit may try again; after its own wait where it is left out */
	retryAfter?: number;
}

/**
 * How often a call that cannot be verified may make n8n ask Kit, in ms: those that carry what only Kit and
 * n8n know, those that Kit signed at another time, which whoever saw one can send again, and those that
 * anybody can send. Of these, classic ones are for themselves: what is asked about the others says nothing
 * about them, and Kit posts them once.
 */
const PAUSE_MS = { trusted: 60_000, signed: 60_000, classic: 600_000, other: 600_000 };

/** After so many ms Kit is asked about classic calls again where it did not answer. */
const UNANSWERED_MS = 60_000;

/** When each trigger asked last, in ms since 1970. */
const asked = new Map<string, number>();

function askedKey(kind: keyof typeof PAUSE_MS, trigger: string): string {
	return `${kind} ${trigger}`;
}

function mayAsk(trigger: string, kind: keyof typeof PAUSE_MS, now: number): boolean {
	const key = askedKey(kind, trigger);
	const last = asked.get(key);
	if (last !== undefined && Math.abs(now - last) < PAUSE_MS[kind]) return false;
	asked.set(key, now);
	return true;
}

/**
 * Kit gives up after eight attempts, which its own waits spread over two days: to ask for sooner ones would
 * use them up before anything has changed.
 */
function later(reason: string): Refusal {
	return { status: 503, reason: `${reason}, and Kit was asked about it a moment ago` };
}

function warn(context: IWebhookFunctions, error: unknown): void {
	context.logger.warn(
		`Kit Trigger could not ask Kit about a call that it cannot verify: ${(error as Error).message}`,
		{ node: context.getNode().name },
	);
}

/** A delivery that none of the known secrets verifies. */
interface Unverified {
	delivery: Delivery;
	/** Which endpoint its URL names, where it carries what only Kit and n8n know */
	endpointId?: number;
	/** Whether its URL carries what only Kit and n8n know */
	isTrusted: boolean;
	reason: string;
	/** Whether a secret verifies it */
	verifies: (secret: string) => boolean;
	/** In ms since 1970 */
	now: number;
}

/** A delivery that is signed with the secret of an endpoint, at another time. */
interface ByClock {
	delivery: Delivery;
	endpointId: number;
	/** By how many seconds n8n's clock is ahead of the signature */
	ahead: number;
	/** In ms since 1970 */
	now: number;
}

/**
 * Asks Kit whether a delivery is its own. If so, the endpoint gets a new secret, with which Kit signs when it
 * tries again.
 * @param context of the call
 * @param trigger that is called
 * @param delivery that cannot be verified
 * @returns true where a secret that Kit has verifies it after all; otherwise what to answer
 * @throws {NodeOperationError} when it is Kit's and cannot be repaired
 */
export async function repairEndpoint(
	context: IWebhookFunctions,
	trigger: Trigger,
	{ delivery, endpointId, isTrusted, reason, verifies, now }: Unverified,
): Promise<Refusal | true> {
	const { state } = trigger;
	const forged: Refusal = { status: 401, reason };
	if (context.getMode() === 'manual') return forged;
	if (!mayAsk(state.key, isTrusted ? 'trusted' : 'other', now)) return later(reason);
	let found: Awaited<ReturnType<typeof findEndpoint>>;
	try {
		found = await findEndpoint(context, trigger, delivery, endpointId);
	} catch (error) {
		warn(context, error);
		return later(reason);
	}
	if (found?.secret !== undefined && verifies(found.secret)) return true;
	if (!found?.needsRepair) return forged;
	try {
		await renewEndpoint(context, trigger, found.id);
	} catch (error) {
		if (!found.knowsDelivery) {
			warn(context, error);
			return later(reason);
		}
		throw new NodeOperationError(
			context.getNode(),
			`What Kit sends cannot be verified, and Kit gives no new secret: ${(error as Error).message}`,
			{ description: 'Unpublish the workflow and publish it again, to make a new endpoint.' },
		);
	}
	return { status: 503, reason: `${reason}; it has a new secret now`, retryAfter: 1 };
}

/**
 * Asks Kit about a delivery that is signed with the secret, but not just now. Where Kit is still trying to deliver it,
 * the clock of n8n is wrong; otherwise somebody plays it again.
 * @param context of the call
 * @param trigger that is called
 * @param delivery that was signed
 * @param endpointId whose secret it is
 * @param ahead by how many seconds n8n's clock is ahead of the signature
 * @param now in ms since 1970
 * @returns what to answer
 * @throws {NodeOperationError} that says how far the clock is off
 */
export async function refuseByClock(
	context: IWebhookFunctions,
	trigger: Trigger,
	{ delivery, endpointId, ahead, now }: ByClock,
): Promise<Refusal> {
	const reason = 'its signature is too old or from the future';
	if (context.getMode() === 'manual') return { status: 401, reason };
	if (!mayAsk(trigger.state.key, 'signed', now)) return later(reason);
	let isGenuine: boolean;
	try {
		isGenuine = await isStillTried(context, trigger, delivery, endpointId);
	} catch (error) {
		warn(context, error);
		return later(reason);
	}
	if (!isGenuine) return { status: 401, reason };
	const minutes = String(Math.round(Math.abs(ahead) / 60));
	throw new NodeOperationError(
		context.getNode(),
		`What Kit sends cannot be verified, because n8n’s clock is ${minutes} minutes ${ahead > 0 ? 'ahead of' : 'behind'} Kit’s`,
		{
			description:
				'Set the clock of the machine that n8n runs on. Kit tries again for two days; Webhook Endpoint → Get Missed Events fetches what it has given up on.',
		},
	);
}

/** With what each trigger's classic webhooks call, as Kit said when it was asked last. */
const callers = new Map<string, Promise<Caller[]>>();

/**
 * Asks Kit with what its classic webhooks call, which is another token after a change of the Maton key. If it
 * is, they are made anew. What Kit says counts until it is asked again: it posts an event once, so that none
 * may be held back because somebody else has called before.
 * @param context of the call
 * @param trigger that is called
 * @param event as the call names it
 * @param token that the call carries
 * @param now in ms since 1970
 * @returns true where Kit calls; otherwise what to answer
 */
export async function isGenuineClassic(
	context: IWebhookFunctions,
	trigger: Trigger,
	event: IDataObject[string],
	token: IDataObject[string],
	now: number,
): Promise<Refusal | true> {
	const { state } = trigger;
	const forged: Refusal = { status: 401, reason: 'it does not have the right token' };
	if (typeof event !== 'string' || typeof token !== 'string' || !/^[0-9a-f]{32}$/.test(token)) {
		return forged;
	}
	if (context.getMode() === 'manual') return forged;
	const isFirst = mayAsk(state.key, 'classic', now);
	if (isFirst) {
		const asking = listCallers(context, trigger);
		asking.catch(() =>
			asked.set(askedKey('classic', state.key), now - PAUSE_MS.classic + UNANSWERED_MS),
		);
		callers.set(state.key, asking);
	}
	const said = callers.get(state.key) ?? Promise.resolve([]);
	let wrong = isFirst ? forged : later(forged.reason);
	let isGenuine = false;
	try {
		const all = await said;
		isGenuine = all.some((one) => one.event === event && sameToken(token, one.token));
		if (isFirst && all.some(({ isKnown }) => !isKnown)) await registerAgain(context, trigger);
	} catch (error) {
		if (isFirst) warn(context, error);
		wrong = later(forged.reason);
	}
	return isGenuine ? true : wrong;
}

import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { isPublic, isSameHost } from './address';
import { NO_ENDPOINTS } from './endpoints';
import type { Delivery } from './items';
import { choiceOf } from './parameters';
import type { Plan } from './plan';
import { planFor } from './plan';
import type { KeptTarget, Registration, Trigger } from './state';
import { hasMoved, openTrigger } from './state';
import { statusOf } from './statuses';
import type { Caller, FoundEndpoint } from './webhooksAtKit';
import { WebhooksAtKit } from './webhooksAtKit';

type Context = IHookFunctions | IWebhookFunctions;

/** With these Maton or Kit say that there is no way to an account (any more). */
const UNREACHABLE = ['400', '401', '403', '404'];

/** The work on each trigger, by its key: a process changes what one has at Kit in one place at a time. */
const work = new Map<string, Promise<unknown>>();

async function exclusively<T>(key: string, task: () => Promise<T>): Promise<T> {
	const before = work.get(key) ?? Promise.resolve();
	const mine = before.then(task, task);
	work.set(key, mine);
	try {
		return await mine;
	} finally {
		if (work.get(key) === mine) work.delete(key);
	}
}

/** Kit's own answer to a private address comes too late for classic webhooks: they just never call. */
function refuseUnreachable(context: Context, { target, credentials }: Trigger): void {
	// A gateway that is itself private, as for tests, may reach private addresses.
	if (isPublic(target.url) || !isPublic(credentials.baseUrl)) return;
	const origin = URL.canParse(target.url) ? new URL(target.url).origin : 'its address';
	throw new NodeOperationError(context.getNode(), `Kit cannot reach this n8n at ${origin}`, {
		description:
			'Kit needs a public address to call. Set the environment variable WEBHOOK_URL of n8n to the one under which the internet reaches it.',
	});
}

/**
 * @param context of an activation
 * @returns whether Kit has exactly what the node wants
 * @throws {NodeOperationError} when the node wants what cannot be
 */
export async function isRegistered(context: IHookFunctions): Promise<boolean> {
	const trigger = await openTrigger(context);
	return await exclusively(trigger.state.key, async () => {
		const choice = choiceOf(context);
		refuseUnreachable(context, trigger);
		const kept = trigger.state.registration;
		const at = new WebhooksAtKit(context, trigger);
		// What the connection could not have before, as on another plan, it may have now.
		if (kept?.classicOnly === true && (await at.canHaveEndpoints())) return false;
		const plan = await planFor(trigger.client, choice, kept?.classicOnly === true);
		if (!kept || hasMoved(kept.target, trigger.target)) return false;
		return (
			(await at.areWebhooksInSync(kept.webhooks, plan.webhooks)) &&
			(await at.isEndpointInSync(kept.endpoint, plan.endpointEvents))
		);
	});
}

/** Brings Kit to what the node wants, and keeps what Kit answers at once. */
async function settle(context: Context, trigger: Trigger): Promise<void> {
	const { client, state, target } = trigger;
	const choice = choiceOf(context);
	const at = new WebhooksAtKit(context, trigger);
	const kept: Omit<Registration, 'changedAt'> = {
		webhooks: [],
		...state.registration,
		target,
	};
	let plan: Plan = await planFor(client, choice, false);
	const keep = () => {
		state.keep(kept, Date.now());
	};
	try {
		await at.settleEndpoint(kept.endpoint, plan.endpointEvents, (endpoint) => {
			if (endpoint) kept.endpoint = endpoint;
			else delete kept.endpoint;
			keep();
		});
		delete kept.classicOnly;
	} catch (error) {
		if (choice.delivery !== 'auto' || !NO_ENDPOINTS.includes(statusOf(error))) {
			throw new NodeOperationError(context.getNode(), error as Error);
		}
		// Where the key itself is refused, this says so.
		await at.areWebhooksInSync([], []);
		plan = await planFor(client, choice, true);
		kept.classicOnly = true;
		delete kept.endpoint;
	}
	await at.settleWebhooks(kept.webhooks, plan.webhooks, (webhooks) => {
		kept.webhooks = [...webhooks];
		keep();
	});
	keep();
}

/**
 * Brings Kit to what the node wants.
 * @param context of an activation
 * @throws {NodeOperationError} when it cannot be; then nothing of it is left, as far as Kit lets
 */
export async function register(context: IHookFunctions): Promise<void> {
	const trigger = await openTrigger(context);
	await exclusively(trigger.state.key, async () => {
		refuseUnreachable(context, trigger);
		await leaveOldTarget(context, trigger);
		try {
			await settle(context, trigger);
		} catch (error) {
			await removeHere(context, trigger).catch((removal: unknown) => {
				context.logger.warn(
					`Kit Trigger could not remove what it had made before it failed: ${messageOf(removal)}`,
					{ node: context.getNode().name },
				);
			});
			throw new NodeOperationError(context.getNode(), error as Error);
		}
	});
}

/**
 * Removes what the node has at Kit.
 * @param context of a deactivation
 * @throws {NodeOperationError} when Kit does not delete it
 */
export async function unregister(context: IHookFunctions): Promise<void> {
	const trigger = await openTrigger(context);
	await exclusively(trigger.state.key, async () => {
		await leaveOldTarget(context, trigger);
		try {
			await removeHere(context, trigger);
		} catch (error) {
			throw new NodeOperationError(context.getNode(), error as Error);
		}
	});
}

/** @returns the endpoint that posts to this webhook; undefined where there is none */
export async function findEndpoint(
	context: IWebhookFunctions,
	trigger: Trigger,
	delivery: Delivery,
	named: number | undefined,
): Promise<FoundEndpoint | undefined> {
	const kept = trigger.state.registration?.endpoint;
	return await new WebhooksAtKit(context, trigger).findEndpoint(named, kept, delivery);
}

/** @returns whether Kit sent a delivery to an endpoint, and has not seen it arrive */
export async function isStillTried(
	context: IWebhookFunctions,
	trigger: Trigger,
	delivery: Delivery,
	id: number,
): Promise<boolean> {
	return await new WebhooksAtKit(context, trigger).isStillTried(id, delivery);
}

/** Gives the endpoint that posts to this webhook a new secret, and keeps it. */
export async function renewEndpoint(
	context: IWebhookFunctions,
	trigger: Trigger,
	id: number,
): Promise<void> {
	const { state, target } = trigger;
	await exclusively(state.key, async () => {
		await new WebhooksAtKit(context, trigger).renewEndpoint(id, (endpoint) => {
			state.keep({ webhooks: [], ...state.registration, target, endpoint }, Date.now());
		});
	});
}

/** @returns with what the classic webhooks call that Kit has */
export async function listCallers(context: IWebhookFunctions, trigger: Trigger): Promise<Caller[]> {
	return await new WebhooksAtKit(context, trigger).listCallers();
}

/** Brings Kit to what the node wants while the workflow is published; what is there stays where it fails. */
export async function registerAgain(context: IWebhookFunctions, trigger: Trigger): Promise<void> {
	await exclusively(trigger.state.key, async () => {
		await settle(context, trigger);
	});
}

async function removeHere(context: Context, trigger: Trigger): Promise<void> {
	const { state, target } = trigger;
	const kept = state.registration;
	const removed = await new WebhooksAtKit(context, trigger).remove(kept);
	const hadAny = kept?.endpoint !== undefined || (kept?.webhooks.length ?? 0) > 0;
	// Maton chooses another connection where the one before is not active any more.
	if (hadAny && removed === 0 && target.connectionId === '')
		warnLeft(context, target, OTHER_CONNECTION);
	state.forget(target, Date.now());
}

function warnLeft(context: Context, target: KeptTarget, why: string): void {
	context.logger.warn(
		`Kit Trigger left its webhooks of before where they are, ${nameOf(target)}, ${why}`,
		{ node: context.getNode().name },
	);
}

/**
 * Removes the node's webhooks from where they were before, if that is another place. Those that call
 * another host are left alone: a copy of this n8n may be what they belong to.
 */
async function leaveOldTarget(context: Context, trigger: Trigger): Promise<void> {
	const { state, target } = trigger;
	const kept = state.registration;
	if (!kept || !hasMoved(kept.target, target)) return;
	const old = kept.target;
	let removed = 0;
	let left = !isSameHost(old.url, target.url) ? OTHER_HOST : '';
	if (left === '') {
		try {
			const isSamePlace = old.url === target.url && old.connectionId === target.connectionId;
			// Only the key has changed: what is there stays, and is made anew one after the other.
			if (isSamePlace && (await new WebhooksAtKit(context, trigger).hasAny(kept))) return;
			removed = await new WebhooksAtKit(context, trigger, old).remove(kept);
		} catch (error) {
			if (!UNREACHABLE.includes(statusOf(error))) throw notRemoved(context, old, error as Error);
			left = OTHER_ACCOUNT;
		}
	}
	// Without a Connection ID another key may lead to another account, where nothing of it ever was.
	const isElsewhere = removed === 0 && old.key !== target.key && old.connectionId === '';
	if (left === '' && isElsewhere) left = OTHER_ACCOUNT;
	if (left !== '') warnLeft(context, old, left);
	state.forget(target, Date.now());
}

const OTHER_HOST =
	'because this n8n has another address now, and a copy of it may still be at the old one. If there is none, delete them in the Kit node: Webhook and Webhook Endpoint → Delete.';

const OTHER_CONNECTION =
	'because they are not in the account that it leads to now. If they are in another one, Kit goes on posting to them: delete them with a Connection ID that reaches that account.';

const OTHER_ACCOUNT =
	'because the credential does not lead there any more. If they are still there, Kit goes on posting to them: delete them with a credential that reaches that account.';

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

function notRemoved(context: Context, old: KeptTarget, error: Error): NodeOperationError {
	return new NodeOperationError(
		context.getNode(),
		`The webhooks of before, ${nameOf(old)}, could not be removed: ${error.message}`,
		{
			description:
				'No new ones were created. Try again later. If that connection to Kit has ended for good, delete it at maton.ai: then they are left as they are.',
		},
	);
}

/** Without the path, which together with a token would let others post. */
function nameOf({ url, connectionId }: KeptTarget): string {
	const account = connectionId
		? `the connection ${connectionId}`
		: 'the oldest connection of its key';
	return `at ${URL.canParse(url) ? new URL(url).origin : 'an unknown address'} in ${account}`;
}

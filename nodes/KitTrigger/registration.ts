import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { endpointDescription } from '../shared/signedEvent';
import { isPublic, isSameHost, leadsTo, queryOf } from './address';
import { statusOf, unlessAnswered } from './answered';
import { callsAs, ClassicWebhooks, classicUrl, isWanted } from './classicWebhooks';
import type { EndpointRow, EndpointWish } from './endpoints';
import { Endpoints, hasEvents, NO_ENDPOINTS } from './endpoints';
import type { Delivery } from './items';
import { choiceOf } from './parameters';
import type { Plan, WantedWebhook } from './plan';
import { planFor } from './plan';
import type { EndpointSecret } from './sealedSecret';
import { open, seal } from './sealedSecret';
import { tokenFor } from './signature';
import type { KeptEndpoint, KeptTarget, KeptWebhook, Registration, Trigger } from './state';
import { nodeKey, openTrigger } from './state';

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

/** @returns whether a trigger's webhooks belong elsewhere now */
function hasMoved(old: KeptTarget, here: KeptTarget): boolean {
	return old.url !== here.url || old.connectionId !== here.connectionId || old.key !== here.key;
}

/** An endpoint at Kit that posts to a trigger. */
interface FoundEndpoint {
	id: number;
	/** Which its URL carries; left out where it carries none, or one that cannot be opened */
	secret?: string;
	/** Whether Kit sent the delivery that is asked about */
	knowsDelivery: boolean;
	/** Whether it needs a new secret for n8n to verify what it sends */
	needsRepair: boolean;
}

/** With what a classic webhook calls. */
export interface Caller {
	event: string;
	token: string;
	/** Whether n8n takes this token by itself, without asking Kit */
	isKnown: boolean;
}

/** Whether somebody else gave an endpoint another secret, which Kit told them alone. */
function isRotatedByOthers({ rotatedUntil }: EndpointRow, kept: KeptEndpoint): boolean {
	return rotatedUntil !== '' && rotatedUntil !== kept.rotatedUntil;
}

/** What one trigger has at Kit, at one target. */
class AtKit {
	private readonly endpoints: Endpoints;

	private readonly webhooks: ClassicWebhooks;

	private readonly nodeKey: string;

	constructor(
		private readonly context: Context,
		private readonly trigger: Trigger,
		private readonly target: KeptTarget = trigger.target,
	) {
		this.endpoints = new Endpoints(trigger.client, target.connectionId);
		this.webhooks = new ClassicWebhooks(trigger.client, target.connectionId);
		this.nodeKey = nodeKey(context);
	}

	/** All endpoints of the account; undefined where the connection cannot have any. */
	private async listAll(): Promise<EndpointRow[] | undefined> {
		const list = () => this.endpoints.list();
		return await unlessAnswered(this.trigger.client, NO_ENDPOINTS, list);
	}

	private isHere({ url }: EndpointRow): boolean {
		return leadsTo(url, this.target.url);
	}

	/** Those that post here. */
	private async listEndpoints(): Promise<EndpointRow[] | undefined> {
		return (await this.listAll())?.filter((row) => this.isHere(row));
	}

	private get token(): string {
		return tokenFor(this.trigger.credentials.apiKey, this.nodeKey);
	}

	/** @returns what was sealed for this trigger with the key of now */
	private opened(url: string): EndpointSecret | undefined {
		return open(this.trigger.credentials.apiKey, this.nodeKey, queryOf(url, 'token'));
	}

	private sealedUrl(endpoint: EndpointSecret): string {
		const sealed = seal(this.trigger.credentials.apiKey, this.nodeKey, endpoint);
		return `${this.target.url}?token=${sealed}`;
	}

	/**
	 * Whether a delivery brings what it is verified with; Kit may have taken the query off its URL.
	 * @param kept with whose secret it has to agree, if with any
	 */
	private isSealed({ id, url }: EndpointRow, kept?: EndpointSecret): boolean {
		if (queryOf(url, 'token') === '') return true;
		const sealed = this.opened(url);
		return sealed?.id === id && (kept === undefined || sealed.secret === kept.secret);
	}

	/** @returns whether Kit does not refuse the connection signed endpoints */
	async canHaveEndpoints(): Promise<boolean> {
		return (await this.listEndpoints()) !== undefined;
	}

	async isEndpointInSync(kept: KeptEndpoint | undefined, wanted: string[]): Promise<boolean> {
		const listed = await this.listEndpoints();
		// What is disabled may be there for what it holds, and posts nothing.
		const posting = listed?.filter(({ status }) => status !== 'disabled');
		if (posting?.some(({ id }) => id !== kept?.id)) return false;
		if (!listed || !kept || wanted.length === 0) return !kept && wanted.length === 0;
		const row = await this.endpoints.get(kept.id);
		return (
			row?.status === 'active' &&
			leadsTo(row.url, this.target.url) &&
			hasEvents(row, wanted) &&
			this.isSealed(row, kept) &&
			!isRotatedByOthers(row, kept)
		);
	}

	/**
	 * Which of the kept webhooks are still there and wanted, and which of all are no such: their IDs, each
	 * with the name of its event.
	 */
	private async compare(kept: KeptWebhook[], wanted: WantedWebhook[]) {
		const listed = await this.webhooks.listFor(this.target.url);
		const valid = kept.filter((webhook) => {
			// One that the list does not show may be there or not: it is deleted by its ID, and made anew.
			const row = listed.find(({ id }) => id === webhook.id);
			return (
				row &&
				callsAs(row, webhook.name, this.token) &&
				wanted.some((one) => isWanted(one, webhook))
			);
		});
		const surplus = new Map([
			...listed.map(({ id, targetUrl }): [number, string] => [id, queryOf(targetUrl, 'event')]),
			...kept.map(({ id, name }): [number, string] => [id, name]),
		]);
		for (const { id } of valid) surplus.delete(id);
		const missing = wanted.filter((one) => !valid.some((webhook) => isWanted(one, webhook)));
		return { valid, missing, surplus };
	}

	async areWebhooksInSync(kept: KeptWebhook[], wanted: WantedWebhook[]): Promise<boolean> {
		const { missing, surplus } = await this.compare(kept, wanted);
		return missing.length === 0 && surplus.size === 0;
	}

	/** Makes the endpoint what is wanted, and tells of each step. */
	async settleEndpoint(
		kept: KeptEndpoint | undefined,
		events: string[],
		tell: (endpoint: KeptEndpoint | undefined) => void,
	): Promise<void> {
		const all = (await this.listAll()) ?? [];
		const listed = all.filter((row) => this.isHere(row));
		const own = events.length > 0 ? await this.settleOwn(kept, listed, events, tell) : undefined;
		const surplus = [...listed, ...(kept ? [kept] : [])].filter(({ id }) => id !== own);
		for (const id of new Set(surplus.map((one) => one.id))) await this.retire(id, listed);
		if (own === undefined) tell(undefined);
		await this.sweep(all);
	}

	private async settleOwn(
		kept: KeptEndpoint | undefined,
		listed: EndpointRow[],
		events: string[],
		tell: (endpoint: KeptEndpoint) => void,
	): Promise<number> {
		// What was not kept, as when n8n died meanwhile, may have been sealed; what another key sealed gets a new
		// secret, since with the endpoint all would go that has not arrived yet.
		const sealed = listed.map(({ id, url }) => ({ ...this.opened(url), at: id }));
		const known = [kept, ...sealed.filter(({ id, at }) => id === at)] as KeptEndpoint[];
		const { id: workflowId, name } = this.context.getWorkflow();
		// What another workflow with this webhook has left, as before it was imported anew, is this one's now.
		const about = {
			name: `n8n: ${String(name)}`,
			description: endpointDescription(String(workflowId), this.trigger.state.isTest),
		};
		const candidates: { id: number; own?: KeptEndpoint }[] = [
			...known.filter(Boolean).map((own) => ({ id: own.id, own })),
			...listed,
		];
		for (const { id, own } of candidates) {
			const row = await this.getEndpoint(id);
			if (!row) continue;
			// Of two secrets nothing says which is the later.
			const isDoubtful = !own || (this.opened(row.url)?.id === row.id && !this.isSealed(row, own));
			const isRotated = isDoubtful || isRotatedByOthers(row, own);
			const endpoint = isRotated ? await this.endpoints.rotate(row.id) : own;
			tell(endpoint);
			const isRight =
				row.status === 'active' &&
				row.description === about.description &&
				hasEvents(row, events) &&
				this.isSealed(row);
			if (!isRight || isRotated)
				await this.sealAt(endpoint, { ...about, events, status: 'active' });
			return row.id;
		}
		const url = `${this.target.url}?token=${this.token}`;
		const created = await this.endpoints.create({ url, events, ...about });
		tell(created);
		await this.sealAt(created);
		return created.id;
	}

	/** Lets each delivery bring what it is verified with. */
	private async sealAt(
		endpoint: EndpointSecret,
		change: Partial<Omit<EndpointWish, 'url'> & { status: string }> = {},
	): Promise<void> {
		await this.endpoints.update(endpoint.id, { ...change, url: this.sealedUrl(endpoint) });
	}

	/**
	 * Makes the classic webhooks what is wanted, and tells of each step. Of each event the new ones come first,
	 * so that none is missed, and the old ones go at once, since Kit posts to both until then.
	 */
	async settleWebhooks(
		kept: KeptWebhook[],
		wanted: WantedWebhook[],
		tell: (webhooks: KeptWebhook[]) => void,
	): Promise<void> {
		const { valid, missing, surplus } = await this.compare(kept, wanted);
		const isLeft = ({ id }: KeptWebhook) => surplus.has(id);
		const tellAll = () => {
			tell([...valid, ...kept.filter(isLeft)]);
		};
		for (const name of new Set([...missing.map((one) => one.name), ...surplus.values()])) {
			for (const one of missing.filter((webhook) => webhook.name === name)) {
				const { id: workflow } = this.context.getWorkflow();
				const url = classicUrl(this.target.url, name, this.token, String(workflow));
				valid.push(await this.webhooks.create(one, url));
				tellAll();
			}
			for (const [id] of [...surplus].filter(([, event]) => event === name)) {
				await this.webhooks.remove(id);
				surplus.delete(id);
				tellAll();
			}
		}
	}

	/**
	 * Deletes an endpoint, or disables it where Kit has something for it that has not arrived: with the endpoint that
	 * would be gone, and n8n unpublishes a workflow before it publishes its changes.
	 * @returns whether it was there
	 */
	private async retire(id: number, listed: EndpointRow[] = []): Promise<boolean> {
		const isKept = !this.trigger.state.isTest && (await this.endpoints.hasUndelivered(id));
		if (!isKept) return await this.endpoints.remove(id);
		if (listed.some((one) => one.id === id && one.status === 'disabled')) return true;
		await this.endpoints.update(id, { status: 'disabled' });
		const outcome = hasMoved(this.target, this.trigger.target)
			? 'It leads to where the trigger was before: when Kit has given up on what it still tries, Webhook Endpoint → Get Missed Events fetches it from there.'
			: 'What Kit still tries arrives where the workflow is published with a signed endpoint; Webhook Endpoint → Get Missed Events fetches the rest.';
		this.context.logger.warn(
			`Kit Trigger disabled the endpoint ${String(id)} instead of deleting it, because Kit has something for it that has not arrived. ${outcome}`,
			{ node: this.context.getNode().name },
		);
		return true;
	}

	/** Deletes what other nodes and addresses of this workflow have left disabled, when Kit keeps nothing of it any more. */
	private async sweep(listed: EndpointRow[]): Promise<void> {
		if (this.trigger.state.isTest) return;
		const own = endpointDescription(String(this.context.getWorkflow().id));
		const left = listed.filter(
			({ url, status, description }) =>
				status === 'disabled' && description === own && isSameHost(url, this.target.url),
		);
		for (const row of left) if (!this.isHere(row)) await this.endpoints.removeUnused(row.id);
	}

	/** Removes everything, by the ids that are kept and what the lists show, and counts it. */
	async remove(kept: Pick<Registration, 'endpoint' | 'webhooks'> | undefined): Promise<number> {
		const webhooks = await this.webhooks.listFor(this.target.url);
		const ids = new Set([...webhooks, ...(kept?.webhooks ?? [])].map(({ id }) => id));
		let removed = 0;
		for (const id of ids) if (await this.webhooks.remove(id)) removed += 1;
		// A connection that cannot have endpoints (any more) can remove none either.
		const all = await this.listAll();
		const endpoints = all?.filter((row) => this.isHere(row));
		const endpointIds = new Set(endpoints?.map(({ id }) => id));
		if (endpoints && kept?.endpoint) endpointIds.add(kept.endpoint.id);
		for (const id of endpointIds) if (await this.retire(id, endpoints)) removed += 1;
		await this.sweep(all ?? []);
		return removed;
	}

	/** @returns whether anything of what was kept is still there, or anything else that posts here */
	async hasAny({ endpoint }: Registration): Promise<boolean> {
		return (
			(await this.webhooks.listFor(this.target.url)).length > 0 ||
			((await this.listEndpoints()) ?? []).length > 0 ||
			(await this.getEndpoint(endpoint?.id)) !== undefined
		);
	}

	/** @returns what Kit has that posts here, and whether a delivery that cannot be verified is its own */
	async findEndpoint(
		named: number | undefined,
		kept: EndpointSecret | undefined,
		delivery: Delivery,
	): Promise<FoundEndpoint | undefined> {
		const row =
			(await this.getEndpoint(named)) ??
			(await this.getEndpoint(kept?.id)) ??
			(await this.listEndpoints())?.find(({ status }) => status !== 'disabled');
		if (!row) return undefined;
		const { secret } = this.opened(row.url) ?? {};
		const knowsDelivery = (await this.endpoints.findDelivery(row.id, delivery)) !== undefined;
		const isKnown = secret !== undefined || kept?.id === row.id;
		return {
			id: row.id,
			...(secret !== undefined && { secret }),
			knowsDelivery,
			needsRepair: knowsDelivery || !this.isSealed(row) || !isKnown,
		};
	}

	/** @returns whether Kit sent a delivery to an endpoint, and has not seen it arrive */
	async isStillTried(id: number, delivery: Delivery): Promise<boolean> {
		const { status } = (await this.endpoints.findDelivery(id, delivery)) ?? {};
		return status === 'pending' || status === 'retrying';
	}

	/** @returns an endpoint that posts here; undefined where it is gone, or posts elsewhere */
	private async getEndpoint(id: number | undefined): Promise<EndpointRow | undefined> {
		const row = id === undefined ? undefined : await this.endpoints.get(id);
		return row && leadsTo(row.url, this.target.url) ? row : undefined;
	}

	/** Gives an endpoint a new secret, and tells it before anything else can fail. */
	async renewEndpoint(id: number, tell: (endpoint: KeptEndpoint) => void): Promise<void> {
		const endpoint = await this.endpoints.rotate(id);
		tell(endpoint);
		await this.sealAt(endpoint);
	}

	/** @returns with what the classic webhooks call that Kit has, and whether n8n takes it by itself */
	async listCallers(): Promise<Caller[]> {
		const listed = await this.webhooks.listFor(this.target.url);
		return listed.map(({ targetUrl }) => ({
			event: queryOf(targetUrl, 'event'),
			token: queryOf(targetUrl, 'token'),
			isKnown: queryOf(targetUrl, 'token') === this.token,
		}));
	}
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
		const at = new AtKit(context, trigger);
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
	const at = new AtKit(context, trigger);
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
	return await new AtKit(context, trigger).findEndpoint(named, kept, delivery);
}

/** @returns whether Kit sent a delivery to an endpoint, and has not seen it arrive */
export async function isStillTried(
	context: IWebhookFunctions,
	trigger: Trigger,
	delivery: Delivery,
	id: number,
): Promise<boolean> {
	return await new AtKit(context, trigger).isStillTried(id, delivery);
}

/** Gives the endpoint that posts to this webhook a new secret, and keeps it. */
export async function renewEndpoint(
	context: IWebhookFunctions,
	trigger: Trigger,
	id: number,
): Promise<void> {
	const { state, target } = trigger;
	await exclusively(state.key, async () => {
		await new AtKit(context, trigger).renewEndpoint(id, (endpoint) => {
			state.keep({ webhooks: [], ...state.registration, target, endpoint }, Date.now());
		});
	});
}

/** @returns with what the classic webhooks call that Kit has */
export async function listCallers(context: IWebhookFunctions, trigger: Trigger): Promise<Caller[]> {
	return await new AtKit(context, trigger).listCallers();
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
	const removed = await new AtKit(context, trigger).remove(kept);
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
			if (isSamePlace && (await new AtKit(context, trigger).hasAny(kept))) return;
			removed = await new AtKit(context, trigger, old).remove(kept);
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

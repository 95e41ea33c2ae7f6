import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';
import { endpointDescription } from '../shared/signedEvent';
import { isSameHost, leadsTo, queryOf } from './address';
import { callsAs, ClassicWebhooks, classicUrl, isWanted } from './classicWebhooks';
import type { EndpointRow, EndpointWish } from './endpoints';
import { Endpoints, hasEvents, NO_ENDPOINTS } from './endpoints';
import type { Delivery } from './items';
import type { WantedWebhook } from './plan';
import type { EndpointSecret } from './sealedSecret';
import { open, seal } from './sealedSecret';
import { tokenFor } from './signature';
import type { KeptEndpoint, KeptTarget, KeptWebhook, Registration, Trigger } from './state';
import { hasMoved, nodeKey } from './state';
import { unlessAnswered } from './statuses';

type Context = IHookFunctions | IWebhookFunctions;

/** An endpoint at Kit that posts to a trigger. */
export interface FoundEndpoint {
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

/** The endpoint and the classic webhooks that one trigger has at Kit, at one target. */
export class WebhooksAtKit {
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

import { createHmac } from 'crypto';
import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';
import { deepCopy } from 'n8n-workflow';
import { KitClient } from '../shared/transport/client';
import type { MatonKitCredentials } from '../shared/transport/credentials';
import type { EndpointSecret } from './sealedSecret';

/** Where webhooks are made. */
export interface KeptTarget {
	/** The URL of n8n's webhook */
	url: string;
	/** The connection at Maton that leads to the Kit account; empty for the one that Maton chooses */
	connectionId: string;
	/** Tells one Maton key, at one gateway, from another without showing it */
	key: string;
	/** Whose it is: the n8n and its webhook. Static data can be copied to another n8n, and a node renamed. */
	owner: string;
}

/** @returns whether a trigger's webhooks belong elsewhere now */
export function hasMoved(old: KeptTarget, here: KeptTarget): boolean {
	return old.url !== here.url || old.connectionId !== here.connectionId || old.key !== here.key;
}

/** A classic webhook at Kit, as Kit answered its creation. */
export interface KeptWebhook {
	id: number;
	/** Kit's name of its event */
	name: string;
	/** What the event is about, as text; empty where it is about nothing */
	subject: string;
}

/** A signed endpoint at Kit, as Kit answered when it was made or got another secret. */
export interface KeptEndpoint extends EndpointSecret {
	/** Until when Kit signs with the secret before as well; left out where there is none */
	rotatedUntil?: string;
}

/** What a trigger has at Kit, as far as it was told. */
export interface Registration {
	/** When this last changed, in ms since 1970: of two copies the later one counts */
	changedAt: number;
	target: KeptTarget;
	endpoint?: KeptEndpoint;
	webhooks: KeptWebhook[];
	/** Whether Kit refused the account signed endpoints, so that all events come by classic webhooks */
	classicOnly?: boolean;
}

/** What n8n keeps with the node between activations, in its static data. */
interface SavedState {
	registration?: Registration;
	/** See `deduplicationRecord.ts` */
	taken?: string;
}

/** What this process knows of triggers, which no older copy of static data takes away, by `key`. */
const known = new Map<string, Registration>();

type Context = IHookFunctions | IWebhookFunctions;

/** What no other trigger of this n8n has. */
export function nodeKey(context: Context): string {
	const { webhookId, id } = context.getNode();
	return webhookId ?? id;
}

/** Whose it is, as in `KeptTarget` */
function ownerOf(context: Context): string {
	return `${context.getInstanceId()} ${nodeKey(context)}`;
}

/** @returns where webhooks belong now: n8n's URL, in the connection that the credential chooses */
function targetOf(
	context: Context,
	{ apiKey, baseUrl, connectionId }: MatonKitCredentials,
): KeptTarget {
	return {
		url: context.getNodeWebhookUrl('default') ?? '',
		connectionId,
		key: createHmac('sha256', apiKey).update(baseUrl).digest('hex').slice(0, 16),
		owner: ownerOf(context),
	};
}

/**
 * n8n hands a test run static data of its own, which are thrown away after it (`test-webhooks.ts` in
 * n8n). Should it ever hand it those of production, the two stay apart here.
 */
function dataOf(context: Context): { data: SavedState; isTest: boolean } {
	const data = context.getWorkflowStaticData('node') as SavedState & {
		test?: SavedState & { url: string };
	};
	const isManual = context.getMode() === 'manual';
	// n8n does not tell a call the URL of the test webhook, but its mode does.
	if ('getRequestObject' in context) {
		return { data: (isManual ? data.test : undefined) ?? data, isTest: isManual };
	}
	const url = context.getNodeWebhookUrl('default') ?? '';
	// The mode tells a test run apart when it begins, but not when it ends; the URL then does.
	if (isManual && data.test?.url !== url) data.test = { url };
	const isTest = data.test?.url === url;
	return { data: isTest && data.test ? data.test : data, isTest };
}

/** What is known of a trigger, in this process and in what n8n saved. */
export class TriggerState {
	/** Tells triggers, and their test runs, apart in this process */
	readonly key: string;

	/** Whether this is a test run, while n8n listens for one event */
	readonly isTest: boolean;

	private readonly data: SavedState;

	private readonly owner: string;

	/** @param context of an activation or a call */
	constructor(context: Context) {
		const { data, isTest } = dataOf(context);
		const owner = ownerOf(context);
		this.isTest = isTest;
		this.data = data;
		this.owner = owner;
		this.key = isTest ? `${owner} test` : owner;
	}

	/** What is at Kit by the later of the two; undefined for nothing, and for what another n8n made */
	get registration(): Registration | undefined {
		const copies = [this.data.registration, known.get(this.key)].filter(
			(one): one is Registration => one?.target.owner === this.owner,
		);
		const [latest] = copies.sort((one, other) => other.changedAt - one.changedAt);
		// n8n watches what it saves, and a copy is of no concern to it.
		return latest && deepCopy(latest);
	}

	/** Keeps what is at Kit now, at once and in both places. */
	keep(registration: Omit<Registration, 'changedAt'>, now: number): void {
		const kept = { ...registration, changedAt: this.next(now) };
		known.set(this.key, kept);
		this.data.registration = deepCopy(kept);
	}

	/** Forgets what was at Kit; this process remembers that it is gone. */
	forget(target: KeptTarget, now: number): void {
		known.set(this.key, { target, webhooks: [], changedAt: this.next(now) });
		delete this.data.registration;
	}

	/** A clock that was set back must not make the older copy the later one. */
	private next(now: number): number {
		return Math.max(now, (this.registration?.changedAt ?? 0) + 1);
	}

	/** What was taken, as n8n saved it */
	get taken(): string {
		return this.data.taken ?? '';
	}

	set taken(text: string) {
		this.data.taken = text;
	}
}

/** A trigger that is activated or called. */
export interface Trigger {
	client: KitClient;
	credentials: MatonKitCredentials;
	/** Where its webhooks belong now */
	target: KeptTarget;
	state: TriggerState;
}

/** @throws {NodeOperationError} that names the field of the credential that is wrong */
export async function openTrigger(context: Context): Promise<Trigger> {
	const client = new KitClient(context);
	const credentials = await client.credentials();
	const target = targetOf(context, credentials);
	return { client, credentials, target, state: new TriggerState(context) };
}

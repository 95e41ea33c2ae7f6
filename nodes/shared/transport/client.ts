import type {
	IAllExecuteFunctions,
	ICredentialDataDecryptedObject,
	IDataObject,
	IHttpRequestMethods,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
	INode,
} from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { isRecord } from '../record';
import { throwIfCanceled, unlessCanceled, wait } from './cancellation';
import type { MatonKitCredentials } from './credentials';
import { rateLimitKey, readCredentials, refuseLostConnection } from './credentials';
import { withDeadline } from './deadline';
import type { Explanation } from './explanations';
import {
	explainNetworkError,
	explainStatus,
	explainUnreadable,
	isFromKit,
	kitSentences,
	neverLeft,
	UNKNOWN_OUTCOME,
} from './explanations';
import type { LagPatience } from './lagPatience';
import { redact } from './redact';
import { queueFor } from './requestQueue';
import type { RequestStats } from './requestStats';
import { readResponseBody } from './responseBody';
import type { Failure } from './retry';
import { attemptsAlike, readRetryAfter, retryDelay } from './retry';

/** A request to Kit or Maton. */
export interface KitRequest {
	/** GET if left out */
	method?: IHttpRequestMethods;
	/** Below the credential's base URL, such as `/kit/v4/tags` */
	path: string;
	query?: IDataObject;
	body?: IDataObject;
	/** Whether it does the same once as twice; every request does but a POST, if left out */
	idempotent?: boolean;
	/** The connection to use in place of the credential's; empty for the one that Maton chooses */
	connectionId?: string;
}

/** A JSON object as Kit or Maton sent it; empty where they answered without a body. */
export type KitBody = Record<string, unknown>;

/** The node's own settings of HTTP: its proxy, its time-out in milliseconds, its certificates. */
export type HttpSettings = Pick<
	IHttpRequestOptions,
	'proxy' | 'timeout' | 'skipSslCertificateValidation'
>;

/** What requests share beside the credential. */
export interface ClientOptions {
	http?: HttpSettings;
	/** Counts them */
	stats?: RequestStats;
	/** How long they wait for what Kit's lists may not have yet; not at all if left out */
	lag?: LagPatience;
	/** Ends them; that of the execution if left out */
	signal?: AbortSignal;
	/** Keeps those from being sent, be it again, that cannot have been carried out yet, and lets the others end */
	stop?: AbortSignal;
	/** The connection that they use in place of the credential's */
	connectionId?: string;
}

/** Where requests go. */
export interface Account {
	/** The same for clients whose requests may be put together: those of one account, on one way */
	id: string;
	/** Whose it is: the same on whatever way */
	owner: string;
	/** Whether another id is another account: the connection is named, and the way is the usual one */
	isNamed: boolean;
}

/** What every request has in common, whoever sends it. */
const TRANSPORT = {
	json: true,
	encoding: 'stream',
	returnFullResponse: true,
	ignoreHttpStatusErrors: true,
	disableFollowRedirect: true,
	arrayFormat: 'comma',
} as const satisfies Partial<IHttpRequestOptions>;

/**
 * How long n8n waits for a response to begin where nobody set Timeout (`axios.defaults.timeout` in
 * n8n-core). Once begun, it gets as long again to end.
 */
const TIMEOUT_MS = 300_000;

/** With what Kit answers without a body (Kit's document). */
const WITHOUT_BODY = [202, 204];

/**
 * Sends requests through the Maton gateway: at the rate that Maton allows for the key, again where that
 * is safe and worth it, and with errors that say what happened and what to do. Every request of this
 * package but the credential's test goes through here.
 */
export class KitClient {
	/** What ends its requests */
	readonly signal: AbortSignal | undefined;

	/** How long the last response took that came, in milliseconds */
	responseMs = 0;

	private stored: Promise<unknown> | undefined;

	/**
	 * @param context any of n8n's contexts that has the credential
	 * @param options what its requests share
	 */
	constructor(
		private readonly context: IAllExecuteFunctions,
		private readonly options: ClientOptions = {},
	) {
		this.signal =
			options.signal ??
			('getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined);
	}

	/** @returns the same client, whose requests have other options */
	with(options: ClientOptions): KitClient {
		const client = new KitClient(this.context, { ...this.options, ...options });
		client.stored = this.stored;
		return client;
	}

	/** The node that asks, for errors */
	get node(): INode {
		return this.context.getNode();
	}

	/** @returns where the requests of this client go, and on which way */
	async account(): Promise<Account> {
		const credentials = await this.credentials();
		const { connectionId } = credentials;
		const { http = {} } = this.options;
		const owner = JSON.stringify([rateLimitKey(credentials), connectionId]);
		return {
			id: JSON.stringify([owner, http]),
			owner,
			isNamed: connectionId !== '' && Object.keys(http).length === 0,
		};
	}

	/** @throws {NodeOperationError} that names the field of the credential that is wrong */
	async credentials(): Promise<MatonKitCredentials> {
		this.stored ??= this.context.getCredentials('matonKitApi');
		try {
			const stored = await this.stored;
			const credentials = readCredentials(stored);
			const { connectionId } = this.options;
			if (connectionId !== undefined) return { ...credentials, connectionId };
			refuseLostConnection(stored);
			return credentials;
		} catch (error) {
			throw new NodeOperationError(this.node, error as Error);
		}
	}

	/**
	 * Waits for Kit's lists to catch up.
	 * @param asked how often the list was asked so far
	 * @returns whether it is worth asking again
	 */
	async waitForLag(asked: number): Promise<boolean> {
		const delayMs = this.options.lag?.delay(asked, performance.now());
		if (delayMs === undefined) return false;
		await wait(delayMs, this.signal);
		return true;
	}

	/**
	 * Sends one request.
	 * @returns the body of the response
	 * @throws {NodeApiError} when Kit or Maton refused, or the response was lost or unreadable
	 */
	async send({ connectionId, ...request }: KitRequest): Promise<KitBody> {
		const stored = await this.credentials();
		const credentials = connectionId === undefined ? stored : { ...stored, connectionId };
		const queue = queueFor(credentials);
		const { stats, stop } = this.options;
		const { method = 'GET' } = request;
		const { idempotent = method !== 'POST' } = request;
		let startedAt: number | undefined;
		const failures: Failure[] = [];
		let mayHaveSucceeded = false;
		const mayStop = () => (mayHaveSucceeded ? undefined : stop);

		for (;;) {
			const end = await waiting(stats, queue.turn(stats ?? this, [this.signal, mayStop()]));
			const now = performance.now();
			stats?.request(now);
			startedAt ??= now;
			const outcome = await this.attempt(request, credentials, failures.length + 1);
			end('status' in outcome && outcome.status === 429);
			const alreadyDeleted = method === 'DELETE' && mayHaveSucceeded;
			if ('body' in outcome) {
				const body = alreadyDeleted
					? withoutAlreadyDeleted(request.path, outcome.body)
					: outcome.body;
				return withoutSecrets(body, credentials.apiKey);
			}
			throwIfCanceled(this.signal);
			if (alreadyDeleted && outcome.status === 404) return {};

			failures.push(outcome.failure);
			mayHaveSucceeded ||= outcome.mayHaveSucceeded;
			const { retryAfterMs } = outcome;
			const delayMs = retryDelay({
				failures,
				idempotent,
				retryAfterMs,
				elapsedMs: performance.now() - startedAt,
				random: Math.random(),
			});
			if (delayMs === undefined) {
				const unknown = mayHaveSucceeded && !idempotent;
				throw kitError(this.node, credentials, outcome, attemptsAlike(failures), unknown);
			}
			stats?.retry(delayMs, performance.now());
			const forAll = retryAfterMs !== undefined || outcome.fromKit === true;
			if (outcome.status === 429 && forAll) queue.block(delayMs);
			else if (outcome.status === 429) queue.slowDown();
			await waiting(stats, unlessCanceled(wait(delayMs, this.signal), mayStop()));
		}
	}

	private async attempt(
		request: KitRequest,
		credentials: MatonKitCredentials,
		attempt: number,
	): Promise<{ body: KitBody } | Unsuccessful> {
		const { method = 'GET', path, query, body: sent } = request;
		const { http = {} } = this.options;
		const startedAt = performance.now();
		const log = (status: number | string) => {
			const ms = Math.round(performance.now() - startedAt);
			this.context.logger.debug('Kit request', { method, path, attempt, status, ms });
		};
		let response: HttpResponse;
		try {
			response = await withDeadline(
				2 * (http.timeout ?? TIMEOUT_MS),
				this.signal,
				async (abortSignal) =>
					await this.fetch(
						// n8n's helper writes into what it is given, so every attempt gets its own.
						{
							...TRANSPORT,
							...http,
							abortSignal,
							method,
							baseURL: credentials.baseUrl,
							url: path,
							qs: query,
							body: sent,
						},
						credentials,
					),
			);
		} catch (error) {
			const code = networkCode(error);
			log(code || 'lost');
			return {
				failure: { networkError: true },
				explanation: explainNetworkError(code, http),
				mayHaveSucceeded: !neverLeft(code),
			};
		}
		const { status, headers, body } = response;
		this.responseMs = performance.now() - startedAt;
		log(status);
		if (status < 200 || status > 299) {
			const emailAddress = (sent as { email_address?: string } | undefined)?.email_address;
			const fromKit = isFromKit(status, body);
			return {
				failure: { status, fromKit },
				fromKit,
				explanation: explainStatus({ status, body, method, path, emailAddress }),
				mayHaveSucceeded: status >= 500,
				status,
				retryAfterMs: readRetryAfter(headers['retry-after'], Date.now(), headers.date),
				requestId: headers['x-request-id'],
			};
		}
		if (isRecord(body)) return { body };
		if (body === '' && WITHOUT_BODY.includes(status)) return { body: {} };
		return {
			failure: { unreadable: true },
			explanation: explainUnreadable(body === '' ? 'it is empty' : 'it is no JSON object'),
			mayHaveSucceeded: true,
		};
	}

	private async fetch(
		options: IHttpRequestOptions,
		credentials: MatonKitCredentials,
	): Promise<HttpResponse> {
		// In place of the request's signal, n8n's helper takes the one of the execution.
		const stoppable = Object.assign(Object.create(this.context) as IAllExecuteFunctions, {
			getExecutionCancelSignal: () => options.abortSignal,
		});
		const data = credentials as unknown as ICredentialDataDecryptedObject;
		const response = (await this.context.helpers.httpRequestWithAuthentication.call(
			stoppable,
			'matonKitApi',
			options,
			{ credentialsDecrypted: { id: '', name: '', type: 'matonKitApi', data } },
		)) as IN8nHttpFullResponse;
		const { statusCode: status, headers } = response;
		return { status, headers, body: await readResponseBody(response.body) };
	}
}

/** Counts a wait. */
async function waiting<T>(stats: RequestStats | undefined, ended: Promise<T>): Promise<T> {
	stats?.beginWait(performance.now());
	try {
		return await ended;
	} finally {
		stats?.endWait(performance.now());
	}
}

interface Unsuccessful {
	failure: Failure;
	explanation: Explanation;
	/** Whether Kit may have done it all the same */
	mayHaveSucceeded: boolean;
	status?: number;
	/** Whether Kit itself refused */
	fromKit?: boolean;
	retryAfterMs?: number;
	/** Kit's own name for the request, for which its support asks */
	requestId?: unknown;
}

interface HttpResponse {
	status: number;
	headers: IDataObject;
	body: unknown;
}

/** Kit's sentences beside a success may quote what was sent, as those of an error may. */
function withoutSecrets(body: KitBody, apiKey: string): KitBody {
	const { failures, warnings } = body;
	const sentences = {
		...(failures !== undefined && { failures }),
		...(warnings !== undefined && { warnings }),
	};
	if (Object.keys(sentences).length === 0) return body;
	return { ...body, ...(JSON.parse(redact(JSON.stringify(sentences), apiKey)) as KitBody) };
}

/** Taking a tag away from a subscriber deletes neither: one that does not exist did not exist before. */
const TAGGINGS = '/kit/v4/bulk/tags/subscribers';
const NEVER_THERE = /^(Tag|Subscriber) does not exist/;

/** Entries of a bulk DELETE whose first response was lost: what does not exist any more is done. */
function withoutAlreadyDeleted(path: string, body: KitBody): KitBody {
	if (!Array.isArray(body.failures)) return body;
	const isDone = (sentence: string) =>
		sentence.includes('does not exist') && !(path === TAGGINGS && NEVER_THERE.test(sentence));
	const isGone = (failure: unknown) => kitSentences(failure).some(isDone);
	return { ...body, failures: body.failures.filter((failure) => !isGone(failure)) };
}

/** n8n wraps what axios threw, and has the network's code where a status would be. */
function networkCode(error: unknown): string {
	const { code, httpCode } = (error ?? {}) as { code?: unknown; httpCode?: unknown };
	return [code, httpCode].find((one) => typeof one === 'string') ?? '';
}

function kitError(
	node: INode,
	{ apiKey }: MatonKitCredentials,
	{ explanation, status, fromKit, requestId }: Unsuccessful,
	attempts: number,
	outcomeUnknown: boolean,
): NodeApiError {
	const tried = attempts > 1 ? ` (tried ${String(attempts)} times)` : '';
	const httpCode = status === undefined ? undefined : String(status);
	const message = redact(explanation.message + tried, apiKey);
	const isId = typeof requestId === 'string' && /^[\w-]{1,80}$/.test(requestId);
	const more = [
		...(outcomeUnknown ? [UNKNOWN_OUTCOME] : []),
		...(isId ? [`Kit’s support finds this request as ${requestId}.`] : []),
	];
	const advice =
		more.length > 0 ? explanation.description.replace(/[.]?$/, '.') : explanation.description;
	const description = redact([advice, ...more].join(' '), apiKey);
	const error = new NodeApiError(node, { message }, { message, description, httpCode });
	error.context.outcomeUnknown = outcomeUnknown;
	error.context.fromKit = fromKit === true;
	return error;
}

/** @returns whether a request failed that may have been carried out all the same */
export function isOutcomeUnknown(error: unknown): boolean {
	return error instanceof NodeApiError && error.context.outcomeUnknown === true;
}

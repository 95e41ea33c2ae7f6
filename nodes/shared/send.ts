import type {
	IAllExecuteFunctions,
	ICredentialDataDecryptedObject,
	IDataObject,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
	INode,
} from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import { readBody } from './body';
import { withDeadline } from './deadline';
import type { Explanation } from './errors';
import {
	explainLoss,
	explainStatus,
	explainUnreadable,
	kitSentences,
	UNKNOWN_OUTCOME,
} from './errors';
import { queueFor, throwIfCanceled, wait } from './queue';
import type { Reporting } from './report';
import type { Failure } from './retry';
import { isBulk, isRepeatable, nextTryIn, readRetryAfter } from './retry';

/** The fields of the credential, as `credentials/MatonKitApi.credentials.ts` defines them. */
export interface MatonKitCredentials extends ICredentialDataDecryptedObject {
	apiKey: string;
	connectionId: string;
	baseUrl: string;
}

/** A request to Kit or Maton: its path below the base URL, and what n8n's HTTP helper takes besides. */
export type KitRequest = Omit<IHttpRequestOptions, 'url'> & {
	url: string;
	/** The connection to use in place of the credential's; empty for the one that Maton chooses */
	connectionId?: string;
};

/** A JSON object as Kit or Maton sent it; empty where they answered without a body. */
export type KitBody = Record<string, unknown>;

/** The token by which the Kit Trigger knows that Kit calls its classic webhooks. */
export const TOKEN_IN_URL = /([?&]token=)[0-9a-f]{32}/g;

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
 * How long n8n waits for an answer to begin where nobody set Timeout (`axios.defaults.timeout` in
 * n8n-core). Once begun, it gets as long again to end.
 */
const PATIENCE_MS = 300_000;

/**
 * @param baseUrl the credential's Base URL
 * @returns it without slashes at its end, so that a path can follow
 */
export function withoutTrailingSlash(baseUrl: string): string {
	return baseUrl.trim().replace(/\/+$/, '');
}

/**
 * Sends one request through the Maton gateway: at the pace that Maton allows for the key, again
 * where that is safe and worth it, and with errors that say what happened and what to do. Every
 * request of this package goes through here.
 * @param context any of n8n's contexts that has the credential
 * @param request what to send
 * @returns the body of the answer
 * @throws {NodeApiError} when Kit or Maton refused, or the answer was lost or unreadable
 */
export async function send(
	context: IAllExecuteFunctions,
	{ connectionId, ...request }: KitRequest,
): Promise<KitBody> {
	const stored = await context.getCredentials<MatonKitCredentials>('matonKitApi');
	const credentials = connectionId === undefined ? stored : { ...stored, connectionId };
	const baseURL = withoutTrailingSlash(credentials.baseUrl);
	const queue = queueFor(credentials.apiKey, baseURL);
	const signal =
		'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
	const { report } = context as Reporting;
	const { method = 'GET', url: path } = request;
	const repeatable = isRepeatable(method, path);
	const startedAt = Date.now();
	const failures: Failure[] = [];
	let mayBeDone = false;

	for (;;) {
		// n8n's helper writes into what it is given, so every try gets its own.
		const options: IHttpRequestOptions = { ...TRANSPORT, ...request, method, baseURL };
		report?.beginWait(Date.now());
		const outcome = await queue.run(async () => {
			report?.endWait(Date.now());
			report?.request();
			return await attempt(context, options, credentials, signal);
		}, signal);
		const gone = method === 'DELETE' && mayBeDone;
		if ('body' in outcome) return gone ? withoutGone(outcome.body) : outcome.body;
		throwIfCanceled(signal);
		if (gone && outcome.status === 404) return {};

		const retryAfterMs = readRetryAfter(outcome.retryAfter, Date.now());
		failures.push(outcome.failure);
		const waitMs = nextTryIn({
			failures,
			repeatable,
			bulk: isBulk(path),
			retryAfterMs,
			elapsedMs: Date.now() - startedAt,
			random: Math.random(),
		});
		if (outcome.status !== 429) mayBeDone ||= outcome.status === undefined || outcome.status >= 500;
		if (waitMs === undefined) {
			const unknown = mayBeDone && !repeatable ? ` ${UNKNOWN_OUTCOME}` : '';
			throw kitError(context.getNode(), credentials, outcome, failures.length, unknown);
		}
		report?.retry();
		if (outcome.status === 429 && retryAfterMs !== undefined) queue.pause(waitMs);
		report?.beginWait(Date.now());
		await wait(waitMs, signal);
		report?.endWait(Date.now());
	}
}

interface Unsuccessful {
	failure: Failure;
	explanation: Explanation;
	status?: number;
	retryAfter?: unknown;
}

interface HttpAnswer {
	status: number;
	headers: IDataObject;
	body: unknown;
}

async function request(
	context: IAllExecuteFunctions,
	options: IHttpRequestOptions,
	credentials: MatonKitCredentials,
): Promise<HttpAnswer> {
	// In place of the request's signal, n8n's helper takes the one of the execution.
	const stoppable = Object.assign(Object.create(context) as IAllExecuteFunctions, {
		getExecutionCancelSignal: () => options.abortSignal,
	});
	const response = (await context.helpers.httpRequestWithAuthentication.call(
		stoppable,
		'matonKitApi',
		options,
		{ credentialsDecrypted: { id: '', name: '', type: 'matonKitApi', data: credentials } },
	)) as IN8nHttpFullResponse;
	const { statusCode: status, headers } = response;
	return { status, headers, body: await readBody(response.body) };
}

async function attempt(
	context: IAllExecuteFunctions,
	options: IHttpRequestOptions,
	credentials: MatonKitCredentials,
	signal: AbortSignal | undefined,
): Promise<{ body: KitBody; status: number } | Unsuccessful> {
	let answer: HttpAnswer;
	try {
		const patienceMs = options.timeout ?? PATIENCE_MS;
		answer = await withDeadline(
			2 * patienceMs,
			signal,
			async (abortSignal) => await request(context, { ...options, abortSignal }, credentials),
		);
	} catch (error) {
		return { failure: { lost: true }, explanation: explainLoss(networkCode(error)) };
	}
	const { status, headers, body } = answer;
	const { method = 'GET', url: path, body: sent } = options;
	if (status < 200 || status > 299) {
		const emailAddress = (sent as { email_address?: string } | undefined)?.email_address;
		return {
			failure: { status },
			explanation: explainStatus({ status, body, method, path, emailAddress }),
			status,
			retryAfter: headers['retry-after'],
		};
	}
	if (body === '') return { body: {}, status };
	if (isObject(body)) return { body, status };
	return { failure: { unreadable: true }, explanation: explainUnreadable('it is no JSON object') };
}

/** Entries of a bulk DELETE whose first answer was lost: what does not exist any more is done. */
function withoutGone(body: KitBody): KitBody {
	if (!Array.isArray(body.failures)) return body;
	const isGone = (failure: unknown) =>
		kitSentences(failure).some((sentence) => sentence.includes('does not exist'));
	return { ...body, failures: body.failures.filter((failure) => !isGone(failure)) };
}

function isObject(value: unknown): value is KitBody {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** n8n wraps what axios threw, so the network's code is somewhere below. */
function networkCode(error: unknown): string {
	const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
	if (typeof code === 'string') return code;
	return cause === undefined ? '' : networkCode(cause);
}

function kitError(
	node: INode,
	credentials: MatonKitCredentials,
	{ explanation, status }: Unsuccessful,
	tries: number,
	unknownOutcome: string,
): NodeApiError {
	const tried = tries > 1 ? ` (tried ${String(tries)} times)` : '';
	const httpCode = status === undefined ? undefined : String(status);
	const message = withoutSecrets(explanation.message + tried, credentials);
	const description = withoutSecrets(explanation.description + unknownOutcome, credentials);
	return new NodeApiError(node, { message }, { message, description, httpCode });
}

/**
 * @param text a sentence that may quote what was sent
 * @param credentials whose key must not be read
 * @returns the sentence without the key, Maton's connection links and the secrets of webhooks
 */
function withoutSecrets(text: string, { apiKey }: MatonKitCredentials): string {
	const shown = text
		.replaceAll(/https?:\/\/\S*session_token=\S*/g, '[hidden link]')
		.replaceAll(/whsec_\w+/g, '[hidden secret]')
		.replaceAll(TOKEN_IN_URL, '$1[hidden]');
	return apiKey ? shown.replaceAll(apiKey, '[hidden key]') : shown;
}

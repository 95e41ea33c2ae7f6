import { createHmac } from 'crypto';
import type { IHookFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { KitClient } from '../shared/transport/client';
import { classic } from './classic';
import type { KeptTarget, WebhookTarget } from './provider';
import { signed } from './signed';

/** The statuses with which Maton or Kit say that there is no way to the account (any more). */
const UNREACHABLE = ['400', '401', '403', '404'];

/**
 * @param context of the activation
 * @returns where webhooks belong now: n8n's URL, in the connection that the credential chooses
 */
export async function currentTarget(context: IHookFunctions): Promise<KeptTarget> {
	const { apiKey, connectionId, baseUrl } = await new KitClient(context).credentials();
	const { webhookId, id } = context.getNode();
	return {
		url: context.getNodeWebhookUrl('default') ?? '',
		connectionId,
		key: createHmac('sha256', apiKey).update(baseUrl).digest('hex').slice(0, 16),
		owner: `${context.getInstanceId()} ${webhookId ?? id}`,
	};
}

/**
 * @param old where webhooks were made last, if that is known
 * @param here where they belong now
 * @returns whether this node left webhooks at another target
 */
export function hasMoved(old: KeptTarget | undefined, here: KeptTarget): boolean {
	return (
		old?.owner === here.owner &&
		(old.url !== here.url || old.connectionId !== here.connectionId || old.key !== here.key)
	);
}

/**
 * Removes the node's webhooks of both kinds from where they were before, if that is another target.
 * Where that account cannot be reached any more, n8n's log says what may be left.
 * @param context of the activation
 * @param old where they were made last, if that is known
 * @param here where they belong now
 * @throws {NodeOperationError} when the account may still be reached but they could not be removed
 */
export async function removeFromOldTarget(
	context: IHookFunctions,
	old: KeptTarget | undefined,
	here: KeptTarget,
): Promise<void> {
	if (!old || !hasMoved(old, here)) return;
	let removed = 0;
	let refused = false;
	for (const provider of [classic, signed]) {
		try {
			removed += await provider.remove(context, old);
		} catch (error) {
			if (!UNREACHABLE.includes(httpCodeOf(error))) throw notRemoved(context, old, error as Error);
			refused = true;
		}
	}
	// Without a Connection ID another key may lead to another account, where nothing of it ever was.
	const maybeElsewhere = removed === 0 && old.key !== here.key && old.connectionId === '';
	if (refused || maybeElsewhere) {
		context.logger.warn(
			`Kit Trigger could not remove its webhooks from where they were before, ${nameOf(old)}, because the credential does not lead there any more. If they are still there, Kit goes on posting to them: delete them with a credential that reaches that account.`,
			{ node: context.getNode().name },
		);
	}
}

function notRemoved(context: IHookFunctions, old: KeptTarget, error: Error): NodeOperationError {
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
function nameOf({ url, connectionId }: WebhookTarget): string {
	const account = connectionId
		? `the connection ${connectionId}`
		: 'the oldest connection of its key';
	return `at ${new URL(url).origin} in ${account}`;
}

/** The status that Kit or Maton answered, which n8n keeps at the error or at what caused it. */
function httpCodeOf(error: unknown): string {
	const { httpCode, cause } = (error ?? {}) as { httpCode?: unknown; cause?: unknown };
	if (typeof httpCode === 'string') return httpCode;
	return cause === undefined ? '' : httpCodeOf(cause);
}

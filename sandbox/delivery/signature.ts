import { createHmac } from 'node:crypto';
import type { WebhookEndpoint } from '../kit/webhooks';

/** The secrets that a delivery is signed with now: after a rotation the one before as well. */
export function secretsOf({ secret, previousSecret }: WebhookEndpoint, now: number): string[] {
	const isBeforeValid = previousSecret !== null && previousSecret.expiresAt > now;
	return isBeforeValid ? [secret, previousSecret.secret] : [secret];
}

/**
 * The header that Kit documents: the time, in seconds since 1970, and for each valid secret an HMAC-SHA256
 * over it and the body as it is sent.
 */
export function signatureOf(secrets: readonly string[], body: string, time: number): string {
	const signed = `${String(time)}.${body}`;
	const signatures = secrets.map(
		(secret) => `v1=${createHmac('sha256', secret).update(signed).digest('hex')}`,
	);
	return [`t=${String(time)}`, ...signatures].join(',');
}

/** The headers of a delivery to a webhook endpoint; without a signature where it is unsigned on purpose. */
export function headersOf(deliveryId: number, signature: string | undefined) {
	return {
		'User-Agent': 'Kit-Webhooks/2.0',
		'X-Kit-Delivery': String(deliveryId),
		...(signature !== undefined && { 'X-Kit-Signature': signature }),
	};
}

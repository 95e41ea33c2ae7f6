import { createHmac } from 'node:crypto';
import type { WebhookEndpoint } from '../kit/webhooks';

/** The secrets that a delivery is signed with now: after a rotation the one before as well. */
export function secretsOf({ secret, previousSecret }: WebhookEndpoint, now: number): string[] {
	const isBeforeValid = previousSecret !== null && previousSecret.expiresAt > now;
	return isBeforeValid ? [secret, previousSecret.secret] : [secret];
}

/**
 * The headers that Kit documents for a delivery to a webhook endpoint. The signature has the time, in
 * seconds since 1970, and for each valid secret an HMAC-SHA256 over it and the body as it is sent.
 */
export function signedHeaders(
	deliveryId: number,
	body: string,
	secrets: readonly string[],
	time = Math.floor(Date.now() / 1000),
) {
	const signatures = secrets.map((secret) => {
		const hmac = createHmac('sha256', secret).update(`${String(time)}.${body}`);
		return `v1=${hmac.digest('hex')}`;
	});
	return {
		'User-Agent': 'Kit-Webhooks/2.0',
		'X-Kit-Delivery': String(deliveryId),
		'X-Kit-Signature': [`t=${String(time)}`, ...signatures].join(','),
	};
}

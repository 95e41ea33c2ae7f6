import { createHmac, timingSafeEqual } from 'crypto';

/** A signature that is further away in time than this is refused (Kit's documentation). */
export const TOLERANCE_SECONDS = 300;

/** Why a delivery is refused, for the log. It never contains the secret or a signature. */
export type SignatureProblem =
	| 'it has no signature'
	| 'its signature cannot be read'
	| 'its signature is too old or from the future'
	| 'its signature does not match';

function partsOf(header: string): string[] {
	return header.split(',').map((part) => part.trim());
}

function timeIn(parts: string[]): string | undefined {
	return parts.find((part) => /^t=\d{1,12}$/.test(part))?.slice(2);
}

/** @returns the time that a delivery says it was signed at, in seconds since 1970; not a number where it says none */
export function signedAt(header: unknown): number {
	return typeof header === 'string' ? Number(timeIn(partsOf(header))) : NaN;
}

/**
 * Checks that a delivery came from Kit, unchanged and just now. Kit signs `{t}.{raw body}` with
 * HMAC-SHA256 and sends `t=<unix seconds>,v1=<hex>`; while a secret is being rotated there is one `v1`
 * for each valid secret, and any of them counts (Kit's documentation of webhook endpoints).
 * @param rawBody the bytes that arrived
 * @param header the value of `X-Kit-Signature`
 * @param secret the endpoint's secret, `whsec_...`
 * @param now the present, in seconds since 1970
 * @returns why the delivery is refused, or undefined where it is genuine
 */
export function verifySignature(
	rawBody: Buffer,
	header: unknown,
	secret: string,
	now: number,
): SignatureProblem | undefined {
	if (typeof header !== 'string' || header === '') return 'it has no signature';
	const parts = partsOf(header);
	const time = timeIn(parts);
	const signatures = parts.filter((part) => /^v1=[0-9a-f]{64}$/i.test(part));
	if (time === undefined || signatures.length === 0) return 'its signature cannot be read';
	if (Math.abs(now - Number(time)) > TOLERANCE_SECONDS) {
		return 'its signature is too old or from the future';
	}
	const expected = createHmac('sha256', secret).update(`${time}.`).update(rawBody).digest();
	const matches = signatures.map((one) =>
		timingSafeEqual(Buffer.from(one.slice(3), 'hex'), expected),
	);
	return matches.includes(true) ? undefined : 'its signature does not match';
}

/**
 * The token in the target URL of a classic webhook, by which its calls are told from forged ones. It
 * follows from the Maton key, which nobody else has, so nothing has to be kept and nothing is lost
 * when n8n dies.
 * @param apiKey the Maton key
 * @param node what no other trigger has: n8n's id of its webhook
 * @returns 32 hex digits
 */
export function tokenFor(apiKey: string, node: string): string {
	return createHmac('sha256', apiKey).update(`webhook ${node}`).digest('hex').slice(0, 32);
}

/**
 * @param given what the call carries
 * @param expected what it has to carry
 * @returns whether they are the same, in a time that tells nothing about where they differ
 */
export function sameToken(given: unknown, expected: string): boolean {
	const digest = (text: string) => createHmac('sha256', expected).update(text).digest();
	return typeof given === 'string' && timingSafeEqual(digest(given), digest(expected));
}

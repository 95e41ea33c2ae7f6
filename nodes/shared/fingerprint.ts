import { createHash } from 'crypto';

/**
 * @param what anything that can be JSON
 * @returns a short text that is the same for the same, and does not reveal it
 */
export function fingerprint(...what: unknown[]): string {
	return createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 16);
}

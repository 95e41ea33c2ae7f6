import { createHash } from 'crypto';
import { UserError } from 'n8n-workflow';

/** The fields of the credential, as `credentials/MatonKitApi.credentials.ts` defines them. */
export interface MatonKitCredentials {
	apiKey: string;
	/** Empty where Maton chooses the connection */
	connectionId: string;
	/** Without a slash at its end, so that a path can follow */
	baseUrl: string;
}

/**
 * Reads what a credential holds. Its fields may come from expressions, so they may hold anything.
 * @param data the credential as n8n decrypted it
 * @throws {UserError} that names the field and what would be right
 */
export function readCredentials(data: unknown): MatonKitCredentials {
	const fields = (typeof data === 'object' && data !== null ? data : {}) as Record<string, unknown>;
	const apiKey = readText('Maton API Key', fields.apiKey);
	const connectionId = readText('Connection ID', fields.connectionId);
	const baseUrl = readText('Base URL', fields.baseUrl).replace(/\/+$/, '');
	if (apiKey === '') throw wrong('Maton API Key must be filled in');
	if (/^bearer\s/i.test(apiKey)) {
		throw wrong('Maton API Key must be the key alone, without the word “Bearer” before it');
	}
	if (!/^[\x21-\x7e]+$/.test(apiKey)) {
		throw wrong(
			'Maton API Key must be one word of letters and digits, as maton.ai/settings shows it',
		);
	}
	if (!/^[\x21-\x7e]*$/.test(connectionId)) throw wrong('Connection ID must be one word');
	if (!/^https?:\/\//i.test(baseUrl) || !URL.canParse(baseUrl)) {
		throw wrong('Base URL is not an address. It should look like https://api.maton.ai');
	}
	if (/\/kit(\/v4)?$/i.test(baseUrl)) {
		throw wrong('Base URL must end before /kit, such as https://api.maton.ai');
	}
	return { apiKey, connectionId, baseUrl };
}

/**
 * @param data the credential as n8n decrypted it, which gives empty text for a field that was left empty
 * @throws {UserError} where the connection is an expression that gave nothing: Maton would choose another one
 */
export function refuseLostConnection(data: unknown): void {
	const { connectionId = null } = data as Record<string, unknown>;
	if (connectionId !== null || !Object.hasOwn(data as object, 'connectionId')) return;
	throw wrong('Connection ID is an expression that gave nothing');
}

function readText(field: string, value: unknown): string {
	if (value === undefined || value === null) return '';
	if (typeof value === 'string') return value.trim();
	throw wrong(`${field} must be text, not ${Array.isArray(value) ? 'a list' : typeof value}`);
}

function wrong(sentence: string): UserError {
	return new UserError(`The credential cannot be used: ${sentence}`);
}

/**
 * @param credentials that requests are sent with
 * @returns a text that is the same for all who share Maton's rate limit; it does not reveal the key
 */
export function rateLimitKey({ apiKey, baseUrl }: MatonKitCredentials): string {
	return createHash('sha256').update(`${baseUrl} ${apiKey}`).digest('hex');
}

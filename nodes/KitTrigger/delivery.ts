import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';

/** Why a delivery is not taken, and the status that says so to Kit. */
export interface RefusedDelivery {
	status: 400 | 401;
	reason: string;
}

/**
 * @param context of a call
 * @returns the bytes that arrived, which n8n has read already or reads now
 */
export async function rawBodyOf(context: IWebhookFunctions): Promise<Buffer> {
	const request = context.getRequestObject();
	await request.readRawBody();
	return request.rawBody;
}

/**
 * @param bytes what arrived
 * @returns the JSON object that it is, or undefined where it is none
 */
export function parseJson(bytes: Buffer): IDataObject | undefined {
	try {
		const body: unknown = JSON.parse(bytes.toString('utf8'));
		const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
		return isObject ? (body as IDataObject) : undefined;
	} catch {
		return undefined;
	}
}

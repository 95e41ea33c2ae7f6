import type { IDataObject } from 'n8n-workflow';
import { toText } from './fields/parsers';
import type { KitClient } from './transport/client';
import { unknownAddress } from './transport/errors';

/** @returns an email address as Kit compares it: whatever its capitals, accents in one form */
export function foldAddress(address: string): string {
	return address.trim().normalize('NFC').toLowerCase();
}

/**
 * @param rows that Kit answered to the question for an email address
 * @param address that was asked for
 * @returns the one who has it: Kit may answer others too, of whom the operation must not be about
 */
export function findByAddress(rows: IDataObject[], address: string): IDataObject | undefined {
	return rows.find((row) => foldAddress(toText(row.email_address)) === foldAddress(address));
}

/**
 * @param client sends the request
 * @param address the email address
 * @returns the subscriber as Kit lists them, whatever their state
 * @throws {NodeApiError} when there is none
 */
export async function subscriberByAddress(
	client: KitClient,
	address: string,
): Promise<IDataObject> {
	const query = { email_address: address, status: 'all' };
	const { subscribers } = await client.send({ path: '/kit/v4/subscribers', query });
	const found = findByAddress(
		Array.isArray(subscribers) ? (subscribers as IDataObject[]) : [],
		address,
	);
	if (found) return found;
	throw unknownAddress(client.node, address);
}

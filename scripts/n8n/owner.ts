import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../failure';
import type { Owner } from './rest';

/**
 * @param userFolder the folder with n8n's data
 * @returns the file that keeps the owner's password
 */
export function passwordFile(userFolder: string): string {
	return join(userFolder, 'password.txt');
}

async function keptPassword(file: string): Promise<string> {
	try {
		return (await readFile(file, 'utf8')).trim();
	} catch (error) {
		if (errorCode(error) === 'ENOENT') return '';
		throw error;
	}
}

/**
 * The owner of a demonstration's n8n. Other people's programs on this computer reach that n8n too, so each
 * folder has a random password of its own, which is kept there for the next start.
 * @param userFolder the folder with n8n's data, which exists
 * @returns the owner; n8n may not know it yet
 */
export async function ownerOf(userFolder: string): Promise<Owner> {
	const file = passwordFile(userFolder);
	let password = await keptPassword(file);
	if (!password) {
		// n8n wants a capital and a digit.
		password = `K1-${randomBytes(16).toString('hex')}`;
		await writeFile(file, `${password}\n`, { mode: 0o600 });
	}
	return { email: 'demo@example.com', firstName: 'Demo', lastName: 'Owner', password };
}

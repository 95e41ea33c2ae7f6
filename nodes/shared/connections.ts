import type { ILoadOptionsFunctions, IDataObject } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import { isUuid, toText } from './fields/parsers';
import { isRecord } from './record';
import { KitClient } from './transport/client';
import { inParallel } from './transport/taskPool';

/** Maton lists 30 connections where it is not asked for more, and documents no cursor. */
export const KIT_CONNECTIONS = { app: 'kit', limit: 1000 };

/** The Kit account behind a connection, as a person knows it. */
export interface KitAccount {
	account_name: string | null;
	account_email: string | null;
}

const UNKNOWN: KitAccount = { account_name: null, account_email: null };

/**
 * Asks Kit for the account behind each connection, since Maton does not know it.
 * @param client sends the requests
 * @param rows connections as Maton lists them
 * @returns the account of each; nothing is known of one that is not active, or does not answer
 * @throws when the execution is cancelled
 */
export async function accountsOf(client: KitClient, rows: IDataObject[]): Promise<KitAccount[]> {
	return await inParallel(rows, async ({ connection_id: id, status }) =>
		status === 'ACTIVE' ? await accountOf(client, toText(id)) : UNKNOWN,
	);
}

async function accountOf(client: KitClient, connectionId: string): Promise<KitAccount> {
	const asked = client.send({ path: '/kit/v4/account', connectionId });
	const body = await asked.catch((error: unknown) => {
		if (error instanceof NodeApiError) return {};
		throw error as Error;
	});
	const { account } = body as { account?: unknown };
	if (!isRecord(account)) return UNKNOWN;
	const { name, primary_email_address: email } = account;
	return { account_name: toText(name) || null, account_email: toText(email) || null };
}

/**
 * @param context of a list that a person chooses from
 * @returns what asks the account that the node names, else that of the credential
 */
export function clientFor(context: ILoadOptionsFunctions): KitClient {
	const chosen = toText(context.getCurrentNodeParameter('connection.value'));
	return new KitClient(context, { connectionId: isUuid(chosen) ? chosen : undefined });
}

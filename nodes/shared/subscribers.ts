import type { IDataObject } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import { toText } from './fields/parsers';
import { foldName } from './foldName';
import { RecentIds } from './recentIds';
import type { KitBody, KitClient } from './transport/client';
import { unknownAddress, unreadableResponse } from './transport/errors';

/** @returns an email address as Kit compares it: whatever its capitals, accents in one form */
export function foldAddress(address: string): string {
	return foldName(address.trim());
}

const recent = new RecentIds();

/**
 * Remembers a subscriber whom Kit has just saved, for those who ask for them by email address.
 * @param client that saved them
 * @param subscriber as Kit answered
 */
export async function rememberSubscriber(
	client: KitClient,
	{ id, email_address: address }: IDataObject,
): Promise<void> {
	if (typeof id !== 'number' || typeof address !== 'string') return;
	recent.set((await client.account()).owner, foldAddress(address), id, Date.now());
}

/** @returns the id of a subscriber whom this process saved lately with this address */
export async function recentSubscriberId(
	client: KitClient,
	address: string,
): Promise<number | undefined> {
	return recent.get((await client.account()).owner, foldAddress(address), Date.now());
}

/**
 * Asks for subscribers by their email addresses, whatever their state.
 * @param client sends the request
 * @param query with `email_address`
 * @returns those who have one of the addresses, by address as Kit compares it: Kit may answer others
 * too, of whom nothing must be done
 */
export async function lookUp(
	client: KitClient,
	addresses: string[],
	query: IDataObject = {},
): Promise<Map<string, IDataObject>> {
	const asked = { ...query, email_address: addresses.join(','), status: 'all' };
	const { subscribers } = await client.send({ path: '/kit/v4/subscribers', query: asked });
	if (!Array.isArray(subscribers)) {
		throw unreadableResponse(client.node, 'it has no “subscribers”');
	}
	const wanted = new Set(addresses.map(foldAddress));
	const found = (subscribers as IDataObject[]).map((row): [string, IDataObject] => [
		foldAddress(toText(row.email_address)),
		row,
	]);
	return new Map(found.filter(([address]) => wanted.has(address)));
}

/**
 * Finds one subscriber. Kit's lookup by email address lags behind, so who was saved by this process is
 * asked for by ID, and anybody else again for a while.
 * @param client sends the requests
 * @param address the email address
 * @returns the subscriber as Kit has them, whatever their state
 * @throws {NodeApiError} when there is none
 */
export async function subscriberByAddress(
	client: KitClient,
	address: string,
): Promise<IDataObject> {
	const saved = await savedSubscriber(client, address);
	if (saved) return saved;
	for (let asked = 1; ; asked++) {
		const found = (await lookUp(client, [address])).get(foldAddress(address));
		if (found) return found;
		if (!(await client.waitForLag(asked))) throw unknownAddress(client.node, address);
	}
}

/** @returns who was saved with this address lately, if they still have it */
async function savedSubscriber(
	client: KitClient,
	address: string,
): Promise<IDataObject | undefined> {
	const id = await recentSubscriberId(client, address);
	if (id === undefined) return undefined;
	const path = `/kit/v4/subscribers/${String(id)}`;
	const body = await client.send({ path }).catch((error: unknown): KitBody => {
		if (isNotFound(error)) return {};
		throw error as Error;
	});
	const subscriber = body.subscriber as IDataObject | undefined;
	if (foldAddress(toText(subscriber?.email_address)) === foldAddress(address)) return subscriber;
	recent.delete((await client.account()).owner, foldAddress(address));
	return undefined;
}

/**
 * Gives a subscriber a tag, or adds them to a form or a sequence; nothing changes for those who have it.
 * @param client sends the request
 * @param kind to what
 * @param targetId its ID
 * @param subscriberId of the subscriber
 * @throws {NodeApiError} when Kit does not add them
 */
export async function addSubscriber(
	client: KitClient,
	kind: 'form' | 'sequence' | 'tag',
	targetId: number,
	subscriberId: unknown,
): Promise<void> {
	const path = `/kit/v4/${kind}s/${String(targetId)}/subscribers/${toText(subscriberId)}`;
	await client.send({ method: 'POST', path, idempotent: true });
}

/** @returns whether Kit does not know something; a gateway that knows no Kit answers 404 as well */
export function isNotFound(error: unknown): boolean {
	const isStatus = error instanceof NodeApiError && error.httpCode === '404';
	return isStatus && error.context.fromKit !== false;
}

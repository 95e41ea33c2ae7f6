import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodeType,
} from 'n8n-workflow';
import { accountsOf, clientFor, KIT_CONNECTIONS } from '../connections';
import {
	OF_CREDENTIAL,
	OF_CREDENTIAL_NAME,
	OF_THIS_WORKFLOW,
	OF_THIS_WORKFLOW_NAME,
} from '../fields/locators';
import { isEmail, toText } from '../fields/parsers';
import { foldName } from '../foldName';
import type { KitList } from '../lists';
import { LISTS, searchMethod } from '../lists';
import { NamedIds } from '../namedIds';
import { fetchPage, LARGEST_PAGE } from '../transport/pagination';

type Entry = INodeListSearchResult['results'][number];

const SHOWN_AT_ONCE = 100;

/** Kit cannot search most of its lists, so this many pages are looked through for one search. */
const PAGES_LOOKED_THROUGH = 10;

/**
 * Fills From List with one portion of a list of Kit's.
 * @param context n8n's context of the drop-down
 * @param list which
 * @param filter what the person typed, matched against what is shown
 * @param cursor where the portion before ended
 * @returns the portion and where the next one begins
 */
async function searchList(
	context: ILoadOptionsFunctions,
	{ path, query, key, label, only = () => true }: Omit<KitList, 'example' | 'singular'>,
	filter = '',
	cursor?: string,
): Promise<INodeListSearchResult> {
	const client = clientFor(context);
	const wanted = foldName(filter.trim());
	const perPage = wanted ? LARGEST_PAGE : SHOWN_AT_ONCE;
	const results: Entry[] = [];
	let after = cursor;
	for (let pages = 0; pages < PAGES_LOOKED_THROUGH; pages++) {
		const page = await fetchPage(client, { path, query }, key, perPage, after);
		after = page.next;
		for (const row of page.rows.filter(only)) {
			const entry = {
				name: label(row) || `Without a name (${toText(row.id)})`,
				value: Number(row.id),
			};
			if (foldName(`${entry.name} ${String(entry.value)}`).includes(wanted)) results.push(entry);
		}
		if (after === undefined || !wanted || results.length >= SHOWN_AT_ONCE) break;
	}
	const isEmpty = results.length === 0 && !wanted && cursor === undefined && after === undefined;
	return { results: isEmpty ? [noneYet(key)] : results, paginationToken: after };
}

/** An entry without a value, which says why there is none to choose. */
function sentence(name: string): Entry {
	return { name, value: '' };
}

function noneYet(key: string): Entry {
	return sentence(`There are no ${key.replaceAll('_', ' ')} in this account yet: create one first`);
}

type Search = NonNullable<NonNullable<INodeType['methods']>['listSearch']>[string];

/** Subscribers by email address and first name, whatever their state. */
async function searchSubscribers(
	this: ILoadOptionsFunctions,
	filter = '',
	cursor?: string,
): Promise<INodeListSearchResult> {
	const { query, ...list } = LISTS.subscribers;
	const typed = filter.trim();
	if (isEmail(typed) && cursor === undefined) {
		const byAddress = { ...list, query: { ...query, email_address: typed } };
		// Kit refuses an address that is still being typed.
		const exact = await searchList(this, byAddress, '', cursor).catch(() => undefined);
		if (exact?.results.some(({ value }) => value !== '')) return exact;
	}
	return await searchList(this, LISTS.subscribers, filter, cursor);
}

/** The Kit connections of the Maton key, by the account behind each where Kit tells it. */
async function searchConnections(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const client = clientFor(this);
	const { connections } = await client.send({ path: '/connections', query: KIT_CONNECTIONS });
	const rows = Array.isArray(connections) ? (connections as IDataObject[]) : [];
	const accounts = await accountsOf(client, rows);
	const results = rows
		.map(({ connection_id: id, status }, index) => {
			const { account_name: name, account_email: email } = accounts[index] ?? {};
			const more = [email, status === 'ACTIVE' ? '' : toText(status).toLowerCase()].filter(Boolean);
			const about = more.length > 0 ? ` (${more.join(', ')})` : '';
			return { name: (name ?? toText(id)) + about, value: toText(id) };
		})
		.filter(({ name, value }) => foldName(`${name} ${value}`).includes(foldName(filter.trim())));
	return { results };
}

/** The same to use one of them, at first that of the credential. */
async function searchAccounts(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const { results } = await searchConnections.call(this, filter);
	return { results: [{ name: OF_CREDENTIAL_NAME, value: OF_CREDENTIAL }, ...results] };
}

/** Signed endpoints, that of the workflow's own Kit Trigger first. */
async function searchOwnWebhookEndpoints(
	this: ILoadOptionsFunctions,
	filter?: string,
	cursor?: string,
): Promise<INodeListSearchResult> {
	const own = { name: OF_THIS_WORKFLOW_NAME, value: OF_THIS_WORKFLOW };
	const found = await searchList(this, LISTS.webhookEndpoints, filter, cursor);
	return cursor === undefined ? { ...found, results: [own, ...found.results] } : found;
}

/** A sequence may be given by its id or by its name. */
async function sequenceIdOf(
	context: ILoadOptionsFunctions,
	given: string,
): Promise<string | undefined> {
	if (context.getCurrentNodeParameter('sequenceId.mode') !== 'name') return given;
	const sequences = new NamedIds('sequences', ({ name }) => [toText(name)]);
	await sequences.load(clientFor(context));
	const [id, ...others] = sequences.all(given);
	return id === undefined || others.length > 0 ? undefined : String(id);
}

/** The emails of the sequence that is chosen in the same node. */
async function searchSequenceEmails(
	this: ILoadOptionsFunctions,
	filter?: string,
	cursor?: string,
): Promise<INodeListSearchResult> {
	const given = toText(this.getCurrentNodeParameter('sequenceId', { extractValue: true }));
	if (given === '') return { results: [sentence('Choose a sequence first')] };
	const sequenceId = await sequenceIdOf(this, given);
	if (sequenceId === undefined) {
		return { results: [sentence(`There is not exactly one sequence “${given}” in this account`)] };
	}
	const list = {
		path: `/kit/v4/sequences/${encodeURIComponent(sequenceId)}/emails`,
		key: 'emails',
		label: ({ subject, position }: IDataObject) => `${toText(position)}: ${toText(subject)}`,
	};
	return await searchList(this, list, filter, cursor);
}

const searches = Object.entries(LISTS).map(([name, list]): [string, Search] => [
	searchMethod(name),
	async function (filter, cursor) {
		return await searchList(this, list, filter, cursor);
	},
]);

/** What fills From List, by the method that a locator names. */
export const listSearch: Record<string, Search> = {
	...Object.fromEntries(searches),
	searchAccounts,
	searchConnections,
	searchOwnWebhookEndpoints,
	searchSequenceEmails,
	searchSubscribers,
};

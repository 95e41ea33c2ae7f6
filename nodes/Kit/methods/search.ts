import type { IDataObject, ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { fetchPage, LARGEST_PAGE } from '../../shared/pages';
import type { KitRequest } from '../../shared/send';
import { send } from '../../shared/send';
import { isEmail } from '../fields/checks';

type Entry = INodeListSearchResult['results'][number];

const SHOWN_AT_ONCE = 100;

/** Kit cannot search most of its lists, so this many pages are looked through for one answer. */
const PAGES_LOOKED_THROUGH = 10;

/**
 * Fills From List with one portion of a list of Kit's.
 * @param context n8n's context of the drop-down
 * @param request the list's request
 * @param key where the rows stand in the answer
 * @param toEntry how a row is shown, and its id
 * @param filter what the person typed, matched against what is shown
 * @param cursor where the portion before ended
 * @returns the portion and where the next one begins
 */
async function searchList(
	context: ILoadOptionsFunctions,
	request: KitRequest,
	key: string,
	toEntry: (row: IDataObject) => Entry,
	filter = '',
	cursor?: string,
): Promise<INodeListSearchResult> {
	const wanted = filter.trim().toLowerCase();
	const perPage = wanted ? LARGEST_PAGE : SHOWN_AT_ONCE;
	const results: Entry[] = [];
	let after = cursor;
	for (let pages = 0; pages < PAGES_LOOKED_THROUGH; pages++) {
		const page = await fetchPage(context, request, key, perPage, after);
		after = page.next;
		for (const entry of page.rows.map(toEntry)) {
			if (`${entry.name} ${String(entry.value)}`.toLowerCase().includes(wanted))
				results.push(entry);
		}
		if (after === undefined || !wanted || results.length >= SHOWN_AT_ONCE) break;
	}
	return { results, paginationToken: after };
}

function text(value: unknown): string {
	return typeof value === 'string' ? value : '';
}

/** Tags by name. */
export async function searchTags(
	this: ILoadOptionsFunctions,
	filter?: string,
	cursor?: string,
): Promise<INodeListSearchResult> {
	const toEntry = ({ id, name }: IDataObject) => ({ name: text(name), value: Number(id) });
	return await searchList(this, { url: '/kit/v4/tags' }, 'tags', toEntry, filter, cursor);
}

/** Subscribers by email address and first name, whatever their state. */
export async function searchSubscribers(
	this: ILoadOptionsFunctions,
	filter?: string,
	cursor?: string,
): Promise<INodeListSearchResult> {
	const toEntry = ({ id, email_address, first_name }: IDataObject) => ({
		name: text(email_address) + (first_name ? ` (${text(first_name)})` : ''),
		value: Number(id),
	});
	const list = async (qs: IDataObject, typed?: string) =>
		await searchList(
			this,
			{ url: '/kit/v4/subscribers', qs: { ...qs, status: 'all', slim: true } },
			'subscribers',
			toEntry,
			typed,
			cursor,
		);
	if (filter !== undefined && isEmail(filter.trim()) && cursor === undefined) {
		const exact = await list({ email_address: filter.trim() });
		if (exact.results.length > 0) return exact;
	}
	return await list({}, filter);
}

/** The Kit connections of the Maton key, by account name where Maton knows it. */
export async function searchConnections(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const { connections } = await send(this, { url: '/connections', qs: { app: 'kit' } });
	const results = (Array.isArray(connections) ? (connections as IDataObject[]) : [])
		.map(({ connection_id, status }) => ({
			name: `${text(connection_id)} (${text(status).toLowerCase()})`,
			value: text(connection_id),
		}))
		.filter(({ name }) => name.includes(filter.trim().toLowerCase()));
	return { results };
}

import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodeType,
} from 'n8n-workflow';
import { fetchPage, LARGEST_PAGE } from '../../shared/pages';
import type { KitRequest } from '../../shared/send';
import { send } from '../../shared/send';
import { asText, isEmail } from '../fields/checks';

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
 * @param only which rows can be chosen
 * @returns the portion and where the next one begins
 */
async function searchList(
	context: ILoadOptionsFunctions,
	request: KitRequest,
	key: string,
	toEntry: (row: IDataObject) => Entry,
	filter = '',
	cursor?: string,
	only: (row: IDataObject) => boolean = () => true,
): Promise<INodeListSearchResult> {
	const wanted = filter.trim().toLowerCase();
	const perPage = wanted ? LARGEST_PAGE : SHOWN_AT_ONCE;
	const results: Entry[] = [];
	let after = cursor;
	for (let pages = 0; pages < PAGES_LOOKED_THROUGH; pages++) {
		const page = await fetchPage(context, request, key, perPage, after);
		after = page.next;
		for (const entry of page.rows.filter(only).map(toEntry)) {
			if (`${entry.name} ${String(entry.value)}`.toLowerCase().includes(wanted))
				results.push(entry);
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

/** A list of Kit's whose rows have a name of their own. */
interface NamedList {
	url: string;
	qs?: IDataObject;
	key: string;
	/** What a person reads of a row */
	label: (row: IDataObject) => string;
	/** Which rows can be chosen; all of them if left out */
	only?: (row: IDataObject) => boolean;
}

type Search = NonNullable<NonNullable<INodeType['methods']>['listSearch']>[string];

function searchOf({ url, qs, key, label, only }: NamedList): Search {
	return async function (filter, cursor) {
		const toEntry = (row: IDataObject) => ({ name: label(row), value: Number(row.id) });
		return await searchList(this, { url, qs }, key, toEntry, filter, cursor, only);
	};
}

/** Subscribers by email address and first name, whatever their state. */
async function searchSubscribers(
	this: ILoadOptionsFunctions,
	filter?: string,
	cursor?: string,
): Promise<INodeListSearchResult> {
	const toEntry = ({ id, email_address, first_name, state }: IDataObject) => {
		const more = [first_name, state === 'active' ? '' : state].map(asText).filter(Boolean);
		const name = asText(email_address) + (more.length > 0 ? ` (${more.join(', ')})` : '');
		return { name, value: Number(id) };
	};
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
async function searchConnections(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const { connections } = await send(this, { url: '/connections', qs: { app: 'kit' } });
	const results = (Array.isArray(connections) ? (connections as IDataObject[]) : [])
		.map(({ connection_id, status }) => ({
			name: `${asText(connection_id)} (${asText(status).toLowerCase()})`,
			value: asText(connection_id),
		}))
		.filter(({ name }) => name.includes(filter.trim().toLowerCase()));
	return { results };
}

/** The emails of the sequence that is chosen in the same node. */
async function searchSequenceEmails(
	this: ILoadOptionsFunctions,
	filter?: string,
	cursor?: string,
): Promise<INodeListSearchResult> {
	const sequenceId = asText(this.getCurrentNodeParameter('sequenceId', { extractValue: true }));
	if (sequenceId === '') return { results: [sentence('Choose a sequence first')] };
	const request = { url: `/kit/v4/sequences/${encodeURIComponent(sequenceId)}/emails` };
	const toEntry = ({ id, subject, position }: IDataObject) => ({
		name: `${asText(position)}: ${asText(subject)}`,
		value: Number(id),
	});
	return await searchList(this, request, 'emails', toEntry, filter, cursor);
}

const named = ({ name }: IDataObject) => asText(name);

/** What fills From List, by the method that a locator names. */
export const listSearch: Record<string, Search> = {
	searchBroadcasts: searchOf({
		url: '/kit/v4/broadcasts',
		qs: { slim: true },
		key: 'broadcasts',
		label: ({ subject, status }) => `${asText(subject)} (${asText(status)})`,
	}),
	searchConnections,
	searchCustomFields: searchOf({
		url: '/kit/v4/custom_fields',
		key: 'custom_fields',
		label: ({ label }) => asText(label),
	}),
	searchEmailTemplates: searchOf({
		url: '/kit/v4/email_templates',
		key: 'email_templates',
		label: named,
		only: ({ category }) => category !== 'Starting point',
	}),
	searchForms: searchOf({
		url: '/kit/v4/forms',
		key: 'forms',
		label: ({ name, type }) => asText(name) + (type === 'hosted' ? ' (landing page)' : ''),
	}),
	searchPosts: searchOf({
		url: '/kit/v4/posts',
		key: 'posts',
		label: ({ title }) => asText(title),
	}),
	searchPurchases: searchOf({
		url: '/kit/v4/purchases',
		key: 'purchases',
		label: ({ transaction_id, email_address }) =>
			`${asText(transaction_id)} (${asText(email_address)})`,
	}),
	searchSequenceEmails,
	searchSequences: searchOf({ url: '/kit/v4/sequences', key: 'sequences', label: named }),
	searchSnippets: searchOf({ url: '/kit/v4/snippets', key: 'snippets', label: named }),
	searchSubscribers,
	searchTags: searchOf({ url: '/kit/v4/tags', key: 'tags', label: named }),
	searchWebhookEndpoints: searchOf({
		url: '/kit/v4/webhook_endpoints',
		key: 'webhook_endpoints',
		label: ({ name, url }) => asText(name) || asText(url),
	}),
	searchWebhooks: searchOf({
		url: '/kit/v4/webhooks',
		key: 'webhooks',
		label: ({ event, target_url }) =>
			`${asText((event as IDataObject | undefined)?.name)} → ${asText(target_url).replace(/\?.*/, '')}`,
	}),
};

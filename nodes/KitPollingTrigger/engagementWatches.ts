import type { IDataObject } from 'n8n-workflow';
import { DAY_MS } from '../shared/durations';
import type { RowsField, ValueField } from '../shared/fields/field';
import { filterConditions, URL_MATCHING } from '../shared/fields/filterConditions';
import { broadcastId } from '../shared/fields/locators';
import { text } from '../shared/fields/parsers';
import { LISTS } from '../shared/lists';
import { readRows } from '../shared/transport/pagination';
import type { Group } from './memberWatch';
import { memberWatch } from './memberWatch';
import { dayBefore } from '../shared/transport/newestFirst';
import type { WatchContext } from './watch';

const RECENT_DAYS = 7;

const RECENT =
	'Each broadcast counts for itself, also those that are sent from now on. Each takes requests of its own.';

const opened: ValueField = {
	displayName: 'Opened',
	name: 'opened',
	type: 'options',
	noDataExpression: true,
	options: [
		{ name: 'Broadcasts of the Last 7 Days', value: 'recent', description: RECENT },
		{ name: 'One Broadcast', value: 'broadcast' },
	],
	default: 'recent',
	description: 'What is opened',
};

const clicked: ValueField = {
	displayName: 'Clicked',
	name: 'clicked',
	type: 'options',
	noDataExpression: true,
	options: [
		{ name: 'A Link', value: 'link', description: 'In any email' },
		{
			name: 'Any Link in Broadcasts of the Last 7 Days',
			value: 'recent',
			description: RECENT,
		},
		{ name: 'Any Link in One Broadcast', value: 'broadcast' },
	],
	default: 'link',
	description: 'What is clicked',
};

const openedBroadcast: ValueField = {
	...broadcastId,
	displayOptions: { show: { opened: ['broadcast'] } },
};

const clickedBroadcast: ValueField = {
	...broadcastId,
	displayOptions: { show: { clicked: ['broadcast'] } },
};

const linkUrl: ValueField = {
	displayName: 'Link URL',
	name: 'linkUrl',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. https://example.com/course',
	description: 'The address that is clicked, or the part of it that URL Matching asks for',
	displayOptions: { show: { clicked: ['link'] } },
	parse: text,
};

const urlMatching: ValueField = {
	displayName: 'URL Matching',
	name: 'urlMatching',
	type: 'options',
	options: URL_MATCHING,
	default: 'exact',
	description: 'How the clicked link is compared with Link URL',
	displayOptions: { show: { clicked: ['link'] } },
};

/** Conditions that narrow a watch down; none is needed. */
const onlyWho: RowsField = {
	...filterConditions,
	displayName: 'Only Subscribers Who',
	description: 'Only subscribers who meet all of these conditions as well are reported',
	combine: (rows) => (rows.length === 0 ? [] : filterConditions.combine(rows)),
};

const PRICE =
	'A poll takes one small request while nobody is new, because Kit only has to count. Otherwise, and once a day in any case (once an hour with conditions), it takes one more for each 100 people who have opened or clicked so far, because Kit does not tell who did so last. Up to 50,000 people can be remembered.';

const PRICE_OF_RECENT = `${PRICE} With Broadcasts of the Last 7 Days, it takes that for each of them, and one more for their list.`;

type Conditions = IDataObject[];

function ofBroadcast(type: string, id: number, only: Conditions): Conditions {
	return [{ type, any: [{ type: 'broadcasts', ids: [id] }] }, ...only];
}

async function recentBroadcasts({ client, now }: WatchContext): Promise<IDataObject[]> {
	const { path, key } = LISTS.broadcasts;
	// Two of the days are added by the filter.
	const query = { slim: true, sent_after: dayBefore(now - (RECENT_DAYS - 2) * DAY_MS) };
	const rows = await readRows(client, { path, query }, key);
	return rows.filter(({ status }) => status === 'sending' || status === 'completed').reverse();
}

/** The groups of those who did something with one broadcast, or each of the last ones. */
async function groupsOf(
	context: WatchContext,
	type: 'clicks' | 'opens',
	which: unknown,
): Promise<Group[]> {
	const { conditions, broadcastId: chosen } = context.settings;
	const only = conditions as Conditions;
	const group = (id: number, broadcast: IDataObject): Group => ({
		id: String(id),
		all: ofBroadcast(type, id, only),
		about: { broadcast },
		isGrowing: only.length === 0,
	});
	if (which === 'broadcast') {
		const id = chosen as number;
		return [group(id, { id })];
	}
	const broadcasts = await recentBroadcasts(context);
	return broadcasts.map(({ id, subject }) => group(Number(id), { id, subject }));
}

export const openedBroadcastWatch = memberWatch({
	name: 'Opened a Broadcast',
	value: 'openedBroadcast',
	description: 'A subscriber opened a broadcast for the first time',
	notice: PRICE_OF_RECENT,
	fields: [opened, openedBroadcast, onlyWho],
	events: () => ({ came: 'subscriber.email_opened' }),
	isPermanent: true,
	groups: async (context) => await groupsOf(context, 'opens', context.settings.opened),
});

export const clickedLinkWatch = memberWatch({
	name: 'Clicked a Link',
	value: 'clickedLink',
	description: 'A subscriber clicked a link for the first time',
	notice: PRICE_OF_RECENT,
	fields: [clicked, clickedBroadcast, linkUrl, urlMatching, onlyWho],
	events: () => ({ came: 'subscriber.link_clicked' }),
	isPermanent: true,
	groups: async (context) => {
		const { clicked: which, conditions, linkUrl: url, urlMatching: matching } = context.settings;
		if (which !== 'link') return await groupsOf(context, 'clicks', which);
		const clicks = { type: 'clicks', any: [{ type: 'urls', urls: [url], matching }] };
		const only = conditions as Conditions;
		const all = [clicks, ...only] as Conditions;
		return [{ id: 'link', all, about: { url: url as string }, isGrowing: only.length === 0 }];
	},
});

const transition: ValueField = {
	displayName: 'Report',
	name: 'transition',
	type: 'options',
	options: [
		{ name: 'Who Starts Matching', value: 'starts' },
		{ name: 'Who Starts or Stops Matching', value: 'both' },
		{ name: 'Who Stops Matching', value: 'ceases' },
	],
	default: 'starts',
	description: 'Which of the two starts the workflow',
};

export const matchesFilterWatch = memberWatch({
	name: 'Matches a Filter',
	value: 'matchesFilter',
	description: 'A subscriber starts to meet conditions, or stops meeting them',
	notice:
		'A poll takes one small request while as many people meet the conditions as before, because Kit only has to count. Otherwise, and once an hour in any case, it takes one more for each 100 who meet them. Up to 50,000 people can be remembered. Those who stop matching are reported after ten minutes, for one request each, at most 200 in one poll.',
	fields: [transition, filterConditions],
	events: ({ settings }) => ({
		...(settings.transition !== 'ceases' && { came: 'subscriber.started_matching' }),
		...(settings.transition !== 'starts' && { went: 'subscriber.ceased_matching' }),
	}),
	groups: async ({ settings }) =>
		await Promise.resolve([{ id: 'filter', all: settings.conditions as Conditions }]),
});

import type { IDataObject } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import { orApiError } from '../bulk/sendEntries';
import { isObject, toText } from '../../shared/fields/parsers';
import type { Item, Returns } from './operation';
import { count, readRecord, returning } from './returns';

const PATH = '/kit/v4/broadcasts';

/** A broadcast that was created or changed; where that schedules it, with how many it is for. */
export function savedBroadcast(): Returns {
	return returning(async (item) => {
		const broadcast = await readRecord(item, 'broadcast');
		const isSent = item.settings.when === 'atTime' || item.settings.when === 'now';
		return [isSent ? { ...broadcast, ...(await recipientCount(item, broadcast)) } : broadcast];
	});
}

/** Kit counts subscribers, and those of one tag; for several of them, and for segments, it has no count. */
function recipientsPath({ subscriber_filter: groups }: IDataObject): string | undefined {
	const rules = rulesOf(groups);
	if (rules.every(({ rule }) => rule.type === 'all_subscribers')) return '/kit/v4/subscribers';
	const [{ match, rule } = { match: 'none', rule: {} }] = rules;
	const ids = Array.isArray(rule.ids) ? rule.ids : [];
	const isOneTag = rules.length === 1 && rule.type === 'tag' && ids.length === 1;
	return isOneTag && match !== 'none' ? `/kit/v4/tags/${toText(ids[0])}/subscribers` : undefined;
}

function rulesOf(groups: unknown): { match: string; rule: IDataObject }[] {
	const filter = (Array.isArray(groups) ? groups : []) as IDataObject[];
	return filter.flatMap((group) =>
		Object.entries(group).flatMap(([match, rules]) =>
			((rules ?? []) as IDataObject[]).map((rule) => ({ match, rule })),
		),
	);
}

/** The broadcast is saved: neither that it cannot be counted nor another item is a reason for its item to fail. */
async function recipientCount({ client, note }: Item, broadcast: IDataObject) {
	const path = recipientsPath(broadcast);
	if (path === undefined) return {};
	const goingOn = client.with({ stop: undefined });
	const counted = await orApiError(count({ client: goingOn, request: { path } }));
	if (!(counted instanceof NodeApiError)) return { recipient_count: counted.total_count };
	note(`How many the broadcast is for could not be counted: ${counted.message}`);
	return {};
}

/** What a draft takes over from another broadcast, by Kit's name for it. Neither time nor publication is. */
const COPIED = [
	'content',
	'description',
	'email_address',
	'preview_text',
	'thumbnail_alt',
	'thumbnail_url',
];

/** A draft of what another broadcast is, with the subject of the request's body if it has one. */
export function duplicatedBroadcast(): Returns {
	return returning(async (item) => {
		const { client, note, request, settings } = item;
		const path = `${PATH}/${toText(settings.broadcastId)}`;
		const source = await readRecord({ client, note, request: { path } }, 'broadcast');
		const { email_template: template, subscriber_filter: groups, subject } = source;
		const given = COPIED.filter((name) => toText(source[name]) !== '');
		const isForAll = rulesOf(groups).every(({ rule }) => rule.type === 'all_subscribers');
		const body = {
			subject,
			...Object.fromEntries(given.map((name) => [name, source[name]])),
			...(isObject(template) && { email_template_id: template.id as number }),
			...(!isForAll && { subscriber_filter: groups }),
			...request.body,
		};
		return [await readRecord({ client, note, request: { ...request, body } }, 'broadcast')];
	});
}

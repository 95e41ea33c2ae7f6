import type { IDataObject } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { DAY_MS, HOUR_MS } from '../shared/durations';
import { getPath } from '../shared/objectPath';
import { toText } from '../shared/fields/parsers';
import { isNotFound } from '../shared/subscribers';
import type { KitClient, KitRequest } from '../shared/transport/client';
import { inParallel } from '../shared/transport/taskPool';
import { pagesOf } from '../shared/transport/newestFirst';
import type { Found, Memory, Watch, WatchContext } from './watch';
import { eventItem, MOST_ASKED, MOST_LATEST } from './watch';

/** Who meets some conditions, as Kit's filter finds them. */
export interface Group {
	/** Tells it from the others of the same watch */
	id: string;
	/** The conditions, as Kit takes them */
	all: IDataObject[];
	/** What an item says of it besides the subscriber */
	about?: IDataObject;
	/** Whether it only grows, but for who is deleted, so that the count nearly always tells */
	isGrowing?: boolean;
}

/** Who was in a group when it was read. It is kept as JSON. */
interface Members extends IDataObject {
	/** How many Kit counted; null where it does not count */
	total: number | null;
	/** When it was read as a whole, in milliseconds since 1970 */
	readAt: number;
	/** Their IDs, ascending, each as what it is more than the one before: `1by0 1 3 …` */
	ids: string;
	/** The IDs of those who are missing, as above, by since when they have been */
	missing: Record<string, string>;
	/** How many were found of more that were counted, and since when that has been so */
	fewer?: { counted: number; found: number; since: number };
	/** Since when what they are about has not been listed */
	unlistedAt?: number;
}

/** The members of each group, by its ID. */
type MembersByGroup = Record<string, Members>;

/** What is saved stays below 300 kB. */
const MOST_MEMBERS = 50_000;

/** Kit's filter certainly takes as many rows a page. */
const PAGE = 100;

/** Where as many came as went, the count is as before: this often the members are read all the same. */
const READ_AGAIN_MS = HOUR_MS;

/** What is watched is remembered for so long after it was found to be in a list no more, as lists are behind. */
const UNLISTED_MS = DAY_MS;

/** Who is missing in Kit's answers for as long is gone: an answer may be older than the one before. */
const GONE_MS = 600_000;

function writeIds(ids: Iterable<number>): string {
	let before = 0;
	return [...ids]
		.sort((one, other) => one - other)
		.map((id) => {
			const more = id - before;
			before = id;
			return more.toString(36);
		})
		.join(' ');
}

function readIds(text: string): Set<number> {
	let id = 0;
	const steps = text === '' ? [] : text.split(' ');
	return new Set(steps.map((more) => (id += Number.parseInt(more, 36))));
}

/** @returns since when each of them has been missing, by ID */
function readMissing(missing: Members['missing']): Map<number, number> {
	const all = Object.entries(missing).flatMap(([since, ids]) =>
		[...readIds(ids)].map((id) => [id, Number(since)] as const),
	);
	return new Map(all);
}

function writeMissing(since: ReadonlyMap<number, number>): Members['missing'] {
	const times = [...new Set(since.values())];
	const idsAt = (time: number) => [...since].filter(([, at]) => at === time).map(([id]) => id);
	return Object.fromEntries(times.map((time) => [String(time), writeIds(idsAt(time))]));
}

function requestFor({ all }: Group, more: IDataObject = {}): KitRequest {
	const body = { all, ...more };
	return { method: 'POST', path: '/kit/v4/subscribers/filter', body, idempotent: true };
}

const WITH_FIELDS = { include: [{ type: 'custom_fields' }] };

/** @throws {NodeOperationError} where there are more than can be remembered */
function checkCount({ node }: KitClient, found: number): void {
	if (found <= MOST_MEMBERS) return;
	throw new NodeOperationError(
		node,
		`More than ${MOST_MEMBERS.toLocaleString('en-US')} subscribers meet the conditions, and so many cannot be remembered`,
		{ description: 'Add a condition that fewer of them meet.' },
	);
}

/** @returns how many there are; null where Kit does not say */
async function count({ client }: WatchContext, group: Group): Promise<number | null> {
	const request = requestFor(group, { per_page: 1, include_total_count: true });
	const total = getPath((await client.send(request)) as IDataObject, 'pagination.total_count');
	if (typeof total !== 'number') return null;
	checkCount(client, total);
	return total;
}

/** Kit's filter answers IDs as text, which are numbers everywhere else. */
function subscriberOf(row: IDataObject): IDataObject {
	return { ...row, id: Number(row.id) };
}

/** Who is in a group now. */
interface Reading {
	ids: Set<number>;
	/** The rows of those who have not been, as Kit lists them: of all, they would take too much memory */
	fresh: IDataObject[];
}

/** @param known the IDs of those whose rows are not needed; left out where no row is */
async function readAll(
	{ client }: WatchContext,
	group: Group,
	known?: ReadonlySet<number>,
): Promise<Reading> {
	const ids = new Set<number>();
	const fresh: IDataObject[] = [];
	const sizes = { first: PAGE, others: PAGE };
	const request = requestFor(group, known && WITH_FIELDS);
	for await (const page of pagesOf(client, request, 'subscribers', sizes)) {
		for (const row of page) {
			const id = Number(row.id);
			if (known && !known.has(id) && !ids.has(id)) fresh.push(subscriberOf(row));
			ids.add(id);
		}
		checkCount(client, ids.size);
	}
	return { ids, fresh };
}

/** What came of reading a group. */
interface Change {
	/** Oldest first */
	came: IDataObject[];
	/** The IDs of those who are gone */
	went: number[];
	members: Members;
}

/** What is done with those who come and go. */
interface ReportOptions {
	/** Whether those who come are reported, which takes their rows */
	isCameReported: boolean;
	/** Whether nobody goes */
	isPermanent: boolean;
	/** Whether those who go are reported, which takes a request for each */
	isWentReported: boolean;
}

/** @returns the members when some of them are gone */
function withoutGone(members: Members, went: number[]): Members {
	const ids = readIds(members.ids);
	const missing = readMissing(members.missing);
	for (const id of went) {
		ids.delete(id);
		missing.delete(id);
	}
	return { ...members, ids: writeIds(ids), missing: writeMissing(missing) };
}

function fewerOf(
	{ fewer }: Members,
	counted: number | null,
	found: number,
	now: number,
): Members['fewer'] {
	if (counted === null || found >= counted) return undefined;
	const isAsBefore = fewer?.counted === counted && fewer.found === found;
	return isAsBefore ? fewer : { counted, found, since: now };
}

/**
 * @param options what is done with those who come and go
 * @param before its members; nobody where it is left out
 */
async function changeOf(
	context: WatchContext,
	group: Group,
	{ isCameReported, isPermanent, isWentReported }: ReportOptions,
	before?: Members,
): Promise<Change> {
	const { now } = context;
	const known: Members = before ?? { total: -1, readAt: 0, ids: '', missing: {} };
	const total = await count(context, group);
	const missingBefore = readMissing(known.missing);
	const isDue = [...missingBefore.values()].some((since) => now - since >= GONE_MS);
	const isRecent = now - known.readAt < (group.isGrowing ? DAY_MS : READ_AGAIN_MS);
	const isAsBefore = total !== null && total === known.total && isRecent;
	if (isAsBefore) {
		// Of many who were gone when all were read, the next ones.
		const went = [...missingBefore]
			.filter(([, since]) => known.readAt - since >= GONE_MS)
			.map(([id]) => id)
			.slice(0, MOST_ASKED);
		if (went.length > 0) return { came: [], went, members: withoutGone(known, went) };
		if (!isDue) return { came: [], went: [], members: known };
	}
	const ids = readIds(known.ids);
	const { ids: found, fresh } = await readAll(context, group, isCameReported ? ids : undefined);
	const missing = isPermanent ? [] : [...ids].filter((id) => !found.has(id));
	const sinceWhen = (id: number) => missingBefore.get(id) ?? now;
	const gone = missing.filter((id) => now - sinceWhen(id) >= GONE_MS);
	const went = isWentReported ? gone.slice(0, MOST_ASKED) : gone;
	for (const id of found) ids.add(id);
	for (const id of went) ids.delete(id);
	const still = missing.filter((id) => ids.has(id));
	const fewer = fewerOf(known, total, found.size, now);
	const members: Members = {
		// What was counted and not found is looked for again, as long as lists may be behind.
		total: fewer && now - fewer.since < GONE_MS ? -1 : total,
		readAt: now,
		ids: writeIds(ids),
		missing: writeMissing(new Map(still.map((id) => [id, sinceWhen(id)]))),
		...(fewer && { fewer }),
	};
	return { came: fresh.reverse(), went, members };
}

/** Who comes into groups, and who goes. */
export interface MemberWatch extends Pick<
	Watch,
	'description' | 'fields' | 'name' | 'notice' | 'value'
> {
	/** Kit's names of coming and of going, or some of that form; undefined for what is not reported */
	events: (context: WatchContext) => { came?: string; went?: string };
	/** Whether who has come stays, whatever Kit answers later */
	isPermanent?: boolean;
	/** The groups that there are now; of one that is new, everybody has come */
	groups: (context: WatchContext) => Promise<Group[]>;
}

/** Somebody who is in no list any more, by ID. */
async function gone({ client }: WatchContext, id: number): Promise<IDataObject> {
	const path = `/kit/v4/subscribers/${String(id)}`;
	try {
		return (await client.send({ path })).subscriber as IDataObject;
	} catch (error) {
		// They were deleted.
		if (isNotFound(error)) return { id };
		throw error as Error;
	}
}

async function itemsOf(
	context: WatchContext,
	{ came, went }: Pick<Change, 'came' | 'went'>,
	{ id, about }: Group,
	{ events, isPermanent = false }: MemberWatch,
): Promise<IDataObject[]> {
	const names = events(context);
	const itemFor = (event: string) => (subscriber: IDataObject) => {
		const when = isPermanent ? '' : context.now.toString(36);
		const key = [id, toText(subscriber.id), when].filter((part) => part !== '').join('.');
		return eventItem(event, key, null, { subscriber, ...about });
	};
	const cameItems = names.came === undefined ? [] : came.map(itemFor(names.came));
	if (names.went === undefined || went.length === 0) return cameItems;
	const left = await inParallel(went, async (one) => await gone(context, one));
	return [...cameItems, ...left.map(itemFor(names.went))];
}

/** @returns members of what is listed, or is again */
function listed(members?: Members): Members | undefined {
	if (members?.unlistedAt === undefined) return members;
	return { ...members, unlistedAt: undefined };
}

/** Watches who comes into groups of subscribers, and who goes. */
export function memberWatch(watch: MemberWatch): Watch {
	const { name, value, description, notice, fields, isPermanent = false } = watch;
	const read = async (context: WatchContext, before?: MembersByGroup): Promise<Found> => {
		const { now } = context;
		const items: IDataObject[] = [];
		const after: MembersByGroup = {};
		const { came, went } = watch.events(context);
		const options = {
			isCameReported: before !== undefined && came !== undefined,
			isPermanent,
			isWentReported: went !== undefined,
		};
		const changes = await inParallel(await watch.groups(context), async (group) => ({
			group,
			change: await changeOf(context, group, options, listed(before?.[group.id])),
		}));
		for (const { group, change } of changes) {
			if (before) items.push(...(await itemsOf(context, change, group, watch)));
			after[group.id] = change.members;
		}
		// What is not listed any more may be again, since lists are behind.
		for (const [id, members] of Object.entries(before ?? {})) {
			const { unlistedAt = now } = members;
			if (id in after || now - unlistedAt >= UNLISTED_MS) continue;
			after[id] = members.unlistedAt === undefined ? { ...members, unlistedAt } : members;
		}
		const isSame =
			before !== undefined &&
			Object.keys(before).length === Object.keys(after).length &&
			Object.entries(after).every(([id, members]) => before[id] === members);
		return { items, memory: isSame ? before : after };
	};
	return {
		name,
		value,
		description,
		notice,
		fields,
		begin: async (context): Promise<Memory> => (await read(context)).memory,
		poll: async (context, memory) => await read(context, memory as MembersByGroup),
		async latest(context) {
			const { came } = watch.events(context);
			for (const group of (await watch.groups(context)).reverse()) {
				const request = requestFor(group, { ...WITH_FIELDS, per_page: MOST_LATEST });
				const { subscribers } = await context.client.send(request);
				const rows = (Array.isArray(subscribers) ? (subscribers as IDataObject[]) : []).map(
					subscriberOf,
				);
				// Who will stop matching is somebody who matches.
				const change =
					came === undefined
						? { came: [], went: rows.map(({ id }) => Number(id)) }
						: { came: rows, went: [] };
				if (rows.length > 0) return await itemsOf(context, change, group, watch);
			}
			return [];
		},
	};
}

import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { TestSandbox } from '../support/sandbox';
import type { Row } from './cases';

/** What a watch has to have reported, and what tells one item of it from another. */
interface Truth {
	/** What there is now of what the watch is about */
	now: (kit: Kit, parameters: INodeParameters) => Promise<string[]>;
	keyOf: (item: IDataObject) => string;
}

/** Kit as it is, which lists show only later. */
class Kit {
	constructor(private readonly sandbox: TestSandbox) {}

	async ask(method: string, path: string, body?: object): Promise<IDataObject> {
		const { settings } = this.sandbox.current;
		const { lagMs } = settings;
		settings.lagMs = 0;
		try {
			return await this.sandbox.ask(method, `/kit/v4/${path}`, body);
		} finally {
			settings.lagMs = lagMs;
		}
	}

	async rows(path: string, key: string): Promise<Row[]> {
		const all: Row[] = [];
		const separator = path.includes('?') ? '&' : '?';
		for (let after = ''; ;) {
			const page = `${path}${separator}per_page=1000${after && `&after=${after}`}`;
			const answer = await this.ask('GET', page);
			all.push(...(answer[key] as Row[]));
			const { has_next_page, end_cursor } = answer.pagination as IDataObject;
			if (has_next_page !== true) return all;
			after = encodeURIComponent(end_cursor as string);
		}
	}

	async ids(path: string, key: string): Promise<string[]> {
		return (await this.rows(path, key)).map(({ id }) => String(id));
	}

	async matching(...all: IDataObject[]): Promise<string[]> {
		const ids: string[] = [];
		for (let after: unknown; ;) {
			const body = { all, per_page: 100, ...(after !== undefined && { after }) };
			const answer = await this.ask('POST', 'subscribers/filter', body);
			ids.push(...(answer.subscribers as { id: string }[]).map(({ id }) => id));
			const { has_next_page, end_cursor } = answer.pagination as IDataObject;
			if (has_next_page !== true) return ids;
			after = end_cursor;
		}
	}
}

const about = (key: string) => (item: IDataObject) => String((item[key] as Row).id);

const located = (parameters: INodeParameters, name: string) =>
	String((parameters[name] as { value: unknown }).value);

/** Who is in something of a list, such as everybody with a tag. */
function membersOf(list: string, locator: string): Truth {
	return {
		now: async (kit, parameters) => {
			const path = `${list}/${located(parameters, locator)}/subscribers?status=all`;
			return await kit.ids(path, 'subscribers');
		},
		keyOf: about('subscriber'),
	};
}

/** Of each watch, by its value. */
const TRUTHS: Record<string, Truth> = {
	broadcastSent: {
		now: async (kit) => await kit.ids('broadcasts?status=completed', 'broadcasts'),
		keyOf: about('broadcast'),
	},
	clickedLink: {
		now: async (kit, { linkUrl }) => {
			const url = { type: 'urls', urls: [linkUrl], matching: 'exact' };
			return await kit.matching({ type: 'clicks', any: [url] });
		},
		keyOf: about('subscriber'),
	},
	formSubscription: membersOf('forms', 'formId'),
	matchesFilter: {
		now: async (kit, { conditions }) => {
			const [{ tagIds } = {}] = (conditions as { condition: { tagIds?: unknown }[] }).condition;
			const tags = { type: 'tags', any: [{ type: 'ids', matching: tagIds }] };
			return await kit.matching(tags);
		},
		keyOf: about('subscriber'),
	},
	missedEvents: {
		now: async (kit, parameters) => {
			const path = `webhook_endpoints/${located(parameters, 'webhookEndpointId')}/deliveries`;
			const ids: string[] = [];
			for (const id of await kit.ids(`${path}?status=failed`, 'deliveries')) {
				const { delivery } = await kit.ask('GET', `${path}/${id}?include_payload=true`);
				const { payload } = delivery as { payload: { events: { id: string }[] } };
				ids.push(...payload.events.map((event) => event.id));
			}
			return ids;
		},
		keyOf: ({ id }) => id as string,
	},
	newOrUpdatedSubscriber: {
		now: async (kit) =>
			(await kit.rows('subscribers?status=all', 'subscribers')).map((row) => JSON.stringify(row)),
		keyOf: ({ subscriber }) => JSON.stringify(subscriber),
	},
	newPost: {
		now: async (kit) => {
			const posts = await kit.rows('posts', 'posts');
			return posts.filter(({ status }) => status === 'published').map(({ id }) => String(id));
		},
		keyOf: about('post'),
	},
	newPurchase: {
		now: async (kit) => await kit.ids('purchases', 'purchases'),
		keyOf: about('purchase'),
	},
	newSubscriber: {
		now: async (kit) => await kit.ids('subscribers?status=all', 'subscribers'),
		keyOf: about('subscriber'),
	},
	openedBroadcast: {
		now: async (kit) => {
			const pairs: string[] = [];
			for (const id of await kit.ids('broadcasts', 'broadcasts')) {
				const opens = { type: 'opens', any: [{ type: 'broadcasts', ids: [Number(id)] }] };
				for (const subscriber of await kit.matching(opens)) pairs.push(`${id} ${subscriber}`);
			}
			return pairs;
		},
		keyOf: (item) => `${about('broadcast')(item)} ${about('subscriber')(item)}`,
	},
	tagAdded: membersOf('tags', 'tagId'),
	unsubscribed: {
		now: async (kit) => await kit.ids('subscribers?status=cancelled', 'subscribers'),
		keyOf: about('subscriber'),
	},
};

/**
 * Who was updated is reported as they were at each poll, so only the last report of each has to be right.
 * @param reports subscribers as JSON
 */
function lastOfEach(reports: string[]): string[] {
	return [...new Map(reports.map((row) => [(JSON.parse(row) as Row).id, row])).values()];
}

/**
 * @param sandbox whose data are the truth
 * @param parameters of the trigger
 * @returns what there is now of what it watches
 */
export async function truthOf(
	sandbox: TestSandbox,
	parameters: INodeParameters,
): Promise<string[]> {
	return (await TRUTHS[parameters.watch as string]?.now(new Kit(sandbox), parameters)) ?? [];
}

/**
 * @param watch that reported them
 * @param items of one or more polls
 * @returns what tells them from each other, as `truthOf` has it
 */
export function keysOf(watch: string, items: IDataObject[]): string[] {
	return items.map(TRUTHS[watch]?.keyOf ?? String);
}

/**
 * Expects each thing to have been reported once.
 * @param watch that reported them
 * @param items of all polls
 * @param truth what there is now that was not there at the mark
 */
export function expectEachOnce(watch: string, items: IDataObject[], truth: string[]): void {
	expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
	const keys = keysOf(watch, items);
	const told = watch === 'newOrUpdatedSubscriber' ? lastOfEach(keys) : keys;
	expect([watch, told.sort()]).toEqual([watch, [...truth].sort()]);
}

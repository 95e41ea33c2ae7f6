import type { IDataObject } from 'n8n-workflow';
import { toText } from '../shared/fields/parsers';
import { LISTS } from '../shared/lists';
import { pagesOf } from '../shared/transport/newestFirst';
import { LARGEST_PAGE } from '../shared/transport/pagination';
import type { Memory, Watch, WatchContext } from './watch';
import { eventItem, MOST_LATEST } from './watch';

/** Kit lists posts by ID and not by when they were published, so a draft is found among so many. */
const LOOKED_AT = 50;

/** What was published among the newest posts. It is kept as JSON. */
interface Published extends IDataObject {
	/** Posts up to this ID are older than all that were looked at */
	above: number;
	ids: number[];
}

/**
 * @param known the ID of a post that was looked at before; where all are newer, the next ones are read as well
 * @returns what is published among the newest posts, oldest first, and up to which ID they are older than those
 */
async function newest(
	{ client }: WatchContext,
	known = Infinity,
): Promise<{ posts: IDataObject[]; lowest: number }> {
	const { path, key } = LISTS.posts;
	const sizes = { first: LOOKED_AT, others: LARGEST_PAGE };
	const all: IDataObject[] = [];
	let lowest = 0;
	for await (const rows of pagesOf(client, { path }, key, sizes)) {
		const last = Math.min(...rows.map(({ id }) => Number(id)));
		if (all.length === 0 && rows.length >= LOOKED_AT) lowest = last - 1;
		all.push(...rows);
		if (last <= known) break;
	}
	const posts = all
		.filter(({ status }) => status === 'published')
		.reverse()
		.sort((one, other) => timeOf(one) - timeOf(other));
	return { posts, lowest };
}

function timeOf({ published_at: at }: IDataObject): number {
	return Date.parse(toText(at)) || 0;
}

function itemOf(post: IDataObject): IDataObject {
	return eventItem('post.published', toText(post.id), post.published_at, { post });
}

function published(posts: IDataObject[], above: number, before: number[] = []): Published {
	const ids = [...before, ...posts.map(({ id }) => Number(id))];
	return { above, ids: [...new Set(ids)].filter((id) => id > above) };
}

export const newPost: Watch = {
	name: 'New Post',
	value: 'newPost',
	description: 'A post appeared on the creator profile',
	notice: `A poll takes one request for the newest ${String(LOOKED_AT)} posts, and one more where all of these are new. A draft among them that is published later is reported as well.`,
	fields: [],
	async begin(context): Promise<Memory> {
		const { posts, lowest } = await newest(context);
		return published(posts, lowest);
	},
	async poll(context, memory) {
		const { above, ids } = memory as Published;
		const { posts, lowest } = await newest(context, Math.max(above, ...ids));
		const fresh = posts.filter(({ id }) => Number(id) > above && !ids.includes(Number(id)));
		if (fresh.length === 0) return { items: [], memory };
		return {
			items: fresh.map(itemOf),
			memory: published(fresh, Math.max(above, lowest), ids),
		};
	},
	async latest(context) {
		const { posts } = await newest(context);
		return posts.slice(-MOST_LATEST).reverse().map(itemOf);
	},
};

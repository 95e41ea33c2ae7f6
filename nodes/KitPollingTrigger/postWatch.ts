import type { IDataObject } from 'n8n-workflow';
import { toText } from '../shared/fields/parsers';
import { LISTS } from '../shared/lists';
import { fetchPage } from '../shared/transport/pagination';
import type { Asking, Memory, Watch } from './watch';
import { eventItem, MOST_LATEST } from './watch';

/** Kit lists posts by ID and not by when they were published, so a draft is found among so many. */
const LOOKED_AT = 50;

/** What was published among the newest posts. It is kept as JSON. */
interface Published extends IDataObject {
	/** Posts up to this ID are older than all that were looked at */
	above: number;
	ids: number[];
}

async function newest({ client }: Asking): Promise<{ posts: IDataObject[]; lowest: number }> {
	const { path, key } = LISTS.posts;
	const { rows, next } = await fetchPage(client, { path }, key, LOOKED_AT);
	const lowest = Math.min(...rows.map(({ id }) => Number(id)));
	const posts = rows
		.filter(({ status }) => status === 'published')
		.reverse()
		.sort((one, other) => timeOf(one) - timeOf(other));
	return { posts, lowest: next === undefined ? 0 : lowest - 1 };
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
	notice: `A poll takes one request for the newest ${String(LOOKED_AT)} posts, among which a draft that is published later is found as well.`,
	fields: [],
	async begin(asking): Promise<Memory> {
		const { posts, lowest } = await newest(asking);
		return published(posts, lowest);
	},
	async poll(asking, memory) {
		const { above, ids } = memory as Published;
		const { posts, lowest } = await newest(asking);
		const fresh = posts.filter(({ id }) => Number(id) > above && !ids.includes(Number(id)));
		if (fresh.length === 0) return { items: [], memory };
		return {
			items: fresh.map(itemOf),
			memory: published(fresh, Math.max(above, lowest), ids),
		};
	},
	async latest(asking) {
		const { posts } = await newest(asking);
		return posts.slice(-MOST_LATEST).reverse().map(itemOf);
	},
};

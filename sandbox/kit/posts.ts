import { siteOf } from './addresses';
import { iso, isoOrNull } from './dates';
import { page } from './pages';
import { answer, idIn, isSet, notFound } from './route';
import type { Answer, Call, Route } from './route';
import { byId } from './state';
import type { Account, Post } from './state';

/** A post as Kit answers it. */
export function postRow({ profile }: Account, post: Post) {
	return {
		id: post.id,
		publication_id: post.publicationId,
		created_at: iso(post.createdAt),
		title: post.title,
		slug: post.slug,
		description: post.description,
		meta_description: null,
		status: post.status,
		published_at: isoOrNull(post.publishedAt),
		sent_at: isoOrNull(post.sentAt),
		thumbnail_alt: post.thumbnailAlt,
		thumbnail_url: post.thumbnailUrl,
		is_paid: post.isPaid,
		public_url: post.slug === null ? null : `${siteOf(profile)}/posts/${post.slug}`,
	};
}

function listPosts({ account, query }: Call): Answer {
	const list = { rows: account.posts, key: ({ id }: Post) => [id] };
	const { rows, pagination } = page(list, query);
	const row = (post: Post) => ({
		...postRow(account, post),
		...(isSet(query.include_content) && { content: post.content }),
	});
	return answer({ posts: rows.map(row), pagination });
}

function get(call: Call): Answer {
	const post = byId(call.account.posts, idIn(call));
	if (post === undefined) throw notFound();
	return answer({ post: { ...postRow(call.account, post), content: post.content } });
}

/** Kit's endpoints for posts. */
export const postRoutes: readonly Route[] = [
	{ method: 'GET', path: '/posts', handle: listPosts },
	{ method: 'GET', path: '/posts/:id', handle: get },
];

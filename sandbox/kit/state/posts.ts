import { slugOf } from '../addresses';
import type { Broadcast, Post } from './emails';

/**
 * The post of a broadcast that is for the web too.
 * @param broadcast what was sent
 * @param sentAt when
 */
export function postOf(broadcast: Broadcast, sentAt: number): Omit<Post, 'id'> {
	const { publicationId, createdAt, subject, description, content, publishedAt } = broadcast;
	const { thumbnailAlt, thumbnailUrl } = broadcast;
	return {
		publicationId,
		createdAt,
		title: subject,
		slug: slugOf(subject),
		description,
		content: content ?? '',
		status: 'published',
		publishedAt,
		sentAt,
		thumbnailAlt,
		thumbnailUrl,
		isPaid: false,
	};
}

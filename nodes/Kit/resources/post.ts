import { onlyCount, options } from '../../shared/fields/collections';
import { includeContentOfEach } from '../../shared/fields/emails';
import { postId } from '../../shared/fields/locators';
import type { Resource } from '../operation/operation';
import { outputOf } from '../operation/output';
import { list, record } from '../operation/returns';

export const post: Resource = {
	name: 'Post',
	value: 'post',
	operations: {
		get: {
			name: 'Get',
			action: 'Get post',
			description: 'Retrieve a post of the newsletter feed with its content',
			request: 'GET /posts/{post_id}',
			fields: [postId],
			returns: outputOf('post', record('post')),
		},
		getAll: {
			name: 'Get Many',
			action: 'Get many posts',
			description: 'List the posts of the newsletter feed',
			request: 'GET /posts',
			fields: [options(includeContentOfEach('one'), onlyCount)],
			returns: outputOf('postInList', list('posts')),
		},
	},
};

import { list, record } from '../../answers';
import { id } from '../../fields/checks';
import { post as postLocator } from '../../fields/locators';
import { inPath } from '../../fields/sent';
import type { Resource } from '../resource';

const show = { resource: ['post'] };

export const post: Resource = {
	name: 'Post',
	value: 'post',
	operations: [
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show },
			options: [
				{
					name: 'Get',
					value: 'get',
					action: 'Get a post',
					description: 'Retrieve a post of the newsletter feed with its content',
					routing: {
						request: { method: 'GET', url: '/kit/v4/posts/{post_id}' },
						...record('post'),
					},
				},
				{
					name: 'Get Many',
					value: 'getAll',
					action: 'Get many posts',
					description: 'List the posts of the newsletter feed',
					routing: { request: { method: 'GET', url: '/kit/v4/posts' }, ...list('posts') },
				},
			],
			default: 'getAll',
		},
		inPath('post_id', postLocator({ show: { ...show, operation: ['get'] } }), id),
	],
	fields: [],
};

import { record, wholeAnswer } from '../../answers';
import { colors, day } from '../../fields/checks';
import { inBody, inQuery } from '../../fields/sent';
import type { Resource } from '../resource';

const show = { resource: ['account'] };

export const account: Resource = {
	name: 'Account',
	value: 'account',
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
					action: 'Get the account',
					description: 'Retrieve the connected Kit account, its plan and its sending addresses',
					routing: { request: { method: 'GET', url: '/kit/v4/account' }, ...wholeAnswer() },
				},
				{
					name: 'Get Colors',
					value: 'getColors',
					action: 'Get the colors of the account',
					description: 'Retrieve the colors saved for the account',
					routing: { request: { method: 'GET', url: '/kit/v4/account/colors' }, ...wholeAnswer() },
				},
				{
					name: 'Get Creator Profile',
					value: 'getCreatorProfile',
					action: 'Get the creator profile',
					description: 'Retrieve the name, bio and picture of the public creator profile',
					routing: {
						request: { method: 'GET', url: '/kit/v4/account/creator_profile' },
						...record('profile'),
					},
				},
				{
					name: 'Get Email Stats',
					value: 'getEmailStats',
					action: 'Get the email stats',
					description: 'Retrieve how many emails were sent, opened and clicked in the last 90 days',
					routing: {
						request: { method: 'GET', url: '/kit/v4/account/email_stats' },
						...record('stats'),
					},
				},
				{
					name: 'Get Growth Stats',
					value: 'getGrowthStats',
					action: 'Get the growth stats',
					description:
						'Retrieve how many subscribers came and went, in the time zone of the account',
					routing: {
						request: { method: 'GET', url: '/kit/v4/account/growth_stats' },
						...record('stats'),
					},
				},
				{
					name: 'Update Colors',
					value: 'updateColors',
					action: 'Update the colors of the account',
					description: 'Replace all colors saved for the account',
					routing: { request: { method: 'PUT', url: '/kit/v4/account/colors' }, ...wholeAnswer() },
				},
			],
			default: 'get',
		},
	],
	fields: [
		inBody(
			'colors',
			{
				displayName: 'Colors',
				name: 'colors',
				type: 'color',
				typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Color' },
				default: [],
				required: true,
				placeholder: 'e.g. #0a7cff',
				description: 'Up to 10 hex color codes, which take the place of all saved ones',
				displayOptions: { show: { ...show, operation: ['updateColors'] } },
			},
			colors,
		),
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			displayOptions: { show: { ...show, operation: ['getGrowthStats'] } },
			options: [
				inQuery(
					'ending',
					{
						displayName: 'End Date',
						name: 'ending',
						type: 'dateTime',
						default: '',
						description: 'The last day to count. Today, if left out. The time of day is ignored.',
					},
					day,
				),
				inQuery(
					'starting',
					{
						displayName: 'Start Date',
						name: 'starting',
						type: 'dateTime',
						default: '',
						description:
							'The first day to count. 90 days ago, if left out. The time of day is ignored.',
					},
					day,
				),
			],
		},
	],
};

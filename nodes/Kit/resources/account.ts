import { filters } from '../../shared/fields/collections';
import type { ValueField } from '../../shared/fields/field';
import { colors, date } from '../../shared/fields/parsers';
import type { Resource } from '../operation/operation';
import { outputOf } from '../operation/output';
import { record, wholeResponse } from '../operation/returns';

const newColors: ValueField = {
	displayName: 'Colors',
	name: 'colors',
	type: 'color',
	typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Color' },
	default: [],
	required: true,
	placeholder: 'e.g. #0a7cff',
	description: 'Up to 10 hex color codes, which take the place of all saved ones',
	target: 'body.colors',
	parse: colors,
};

const period: ValueField[] = [
	{
		displayName: 'End Date',
		name: 'ending',
		type: 'dateTime',
		default: '',
		description: 'The last day to count. Today, if left out. The time of day is ignored.',
		target: 'query.ending',
		parse: date,
	},
	{
		displayName: 'Start Date',
		name: 'starting',
		type: 'dateTime',
		default: '',
		description: 'The first day to count. 90 days ago, if left out. The time of day is ignored.',
		target: 'query.starting',
		parse: date,
	},
];

export const account: Resource = {
	name: 'Account',
	value: 'account',
	defaultOperation: 'get',
	operations: {
		get: {
			name: 'Get',
			action: 'Get account',
			description: 'Retrieve the connected Kit account, its plan and its sending addresses',
			request: 'GET /account',
			fields: [],
			returns: outputOf('account', wholeResponse()),
		},
		getColors: {
			name: 'Get Colors',
			action: 'Get colors of account',
			description: 'Retrieve the colors saved for the account',
			request: 'GET /account/colors',
			fields: [],
			returns: wholeResponse(),
		},
		getCreatorProfile: {
			name: 'Get Creator Profile',
			action: 'Get creator profile',
			description: 'Retrieve the name, bio and picture of the public creator profile',
			request: 'GET /account/creator_profile',
			fields: [],
			returns: record('profile'),
		},
		getEmailStats: {
			name: 'Get Email Stats',
			action: 'Get email stats',
			description: 'Retrieve how many emails were sent, opened and clicked in the last 90 days',
			request: 'GET /account/email_stats',
			fields: [],
			returns: outputOf('emailStats', record('stats')),
		},
		getGrowthStats: {
			name: 'Get Growth Stats',
			action: 'Get growth stats',
			description: 'Retrieve how many subscribers came and went, in the time zone of the account',
			request: 'GET /account/growth_stats',
			fields: [filters(...period)],
			returns: record('stats'),
		},
		updateColors: {
			name: 'Update Colors',
			action: 'Update colors of account',
			description: 'Replace all colors saved for the account',
			request: 'PUT /account/colors',
			fields: [newColors],
			returns: wholeResponse(),
		},
	},
};

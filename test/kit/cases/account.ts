import type { Cases } from './case';
import { byId } from './case';

export const account: Cases = {
	'account.get': () => ({
		operation: 'account.get',
		expected: [{ request: 'GET /kit/v4/account' }],
		output: [{ account: expect.objectContaining({ name: 'Ada Writes' }) as never }],
	}),
	'account.get of another connection': () => ({
		operation: 'account.get',
		parameters: { connection: byId('7a1d4e90-52c3-4b68-8f27-c06e9b3d5a21') },
		expected: [{ request: 'GET /kit/v4/account' }],
		output: [
			{
				account: expect.objectContaining({
					name: expect.not.stringContaining('Ada Writes') as never,
				}) as never,
			},
		],
	}),
	'account.getColors': () => ({
		operation: 'account.getColors',
		expected: [{ request: 'GET /kit/v4/account/colors' }],
		output: [{ colors: expect.any(Array) as never }],
	}),
	'account.updateColors': () => ({
		operation: 'account.updateColors',
		parameters: { colors: ['#0A7CFF', '#fff'] },
		expected: [{ request: 'PUT /kit/v4/account/colors', body: { colors: ['#0A7CFF', '#fff'] } }],
		output: [{ colors: expect.any(Array) as never }],
	}),
	'account.getCreatorProfile': () => ({
		operation: 'account.getCreatorProfile',
		expected: [{ request: 'GET /kit/v4/account/creator_profile' }],
		output: [{ profile_url: expect.any(String) as never }],
	}),
	'account.getEmailStats': () => ({
		operation: 'account.getEmailStats',
		expected: [{ request: 'GET /kit/v4/account/email_stats' }],
		output: [{ sent: expect.any(Number) as never }],
	}),
	'account.getGrowthStats': () => ({
		operation: 'account.getGrowthStats',
		expected: [{ request: 'GET /kit/v4/account/growth_stats' }],
		output: [{ new_subscribers: expect.any(Number) as never }],
	}),
	'account.getGrowthStats with all fields': () => ({
		operation: 'account.getGrowthStats',
		parameters: {
			filters: { starting: '2026-01-01T00:00:00', ending: '2026-01-31T23:59:59.000Z' },
		},
		expected: [
			{
				request: 'GET /kit/v4/account/growth_stats',
				query: { starting: '2026-01-01', ending: '2026-01-31' },
			},
		],
		output: [{ subscribers: expect.any(Number) as never }],
	}),
};

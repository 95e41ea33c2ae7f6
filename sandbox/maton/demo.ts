import type { Clock } from '../clock';
import { DAY } from '../kit/dates';
import { demoAccount } from '../kit/demoData';
import type { Account, Profile } from '../kit/account';
import { Connections } from './connections';
import type { Connection } from './connections';
import { BAKERY, LETTERS, LITTLE } from './demoContent';

/** The Maton keys of the sandbox. */
export const KEYS = {
	main: 'maton-demo-key',
	/** Of the same person as `main`, as after they replaced it; has the same connections */
	next: 'maton-demo-key-next',
	/** Has no connections */
	empty: 'maton-demo-key-without-kit',
} as const;

/** The ids of the connections that `KEYS.main` has at the start. */
export const CONNECTIONS = {
	main: '3f6c1a52-8d0b-4a7e-9c1f-2b5d7e8a9c10',
	second: '7a1d4e90-52c3-4b68-8f27-c06e9b3d5a21',
	pending: 'b8e2f705-1c94-4d3a-a650-9f7d2e4c6b32',
	expired: 'c45a9d16-e7f8-4021-b3d9-518c0a6e7f43',
	limited: 'd90b3c27-06a5-4fe1-9472-e3f81b5d0c54',
	/** Opens the account of `main` with an API key of Kit's, which may do less. */
	apiKey: 'e1c7a5f3-94b2-4d06-8a3e-6f50d2b8917c',
} as const;

const TAGS = [
	'Newsletter',
	'Customer',
	'VIP',
	'Webinar 2025',
	'Free course',
	'Podcast listener',
	'Beta tester',
	'Workshop',
	'Book launch',
	'Imported',
	'Re-engage',
	'Referral',
];

function profile(about: Partial<Profile> & Pick<Profile, 'accountId' | 'name'>): Profile {
	return {
		userId: about.accountId + 5000,
		planType: 'creator',
		emailAddress: `hello${String(about.accountId)}@example.com`,
		senderName: 'Ada',
		createdAt: Date.UTC(2022, 1, 17, 11, 43, 55),
		timeZone: 'America/New_York',
		timeZoneName: 'Eastern Time (US & Canada)',
		creatorProfile: null,
		...about,
	};
}

/** What the demo world depends on. */
export interface World {
	readonly subscribers: number;
	readonly seed: number;
	/** The moment its data end, in milliseconds since 1970. */
	readonly until: number;
	readonly clock: Clock;
}

/**
 * A small account for a connection that is authorised while the sandbox runs.
 * @param world for the seed and the dates
 * @param accountId its id
 */
export function freshAccount({ seed, until, clock }: World, accountId: number): Account {
	const about = profile({ accountId, name: `Fresh Account ${String(accountId)}` });
	return demoAccount({
		profile: about,
		subscribers: 5,
		seed: seed + 3,
		until,
		now: clock.now,
		tags: ['New'],
		content: LITTLE,
	});
}

/**
 * Makes Maton's keys and connections, with the Kit accounts behind them.
 * @param world what they depend on; the same one gives the same data
 */
export function demoConnections(world: World): Connections {
	const { subscribers, seed, until } = world;
	const { now } = world.clock;
	const connections = new Connections(Object.values(KEYS), { [KEYS.next]: KEYS.main }, now);
	const add = (
		name: keyof typeof CONNECTIONS,
		daysAgo: number,
		about: Partial<Pick<Connection, 'status' | 'account' | 'defect' | 'method'>>,
	) => {
		const createdAt = until - daysAgo * DAY;
		connections.add({
			id: CONNECTIONS[name],
			key: KEYS.main,
			app: 'kit',
			method: 'OAUTH2',
			createdAt,
			updatedAt: createdAt,
			status: 'ACTIVE',
			account: null,
			defect: null,
			...about,
		});
	};
	const creatorProfile = {
		name: 'Ada Writes',
		byline: 'Author',
		bio: 'Letters about making things',
	};
	const account = demoAccount({
		profile: profile({ accountId: 2701, name: 'Ada Writes', creatorProfile }),
		subscribers,
		seed,
		until,
		now,
		tags: TAGS,
		content: LETTERS,
	});
	add('main', 400, { account });
	add('second', 300, {
		account: demoAccount({
			profile: profile({
				accountId: 4802,
				name: 'Harbor Bakery',
				senderName: 'Sam',
				timeZone: 'Europe/Berlin',
				timeZoneName: 'Berlin',
			}),
			subscribers: 12,
			seed: seed + 1,
			until,
			now,
			tags: ['Regular', 'Wholesale', 'Tasting night'],
			content: BAKERY,
		}),
	});
	add('pending', 2, { status: 'PENDING' });
	add('expired', 200, { defect: 'expired' });
	add('limited', 100, {
		defect: 'readOnly',
		account: demoAccount({
			profile: profile({ accountId: 6903, name: 'Reading Room' }),
			subscribers: 8,
			seed: seed + 2,
			until,
			now,
			tags: ['Reader'],
			content: LITTLE,
		}),
	});
	add('apiKey', 50, { account, method: 'API_KEY' });
	return connections;
}

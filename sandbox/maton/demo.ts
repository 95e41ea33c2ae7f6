import type { Account, Profile } from '../kit/account';
import { DAY } from '../kit/dates';
import { demoAccount } from '../kit/demoData';
import type { DemoContent } from '../kit/demoData';
import { Connections } from './connections';
import type { Connection } from './connections';
import { BAKERY, LETTERS } from './demoContent';

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
	/** Opens the account of `main`, but to read only. */
	limited: 'd90b3c27-06a5-4fe1-9472-e3f81b5d0c54',
	/** Opens the account of `main` with an API key of Kit's, which may do less. */
	apiKey: 'e1c7a5f3-94b2-4d06-8a3e-6f50d2b8917c',
} as const;

/** What the demo world depends on. */
export interface World {
	readonly subscribers: number;
	readonly seed: number;
	/** The moment its data end, in milliseconds since 1970. */
	readonly until: number;
	/** The time in the sandbox. */
	readonly now: () => number;
}

type About = Partial<Profile> & Pick<Profile, 'accountId' | 'name'>;

/** Makes an account of the world; its place among them makes its data its own. */
function accountOf(
	{ seed, until, now }: World,
	place: number,
	subscribers: number,
	content: DemoContent,
	about: About,
): Account {
	const timeZone = { timeZone: 'America/New_York', timeZoneName: 'Eastern Time (US & Canada)' };
	const profile = { ...timeZone, ...about };
	return demoAccount({ profile, subscribers, seed: seed + place, until, now, content });
}

/** A small account for a connection that is authorised while the sandbox runs. */
export function freshAccount(world: World, accountId: number): Account {
	const name = `Fresh Account ${String(accountId)}`;
	return accountOf(world, 3, 5, BAKERY, { accountId, name });
}

/** Makes Maton's keys and connections, with the Kit accounts behind them: the same for the same world. */
export function demoConnections(world: World): Connections {
	const { subscribers, until, now } = world;
	const { main, next, empty } = KEYS;
	const connections = new Connections(
		new Map([
			[main, main],
			[next, main],
			[empty, empty],
		]),
		now,
	);
	const add = (name: keyof typeof CONNECTIONS, daysAgo: number, about: Partial<Connection>) => {
		const createdAt = until - daysAgo * DAY;
		connections.add({ id: CONNECTIONS[name], key: main, createdAt, status: 'ACTIVE', ...about });
	};
	const account = accountOf(world, 0, subscribers, LETTERS, {
		accountId: 2701,
		name: 'Ada Writes',
		creatorProfile: { byline: 'Author', bio: 'Letters about making things' },
	});
	const bakery = accountOf(world, 1, 12, BAKERY, {
		accountId: 4802,
		name: 'Harbor Bakery',
		timeZone: 'Europe/Berlin',
		timeZoneName: 'Berlin',
	});
	add('main', 400, { account });
	add('second', 300, { account: bakery });
	add('pending', 2, { status: 'PENDING' });
	add('expired', 200, { defect: 'expired' });
	add('limited', 100, { defect: 'readOnly', account });
	add('apiKey', 50, { account, method: 'API_KEY' });
	return connections;
}

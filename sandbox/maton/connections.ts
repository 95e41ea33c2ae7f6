import { createHash } from 'node:crypto';
import type { Account } from '../kit/account';
import { MatonError } from './errors';

/** The states that Maton documents. */
export type ConnectionStatus = 'ACTIVE' | 'PENDING' | 'FAILED';

/** What is wrong with an active connection, if anything. */
export type Defect = 'expired' | 'readOnly';

/** How a connection is authorised, of what Maton documents; Kit lets an API key do less. */
export type ConnectionMethod = 'OAUTH2' | 'API_KEY';

/** One authorised, or not yet authorised, app of one Maton key. */
export interface Connection {
	readonly id: string;
	readonly key: string;
	readonly app: string;
	readonly method: ConnectionMethod;
	readonly createdAt: number;
	status: ConnectionStatus;
	updatedAt: number;
	/** The Kit account it opens; null until it is authorised. */
	account: Account | null;
	readonly defect: Defect | null;
}

/** RFC 3339 with microseconds, as in Maton's examples. */
function microseconds(moment: number): string {
	return new Date(moment).toISOString().replace('Z', '000Z');
}

/** A connection as Maton answers it. The `url` authorises it: its session token is a secret. */
export function connectionRow(connection: Connection) {
	const token = createHash('sha256').update(`session ${connection.id}`).digest('hex');
	return {
		connection_id: connection.id,
		status: connection.status,
		creation_time: microseconds(connection.createdAt),
		last_updated_time: microseconds(connection.updatedAt),
		url: `https://connect.maton.ai/?session_token=${token}`,
		app: connection.app,
		method: connection.method,
		metadata: {},
	};
}

/** The same for the same name, so that documents made with the sandbox stay the same. */
function uuidOf(name: string): string {
	const digest = createHash('sha256').update(name).digest('hex');
	return digest.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/, '$1-$2-4$3-8$4-$5');
}

/** Maton's keys, and their connections from oldest to newest. */
export class Connections {
	private readonly rows: Connection[] = [];
	private started = 0;

	/**
	 * @param keys every valid Maton API key
	 * @param sameAs the keys that have the connections of another, by key
	 */
	constructor(
		private readonly keys: readonly string[],
		private readonly sameAs: Readonly<Partial<Record<string, string>>> = {},
		private readonly time = Date.now,
	) {}

	/** The key whose connections a request has, by its header; Maton's 401 where it is missing or wrong. */
	keyIn(authorization: string | undefined): string {
		const key = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1]?.trim();
		if (key === undefined) throw new MatonError(401, 'Missing Maton API key');
		if (!this.keys.includes(key)) throw new MatonError(401, 'Invalid Maton API key');
		return this.sameAs[key] ?? key;
	}

	/** The connections of a key, oldest first. */
	of(key: string): Connection[] {
		return this.rows.filter((connection) => connection.key === key);
	}

	/** One connection of a key; Maton's 404 where the key has none with this id. */
	get(key: string, id: string): Connection {
		const found = this.of(key).find((connection) => connection.id === id);
		if (found === undefined) throw new MatonError(404, `Connection ${id} not found`);
		return found;
	}

	/** Every Kit account that a connection opens, each once. */
	accounts(): Account[] {
		return [...new Set(this.rows.flatMap(({ account }) => account ?? []))];
	}

	/** Adds a connection, which is pending where nothing else is said. */
	add(
		about: Pick<Connection, 'id' | 'key' | 'app' | 'createdAt'> & Partial<Connection>,
	): Connection {
		const connection: Connection = {
			method: 'OAUTH2',
			updatedAt: about.createdAt,
			status: 'PENDING',
			account: null,
			defect: null,
			...about,
		};
		this.rows.push(connection);
		return connection;
	}

	/** Starts a connection, which is pending until someone authorises it. */
	start(key: string, app: string, method: ConnectionMethod): Connection {
		this.started += 1;
		const id = uuidOf(`connection ${String(this.started)}`);
		return this.add({ id, key, app, method, createdAt: this.time() });
	}

	/** Authorises a pending connection, as opening its `url` does. */
	authorize(id: string, account: Account): Connection {
		const found = this.rows.find((connection) => connection.id === id);
		if (found?.status !== 'PENDING') throw new MatonError(404, `No pending connection ${id}`);
		Object.assign(found, { status: 'ACTIVE', updatedAt: this.time(), account });
		return found;
	}

	/** Removes a connection of a key; Maton's 404 where there is none with this id. */
	remove(key: string, id: string): void {
		this.rows.splice(this.rows.indexOf(this.get(key, id)), 1);
	}

	/**
	 * The connection that a request to Kit goes through: the one that its header names, else the oldest active
	 * one; Maton's 400 where there is none, its 500 where it has expired.
	 */
	forKit(key: string, id: string | undefined): Connection & { account: Account } {
		const active = this.of(key).filter(({ app, status }) => app === 'kit' && status === 'ACTIVE');
		const found = id === undefined ? active[0] : active.find((one) => one.id === id);
		if (found === undefined) {
			const which = id === undefined ? 'connection' : `connection with id ${id}`;
			throw new MatonError(400, `No active kit ${which} found`);
		}
		const { account } = found;
		if (found.defect === 'expired' || account === null) {
			throw new MatonError(500, 'Internal Server Error');
		}
		return { ...found, account };
	}
}

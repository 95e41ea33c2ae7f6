import { createHash } from 'node:crypto';
import type { Account } from '../kit/account';
import { MatonError } from './errors';

/** One authorised, or not yet authorised, Kit of one Maton key. */
export interface Connection {
	readonly id: string;
	readonly key: string;
	/** How it is authorised, of what Maton documents; Kit lets an API key do less. */
	readonly method: 'OAUTH2' | 'API_KEY';
	readonly createdAt: number;
	status: 'ACTIVE' | 'PENDING';
	updatedAt: number;
	/** The Kit account it opens; null until it is authorised. */
	account: Account | null;
	/** What is wrong with it although it is active, if anything. */
	readonly defect: 'expired' | 'readOnly' | null;
}

/** RFC 3339 with microseconds, as in Maton's examples. */
function microseconds(moment: number): string {
	return new Date(moment).toISOString().replace('Z', '000Z');
}

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** A connection as Maton answers it. The `url` authorises it: its session token is a secret. */
export function connectionRow({ id, status, createdAt, updatedAt, method }: Connection) {
	return {
		connection_id: id,
		status,
		creation_time: microseconds(createdAt),
		last_updated_time: microseconds(updatedAt),
		url: `https://connect.maton.ai/?session_token=${digestOf(`session ${id}`)}`,
		app: 'kit',
		method,
		metadata: {},
	};
}

/** Maton's keys, and their connections from oldest to newest. */
export class Connections {
	private readonly rows: Connection[] = [];
	private started = 0;

	/** @param owners every valid Maton API key, with the key whose connections it has */
	constructor(
		private readonly owners: ReadonlyMap<string, string>,
		private readonly now = Date.now,
	) {}

	/** The key whose connections a request has, by its header; Maton's 401 where it is missing or wrong. */
	keyIn(authorization: string | undefined): string {
		const key = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1]?.trim();
		if (key === undefined) throw new MatonError(401, 'Missing Maton API key');
		const owner = this.owners.get(key);
		if (owner === undefined) throw new MatonError(401, 'Invalid Maton API key');
		return owner;
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

	/**
	 * Adds a connection, which is a new one that nobody has authorised where nothing else is said. Its id is the
	 * same at each start, so that documents made with the sandbox stay the same.
	 */
	add(about: Pick<Connection, 'key'> & Partial<Connection>): Connection {
		if (about.id === undefined) this.started += 1;
		const parts = /^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/;
		const createdAt = about.createdAt ?? this.now();
		const connection: Connection = {
			id: digestOf(`connection ${String(this.started)}`).replace(parts, '$1-$2-4$3-8$4-$5'),
			method: 'OAUTH2',
			createdAt,
			updatedAt: createdAt,
			status: 'PENDING',
			account: null,
			defect: null,
			...about,
		};
		this.rows.push(connection);
		return connection;
	}

	/** Authorises a pending connection, as opening its `url` does. */
	authorize(id: string, account: Account): Connection {
		const found = this.rows.find((connection) => connection.id === id);
		if (found?.status !== 'PENDING') throw new MatonError(404, `No pending connection ${id}`);
		return Object.assign(found, { status: 'ACTIVE', updatedAt: this.now(), account } as const);
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
		const active = this.of(key).filter(({ status }) => status === 'ACTIVE');
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

/** After five minutes Kit finds a subscriber by email address (Kit's documentation of consistency). */
const REMEMBERED_MS = 600_000;

const MOST_REMEMBERED = 10_000;

/**
 * The subscribers that this process saved lately. Kit finds them by their email address only after a
 * while, but by their ID at once. Times are milliseconds since 1970; the caller passes them in.
 */
export class RecentSubscribers {
	/** In the order in which they were saved, the oldest first */
	private readonly saved = new Map<string, { id: number; at: number; owner: string }>();

	/** The address of each of them, since who gets another has the one before no more */
	private readonly addresses = new Map<string, string>();

	/**
	 * @param account in which the subscriber is
	 * @param address as Kit compares addresses
	 */
	set(account: string, address: string, id: number, now: number): void {
		const key = keyOf(account, address);
		const owner = keyOf(account, String(id));
		const before = this.addresses.get(owner);
		if (before !== undefined) this.forget(before);
		this.forget(key);
		this.saved.set(key, { id, at: now, owner });
		this.addresses.set(owner, key);
		const [oldest] = this.saved.keys();
		if (this.saved.size > MOST_REMEMBERED && oldest !== undefined) this.forget(oldest);
	}

	/** @returns the id of the subscriber who was saved with this address lately, if there is one */
	get(account: string, address: string, now: number): number | undefined {
		const found = this.saved.get(keyOf(account, address));
		return found && now - found.at < REMEMBERED_MS ? found.id : undefined;
	}

	/** Forgets one whose id turned out to be gone, or to have another address now. */
	delete(account: string, address: string): void {
		this.forget(keyOf(account, address));
	}

	private forget(key: string): void {
		const { owner } = this.saved.get(key) ?? {};
		if (owner !== undefined) this.addresses.delete(owner);
		this.saved.delete(key);
	}
}

function keyOf(account: string, address: string): string {
	return JSON.stringify([account, address]);
}

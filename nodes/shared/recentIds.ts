/** After five minutes Kit's lists and lookups have what was written (Kit's documentation of consistency). */
const REMEMBERED_MS = 600_000;

const MOST_REMEMBERED = 10_000;

/**
 * The ids of what this process saved lately, such as subscribers by their email addresses. Kit finds them
 * by these only after a while, but by their ids at once. Times are milliseconds since 1970; the caller
 * passes them in.
 */
export class RecentIds {
	/** In the order in which they were saved, the oldest first */
	private readonly saved = new Map<string, { id: number; at: number; owner: string }>();

	/** What each id is called, since what gets another name has the one before no more */
	private readonly names = new Map<string, string>();

	/**
	 * @param account in which it is
	 * @param name as Kit compares names of its kind
	 */
	set(account: string, name: string, id: number, now: number): void {
		const key = keyOf(account, name);
		const owner = keyOf(account, String(id));
		const before = this.names.get(owner);
		if (before !== undefined) this.forget(before);
		this.forget(key);
		this.saved.set(key, { id, at: now, owner });
		this.names.set(owner, key);
		const [oldest] = this.saved.keys();
		if (this.saved.size > MOST_REMEMBERED && oldest !== undefined) this.forget(oldest);
	}

	/** @returns the id of what was saved with this name lately, if there is one */
	get(account: string, name: string, now: number): number | undefined {
		const found = this.saved.get(keyOf(account, name));
		return found && now - found.at < REMEMBERED_MS ? found.id : undefined;
	}

	/** Forgets one whose id turned out to be gone, or to have another name now. */
	delete(account: string, name: string): void {
		this.forget(keyOf(account, name));
	}

	private forget(key: string): void {
		const { owner } = this.saved.get(key) ?? {};
		if (owner !== undefined) this.names.delete(owner);
		this.saved.delete(key);
	}
}

function keyOf(account: string, name: string): string {
	return JSON.stringify([account, name]);
}

import { answer, isObject, KitError } from './route';
import type { Answer, Call } from './route';
import type { Account } from './account';

/** What reads although it is not a GET. */
const READS = ['POST /subscribers/filter'];

/**
 * What is current although it is a GET: rows by their id, what the account says about itself, webhooks, and
 * the tags of one subscriber, by Kit's documentation and the tests of its own PHP SDK.
 */
const CURRENT =
	/^GET (.*{(delivery_)?id}|\/account(\/colors|\/creator_profile)?|\/webhook.*|\/subscribers\/{subscriber_id}\/tags)$/;

const WEBHOOK_LISTS = ['GET /webhooks', 'GET /webhook_endpoints'];

/** Whether an operation, such as `POST /tags`, changes something. */
export function writes(operation: string): boolean {
	return !operation.startsWith('GET ') && !READS.includes(operation);
}

/** Whether an operation shows writes only after a while: lists, filters, reports, lookups by address. */
export function lags(operation: string, withWebhooks: boolean): boolean {
	if (withWebhooks && WEBHOOK_LISTS.includes(operation)) return true;
	return !writes(operation) && !CURRENT.test(operation);
}

/** A list before anything was in it. */
function emptied({ status, body = {} }: Answer): Answer {
	const entries = Object.entries(body).map(([key, value]: [string, unknown]) => {
		if (Array.isArray(value)) return [key, []];
		if (key !== 'pagination' || !isObject(value)) return [key, value];
		const none = { has_previous_page: false, has_next_page: false };
		return [key, { ...value, ...none, start_cursor: null, end_cursor: null }];
	});
	return answer(Object.fromEntries(entries) as object, status);
}

/** What accounts were like before each of their last writes. */
export class Lag {
	private readonly pasts = new WeakMap<Account, { readonly until: number; account: Account }[]>();

	/** Keeps what an account is like, before it is written to. */
	keep(account: Account): void {
		const pasts = this.pasts.get(account) ?? [];
		this.pasts.set(account, [...pasts, { until: account.now(), account: account.copy() }]);
	}

	/**
	 * Answers a read from what the account was like a while ago. What does not exist now is not found, and
	 * what did not exist then has empty lists.
	 */
	answer(call: Call, handle: (call: Call) => Answer, lagMs: number): Answer {
		const { account } = call;
		const current = handle(call);
		const seen = account.now() - lagMs;
		const pasts = (this.pasts.get(account) ?? []).filter(({ until }) => until > seen);
		this.pasts.set(account, pasts);
		const past = pasts[0];
		if (past === undefined) return current;
		try {
			return handle({ ...call, account: past.account });
		} catch (error) {
			if (error instanceof KitError && error.status === 404) return emptied(current);
			throw error;
		}
	}
}

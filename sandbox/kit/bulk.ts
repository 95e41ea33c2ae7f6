import type { Account } from './account';
import { createCustomField } from './customFields';
import { iso } from './dates';
import { addToForm, createTag, formAddition, tagRow } from './members';
import type { Call, Operations } from './route';
import { answer, invalid, isObject, KitError } from './route';
import { byId, without } from './rows';
import { AFTERWARDS, basicsOf, setFields, upsert } from './subscribers';
import type { SentSubscriber } from './subscribers';

/** Up to this many entries are handled at once; more are queued. */
const MOST_AT_ONCE = 100;

type Row = Readonly<Record<string, unknown>>;
type Rows = readonly { readonly id: number }[];

/** One bulk endpoint, and what its entries are. */
interface Bulk<T> {
	/** The key of the entries in the request. */
	readonly entries: string;
	/** The key of the successes in the answer; none where it has failures only. */
	readonly results?: string;
	/** The key of the entry in a failure. */
	readonly entry: string;
	/** Does one entry and answers its result, or throws Kit's sentence about it. */
	readonly run: (account: Account, sent: T) => object;
	/** The entry as a failure names it, null for what does not exist; as it was sent without this. */
	readonly named?: (account: Account, sent: T) => object;
	/**
	 * Asked before the entries are done, puts the results into Kit's order, which is not that of the
	 * request; they are turned round where this is left out.
	 */
	readonly order?: (account: Account) => (results: Row[]) => Row[];
}

/** As in Kit's examples: what is new as it came, and before or after it what was there, turned round. */
const byAge = (rows: (account: Account) => Rows, first: 'old' | 'new') => (account: Account) => {
	const last = rows(account).at(-1)?.id ?? 0;
	return (results: Row[]) => {
		const added = results.filter(({ id }) => Number(id) > last);
		const old = results.filter(({ id }) => Number(id) <= last).reverse();
		return first === 'old' ? [...old, ...added] : [...added, ...old];
	};
};

function runAll<T>(
	{ account, flaws }: Call,
	{ entries, results, entry, run, named, order }: Bulk<T>,
	sent: ReadonlyMap<number, T>,
): object {
	const ordered = order?.(account) ?? ((rows: Row[]) => rows.reverse());
	const done: Row[] = [];
	const failures: object[] = [];
	for (const [index, one] of sent) {
		const place = `/${entries}/${String(index)}/`;
		const wrong = flaws.filter((flaw) => flaw.place.startsWith(place));
		try {
			if (wrong.length > 0) throw invalid(...wrong.map(({ sentence }) => sentence));
			done.push({ ...run(account, one) });
		} catch (error) {
			if (!(error instanceof KitError)) throw error;
			failures.push({ errors: error.sentences, [entry]: named?.(account, one) ?? one });
		}
	}
	const failed = { failures: failures.reverse() };
	return results === undefined ? failed : { [results]: ordered(done), ...failed };
}

/** Posts the results of a queued request to its `callback_url`; Kit promises no second try. */
function report(url: string, results: object): void {
	const headers = { 'content-type': 'application/json' };
	const request = { method: 'POST', headers, body: JSON.stringify(results) };
	fetch(url, request).catch(() => undefined);
}

/** Handles a bulk request at once (200), or queues a large one (202 and an empty object). */
function handler<T>(bulk: Bulk<T>): Operations[string] {
	return (
		call: Call<Readonly<Record<string, readonly unknown[]>> & { callback_url?: string | null }>,
	) => {
		// Blank entries count as none: Kit's own PHP SDK expects a list of one to be refused.
		const entries = new Map(
			[...(call.body[bulk.entries] ?? []).entries()].filter(
				(entry): entry is [number, T] => isObject(entry[1]) && Object.keys(entry[1]).length > 0,
			),
		);
		if (entries.size === 0) {
			throw invalid(`No ${bulk.entries.replaceAll('_', ' ')} included for processing`);
		}
		if (entries.size <= MOST_AT_ONCE) return answer(runAll(call, bulk, entries));
		setTimeout(() => {
			const results = runAll(call, bulk, entries);
			if (typeof call.body.callback_url === 'string') report(call.body.callback_url, results);
		}, AFTERWARDS).unref();
		return answer({}, 202);
	};
}

/** The row that an entry names by its id; the sentence of Kit's examples where there is none. */
function required<T extends { readonly id: number }>(
	rows: readonly T[],
	id: number | null,
	what: string,
): T {
	const found = byId(rows, id);
	if (found === undefined) throw invalid(`${what} does not exist`);
	return found;
}

/** An id as a failure names it: null where nothing has it, by Kit's examples. */
function idOrNull(rows: Rows, id: number | null): number | null {
	return byId(rows, id)?.id ?? null;
}

interface SentTagging {
	tag_id: number | null;
	subscriber_id: number | null;
}

const TAGGINGS = {
	entries: 'taggings',
	entry: 'tagging',
	named: ({ subscribers, tags }: Account, { tag_id, subscriber_id }: SentTagging) => ({
		tag_id: idOrNull(tags, tag_id),
		subscriber_id: idOrNull(subscribers, subscriber_id),
	}),
};

const taggingOf = ({ subscribers, tags }: Account, { tag_id, subscriber_id }: SentTagging) => ({
	subscriber: required(subscribers, subscriber_id, 'Subscriber'),
	tag: required(tags, tag_id, 'Tag'),
});

/** Kit's bulk endpoints. */
export const bulkOperations: Operations = {
	'POST /bulk/subscribers': handler<SentSubscriber>({
		entries: 'subscribers',
		results: 'subscribers',
		entry: 'subscriber',
		run: (account, sent) => basicsOf(upsert(account, sent).subscriber),
		named: (_account, { first_name, email_address, state }) => ({
			first_name: first_name ?? null,
			email_address: email_address ?? null,
			state: state ?? 'active',
			created_at: null,
		}),
		order: byAge(({ subscribers }) => subscribers, 'new'),
	}),
	'POST /bulk/tags': handler<{ name: string }>({
		entries: 'tags',
		results: 'tags',
		entry: 'tag',
		run: (account, { name }) => tagRow(createTag(account, name).tag),
		order: byAge(({ tags }) => tags, 'old'),
	}),
	'DELETE /bulk/tags': handler<{ id: number }>({
		entries: 'tags',
		entry: 'tag',
		run: (account, { id }) => {
			account.removeTag(required(account.tags, id, 'Tag'));
			return {};
		},
	}),
	'POST /bulk/tags/subscribers': handler<SentTagging>({
		...TAGGINGS,
		results: 'subscribers',
		run: (account, sent) => {
			const { subscriber, tag } = taggingOf(account, sent);
			const tagging =
				subscriber.taggings.find((one) => one.tag === tag) ?? account.addTagging(tag, subscriber);
			return { ...without(basicsOf(subscriber), 'state'), tagged_at: iso(tagging.at) };
		},
	}),
	'DELETE /bulk/tags/subscribers': handler<SentTagging>({
		...TAGGINGS,
		run: (account, sent) => {
			const { subscriber, tag } = taggingOf(account, sent);
			account.removeTagging(tag, subscriber);
			return {};
		},
	}),
	'POST /bulk/forms/subscribers': handler<{
		form_id: number | null;
		subscriber_id: number | null;
		referrer?: string;
	}>({
		entries: 'additions',
		results: 'subscribers',
		entry: 'subscription',
		run: (account, { form_id, subscriber_id, referrer }) => {
			const subscriber = required(account.subscribers, subscriber_id, 'Subscriber');
			const form = required(account.forms, form_id, 'Form');
			const member = addToForm(account, form, subscriber, referrer);
			return { ...without(basicsOf(subscriber), 'state'), ...formAddition(member) };
		},
		named: ({ forms, subscribers }, { form_id, subscriber_id, referrer = null }) => ({
			form_id: idOrNull(forms, form_id),
			subscriber_id: idOrNull(subscribers, subscriber_id),
			referrer,
		}),
	}),
	'POST /bulk/custom_fields': handler<{ label: string }>({
		entries: 'custom_fields',
		results: 'custom_fields',
		entry: 'custom_field',
		run: (account, { label }) => createCustomField(account, label).field,
		// By the alphabet in Kit's example.
		order: () => (results) =>
			results.sort((a, b) => String(a.label).localeCompare(String(b.label))),
	}),
	'POST /bulk/custom_fields/subscribers': handler<{
		subscriber_id: number | null;
		subscriber_custom_field_id: number;
		value: string;
	}>({
		entries: 'custom_field_values',
		results: 'custom_field_values',
		entry: 'custom_field_value',
		run: (account, { subscriber_id, subscriber_custom_field_id: fieldId, value }) => {
			const subscriber = required(account.subscribers, subscriber_id, 'Subscriber');
			const field = required(account.customFields, fieldId, 'Custom field');
			setFields(account, subscriber, new Map([[field.id, value]]));
			return { subscriber_id: subscriber.id, subscriber_custom_field_id: field.id, value };
		},
		// Unlike the others Kit's example names a custom field that does not exist as it was sent.
		named: ({ subscribers }, sent) => ({
			...sent,
			subscriber_id: idOrNull(subscribers, sent.subscriber_id),
		}),
	}),
};

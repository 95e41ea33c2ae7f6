import type { Answer, Call, Route } from './route';
import { answer, arrayOf, invalid, KitError, objectOf, textOf } from './route';
import { createCustomField, customFieldRow } from './customFields';
import { iso } from './dates';
import { addToForm } from './forms';
import { addition, referral } from './memberLists';
import { byId } from './state';
import type { Account } from './state';
import { bulkSubscriber } from './subscriberRows';
import { AFTERWARDS, setFields, upsert } from './subscribers';
import { createTag, tagRow } from './tags';

/** Up to this many entries are handled at once; more are queued. */
const MOST_AT_ONCE = 100;

type Sent = Readonly<Record<string, unknown>>;

/** One bulk endpoint. */
interface Bulk {
	/** The key of the entries in the request. */
	readonly entries: string;
	/** The key of the successes in the answer; none where it has failures only. */
	readonly results?: string;
	/** The key of the entry in a failure. */
	readonly entry: string;
	/** Does one entry and answers its result, or throws Kit's sentence about it. */
	readonly run: (account: Account, sent: Sent) => object;
	/** The entry as a failure names it, null for what does not exist; as it was sent without this. */
	readonly named?: (account: Account, sent: Sent) => object;
	/**
	 * Asked before the entries are done, puts the results into Kit's order, which is not that of the
	 * request; they are turned round where this is left out.
	 */
	readonly order?: (account: Account) => (results: object[]) => object[];
}

/** Sorts out the results of what is there already, turned round, and of what is new, as they came. */
function sortOut(rows: readonly { readonly id: number }[]) {
	const last = rows.at(-1)?.id ?? 0;
	const isOld = (row: object) => 'id' in row && Number(row.id) <= last;
	return (results: object[]) => ({
		old: results.filter(isOld).reverse(),
		created: results.filter((row) => !isOld(row)),
	});
}

function runAll(account: Account, bulk: Bulk, entries: readonly unknown[]): object {
	const order = bulk.order?.(account) ?? ((rows: object[]) => rows.reverse());
	const results: object[] = [];
	const failures: object[] = [];
	for (const entry of entries) {
		const sent = objectOf(entry);
		try {
			results.push(bulk.run(account, sent));
		} catch (error) {
			if (!(error instanceof KitError)) throw error;
			const named = bulk.named?.(account, sent) ?? sent;
			failures.push({ errors: error.sentences, [bulk.entry]: named });
		}
	}
	return {
		...(bulk.results !== undefined && { [bulk.results]: order(results) }),
		failures: failures.reverse(),
	};
}

/** Whether an entry says nothing at all, such as `[]` or `{}`. */
function isBlank(entry: unknown): boolean {
	return entry === null || (typeof entry === 'object' && Object.keys(entry).length === 0);
}

/** Posts the results of a queued request to its `callback_url`; Kit promises no second try. */
function report(url: string, results: object): void {
	const request = {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(results),
	};
	fetch(url, request).catch(() => undefined);
}

/** Handles a bulk request at once (200), or queues a large one (202 and an empty object). */
function handleBulk({ account, body }: Call, bulk: Bulk): Answer {
	// Blank entries count as none: Kit's own PHP SDK expects a list of one to be refused.
	const entries = (arrayOf(body[bulk.entries]) ?? []).filter((entry) => !isBlank(entry));
	if (entries.length === 0) {
		throw invalid(`No ${bulk.entries.replaceAll('_', ' ')} included for processing`);
	}
	if (entries.length <= MOST_AT_ONCE) return answer(runAll(account, bulk, entries));
	const url = textOf(body.callback_url);
	setTimeout(() => {
		const results = runAll(account, bulk, entries);
		if (url !== undefined) report(url, results);
	}, AFTERWARDS).unref();
	return answer({}, 202);
}

/** The row that an entry names by its id; the sentence of Kit's examples where there is none. */
function existing<T extends { readonly id: number }>(
	rows: readonly T[],
	id: unknown,
	what: string,
): T {
	const found = id === null ? undefined : byId(rows, Number(id));
	if (found === undefined) throw invalid(`${what} does not exist`);
	return found;
}

/** An id as a failure names it: null where nothing has it, by Kit's examples. */
function idOrNull(rows: readonly { readonly id: number }[], id: unknown): number | null {
	return byId(rows, Number(id))?.id ?? null;
}

function taggingIn(account: Account, sent: Sent) {
	return {
		subscriber: existing(account.subscribers, sent.subscriber_id, 'Subscriber'),
		tag: existing(account.tags, sent.tag_id, 'Tag'),
	};
}

function namedTagging({ subscribers, tags }: Account, sent: Sent) {
	return {
		tag_id: idOrNull(tags, sent.tag_id),
		subscriber_id: idOrNull(subscribers, sent.subscriber_id),
	};
}

const createSubscribers: Bulk = {
	entries: 'subscribers',
	results: 'subscribers',
	entry: 'subscriber',
	run: (account, sent) => bulkSubscriber(upsert(account, sent).subscriber),
	named: (_account, sent) => ({
		first_name: textOf(sent.first_name) ?? null,
		email_address: textOf(sent.email_address) ?? null,
		state: textOf(sent.state) ?? 'active',
		created_at: null,
	}),
	// In Kit's example the new ones stand before the one that was there.
	order: ({ subscribers }) => {
		const sorted = sortOut(subscribers);
		return (results) => [...sorted(results).created, ...sorted(results).old];
	},
};

const createTags: Bulk = {
	entries: 'tags',
	results: 'tags',
	entry: 'tag',
	run: (account, { name }) => tagRow(createTag(account, name).tag),
	// In Kit's example the one that was there stands first; its PHP SDK expects two turned round.
	order: ({ tags }) => {
		const sorted = sortOut(tags);
		return (results) => [...sorted(results).old, ...sorted(results).created];
	},
};

const deleteTags: Bulk = {
	entries: 'tags',
	entry: 'tag',
	run: (account, { id }) => {
		const tag = existing(account.tags, id, 'Tag');
		account.removeTag(tag);
		return tag;
	},
};

const tagSubscribers: Bulk = {
	entries: 'taggings',
	results: 'subscribers',
	entry: 'tagging',
	run: (account, sent) => {
		const { subscriber, tag } = taggingIn(account, sent);
		const tagging =
			subscriber.taggings.find((one) => one.tag === tag) ?? account.addTagging(tag, subscriber);
		const { id, first_name, email_address, created_at } = bulkSubscriber(subscriber);
		return { id, first_name, email_address, created_at, tagged_at: iso(tagging.at) };
	},
	named: namedTagging,
};

const untagSubscribers: Bulk = {
	entries: 'taggings',
	entry: 'tagging',
	run: (account, sent) => {
		const { subscriber, tag } = taggingIn(account, sent);
		account.removeTagging(tag, subscriber);
		return {};
	},
	named: namedTagging,
};

const addToForms: Bulk = {
	entries: 'additions',
	results: 'subscribers',
	entry: 'subscription',
	run: (account, { form_id, subscriber_id, referrer }) => {
		const subscriber = existing(account.subscribers, subscriber_id, 'Subscriber');
		const form = existing(account.forms, form_id, 'Form');
		const { member } = addToForm(account, form, subscriber, referrer);
		const { id, first_name, email_address, created_at } = bulkSubscriber(subscriber);
		const person = { id, first_name, email_address, created_at };
		return { ...person, ...addition(member), ...referral(member) };
	},
	named: ({ forms, subscribers }, { form_id, subscriber_id, referrer }) => ({
		form_id: idOrNull(forms, form_id),
		subscriber_id: idOrNull(subscribers, subscriber_id),
		referrer: textOf(referrer) ?? null,
	}),
};

function labelOf(row: object): string {
	return 'label' in row ? String(row.label) : '';
}

const createCustomFields: Bulk = {
	entries: 'custom_fields',
	results: 'custom_fields',
	entry: 'custom_field',
	run: (account, { label }) => {
		const { field } = createCustomField(account, label);
		return { ...customFieldRow(field), created_at: iso(field.createdAt) };
	},
	// By the alphabet in Kit's example.
	order: () => (results) => results.sort((a, b) => labelOf(a).localeCompare(labelOf(b))),
};

const setValues: Bulk = {
	entries: 'custom_field_values',
	results: 'custom_field_values',
	entry: 'custom_field_value',
	run: (account, sent) => {
		const subscriber = existing(account.subscribers, sent.subscriber_id, 'Subscriber');
		const field = existing(account.customFields, sent.subscriber_custom_field_id, 'Custom field');
		const value = textOf(sent.value) ?? '';
		setFields(account, subscriber, new Map([[field.id, value]]));
		return { subscriber_id: subscriber.id, subscriber_custom_field_id: field.id, value };
	},
	// Unlike the others Kit's example names a custom field that does not exist as it was sent.
	named: ({ subscribers }, sent) => ({
		...sent,
		subscriber_id: idOrNull(subscribers, sent.subscriber_id),
	}),
};

function route(method: 'POST' | 'DELETE', path: string, bulk: Bulk): Route {
	return { method, path: `/bulk${path}`, handle: (call) => handleBulk(call, bulk) };
}

/** Kit's bulk endpoints. */
export const bulkRoutes: readonly Route[] = [
	route('POST', '/subscribers', createSubscribers),
	route('POST', '/tags', createTags),
	route('DELETE', '/tags', deleteTags),
	route('POST', '/tags/subscribers', tagSubscribers),
	route('DELETE', '/tags/subscribers', untagSubscribers),
	route('POST', '/forms/subscribers', addToForms),
	route('POST', '/custom_fields', createCustomFields),
	route('POST', '/custom_fields/subscribers', setValues),
];

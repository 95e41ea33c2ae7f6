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
	/** The entry as a failure names it; as it was sent where this is left out. */
	readonly named?: (sent: Sent) => object;
}

function runAll(account: Account, bulk: Bulk, entries: readonly unknown[]): object {
	const results: object[] = [];
	const failures: object[] = [];
	for (const entry of entries) {
		const sent = objectOf(entry);
		try {
			results.push(bulk.run(account, sent));
		} catch (error) {
			if (!(error instanceof KitError)) throw error;
			failures.push({ errors: error.sentences, [bulk.entry]: bulk.named?.(sent) ?? sent });
		}
	}
	return { ...(bulk.results !== undefined && { [bulk.results]: results }), failures };
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
	const entries = arrayOf(body[bulk.entries]) ?? [];
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

function taggingIn(account: Account, sent: Sent) {
	return {
		subscriber: existing(account.subscribers, sent.subscriber_id, 'Subscriber'),
		tag: existing(account.tags, sent.tag_id, 'Tag'),
	};
}

const createSubscribers: Bulk = {
	entries: 'subscribers',
	results: 'subscribers',
	entry: 'subscriber',
	run: (account, sent) => bulkSubscriber(upsert(account, sent).subscriber),
	named: (sent) => ({
		first_name: textOf(sent.first_name) ?? null,
		email_address: textOf(sent.email_address) ?? null,
		state: textOf(sent.state) ?? 'active',
		created_at: null,
	}),
};

const createTags: Bulk = {
	entries: 'tags',
	results: 'tags',
	entry: 'tag',
	run: (account, { name }) => tagRow(createTag(account, name).tag),
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
};

const untagSubscribers: Bulk = {
	entries: 'taggings',
	entry: 'tagging',
	run: (account, sent) => {
		const { subscriber, tag } = taggingIn(account, sent);
		account.removeTagging(tag, subscriber);
		return {};
	},
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
	named: ({ form_id, subscriber_id, referrer }) => ({
		form_id: form_id ?? null,
		subscriber_id: subscriber_id ?? null,
		referrer: textOf(referrer) ?? null,
	}),
};

const createCustomFields: Bulk = {
	entries: 'custom_fields',
	results: 'custom_fields',
	entry: 'custom_field',
	run: (account, { label }) => {
		const { field } = createCustomField(account, label);
		return { ...customFieldRow(field), created_at: iso(field.createdAt) };
	},
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

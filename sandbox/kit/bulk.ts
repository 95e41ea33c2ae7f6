import type { Account } from './account';
import { createCustomField } from './customFields';
import { iso } from './dates';
import { createTag, formAddition } from './members';
import type { Answer, Call, Operations } from './route';
import { answer, invalid, isObject, KitError } from './route';
import { byId, without } from './rows';
import type { Row, Subscriber } from './rows';
import { AFTERWARDS, basicsOf, setFields, upsert } from './subscribers';
import type { SentSubscriber } from './subscribers';

/** Up to this many entries are handled at once; more are queued. */
const MOST_AT_ONCE = 100;

type Values = Readonly<Record<string, unknown>>;

/** One bulk endpoint, and what its entries are. */
interface Bulk<T> {
	/** The key of the entries in the request. */
	readonly entries: string;
	/** The key of the successes in the answer; none where it has failures only. */
	readonly results?: string;
	/** The key of the entry in a failure, where it is not that of the entries without the last letter. */
	readonly entry?: string;
	/** What a failure says of an entry that does not say it. */
	readonly blank?: Values;
	/** Does one entry and answers its result, and whether that is new; throws Kit's sentence about it. */
	readonly run: (account: Account, sent: T) => { row: Values; isNew?: boolean };
	/** Puts together what was there, turned round as in Kit's examples, and what is new, which comes last. */
	readonly order?: (there: Values[], added: Values[]) => Values[];
}

/** An entry as a failure names it, by Kit's examples: null for what does not exist. */
function named(account: Account, sent: Values, blank: Values): Values {
	const entries = Object.entries({ ...blank, ...sent }).map(([key, value]) => {
		return [key, account.has(key, value) ? (value ?? blank[key] ?? null) : null];
	});
	return Object.fromEntries(entries) as Values;
}

function runAll<T extends Values>(
	{ account, flaws }: Call,
	{ entries, results, entry = entries.slice(0, -1), blank = {}, run, order }: Bulk<T>,
	sent: ReadonlyMap<number, T>,
): object {
	const added: Values[] = [];
	const there: Values[] = [];
	const failures: object[] = [];
	for (const [index, one] of sent) {
		const place = `/${entries}/${String(index)}/`;
		const wrong = flaws.filter((flaw) => flaw.place.startsWith(place));
		try {
			if (wrong.length > 0) throw invalid(...wrong.map(({ sentence }) => sentence));
			const { row, isNew = false } = run(account, one);
			if (isNew) added.push(row);
			else there.unshift(row);
		} catch (error) {
			if (!(error instanceof KitError)) throw error;
			failures.unshift({ errors: error.sentences, [entry]: named(account, one, blank) });
		}
	}
	const rows = order?.(there, added) ?? [...there, ...added];
	return { ...(results !== undefined && { [results]: rows }), failures };
}

/** Handles a bulk request at once (200), or queues a large one (202 and an empty object), and calls nobody back. */
function handler<T extends Values>(bulk: Bulk<T>): Operations[string] {
	return (call: Call<Readonly<Record<string, readonly unknown[]>>>): Answer => {
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
			runAll(call, bulk, entries);
		}, AFTERWARDS).unref();
		return answer({}, 202);
	};
}

/** The row that an entry names by its id; the sentence of Kit's examples where there is none. */
function required<T extends Row>(rows: readonly T[], id: unknown, what: string): T {
	const found = byId(rows, Number(id));
	if (found === undefined) throw invalid(`${what} does not exist`);
	return found;
}

const taggingOf = ({ subscribers, tags }: Account, { tag_id, subscriber_id }: Values) => ({
	subscriber: required(subscribers, subscriber_id, 'Subscriber'),
	tag: required(tags, tag_id, 'Tag'),
});

const bare = (subscriber: Subscriber) => without(basicsOf(subscriber), 'state');

/** Kit's bulk endpoints. */
export const bulkOperations: Operations = {
	'POST /bulk/subscribers': handler<SentSubscriber & Values>({
		entries: 'subscribers',
		results: 'subscribers',
		blank: { first_name: null, email_address: null, state: 'active', created_at: null },
		run: (account, sent) => {
			const { subscriber, isNew } = upsert(account, sent);
			return { row: basicsOf(subscriber), isNew };
		},
		order: (there, added) => [...added, ...there],
	}),
	'POST /bulk/tags': handler<{ name: string }>({
		entries: 'tags',
		results: 'tags',
		run: (account, { name }) => {
			const { tag, isNew } = createTag(account, name);
			return { row: { ...tag }, isNew };
		},
	}),
	'DELETE /bulk/tags': handler<{ id: number }>({
		entries: 'tags',
		run: (account, { id }) => {
			account.remove('tags', required(account.tags, id, 'Tag'));
			return { row: {} };
		},
	}),
	'POST /bulk/tags/subscribers': handler({
		entries: 'taggings',
		results: 'subscribers',
		run: (account, sent) => {
			const { subscriber, tag } = taggingOf(account, sent);
			const { at } = account.join('tag', tag, subscriber);
			return { row: { ...bare(subscriber), tagged_at: iso(at) } };
		},
	}),
	'DELETE /bulk/tags/subscribers': handler({
		entries: 'taggings',
		run: (account, sent) => {
			const { subscriber, tag } = taggingOf(account, sent);
			account.untag(tag, subscriber);
			return { row: {} };
		},
	}),
	'POST /bulk/forms/subscribers': handler<Values & { referrer?: string }>({
		entries: 'additions',
		results: 'subscribers',
		entry: 'subscription',
		blank: { referrer: null },
		run: (account, { form_id, subscriber_id, referrer }) => {
			const subscriber = required(account.subscribers, subscriber_id, 'Subscriber');
			const form = required(account.forms, form_id, 'Form');
			const member = account.join('form', form, subscriber, referrer);
			return { row: { ...bare(subscriber), ...formAddition(member) } };
		},
	}),
	'POST /bulk/custom_fields': handler<{ label: string }>({
		entries: 'custom_fields',
		results: 'custom_fields',
		run: (account, { label }) => ({ row: { ...createCustomField(account, label).custom_field } }),
		// By the alphabet in Kit's example.
		order: (there) => there.sort((a, b) => String(a.label).localeCompare(String(b.label))),
	}),
	// Kit's example names a custom field that does not exist as it was sent.
	'POST /bulk/custom_fields/subscribers': handler<Values & { value: string }>({
		entries: 'custom_field_values',
		results: 'custom_field_values',
		run: (account, { subscriber_id, subscriber_custom_field_id: fieldId, value }) => {
			const subscriber = required(account.subscribers, subscriber_id, 'Subscriber');
			const field = required(account.custom_fields, fieldId, 'Custom field');
			setFields(account, subscriber, new Map([[field.id, value]]));
			return {
				row: { subscriber_id: subscriber.id, subscriber_custom_field_id: field.id, value },
			};
		},
	}),
};

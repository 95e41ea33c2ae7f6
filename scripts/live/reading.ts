import type { IDataObject, INodeParameters, INodeProperties } from 'n8n-workflow';
import type { DescribedOperation } from '../docs/description';
import { describedResources } from '../docs/description';
import { toText } from '../../nodes/shared/fields/parsers';
import type { LiveCheck } from './check';

/** Where an id is from. */
interface Source {
	/** The list that has it */
	list: string;
	/** What it is of, in words */
	what: string;
	/** Its name in a row; `id` if left out */
	id?: string;
	/** What rather has something to read */
	prefers?: (row: IDataObject) => boolean;
	/** Whether no other row will do */
	only?: boolean;
}

const BROADCAST: Source = {
	list: 'broadcast.getAll',
	what: 'broadcast',
	prefers: ({ status }) => status === 'completed',
};

const SENT: Source = { ...BROADCAST, what: 'broadcast that was sent', only: true };

/** By the name in the path of a request, or by that and the operation. */
const SOURCES: Readonly<Record<string, Source>> = {
	broadcast_id: BROADCAST,
	'broadcast.getClicks broadcast_id': SENT,
	'broadcast.getStats broadcast_id': SENT,
	connection_id: {
		list: 'connection.getAll',
		what: 'connection',
		id: 'connection_id',
		prefers: ({ status }) => status === 'ACTIVE',
	},
	delivery_id: { list: 'webhookEndpoint.getDeliveries', what: 'delivery' },
	form_id: { list: 'form.getAll', what: 'form' },
	post_id: { list: 'post.getAll', what: 'post' },
	purchase_id: { list: 'purchase.getAll', what: 'purchase' },
	sequence_email_id: { list: 'sequenceEmail.getAll', what: 'email of the sequence' },
	sequence_id: {
		list: 'sequence.getAll',
		what: 'sequence',
		prefers: ({ active }) => active === true,
	},
	snippet_id: { list: 'snippet.getAll', what: 'snippet' },
	subscriber_id: { list: 'subscriber.getAll', what: 'subscriber' },
	tag_id: { list: 'tag.getAll', what: 'tag' },
	webhook_endpoint_id: { list: 'webhookEndpoint.getAll', what: 'webhook endpoint' },
};

const ACTIVE = { condition: [{ type: 'subscriber_state', states: ['active'] }] };
const WITH_STATS = { options: { includeStats: true } };
const WITH_CONTENT = { options: { includeContent: true } };
const WITH_COUNT = { options: { includeSubscriberCount: true } };
const INCLUDED = ['attribution', 'location', 'tags'];

/** With which fields an operation is run besides, where they change what Kit answers. */
const FURTHER: Readonly<Record<string, INodeParameters[]>> = {
	'broadcast.getAll': [{ options: { slim: true } }],
	'form.getAll': [WITH_COUNT],
	'post.getAll': [WITH_CONTENT],
	'sequence.get': [WITH_STATS],
	'sequence.getAll': [WITH_STATS],
	'sequenceEmail.get': [WITH_STATS],
	'sequenceEmail.getAll': [{ options: { includeContent: true, includeStats: true } }],
	'snippet.getAll': [WITH_CONTENT],
	'subscriber.filter': [
		{ options: { include: [...INCLUDED, 'canceled_at', 'custom_fields', 'stats'] } },
	],
	'subscriber.getAll': [
		{ options: { include: INCLUDED } },
		{ options: { slim: true } },
		{ filters: { status: 'cancelled' }, options: { include: ['canceled_at'] } },
		{ options: { onlyCount: true } },
	],
	'tag.getAll': [WITH_COUNT],
};

/** What an account need not have. */
const MAY_BE_ABSENT: Readonly<Record<string, string>> = {
	'account.getCreatorProfile': 'no creator profile in this account',
};

const namesIn = ({ request }: DescribedOperation) =>
	[...request.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

/** `tag_id` is the field `tagId`. */
const fieldFor = (name: string, { fields }: DescribedOperation): INodeProperties | undefined => {
	const camel = name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
	return fields.find((field) => field.name === camel);
};

/** How many ids from lists an operation needs. */
const needs = (operation: DescribedOperation) =>
	operation.key === 'subscriber.export' ? 1 : namesIn(operation).length;

/** @returns every operation of the built node that only reads, those first that need nothing */
function readingOperations(): DescribedOperation[] {
	return describedResources()
		.flatMap(({ operations }) => operations)
		.filter(({ key, request }) => request.startsWith('GET ') || key === 'subscriber.filter')
		.sort((one, other) => needs(one) - needs(other));
}

/** The rows that lists have given, by the operation. */
type Lists = Map<string, IDataObject[]>;

/** @returns the fields for the ids of an operation, or what the account does not have */
function idsFor(operation: DescribedOperation, lists: Lists): INodeParameters | string {
	const parameters: INodeParameters = {};
	for (const name of namesIn(operation)) {
		const source = SOURCES[`${operation.key} ${name}`] ?? SOURCES[name];
		const field = fieldFor(name, operation);
		if (!source || !field) throw new Error(`${operation.key} needs a ${name}, which is nowhere`);
		const { prefers = () => true, id = 'id' } = source;
		const rows = lists.get(source.list);
		if (!rows) return `${source.list} gave none`;
		const row = rows.find(prefers) ?? (source.only ? undefined : rows[0]);
		if (row === undefined) return `no ${source.what} in this account`;
		const value = toText(row[id]);
		parameters[field.name] =
			field.type === 'resourceLocator' ? { __rl: true, mode: 'id', value } : value;
	}
	return parameters;
}

/** What an operation cannot do without besides ids. */
function othersFor({ key }: DescribedOperation, lists: Lists): INodeParameters | string {
	if (key === 'subscriber.filter') return { conditions: ACTIVE };
	if (key === 'subscriber.hasTag') {
		const [tag] = lists.get('tag.getAll') ?? [];
		const tagId = { __rl: true, mode: 'id', value: toText(tag?.id) };
		return tag === undefined ? 'no tag in this account' : { tagId };
	}
	if (key !== 'subscriber.export') return {};
	const [someone] = lists.get('subscriber.getAll') ?? [];
	// One person, because an account may have a million.
	const emailAddress = someone?.email_address as string | undefined;
	return emailAddress === undefined
		? 'no subscriber in this account'
		: { filters: { emailAddress } };
}

/**
 * Runs every operation that only reads, with what the account has.
 * @param check that runs and judges
 */
export async function readEverything(check: LiveCheck): Promise<void> {
	const lists: Lists = new Map();
	for (const operation of readingOperations()) {
		const { key } = operation;
		const ids = idsFor(operation, lists);
		const others = othersFor(operation, lists);
		if (typeof ids === 'string' || typeof others === 'string') {
			check.skip(key, [ids, others].filter((absent) => typeof absent === 'string').join(', '));
			continue;
		}
		const { items, status, succeeded } = await check.run(key, { ...ids, ...others });
		if (succeeded) lists.set(key, items);
		if (status === 404) {
			const absent = MAY_BE_ABSENT[key];
			if (absent === undefined) check.differs(key, `${key} 404: not there although Kit listed it`);
			else check.skip(key, absent);
		}
		if (!succeeded) continue;
		for (const further of FURTHER[key] ?? []) {
			await check.run(key, { ...ids, ...others, ...further });
		}
	}
}

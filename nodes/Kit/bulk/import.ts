import type { IDataObject, IExecutePaginationFunctions } from 'n8n-workflow';
import type { Answer } from '../answers';
import { asText } from '../fields/checks';
import type { BulkItem } from './answer';
import { entryOf, inChunks } from './answer';
import type { EntryKind } from './entries';
import { NEW_SUBSCRIBER, NEW_TAG, TAGGING, VALUE } from './entries';
import { Ids } from './ids';
import type { BulkRequest, Sendable } from './send';
import { sendEntries, Told } from './send';
import type { Verdict } from './verdicts';

const SUBSCRIBERS: BulkRequest = { method: 'POST', url: '/kit/v4/bulk/subscribers' };
const VALUES: BulkRequest = { method: 'POST', url: '/kit/v4/bulk/custom_fields/subscribers' };
const TAGS: BulkRequest = { method: 'POST', url: '/kit/v4/bulk/tags' };
const TAGGINGS: BulkRequest = { method: 'POST', url: '/kit/v4/bulk/tags/subscribers' };

/**
 * Creates or updates subscribers, then sets their custom fields, then adds their tags: three bulk
 * requests for 100 people with one of each.
 */
export function importSubscribers(): Answer {
	return inChunks(() => {
		const run = new Import();
		return async (items) => await run.send(items);
	});
}

/** A person as an item describes them, and what becomes of it. */
interface Person extends Sendable {
	item: BulkItem;
	/** Values by the key of their custom field */
	fields: IDataObject;
	/** Names or ids */
	tags: string[];
	mayCreateTags: boolean;
	/** What Kit says of them, once they are saved */
	record?: IDataObject;
	/** Why they could not be saved, or not wholly */
	refused?: Extract<Verdict, { refused: string }>;
}

/** Something that belongs to a person, and what it is called where it cannot be done. */
interface Part extends Sendable {
	person: Person;
	name: string;
}

class Import {
	private readonly told = new Map<EntryKind, Told>();

	private readonly customFields = new Ids('custom_fields', ['key']);

	private readonly tags = new Ids('tags', ['id', 'name']);

	async send(items: BulkItem[]): Promise<Map<BulkItem, Verdict>> {
		const people = items.map(personOf);
		const [first] = people;
		if (!first) return new Map();
		const { context } = first.item;
		if (people.some(({ fields }) => Object.keys(fields).length > 0)) {
			await this.customFields.load(context);
		}
		if (people.some(({ tags }) => tags.length > 0)) await this.tags.load(context);
		await this.createTags(context, people);
		for (const person of people) this.refuseUnknown(person);

		const accepted = people.filter(({ refused }) => !refused);
		await this.save(context, accepted);
		const saved = accepted.filter(({ record }) => typeof record?.id === 'number');
		const values = saved.flatMap((person) => this.valuesOf(person));
		await this.addParts(context, VALUES, VALUE, values);
		const taggings = saved.flatMap((person) => this.taggingsOf(person));
		await this.addParts(context, TAGGINGS, TAGGING, taggings);
		return new Map(people.map((person) => [person.item, verdictOf(person)]));
	}

	private async sendAll<T extends Sendable>(
		context: IExecutePaginationFunctions,
		request: BulkRequest,
		kind: EntryKind,
		things: T[],
	): Promise<Map<T, Verdict>> {
		const told = this.told.get(kind) ?? new Told();
		this.told.set(kind, told);
		return await sendEntries(context, request, kind, things, told);
	}

	private async createTags(context: IExecutePaginationFunctions, people: Person[]): Promise<void> {
		const missing = people.flatMap((person) =>
			(person.mayCreateTags ? person.tags : [])
				.filter((tag) => this.tags.of(tag) === undefined)
				.map((name): Part => ({ person, name, entry: { name } })),
		);
		for (const [part, verdict] of await this.sendAll(context, TAGS, NEW_TAG, missing)) {
			const { name, person } = part;
			if ('record' in verdict) this.tags.add(name, Number(verdict.record.id));
			else person.refused = { refused: `Tag “${name}”: ${verdict.refused}` };
		}
	}

	private refuseUnknown(person: Person): void {
		const field = Object.keys(person.fields).find((key) => this.customFields.of(key) === undefined);
		const tag = person.tags.find((name) => this.tags.of(name) === undefined);
		if (field !== undefined) {
			person.refused ??= {
				refused: `There is no custom field with the key “${field}” in this account`,
			};
		} else if (tag !== undefined) {
			person.refused ??= { refused: `There is no tag “${tag}” in this account` };
		}
	}

	private async save(context: IExecutePaginationFunctions, people: Person[]): Promise<void> {
		const verdicts = await this.sendAll(context, SUBSCRIBERS, NEW_SUBSCRIBER, people);
		for (const [person, verdict] of verdicts) {
			if ('record' in verdict) person.record = verdict.record;
			else person.refused = verdict;
		}
	}

	private valuesOf(person: Person): Part[] {
		return Object.entries(person.fields).map(([key, value]) => ({
			person,
			name: `custom field “${key}”`,
			entry: {
				subscriber_id: person.record?.id,
				subscriber_custom_field_id: this.customFields.of(key),
				value: asText(value),
			},
		}));
	}

	private taggingsOf(person: Person): Part[] {
		return person.tags.map((name) => ({
			person,
			name: `tag “${name}”`,
			entry: { tag_id: this.tags.of(name), subscriber_id: person.record?.id },
		}));
	}

	private async addParts(
		context: IExecutePaginationFunctions,
		request: BulkRequest,
		kind: EntryKind,
		parts: Part[],
	): Promise<void> {
		for (const [{ person, name }, verdict] of await this.sendAll(context, request, kind, parts)) {
			if ('record' in verdict) continue;
			const before = person.refused?.refused ?? 'The subscriber was saved, but not everything';
			person.refused = { refused: `${before}; ${name}: ${verdict.refused}` };
		}
	}
}

function personOf(item: BulkItem): Person {
	const { context, request } = item;
	const { fields = {}, tags = [], ...body } = request.body as IDataObject;
	return {
		item,
		entry: entryOf(NEW_SUBSCRIBER, body),
		fields: fields as IDataObject,
		tags: [...new Set((tags as unknown[]).map(asText))],
		mayCreateTags: context.getNodeParameter('additionalFields.createTags', false) === true,
	};
}

function verdictOf({ record, refused, fields, tags }: Person): Verdict {
	if (refused) return refused;
	const hasFields = Object.keys(fields).length > 0;
	if (record?.queued === true && (hasFields || tags.length > 0)) {
		return { refused: `${asText(record.message)}. Custom fields and tags were not set.` };
	}
	return {
		record: {
			...record,
			...(hasFields && { fields }),
			...(tags.length > 0 && { tags }),
		},
	};
}

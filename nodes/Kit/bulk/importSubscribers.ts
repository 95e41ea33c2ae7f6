import type { IDataObject, UserError } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import { NameToFind } from '../../shared/fields/names';
import { toText } from '../../shared/fields/parsers';
import { foldName } from '../../shared/foldName';
import { quoted } from '../../shared/quoted';
import { addSubscriber, foldAddress, rememberSubscriber } from '../../shared/subscribers';
import type { KitClient } from '../../shared/transport/client';
import { inParallel } from '../../shared/transport/taskPool';
import type { EntryResult, Item, Returns } from '../operation/operation';
import { entryOf } from './bulk';
import type { BulkEndpoint } from './endpoints';
import { ADD_TAGS, ADD_TO_FORMS, CREATE_SUBSCRIBERS, CREATE_TAGS, SET_VALUES } from './endpoints';
import { severalCalled, unknownName } from '../../shared/nameLookup';
import { NamedIds } from '../../shared/namedIds';
import { valueEntries } from './setValues';
import type { WithEntry } from './sendEntries';
import { orApiError, ResultCache, sendEntries } from './sendEntries';

/**
 * Creates or updates subscribers, then sets their custom fields, then adds them to tags, forms and
 * sequences: four bulk requests for 100 people with one of each but a sequence.
 */
export function importSubscribers(): Returns {
	return {
		startRun() {
			const run = new Import();
			return async (client, items) => await run.send(client, items);
		},
		targetOf: ({ request }) => ({
			kind: 'name',
			key: foldAddress(toText(request.body?.email_address)),
		}),
	};
}

/** A person as an item describes them, and what becomes of it. */
interface Person extends WithEntry {
	item: Item;
	/** Values by the key of their custom field */
	fields: IDataObject;
	/** Names or ids */
	tags: string[];
	mayCreateTags: boolean;
	formId?: number;
	sequenceId?: number;
	/** Kit's record of them, once they are saved */
	record?: IDataObject;
	/** Why they could not be saved, or not wholly */
	refused?: Extract<EntryResult, { refused: string }>;
}

/** Something that belongs to a person, and what it is called where it cannot be done. */
interface Part extends WithEntry {
	person: Person;
	name: string;
}

class Import {
	private readonly caches = new Map<BulkEndpoint, ResultCache>();

	private readonly tags = new NamedIds('tags', ({ name }) => [toText(name)], true);

	/** Chunks that are under way together do not create the same tags */
	private tagsCreated: Promise<void> = Promise.resolve();

	async send(client: KitClient, items: Item[]): Promise<Map<Item, EntryResult>> {
		const people = items.map(personOf);
		await this.findTags(client, people);
		const created = this.tagsCreated.then(async () => {
			await this.createTags(
				client,
				people.filter(({ refused }) => !refused),
			);
		});
		this.tagsCreated = created.catch(() => undefined);
		await created;

		// Whoever is saved gets their custom fields and tags, even if something fails in the meantime.
		const goingOn = client.with({ stop: undefined });
		const accepted = people.filter(({ refused }) => !refused);
		await this.save(client, accepted);
		const saved = accepted.filter(({ record }) => typeof record?.id === 'number');
		await this.addParts(goingOn, SET_VALUES, await valuesOf(goingOn, saved));
		const taggings = saved.flatMap((person) => this.taggingsOf(person));
		await this.addParts(goingOn, ADD_TAGS, taggings);
		await this.addParts(goingOn, ADD_TO_FORMS, saved.flatMap(formAdditionOf));
		await inParallel(saved, async (person) => {
			await addToSequence(goingOn, person);
		});
		return new Map(people.map((person) => [person.item, resultOf(person)]));
	}

	private async sendAll<T extends WithEntry>(
		client: KitClient,
		endpoint: BulkEndpoint,
		owners: T[],
	): Promise<Map<T, EntryResult>> {
		const cache = this.caches.get(endpoint) ?? new ResultCache();
		this.caches.set(endpoint, cache);
		return await sendEntries(client, endpoint, owners, cache);
	}

	private async createTags(client: KitClient, people: Person[]): Promise<void> {
		// In one form of its accents and capitals, so that two people's is one entry, as with Create or Update.
		const spellings = new Map<string, string>();
		const missing = people.flatMap((person) =>
			(person.mayCreateTags ? person.tags : [])
				.filter((tag) => this.tags.get(tag) === undefined)
				.map((name): Part => {
					const folded = foldName(name);
					const first = spellings.get(folded) ?? name.normalize('NFC');
					spellings.set(folded, first);
					return { person, name, entry: { name: first } };
				}),
		);
		for (const [part, result] of await this.sendAll(client, CREATE_TAGS, missing)) {
			const { name, person } = part;
			if ('record' in result) this.tags.set(name, Number(result.record.id));
			else person.refused = { refused: `Tag ${quoted(name)}: ${result.refused}` };
		}
	}

	/** Refuses those with a tag that is not there, although Kit's list was given time, or is there twice. */
	private async findTags(client: KitClient, people: Person[]): Promise<void> {
		if (people.every(({ tags }) => tags.length === 0)) return;
		for (let asked = 1; ; asked++) {
			await this.tags.load(client);
			const isLacking = (person: Person) =>
				person.tags.some((name) => this.isUnknown(name, person));
			const isComplete = people.every(
				(person) => person.refused !== undefined || !isLacking(person),
			);
			if (isComplete || !(await client.waitForLag(asked))) break;
			this.tags.forget();
		}
		for (const person of people) {
			const [problem] = person.tags.flatMap((name) => this.problemOf(name, person));
			if (problem) person.refused ??= { refused: problem.message };
		}
	}

	/** Whether there is no such tag, and none is to be created. */
	private isUnknown(name: string, { mayCreateTags }: Person): boolean {
		return this.tags.get(name) === undefined && (!mayCreateTags || isId(name));
	}

	private problemOf(name: string, person: Person): UserError[] {
		const wanted = new NameToFind('tags', name, 'Tags');
		if (this.tags.all(name).length > 1) return [severalCalled(wanted, this.tags)];
		return this.isUnknown(name, person) ? [unknownName(wanted, this.tags)] : [];
	}

	private async save(client: KitClient, people: Person[]): Promise<void> {
		const results = await this.sendAll(client, CREATE_SUBSCRIBERS, people);
		for (const [person, result] of results) {
			if ('record' in result) {
				person.record = result.record;
				await rememberSubscriber(client, result.record);
			} else person.refused = result;
		}
	}

	private taggingsOf(person: Person): Part[] {
		return person.tags.map((name) => ({
			person,
			name: `tag ${quoted(name)}`,
			entry: { tag_id: this.tags.get(name), subscriber_id: person.record?.id },
		}));
	}

	private async addParts(client: KitClient, endpoint: BulkEndpoint, parts: Part[]): Promise<void> {
		for (const [{ person, name }, result] of await this.sendAll(client, endpoint, parts)) {
			if ('record' in result) continue;
			refusePart(person, name, result.refused);
		}
	}
}

async function valuesOf(client: KitClient, people: Person[]): Promise<Part[]> {
	const parts = people.map(async (person) =>
		(await valueEntries(client, person.item, person.record?.id)).map(({ key, entry }): Part => ({
			person,
			name: `custom field “${key}”`,
			entry,
		})),
	);
	return (await Promise.all(parts)).flat();
}

function refusePart(person: Person, name: string, reason: string): void {
	const before = person.refused?.refused ?? 'The subscriber was saved, but not everything';
	person.refused = { refused: `${before}; ${name}: ${reason}` };
}

function formAdditionOf(person: Person): Part[] {
	const { formId, record } = person;
	if (formId === undefined) return [];
	const entry = { form_id: formId, subscriber_id: record?.id };
	return [{ person, name: `form ${String(formId)}`, entry }];
}

/** Kit has no bulk endpoint for sequences. */
async function addToSequence(client: KitClient, person: Person): Promise<void> {
	const { sequenceId, record } = person;
	if (sequenceId === undefined) return;
	const added = await orApiError(addSubscriber(client, 'sequence', sequenceId, record?.id));
	if (added instanceof NodeApiError) {
		refusePart(person, `sequence ${String(sequenceId)}`, added.message);
	}
}

/** Digits are the id of a tag that is gone, and no name for a new one. */
function isId(tag: string): boolean {
	return /^\d+$/.test(tag);
}

function personOf(item: Item): Person {
	const { request, settings } = item;
	const { fields = {}, ...body } = request.body ?? {};
	const {
		tags = [],
		createTags,
		formId,
		sequenceId,
	} = settings as {
		tags?: string[];
		createTags?: boolean;
		formId?: number;
		sequenceId?: number;
	};
	return {
		item,
		entry: entryOf(CREATE_SUBSCRIBERS, body),
		fields: fields as IDataObject,
		tags,
		mayCreateTags: createTags === true,
		formId,
		sequenceId,
	};
}

function resultOf(person: Person): EntryResult {
	const { record, refused, fields, tags, formId, sequenceId } = person;
	if (refused) return refused;
	const hasFields = Object.keys(fields).length > 0;
	const isAdded = tags.length > 0 || formId !== undefined || sequenceId !== undefined;
	if (record?.queued === true && (hasFields || isAdded)) {
		return { refused: `${toText(record.message)}. Custom fields and tags were not set.` };
	}
	return {
		record: {
			...record,
			...(hasFields && { fields }),
			...(tags.length > 0 && { tags }),
			...(formId !== undefined && { form_id: formId }),
			...(sequenceId !== undefined && { sequence_id: sequenceId }),
		},
	};
}

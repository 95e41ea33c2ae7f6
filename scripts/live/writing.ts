import { randomBytes } from 'node:crypto';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { toText } from '../../nodes/shared/fields/parsers';
import type { LiveCheck } from './check';

/** What this makes is called so, or posts to such an address. */
const PREFIX = 'n8n-check-';
const OURS = new RegExp(`^(https://example\\.com/)?${PREFIX}`);
const OUR_ADDRESS = new RegExp(`^${PREFIX}[0-9a-f]+@example\\.com$`);

/** What is said and asked before anything is written. */
export const QUESTION = `This creates, changes and deletes things in the connected Kit account: two tags, two custom
fields, a draft of a broadcast, an inactive sequence with an email, a classic webhook and a webhook endpoint. All
their names begin with ${PREFIX}, and all are removed at the end, with what an interrupted run left.
It also creates one subscriber at example.com, where nobody gets mail. Kit cannot delete subscribers, so
this one is unsubscribed at the end and stays. Nothing is sent to anyone, but apps and webhooks of yours
that listen to this account hear of it.`;

/** Operations that write and are left alone, with the reason. */
const LEFT_ALONE: Readonly<Record<string, string>> = {
	'account.updateColors': 'it would change the account',
	'connection.create': 'it would change your connections at Maton',
	'connection.delete': 'it would change your connections at Maton',
	'form.addSubscriber': 'forms can send emails',
	'form.addSubscribers': 'forms can send emails',
	'purchase.create': 'purchases cannot be deleted',
	'sequence.addSubscriber': 'sequences send emails',
	'snippet.create': 'snippets cannot be deleted',
	'snippet.update': 'snippets cannot be deleted',
};

/** Something that has to be removed. */
interface Thing {
	kind: Kind;
	id: string;
	/** Its name, which begins with the prefix */
	name: string;
}

/** A kind of thing, how to find those that are ours, and how to remove one. */
interface Kind {
	what: string;
	list: string;
	parameters?: INodeParameters;
	/** Where a row has its name */
	name: string;
	ours?: RegExp;
	remove: string;
	/** The field for its id */
	field: string;
}

const RETURN_ALL = { returnAll: true };

const KINDS = {
	webhook: {
		what: 'classic webhook',
		list: 'webhook.getAll',
		name: 'target_url',
		remove: 'webhook.delete',
		field: 'webhookId',
	},
	webhookEndpoint: {
		what: 'webhook endpoint',
		list: 'webhookEndpoint.getAll',
		name: 'url',
		remove: 'webhookEndpoint.delete',
		field: 'webhookEndpointId',
	},
	broadcast: {
		what: 'broadcast',
		list: 'broadcast.getAll',
		parameters: { filters: { status: 'draft' }, options: { slim: true } },
		name: 'subject',
		remove: 'broadcast.delete',
		field: 'broadcastId',
	},
	sequence: {
		what: 'sequence',
		list: 'sequence.getAll',
		name: 'name',
		remove: 'sequence.delete',
		field: 'sequenceId',
	},
	customField: {
		what: 'custom field',
		list: 'customField.getAll',
		name: 'label',
		remove: 'customField.delete',
		field: 'customFieldId',
	},
	tag: {
		what: 'tag',
		list: 'tag.getAll',
		name: 'name',
		remove: 'tag.delete',
		field: 'tagId',
	},
	subscriber: {
		what: 'subscriber',
		list: 'subscriber.getAll',
		// The newest, because an account may have a million.
		parameters: { returnAll: false, limit: 100, filters: { status: 'inactive' } },
		name: 'email_address',
		ours: OUR_ADDRESS,
		remove: 'subscriber.unsubscribe',
		field: 'subscriberId',
	},
} as const satisfies Record<string, Kind>;

const located = (value: unknown): INodeParameters => ({
	__rl: true,
	mode: 'id',
	value: String(value),
});

/** Thrown at the next step where the round is to end early. */
class Stopped extends Error {}

/** One round of creating, changing and deleting. */
class Round {
	private readonly things: Thing[] = [];

	private readonly mark = randomBytes(4).toString('hex');

	constructor(
		private readonly check: LiveCheck,
		private readonly signal: AbortSignal,
	) {}

	/** A name that tells whose it is. */
	private name(what = ''): string {
		return `${PREFIX}${this.mark}${what}`;
	}

	private async run(operation: string, parameters: INodeParameters): Promise<IDataObject> {
		if (this.signal.aborted) throw new Stopped();
		const { items } = await this.check.run(operation, parameters);
		return items[0] ?? {};
	}

	/** @returns the field for what was made, or undefined where nothing was */
	private async make(
		kind: Kind,
		operation: string,
		parameters: INodeParameters,
	): Promise<INodeParameters | undefined> {
		const { id, [kind.name]: name } = await this.run(operation, parameters);
		if (id === undefined) return undefined;
		this.things.push({ kind, id: toText(id), name: toText(name) });
		return { [kind.field]: located(id) };
	}

	/** Makes and changes one of each. */
	async write(): Promise<void> {
		const tag = await this.make(KINDS.tag, 'tag.create', { name: this.name() });
		if (tag) await this.run('tag.update', { ...tag, name: this.name('-renamed') });
		await this.webhooks(tag);
		await this.emails();
		const field = await this.make(KINDS.customField, 'customField.create', { label: this.name() });
		if (field) await this.run('customField.update', { ...field, label: this.name('-renamed') });
		await this.make(KINDS.customField, 'customField.createMany', { label: this.name('-bulk') });
		await this.person(tag, field !== undefined);
		const many = await this.make(KINDS.tag, 'tag.createMany', { name: this.name('-bulk') });
		if (many) await this.run('tag.deleteMany', many);
	}

	/** With events that nothing but this round can cause, or that tell nothing of anybody. */
	private async webhooks(tag?: INodeParameters): Promise<void> {
		const url = `https://example.com/${this.name()}`;
		if (tag) {
			await this.make(KINDS.webhook, 'webhook.create', {
				targetUrl: url,
				event: { event: { name: 'subscriber.tag_add', ...tag } },
			});
		}
		const endpoint = await this.make(KINDS.webhookEndpoint, 'webhookEndpoint.create', {
			url,
			events: ['custom_field.deleted'],
			additionalFields: { name: this.name() },
		});
		if (endpoint) {
			await this.run('webhookEndpoint.get', endpoint);
			const changes = { name: this.name('-renamed'), status: 'disabled' };
			await this.run('webhookEndpoint.update', { ...endpoint, updateFields: changes });
			await this.run('webhookEndpoint.rotateSecret', endpoint);
			await this.run('webhookEndpoint.revokePreviousSecret', endpoint);
			await this.run('webhookEndpoint.getDeliveries', endpoint);
		}
		// Before anybody is tagged.
		await this.removeMade([KINDS.webhook, KINDS.webhookEndpoint]);
	}

	/** Drafts, for nobody, which are never sent. */
	private async emails(): Promise<void> {
		const [ofTag] = this.things.filter(({ kind }) => kind === KINDS.tag);
		if (ofTag) {
			const recipients = { recipients: { match: 'all', tagIds: [ofTag.id] } };
			const broadcast = await this.make(KINDS.broadcast, 'broadcast.create', {
				subject: this.name(),
				content: '<p>A check of n8n-nodes-maton-kit. It is not sent.</p>',
				recipients,
				additionalFields: { public: false },
			});
			if (broadcast) {
				await this.run('broadcast.get', broadcast);
				const updateFields = { subject: this.name('-renamed'), previewText: this.name() };
				await this.run('broadcast.update', { ...broadcast, updateFields });
			}
		}
		const sequence = await this.make(KINDS.sequence, 'sequence.create', {
			name: this.name(),
			additionalFields: { active: false },
		});
		if (!sequence) return;
		await this.run('sequence.update', {
			...sequence,
			updateFields: { name: this.name('-renamed'), active: false },
		});
		const { id } = await this.run('sequenceEmail.create', {
			...sequence,
			subject: this.name(),
			delay: 1,
			delayUnit: 'days',
			additionalFields: { published: false },
		});
		if (id === undefined) return;
		const email = { ...sequence, sequenceEmailId: located(id) };
		await this.run('sequenceEmail.get', email);
		await this.run('sequenceEmail.update', {
			...email,
			updateFields: { subject: this.name('-renamed') },
		});
		await this.run('sequenceEmail.delete', email);
	}

	/** One who is never active, and gets nothing. */
	private async person(tag: INodeParameters | undefined, hasField: boolean): Promise<void> {
		const about = {
			emailAddress: `${this.name()}@example.com`,
			additionalFields: { state: 'inactive' },
		};
		const someone = await this.make(KINDS.subscriber, 'subscriber.create', about);
		if (!someone) return;
		await this.run('subscriber.createMany', about);
		await this.run('subscriber.get', someone);
		await this.run('subscriber.update', { ...someone, firstName: this.name() });
		const place = { city: 'Portland', countryCode: 'US', timezone: 'America/Los_Angeles' };
		const whole = { ...place, stateProvince: 'OR', latitude: 45.5, longitude: -122.6 };
		await this.run('subscriber.setLocation', { ...someone, location: place });
		await this.run('subscriber.updateLocation', { ...someone, location: whole });
		await this.run('subscriber.removeLocation', someone);
		if (hasField) {
			// By its label, which lists that lag may not have yet.
			const customFields = {
				mappingMode: 'defineBelow',
				value: { [this.name('-renamed')]: 'Blue' },
			};
			await this.run('customField.setValues', { ...someone, customFields });
		}
		if (!tag) return;
		const both = { ...someone, ...tag };
		await this.run('tag.addToSubscriber', both);
		await this.run('subscriber.getTags', someone);
		await this.run('tag.removeFromSubscriber', both);
		await this.run('tag.addToSubscribers', both);
		await this.run('tag.removeFromSubscribers', both);
	}

	/** Removes what was made of these kinds, the last first, and forgets what is gone. */
	private async removeMade(kinds: readonly Kind[]): Promise<void> {
		for (const thing of this.things.filter(({ kind }) => kinds.includes(kind)).reverse()) {
			if (await this.remove(thing)) this.things.splice(this.things.indexOf(thing), 1);
		}
	}

	/** @returns whether it is gone */
	private async remove({ kind, id }: Thing): Promise<boolean> {
		const { succeeded, status } = await this.check.run(kind.remove, { [kind.field]: located(id) });
		return succeeded || status === 404;
	}

	/** @returns what lists have of ours; they lag, so some of it may be gone already */
	private async listed(): Promise<Thing[]> {
		const found: Thing[] = [];
		for (const kind of Object.values<Kind>(KINDS)) {
			const { items } = await this.check.run(kind.list, { ...RETURN_ALL, ...kind.parameters });
			for (const { id, [kind.name]: name } of items) {
				if (typeof name === 'string' && (kind.ours ?? OURS).test(name)) {
					found.push({ kind, id: toText(id), name });
				}
			}
		}
		return found;
	}

	/**
	 * Removes everything of ours: what this round made, and what lists have besides, such as what was made
	 * by a request whose answer was lost.
	 * @returns what is still there
	 */
	async removeAll(): Promise<string[]> {
		await this.removeMade(Object.values(KINDS));
		const known = new Set(this.things.map(({ id }) => id));
		const rest = [...this.things, ...(await this.listed()).filter(({ id }) => !known.has(id))];
		const left: string[] = [];
		for (const thing of rest) {
			const isGone = await this.remove(thing);
			if (!isGone) left.push(`${thing.kind.what} ${thing.name} (ID ${thing.id})`);
		}
		return left;
	}
}

/**
 * Creates, changes and deletes, and removes all of it whatever happens.
 * @param check that runs and judges
 * @param signal ends it early
 * @returns what could not be removed, and what the round broke off with, if it did
 */
export async function writeAndRemove(
	check: LiveCheck,
	signal: AbortSignal,
): Promise<{ left: string[]; failed?: Error }> {
	const round = new Round(check, signal);
	for (const [operation, why] of Object.entries(LEFT_ALONE)) check.skip(operation, why);
	// What an earlier run left goes first.
	await round.removeAll();
	const failed = await round.write().then(
		() => undefined,
		(error: unknown) => error as Error,
	);
	const left = await round.removeAll();
	for (const operation of check.untried()) check.skip(operation, 'what it needs was not made');
	return failed && !(failed instanceof Stopped) ? { left, failed } : { left };
}

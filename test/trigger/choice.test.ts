import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { EVENTS } from '../../nodes/shared/events';
import { KitSide } from '../support/kitSide';
import { useSandbox } from '../support/sandbox';
import { useTrigger } from '../support/trigger';

const sandbox = useSandbox();
const trigger = useTrigger(sandbox);
const kit = new KitSide(sandbox);

type Row = IDataObject & { id: number; name: string; label: string };

/** Each field that limits an event, where Kit has what it names, and where an event has it */
const FILTERS = [
	['subscriber.subscribed_to_form', 'forms', 'Form Names or IDs', 'forms', 'form', 'name'],
	['subscriber.tag_added', 'tagsAdded', 'Added Tag Names or IDs', 'tags', 'tag', 'name'],
	['subscriber.tag_removed', 'tagsRemoved', 'Removed Tag Names or IDs', 'tags', 'tag', 'name'],
	[
		'subscriber.added_to_sequence',
		'sequencesStarted',
		'Started Sequence Names or IDs',
		'sequences',
		'sequence',
		'name',
	],
	[
		'subscriber.sequence_completed',
		'sequencesCompleted',
		'Completed Sequence Names or IDs',
		'sequences',
		'sequence',
		'name',
	],
	[
		'subscriber.custom_field_value_updated',
		'customFields',
		'Custom Field Names or IDs',
		'custom_fields',
		'custom_field',
		'label',
	],
] as const;

async function rowsOf(list: string): Promise<Row[]> {
	const { [list]: rows } = await sandbox.ask('GET', `/kit/v4/${list}`);
	return rows as Row[];
}

/** Posts one event, and says whether it started the workflow */
async function starts(type: string, data: IDataObject): Promise<boolean> {
	const before = trigger.heard.items.length;
	const { id } = await kit.endpoint();
	const { status } = await sandbox.current.deliver({ endpoint: id, events: [{ type, data }] });
	expect(status).toBe(200);
	return trigger.heard.items.length > before;
}

describe.each(FILTERS)('%s', (event, field, displayName, list, subject, label) => {
	test.each([
		['by ID', ({ id }: Row) => id],
		['by ID as a text', ({ id }: Row) => String(id)],
		['by name', (row: Row) => row[label]],
		['by name in other letters', (row: Row) => ` ${row[label].toUpperCase()} `],
	])('lets through what is chosen %s, and nothing else', async (_, written) => {
		const [one, other, another] = await rowsOf(list);
		if (!one || !other || !another) throw new Error(`There are too few ${list}`);
		await trigger.listen({ events: [event], [field]: [written(one), written(other)] });
		expect(await starts(event, { [subject]: one })).toBe(true);
		expect(
			await starts(event, { [subject]: { ...other, name: 'Renamed', label: 'Renamed' } }),
		).toBe(typeof written(other) === 'number' || /^\d+$/.test(String(written(other))));
		expect(await starts(event, { [subject]: another })).toBe(false);
	});

	test('without a filter, and of what does not say what it is about, all come through', async () => {
		const [one] = await rowsOf(list);
		await trigger.listen({ events: [event], [field]: [String(one?.id)] });
		for (const data of [{}, { [subject]: null }, { [subject]: [] }]) {
			expect(await starts(event, data)).toBe(true);
		}
		await trigger.node.succeededBy({ parameters: { events: [event] } }).activate();
		expect(await starts(event, { [subject]: { id: 1, name: 'Any' } })).toBe(true);
	});

	test.each([
		['a name that nobody has', ['No such name'], 'name the'],
		['an ID that nobody has', [999], 'name the'],
		[
			'one of several that nobody has',
			async () => [(await rowsOf(list))[0]?.id, 'No such'],
			'No such',
		],
		['an expression that gives nothing', '={{ undefined }}', 'gave nothing'],
		['an expression that gives an empty text', '={{ "" }}', 'gave nothing'],
		['an expression that gives an empty list', '={{ [] }}', 'gave nothing'],
		['an expression that gives a list of nothing', '={{ [null, ""] }}', displayName],
		['an expression that gives an object', '={{ {id: 1} }}', displayName],
	])('%s is refused when it is activated, by the name of the field', async (_, given, said) => {
		const value = typeof given === 'function' ? await given() : given;
		await trigger.listen({ events: [event], [field]: value }, false);
		const failing = trigger.node.activate();
		await expect(failing).rejects.toThrow(displayName);
		await expect(failing).rejects.toThrow(said);
		expect(await kit.urls()).toEqual([]);
	});

	test('by a classic webhook it needs to be chosen, and each that is has one', async () => {
		const parameters = { events: [event], settings: { delivery: 'classic' } };
		await trigger.listen(parameters, false);
		await expect(trigger.node.activate()).rejects.toThrow(`${displayName} must be chosen`);
		expect(await kit.urls()).toEqual([]);
		const [one, other] = await rowsOf(list);
		const both = [one?.id ?? 0, String(other?.[label])];
		await trigger.node.succeededBy({ parameters: { ...parameters, [field]: both } }).activate();
		const key = `${subject}_id`;
		const ids = (await kit.webhooks()).map((row) => (row.event as IDataObject)[key]);
		expect(ids.sort()).toEqual([one?.id, other?.id].sort());
	});

	test('one that is named twice has one classic webhook, so that it starts one run', async () => {
		const [one] = await rowsOf(list);
		const named = [one?.id ?? 0, String(one?.id), String(one?.[label])];
		await trigger.listen({ events: [event], [field]: named, settings: { delivery: 'classic' } });
		expect(await kit.webhooks()).toHaveLength(1);
	});
});

test('names are the same in each of their normal forms', async () => {
	const { tag } = await sandbox.ask('POST', '/kit/v4/tags', { name: 'Caf\u00e9' });
	await trigger.listen({ events: ['subscriber.tag_added'], tagsAdded: ['cafe\u0301'] });
	expect(await starts('subscriber.tag_added', { tag: tag })).toBe(true);
	expect(await starts('subscriber.tag_added', { tag: { id: 1, name: 'Cafe' } })).toBe(false);
});

test('a landing page is meant by its name, and as the list shows it', async () => {
	const rows = await rowsOf('forms');
	const page = rows.find(({ type }) => type === 'hosted');
	if (!page) throw new Error('There is no landing page');
	for (const name of [page.name, `${page.name} (landing page)`]) {
		await trigger.listen({ events: ['subscriber.subscribed_to_form'], forms: [name] });
		expect(await starts('subscriber.subscribed_to_form', { form: page })).toBe(true);
		expect(await starts('subscriber.subscribed_to_form', { form: { id: 1, name: 'Other' } })).toBe(
			false,
		);
		await trigger.node.deactivate();
	}
});

test('an ID counts before a name', async () => {
	const [one] = await rowsOf('tags');
	await sandbox.ask('POST', '/kit/v4/tags', { name: String(one?.id) });
	const settings = { delivery: 'classic' };
	await trigger.listen({
		events: ['subscriber.tag_added'],
		tagsAdded: [String(one?.id)],
		settings,
	});
	expect((await kit.webhooks()).map(({ event }) => event)).toEqual([
		{ name: 'tag_add', tag_id: one?.id },
	]);
});

test('an ID of digits lets through nothing that has them as its name', async () => {
	const [one] = await rowsOf('tags');
	const { tag } = await sandbox.ask('POST', '/kit/v4/tags', { name: String(one?.id) });
	await trigger.listen({ events: ['subscriber.tag_added'], tagsAdded: [String(one?.id)] });
	expect(await starts('subscriber.tag_added', { tag: one })).toBe(true);
	expect(await starts('subscriber.tag_added', { tag })).toBe(false);
});

test('a name of digits is refused, with the ID to give in its place', async () => {
	const { tag } = await sandbox.ask('POST', '/kit/v4/tags', { name: '2024' });
	await trigger.listen({ events: ['subscriber.tag_added'], tagsAdded: ['2024'] }, false);
	const id = String((tag as Row).id);
	await expect(trigger.node.activate()).rejects.toThrow(`the name of ${id}`);
	await trigger.node
		.succeededBy({ parameters: { events: ['subscriber.tag_added'], tagsAdded: [id] } })
		.activate();
	expect(await starts('subscriber.tag_added', { tag })).toBe(true);
});

test('of several with one name, none is meant', async () => {
	for (let n = 0; n < 2; n++) await sandbox.ask('POST', '/kit/v4/sequences', { name: 'Twice' });
	const parameters = { events: ['subscriber.added_to_sequence'], sequencesStarted: ['twice'] };
	await trigger.listen(parameters, false);
	await expect(trigger.node.activate()).rejects.toThrow('2 of that name are in the account');
});

describe('a connection that cannot have signed endpoints', () => {
	const MIXED = { events: ['subscriber.activated', 'purchase.created', 'custom_field.created'] };

	const WAYS: Record<string, () => Promise<void>> = {
		async 'because it has an API key of Kit’s'() {
			const { apiKey } = sandbox.current.connections;
			trigger.node.succeededBy({ credential: { ...sandbox.credential, connectionId: apiKey } });
			await Promise.resolve();
		},
		async 'because Kit says 401'() {
			refuseEndpoints(401);
			await Promise.resolve();
		},
		async 'because Kit says 403'() {
			refuseEndpoints(403);
			await Promise.resolve();
		},
	};

	function refuseEndpoints(status: number): void {
		sandbox.current.fault({
			kind: 'status',
			status,
			body: { errors: ['Not with this plan'] },
			path: '/kit/v4/webhook_endpoints',
			times: 1000,
		});
	}

	/** Who activates it */
	function node() {
		return trigger.node.heir ?? trigger.node;
	}

	test.each(Object.entries(WAYS))('takes classic webhooks, %s', async (_, begin) => {
		await trigger.listen(MIXED, false);
		await begin();
		await node().activate();
		const names = (await kit.webhooks()).map(({ event }) => event.name);
		expect(names.sort()).toEqual(['field_created', 'purchase_create', 'subscriber_activate']);
		sandbox.current.log.length = 0;
		expect(await node().activate()).toBe('there');
		const writes = sandbox.requests().filter(({ request }) => !request.startsWith('GET'));
		expect(writes).toEqual([]);
		await sandbox.ask('POST', '/kit/v4/subscribers', { email_address: 'reader@example.com' });
		await sandbox.current.settled();
		expect(trigger.heard.items).toMatchObject([[{ event: 'subscriber.activated' }]]);
		await node().deactivate();
		expect(await kit.webhooks()).toEqual([]);
	});

	test.each(Object.entries(WAYS))('says which events it cannot have, %s', async (_, begin) => {
		const events = ['subscriber.created', 'subscriber.activated', 'tag.deleted'];
		await trigger.listen({ events }, false);
		await begin();
		await expect(node().activate()).rejects.toMatchObject({
			message: expect.stringMatching(
				/^Classic webhooks do not bring “New Subscriber” and “Tag Deleted”\. .*OAuth/,
			) as string,
		});
		expect(await kit.webhooks()).toEqual([]);
	});

	test.each(Object.entries(WAYS))(
		'is told where signed ones are asked for, %s',
		async (_, begin) => {
			await trigger.listen({ events: ['tag.created'], settings: { delivery: 'signed' } }, false);
			await begin();
			await expect(node().activate()).rejects.not.toThrow('Classic');
			expect(await kit.webhooks()).toEqual([]);
		},
	);

	test('goes on with classic webhooks where it had an endpoint, and can be deactivated', async () => {
		await trigger.listen(MIXED);
		expect(await kit.endpoints()).toHaveLength(1);
		refuseEndpoints(403);
		await trigger.node.activate();
		expect(await kit.webhooks()).toHaveLength(3);
		expect(await trigger.node.activate()).toBe('there');
		await trigger.node.deactivate();
		expect(await kit.webhooks()).toEqual([]);
	});

	test('gets an endpoint at the next activation after it could have none', async () => {
		await trigger.listen(MIXED, false);
		refuseEndpoints(403);
		await trigger.node.activate();
		sandbox.current.clearFaults();
		expect(await trigger.node.activate()).toBe('created');
		expect((await kit.endpoint()).events).toEqual(['subscriber.activated', 'custom_field.created']);
		expect((await kit.webhooks()).map(({ event }) => event.name)).toEqual(['purchase_create']);
		expect(await trigger.node.activate()).toBe('there');
	});

	test('keeps its classic webhooks where it may list endpoints and make none', async () => {
		await trigger.listen(MIXED, false);
		sandbox.current.fault({
			kind: 'status',
			status: 403,
			body: { errors: ['Not with this plan'] },
			method: 'POST',
			path: '/kit/v4/webhook_endpoints',
			times: 1000,
		});
		await trigger.node.activate();
		const before = await kit.webhooks();
		await trigger.node.activate();
		expect(await kit.webhooks()).toEqual(before);
	});

	test('can be deactivated at once where it had an endpoint', async () => {
		await trigger.listen({ events: ['tag.created', 'purchase.created'] });
		refuseEndpoints(401);
		await trigger.node.deactivate();
		expect(await kit.webhooks()).toEqual([]);
	});

	test('a wrong key is no such connection, whatever is chosen', async () => {
		await trigger.listen({ events: ['subscriber.created'] }, false);
		trigger.node.succeededBy({ credential: { ...sandbox.credential, apiKey: 'maton-wrong-key' } });
		await expect(node().activate()).rejects.toThrow('Maton did not accept the API key');
	});

	test.each(['auto', 'classic', 'signed'])(
		'a wrong key is no such connection (%s)',
		async (delivery) => {
			await trigger.listen({ ...MIXED, settings: { delivery } }, false);
			trigger.node.succeededBy({
				credential: { ...sandbox.credential, apiKey: 'maton-wrong-key' },
			});
			const failing = node().activate();
			await expect(failing).rejects.toThrow(
				delivery === 'signed' ? 'do not bring' : 'Maton did not accept the API key',
			);
			await expect(failing).rejects.not.toThrow('maton-wrong-key');
		},
	);
});

describe('Include Full Subscriber', () => {
	const PERSON = { email_address: 'reader@example.com', first_name: 'Ada' };

	function parameters(delivery: string): INodeParameters {
		return {
			events: ['subscriber.activated', 'tag.created'],
			settings: { delivery, includeFullSubscriber: true },
		};
	}

	async function items(): Promise<IDataObject[]> {
		await sandbox.ask('POST', '/kit/v4/subscribers', PERSON);
		await sandbox.current.settled();
		return trigger.heard.items.flat();
	}

	const DELIVERIES = ['auto', 'classic'].map((delivery) => ({
		delivery,
		parameters: {
			...parameters(delivery),
			...(delivery === 'classic' && { events: ['subscriber.activated'] }),
		},
	}));

	test.each(DELIVERIES)('adds what Kit knows ($delivery)', async ({ parameters: given }) => {
		await trigger.listen(given);
		sandbox.current.log.length = 0;
		const [item] = await items();
		expect(item).toMatchObject({
			event: 'subscriber.activated',
			subscriber: { ...PERSON, tags: [] },
		});
		expect(item).toHaveProperty('subscriber.attribution.source_name');
		expect(item).toHaveProperty('subscriber.location');
		expect(item).not.toHaveProperty('full_subscriber_error');
		expect(sandbox.requests().map(({ request }) => request)).toEqual(['GET /kit/v4/subscribers']);
	});

	test.each(DELIVERIES)('says why, where lists lag ($delivery)', async ({ parameters: given }) => {
		await trigger.listen(given);
		sandbox.current.settings.lagMs = 300_000;
		const [item] = await items();
		expect(item).toMatchObject({
			event: 'subscriber.activated',
			subscriber: { ...PERSON, tags: [] },
			full_subscriber_error: expect.stringContaining('do not have this subscriber yet') as string,
		});
	});

	test.each([
		['refuses', { kind: 'status', status: 422, body: { errors: ['No list today'] } }],
		['answers what is no list', { kind: 'status', status: 200, body: { subscribers: 'none' } }],
		['may not', { kind: 'status', status: 403, body: { errors: ['No list today'] } }],
	] as const)('an event comes where Kit %s', async (_, fault) => {
		for (const { parameters: given } of DELIVERIES) {
			sandbox.current.reset();
			await trigger.listen(given);
			sandbox.current.fault({ ...fault, method: 'GET', path: '/kit/v4/subscribers', times: 9 });
			const [item] = await items();
			expect(item).toMatchObject({
				event: 'subscriber.activated',
				subscriber: PERSON,
				full_subscriber_error: expect.any(String) as string,
			});
			await trigger.node.deactivate();
		}
	});

	test('an event comes where Kit does not answer in time', async () => {
		const real = AbortSignal.timeout.bind(AbortSignal);
		const asked: number[] = [];
		const spy = jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
			asked.push(ms);
			return real(ms === 60_000 ? 300 : ms);
		});
		await trigger.listen(parameters('auto'));
		sandbox.current.fault({
			kind: 'slow',
			delayMs: 2000,
			method: 'GET',
			path: '/kit/v4/subscribers',
			times: 9,
		});
		const { id } = await kit.endpoint();
		const events = Array.from({ length: 100 }, (_, n) => ({
			id: `e${String(n)}`,
			type: 'subscriber.activated',
			data: { subscriber: { id: n + 1, ...PERSON } },
		}));
		const { status } = await sandbox.current.deliver({ endpoint: id, events });
		spy.mockRestore();
		expect(status).toBe(200);
		expect(asked).toContain(60_000);
		expect(trigger.heard.items.flat()).toHaveLength(100);
		for (const item of trigger.heard.items.flat()) {
			expect(item.full_subscriber_error).toContain('did not answer in a minute');
		}
	});

	test('an event that is about no subscriber is left as it is', async () => {
		await trigger.listen(parameters('auto'));
		sandbox.current.log.length = 0;
		await kit.createTag('New');
		expect(trigger.heard.items).toMatchObject([[{ event: 'tag.created', tag: { name: 'New' } }]]);
		expect(sandbox.requests()).toEqual([]);
	});
});

test('an event has the same form, whichever way it comes', async () => {
	const { tags } = await sandbox.ask('GET', '/kit/v4/tags');
	const { forms } = await sandbox.ask('GET', '/kit/v4/forms');
	const [tag] = tags as Row[];
	const [form] = (forms as Row[]).filter(({ type }) => type !== 'hosted');
	const events = EVENTS.filter(
		({ signed, classic, needs }) =>
			signed && classic !== undefined && needs !== 'sequence_id' && needs !== 'custom_field_id',
	).map(({ value }) => value);
	const targets = { tagsAdded: [tag?.id], tagsRemoved: [tag?.id], forms: [form?.id] };
	const heard: Record<string, IDataObject[]> = {};
	for (const delivery of ['auto', 'classic']) {
		sandbox.current.reset();
		await trigger.listen({ events, ...targets, settings: { delivery } });
		const ask = async (method: string, path: string, body?: IDataObject) => {
			const answer = await sandbox.ask(method, `/kit/v4/${path}`, body);
			await sandbox.current.settled();
			return answer;
		};
		const { subscriber } = await ask('POST', 'subscribers', {
			email_address: 'reader@example.com',
		});
		const who = String((subscriber as Row).id);
		await ask('POST', `forms/${String(form?.id)}/subscribers/${who}`);
		await ask('POST', `tags/${String(tag?.id)}/subscribers/${who}`);
		await ask('DELETE', `tags/${String(tag?.id)}/subscribers/${who}`);
		sandbox.current.raise({ type: 'subscriber.bounced', subscriber: Number(who) });
		sandbox.current.raise({ type: 'subscriber.complained', subscriber: Number(who) });
		await sandbox.current.settled();
		const { custom_field: field } = await ask('POST', 'custom_fields', { label: 'Shoe size' });
		await ask('DELETE', `custom_fields/${String((field as Row).id)}`);
		heard[delivery] = trigger.heard.items.flat();
		await trigger.node.deactivate();
	}
	const [signed = [], classic = []] = [heard.auto, heard.classic];
	expect(classic.length).toBeGreaterThanOrEqual(7);
	for (const item of classic) {
		const twin = signed.find(({ event }) => event === item.event);
		expect(Object.keys(item).filter((key) => !Object.keys(twin ?? {}).includes(key))).toEqual([]);
		for (const [name, value] of Object.entries(item)) {
			if (name === 'event') continue;
			expect(Object.keys(value as IDataObject)).toEqual(
				Object.keys((twin?.[name] ?? {}) as IDataObject),
			);
		}
	}
});

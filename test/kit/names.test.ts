import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { kitNode, loadOptionsContext, runKit, WAYS } from '../support/n8n';
import { useSandbox } from '../support/sandbox';
import type { Known } from './cases/case';
import { byEmail, byId, byName } from './cases/case';
import { findKnown } from './cases/prepare';

const sandbox = useSandbox();

let known: Known;

beforeEach(async () => {
	known = await findKnown(sandbox.ask);
});

const requests = () => sandbox.requests().map(({ request }) => request);

async function tagNamed(name: string): Promise<number> {
	const { tag } = await sandbox.ask('POST', '/kit/v4/tags', { name });
	return (tag as { id: number }).id;
}

async function idOf(list: string, name: string): Promise<number> {
	const rows = (await sandbox.ask('GET', `/kit/v4/${list}`))[list] as IDataObject[];
	return Number(rows.find((row) => row.name === name)?.id);
}

describe.each(WAYS)('run by %s', (way) => {
	async function run(
		operation: string,
		parameters: INodeParameters,
		more: Partial<Parameters<typeof runKit>[0]> = {},
	) {
		const [resource = '', value = ''] = operation.split('.');
		return await runKit({
			way,
			credential: sandbox.credential,
			parameters: { resource, operation: value, ...parameters },
			...more,
		});
	}

	test.each([
		['tag.getSubscribers', 'tagId', 'tags', 'VIP'],
		['form.getSubscribers', 'formId', 'forms', 'Free Course'],
		['sequence.get', 'sequenceId', 'sequences', 'Welcome series'],
		['sequenceEmail.getAll', 'sequenceId', 'sequences', 'Welcome series'],
	])('%s takes a name', async (operation, locator, list, name) => {
		const id = await idOf(list, name);
		const { error } = await run(operation, { [locator]: byName(` ${name} `) });
		expect(error).toBeUndefined();
		expect(requests()[0]).toBe(`GET /kit/v4/${list}`);
		expect(requests()[1]).toContain(`/kit/v4/${list}/${String(id)}`);
	});

	test('a name in other capitals is the same, unless one is exactly so', async () => {
		const lower = await tagNamed('loyal');
		const parameters = (name: string) => ({ tagId: byName(name), name: `${name} 2` });
		const { json } = await run('tag.update', parameters('LOYAL'));
		expect(json).toMatchObject([{ id: lower }]);
		const [first, second] = [await tagNamed('fan'), await tagNamed('Fan')];
		expect((await run('tag.update', parameters('Fan'))).json).toMatchObject([{ id: second }]);
		expect((await run('tag.update', parameters('fan'))).json).toMatchObject([{ id: first }]);
	});

	test('a tag that is called by digits is one of this name, and not of this ID', async () => {
		const id = await tagNamed('2026');
		const { json } = await run('tag.delete', { tagId: byName('2026') });
		expect(json).toEqual([{ deleted: true, id, name: '2026' }]);
	});

	test('what was chosen from a list is named as the list showed it, unless an expression took its place', async () => {
		const fromList = (value: unknown, cachedResultName: string) => ({
			__rl: true,
			mode: 'list',
			value: value as number,
			cachedResultName,
		});
		const id = await tagNamed('Chosen');
		const chosen = {
			tagId: fromList(id, 'Chosen'),
			subscriberId: fromList(known.subscriber, `${known.email} (Ada)`),
		};
		const { json: removed } = await run('tag.removeFromSubscriber', chosen);
		expect(removed).toEqual([
			{
				success: true,
				...{ tag_id: id, tag_name: 'Chosen' },
				...{ subscriber_id: known.subscriber, email_address: known.email },
			},
		]);
		const before = { tagId: fromList(`={{ ${String(id)} }}`, 'Before') };
		expect((await run('tag.delete', before)).json).toEqual([{ deleted: true, id }]);
	});

	test('text of digits is an ID, or the name of what is called so', async () => {
		const id = await tagNamed('2026');
		const taggedWith = async (value: string[] | string) => {
			const parameters = { emailAddress: 'ada@example.com', tags: '={{ $json.tags }}' };
			for (const operation of ['subscriber.create', 'subscriber.createMany']) {
				const { error } = await run(operation, parameters, { items: [{ tags: value }] });
				expect(error).toBeUndefined();
			}
			const { json } = await run('subscriber.getTags', {
				subscriberId: byEmail('ada@example.com'),
			});
			return json.map((tag) => tag.id);
		};
		expect(await taggedWith('2026')).toEqual([id]);
		expect(await taggedWith([String(id)])).toEqual([id]);
	});

	test('what two names call is taken once', async () => {
		const id = await idOf('tags', 'VIP');
		await run('subscriber.filter', {
			conditions: { condition: [{ type: 'tags', tagIds: '={{ "VIP, vip" }}' }] },
		});
		expect(sandbox.requests().at(-1)?.body).toMatchObject({
			all: [{ any: [{ matching: [id] }] }],
		});
	});

	test('a custom field is called by its label, or by its key', async () => {
		for (const name of ['Company', 'company']) {
			await sandbox.ask('POST', '/kit/v4/custom_fields', { label: 'Company' });
			const { json, error } = await run('customField.update', {
				customFieldId: byName(name),
				label: 'Company',
			});
			expect(error).toBeUndefined();
			expect(json).toMatchObject([{ key: 'company' }]);
		}
	});

	test('a name that the account does not have is said with those near it, and nothing is written', async () => {
		await tagNamed('Bought the course');
		for (const [name, near] of [
			['bougth the course', 'Near it: “Bought the course”'],
			['VPI', 'Near it: “VIP”'],
			['zzzzzz', 'No name is near it'],
		]) {
			sandbox.current.log.length = 0;
			const { error } = await run('tag.addToSubscriber', {
				tagId: byName(String(name)),
				subscriberId: byId(known.subscriber),
			});
			expect(error?.message).toContain(`Tag: the account has no tag called “${String(name)}”. `);
			expect(error?.message).toContain(near);
			expect(new Set(requests())).toEqual(new Set(['GET /kit/v4/tags']));
		}
	});

	test('several of one name are said with their IDs', async () => {
		const ids: unknown[] = [];
		for (const name of ['Twice', 'Twice']) {
			const { sequence } = await sandbox.ask('POST', '/kit/v4/sequences', { name });
			ids.push((sequence as IDataObject).id);
		}
		const { error } = await run('sequence.get', { sequenceId: byName('Twice') });
		expect(error?.message).toMatch(
			/^Sequence: more than one sequence of the account is called “Twice”, with the IDs \d+, \d+\. Choose one by its ID/,
		);
		for (const id of ids) expect(error?.message).toContain(String(id));
	});

	test('Create If Missing creates the tag, and only then', async () => {
		const parameters = (name: string) => ({
			tagId: byName(name),
			subscriberId: byEmail(known.email),
			createTag: true,
		});
		for (const operation of ['tag.addToSubscriber', 'tag.addToSubscribers']) {
			const { json, error } = await run(operation, parameters(`New for ${operation}`));
			expect(error).toBeUndefined();
			expect(json).toMatchObject([{ id: known.subscriber }]);
			expect(await idOf('tags', `New for ${operation}`)).toBeGreaterThan(0);
		}
		sandbox.current.log.length = 0;
		await run('tag.addToSubscriber', parameters('vip'));
		expect(requests()).not.toContain('POST /kit/v4/tags');
	});

	test('a filter’s conditions take names beside IDs', async () => {
		const [vip, form] = [await idOf('tags', 'VIP'), await idOf('forms', 'Welcome Form')];
		const { error } = await run('subscriber.filter', {
			limit: 1,
			conditions: {
				condition: [
					{ type: 'tags', tagIds: '={{ ["vip", 5, "6"] }}' },
					{ type: 'attribution', attributedTo: 'form', formIds: '={{ "Welcome Form" }}' },
					{
						type: 'custom_field',
						customFieldId: `={{ "${known.field}" }}`,
						comparison: 'is',
						value: 'x',
					},
				],
			},
		});
		expect(error).toBeUndefined();
		expect(sandbox.requests().at(-1)?.body).toMatchObject({
			all: [
				{ type: 'tags', any: [{ type: 'ids', matching: [vip, 5, 6] }] },
				{ type: 'attribution', any: [{ type: 'forms', ids: [form] }] },
				{ type: 'custom_field', subscriber_custom_field_id: known.fieldId },
			],
		});
	});

	test.each(['subscriber.create', 'subscriber.createMany'])(
		'%s takes tags by their names from the lines of one text',
		async (operation) => {
			await tagNamed('Paris');
			const tags = '={{ "vip\\nParis\\n" }}';
			const { error } = await run(operation, { emailAddress: 'lines@example.com', tags });
			expect(error).toBeUndefined();
			const query = '?email_address=lines%40example.com';
			const { subscribers } = await sandbox.ask('GET', `/kit/v4/subscribers${query}`);
			const [{ id } = {}] = subscribers as IDataObject[];
			const there = await sandbox.ask('GET', `/kit/v4/subscribers/${String(Number(id))}/tags`);
			expect((there.tags as IDataObject[]).map(({ name }) => name).sort()).toEqual([
				'Paris',
				'VIP',
			]);
		},
	);

	describe('a name of any length', () => {
		const LONG = 'Long '.repeat(60);
		const QUOTED = `“${LONG.slice(0, 80)}…”`;

		test.each<[string, () => INodeParameters]>([
			['tag.getSubscribers', () => ({ tagId: byName(LONG) })],
			[
				'subscriber.filter',
				() => ({ conditions: { condition: [{ type: 'tags', tagIds: [LONG] }] } }),
			],
			['subscriber.create', () => ({ emailAddress: known.email, tags: [LONG] })],
			['subscriber.createMany', () => ({ emailAddress: known.email, tags: [LONG] })],
			[
				'customField.setValues',
				() => ({
					subscriberId: byId(known.subscriber),
					customFields: { mappingMode: 'defineBelow', value: { [LONG]: 'x' } },
				}),
			],
		])('%s refuses it and quotes 80 characters of it', async (operation, parameters) => {
			const { error } = await run(operation, parameters());
			expect(error?.message).toContain(QUOTED);
		});

		test('is quoted in 80 characters where several are called so', async () => {
			await tagNamed(LONG.toLowerCase());
			await tagNamed(LONG.toUpperCase());
			const { error } = await run('tag.getSubscribers', { tagId: byName(LONG) });
			expect(error?.message).toContain(`is called ${QUOTED}, with the IDs`);
		});
	});

	test('a name in a condition that the account does not have is said with its row', async () => {
		const condition = [
			{ type: 'subscriber_state', states: ['active'] },
			{ type: 'tags', tagIds: '={{ ["VPI"] }}' },
		];
		const { error } = await run('subscriber.filter', { conditions: { condition } });
		expect(error?.message).toBe(
			'Conditions, row 2, Tag Names or IDs: the account has no tag called “VPI”. Near it: “VIP”',
		);
	});

	test('recipients and exclusions take names', async () => {
		const [vip, fans] = [await idOf('tags', 'VIP'), await idOf('segments', 'Fans')];
		const named = { segmentIds: '={{ "Fans" }}', tagIds: '={{ "VIP" }}' };
		await run('broadcast.create', {
			subject: 'Hi',
			content: 'Hi',
			recipients: { recipients: { match: 'any', ...named } },
		});
		expect(sandbox.requests().at(-1)?.body).toMatchObject({
			subscriber_filter: [
				{
					any: [
						{ type: 'segment', ids: [fans] },
						{ type: 'tag', ids: [vip] },
					],
				},
			],
		});
		const source = [{ type: 'tag', tagIds: '={{ "VIP" }}' }];
		await run('sequence.create', {
			name: 'Series',
			additionalFields: { excludeSubscribers: { source } },
		});
		expect(sandbox.requests().at(-1)?.body).toMatchObject({
			exclude_subscriber_sources: [{ type: 'tag', ids: [vip] }],
		});
	});

	test('a classic webhook is for what is called by its name', async () => {
		const vip = await idOf('tags', 'VIP');
		await run('webhook.create', {
			targetUrl: 'https://example.com/hook',
			event: { event: { name: 'subscriber.tag_add', tagId: byName('VIP') } },
		});
		expect(sandbox.requests().at(-1)?.body).toMatchObject({ event: { tag_id: vip } });
	});
});

test('a list is walked once in a run, and a missing tag created once', async () => {
	const { error } = await runKit({
		credential: sandbox.credential,
		parameters: {
			resource: 'tag',
			operation: 'addToSubscriber',
			tagId: byName('={{ $json.tag }}'),
			subscriberId: byId(known.subscriber),
			createTag: true,
		},
		items: ['VIP', 'Podcast listener', 'New', 'new', 'New'].map((tag) => ({ tag })),
	});
	expect(error).toBeUndefined();
	const sent = requests();
	expect(sent.filter((request) => request === 'GET /kit/v4/tags')).toHaveLength(1);
	expect(sent.filter((request) => request === 'POST /kit/v4/tags')).toHaveLength(1);
	expect(sent).toHaveLength(7);
});

test('each account has its own names', async () => {
	const { second } = sandbox.current.connections;
	const { json } = await runKit({
		credential: { ...sandbox.credential, connectionId: '={{ $json.connection }}' },
		parameters: {
			resource: 'sequence',
			operation: 'get',
			sequenceId: byName('={{ $json.sequence }}'),
		},
		items: [
			{ connection: '', sequence: 'Welcome series' },
			{ connection: second, sequence: 'New regulars' },
			{ connection: second, sequence: 'Welcome series' },
		],
		onError: 'continueRegularOutput',
	});
	expect(json).toMatchObject([
		{ name: 'Welcome series' },
		{ name: 'New regulars' },
		{ error: expect.stringContaining('no sequence called “Welcome series”') as string },
	]);
});

test('the emails of a sequence that is chosen by its name can be chosen from a list', async () => {
	const context = await loadOptionsContext(sandbox.credential);
	const search = (await kitNode()).methods?.listSearch?.searchSequenceEmails;
	const given = (value: string) => {
		const parameters = { sequenceId: byName(value) };
		Object.assign(context, {
			getCurrentNodeParameter: (name: string) =>
				name.endsWith('.mode') ? 'name' : parameters.sequenceId.value,
		});
	};
	given('Welcome series');
	expect((await search?.call(context))?.results).toContainEqual(
		expect.objectContaining({ name: expect.stringContaining('Welcome!') as string }),
	);
	given('Nothing');
	expect((await search?.call(context))?.results).toEqual([
		{ name: 'There is not exactly one sequence “Nothing” in this account', value: '' },
	]);
});

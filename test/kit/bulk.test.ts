import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { runKit, WAYS } from '../support/n8n';
import { useSandbox } from '../support/sandbox';
import { byEmail, byId, mapped } from './cases/case';

const sandbox = useSandbox({ subscribers: 1500, keepAnswers: true });

const ADD: INodeParameters = {
	resource: 'tag',
	operation: 'addToSubscribers',
	tagId: byId('={{ $json.tag }}'),
	subscriberId: byId('={{ $json.id }}'),
};
const ADD_BY_EMAIL = { ...ADD, subscriberId: byEmail('={{ $json.email }}') };
const IMPORT: INodeParameters = {
	resource: 'subscriber',
	operation: 'createMany',
	emailAddress: '={{ $json.email }}',
};

const setValues = (key: unknown): INodeParameters => ({
	resource: 'customField',
	operation: 'setValues',
	subscriberId: byId('={{ $json.id }}'),
	customFields: mapped({ [String(key)]: '={{ $json.value }}' }),
});

const run = async (
	parameters: INodeParameters,
	items: IDataObject[],
	more: Partial<Parameters<typeof runKit>[0]> = {},
) => await runKit({ credential: sandbox.credential, parameters, items, ...more });

const goingOn = { onError: 'continueRegularOutput' } as const;

/** What was sent to bulk endpoints: the endpoint, and how many entries. */
function bulkRequests(): [string, number][] {
	return sandbox
		.requests()
		.filter(({ request, body }) => request.includes('/bulk/') && body !== undefined)
		.map(({ request, body }) => {
			const entries = Object.values(body as IDataObject).find(Array.isArray);
			return [request.replace('/kit/v4/bulk', ''), entries?.length ?? 0];
		});
}

async function firstAnswer(): Promise<void> {
	while (bulkRequests().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function rows(path: string, key: string): Promise<IDataObject[]> {
	return (await sandbox.ask('GET', path))[key] as IDataObject[];
}

async function someSubscribers(count: number): Promise<IDataObject[]> {
	return (await rows('/kit/v4/subscribers?per_page=1000&status=all', 'subscribers')).slice(
		0,
		count,
	);
}

/** Waits until what was under way has arrived. */
async function quiet(): Promise<void> {
	for (let before = -1; before < sandbox.requests().length;) {
		before = sandbox.requests().length;
		await new Promise((resolve) => setTimeout(resolve, 300));
	}
}

async function newTag(name = 'Bulk'): Promise<number> {
	const { tag } = await sandbox.ask('POST', '/kit/v4/tags', { name });
	return Number((tag as IDataObject).id);
}

async function tagged(tag: number): Promise<IDataObject[]> {
	return await rows(
		`/kit/v4/tags/${String(tag)}/subscribers?per_page=1000&status=all`,
		'subscribers',
	);
}

describe('many items become few requests', () => {
	test('250 taggings are three requests, with one output item for each item, in order', async () => {
		const tag = await newTag();
		const people = await someSubscribers(250);
		const { json, items } = await run(
			ADD,
			people.map(({ id }) => ({ id, tag })),
		);
		expect(bulkRequests()).toEqual([
			['POST /tags/subscribers', 100],
			['POST /tags/subscribers', 100],
			['POST /tags/subscribers', 50],
		]);
		expect(json.map(({ id }) => id)).toEqual(people.map(({ id }) => id));
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(people.map((_, item) => ({ item })));
		expect(await tagged(tag)).toHaveLength(250);
	});

	test('the same entry is sent once and answered for each item', async () => {
		const tag = await newTag();
		const [one, other] = await someSubscribers(2);
		const items = Array.from({ length: 150 }, (_, index) => ({
			tag,
			id: (index % 3 === 0 ? one : other)?.id,
		}));
		const { json } = await run(ADD, items);
		expect(bulkRequests()).toEqual([['POST /tags/subscribers', 2]]);
		expect(json.map(({ id }) => id)).toEqual(items.map(({ id }) => id));
	});

	test('of two values for the same field the last one stays, also where the first comes again', async () => {
		const [someone] = await someSubscribers(1);
		const [field] = await rows('/kit/v4/custom_fields', 'custom_fields');
		const values = ['blue', 'red', 'blue', 'blue'];
		const { json } = await run(
			setValues(field?.key),
			values.map((value) => ({ value, id: someone?.id })),
		);
		expect(json.map(({ fields }) => (fields as IDataObject)[field?.key as string])).toEqual(values);
		const { subscriber } = await sandbox.ask(
			'GET',
			`/kit/v4/subscribers/${String(Number(someone?.id))}`,
		);
		expect((subscriber as IDataObject).fields).toHaveProperty(field?.key as string, 'blue');
		expect(bulkRequests()).toHaveLength(3);
	});

	test('a subscriber with two tags of which one does not exist gets the one', async () => {
		const tag = await newTag();
		const [someone] = await someSubscribers(1);
		const items = [999_999, tag].map((one) => ({ tag: one, id: someone?.id }));
		const { json } = await run(ADD, items, goingOn);
		expect(json).toEqual([
			{ error: 'Tag does not exist', message: expect.any(String) as string },
			expect.objectContaining({ id: someone?.id }),
		]);
	});
});

describe('what fails', () => {
	test('what waits for it is not sent, and the message says how many went through', async () => {
		const people = await someSubscribers(100);
		const items = [...people, ...people].map(({ id }, index) => ({
			id: index % 100 === 37 ? 42 : id,
			value: index < 100 ? 'first' : 'second',
		}));
		const [field] = await rows('/kit/v4/custom_fields', 'custom_fields');
		const { error } = await run(setValues(field?.key), items);
		expect(error?.message).toBe(
			`custom field “${field?.key as string}”: Subscriber does not exist. 99 of 200 items went through, 1 did not, 100 were not sent.`,
		);
		expect(error?.context).toMatchObject({ itemIndex: 37 });
		const sent = sandbox.requests().flatMap(({ body }) => JSON.stringify(body ?? ''));
		expect(sent.join()).not.toContain('second');
	});

	test('chunks under way together are told of exactly', async () => {
		const tag = await newTag();
		const people = await someSubscribers(900);
		const items = people.map(({ id }, index) => ({ tag, id: index === 137 ? 42 : id }));
		const { error } = await run(ADD, items);
		const done = (await tagged(tag)).length;
		expect(error?.message).toMatch(
			new RegExp(` ${String(done)} of 900 items went through, 1 did not`),
		);
	});

	test('with Continue On Fail every item has its own result', async () => {
		const tag = await newTag();
		const people = await someSubscribers(250);
		const items = people.map(({ id }, index) => ({ tag, id: index % 100 === 7 ? 42 : id }));
		const { json } = await run(ADD, items, goingOn);
		expect(json).toHaveLength(250);
		json.forEach((one, index) => {
			if (index % 100 === 7) expect(one.error).toBe('Subscriber does not exist');
			else expect(one.id).toBe(items[index]?.id);
		});
	});

	test('a wrong value stops the run before its chunk is sent', async () => {
		const tag = await newTag();
		const people = await someSubscribers(150);
		const items = people.map(({ id }, index) => ({ tag, id: index === 120 ? 'nobody' : id }));
		const { error } = await run(ADD, items);
		const done = (await tagged(tag)).length;
		expect(error?.message).toBe(
			`Subscriber must be an ID of digits or an email address, not “nobody”. ${String(done)} of 150 items went through, 1 did not, ${String(149 - done)} were not sent.`,
		);
		expect([0, 100]).toContain(done);
	});

	test('a chunk that Kit refuses as a whole is an error of each of its items', async () => {
		const tag = await newTag();
		const people = await someSubscribers(150);
		sandbox.current.fault({ kind: 'status', status: 422, path: '/kit/v4/bulk', times: 1 });
		const { json } = await run(
			ADD,
			people.map(({ id }) => ({ id, tag })),
			goingOn,
		);
		expect(json.filter(({ error }) => error)).toHaveLength(100);
		expect(await tagged(tag)).toHaveLength(50);
	});

	test('a full queue at Kit is waited for', async () => {
		const tag = await newTag();
		const [someone] = await someSubscribers(1);
		sandbox.current.fault({
			kind: 'status',
			status: 413,
			path: '/kit/v4/bulk',
			headers: { 'retry-after': '1' },
			times: 3,
		});
		const { json, error } = await run(ADD, [{ tag, id: someone?.id }]);
		expect(error).toBeUndefined();
		expect(json).toMatchObject([{ id: someone?.id }]);
	});

	test('of people with several custom fields each, nobody is said to be left out to whom something was sent', async () => {
		sandbox.current.clearFaults();
		const labels = ['One', 'Two', 'Three', 'Four'];
		const keys: string[] = [];
		for (const label of labels) {
			const { custom_field: field } = await sandbox.ask('POST', '/kit/v4/custom_fields', { label });
			keys.push((field as { key: string }).key);
		}
		const path = '/kit/v4/bulk/custom_fields/subscribers';
		const body = { errors: ['Not these'] };
		sandbox.current.fault({ kind: 'status', status: 422, path, body, skip: 1 });
		const values = mapped(Object.fromEntries(keys.map((key) => [key, 'new'])));
		const { error } = await run(
			{ ...setValues(''), customFields: values },
			await someSubscribers(900),
		);
		const changed = sandbox
			.requests()
			.filter(({ request }) => request === `POST ${path}`)
			.map(({ body }) => (body as { custom_field_values: IDataObject[] }).custom_field_values)
			.map((entries) => entries.map(({ subscriber_id: id }) => id));
		const people = new Set(changed.flat());
		expect(people.size).toBeLessThan(900);
		expect(error?.message).toMatch(new RegExp(`, ${String(900 - people.size)} were not sent\\.$`));
	});

	test('a queued chunk is told as what it is', async () => {
		const tag = await newTag();
		const [someone] = await someSubscribers(1);
		sandbox.current.fault({ kind: 'status', status: 202, path: '/kit/v4/bulk', body: {} });
		const { json } = await run(ADD, [{ tag, id: someone?.id }]);
		expect(json).toEqual([{ queued: true, message: expect.stringContaining('later') as string }]);
	});

	test('a response without results is an error and never success', async () => {
		const tag = await newTag();
		const [someone] = await someSubscribers(1);
		sandbox.current.fault({
			kind: 'status',
			status: 200,
			path: '/kit/v4/bulk',
			body: { subscribers: [] },
		});
		const { error } = await run(ADD, [{ tag, id: someone?.id }]);
		expect(error?.message).toContain('it has no “failures”');
	});

	test('an item of which the response says nothing fails, and its error says to run it again', async () => {
		const tag = await newTag();
		const [someone] = await someSubscribers(1);
		const body = { subscribers: [], failures: [] };
		sandbox.current.fault({ kind: 'status', status: 200, path: '/kit/v4/bulk', body });
		const { error } = await run(ADD, [{ tag, id: someone?.id }]);
		expect(error?.message).toContain('does not say what became of this');
		expect(error?.description).toMatch(/^Run the node again for this item/);
	});

	test('a lost answer is asked for again, and nothing is doubled', async () => {
		const people = Array.from({ length: 60 }, (_, index) => ({
			email: `reader${String(index)}@example.com`,
		}));
		sandbox.current.fault({ kind: 'drop', afterHandling: true, path: '/kit/v4/bulk' });
		const before = await rows('/kit/v4/subscribers?status=all&per_page=1000', 'subscribers');
		const { json } = await run(IMPORT, people);
		expect(json.map(({ email_address }) => email_address)).toEqual(
			people.map(({ email }) => email),
		);
		const { pagination } = await sandbox.ask(
			'GET',
			'/kit/v4/subscribers?status=all&per_page=1&include_total_count=true',
		);
		expect(before).toHaveLength(1000);
		expect((pagination as IDataObject).total_count).toBe(1560);
	});

	test('deleting tags again after a lost answer finds them gone, which is success', async () => {
		const ids = [await newTag('One'), await newTag('Two')];
		sandbox.current.fault({ kind: 'drop', afterHandling: true, path: '/kit/v4/bulk/tags' });
		const { json, error } = await run(
			{ resource: 'tag', operation: 'deleteMany', tagId: byId('={{ $json.id }}') },
			ids.map((id) => ({ id })),
		);
		expect(error).toBeUndefined();
		expect(json).toEqual(ids.map((id) => ({ deleted: true, id })));
	});

	test.each([
		['the tag', 999_999, 0],
		['the subscriber', 0, 42],
	])(
		'taking a tag away again after a lost answer fails where %s never existed, and only there',
		async (_, wrongTag, wrongId) => {
			const tag = await newTag();
			const [one, other] = await someSubscribers(2);
			await run(ADD, [{ id: one?.id, tag }]);
			sandbox.current.fault({ kind: 'status', status: 502, path: '/kit/v4/bulk/' });
			const { json } = await run(
				{ ...ADD, operation: 'removeFromSubscribers' },
				[
					{ id: one?.id, tag },
					{ id: wrongId || other?.id, tag: wrongTag || tag },
				],
				goingOn,
			);
			expect(json).toMatchObject([
				{ success: true },
				{ error: expect.stringContaining('does not exist') as string },
			]);
			expect(await tagged(tag)).toEqual([]);
		},
	);

	test('a chunk that is too large for a proxy on the way is sent in parts, and each item has its result', async () => {
		const tag = await newTag();
		const people = await someSubscribers(90);
		const ids = [...people.map(({ id }) => id), 42];
		const tooLarge = { kind: 'notJson', status: 413, path: '/kit/v4/bulk/tags' } as const;
		sandbox.current.fault({ ...tooLarge, times: 2 });
		const { json } = await run(
			ADD,
			ids.map((id) => ({ id, tag })),
			goingOn,
		);
		expect(json.map(({ id, error }) => id ?? error)).toEqual([
			...people.map(({ id }) => id),
			'Subscriber does not exist',
		]);
		expect(bulkRequests().map(([, entries]) => entries)).toEqual([91, 46, 45, 23, 23]);
	});

	test('an entry that is too large for a proxy by itself is an error of its item', async () => {
		const tag = await newTag();
		const people = await someSubscribers(2);
		sandbox.current.fault({ kind: 'notJson', status: 413, path: '/kit/v4/bulk/tags', times: 2 });
		const { json } = await run(
			ADD,
			people.map(({ id }) => ({ id, tag })),
			goingOn,
		);
		expect(json).toMatchObject([{ error: expect.any(String) as string }, { id: people[1]?.id }]);
	});

	test('a tag that is not there is an error of its item', async () => {
		const id = await newTag();
		const { json } = await run(
			{ resource: 'tag', operation: 'deleteMany', tagId: byId('={{ $json.id }}') },
			[{ id: 999_999 }, { id }],
			goingOn,
		);
		expect(json).toMatchObject([{ error: 'Tag does not exist' }, { deleted: true, id }]);
	});

	test('cancelling sends nothing more', async () => {
		const tag = await newTag();
		const people = await someSubscribers(1000);
		let arrived = 0;
		const { run: finished } = await run(
			ADD,
			[...people, ...people].map(({ id }) => ({ id, tag })),
			{
				whileRunning: (cancel) => {
					void firstAnswer().then(() => {
						arrived = bulkRequests().length;
						cancel();
					});
				},
			},
		);
		expect(finished.status).toBe('canceled');
		await quiet();
		// Ten of them start in the first second.
		expect(bulkRequests().length).toBeLessThanOrEqual(arrived + 10);
	});
});

describe('subscribers by email address', () => {
	test('are looked up, 100 with one request, and an unknown one is an error of its item', async () => {
		const tag = await newTag();
		const people = await someSubscribers(120);
		const items = [
			...people.map(({ email_address }) => ({
				email: (email_address as string).toUpperCase(),
				tag,
			})),
			{ email: 'nobody@example.com', tag },
		];
		const { json } = await run(ADD_BY_EMAIL, items, goingOn);
		expect(json.slice(0, 120).map(({ id }) => id)).toEqual(people.map(({ id }) => id));
		expect(json[120]).toMatchObject({
			error: 'Kit knows no subscriber with the email address nobody@example.com',
		});
		expect(bulkRequests()).toEqual([
			['POST /tags/subscribers', 100],
			['POST /tags/subscribers', 20],
		]);
		expect(await tagged(tag)).toHaveLength(120);
	});

	test('are created where the item allows it, and only there', async () => {
		const tag = await newTag();
		const items = [
			{ email: 'one@example.com', tag, create: true },
			{ email: 'two@example.com', tag, create: false },
			{ email: 'three@example.com', tag, create: true },
			{ email: 'ONE@example.com', tag, create: true },
		];
		const { json } = await run(
			{ ...ADD_BY_EMAIL, options: { createSubscribers: '={{ $json.create }}' } },
			items,
			goingOn,
		);
		expect(json).toMatchObject([
			{ email_address: 'one@example.com' },
			{ error: 'Kit knows no subscriber with the email address two@example.com' },
			{ email_address: 'three@example.com' },
			{ email_address: 'one@example.com' },
		]);
		expect(await tagged(tag)).toHaveLength(2);
	});

	test('and by id, mixed, are the same subscriber, who is tagged once', async () => {
		const tag = await newTag();
		const [someone] = await someSubscribers(1);
		const { json } = await run(
			{ ...ADD, subscriberId: byId('={{ $json.who }}') },
			[someone?.id, someone?.email_address].map((who) => ({ who, tag })),
		);
		expect(json.map(({ id }) => id)).toEqual([someone?.id, someone?.id]);
		expect(bulkRequests()).toEqual([['POST /tags/subscribers', 1]]);
	});
});

describe('a spreadsheet of people', () => {
	const WITH_ALL: INodeParameters = {
		...IMPORT,
		firstName: '={{ $json.name }}',
		tags: '={{ $json.tags }}',
		additionalFields: {
			customFieldsJson: '={{ JSON.stringify({ [$json.field]: $json.value }) }}',
			createTags: '={{ $json.create ?? true }}',
		},
	};

	test('becomes subscribers with fields and tags, three requests for 100 people', async () => {
		const [field] = await rows('/kit/v4/custom_fields', 'custom_fields');
		const people = Array.from({ length: 300 }, (_, index) => ({
			email: `person${String(index)}@example.com`,
			name: `Person ${String(index)}`,
			field: field?.key,
			value: `Value ${String(index)}`,
			tags: index % 2 === 0 ? 'Even' : 'Odd',
		}));
		const { json } = await run(WITH_ALL, people);
		expect(json).toHaveLength(300);
		expect(json[7]).toMatchObject({
			email_address: 'person7@example.com',
			first_name: 'Person 7',
			fields: { [field?.key as string]: 'Value 7' },
			tags: ['Odd'],
		});
		expect(sandbox.requests()).toHaveLength(2 + 1 + 9);
		const tags = await rows('/kit/v4/tags?per_page=1000', 'tags');
		const odd = Number(tags.find(({ name }) => name === 'Odd')?.id);
		expect(await tagged(odd)).toHaveLength(150);
		const { subscriber } = await sandbox.ask(
			'GET',
			`/kit/v4/subscribers/${String(Number(json[7]?.id))}`,
		);
		expect((subscriber as IDataObject).fields).toHaveProperty(field?.key as string, 'Value 7');
	});

	test('has a result for every row', async () => {
		const [field] = await rows('/kit/v4/custom_fields', 'custom_fields');
		const right = { name: 'A', field: field?.key, value: 'x', tags: '' };
		const { json } = await run(
			WITH_ALL,
			[
				{ ...right, email: 'one@example.com' },
				{ ...right, email: 'two@example' },
				{ ...right, email: 'no address' },
				{ ...right, email: 'four@example.com', field: 'unknown_key' },
				{ ...right, email: 'five@example.com', tags: 'Unknown', create: false },
			],
			goingOn,
		);
		expect(json).toMatchObject([
			{ email_address: 'one@example.com' },
			{ error: 'Email address is invalid' },
			{ error: 'Email Address must be an email address, not “no address”' },
			{
				error:
					'Custom Fields (JSON): the account has no custom field called “unknown_key”. No name is near it; a new one shows in Kit’s list after up to five minutes',
			},
			{
				error:
					'Tags: the account has no tag called “Unknown”. No name is near it; a new one shows in Kit’s list after up to five minutes',
			},
		]);
		const emails = (await someSubscribers(10)).map(({ email_address }) => email_address);
		expect(emails).toContain('one@example.com');
		expect(emails).not.toContain('four@example.com');
	});

	test('says which part of a row could not be done', async () => {
		const tag = await newTag('vip');
		const [field] = await rows('/kit/v4/custom_fields', 'custom_fields');
		sandbox.current.fault({ kind: 'status', status: 422, path: '/kit/v4/bulk/tags/subscribers' });
		const { json } = await run(
			WITH_ALL,
			[{ email: 'one@example.com', name: 'A', field: field?.key, value: 'x', tags: tag }],
			goingOn,
		);
		expect(json[0]?.error).toMatch(
			new RegExp(`^The subscriber was saved, but not everything; tag “${String(tag)}”: `),
		);
	});

	test('with the same person twice keeps the last row', async () => {
		const { json } = await run(
			{ ...IMPORT, firstName: '={{ $json.name }}' },
			['First', 'Second'].map((name) => ({ email: 'one@example.com', name })),
		);
		expect(json.map(({ first_name }) => first_name)).toEqual(['First', 'Second']);
		const [someone] = await someSubscribers(1);
		expect(someone).toMatchObject({ email_address: 'one@example.com', first_name: 'Second' });
	});
});

test.each(WAYS)('one item of a bulk operation fails with its own error, run by %s', async (way) => {
	const tag = await newTag();
	const { error } = await run(ADD, [{ tag, id: 42 }], { way });
	expect(error?.message).toContain('Subscriber does not exist');
});

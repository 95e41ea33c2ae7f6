import type {
	ICredentialDataDecryptedObject,
	INodeListSearchResult,
	INodeParameters,
	INodePropertyOptions,
} from 'n8n-workflow';
import { kitNode, loadOptionsContext, runKit, WAYS } from '../support/n8n';
import { useSandbox } from '../support/sandbox';

const sandbox = useSandbox({ subscribers: 2500 });

async function search(
	method: string,
	filter?: string,
	cursor?: string,
): Promise<INodeListSearchResult> {
	return await searchWith(sandbox.credential, method, filter, cursor);
}

async function searchWith(
	credential: ICredentialDataDecryptedObject,
	method: string,
	filter?: string,
	cursor?: string,
): Promise<INodeListSearchResult> {
	const found = (await kitNode()).methods?.listSearch?.[method];
	if (!found) throw new Error(`No ${method}`);
	return await found.call(await loadOptionsContext(credential), filter, cursor);
}

describe('From List', () => {
	test('shows the tags of the account by name, with their ids', async () => {
		const { results, paginationToken } = await search('searchTags');
		expect(results).toHaveLength(12);
		expect(results).toContainEqual({ name: 'VIP', value: expect.any(Number) as number });
		expect(paginationToken).toBeUndefined();
	});

	test('finds tags by what is typed', async () => {
		const { results } = await search('searchTags', 'vip');
		expect(results.map(({ name }) => name)).toEqual(['VIP']);
	});

	test('finds names in whatever form a keyboard gives their accents', async () => {
		await sandbox.ask('POST', '/kit/v4/tags', { name: 'Café' });
		await sandbox.ask('POST', '/kit/v4/tags', { name: 'Cre\u0301me' });
		expect((await search('searchTags', 'CAFE\u0301')).results).toHaveLength(1);
		expect((await search('searchTags', 'crém')).results).toHaveLength(1);
	});

	test('has a word for what has no name yet', async () => {
		const body = { posts: [{ id: 71, title: '' }], pagination: { has_next_page: false } };
		sandbox.current.fault({ kind: 'status', status: 200, body, path: '/kit/v4/posts' });
		expect((await search('searchPosts')).results).toEqual([
			{ name: 'Without a name (71)', value: 71 },
		]);
	});

	test('creates a tag with the name that was typed, and nothing without a name', async () => {
		const create = (await kitNode()).methods?.actionHandler?.createTypedTag;
		const context = await loadOptionsContext(sandbox.credential);
		expect(await create?.call(context, { name: ' ' })).toBe(false);
		const id = await create?.call(context, { name: ' Typed ' });
		const { tags } = await sandbox.ask('GET', '/kit/v4/tags');
		expect(tags).toContainEqual(expect.objectContaining({ id, name: 'Typed' }));
	});

	test('shows connections by the names of their accounts, that of the credential first', async () => {
		const { results } = await search('searchAccounts');
		const { main, second } = sandbox.current.connections;
		expect(results[0]).toEqual({ name: 'From Credential', value: 'credential' });
		expect(results).toContainEqual({
			name: expect.stringMatching(/^Ada Writes \(.+@.+\)$/) as string,
			value: main,
		});
		const found = (await search('searchConnections', 'ada wri')).results;
		expect(found).toContainEqual(results[1]);
		expect(found.filter(({ name }) => !name.startsWith('Ada Writes'))).toEqual([]);
		const method = (await kitNode()).methods?.listSearch?.searchTags;
		const context = await loadOptionsContext(sandbox.credential, {
			connection: { __rl: true, mode: 'list', value: second },
		});
		const ofSecond = await method?.call(context);
		expect(ofSecond?.results).not.toEqual((await search('searchTags')).results);
	});

	test('says why an empty list is empty', async () => {
		sandbox.current.fault({
			kind: 'status',
			status: 200,
			body: { tags: [], pagination: { has_next_page: false } },
		});
		const { results } = await search('searchTags');
		expect(results).toEqual([
			{ name: 'There are no tags in this account yet: create one first', value: '' },
		]);
		expect((await search('searchTags', 'no such tag')).results).toEqual([]);
	});

	test('shows the tags of the connection that is chosen', async () => {
		const other = { ...sandbox.credential, connectionId: sandbox.current.connections.second };
		const { results } = await searchWith(other, 'searchTags');
		expect(results).not.toEqual((await search('searchTags')).results);
	});

	test('shows subscribers portion by portion, each once', async () => {
		const seen = new Set<unknown>();
		let cursor: string | undefined;
		for (let portions = 0; portions < 3; portions++) {
			const { results, paginationToken } = await search('searchSubscribers', '', cursor);
			expect(results).toHaveLength(100);
			for (const { value } of results) seen.add(value);
			cursor = typeof paginationToken === 'string' ? paginationToken : undefined;
		}
		expect(seen.size).toBe(300);
	});

	test('finds a subscriber by part of the address, however far down the list', async () => {
		const { subscribers } = await sandbox.ask(
			'GET',
			'/kit/v4/subscribers?sort_order=asc&per_page=1',
		);
		const [last] = subscribers as { id: number; email_address: string }[];
		const { results } = await search('searchSubscribers', last?.email_address.split('@')[0]);
		expect(results.map(({ value }) => value)).toContain(last?.id);
	});

	test('finds a subscriber by the whole address with one request, whatever their state', async () => {
		const { subscribers } = await sandbox.ask('GET', '/kit/v4/subscribers?status=cancelled');
		const [gone] = subscribers as { id: number; email_address: string }[];
		const { results } = await search('searchSubscribers', gone?.email_address.toUpperCase());
		expect(results).toEqual([
			{ name: expect.stringContaining(String(gone?.email_address)) as string, value: gone?.id },
		]);
		expect(sandbox.requests()).toHaveLength(1);
	});

	test('shows the connections of the key with their status', async () => {
		const { results } = await search('searchConnections', 'pending');
		const { pending } = sandbox.current.connections;
		expect(results).toEqual([{ name: `${pending} (pending)`, value: pending }]);
	});

	test('says what is wrong instead of showing an empty list', async () => {
		const search = searchWith({ ...sandbox.credential, apiKey: 'wrong' }, 'searchTags');
		await expect(search).rejects.toThrow('did not accept the API key');
	});
});

describe('options from the account', () => {
	const load = async (method: string): Promise<INodePropertyOptions[]> => {
		const found = (await kitNode()).methods?.loadOptions?.[method];
		const context = await loadOptionsContext(sandbox.credential);
		return (await found?.call(context)) ?? [];
	};

	test('custom fields are shown by label, for their key', async () => {
		const { custom_fields } = await sandbox.ask('GET', '/kit/v4/custom_fields');
		const fields = custom_fields as { id: number; key: string; label: string }[];
		const options = await load('getCustomFieldKeys');
		expect(options).toHaveLength(fields.length);
		for (const { key, label } of fields) {
			expect(options).toContainEqual({ name: label, value: key });
		}
		expect(await load('getCustomFieldIds')).toContainEqual({
			name: fields[0]?.label,
			value: fields[0]?.id,
		});
	});

	test('broadcasts are loaded without their content, which nobody sees there', async () => {
		expect(await load('getBroadcasts')).not.toEqual([]);
		expect(sandbox.requests()).toEqual([
			expect.objectContaining({ query: { per_page: '1000', slim: 'true' } }),
		]);
	});

	test('tags are shown by name, in the order of the alphabet', async () => {
		const names = (await load('getTags')).map(({ name }) => name);
		expect(names).toContain('VIP');
		expect(names).toEqual([...names].sort((one, other) => one.localeCompare(other)));
	});
});

describe.each(WAYS)('expressions, run by %s', (way) => {
	const person = { email_address: 'expr@example.com', first_name: 'Eve' };

	test.each([
		['list', 'id'],
		['id', 'id'],
		['id', 'email'],
		['email', 'email'],
		['list', 'email'],
	])('in mode %s, one that gives the %s', async (mode, given) => {
		const { subscriber } = await sandbox.ask('POST', '/kit/v4/subscribers', person);
		const { id } = subscriber as { id: number };
		const subscriberId: INodeParameters = { __rl: true, mode, value: `={{ $json.${given} }}` };
		const { json, error } = await runKit({
			way,
			credential: sandbox.credential,
			items: [{ id, email: person.email_address }],
			parameters: { resource: 'subscriber', operation: 'get', subscriberId },
		});
		expect(error).toBeUndefined();
		expect(json).toMatchObject([person]);
	});

	test('in a tag, in both its modes, from a number or its digits', async () => {
		const { tag } = await sandbox.ask('POST', '/kit/v4/tags', { name: 'Chosen' });
		const { id } = tag as { id: number };
		for (const mode of ['list', 'id']) {
			const { json } = await runKit({
				way,
				credential: sandbox.credential,
				items: [{ id }, { id: ` ${String(id)} ` }],
				parameters: {
					resource: 'tag',
					operation: 'update',
					tagId: { __rl: true, mode, value: '={{ $json.id }}' },
					name: 'Chosen',
				},
			});
			expect(json).toMatchObject([{ id }, { id }]);
		}
	});

	test('an address that nobody has is said', async () => {
		for (const operation of ['get', 'getTags']) {
			const { error } = await runKit({
				way,
				credential: sandbox.credential,
				parameters: {
					resource: 'subscriber',
					operation,
					subscriberId: { __rl: true, mode: 'email', value: 'nobody@example.com' },
				},
			});
			expect(error?.message).toBe(
				'Kit knows no subscriber with the email address nobody@example.com',
			);
			expect(error?.httpCode).toBe('404');
		}
	});
});

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { describedOperations } from '../support/description';
import { kitNode, loadOptionsContext, runKit, WAYS } from '../support/n8n';
import { useSandbox } from '../support/sandbox';
import type { Known } from './cases/case';
import { byEmail, byId } from './cases/case';
import { findKnown } from './cases/prepare';

const sandbox = useSandbox();

let known: Known;

beforeEach(async () => {
	known = await findKnown(sandbox.ask);
});

interface Schema {
	type: string;
	properties?: Record<string, Schema>;
}

/** How many fields a record has, those in objects counted one by one. */
function width({ properties = {} }: Schema): number {
	const widths = Object.values(properties).map((one) => (one.properties ? width(one) : 1));
	return widths.reduce((sum, one) => sum + one, 0);
}

const SCHEMAS = resolve(__dirname, '../../nodes/Kit/__schema__/v1.0.0');

test('every operation with more than ten fields, or with subscribers, has Output', async () => {
	const { properties } = (await kitNode()).description;
	const without: string[] = [];
	for (const { resource, option } of await describedOperations()) {
		const operation = String(option.value);
		if (operation === 'export') continue;
		const file = resolve(SCHEMAS, resource, `${operation}.json`);
		const schema = JSON.parse(readFileSync(file, 'utf8')) as Schema;
		const isSubscriber = ['email_address', 'first_name'].every(
			(name) => schema.properties?.[name] !== undefined,
		);
		const has = properties.some(
			({ name, displayOptions: { show = {} } = {} }) =>
				name === 'output' &&
				show.resource?.includes(resource) === true &&
				show.operation?.includes(operation) === true,
		);
		if (!has && (width(schema) > 10 || isSubscriber)) without.push(`${resource}.${operation}`);
	}
	expect(without).toEqual([]);
});

test('fields are chosen from those of every subscriber and the custom fields of the account', async () => {
	const load = (await kitNode()).methods?.loadOptions?.getSubscriberFields;
	const options = (await load?.call(await loadOptionsContext(sandbox.credential))) ?? [];
	expect(options[0]).toEqual({ name: 'ID', value: 'id' });
	expect(options).toContainEqual({ name: 'Last name', value: 'last_name' });
	expect(options).toContainEqual({ name: 'Email Address', value: 'email_address' });
	await sandbox.ask('POST', '/kit/v4/custom_fields', { label: 'State' });
	const again = (await load?.call(await loadOptionsContext(sandbox.credential))) ?? [];
	expect(again.filter(({ name }) => name === 'State').map(({ value }) => value)).toEqual([
		'state',
		'field_state',
	]);
});

describe('fields that are selected and not there', () => {
	async function hintsOf(outputFields: INodeParameters[string], items: IDataObject[] = [{}]) {
		const { error, json, run } = await runKit({
			credential: sandbox.credential,
			parameters: {
				resource: 'subscriber',
				operation: 'getAll',
				limit: 1,
				output: 'selected',
				outputFields,
			},
			items,
		});
		expect(error).toBeUndefined();
		const hints = run.data.resultData.runData.Kit?.[0]?.hints ?? [];
		return { json, hints: hints.map(({ message }) => message) };
	}

	test.each(['Company', 'fields.company', 'toString', 'constructor', '__proto__'])(
		'are said: %s',
		async (name) => {
			const { hints, json } = await hintsOf(['company', name]);
			expect(Object.keys(json[0] ?? {})).toEqual(['id', 'company']);
			expect(hints).toEqual([
				`Output: Kit returned records without “${name}”. Custom fields are called by their keys.`,
			]);
		},
	);

	test('are not said a thousand times', async () => {
		const items = Array.from({ length: 14 }, () => ({}));
		const { hints } = await hintsOf('={{ "none" + $itemIndex }}', items);
		expect(hints).toHaveLength(11);
		expect(hints.at(-1)).toBe('There are 4 more notes such as these.');
	});
});

test('a custom field keeps its value whatever it is called', async () => {
	const fields = JSON.parse('{"__proto__": "a", "constructor": "b", "fields": "c"}') as IDataObject;
	const subscriber = { id: 7, first_name: 'Ada', email_address: 'a@example.com', state: 'active' };
	const created_at = '2026-01-01T00:00:00Z';
	const body = { subscriber: { ...subscriber, created_at, fields } };
	sandbox.current.fault({ kind: 'status', status: 200, path: '/kit/v4/subscribers/7', body });
	const { json } = await runKit({
		credential: sandbox.credential,
		parameters: {
			resource: 'subscriber',
			operation: 'get',
			subscriberId: byId(7),
			output: 'simplified',
		},
	});
	expect(Object.entries(json[0] ?? {}).slice(-3)).toEqual(Object.entries(fields));
});

describe.each(WAYS)('run by %s', (way) => {
	async function run(operation: string, parameters: INodeParameters): Promise<IDataObject[]> {
		const [resource = '', value = ''] = operation.split('.');
		const { json, error } = await runKit({
			way,
			credential: sandbox.credential,
			parameters: { resource, operation: value, ...parameters },
		});
		expect(error).toBeUndefined();
		return json;
	}

	test('a simplified subscriber has the custom fields beside the others, and nothing less', async () => {
		const subscriberId = byId(known.subscriber);
		const [raw = {}] = await run('subscriber.get', { subscriberId });
		const { fields, ...others } = raw;
		const [simplified = {}] = await run('subscriber.get', { subscriberId, output: 'simplified' });
		expect(simplified).toEqual({ ...others, ...(fields as IDataObject) });
		expect(Object.keys(simplified).slice(0, 3)).toEqual(['id', 'email_address', 'first_name']);
	});

	test('a custom field that is called as a field of subscribers is kept under another name', async () => {
		const values: Record<string, string> = {};
		for (const label of ['State', 'Tags', 'ID', 'Field state']) {
			const { custom_field: made } = await sandbox.ask('POST', '/kit/v4/custom_fields', { label });
			values[(made as { key: string }).key] = `my ${label}`;
		}
		await sandbox.ask('PUT', `/kit/v4/subscribers/${String(known.subscriber)}`, { fields: values });
		const parameters = { subscriberId: byId(known.subscriber), output: 'simplified' };
		const [subscriber = {}] = await run('subscriber.get', parameters);
		expect(subscriber).toMatchObject({
			id: known.subscriber,
			state: 'active',
			field_id: 'my ID',
			field_tags: 'my Tags',
		});
		expect(Object.values(subscriber)).toEqual(
			expect.arrayContaining(['my State', 'my Tags', 'my ID', 'my Field state']),
		);
	});

	test('selected fields come in their order, and the ID always', async () => {
		const [subscriber = {}] = await run('subscriber.getAll', {
			limit: 1,
			output: 'selected',
			outputFields: ['company', 'email_address', 'nothing'],
		});
		expect(Object.keys(subscriber)).toEqual(['id', 'company', 'email_address']);
		const [by = {}] = await run('subscriber.get', {
			subscriberId: byEmail(known.email),
			output: 'selected',
			outputFields: '={{ "first_name, state" }}',
		});
		expect(Object.keys(by)).toEqual(['id', 'first_name', 'state']);
	});

	test.each<[string, (known: Known) => INodeParameters, string[]]>([
		['account.get', () => ({}), ['id', 'name', 'primary_email_address']],
		['broadcast.get', ({ broadcast }) => ({ broadcastId: byId(broadcast) }), ['id', 'content']],
		['broadcast.getStats', ({ broadcast }) => ({ broadcastId: byId(broadcast) }), ['open_rate']],
		['purchase.getAll', () => ({ limit: 1 }), ['id', 'transaction_id', 'email_address']],
		['sequence.getAll', () => ({ limit: 1 }), ['id', 'name']],
		[
			'snippet.get',
			({ blockSnippet }) => ({ snippetId: byId(blockSnippet) }),
			['key', 'value_html'],
		],
		['subscriber.getStats', ({ subscriber }) => ({ subscriberId: byId(subscriber) }), ['opened']],
		['post.getAll', () => ({ limit: 1 }), ['id', 'title', 'public_url']],
	])('%s simplified has ten fields at most, and those that later nodes need', async (...the) => {
		const [operation, parameters, needed] = the;
		const [simplified = {}] = await run(operation, { ...parameters(known), output: 'simplified' });
		expect(Object.keys(simplified).length).toBeLessThanOrEqual(10);
		expect(Object.keys(simplified)).toEqual(expect.arrayContaining(needed));
	});

	test('a list leaves out the content of emails where it is simplified', async () => {
		const rows = await run('broadcast.getAll', { limit: 2, output: 'simplified' });
		expect(rows.map((row) => 'content' in row)).toEqual([false, false]);
	});

	test('how many there are stays how many, however records are output', async () => {
		const only = { options: { onlyCount: true }, output: 'selected', outputFields: ['state'] };
		expect(await run('subscriber.getAll', only)).toEqual([
			{ total_count: expect.any(Number) as number },
		]);
	});

	test('bulk operations output what is chosen as well', async () => {
		const tagId = byId(known.tag);
		const subscriberId = byId(known.subscriber);
		const parameters = { tagId, subscriberId, output: 'selected', outputFields: ['email_address'] };
		expect(await run('tag.addToSubscribers', parameters)).toEqual([
			{ id: known.subscriber, email_address: known.email },
		]);
	});
});

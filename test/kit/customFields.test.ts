import type { IDataObject, INodeParameters, INodeProperties } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import type { KitResult } from '../support/n8n';
import { kitInWorkflow, kitNode, loadOptionsContext, runKit, WAYS } from '../support/n8n';
import { useSandbox } from '../support/sandbox';
import type { Known } from './cases/case';
import { byId, mapped, mappedByColumns } from './cases/case';
import { findKnown } from './cases/prepare';

const sandbox = useSandbox();

let known: Known;

beforeEach(async () => {
	known = await findKnown(sandbox.ask);
	sandbox.current.log.length = 0;
});

const sent = () => sandbox.requests().map(({ request }) => request);
const writes = () => sandbox.requests().filter(({ request }) => !request.startsWith('GET'));

/** What the last write to Kit has for the custom fields. */
const fieldsSent = () => (writes().at(-1)?.body as IDataObject | undefined)?.fields;

describe.each(WAYS)('run by %s', (way) => {
	const run = async (
		operation: string,
		parameters: INodeParameters,
		items: IDataObject[] = [{}],
		more: Partial<Parameters<typeof runKit>[0]> = {},
	) => {
		const [resource = '', value = ''] = operation.split('.');
		return await runKit({
			way,
			credential: sandbox.credential,
			parameters: { resource, operation: value, ...parameters },
			items,
			...more,
		});
	};
	const save = async (more: INodeParameters, item: IDataObject = {}) =>
		await run('subscriber.create', { emailAddress: 'new@example.com', ...more }, [item]);

	test('columns of the input find custom fields by key, label and in other capitals', async () => {
		const { error } = await save(
			{ customFields: mappedByColumns },
			{
				Email: 'other@example.com',
				'First name': 'Ada',
				last_name: 'Lovelace',
				'Job title': 'Countess',
				COMPANY: 'Engines & Co',
				nested: { any: 'thing' },
			},
		);
		expect(error).toBeUndefined();
		expect(fieldsSent()).toEqual({
			last_name: 'Lovelace',
			job_title: 'Countess',
			company: 'Engines & Co',
		});
	});

	test('a column that is empty or missing takes nothing away', async () => {
		await save(
			{ customFields: mappedByColumns },
			{ last_name: '', company: null, job_title: '  ', website: 'https://example.com' },
		);
		expect(fieldsSent()).toEqual({ website: 'https://example.com' });
		await save({ customFields: mapped({ last_name: '={{ $json.none }}', company: '' }) });
		expect(writes().at(-1)?.body).toEqual({ email_address: 'new@example.com' });
	});

	test.each([
		['5', 5],
		['true', true],
		['0', 0],
		['false', false],
	])('what a column has is sent as the text “%s”', async (text, value) => {
		await save({ customFields: mappedByColumns }, { lead_score: value });
		expect(fieldsSent()).toEqual({ lead_score: text });
	});

	test('a column with an object is refused by its name, where it is a custom field', async () => {
		const { error } = await save({ customFields: mappedByColumns }, { Company: { name: 'A' } });
		expect(error?.message).toBe('Custom Fields must have text in “Company”, not an object');
		expect(writes()).toEqual([]);
	});

	test('two columns for one custom field are refused where they differ', async () => {
		const twice = { 'Last name': 'Lovelace', last_name: 'Lovelace' };
		expect((await save({ customFields: mappedByColumns }, twice)).error).toBeUndefined();
		const { error } = await save(
			{ customFields: mappedByColumns },
			{ ...twice, last_name: 'Byron' },
		);
		expect(error?.message).toBe(
			'Custom Fields has two values for one custom field: “Last name” and “last_name” are the same',
		);
	});

	test.each([
		['subscriber.create', 'Custom Fields', { customFields: mapped({ compnay: 'Acme' }) }],
		['subscriber.createMany', 'Custom Fields', { customFields: mapped({ compnay: 'Acme' }) }],
		[
			'subscriber.create',
			'Custom Fields (JSON)',
			{ additionalFields: { customFieldsJson: '{"compnay": "Acme"}' } },
		],
		[
			'subscriber.create',
			'Emptied Custom Field Names or IDs',
			{ additionalFields: { emptiedCustomFields: ['compnay'] } },
		],
	])('%s refuses in %s a field that the account does not have', async (...the) => {
		const [operation, label, more] = the;
		const { error } = await run(operation, { emailAddress: 'new@example.com', ...more });
		expect(error?.message).toBe(
			`${label}: the account has no custom field called “compnay”. Near it: “Company”, “company”`,
		);
		expect(writes()).toEqual([]);
	});

	test('a field that was deleted since the form was filled in is refused by its key', async () => {
		await sandbox.ask('DELETE', `/kit/v4/custom_fields/${String(known.fieldId)}`);
		sandbox.current.log.length = 0;
		const schema = [{ id: known.field, displayName: 'Last name' }] as never;
		const { error } = await save({
			customFields: { ...mapped({ [known.field]: 'x' }), schema },
		});
		expect(error?.message).toContain(`the account has no custom field called “${known.field}”`);
		expect(writes()).toEqual([]);
	});

	test('a field that Kit’s list does not have yet is looked for again', async () => {
		sandbox.current.settings.lagMs = 2000;
		await sandbox.ask('POST', '/kit/v4/custom_fields', { label: 'Shoe size' });
		const { error } = await save({ customFields: mapped({ shoe_size: '39' }) });
		expect(error).toBeUndefined();
		expect(fieldsSent()).toEqual({ shoe_size: '39' });
	});

	test.each<[string, unknown, IDataObject | undefined]>([
		[
			'values by key or label',
			{ company: 'Acme', 'Last name': 'Lovelace' },
			{ company: 'Acme', last_name: 'Lovelace' },
		],
		['the same as JSON', '{"company": "Acme"}', { company: 'Acme' }],
		['a form as JSON', JSON.stringify(mapped({ company: 'Acme' })), { company: 'Acme' }],
		['nothing', undefined, undefined],
		['an empty text', ' ', undefined],
		['no values', {}, undefined],
	])('an expression in place of the form may give %s', async (...the) => {
		const [, fields, expected] = the;
		const { error } = await save(
			{ customFields: '={{ $json.fields }}' },
			{ fields: fields as IDataObject },
		);
		expect(error).toBeUndefined();
		expect(fieldsSent()).toEqual(expected);
	});

	test('a subscriber of Kit’s is mapped without what is no custom field of theirs', async () => {
		for (const label of ['State', 'Tags']) {
			await sandbox.ask('POST', '/kit/v4/custom_fields', { label });
		}
		const ofKit = {
			id: 7,
			email_address: 'a@example.com',
			state: 'active',
			created_at: '2026-01-01T00:00:00Z',
			tags: [{ id: 1 }],
			company: 'Acme',
		};
		for (const [columns, fields] of [
			[ofKit, { company: 'Acme' }],
			[
				{ ...ofKit, field_state: 'Oregon' },
				{ company: 'Acme', state: 'Oregon' },
			],
			[
				{ state: 'Oregon', tags: 'a, b' },
				{ state: 'Oregon', tags: 'a, b' },
			],
		] as [IDataObject, IDataObject][]) {
			expect((await save({ customFields: mappedByColumns }, columns)).error).toBeUndefined();
			expect(fieldsSent()).toEqual(fields);
		}
	});

	test('names with blanks around them find their fields, as the heads of a file have them', async () => {
		const columns = { '\ufeffLast name': 'Lovelace', ' company ': 'Acme' };
		for (const customFields of [mappedByColumns, '={{ $json }}']) {
			expect((await save({ customFields }, columns)).error).toBeUndefined();
			expect(fieldsSent()).toEqual({ last_name: 'Lovelace', company: 'Acme' });
		}
	});

	test('two fields of one name are told apart by their keys', async () => {
		const field = (id: number, label: string, key: string) => ({
			id,
			label,
			key,
			name: `ck_field_${String(id)}_${key}`,
		});
		sandbox.current.fault({
			kind: 'status',
			status: 200,
			path: '/kit/v4/custom_fields',
			times: 2,
			body: {
				custom_fields: [field(1, 'Plan', 'plan'), field(2, 'PLAN', 'plan_2')],
				pagination: {
					has_previous_page: false,
					has_next_page: false,
					start_cursor: null,
					end_cursor: null,
					per_page: 1000,
				},
			},
		});
		const { error } = await save({ customFields: mappedByColumns }, { pLAN: 'x' });
		expect(error?.message).toBe(
			'Custom Fields: more than one custom field of the account is called “pLAN”. Call it by its key: “plan”, “plan_2”',
		);
		await save({ customFields: mappedByColumns }, { PLAN: 'x', plan: 'y' });
		expect(fieldsSent()).toEqual({ plan_2: 'x', plan: 'y' });
	});

	test('what is to be emptied is, whatever the form has, and JSON counts more than the form', async () => {
		await save({
			customFields: mapped({ company: 'Acme', last_name: 'Lovelace' }),
			additionalFields: {
				customFieldsJson: '{"last_name": "Byron"}',
				emptiedCustomFields: ['Company'],
			},
		});
		expect(fieldsSent()).toEqual({ company: '', last_name: 'Byron' });
	});

	test('First Name and Fields to Empty do not go together unseen', async () => {
		const { run: finished } = await run('subscriber.update', {
			subscriberId: byId(known.subscriber),
			firstName: 'Ada',
			updateFields: { fieldsToEmpty: ['first_name'] },
		});
		expect(writes()[0]?.body).toEqual({ first_name: null });
		if (way === 'declarative') return;
		const hints = finished.data.resultData.runData.Kit?.[0]?.hints ?? [];
		expect(hints.map(({ message }) => message)).toEqual([
			'First Name was filled in, and cleared because Fields to Empty names it.',
		]);
	});

	test('an update whose columns are no custom fields changes nothing, and says so', async () => {
		const { error } = await run(
			'subscriber.update',
			{ subscriberId: byId(known.subscriber), customFields: mappedByColumns },
			[{ Email: 'a@example.com' }],
		);
		expect(error?.message).toContain('Nothing would change');
		expect(writes()).toEqual([]);
	});

	describe('columns that are no custom field', () => {
		const hintsOf = ({ run: finished }: KitResult) =>
			(finished.data.resultData.runData.Kit?.[0]?.hints ?? []).map(({ message }) => message);

		/** n8n shows hints of nodes that it does not run on its declarative engine. */
		const expected = (...hints: string[]) => (way === 'customOperations' ? hints : []);

		const withColumns = {
			emailAddress: '={{ $json.Mail }}',
			customFields: mappedByColumns,
		};

		test.each(['subscriber.create', 'subscriber.createMany'])(
			'%s names them once for all items, with the fields that may be meant',
			async (operation) => {
				await sandbox.ask('POST', '/kit/v4/custom_fields', { label: 'Birth Day' });
				const items = [1, 2, 3].map((n) => ({
					Mail: `column${String(n)}@example.com`,
					notes: 'Likes engines',
					birthday_: '1815-12-10',
					'First name': 'Ada',
					company: 'Engines & Co',
				}));
				const result = await run(operation, withColumns, items);
				expect(result.error).toBeUndefined();
				expect(hintsOf(result)).toEqual(
					expected(
						'Custom Fields left out what the account has no custom field for: “birthday_” (near it: “Birthday”, “Birth Day”), “First name” (First Name is a field of its own), “notes”.',
					),
				);
			},
		);

		test('are not named where the node uses them, they are empty, or Kit or n8n put them there', async () => {
			const item = {
				Mail: 'column@example.com',
				'Given name': 'Ada',
				Segment: 'VIP',
				Fax: '',
				id: 7,
				email_address: 'other@example.com',
				first_name: 'Ada',
				state: 'active',
				tags: [{ id: 1 }],
				subscriber_id: 7,
				row_number: 2,
			};
			const result = await run(
				'subscriber.create',
				{
					...withColumns,
					firstName: "={{ $json['Given name'] }}",
					tags: '={{ $json.Segment }}',
					additionalFields: { createTags: true },
				},
				[item],
			);
			expect(result.error).toBeUndefined();
			expect(hintsOf(result)).toEqual([]);
		});

		test('are named where a table means something else by a word of Kit’s', async () => {
			const item = { Mail: 'column@example.com', state: 'Oregon', tags: 'red, green' };
			const result = await run('subscriber.create', withColumns, [item]);
			expect(hintsOf(result)).toEqual(
				expected(
					'Custom Fields left out what the account has no custom field for: “state” (State is a field of its own), “tags” (Tag Names or IDs is a field of its own).',
				),
			);
		});

		test('are named in a sentence that stays short, those first that may be meant', async () => {
			const many = Object.fromEntries(
				Array.from({ length: 50 }, (_, n) => [`${'x'.repeat(60)}${String(n)}`, 'y']),
			);
			const item = { Mail: 'column@example.com', ...many, compnay: 'Acme' };
			const result = await run('subscriber.create', withColumns, [item]);
			const [hint = '', ...others] = hintsOf(result);
			expect(others).toEqual([]);
			if (way === 'declarative') return;
			expect(hint).toContain(': “compnay” (near it: “Company”), “xxx');
			expect(hint).toMatch(/” and 43 more\.$/);
			expect(hint.length).toBeLessThan(600);
		});
	});

	test('Set Values says which of the values could be set', async () => {
		const { id } = (await sandbox.ask('POST', '/kit/v4/custom_fields', { label: 'Shoe size' }))
			.custom_field as { id: number };
		sandbox.current.fault({
			kind: 'status',
			status: 200,
			path: '/kit/v4/bulk/custom_fields/subscribers',
			body: {
				custom_field_values: [
					{
						subscriber_id: known.subscriber,
						subscriber_custom_field_id: known.fieldId,
						value: 'Lovelace',
					},
				],
				failures: [
					{
						custom_field_value: {
							subscriber_id: known.subscriber,
							subscriber_custom_field_id: id,
							value: 'x',
						},
						errors: ['Value is too long'],
					},
				],
			},
		});
		const { error } = await run('customField.setValues', {
			subscriberId: byId(known.subscriber),
			customFields: mapped({ [known.field]: 'Lovelace', shoe_size: 'x' }),
		});
		expect(error?.message).toContain(
			`Of the custom fields, only “${known.field}” could be set; custom field “shoe_size”: Value is too long`,
		);
	});
});

test('the account’s custom fields are asked for once in a run of many items', async () => {
	const items = Array.from({ length: 20 }, (_, n) => ({
		email: `n${String(n)}@example.com`,
		company: `Company ${String(n)}`,
	}));
	const parameters = { emailAddress: '={{ $json.email }}', customFields: mappedByColumns };
	const { error } = await runKit({
		credential: sandbox.credential,
		parameters: { resource: 'subscriber', operation: 'create', ...parameters },
		items,
	});
	expect(error).toBeUndefined();
	expect(sent().filter((request) => request === 'GET /kit/v4/custom_fields')).toHaveLength(1);
});

describe('n8n’s form', () => {
	const formOf = async (type: string): Promise<INodeProperties[]> => {
		const { description } = await kitNode();
		const parameters = { resource: 'subscriber', operation: 'create' };
		const node = kitInWorkflow(parameters, { type });
		const own = { ...description, name: type };
		return description.properties.filter(
			(property) =>
				property.type === 'resourceMapper' &&
				NodeHelpers.displayParameter(parameters, property, node, own),
		);
	};

	test('has a field for each custom field of the account, by label', async () => {
		const method = (await kitNode()).methods?.resourceMapping?.getCustomFields;
		const context = await loadOptionsContext(sandbox.credential);
		const { fields } = (await method?.call(context)) ?? { fields: [] };
		expect(fields.map(({ id }) => id)).toEqual([
			'birthday',
			'company',
			'favorite_topic',
			'job_title',
			'last_name',
			'lead_score',
			'phone_number',
			'website',
		]);
		expect(fields[0]).toMatchObject({ displayName: 'Birthday', type: 'string', required: false });
	});

	test('maps columns in a workflow, and has only fields to fill in as a tool of an agent', async () => {
		for (const [type, supportAutoMap] of [
			['kit', true],
			['kitTool', false],
		] as const) {
			const forms = await formOf(type);
			expect(forms.map(({ typeOptions }) => typeOptions?.resourceMapper?.supportAutoMap)).toEqual([
				supportAutoMap,
			]);
		}
	});
});

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import type { IDataObject, INodeParameters, INodeProperties } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import { contentOf, keepBinaryData } from '../support/binaryData';
import { kitInWorkflow, kitNode, runKit, WAYS } from '../support/n8n';
import type { KitResult, KitRun } from '../support/n8n';
import { useSandbox } from '../support/sandbox';

const SUBSCRIBERS = 3000;
const sandbox = useSandbox({ subscribers: SUBSCRIBERS });

const EXPORT: INodeParameters = {
	resource: 'subscriber',
	operation: 'export',
	filters: { status: 'all' },
};
const NDJSON: INodeParameters = { ...EXPORT, format: 'ndjson' };

/** What a subscriber may have as a first name, and the cell that a spreadsheet is to show. */
const NAMES: [string, string][] = [
	['say "hi", then; go', 'say "hi", then; go'],
	['two\r\nlines', 'two\r\nlines'],
	['one\nmore', 'one\nmore'],
	['half;way', 'half;way'],
	['tab\there', 'tab\there'],
	['Zoë Müßig, 日本 🎉', 'Zoë Müßig, 日本 🎉'],
	['=HYPERLINK("http://example.com","here")', '\'=HYPERLINK("http://example.com","here")'],
	['@SUM(A1:A9)', "'@SUM(A1:A9)"],
	['-2+3', "'-2+3"],
	['+1-555-0100', "'+1-555-0100"],
	['＝1+1', "'＝1+1"],
	['\t=1+1', "'\t=1+1"],
	['-5', '-5'],
	['-5,25', '-5,25'],
	['+41791234567', '+41791234567'],
	["O'Hara = me", "O'Hara = me"],
];
const cellOf = new Map(NAMES);

/** Labels of custom fields, and the headers that are to stand over their columns. */
const LABELS: [string, string][] = [
	['state', 'state (state) (state)'],
	['state (state)', 'state (state)'],
	['=1+1, "Größe"', '\'=1+1, "Größe"'],
];
const headerOf = new Map(LABELS);

let folder: string;

/** The files that n8n keeps, finished or not. */
function filesOfN8n(): string[] {
	const everything = readdirSync(folder, { recursive: true, withFileTypes: true });
	return everything.filter((one) => one.isFile()).map(({ name }) => name);
}

beforeAll(() => {
	process.env.N8N_USER_FOLDER = mkdtempSync(join(tmpdir(), 'kit-n8n-'));
});
beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), 'kit-export-'));
	await keepBinaryData('filesystem', folder);
});
afterEach(() => {
	rmSync(folder, { recursive: true, force: true });
});
afterAll(() => {
	rmSync(process.env.N8N_USER_FOLDER ?? '', { recursive: true, force: true });
});

/** Every row that Kit has, newest first. */
async function rowsOfKit(query: string): Promise<IDataObject[]> {
	const rows: IDataObject[] = [];
	for (let after = ''; ;) {
		const path = `/kit/v4/subscribers?per_page=1000&${query}&after=${after}`;
		const { subscribers, pagination } = await sandbox.ask('GET', path);
		rows.push(...(subscribers as IDataObject[]));
		const { has_next_page: more, end_cursor: end } = pagination as IDataObject;
		if (more !== true) return rows;
		after = encodeURIComponent(end as string);
	}
}

async function textOf({ items: [item] }: Pick<KitResult, 'items'>): Promise<string> {
	const content = await contentOf(item?.binary?.data);
	return (
		item?.binary?.data?.mimeType === 'application/gzip' ? gunzipSync(content) : content
	).toString();
}

function table(text: string, delimiter = ','): Record<string, string>[] {
	return parse(text, { bom: true, columns: true, delimiter, record_delimiter: '\r\n' });
}

function linesOf(text: string): unknown[] {
	return text
		.split('\n')
		.slice(0, -1)
		.map((line) => JSON.parse(line) as unknown);
}

/** Values as they stand in cells: as they are, but for those in `NAMES`. */
function cells(values: IDataObject): Record<string, string> {
	return Object.fromEntries(
		Object.entries(values).map(([header, value]) => {
			const text = typeof value === 'string' ? value : JSON.stringify(value ?? '');
			return [header, value === null ? '' : (cellOf.get(text) ?? text)];
		}),
	);
}

/** The columns that every file has, in their order. */
function basics({ id, email_address, first_name, state, created_at }: IDataObject): IDataObject {
	return { id, email_address, first_name, state, created_at };
}

/** Adds subscribers and custom fields that a careless file would get wrong. */
async function addDifficultOnes(): Promise<void> {
	for (const [label] of LABELS) await sandbox.ask('POST', '/kit/v4/custom_fields', { label });
	for (const [index, [name]] of NAMES.entries()) {
		await sandbox.ask('POST', '/kit/v4/subscribers', {
			email_address: `special${String(index)}@example.com`,
			first_name: name,
			fields: { state: 'NY', company: name },
		});
	}
}

describe.each(WAYS)('run by %s', (way) => {
	const run = async (parameters: INodeParameters, more: Partial<KitRun> = {}) =>
		await runKit({ way, credential: sandbox.credential, parameters, ...more });

	test('CSV has every subscriber, with every custom field under its label', async () => {
		await addDifficultOnes();
		const rows = await rowsOfKit('status=all');
		const { custom_fields: fields } = await sandbox.ask('GET', '/kit/v4/custom_fields');
		const result = await run(EXPORT);
		expect(result.error).toBeUndefined();

		const text = await textOf(result);
		expect(text.startsWith('\uFEFFid,email_address,first_name,state,created_at,')).toBe(true);
		const expected = rows.map((row) => {
			const custom = (fields as { key: string; label: string }[]).map(
				({ key, label }) =>
					[headerOf.get(label) ?? label, (row.fields as IDataObject)[key]] as const,
			);
			return cells({ ...basics(row), ...Object.fromEntries(custom) });
		});
		expect(expected).toHaveLength(SUBSCRIBERS + NAMES.length);
		expect(table(text)).toEqual(expected);
		expect(text).toContain(',"one\nmore",');

		const bytes = Buffer.byteLength(text);
		expect(result.items).toEqual([
			{
				json: {
					subscribers: SUBSCRIBERS + NAMES.length,
					format: 'csv',
					file_name: expect.stringMatching(/^subscribers-\d{4}-\d\d-\d\d\.csv$/) as string,
					bytes,
				},
				binary: { data: expect.objectContaining({ mimeType: 'text/csv', bytes }) as unknown },
				pairedItem: { item: 0 },
			},
		]);
	});

	test('NDJSON has every subscriber as Kit sent it, one on a line', async () => {
		await addDifficultOnes();
		const result = await run(NDJSON);
		expect(linesOf(await textOf(result))).toEqual(await rowsOfKit('status=all'));
		expect(result.json).toMatchObject([
			{
				subscribers: SUBSCRIBERS + NAMES.length,
				format: 'ndjson',
				file_name: expect.stringMatching(/\.ndjson$/) as string,
			},
		]);
		expect(sandbox.requests().map(({ request }) => request)).toEqual(
			Array(4).fill('GET /kit/v4/subscribers'),
		);
	});

	test('compressed, it is the same file', async () => {
		const plain = await textOf(await run(EXPORT));
		const result = await run({ ...EXPORT, options: { compress: true } });
		const compressed = await contentOf(result.items[0]?.binary?.data);
		expect(gunzipSync(compressed).toString()).toBe(plain);
		expect(result.items[0]).toMatchObject({
			json: {
				format: 'csv',
				file_name: expect.stringMatching(/^subscribers-.*\.csv\.gz$/) as string,
				bytes: compressed.length,
			},
			binary: { data: { mimeType: 'application/gzip' } },
		});
	});

	test('what is included becomes columns', async () => {
		await sandbox.ask('POST', '/kit/v4/custom_fields', { label: 'tags' });
		const result = await run({
			...EXPORT,
			filters: { status: 'cancelled' },
			options: { include: ['tags', 'location', 'canceled_at', 'attribution'] },
		});
		const include = 'tags,location,canceled_at,attribution';
		const rows = await rowsOfKit(`status=cancelled&include=${include}`);
		const prefixed = (name: string, parts: unknown) =>
			Object.fromEntries(
				Object.entries(parts ?? {}).map(([part, value]) => [`${name}_${part}`, value as string]),
			);
		const tagsOf = ({ tags }: IDataObject) => (tags as { name: string }[]).map(({ name }) => name);
		const expected = rows.map((row) =>
			cells({
				...prefixed('attribution', row.attribution),
				canceled_at: row.canceled_at,
				...prefixed('location', row.location),
				tags: tagsOf(row).join('; '),
			}),
		);
		expect(rows.some((row) => tagsOf(row).length > 1)).toBe(true);
		const found = table(await textOf(result));
		expect(found).toHaveLength(rows.length);
		expect(found).toEqual(
			expected.map((one) => expect.objectContaining({ ...one, 'tags (tags)': '' }) as unknown),
		);
		expect(Object.keys(found[0] ?? {}).slice(-18)).toEqual(Object.keys(expected[0] ?? {}));
	});

	test('without custom fields it has no columns for them and does not ask for them', async () => {
		const result = await run({ ...EXPORT, options: { slim: true } });
		const rows = await rowsOfKit('status=all&slim=true');
		expect(table(await textOf(result))).toEqual(rows.map((row) => cells(basics(row))));
		const requests = sandbox.requests().map(({ request }) => request);
		expect([...new Set(requests)]).toEqual(['GET /kit/v4/subscribers']);
	});

	test.each([';', '\t'])('%j stands between cells instead of a comma', async (delimiter) => {
		await addDifficultOnes();
		const sort = { sortOrder: 'asc' };
		const options = { slim: true };
		const commas = table(await textOf(await run({ ...EXPORT, sort, options })));
		const other = await textOf(await run({ ...EXPORT, sort, options: { ...options, delimiter } }));
		expect(table(other, delimiter)).toEqual(commas);
		expect(commas.at(-1)?.email_address).toBe(`special${String(NAMES.length - 1)}@example.com`);
	});

	test('filters and order are Kit’s', async () => {
		const filters = { status: 'bounced', createdAfter: '2024-01-01' };
		const sort = { sortField: 'updated_at', sortOrder: 'asc' };
		const result = await run({ ...NDJSON, filters, sort });
		const query = 'status=bounced&created_after=2024-01-01&sort_field=updated_at&sort_order=asc';
		const rows = await rowsOfKit(query);
		expect(rows.length).toBeGreaterThan(0);
		expect(linesOf(await textOf(result))).toEqual(rows);
	});

	test('where there is no one, a table has its headers and the other file is empty', async () => {
		const filters = { emailAddress: 'nobody@example.com' };
		const options = { slim: true };
		const csv = await run({ ...EXPORT, filters, options });
		expect(await textOf(csv)).toBe('\uFEFFid,email_address,first_name,state,created_at\r\n');
		expect(csv.json).toMatchObject([{ subscribers: 0 }]);
		const ndjson = await run({ ...NDJSON, filters });
		expect(await textOf(ndjson)).toBe('');
		expect(ndjson.json).toMatchObject([{ subscribers: 0, bytes: 0 }]);
	});

	test.each([
		['list', {}, 'list.csv'],
		['list.CSV', {}, 'list.CSV'],
		['list.txt', {}, 'list.txt'],
		['list of 2026.11', {}, 'list of 2026.11.csv'],
		['list', { compress: true }, 'list.csv.gz'],
		['list.csv', { compress: true }, 'list.csv.gz'],
		['list.csv.gz', { compress: true }, 'list.csv.gz'],
		[' ', {}, expect.stringMatching(/^subscribers-[\d-]{10}\.csv$/)],
	])('the file named %j (%j) is %j', async (fileName, more, expected) => {
		const options = { fileName, ...more };
		const filters = { emailAddress: 'nobody@example.com' };
		const { items } = await run({ ...EXPORT, filters, options });
		expect(items[0]?.json.file_name).toEqual(expected);
		expect(items[0]?.binary?.data?.fileName).toEqual(expected);
	});

	test('each item gets its own file, in the field that is asked for', async () => {
		const { items } = await run(
			{
				...NDJSON,
				filters: { status: '={{ $json.status }}' },
				binaryPropertyName: '={{ $json.status }}',
			},
			{ items: [{ status: 'bounced' }, { status: 'inactive' }] },
		);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		for (const [index, status] of ['bounced', 'inactive'].entries()) {
			expect(Object.keys(items[index]?.binary ?? {})).toEqual([status]);
			const text = (await contentOf(items[index]?.binary?.[status])).toString();
			expect(linesOf(text)).toEqual(await rowsOfKit(`status=${status}`));
		}
	});

	test('n8n may keep it in memory as well', async () => {
		await keepBinaryData('default', folder);
		const options = { slim: true, compress: true };
		const result = await run({ ...EXPORT, options });
		expect(table(await textOf(result))).toHaveLength(SUBSCRIBERS);
		expect(filesOfN8n()).toEqual([]);
	});

	describe.each([
		['plain', {}],
		['compressed', { compress: true }],
	])('%s, a file that cannot be finished', (_, options) => {
		const parameters: INodeParameters = { ...NDJSON, options };
		const path = '/kit/v4/subscribers';

		test('is none: a broken page is an error, and nothing stays behind', async () => {
			sandbox.current.fault({ kind: 'page', tamper: 'noRows', path, skip: 1, times: 99 });
			const { error, items } = await run(parameters);
			expect(error?.message).toContain('has no “subscribers”');
			expect(items).toEqual([]);
			expect(filesOfN8n()).toEqual([]);
		});

		test('is told in Kit’s sentence', async () => {
			const body = { errors: ['The access token was revoked'] };
			sandbox.current.fault({ kind: 'status', status: 401, body, path, skip: 2, times: 99 });
			const { error } = await run(parameters);
			expect(error?.message).toContain('The access token was revoked');
			expect(error?.httpCode).toBe('401');
			expect(error?.context?.itemIndex).toBe(0);
			expect(filesOfN8n()).toEqual([]);
		});

		test('is the error of its item alone where the others are to go on', async () => {
			const body = { errors: ['No more'] };
			sandbox.current.fault({ kind: 'status', status: 422, body, path });
			const { items, errors } = await run(parameters, {
				items: [{}, {}],
				onError: 'continueErrorOutput',
			});
			expect(errors).toHaveLength(1);
			expect(JSON.stringify(errors[0])).toContain('No more');
			expect(items).toHaveLength(1);
			expect(linesOf(await textOf({ items }))).toHaveLength(SUBSCRIBERS);
		});

		test('is given up when the execution is cancelled', async () => {
			const headers = { 'Retry-After': '2' };
			sandbox.current.fault({ kind: 'status', status: 429, headers, path, skip: 1, times: 99 });
			const { run: execution, items } = await run(parameters, {
				whileRunning: (cancel) => {
					const timer = setInterval(() => {
						if (!sandbox.requests().some(({ status }) => status === 429)) return;
						clearInterval(timer);
						cancel();
					}, 20);
				},
			});
			expect(execution.status).toBe('canceled');
			expect(items).toEqual([]);
			// On a busy machine the sandbox seems far away, and its last page is asked for as well.
			expect(sandbox.requests().length).toBeLessThanOrEqual(3);
			while (filesOfN8n().length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
		});
	});
});

test('what concerns the file is offered for an export, and of it only what its format needs', async () => {
	const { description } = await kitNode();
	const offered = (parameters: INodeParameters) => {
		const node = kitInWorkflow({ resource: 'subscriber', ...parameters });
		const show = (property: INodeProperties, path: string) =>
			NodeHelpers.displayParameterPath(
				{ parameters: node.parameters },
				property,
				path,
				node,
				description,
			);
		const shown = description.properties.filter((property) => show(property, 'parameters'));
		const options = shown.find(({ name }) => name === 'options')?.options as INodeProperties[];
		const inside = options.filter((option) => show(option, 'parameters.options'));
		return [...shown, ...inside].map(({ name }) => name);
	};
	const ofFiles = ['format', 'binaryPropertyName', 'compress', 'delimiter', 'fileName'];
	const csv = offered({ operation: 'export', format: 'csv' });
	expect(csv).toEqual(expect.arrayContaining([...ofFiles, 'filters', 'include', 'slim']));
	expect(csv).not.toContain('returnAll');
	expect(offered({ operation: 'export', format: 'ndjson' })).toEqual(
		csv.filter((name) => name !== 'delimiter'),
	);
	const list = offered({ operation: 'getAll' });
	expect(list.filter((name) => ofFiles.includes(name))).toEqual([]);
});

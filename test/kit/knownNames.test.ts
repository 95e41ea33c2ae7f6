import type { IDataObject } from 'n8n-workflow';
import { KnownOperations } from '../../sandbox/facts';
import type { Shape, ShapeOfObject } from '../../sandbox/facts/notation';
import { isObjectShape, keyOf } from '../../sandbox/facts/notation';
import { runKit } from '../support/n8n';
import { SMOOTH, useSandbox } from '../support/sandbox';

const sandbox = useSandbox({}, SMOOTH);

const known = new KnownOperations();

const bodyOf = (operation: string) => known.of(operation, {}).body as ShapeOfObject;

/** What a field takes as JSON, by the name of the field, and where its request has it. */
const AS_JSON = {
	conditionsJson: {
		choice: { resource: 'subscriber', operation: 'filter', specifyConditions: 'json' },
		shape: bodyOf('POST /v4/subscribers/filter').all ?? 'any',
		sent: ({ all }: IDataObject) => all,
		misspelt: [{ type: 'tags', nonsense: 1 }],
		taken: (shape: Shape) => (shape as Shape[])[0],
	},
	purchaseJson: {
		choice: { resource: 'purchase', operation: 'create', specifyPurchase: 'json' },
		shape: bodyOf('POST /v4/purchases').purchase ?? 'any',
		sent: ({ purchase }: IDataObject) => purchase,
		misspelt: { email_address: 'buyer@example.com', nonsense: 1 },
		taken: (shape: Shape) => shape,
	},
};

/** Something that has everything that a shape allows, of each kind; `name` is what the shape is of. */
function sampleOf(shape: Shape, name = ''): unknown {
	if (typeof shape === 'string') {
		const [, choice] = /\((\w+)/.exec(shape) ?? [];
		if (choice !== undefined) return choice;
		if (/^(integer|number)/.test(shape)) return 1;
		if (shape.startsWith('string<email>')) return 'buyer@example.com';
		if (shape.startsWith('string<date-time>')) return '2026-01-31T10:00:00.000Z';
		if (name === 'currency') return 'USD';
		return shape.startsWith('string<date>') ? '2026-01-31' : 'x';
	}
	if (!isObjectShape(shape)) {
		const [one = 'any'] = shape as Shape[];
		const kinds = isObjectShape(one) ? (one['|'] as Shape[] | undefined) : undefined;
		return (kinds ?? [one]).map((kind) => sampleOf(kind));
	}
	const entries = Object.entries(shape).map(([key, inner]) => [keyOf(key).name, inner] as const);
	return Object.fromEntries(entries.map(([key, inner]) => [key, sampleOf(inner, key)]));
}

describe.each(Object.entries(AS_JSON))('%s', (field, { choice, shape, sent, misspelt, taken }) => {
	const run = async (json: unknown) =>
		await runKit({
			credential: sandbox.credential,
			parameters: { ...choice, [field]: JSON.stringify(json) },
		});

	test('takes everything that is known of Kit', async () => {
		const sample = sampleOf(shape);
		await run(sample);
		const [{ body } = { body: {} }] = sandbox.requests();
		expect(sent(body as IDataObject)).toEqual(sample);
	});

	test('names exactly that where it refuses something else', async () => {
		const { error } = await run(misspelt);
		const names = Object.keys(taken(shape) as ShapeOfObject).map((key) => keyOf(key).name);
		expect(error?.message).toMatch(
			new RegExp(`“nonsense”.*Known there: ${names.sort().join(', ')}$`),
		);
		expect(sandbox.requests()).toEqual([]);
	});
});

test('what Kit answered to Purchase → Get is taken again but for its IDs', async () => {
	const { purchases } = await sandbox.ask('GET', '/kit/v4/purchases?per_page=1');
	const [known] = purchases as IDataObject[];
	const purchase = { ...known, transaction_id: 'another', shipping: 0 };
	const { error } = await runKit({
		credential: sandbox.credential,
		parameters: {
			...AS_JSON.purchaseJson.choice,
			purchaseJson: JSON.stringify(purchase),
		},
	});
	expect(error).toBeUndefined();
});

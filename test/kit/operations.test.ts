import { operationsOf } from '../support/description';
import { runKit, WAYS } from '../support/n8n';
import { useSandbox } from '../support/sandbox';
import { CASES } from './cases';
import type { Known } from './cases/case';
import { findKnown, prepare } from './cases/prepare';

/** What the cases expect are figures of the data up to this day. */
const sandbox = useSandbox({ now: '2026-11-30T12:00:00Z' });

let known: Known;

beforeEach(async () => {
	known = await findKnown(sandbox.ask);
});

describe.each(WAYS)('run by %s', (way) => {
	test.each(Object.entries(CASES))('%s', async (_, makeCase) => {
		const { operation, parameters, expected, output, before } = makeCase(known);
		const prepared = await prepare(before, sandbox.current);
		const [resource = '', value = ''] = operation.split('.');
		const { json, items, error } = await runKit({
			way,
			credential: sandbox.credential,
			parameters: { resource, operation: value, ...parameters },
			items: [{ prepared }],
		});
		expect(error).toBeUndefined();
		const sent = sandbox.requests().map(({ request, query, body }) => ({ request, query, body }));
		expect(sent).toEqual(
			expected.map(({ request, query = {}, body }) => ({
				request: expect.stringMatching(new RegExp(`^${request}$`)) as string,
				query,
				body,
			})),
		);
		expect(json).toEqual(output.map((one) => expect.objectContaining(one) as unknown));
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(json.map(() => ({ item: 0 })));
	});
});

test('every documented operation is exercised', () => {
	const { contract } = sandbox;
	expect(contract.operations().filter((name) => !contract.exercised.has(name))).toEqual([]);
});

test('every request of a case is one that Kit or Maton documents', () => {
	const undocumented = Object.values(CASES)
		.flatMap((make) => make(known).expected)
		.map(({ request }) => request.replaceAll(String.raw`\d+`, '5').split(' '))
		.filter(([method = '', path = '']) => !sandbox.contract.find(method, path));
	expect(undocumented).toEqual([]);
});

test('every operation of the node has a case here', async () => {
	const covered = new Set(Object.values(CASES).map((make) => make(known).operation));
	expect((await operationsOf()).filter((operation) => !covered.has(operation))).toEqual([]);
});

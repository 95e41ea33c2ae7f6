import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentOf, keepBinaryData } from '../support/binaryData';
import { runKit } from '../support/n8n';
import { useSandbox } from '../support/sandbox';

const SUBSCRIBERS = 20_000;
const sandbox = useSandbox({ subscribers: SUBSCRIBERS });
const filters = { status: 'all' };

const folder = mkdtempSync(join(tmpdir(), 'kit-far-'));
beforeAll(async () => {
	await keepBinaryData('filesystem', folder);
});
afterAll(() => {
	rmSync(folder, { recursive: true });
});
beforeEach(() => {
	sandbox.current.settings.latencyMs = 300;
});

/** The ids that a list gives: Return All, or the lines of a file. */
const WAYS = {
	async 'Return All'(): Promise<unknown[]> {
		const parameters = { resource: 'subscriber', operation: 'getAll', returnAll: true, filters };
		const { json, error } = await runKit({ credential: sandbox.credential, parameters });
		expect(error).toBeUndefined();
		return json.map(({ id }) => id);
	},
	async Export(): Promise<unknown[]> {
		const parameters = { resource: 'subscriber', operation: 'export', format: 'ndjson', filters };
		const { items, json, error } = await runKit({ credential: sandbox.credential, parameters });
		expect(error).toBeUndefined();
		expect(json).toMatchObject([{ subscribers: SUBSCRIBERS }]);
		const file = items[0]?.binary?.data;
		const lines = (await contentOf(file)).toString().trimEnd().split('\n');
		return lines.map((line) => (JSON.parse(line) as { id: number }).id);
	},
};

const NAMES = Object.keys(WAYS) as (keyof typeof WAYS)[];

/** Whether a part of the list was asked for by its days. */
const hasRanges = () =>
	sandbox.requests().some(({ query }) => 'created_after' in (query as Record<string, unknown>));

/** Everybody, in the order of one walk: the sandbox numbers people as they come. */
function expectEverybody(ids: unknown[]): void {
	expect(ids).toHaveLength(SUBSCRIBERS);
	expect(ids).toEqual([...new Set(ids as number[])].sort((one, other) => other - one));
}

test.each(NAMES)('%s of a long list that is far away reads ranges of days', async (way) => {
	expectEverybody(await WAYS[way]());
	expect(hasRanges()).toBe(true);
});

test.each(
	NAMES.flatMap((way) =>
		['created_after', 'created_before'].map((parameter) => [way, parameter] as const),
	),
)('%s is whole, once and in order, where the server ignores %s', async (way, parameter) => {
	sandbox.current.fault({ kind: 'ignore', parameter, times: 9999 });
	expectEverybody(await WAYS[way]());
	expect(hasRanges()).toBe(true);
});

test.each(NAMES)('%s goes on where a page of a range is lost once', async (way) => {
	sandbox.current.fault({ kind: 'status', status: 503, path: '/kit/v4/subscribers', skip: 6 });
	expectEverybody(await WAYS[way]());
});

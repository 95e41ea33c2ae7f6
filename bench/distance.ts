import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepBinaryData } from '../test/support/binaryData';
import { kitNode, runKit } from '../test/support/n8n';
import type { EachRequest } from './httpRequest';
import { listByHttpRequest, scaled, sendByHttpRequest } from './httpRequest';
import type { Credential, SandboxProcess } from './sandbox';
import { sandboxProcess } from './sandbox';
import { spreadOf, timed } from './spread';

const LATENCIES = [0, 250, 1000];
const SUBSCRIBERS = 100_000;
const ENTRIES = 10_000;
const SINGLES = 200;
const PER_SECOND = 10;
/** HTTP Request takes 1,000 seconds for 10,000 items, so so many are timed and scaled. */
const SAMPLE = 200;

/** What is measured at every distance. */
interface Path {
	parameters: INodeParameters;
	items: IDataObject[];
	/** As many requests as are needed at least, by how long a response takes … */
	requests: number | ((latencyMs: number) => number);
	/** … of which so many can only be sent after the response to another */
	roundTrips: number;
	/** What a person without this package would send for each item */
	each?: EachRequest[];
}

interface Known {
	people: { id: number; email_address: string }[];
	tag: number;
	field: string;
}

const locator = (mode: string, value: unknown) => ({ __rl: true, mode, value: String(value) });

/**
 * One walk has a page under way at a time. For as many as the limit allows, a far list has to be read in
 * parts, each from both ends; they are cut by days, and therefore not where a page ends, so that the pages on
 * which two ends meet have half a page twice.
 */
function pagesOf(rows: number) {
	return (latencyMs: number) => {
		const parts = Math.ceil((latencyMs * PER_SECOND) / 1000 / 2);
		return rows / 1000 + (parts > 1 ? Math.ceil(parts / 2) : 0);
	};
}

/**
 * The earliest end: the first requests wait for the responses to each other, and of all of them no more than
 * the limit start in any second.
 */
function leastMs({ requests, roundTrips }: Path, latencyMs: number): number {
	const count = typeof requests === 'number' ? requests : requests(latencyMs);
	const starts: number[] = [];
	for (let number = 0; number < count; number++) {
		const afterOthers = Math.min(number, roundTrips - 1) * latencyMs;
		const tenBefore = starts[number - PER_SECOND] ?? -Infinity;
		starts.push(Math.max(afterOthers, tenBefore + 1000));
	}
	return (starts.at(-1) ?? 0) + latencyMs;
}

function paths({ people, tag, field }: Known): Record<string, Path> {
	const addTags = (mode: string, name: string) => ({
		resource: 'tag',
		operation: 'addToSubscribers',
		tagId: locator('id', tag),
		subscriberId: locator(mode, `={{ $json.${name} }}`),
	});
	const some = people.slice(0, ENTRIES);
	const tagged = `/kit/v4/tags/${String(tag)}/subscribers`;
	const list = { resource: 'subscriber', filters: { status: 'all' } };
	return {
		returnAll: {
			parameters: { ...list, operation: 'getAll', returnAll: true },
			items: [{}],
			requests: pagesOf(SUBSCRIBERS),
			roundTrips: 2,
		},
		export: {
			parameters: { ...list, operation: 'export' },
			items: [{}],
			requests: (latencyMs) => pagesOf(SUBSCRIBERS)(latencyMs) + 1,
			roundTrips: 3,
		},
		tagById: {
			parameters: addTags('id', 'id'),
			items: some,
			requests: ENTRIES / 100,
			roundTrips: 1,
			each: [{ path: `${tagged}/{{ $json.id }}` }],
		},
		tagByEmail: {
			parameters: addTags('email', 'email_address'),
			items: some,
			requests: (2 * ENTRIES) / 100,
			// Each chunk waits for its own lookup, and none for that of another.
			roundTrips: 1,
			each: [{ path: tagged, body: '{ "email_address": "{{ $json.email_address }}" }' }],
		},
		import: {
			parameters: {
				resource: 'subscriber',
				operation: 'createMany',
				emailAddress: '={{ $json.email }}',
				customFields: { mappingMode: 'defineBelow', value: { [field]: 'Lovelace' } },
				tags: [String(tag)],
			},
			items: Array.from({ length: ENTRIES }, (_, n) => ({ email: `new${String(n)}@example.com` })),
			requests: (3 * ENTRIES) / 100 + 2,
			roundTrips: 4,
			each: [
				{
					path: '/kit/v4/subscribers',
					body: `{ "email_address": "{{ $json.email }}", "fields": { "${field}": "Lovelace" } }`,
				},
				{ path: `${tagged}/{{ $json.subscriber.id }}` },
			],
		},
		singleGets: {
			parameters: {
				resource: 'subscriber',
				operation: 'get',
				subscriberId: locator('id', '={{ $json.id }}'),
			},
			items: people.slice(0, SINGLES),
			requests: SINGLES,
			roundTrips: 1,
		},
		singleTags: {
			parameters: { ...addTags('id', 'id'), operation: 'addToSubscriber' },
			items: people.slice(0, SINGLES),
			requests: SINGLES,
			roundTrips: 1,
		},
	};
}

async function knownOf(sandbox: SandboxProcess): Promise<Known> {
	const query = 'status=all&per_page=1000';
	const people: Known['people'] = [];
	for (let after = ''; people.length < ENTRIES;) {
		const path = `/kit/v4/subscribers?${query}&after=${encodeURIComponent(after)}`;
		const page = await sandbox.ask('GET', path);
		people.push(...(page.subscribers as Known['people']));
		after = (page.pagination as { end_cursor: string }).end_cursor;
	}
	const { tag } = await sandbox.ask('POST', '/kit/v4/tags', { name: 'Bench' });
	const { custom_fields: fields } = await sandbox.ask('GET', '/kit/v4/custom_fields');
	return {
		people,
		tag: (tag as { id: number }).id,
		field: (fields as { key: string }[])[0]?.key ?? '',
	};
}

/** The time that the limit and the responses need, as a share of what it took; and the share of 429s. */
async function measurePath(
	sandbox: SandboxProcess,
	credential: Credential,
	path: Path,
	latencyMs: number,
) {
	const { parameters, items } = path;
	const settings = { enforceRateLimit: true, latencyMs };
	await sandbox.ask('PUT', '/_sandbox/settings', settings);
	await sandbox.ask('DELETE', '/_sandbox/requests');
	const ms = await timed(async () => {
		const { error } = await runKit({ credential, parameters, items });
		if (error) throw error;
	});
	const log = (await sandbox.ask('GET', '/_sandbox/requests')).requests as { status: number }[];
	const refused = log.filter(({ status }) => status === 429).length;
	return {
		ofLimit: leastMs(path, latencyMs) / ms,
		refused: refused / log.length,
		ms,
		requests: log.length,
	};
}

/** How long HTTP Request takes, where nothing is refused. */
async function httpRequestMs(
	modules: string,
	sandbox: SandboxProcess,
	{ each = [], items }: Path,
	latencyMs: number,
): Promise<number> {
	const { credential } = sandbox;
	await sandbox.ask('PUT', '/_sandbox/settings', { enforceRateLimit: false });
	if (each.length === 0) return await timed(await listByHttpRequest(modules, credential));
	const send = await sendByHttpRequest(modules, credential, each, items.slice(0, SAMPLE));
	const ms = await timed(async () => {
		const count = await send();
		if (count !== SAMPLE) throw new Error(`${String(count)} of ${String(SAMPLE)} items came`);
	});
	return scaled(ms, SAMPLE, items.length, each.length * latencyMs);
}

/**
 * What takes many requests, against a sandbox that keeps to Maton's 10 requests a second and answers after
 * some time. Beside each value, the load of the machine is said, which makes all of them worse.
 * @param modules the `node_modules` folder of n8n, whose HTTP Request node some are compared with
 * @param only the paths to be measured, at all distances or at one, such as `returnAll`, `export1000`, and
 * `importVsHttpRequest250`; all of them if there are none
 * @returns for each path and distance, the least time that the limit and the responses allow as a share
 * of the time that it took; and that time as a share of HTTP Request's
 */
export async function measureDistance(modules: string, only: readonly string[] = []) {
	await kitNode();
	const folder = mkdtempSync(join(tmpdir(), 'kit-distance-'));
	await keepBinaryData('filesystem', folder);
	const sandbox = await sandboxProcess({ subscribers: SUBSCRIBERS, enforceRateLimit: true });
	const values: Record<string, number> = {};
	const refused: number[] = [];
	const wants = (name: string, latencyMs: number) =>
		only.length === 0 || only.includes(name) || only.includes(`${name}${String(latencyMs)}`);
	try {
		const { credential } = sandbox;
		for (const latencyMs of LATENCIES) {
			await sandbox.ask('POST', '/_sandbox/reset');
			await sandbox.ask('PUT', '/_sandbox/settings', { enforceRateLimit: false, latencyMs: 0 });
			for (const [name, path] of Object.entries(paths(await knownOf(sandbox)))) {
				const compared = `${name}VsHttpRequest`;
				const isCompared = latencyMs > 0 && (name === 'returnAll' || path.each !== undefined);
				const wantsOther = isCompared && wants(compared, latencyMs);
				if (!wants(name, latencyMs) && !wantsOther) continue;
				// The sandbox remembers a second of what it was asked before.
				await new Promise((resolve) => setTimeout(resolve, 1100));
				const measured = await measurePath(sandbox, credential, path, latencyMs);
				console.error(`${name} at ${String(latencyMs)} ms`, { ...measured, load: loadavg()[0] });
				values[`${name}${String(latencyMs)}`] = measured.ofLimit;
				refused.push(measured.refused);
				if (wantsOther) {
					const other = await httpRequestMs(modules, sandbox, path, latencyMs);
					console.error(`${name} with HTTP Request`, { ms: other });
					values[`${compared}${String(latencyMs)}`] = measured.ms / other;
				}
			}
		}
		values.refused = Math.max(...refused);
		return Object.fromEntries(
			Object.entries(values).map(([name, value]) => [name, spreadOf([value])]),
		);
	} finally {
		sandbox.stop();
		rmSync(folder, { recursive: true });
	}
}
